/** What Kustomize knows of a type for merging. Of a list, `fields` are those of its items. */
export interface MergeSchema {
  /** Merge keys of a list of maps; empty for a list of scalars that is merged as a set; absent: replaced. */
  readonly keys?: readonly string[];
  readonly fields?: Readonly<Record<string, MergeSchema>>;
  /** The type of all fields that `fields` does not name, in maps of one type. */
  readonly others?: () => MergeSchema | undefined;
}

/** What is known of a kind for merging; undefined where the API description of the build does not have it. */
export type MergeSchemas = (apiVersion: string, kind: string) => MergeSchema | undefined;

/** Definitions by name: field → the definition it leads to, and the merge keys of a list. */
export type MergeDefinitions = Readonly<
  Record<string, Readonly<Record<string, { readonly to?: string; readonly keys?: readonly string[] }>>>
>;

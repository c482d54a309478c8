/** What Kustomize knows of a type for merging. Of a list, `fields` are those of its items. */
export interface MergeSchema {
  /** Merge keys of a list of maps; empty for a list of scalars that is merged as a set; absent: replaced. */
  readonly keys?: readonly string[];
  readonly fields?: Readonly<Record<string, MergeSchema>>;
}

/** Definitions by name: field → the definition it leads to, and the merge keys of a list. */
export type MergeDefinitions = Readonly<
  Record<string, Readonly<Record<string, { readonly to?: string; readonly keys?: readonly string[] }>>>
>;

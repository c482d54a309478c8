import type { MergeSchema } from './merge-schema-types.js';
import { mergeDefinitions, mergeRoots } from './tables/merge-schemas.generated.js';

const schemas = new Map<string, MergeSchema>();

/** What is known of a kind for merging; undefined where Kustomize's API description does not have it. */
export function mergeSchemaOf(apiVersion: string, kind: string): MergeSchema | undefined {
  const key = `${apiVersion}/${kind}`;
  return Object.hasOwn(mergeRoots, key) ? schemaOf(mergeRoots[key] as string) : undefined;
}

function schemaOf(name: string): MergeSchema {
  const known = schemas.get(name);
  if (known !== undefined) return known;
  const fields = Object.create(null) as Record<string, MergeSchema>;
  // Set before its fields are worked out, because definitions may lead back to themselves.
  const schema: MergeSchema = { fields };
  schemas.set(name, schema);
  for (const [field, { to, keys }] of Object.entries(mergeDefinitions[name] ?? {})) {
    const below = to === undefined ? {} : schemaOf(to);
    fields[field] =
      keys === undefined ? below : { keys, ...(below.fields === undefined ? {} : { fields: below.fields }) };
  }
  return schema;
}

import type { MergeSchema } from './merge-schema-types.js';
import { mergeSchemas } from './tables/merge-schemas.generated.js';

export type { MergeSchema };

export function mergeSchemaOf(apiVersion: string, kind: string): MergeSchema | undefined {
  return Object.hasOwn(mergeSchemas, `${apiVersion}/${kind}`) ? mergeSchemas[`${apiVersion}/${kind}`] : undefined;
}

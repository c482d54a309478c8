import type { Json, JsonObject } from '../diagnostics/diagnostic.js';

/** Readers that take what is there and are silent about what is not: shapes are the schema room's business. */

const nothing: JsonObject = {};

export function objectAt(value: Json | undefined, ...keys: readonly string[]): JsonObject {
  const found = at(value, ...keys);
  return isObject(found) ? found : nothing;
}

export function listAt(value: Json | undefined, ...keys: readonly string[]): readonly Json[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

export function objectsAt(value: Json | undefined, ...keys: readonly string[]): readonly JsonObject[] {
  return listAt(value, ...keys).filter(isObject);
}

export function stringAt(value: Json | undefined, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

/** A whole number, written as such or as a string of digits. */
export function integerAt(value: Json | undefined, ...keys: readonly string[]): number | undefined {
  const found = at(value, ...keys);
  if (typeof found === 'number' && Number.isSafeInteger(found)) return found;
  return typeof found === 'string' && /^-?\d{1,15}$/.test(found) ? Number(found) : undefined;
}

export function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of keys) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A map of strings: labels, nodeSelector. Scalars of other kinds are written out, as YAML readers do. */
export function stringsAt(value: Json | undefined, ...keys: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(value, ...keys)).filter(
    ([, each]) => each !== null && typeof each !== 'object',
  );
  return Object.fromEntries(entries.map(([key, each]) => [key, String(each)]));
}

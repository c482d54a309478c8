import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { redactSecrets } from '../diagnostics/secrets.js';

/** What stands in place of a value that is not shown. */
export const HIDDEN = '(hidden)';

/** Names under which people keep what nobody else should read. */
const SECRET_NAME = /token|secret|passw(?:or)?d|passphrase|api[-_]?key|private[-_]?key|credential/iu;

/**
 * A copy of an object that may be shown: the values of a Secret, of variables and entries with a secret's name, and of the
 * annotation in which kubectl keeps a copy of everything are hidden; tokens and keys inside other texts are cut out.
 * Names, references (`secretKeyRef`) and structure stay.
 */
export function conceal(object: JsonObject): JsonObject {
  const secret = object['kind'] === 'Secret' && (object['apiVersion'] === 'v1' || object['apiVersion'] === undefined);
  return concealMap(object, (name) => secret && (name === 'data' || name === 'stringData'));
}

function concealMap(map: JsonObject, hideBelow: (name: string) => boolean = () => false): JsonObject {
  const variable = typeof map['name'] === 'string' && SECRET_NAME.test(map['name']);
  const entries = Object.entries(map).map(([name, value]): [string, Json] => {
    if (hideBelow(name)) return [name, hideAll(value)];
    if (name === 'kubectl.kubernetes.io/last-applied-configuration') return [name, HIDDEN];
    if (name === 'value' && variable && isScalar(value)) return [name, HIDDEN];
    if ((name === 'data' || name === 'annotations') && isMap(value)) return [name, concealNamed(value)];
    return [name, concealValue(value)];
  });
  return Object.fromEntries(entries);
}

/** Entries of a ConfigMap, annotations: text under names that people chose. */
function concealNamed(map: JsonObject): JsonObject {
  const entries = Object.entries(concealMap(map)).map(([name, value]): [string, Json] => [
    name,
    SECRET_NAME.test(name) && typeof value === 'string' ? HIDDEN : value,
  ]);
  return Object.fromEntries(entries);
}

function concealValue(value: Json): Json {
  if (typeof value === 'string') return redactSecrets(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(concealValue);
  return isMap(value) ? concealMap(value) : value;
}

function hideAll(value: Json): Json {
  if (!isMap(value)) return HIDDEN;
  return Object.fromEntries(Object.keys(value).map((name) => [name, HIDDEN]));
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

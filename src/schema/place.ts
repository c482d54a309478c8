import type { Resource } from '../build/resource.js';
import type { Json, JsonObject, ObjectReference, Place } from '../diagnostics/diagnostic.js';
import { toPointer } from '../yaml/pointer.js';
import type { Path } from './explain.js';
import { plainText } from './text.js';

/** The place of a path in a resource: the line that somebody wrote. */
export function placeOf(resource: Resource, path: Path, part?: 'key' | 'value'): Place {
  const { file, document, pointer, offset, length } = resource.sourceOf(toPointer(path));
  return {
    file,
    ...(document !== undefined && { document }),
    ...(pointer !== undefined && { pointer }),
    ...(offset !== undefined && { offset }),
    ...(length !== undefined && { length }),
    ...(part === 'key' && { part }),
  };
}

/** What a problem says of the object it is about. */
export function referenceOf(value: JsonObject): ObjectReference {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const { name, generateName, namespace } = metadata;
  const shown = typeof name === 'string' ? name : typeof generateName === 'string' ? `${generateName}*` : '';
  return {
    apiVersion: plainText(value['apiVersion'] ?? ''),
    kind: plainText(value['kind'] ?? ''),
    name: shown,
    ...(typeof namespace === 'string' && { namespace }),
  };
}

/** A path as people write it: `spec.template.spec.containers[0].image`. */
export function showPath(path: Path): string {
  let out = '';
  for (const part of path) {
    if (typeof part === 'number') out += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) out += out === '' ? part : `.${part}`;
    else out += `["${part}"]`;
  }
  return out === '' ? 'the object' : out;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

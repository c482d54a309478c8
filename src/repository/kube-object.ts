import type { Resource } from '../build/resource.js';
import { stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { toPointer } from '../yaml/range.js';
import type { KubeObject } from './model.js';

/** A resource with its identity read once. Objects without name (generateName) have the name ''. */
export function kubeObject(resource: Resource): KubeObject {
  const apiVersion = stringAt(resource.value, 'apiVersion') ?? '';
  return {
    resource,
    value: resource.value,
    apiVersion,
    group: groupOf(apiVersion),
    kind: stringAt(resource.value, 'kind') ?? '',
    name: stringAt(resource.value, 'metadata', 'name') ?? '',
    namespace: stringAt(resource.value, 'metadata', 'namespace') || undefined,
    sourceOf: (pointer) => resource.sourceOf(pointer),
  };
}

/** The API group of an apiVersion; '' is the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The objects of a document: itself, or the items of a `List`. Undefined where it is no Kubernetes object. */
export function resourcesOf(file: string, document: number, value: Json): Resource[] | undefined {
  if (!isManifest(value)) return undefined;
  const items = value['items'];
  if (String(value['kind']).endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item: Json, index) =>
      isManifest(item) ? [plainResource(file, document, item, toPointer(['items', index]))] : [],
    );
  }
  return [plainResource(file, document, value, '')];
}

export function isManifest(value: Json | undefined): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const object = value as JsonObject;
  return typeof object['apiVersion'] === 'string' && typeof object['kind'] === 'string';
}

/** A resource that nobody changed after it was written. */
function plainResource(file: string, document: number, value: JsonObject, base: string): Resource {
  const place = (pointer: string) => ({ file, document, pointer: `${base}${pointer}`, via: 'resource' });
  return { value, origin: place(''), changedBy: [], sourceOf: place };
}

import { listAt, objectAt, objectsAt } from '../capacity/read.js';
import type { Tree } from '../files/file-map.js';
import type { KubeObject, Unchecked, Unit } from './model.js';

/**
 * Leaves the parts of workloads out of a folder that nobody deploys, and says so: a workload without a selector whose containers have
 * no image, or which has none, is refused by every API server and taken by every patch. A file that is asked for by name stays.
 */
export function withoutParts(unit: Unit, tree: Tree, unchecked: Unchecked[]): Unit {
  const parts = unit.objects.filter((each) => isPart(each) && tree.named?.has(each.resource.origin.file) !== true);
  if (parts.length === 0) return unit;
  const reason = 'it is a patch, and no kustomization names it';
  for (const file of new Set(parts.map((each) => each.resource.origin.file))) {
    unchecked.push({ what: 'patch', file, reason, minor: true });
  }
  return { ...unit, objects: unit.objects.filter((each) => !parts.includes(each)) };
}

function isPart({ group, kind, value }: KubeObject): boolean {
  if (group !== 'apps' || !['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind)) return false;
  if (Object.keys(objectAt(value, 'spec', 'selector')).length > 0) return false;
  if (listAt(value, 'spec', 'template', 'spec', 'containers').length === 0) {
    return Object.keys(objectAt(value, 'spec')).length > 0;
  }
  return objectsAt(value, 'spec', 'template', 'spec', 'containers').every((each) => each['image'] === undefined);
}

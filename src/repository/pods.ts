import { at, isObject, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { toPointer } from '../yaml/range.js';
import type { KubeObject } from './model.js';

/** A Pod template in an object. */
export interface PodTemplate {
  /** The pointer of the Pod spec. */
  readonly pointer: string;
  readonly spec: JsonObject;
  readonly labels: Readonly<Record<string, Json>>;
}

const paths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '/Pod': [[]],
  '/PodTemplate': [['template']],
  '/ReplicationController': [['spec', 'template']],
  'apps/Deployment': [['spec', 'template']],
  'apps/StatefulSet': [['spec', 'template']],
  'apps/DaemonSet': [['spec', 'template']],
  'apps/ReplicaSet': [['spec', 'template']],
  'batch/Job': [['spec', 'template']],
  'batch/CronJob': [['spec', 'jobTemplate', 'spec', 'template']],
  'argoproj.io/Rollout': [['spec', 'template']],
  'leaderworkerset.x-k8s.io/LeaderWorkerSet': [
    ['spec', 'leaderWorkerTemplate', 'leaderTemplate'],
    ['spec', 'leaderWorkerTemplate', 'workerTemplate'],
  ],
};

/** The Pod templates of the workloads whose Pods get exactly the labels that are written. */
export function podTemplates(object: KubeObject): readonly PodTemplate[] {
  const known = templatesOf.get(object);
  if (known !== undefined) return known;
  const made = readTemplates(object);
  templatesOf.set(object, made);
  return made;
}

// Most rules ask for them, and an object does not change.
const templatesOf = new WeakMap<KubeObject, readonly PodTemplate[]>();

function readTemplates(object: KubeObject): readonly PodTemplate[] {
  return (paths[`${object.group}/${object.kind}`] ?? []).flatMap((path) => {
    const template = path.length === 0 ? object.value : at(object.value, ...path);
    const spec = isObject(template) ? template['spec'] : undefined;
    if (!isObject(template) || !isObject(spec)) return [];
    return [{ pointer: `${toPointer(path)}/spec`, spec, labels: objectAt(template, 'metadata', 'labels') }];
  });
}

export function isWorkload(object: KubeObject): boolean {
  return Object.hasOwn(paths, `${object.group}/${object.kind}`);
}

export interface Container {
  readonly pointer: string;
  readonly value: JsonObject;
}

/** The containers of a Pod spec, init and ephemeral ones included. */
export function containersOf(spec: JsonObject, pointer: string): Container[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((key) =>
    objectsAt(spec, key).map((value, index) => ({ value, pointer: `${pointer}/${key}/${index}` })),
  );
}

/** An image that an object makes something run. */
export interface ImageUse {
  readonly image: string;
  readonly pointer: string;
}

/**
 * Images anywhere in an object: of containers, and of the `container` and `script` of Argo Workflows, so that custom
 * kinds are not passed over.
 */
export function imagesOf(object: KubeObject): ImageUse[] {
  if (object.kind === 'CustomResourceDefinition') return [];
  const out: ImageUse[] = [];
  const visit = (value: Json, path: readonly (string | number)[], inContainer: boolean): void => {
    if (path.length > 40) return;
    if (Array.isArray(value)) {
      for (const [index, each] of (value as readonly Json[]).entries()) visit(each, [...path, index], inContainer);
      return;
    }
    if (!isObject(value)) return;
    const image = stringAt(value, 'image');
    if (inContainer && image !== undefined) out.push({ image, pointer: toPointer([...path, 'image']) });
    for (const [key, each] of Object.entries(value)) {
      if (typeof each === 'object' && each !== null) visit(each, [...path, key], containerKeys.has(key));
    }
  };
  visit(object.value, [], false);
  return out;
}

const containerKeys: ReadonlySet<string> = new Set([
  'containers',
  'initContainers',
  'ephemeralContainers',
  'sidecars',
  'container',
  'script',
]);

/** Something in the same namespace that Pods cannot start without. */
export interface PodReference {
  readonly kind: 'ServiceAccount' | 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  readonly name: string;
  readonly pointer: string;
}

/** What a Pod spec refers to, without what it says is optional. */
export function podReferences({ spec, pointer }: PodTemplate): PodReference[] {
  const out: PodReference[] = [];
  const add = (kind: PodReference['kind'], holder: JsonObject | undefined, key: string, where: string): void => {
    const name = stringAt(holder, key);
    if (name && holder?.['optional'] !== true) out.push({ kind, name, pointer: `${where}/${key}` });
  };
  add('ServiceAccount', spec, 'serviceAccountName', pointer);
  // A missing pull secret is left out: Kubernetes starts the Pod all the same, and a public image needs none.
  for (const [index, volume] of objectsAt(spec, 'volumes').entries()) {
    const where = `${pointer}/volumes/${index}`;
    add('ConfigMap', optionalObject(volume, 'configMap'), 'name', `${where}/configMap`);
    add('Secret', optionalObject(volume, 'secret'), 'secretName', `${where}/secret`);
    add(
      'PersistentVolumeClaim',
      optionalObject(volume, 'persistentVolumeClaim'),
      'claimName',
      `${where}/persistentVolumeClaim`,
    );
    for (const [i, source] of objectsAt(volume, 'projected', 'sources').entries()) {
      add('ConfigMap', optionalObject(source, 'configMap'), 'name', `${where}/projected/sources/${i}/configMap`);
      add('Secret', optionalObject(source, 'secret'), 'name', `${where}/projected/sources/${i}/secret`);
    }
  }
  for (const container of containersOf(spec, pointer)) {
    for (const [index, env] of objectsAt(container.value, 'env').entries()) {
      const where = `${container.pointer}/env/${index}/valueFrom`;
      const from = objectAt(env, 'valueFrom');
      add('ConfigMap', optionalObject(from, 'configMapKeyRef'), 'name', `${where}/configMapKeyRef`);
      add('Secret', optionalObject(from, 'secretKeyRef'), 'name', `${where}/secretKeyRef`);
    }
    for (const [index, from] of objectsAt(container.value, 'envFrom').entries()) {
      const where = `${container.pointer}/envFrom/${index}`;
      add('ConfigMap', optionalObject(from, 'configMapRef'), 'name', `${where}/configMapRef`);
      add('Secret', optionalObject(from, 'secretRef'), 'name', `${where}/secretRef`);
    }
  }
  return out;
}

function optionalObject(value: JsonObject, key: string): JsonObject | undefined {
  const found = value[key];
  return isObject(found) ? found : undefined;
}

/** Whether labels satisfy a selector's `matchLabels` and `matchExpressions`. */
export function selects(selector: JsonObject, labels: Readonly<Record<string, Json>>): boolean {
  const exact = Object.entries(objectAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value);
  return (
    exact &&
    objectsAt(selector, 'matchExpressions').every((expression) => {
      const key = stringAt(expression, 'key') ?? '';
      const values = Array.isArray(expression['values']) ? (expression['values'] as readonly Json[]) : [];
      const has = Object.hasOwn(labels, key);
      if (expression['operator'] === 'In') return has && values.includes(labels[key] as Json);
      if (expression['operator'] === 'NotIn') return !has || !values.includes(labels[key] as Json);
      return expression['operator'] === 'Exists' ? has : !has;
    })
  );
}

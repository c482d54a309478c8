import type { Place } from '../diagnostics/diagnostic.js';
import { fail } from './failure.js';
import { field, isList, isMap, isMissingOrNull, type Node, type NodeMap, textOf } from './node.js';
import { any, boolean, checkShape, fields, integer, list, type Shape, string, strings } from './shape.js';

const gvkFields = { group: string, version: string, kind: string };
const idFields = { ...gvkFields, name: string, namespace: string };
const selector = fields({ ...idFields, labelSelector: string, annotationSelector: string });
const fieldSpec = fields({ ...gvkFields, path: string, create: boolean });
const generatorOptions = fields({
  labels: strings,
  annotations: strings,
  disableNameSuffixHash: boolean,
  immutable: boolean,
});
const generator = {
  name: string,
  namespace: string,
  behavior: string,
  literals: list(string),
  files: list(string),
  envs: list(string),
  env: string,
  options: generatorOptions,
};
const patchOptions = fields({ allowNameChange: boolean, allowKindChange: boolean });
const patch = fields({ path: string, patch: string, target: selector, options: patchOptions });
const image = fields({ name: string, newName: string, newTag: string, tagSuffix: string, digest: string });
const fieldOptions = fields({ delimiter: string, index: integer, encoding: string, create: boolean });
export const replacementShape = fields({
  path: string,
  source: fields({ ...idFields, fieldPath: string, options: fieldOptions }),
  sourceValue: string,
  targets: list(fields({ select: selector, reject: list(selector), fieldPaths: list(string), options: fieldOptions })),
});
const orders = fields({ orderFirst: list(string), orderLast: list(string) });

/** Every field that Kustomize 5.8 reads in a kustomization, by its published API. */
export const kustomizationFields: Readonly<Record<string, Shape>> = {
  apiVersion: string,
  kind: string,
  metadata: fields({ name: string, namespace: string, labels: strings, annotations: strings }),
  openapi: strings,
  namePrefix: string,
  nameSuffix: string,
  namespace: string,
  commonLabels: strings,
  labels: list(
    fields({ pairs: strings, includeSelectors: boolean, includeTemplates: boolean, fields: list(fieldSpec) }),
  ),
  commonAnnotations: strings,
  patchesStrategicMerge: list(string),
  patchesJson6902: list(patch),
  patches: list(patch),
  images: list(image),
  imageTags: list(image),
  replacements: list(replacementShape),
  replicas: list(fields({ name: string, count: integer })),
  vars: list(
    fields({
      name: string,
      objref: fields({ apiVersion: string, ...idFields }),
      fieldref: fields({ fieldPath: string }),
    }),
  ),
  sortOptions: fields({ order: string, legacySortOptions: orders }),
  resources: list(string),
  components: list(string),
  crds: list(string),
  bases: list(string),
  configMapGenerator: list(fields(generator)),
  secretGenerator: list(fields({ ...generator, type: string })),
  helmGlobals: any,
  helmCharts: list(any),
  helmChartInflationGenerator: list(any),
  generatorOptions,
  configurations: list(string),
  generators: list(string),
  transformers: list(string),
  validators: list(string),
  buildMetadata: list(string),
};

const shape = fields(kustomizationFields);

/** A kustomization as it was read and checked; accessors give typed values with the pointers where they stand. */
export class Kustomization {
  readonly isComponent: boolean;

  constructor(
    readonly file: string,
    readonly root: NodeMap,
    readonly document: number,
  ) {
    this.isComponent = this.text('kind') === 'Component';
  }

  at(pointer: string): Place {
    return { file: this.file, document: this.document, pointer };
  }

  text(key: string): string {
    return textOf(member(this.root, key));
  }

  has(key: string): boolean {
    return !isMissingOrNull(member(this.root, key));
  }

  /** Items of a list with their pointers. */
  items(key: string): { value: Node; pointer: string }[] {
    return listItems(member(this.root, key), `/${key}`);
  }

  /** Texts of a list with their pointers. */
  texts(key: string): { text: string; pointer: string }[] {
    return this.items(key).map(({ value, pointer }) => ({ text: textOf(value), pointer }));
  }

  map(key: string): NodeMap | undefined {
    const value = member(this.root, key);
    return isMap(value) ? value : undefined;
  }
}

export function listItems(node: Node | undefined, pointer: string): { value: Node; pointer: string }[] {
  return isList(node) ? node.map((value, i) => ({ value, pointer: `${pointer}/${i}` })) : [];
}

/** The value of a key, in Go's reading: the exact name first, else without regard to case. */
export function member(map: NodeMap, key: string): Node | undefined {
  const exact = field(map, key);
  if (exact !== undefined) return exact;
  const lower = key.toLowerCase();
  for (const name in map) if (name.length === key.length && name.toLowerCase() === lower) return map[name];
  return undefined;
}

export function stringsOf(node: Node | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  if (isMap(node)) for (const key of Object.keys(node)) result[key] = textOf(node[key]);
  return result;
}

/** Checks what was read against the fields of Kustomize; fails as upstream would. */
export function asKustomization(file: string, value: Node, document: number): Kustomization {
  const at = { file, document, pointer: '' };
  if (isMissingOrNull(value)) fail('kustomize-empty', 'The kustomization is empty.', at);
  checkShape(value, shape, at);
  const kustomization = new Kustomization(file, value as NodeMap, document);
  const said = Object.keys(kustomization.root).filter(
    (key) => key !== 'apiVersion' && key !== 'kind' && !isZero(kustomization.root[key] as Node),
  );
  if (said.length === 0) fail('kustomize-empty', 'The kustomization is empty: it says nothing but what it is.', at);
  const kind = kustomization.text('kind');
  if (kind !== '' && kind !== 'Kustomization' && kind !== 'Component') {
    fail(
      'kustomize-kind',
      `The kind of a kustomization is Kustomization or Component, not ${kind}.`,
      { ...at, pointer: '/kind' },
      {
        allowed: ['Kustomization', 'Component'],
      },
    );
  }
  const expected = kind === 'Component' ? 'kustomize.config.k8s.io/v1alpha1' : 'kustomize.config.k8s.io/v1beta1';
  const apiVersion = kustomization.text('apiVersion');
  if (apiVersion !== '' && apiVersion !== expected) {
    fail(
      'kustomize-kind',
      `The apiVersion of a ${kind || 'Kustomization'} is ${expected}, not ${apiVersion}.`,
      {
        ...at,
        pointer: '/apiVersion',
      },
      { allowed: [expected] },
    );
  }
  return kustomization;
}

function isZero(node: Node): boolean {
  return isMissingOrNull(node) || node === '';
}

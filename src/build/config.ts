import type { Place } from '../diagnostics/diagnostic.js';
import type { Config, NameReference } from './config-types.js';
import { fail } from './failure.js';
import type { FieldSpec } from './field-spec.js';
import { type Gvk, isSelected, sameGvk } from './ids.js';
import { field, isMap, type Node, textOf } from './node.js';
import { boolean, checkShape, fields, list, string } from './shape.js';
import { compareGvk } from './sort.js';
import { defaultConfig } from './tables/field-specs.generated.js';

const specKeys = [
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'labels',
  'templateLabels',
  'commonAnnotations',
  'varReference',
  'images',
  'replicas',
] as const;

const spec = fields({ group: string, version: string, kind: string, path: string, create: boolean });
const shape = fields({
  ...Object.fromEntries(specKeys.map((key) => [key, list(spec)])),
  nameReference: list(fields({ group: string, version: string, kind: string, fieldSpecs: list(spec) })),
});

export type { Config, NameReference };
export { defaultConfig };

/** A file of `configurations`. */
export function readConfig(node: Node, at: Place): Config {
  checkShape(node, shape, at);
  const specs = (value: Node | undefined): FieldSpec[] => (Array.isArray(value) ? value.map(specOf) : []);
  const map = isMap(node) ? node : {};
  const result: Record<string, unknown> = {};
  for (const key of specKeys) result[key] = specs(field(map, key)).sort(compareGvk);
  const references = field(map, 'nameReference');
  result['nameReference'] = Array.isArray(references)
    ? references.filter(isMap).map((item) => ({ ...gvkOf(item), fieldSpecs: specs(field(item, 'fieldSpecs')) }))
    : [];
  return result as unknown as Config;
}

function gvkOf(node: Node): Gvk {
  const part = (key: string) => (isMap(node) ? textOf(field(node, key)) : '');
  return { group: part('group'), version: part('version'), kind: part('kind') };
}

function specOf(node: Node): FieldSpec {
  return {
    ...gvkOf(node),
    path: isMap(node) ? textOf(field(node, 'path')) : '',
    create: isMap(node) && field(node, 'create') === true,
  };
}

/** What a build knows before it has read anything. */
export const emptyConfig: Config = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
};

/**
 * One configuration after another, in the order that upstream gives to the outcome. What is there already is not added, and a spec
 * counts as there as soon as a narrower one with its path is: so a spec for one kind can take the place of the one for all.
 */
export function mergeConfigs(a: Config, b: Config, at: Place): Config {
  if (a === b || b === emptyConfig) return a;
  // The built-in one holds no two specs for one path and kind.
  if (a === emptyConfig && b === defaultConfig) return b;
  const result: Record<string, unknown> = {};
  for (const key of specKeys) result[key] = mergeAll(a[key], b[key], at).sort(compareGvk);
  const references = [...a.nameReference];
  for (const reference of b.nameReference) {
    const index = references.findIndex((other) => sameGvk(other, reference));
    const own = references[index];
    if (own === undefined) references.push(reference);
    else references[index] = { ...own, fieldSpecs: mergeAll(own.fieldSpecs, reference.fieldSpecs, at) };
  }
  result['nameReference'] = references.sort(compareGvk);
  return result as unknown as Config;
}

/** Adds field specs; one that is there with another `create` is an error, as upstream has it. */
export function mergeSpecs(a: readonly FieldSpec[], b: readonly FieldSpec[], at: Place): readonly FieldSpec[] {
  if (a === b || b.length === 0) return a;
  return a.length === 0 ? b : mergeAll(a, b, at);
}

function mergeAll(a: readonly FieldSpec[], b: readonly FieldSpec[], at: Place): FieldSpec[] {
  const byPath = new Map<string, FieldSpec[]>();
  const note = (spec: FieldSpec) => {
    const there = byPath.get(spec.path);
    if (there === undefined) byPath.set(spec.path, [spec]);
    else there.push(spec);
  };
  a.forEach(note);
  const result = [...a];
  for (const added of b) {
    const own = byPath.get(added.path)?.find((other) => isSelected(other, added));
    if (own === undefined) {
      result.push(added);
      note(added);
    } else if (own.create !== added.create) {
      fail(
        'kustomize-conflicting-field-specs',
        `The field ${added.path} is configured with create and without it.`,
        at,
      );
    }
  }
  return result;
}

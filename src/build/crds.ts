import type { Place } from '../diagnostics/diagnostic.js';
import { type Config, emptyConfig, mergeConfigs } from './config.js';
import { step } from './edits.js';
import { fail } from './failure.js';
import type { FieldSpec } from './field-spec.js';
import { member } from './kustomization.js';
import { field, isMap, isMissingOrNull, type Node, type NodeMap, textOf } from './node.js';

// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/crds/ names the extensions of properties.
const annotation = 'x-kubernetes-annotation';
const labelSelector = 'x-kubernetes-label-selector';
const identity = 'x-kubernetes-identity';
const referenceVersion = 'x-kubernetes-object-ref-api-version';
const referenceKind = 'x-kubernetes-object-ref-kind';
const referenceKey = 'x-kubernetes-object-ref-name-key';

type Definitions = ReadonlyMap<string, NodeMap>;
type Found = { [Key in keyof Config]: Config[Key][number][] };

/** A file of `crds`: where objects of own kinds hold names, labels and annotations, by the extensions of their definitions. */
export function readCrds(node: Node, at: Place, known: Config): Config {
  if (isMissingOrNull(node)) return known;
  if (!isMap(node)) fail('kustomize-crds', 'This file must hold definitions by their names.', at);
  const definitions = new Map<string, NodeMap>();
  for (const name of Object.keys(node).sort()) definitions.set(name, propertiesOf(node[name] as Node, name, at));
  const found = structuredClone(emptyConfig) as Found;
  for (const [name, properties] of definitions) {
    if (!['kind', 'apiVersion', 'metadata'].every((key) => field(properties, key) !== undefined)) continue;
    const kind = name.split('.').at(-1) as string;
    collect({ found, definitions, kind, at }, name, [], [name]);
  }
  return mergeConfigs(known, found, at);
}

function propertiesOf(definition: Node, name: string, at: Place): NodeMap {
  const place = { ...at, pointer: step(name) };
  const wrong = (what: string): never =>
    fail('kustomize-crds', `${what} of ${name} must be a map.`, place, {
      hint: 'crds takes OpenAPI definitions (name → Schema → properties), not a CustomResourceDefinition.',
    });
  if (isMissingOrNull(definition)) return {};
  if (!isMap(definition)) return wrong('The definition');
  const schema = member(definition, 'Schema');
  if (isMissingOrNull(schema) || schema === undefined) return {};
  if (!isMap(schema)) return wrong('The Schema');
  const properties = field(schema, 'properties');
  if (isMissingOrNull(properties) || properties === undefined) return {};
  if (!isMap(properties)) return wrong('The properties');
  for (const property of Object.values(properties))
    if (!isMap(property) && !isMissingOrNull(property)) return wrong('Each of the properties');
  return properties;
}

interface Walk {
  readonly found: Found;
  readonly definitions: Definitions;
  readonly kind: string;
  readonly at: Place;
}

function collect(walk: Walk, name: string, path: readonly string[], seen: readonly string[]): void {
  const properties = walk.definitions.get(name);
  if (properties === undefined) return;
  for (const key of Object.keys(properties).sort()) {
    const property = properties[key];
    if (!isMap(property)) continue;
    const here = [...path, key];
    collectProperty(walk, property, here);
    const reference = extension(property, '$ref');
    if (reference === undefined || reference === '') continue;
    if (seen.includes(reference)) {
      fail('kustomize-crds', `The definition ${reference} leads back to itself at ${here.join('.')}.`, {
        ...walk.at,
        pointer: step(name),
      });
    }
    collect(walk, reference, here, [...seen, reference]);
  }
}

function collectProperty({ found, kind }: Walk, property: NodeMap, path: readonly string[]): void {
  const spec = specOf(kind, path);
  if (extension(property, annotation) !== undefined) found.commonAnnotations.push(spec);
  if (extension(property, labelSelector) !== undefined) found.commonLabels.push(spec);
  if (extension(property, identity) !== undefined) found.namePrefix.push(spec);
  const version = extension(property, referenceVersion);
  const target = extension(property, referenceKind);
  if (version === undefined || target === undefined) return;
  const referrer = specOf(kind, [...path, extension(property, referenceKey) ?? 'name']);
  const same = found.nameReference.findIndex((one) => one.kind === target && one.version === version);
  const own = found.nameReference[same];
  if (own === undefined) found.nameReference.push({ group: '', version, kind: target, fieldSpecs: [referrer] });
  else found.nameReference[same] = { ...own, fieldSpecs: [...own.fieldSpecs, referrer] };
}

function specOf(kind: string, path: readonly string[]): FieldSpec {
  return { group: '', version: '', kind, path: path.join('/'), create: false };
}

function extension(property: NodeMap, key: string): string | undefined {
  const value = member(property, key);
  return typeof value === 'string' ? textOf(value) : undefined;
}

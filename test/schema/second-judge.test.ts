import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/diagnostics/diagnostic.js';
import { accepts } from '../../src/schema/accept.js';
import { explain } from '../../src/schema/explain.js';
import { isFound } from '../../src/schema/found.js';
import { toJsonSchema } from '../../src/schema/json-schema.js';
import { filesUnder, resourcesOf, storeFor, textOf } from './helpers.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const store = storeFor();

/** Every manifest of the repository that has a schema. */
const manifests = ['fixtures', 'test/schema/manifests']
  .flatMap(filesUnder)
  .filter((path) => /\.ya?ml$/.test(path) && !/kustomization\.ya?ml$/.test(path) && !path.includes('/err/'))
  .flatMap((path) => {
    try {
      return resourcesOf(path, textOf(path));
    } catch {
      return []; // Files that are no YAML on purpose belong to other tests.
    }
  })
  .flatMap(({ value }) => {
    const { apiVersion, kind } = value;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
    const found = store.lookup(apiVersion, kind);
    return isFound(found) ? [{ value, key: `${apiVersion}/${kind}`, node: found.node }] : [];
  });

const ajv = new Ajv({ strict: false, allErrors: false });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
const compiled = new Map<string, (value: unknown) => boolean>();
function second(key: string, value: Json): boolean {
  let validate = compiled.get(key);
  if (validate === undefined) {
    const found = store.lookup(key.slice(0, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1));
    if (!isFound(found)) throw new Error(key);
    validate = ajv.compile(toJsonSchema(found.node)) as (value: unknown) => boolean;
    compiled.set(key, validate);
  }
  return validate(value);
}

/**
 * Where the two judges may differ, and why. ajv-formats takes times without a colon in the offset and in lower case,
 * which Go does not parse; it refuses base64 with line breaks, which Go does.
 */
const explained = (value: Json): boolean => /"\d{4}-\d\d-\d\d[t ]|T[\d:.]+[+-]\d{4}"|z"/.test(JSON.stringify(value));

/** All places of a value, as paths. */
function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, i) => [i, item])
    : Object.entries(value as JsonObject);
  return [path, ...entries.flatMap(([key, item]) => places(item, [...path, key]))];
}

type Mutation = 'rename' | 'retype' | 'remove' | 'double' | 'null' | 'extra';

/** A copy in which the place was renamed, retyped, removed, doubled, nulled, or given an unknown neighbour. */
function mutate(value: Json, path: readonly (string | number)[], how: Mutation, other: Json): Json {
  const copy = structuredClone(value) as unknown;
  let parent = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last === undefined) return how === 'null' ? null : ({ ...(copy as JsonObject), unknownField: other } as Json);
  const old = parent[last];
  if (how === 'retype') parent[last] = other;
  else if (how === 'null') parent[last] = null;
  else if (how === 'extra' && typeof old === 'object' && old !== null && !Array.isArray(old))
    parent[last] = { ...old, zzz: other };
  else if (Array.isArray(parent)) {
    if (how === 'remove') (parent as unknown[]).splice(last as number, 1);
    else (parent as unknown[]).splice(last as number, 0, structuredClone(old));
  } else {
    if (how !== 'double') delete parent[last];
    if (how === 'rename' || how === 'double') parent[`${last}x`] = old;
  }
  return copy as Json;
}

const otherValues: readonly Json[] = [
  'x',
  '3',
  3,
  1.5,
  -1,
  4e9,
  true,
  [],
  ['a'],
  {},
  { a: 'b' },
  '16Gi',
  '2026-01-31T12:00:00Z',
  '',
];

describe('the interpreter and ajv with the same schemas', () => {
  it('find manifests to judge', () => {
    expect(manifests.length).toBeGreaterThan(40);
    expect(new Set(manifests.map(({ key }) => key)).size).toBeGreaterThan(20);
  });

  it('agree on every manifest of the repository', () => {
    const different = manifests.filter(({ value, key, node }) => accepts(node, value) !== second(key, value));
    expect(different.map(({ key, value }) => `${key} ${JSON.stringify(value).slice(0, 200)}`)).toEqual([]);
  });

  it('agree on null in a map of values that must take one of several forms', () => {
    const found = manifests.find(({ key }) => key === 'networking.istio.io/v1beta1/VirtualService');
    const headers = { 'x-model-tier': null };
    const spec = { hosts: ['a'], http: [{ match: [{ headers }], route: [{ destination: { host: 'a' } }] }] };
    const value = { apiVersion: 'networking.istio.io/v1beta1', kind: 'VirtualService', metadata: { name: 'a' }, spec };
    expect([accepts(found!.node, value), second(found!.key, value)]).toEqual([true, true]);
    const empty = {
      ...value,
      spec: { ...spec, http: [{ ...spec.http[0], match: [{ headers: { a: { exact: '', prefix: '' } } }] }] },
    };
    expect([accepts(found!.node, empty), second(found!.key, empty)]).toEqual([false, false]);
  });

  it('agree on mutated manifests, and what is refused is explained', () => {
    const disagreements: string[] = [];
    let refused = 0;
    fc.assert(
      fc.property(
        fc.nat(manifests.length - 1),
        fc.nat(),
        fc.constantFrom<Mutation>('rename', 'retype', 'remove', 'double', 'null', 'extra'),
        fc.constantFrom(...otherValues),
        (index, place, how, other) => {
          const { value, key, node } = manifests[index]!;
          const all = places(value);
          const mutated = mutate(value, all[place % all.length]!, how, other);
          const verdict = accepts(node, mutated);
          if (!verdict) refused += 1;
          expect(explain(node, mutated).length === 0, JSON.stringify(mutated)).toBe(verdict);
          if (verdict !== second(key, mutated) && !explained(mutated)) {
            disagreements.push(
              `${key} ${how} ${all[place % all.length]!.join('.')} → ${JSON.stringify(other)}: ${verdict}`,
            );
          }
        },
      ),
      { numRuns: deep ? 60_000 : 6_000, seed: 20_260_131 },
    );
    expect(disagreements).toEqual([]);
    expect(refused).toBeGreaterThan(2_000);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coreSources, crdSources, quantitySource } from '../../scripts/schemas/sources.js';
import { buildKustomization } from '../../src/build/index.js';
import type { Json, JsonObject, Problem } from '../../src/diagnostics/diagnostic.js';
import { treeOf } from '../../src/files/file-map.js';
import { isClusterObject } from '../../src/schema/objects.js';
import { validateResource } from '../../src/schema/validate.js';
import { rangeOf } from '../../src/yaml/range.js';
import { filesUnder, judge, judgeText, resourcesOf, storeFor, textOf } from './helpers.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const store = storeFor();
const good = filesUnder('test/schema/manifests').flatMap((path) => resourcesOf(path, textOf(path)));

describe('whatever is in a manifest', () => {
  const anything = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;

  it('nothing is thrown, and a verdict of invalid has a reason', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...good),
        fc.array(fc.nat(400), { maxLength: 4 }),
        anything,
        (resource, path, value) => {
          const copy = structuredClone(resource.value) as unknown as Record<string, unknown>;
          let parent: Record<string, unknown> | unknown[] = copy;
          for (const step of path) {
            const keys: string[] = Object.keys(parent);
            const next: unknown = (parent as Record<string, unknown>)[keys[step % keys.length]!];
            if (typeof next !== 'object' || next === null || Object.keys(next).length === 0) break;
            parent = next as Record<string, unknown>;
          }
          const keys = Object.keys(parent);
          (parent as Record<string, unknown>)[keys[path.length % keys.length]!] = value;
          const { verdict, problems } = judge({ ...resource, value: copy as unknown as JsonObject }, store);
          const errors = problems.filter(({ severity }) => severity === 'error').length;
          expect(verdict === 'invalid').toBe(errors > 0);
          for (const { message, ruleId } of problems)
            expect(`${ruleId} ${message}`).not.toMatch(/undefined|\[object|NaN/);
        },
      ),
      { numRuns: deep ? 60_000 : 1_500, seed: 7 },
    );
  });

  it('values that are no objects of a cluster are told apart', () => {
    expect(isClusterObject({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' })).toBe(false);
    expect(isClusterObject({ apiVersion: 'v1', kind: 'Config' })).toBe(false);
    expect(isClusterObject(['x'])).toBe(false);
    expect(isClusterObject({ apiVersion: 'v1', kind: 'Pod' })).toBe(true);
  });

  it('the items of a list are judged each, at their places', () => {
    const { verdict, problems } = judgeText(
      '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}, {apiVersion: v1, kind: ConfigMap, metadata: {name: A}}]}',
      store,
    );
    expect(verdict).toBe('invalid');
    expect(problems.map(({ at }) => at.pointer)).toEqual(['/items/1/metadata/name']);
    const typed =
      '{apiVersion: v1, kind: ConfigMapList, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]}';
    expect(judgeText(typed, store).verdict).toBe('valid');
  });

  it('templates inside custom resources are held to their CRD and to no more', () => {
    const pod = (policy: string) =>
      `{spec: {restartPolicy: Never, containers: [{name: a, image: b, imagePullPolicy: "${policy}"}]}}`;
    const analysis = `{apiVersion: argoproj.io/v1alpha1, kind: AnalysisTemplate, metadata: {name: a}, spec: {metrics: [{name: a, provider: {job: {spec: {template: ${pod('{{args.policy}}')}}}}}]}}`;
    expect(judgeText(analysis, store).problems).toEqual([]);
    const job = `{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: ${pod('{{args.policy}}')}}}`;
    expect(judgeText(job, store).problems.map(({ ruleId }) => ruleId)).toEqual(['schema-not-allowed-value']);
  });
});

describe('the line somebody wrote', () => {
  const overlay = `resources: [../base]
patches:
  - target: { kind: Deployment }
    patch: |-
      - op: replace
        path: /spec/replicas
        value: "5"
  - path: memory.yaml
`;
  const tree = treeOf({
    'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
    'base/deployment.yaml': textOf('test/schema/manifests/workloads.yaml').split('\n---\n')[0]!,
    'overlay/kustomization.yaml': overlay,
    'overlay/memory.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: { name: engine, namespace: serving }
spec:
  template:
    spec:
      containers:
        - name: engine
          resources:
            limits:
              memory: 16GB
`,
  });
  const built: Problem[] = [];
  const { resources } = buildKustomization(tree, 'overlay', (problem) => built.push(problem));
  const problems: Problem[] = [];
  for (const resource of resources) validateResource(resource, store, (problem) => problems.push(problem));
  const lineOf = ({ at }: Problem): string => {
    const text = tree.files.get(at.file) as string;
    return text.split('\n')[rangeOf(text, at).start.line - 1]!.trim();
  };

  it('is the line of the patch that gave the value', () => {
    expect(built).toEqual([]);
    expect(resources).toHaveLength(1);
    const memory = problems.find(({ ruleId }) => ruleId === 'schema-bad-format');
    expect(memory?.at.file).toBe('overlay/memory.yaml');
    expect(lineOf(memory!)).toBe('memory: 16GB');
    const replicas = problems.find(({ ruleId }) => ruleId === 'schema-wrong-type');
    expect(replicas?.at.file).toBe('overlay/kustomization.yaml');
  });
});

describe('the bundled data', () => {
  it('was generated from the versions that are pinned', () => {
    for (const { minor, client, between } of coreSources) {
      const head = textOf(`schemas/kubernetes/${minor}.txt`).split('\n')[0]!;
      expect(head).toContain(client ?? between!.types);
      expect(head).toContain(quantitySource);
    }
    for (const source of crdSources) {
      const head = textOf(`schemas/crds/${source.name}.txt`).split('\n')[0]!;
      expect(head).toContain(source.package);
      expect(head).toContain(source.standsFor);
    }
    const known = [
      ...coreSources.map(({ minor }) => `kubernetes/${minor}.txt`),
      ...crdSources.map(({ name }) => `crds/${name}.txt`),
    ];
    const files = ['kubernetes', 'crds']
      .flatMap((folder) => filesUnder(`schemas/${folder}`))
      .map((path) => path.replace('schemas/', ''));
    expect(files.filter((path) => !/partial|index/.test(path)).sort()).toEqual(known.sort());
  });
});

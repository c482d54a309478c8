import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/diagnostics/diagnostic.js';
import { minorOf, minorRange } from '../../src/schema/api-version.js';
import { limitedFields } from '../../src/schema/field-limits.js';
import { isFound } from '../../src/schema/found.js';
import { apiLifecycles } from '../../src/schema/lifecycle.js';
import { ARRAY, INTEGER, type SchemaNode, STRING } from '../../src/schema/node.js';
import { locationPath } from '../../src/schema/schema-location.js';
import { acrossVersions, isSuccess, outcomeOf, selectKind, summarize } from '../../src/schema/selection.js';
import { nearest } from '../../src/schema/suggest.js';
import { checkYamlWords } from '../../src/schema/yaml-words.js';
import { filesUnder, judgeText, loadSchemaFile, storeFor, textOf } from './helpers.js';

const all = ['1.29', '1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36'];

describe('schemas of Kubernetes', () => {
  it('are bundled for every minor from 1.29 to 1.36, 1.31 and 1.35 bounded by their neighbours', () => {
    expect(storeFor().minors).toEqual(all);
    const sources = all.map((minor) => {
      const found = storeFor(minor).lookup('v1', 'Pod');
      return isFound(found) ? found.source : '';
    });
    expect(sources.filter((source) => source.includes('bounded'))).toEqual([
      'Kubernetes 1.31 (bounded by its neighbours)',
      'Kubernetes 1.35 (bounded by its neighbours)',
    ]);
  });

  /** [apiVersion, kind, minors that serve it], from the change logs. */
  it.each([
    ['apps/v1', 'Deployment', all],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', ['1.29', '1.30', '1.31']],
    ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', all.slice(1)],
    ['networking.k8s.io/v1', 'ServiceCIDR', all.slice(4)],
    ['resource.k8s.io/v1', 'ResourceClaim', all.slice(5)],
    ['resource.k8s.io/v1alpha2', 'ResourceClaim', ['1.29', '1.30']],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', []],
  ])('serve %s %s where the API server does', (apiVersion, kind, minors) => {
    expect(all.filter((minor) => isFound(storeFor(minor).lookup(apiVersion, kind)))).toEqual(minors);
  });

  /** [kind, path to a field, the minors that have it]. */
  it.each([
    ['Pod', 'spec.resources', all.slice(3)],
    ['Pod', 'spec.volumes.image', all.slice(2)],
    ['Pod', 'spec.hostnameOverride', all.slice(5)],
    ['Pod', 'spec.containers.restartPolicyRules', all.slice(5)],
    ['Pod', 'spec.securityContext.supplementalGroupsPolicy', all.slice(2)],
    ['Service', 'spec.trafficDistribution', all.slice(1)],
    ['Pod', 'spec.workloadRef', ['1.35']],
  ])('know %s %s where the API server does', (kind, path, minors) => {
    const has = (minor: string): boolean => {
      const found = storeFor(minor).lookup('v1', kind);
      let node: SchemaNode | undefined = isFound(found) ? found.node : undefined;
      for (const part of path.split('.')) node = (node?.items ?? node)?.props?.get(part);
      return node !== undefined;
    };
    expect(all.filter(has)).toEqual(minors);
  });

  it('tell quantities, lists and integers apart', () => {
    const core = storeFor();
    expect(core.coreDefinition('V1ResourceRequirements')?.props?.get('limits')?.values?.format).toBe('quantity');
    expect(core.coreDefinition('V1NodeStatus')?.props?.get('allocatable')?.values?.format).toBe('quantity');
    expect(core.coreDefinition('V1Container')?.props?.get('args')?.types).toBe(ARRAY);
    expect(core.coreDefinition('V1HTTPGetAction')?.props?.get('port')?.types).toBe(INTEGER | STRING);
  });

  it('have every field that is limited by hand', () => {
    const core = storeFor();
    const missing = limitedFields.filter((key) => {
      const [definition, field] = key.split('.') as [string, string];
      return core.coreDefinition(definition)?.props?.has(field) !== true;
    });
    expect(missing).toEqual([]);
  });

  it('cost at most 25 kB a minor and 80 kB of custom resources in the package', () => {
    const size = (folder: string) =>
      filesUnder(`schemas/${folder}`).reduce((sum, path) => sum + gzipSync(textOf(path)).length, 0);
    expect(size('kubernetes') / all.length).toBeLessThan(25_000);
    expect(size('crds')).toBeLessThan(80_000);
  });

  it('load only what is met', () => {
    const loaded: string[] = [];
    const store = storeForLogging(loaded);
    judgeText('{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}', store);
    expect(loaded.sort()).toEqual(['kubernetes/1.34.txt', 'kubernetes/1.36.txt', 'kubernetes/index.json']);
  });

  it('judge by the nearest minor where the one asked for is not bundled, and say so', () => {
    expect(storeFor('v1.99.1')).toMatchObject({ kubernetesVersion: '1.36', requested: 'v1.99.1' });
    expect(storeFor('1.20')).toMatchObject({ kubernetesVersion: '1.29', requested: '1.20' });
    expect(storeFor('v1.34.2-gke.100').requested).toBeUndefined();
  });

  it('read every bundled definition', () => {
    const store = storeFor();
    const index = JSON.parse(loadSchemaFile('crds/index.json')!) as { kinds: Record<string, unknown> };
    const partial = JSON.parse(loadSchemaFile('crds/partial.json')!) as { kinds: Record<string, unknown> };
    for (const key of [...Object.keys(index.kinds), ...Object.keys(partial.kinds)]) {
      const slash = key.lastIndexOf('/');
      const found = store.lookup(key.slice(0, slash), key.slice(slash + 1));
      expect(isFound(found), key).toBe(true);
      if (isFound(found)) expect(found.node.props?.has('metadata') || found.node.open, key).toBe(true);
    }
  });

  it.each([
    ['v1', 'Namespace', 'Cluster'],
    ['apps/v1', 'Deployment', 'Namespaced'],
    ['cert-manager.io/v1', 'ClusterIssuer', 'Cluster'],
    ['argoproj.io/v1alpha1', 'Application', 'Namespaced'],
    ['kueue.x-k8s.io/v1beta2', 'ClusterQueue', 'Cluster'],
    ['x.io/v1', 'Unknown', undefined],
  ])('know the scope of %s %s', (apiVersion, kind, scope) => {
    expect(storeFor().scopeOf(apiVersion, kind)).toBe(scope);
  });

  it('agree with the table of removed APIs', () => {
    const wrong = all.flatMap((minor) =>
      apiLifecycles.flatMap(({ apiVersion, kinds = [], removed }) =>
        kinds
          .filter((kind) => {
            const gone = removed !== undefined && Number(removed.split('.')[1]) <= Number(minor.split('.')[1]);
            return gone && isFound(storeFor(minor).lookup(apiVersion, kind));
          })
          .map((kind) => `${apiVersion} ${kind} in ${minor}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

function storeForLogging(loaded: string[]) {
  const store = storeFor('1.34');
  return new (
    store.constructor as new (
      load: (name: string) => string | undefined,
      options: { kubernetesVersion: string },
    ) => typeof store
  )(
    (name) => {
      loaded.push(name);
      return loadSchemaFile(name);
    },
    { kubernetesVersion: '1.34' },
  );
}

describe('versions', () => {
  it.each([
    ['1.34', ['1.34']],
    ['v1.33.2', ['1.33']],
    ['1.33-1.36', ['1.33', '1.34', '1.35', '1.36']],
    ['1.36-1.33', undefined],
    ['latest', undefined],
  ])('%s is %j', (text, minors) => {
    expect(minorRange(text)).toEqual(minors);
  });

  it('are read out of what clusters say', () => {
    expect(['v1.31.0+k3s1', '1.30.1-eks-abc', ' 1.29 ', '1'].map(minorOf)).toEqual(['1.31', '1.30', '1.29', undefined]);
  });

  it('say in which of a range a finding holds', () => {
    const text =
      '{apiVersion: v1, kind: Pod, metadata: {name: A}, spec: {hostnameOverride: x, containers: [{name: a, image: b}]}}';
    const byMinor = new Map(
      ['1.32', '1.33', '1.34'].map((minor) => [minor, judgeText(text, storeFor(minor)).problems]),
    );
    expect(acrossVersions(byMinor).map(({ ruleId, message }) => [ruleId, /Only in .*$/.exec(message)?.[0]])).toEqual([
      ['schema-unknown-field', 'Only in Kubernetes 1.32, 1.33.'],
      ['api-name', undefined],
    ]);
  });

  it('decide how a Service may be called', () => {
    const service = '{apiVersion: v1, kind: Service, metadata: {name: 8b}, spec: {ports: [{port: 80}]}}';
    expect(judgeText(service, storeFor('1.35')).problems[0]?.message).toContain('DNS-1035');
    expect(judgeText(service, storeFor('1.36')).verdict).toBe('valid');
  });
});

describe('schema locations', () => {
  const query = { apiVersion: 'apps/v1', kind: 'Deployment', kubernetesVersion: '1.34' };
  it.each([
    ['schemas/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json', 'schemas/apps/deployment_v1.json'],
    [
      '{{.NormalizedKubernetesVersion}}{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json',
      'v1.34.0-strict/deployment-apps-v1.json',
    ],
    ['mirror/', 'mirror/v1.34.0-standalone-strict/deployment-apps-v1.json'],
    ['one.json', 'one.json'],
  ])('%s leads to %s', (template, path) => {
    expect(locationPath(template, query)).toBe(path);
  });

  it('give a schema, with references to its neighbours', () => {
    const files: Record<string, string> = {
      'crds/widget_v1.json': JSON.stringify({
        type: 'object',
        additionalProperties: false,
        properties: { apiVersion: {}, kind: {}, metadata: {}, spec: { $ref: 'defs.json#/definitions/spec' } },
      }),
      'crds/defs.json': JSON.stringify({
        definitions: { spec: { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } } },
      }),
      'crds/broken_v1.json': '{',
    };
    const locations = [
      { template: 'crds/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json', read: (path: string) => files[path] },
    ];
    const judged = (text: string) => judgeText(text, storeFor(undefined, { locations }));
    expect(judged('{apiVersion: x.io/v1, kind: Widget, metadata: {name: a}, spec: {size: 1, more: 2}}').verdict).toBe(
      'valid',
    );
    const { problems } = judged('{apiVersion: x.io/v1, kind: Widget, metadata: {name: a}, spec: {size: a}, extra: 1}');
    expect(problems.map(({ ruleId, at }) => [ruleId, at.pointer])).toEqual([
      ['schema-wrong-type', '/spec/size'],
      ['schema-unknown-field', '/extra'],
    ]);
    expect(problems[0]!.message).toContain('crds/widget_v1.json');
    expect(judged('{apiVersion: x.io/v1, kind: Broken, metadata: {name: a}}').verdict).toBe('no-schema');
  });
});

describe('words of YAML 1.1', () => {
  it('are a note where Kustomize alone reads the file: to it they are text', () => {
    const problems: Problem[] = [];
    checkYamlWords('a.yaml', 'args: [--flash-attn, on]\n', (problem) => problems.push(problem), true);
    expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'info `on` is text to Kustomize, which reads this file, and the boolean true to kubectl and wherever Argo CD applies it as it stands.',
    ]);
  });

  const scan = (text: string): [string, string][] => {
    const problems: Problem[] = [];
    checkYamlWords('a.yaml', text, (problem) => problems.push(problem));
    return problems.map(({ at, message }) => [text.slice(at.offset, at.offset! + at.length!), message]);
  };
  it.each([
    ['a: yes\n', 'yes', '`yes` is the boolean true to Kubernetes and text to YAML 1.2.'],
    ['data:\n  on: x\n', 'on', 'the boolean true'],
    ['args: [no, "no"]\n', 'no', 'the boolean false'],
    ['- Off\n', 'Off', 'the boolean false'],
    ['a: { on : 1 }\n', 'on', 'the boolean true'],
    ['env: [{name: COUNTRY, value: NO}]\n', 'NO', 'the boolean false'],
  ])('%j', (text, word, message) => {
    const found = scan(text);
    expect(found.map(([source]) => source)).toEqual([word]);
    expect(found[0]![1]).toContain(message);
  });

  it.each([
    'a: "yes"\n',
    'a: |\n  yes\n',
    '# on: yes\na: b\n',
    'a: yesterday\n',
    'a: !!str yes\n',
    'a: >-\n  on\n',
    'a: [x, nothing]\n',
    'a: true\n',
  ])('leaves %j alone', (text) => {
    expect(scan(text)).toEqual([]);
  });

  it('are no error where a boolean is wanted', () => {
    const { verdict, problems } = judgeText(
      '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: yes, containers: [{name: a, image: b}]}}',
      storeFor(),
    );
    expect(problems.map(({ ruleId, severity, fix }) => [ruleId, severity, fix])).toEqual([
      ['schema-wrong-type', 'warning', 'true'],
    ]);
    expect(verdict).toBe('valid');
  });
});

describe('numbers as Kubernetes reads them', () => {
  it.each([
    ['0644', []],
    ['420', []],
    ['644', ['schema-out-of-bounds']],
    ['"0644"', ['schema-wrong-type']],
  ])('defaultMode: %s', (mode, rules) => {
    const text = `{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}], volumes: [{name: v, configMap: {name: c, defaultMode: ${mode}}}]}}`;
    expect(judgeText(text, storeFor()).problems.map(({ ruleId }) => ruleId)).toEqual(rules);
  });
});

describe('the ways of kubeconform', () => {
  it('skip and reject kinds by name or by version and name', () => {
    const selection = { skip: ['Secret', 'apps/v1/Deployment'], reject: ['v1/Pod'] };
    expect(selectKind('v1', 'Secret', selection)).toBe('skip');
    expect(selectKind('apps/v1', 'Deployment', selection)).toBe('skip');
    expect(selectKind('v1', 'Pod', selection)).toBe('reject');
    expect(selectKind('apps/v1', 'DaemonSet', selection)).toBe('check');
  });

  it('count what happened, and nothing checked is no success', () => {
    expect(outcomeOf('no-schema', false)).toBe('error');
    expect(outcomeOf('no-schema', true)).toBe('skipped');
    expect(isSuccess(summarize(['valid', 'skipped']))).toBe(true);
    expect(isSuccess(summarize(['skipped']))).toBe(false);
    expect(isSuccess(summarize(['valid', 'error']))).toBe(false);
    expect(summarize(['valid', 'invalid', 'error', 'skipped'])).toEqual({
      valid: 1,
      invalid: 1,
      errors: 1,
      skipped: 1,
    });
  });
});

describe('did you mean', () => {
  it.each([
    ['readnessProbe', 'readinessProbe'],
    ['image_pull_policy', 'imagePullPolicy'],
    ['ReadinessProbe', 'readinessProbe'],
    ['imag', 'image'],
    ['xyz', undefined],
  ])('%s → %s', (word, meant) => {
    expect(nearest(word, ['readinessProbe', 'imagePullPolicy', 'image', 'livenessProbe', 'name'])).toBe(meant);
  });
});

describe('the data of every minor', () => {
  it.each(storeFor().minors)('%s says how large every integer may be', (minor) => {
    expect(loadSchemaFile(`kubernetes/${minor}.txt`)).not.toMatch(/"I"|\[I\]|\{I\}/);
  });
});

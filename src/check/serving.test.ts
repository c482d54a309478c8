import { describe, expect, test } from 'vitest';
import { specsOf } from '../../test/support/specs-of.js';
import { buildKustomization } from '../build/index.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from '../repository/index.js';
import { enginesSelected, portOf, secondsOf, servedNames } from './routes.js';
import { enginesOf } from './serving.js';

/** Which containers count as engines, what is known of them, and where a finding on them lands. */
function read(files: Readonly<Record<string, string>>) {
  const map = new Map(Object.entries(files));
  const specs = specsOf(map);
  const repository = readRepository(
    treeOf(map),
    {
      argocdVersion: '3.3',
      kubernetesVersion: '1.34',
      build: buildKustomization,
      ...(specs === undefined ? {} : { specs }),
    },
    () => {},
  );
  return { repository, engines: enginesOf(repository) };
}

const container = (args: string, more = '') =>
  `{name: vllm, image: "vllm/vllm-openai:v0.20.0", args: [${args}], resources: {limits: {nvidia.com/gpu: 2}}${more}}`;
const pod = (args: string, more = '', around = '') => `{${around}containers: [${container(args, more)}]}`;
const deployment = (args: string, more = '', around = '') =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: llama}, spec: {selector: {matchLabels: {app: llama}}, template: {metadata: {labels: {app: llama}}, spec: ${pod(args, more, around)}}}}`;
const model = 'meta-llama/Llama-3.1-8B-Instruct';

describe('engines of a repository', () => {
  test.each([
    ['Deployment', deployment(model), '/spec/template/spec/containers/0'],
    [
      'KServe InferenceService',
      `{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: l}, spec: {predictor: ${pod(model)}}}`,
      '/spec/predictor/containers/0',
    ],
    [
      'LeaderWorkerSet',
      `{apiVersion: leaderworkerset.x-k8s.io/v1, kind: LeaderWorkerSet, metadata: {name: l}, spec: {leaderWorkerTemplate: {size: 2, workerTemplate: {spec: ${pod(model)}}}}}`,
      '/spec/leaderWorkerTemplate/workerTemplate/spec/containers/0',
    ],
    [
      'RayService',
      `{apiVersion: ray.io/v1, kind: RayService, metadata: {name: l}, spec: {rayClusterConfig: {headGroupSpec: {template: {spec: ${pod(model)}}}}}}`,
      '/spec/rayClusterConfig/headGroupSpec/template/spec/containers/0',
    ],
    [
      'StormService',
      `{apiVersion: orchestration.aibrix.ai/v1alpha1, kind: StormService, metadata: {name: l}, spec: {template: {spec: {roles: [{name: a, template: {spec: ${pod(model)}}}]}}}}`,
      '/spec/template/spec/roles/0/template/spec/containers/0',
    ],
  ])('%s', (_, text, pointer) => {
    const { engines } = read({ 'm/a.yaml': text });
    expect(engines.map((each) => [each.container.pointer, each.model?.id])).toEqual([[pointer, 'llama-3.1-8b']]);
  });

  test('a container that runs something else is none', () => {
    expect(read({ 'm/a.yaml': deployment(model).replaceAll('vllm', 'nginx') }).engines).toEqual([]);
  });

  test('the group of a LeaderWorkerSet is one engine, unless each Pod has ranks of its own', () => {
    const group = (args: string) =>
      `{apiVersion: leaderworkerset.x-k8s.io/v1, kind: LeaderWorkerSet, metadata: {name: l}, spec: {leaderWorkerTemplate: {size: 4, workerTemplate: {spec: ${pod(args)}}}}}`;
    expect(read({ 'm/a.yaml': group(model) }).engines[0]?.contexts[0]?.podsPerReplica).toBe(4);
    const own = read({ 'm/a.yaml': group(`${model}, --data-parallel-size-local=2`) });
    expect(own.engines[0]?.contexts[0]).not.toHaveProperty('podsPerReplica');
  });

  test.each([
    ['a value', '{name: T, value: "2"}', '', 2, []],
    ['a ConfigMap of the repository', '{name: T, valueFrom: {configMapKeyRef: {name: c, key: t}}}', '', 4, []],
    ['a ConfigMap in bulk', '', ', envFrom: [{configMapRef: {name: c}, prefix: P_}]', 1, []],
    ['a Secret', '{name: T, valueFrom: {secretKeyRef: {name: s, key: t}}}', '', 1, ['tensor-parallel-size']],
  ])('variables from %s', (_, variable, more, tensor, unresolved) => {
    const { engines } = read({
      'm/a.yaml': deployment(`${model}, --tensor-parallel-size=$(T)`, `, env: [${variable}]${more}`),
      'm/c.yaml': '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {t: "4", x: "8"}}',
    });
    expect([engines[0]?.facts.tensor, engines[0]?.facts.unresolved]).toEqual([tensor, unresolved]);
  });

  test('a finding lands on the variable that states the value, else on the argument', () => {
    const [engine] = read({
      'm/a.yaml': deployment(`${model}, --max-model-len=$(LEN), -tp=2`, ', env: [{name: LEN, value: "8192"}]'),
    }).engines;
    const at = (flag: string) => engine?.pointerOf(engine.facts.flags.get(flag)!.source);
    expect(at('max-model-len')).toBe('/spec/template/spec/containers/0/env/0/value');
    expect(at('tensor-parallel-size')).toBe('/spec/template/spec/containers/0/args/2');
  });
});

describe('the cards that a Pod may land on', () => {
  const cards = (around: string) =>
    read({ 'm/a.yaml': deployment(model, '', around) }).engines[0]?.cards.map((each) => each.gpu.id);

  test.each([
    ['nothing is said', '', []],
    ['a product', 'nodeSelector: {nvidia.com/gpu.product: NVIDIA-L4}, ', ['l4']],
    ['an accelerator', 'nodeSelector: {cloud.google.com/gke-accelerator: nvidia-h100-80gb}, ', ['h100-80gb']],
    ['a machine type', 'nodeSelector: {node.kubernetes.io/instance-type: p4d.24xlarge}, ', ['a100-40gb']],
    ['a label that nobody knows', 'nodeSelector: {gpu-type: a100}, ', []],
    [
      'alternatives',
      'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: nvidia.com/gpu.product, operator: In, values: [NVIDIA-L4, NVIDIA-L40S]}]}]}}}, ',
      ['l4', 'l40s'],
    ],
    [
      'an alternative that leaves all open',
      'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: nvidia.com/gpu.product, operator: In, values: [NVIDIA-L4]}]}, {matchExpressions: [{key: zone, operator: In, values: [a]}]}]}}}, ',
      [],
    ],
  ])('%s', (_, around, expected) => {
    expect(cards(around)).toEqual(expected);
  });
});

describe('engines behind routes', () => {
  test('names, ports and Services', () => {
    const service = '{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {selector: {app: llama}}}';
    const { repository, engines } = read({
      'm/a.yaml': deployment(`${model}, --port=9000, --served-model-name=chat`),
      'm/s.yaml': service,
    });
    expect(engines.map((each) => [portOf(each), servedNames(each)])).toEqual([[9000, ['chat']]]);
    expect(enginesSelected(repository, repository.byName.get('/Service/s')![0]!)).toEqual(engines);
  });

  test.each([
    [`${model}`, [model]],
    [`${model}, --served-model-name, a, b`, undefined],
    [`${model}, --enable-lora`, undefined],
  ])('%s is served as %j', (args, names) => {
    expect(servedNames(read({ 'm/a.yaml': deployment(args) }).engines[0]!)).toEqual(names);
  });

  test.each([
    ['30s', 30],
    ['1h30m', 5400],
    ['500ms', 0.5],
    ['0s', 0],
    ['soon', undefined],
    ['', undefined],
  ])('%s is %s seconds', (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });
});

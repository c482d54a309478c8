import { describe, expect, it } from 'vitest';
import {
  changed,
  cluster,
  decided,
  deployment,
  type Files,
  family,
  type Loose,
  planOf,
  specs,
} from '../../test/support/plans.js';
import { planFiles, renderFiles } from '../../test/support/rendering.js';

describe('sizes', () => {
  it('are worked out from the model and the pools, with the arithmetic', () => {
    const plan = planOf(new Map(specs));
    expect(decided(plan, 'llama-3.1-8b', 'development')).toMatchObject({
      gpu: 'l4',
      tensor: 1,
      context: 8192,
      maxNumSeqs: 256,
    });
    expect(decided(plan, 'llama-3.1-8b', 'production')).toMatchObject({ gpu: 'a100-80gb', tensor: 1 });
    const why = deployment(plan, 'llama-3.1-8b', 'development').workedOut;
    expect(why.map((each) => each.field)).toContain('gpu');
    expect(why.find((each) => each.field === 'gpu')?.why).toMatch(/22\.0 GiB x 0\.9 = 19\.8 GiB/);
  });

  it('go to the product that a pool names, or to all products of its class', () => {
    const nodes = (gpu: string) =>
      decided(
        planOf(changed(cluster('staging'), (value) => (value.spec.nodePools[0].gpu = gpu))),
        'llama-3.1-8b',
        'staging',
      ).nodes;
    expect(nodes('NVIDIA-A100-SXM4-80GB')).toEqual({
      key: 'nvidia.com/gpu.product',
      values: ['NVIDIA-A100-SXM4-80GB'],
    });
    expect(nodes('a100-80gb').values.length).toBeGreaterThan(1);
  });

  it('take what the spec says', () => {
    const files = changed(family, (value) => {
      value.spec.models[0].resources = { cpu: { request: 6, limit: 12 }, memory: '48Gi', gpus: 2 };
      value.spec.models[0].environments = { staging: { context: 4096, engine: { args: { 'max-num-seqs': 64 } } } };
    });
    files.set(
      cluster('development'),
      String(files.get(cluster('development'))).replace('gpusPerNode: 1', 'gpusPerNode: 2'),
    );
    const plan = planOf(files);
    expect(decided(plan, 'llama-3.1-8b', 'staging')).toMatchObject({
      tensor: 2,
      gpusPerPod: 2,
      cpuRequest: 6000,
      cpuLimit: 12000,
      context: 4096,
      maxNumSeqs: 64,
    });
    expect(decided(plan, 'llama-3.1-8b', 'production')).toMatchObject({ context: 8192, maxNumSeqs: 256 });
    expect((deployment(plan, 'llama-3.1-8b', 'staging').values as Loose).resources.limits).toEqual({
      cpu: '12',
      memory: '48Gi',
      'nvidia.com/gpu': '2',
    });
  });

  const refused: readonly [
    title: string,
    path: string,
    change: (value: Loose) => void,
    rule: string,
    message: RegExp,
  ][] = [
    [
      'a model that does not fit',
      family,
      (v) => (v.spec.models[2].parallelism = { tensor: 1 }),
      'model-does-not-fit',
      /does not fit on 1 x h100-80gb/,
    ],
    [
      'a context of which not one request is expected to fit, though the best figures seen would hold it',
      family,
      (v) => {
        v.spec.models[0].context = 32768;
        v.spec.models[0].replicas = { development: 1 };
      },
      'model-does-not-fit',
      /does not fit on 1 x .*one request of 32768 tokens takes 4.0/,
    ],
    [
      'a GPU that the cluster has not',
      family,
      (v) => (v.spec.models[0].gpu = 'h100-80gb'),
      'no-gpu-pool',
      /cluster "development" has no pool of h100-80gb/,
    ],
    [
      'more GPUs than a node has',
      family,
      (v) => (v.spec.models[2].parallelism = { tensor: 8, pipeline: 2 }),
      'gpus-per-node',
      /needs 16 x h100-80gb in one Pod/,
    ],
    [
      'a precision without a checkpoint',
      family,
      (v) => {
        delete v.spec.models[1].source;
        delete v.spec.models[1].quantizeAtLoad;
        v.spec.models[1].precision = 'int8';
      },
      'precision-without-checkpoint',
      /no int8 checkpoint/,
    ],
    [
      'a range without a source of metrics',
      cluster('production'),
      (v) => delete v.spec.installed.keda,
      'autoscaler-without-metrics',
      /no source of metrics/,
    ],
    [
      'shared volumes without a StorageClass for them',
      cluster('staging'),
      (v) => (v.spec.storageClasses = [{ name: 'gp3', accessModes: ['ReadWriteOnce'] }]),
      'storage-class-missing',
      /needs a StorageClass with ReadWriteMany/,
    ],
    [
      'image volumes with weights of Hugging Face',
      cluster('staging'),
      (v) => (v.spec.modelStorage = 'oci-volume'),
      'storage-and-source',
      /needs a source oci/,
    ],
    [
      'object storage with weights of Hugging Face',
      cluster('staging'),
      (v) => (v.spec.modelStorage = 'object-stream'),
      'storage-and-source',
      /needs a source in object storage/,
    ],
  ];
  it.each(refused)('refuse %s', (_title, path, change, rule, message) => {
    const { problems } = planFiles(changed(path, change));
    const found = problems.filter((problem) => problem.ruleId === rule);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.severity).toBe('error');
    expect(found[0]?.message).toMatch(message);
  });

  it('refuse an unknown model without figures, and take one with them', () => {
    const unknown = changed(family, (value) => {
      value.spec.models[2] = { name: 'house-model', source: 's3://models/house/v1', replicas: { production: 1 } };
      value.spec.phases[2].models = ['house-model'];
    });
    expect(planFiles(unknown).problems.map((problem) => problem.ruleId)).toContain('unknown-model');
    const known = changed(family, (value) => {
      value.spec.models[2] = {
        name: 'house-model',
        source: 's3://models/house/v1',
        gpu: 'h100-80gb',
        resources: { gpus: 2, memory: '64Gi' },
        replicas: { production: 1 },
      };
      value.spec.phases[2].models = ['house-model'];
    });
    const values = deployment(planOf(known), 'house-model', 'production').values as Loose;
    expect(values.source).toMatchObject({ id: 's3://models/house/v1', loadFormat: 'runai_streamer' });
    expect(values.startup.seconds).toBe(3600);
  });
});

describe('models that take images', () => {
  const limit = (files: Files): string | undefined => {
    const rendered = renderFiles(files);
    const texts = [...rendered.after]
      .filter(([path]) => path.endsWith('deployment.yaml'))
      .map(([, text]) => String(text));
    return texts.map((text) => /--limit-mm-per-prompt[^'"\n]*\S*/.exec(text)?.[0]).find((each) => each !== undefined);
  };
  const taking = (args?: Record<string, string>) =>
    changed(family, (value) => {
      Object.assign(value.spec.models[0], { model: 'gemma-3-4b', source: 'hf://google/gemma-3-4b-it' });
      if (args !== undefined) value.spec.models[0].engine = { args };
    });

  it('say how many a prompt may bring, so that no memory is kept for the default', () => {
    expect(limit(taking())).toContain('--limit-mm-per-prompt={"image":1}');
  });

  it('as the spec says where it does', () => {
    expect(limit(taking({ 'limit-mm-per-prompt': '{"image":4}' }))).toContain('{"image":4}');
    expect(limit(taking({ 'language-model-only': 'true' }))).toBeUndefined();
  });

  it('and models that take text alone do not', () => {
    expect(limit(new Map(specs))).toBeUndefined();
  });
});

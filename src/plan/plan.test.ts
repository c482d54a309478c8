import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { fixture, planFiles, renderFiles } from '../../test/support/rendering.js';
import { buildKustomization, emitStream } from '../build/index.js';
import { type FileContent, treeOf } from '../files/file-map.js';
import { demandByCluster } from '../render/demand.js';
import { capacityView } from './capacity-view.js';
import type { DeploymentPlan, Plan } from './plan.js';
import { formatPlanText } from './view-text.js';

type Files = Map<string, FileContent>;
// biome-ignore lint/suspicious/noExplicitAny: the tests change parsed YAML freely
type Loose = any;

/** The bundled family with one file changed. */
function changed(path: string, change: (value: Loose) => void, from = 'specs/llama-3.1'): Files {
  const files: Files = new Map(fixture(from));
  const value = parse(String(files.get(path)));
  change(value);
  files.set(path, stringify(value));
  return files;
}

const family = 'families/llama-3.1.yaml';
const project = 'gitops-gen.yaml';
const cluster = (name: string) => `clusters/${name}/cluster-config.yaml`;

function planOf(files: Files): Plan {
  const { plan, problems } = planFiles(files);
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  return plan as Plan;
}

function deployment(plan: Plan, model: string, environment: string): DeploymentPlan {
  const found = plan.families
    .flatMap((each) => each.models)
    .find((each) => each.name === model)
    ?.deployments.find((each) => each.environment === environment);
  expect(found, `${model} in ${environment}`).toBeDefined();
  return found as DeploymentPlan;
}

function decided(plan: Plan, model: string, environment: string): Loose {
  return deployment(plan, model, environment).decisions['decided'];
}

const specs = fixture('specs/llama-3.1');

describe('names, applications and waves', () => {
  const plan = planOf(new Map(specs));

  it('derives names, one Application per model and environment', () => {
    expect(plan.families[0]?.models.flatMap((model) => model.deployments.map((each) => each.application))).toEqual([
      'llama-3-1-8b-development',
      'llama-3-1-8b-staging',
      'llama-3-1-8b-production',
      'llama-3-1-70b-fp8-staging',
      'llama-3-1-70b-fp8-production',
      'llama-3-1-70b-production',
    ]);
    expect(deployment(plan, 'llama-3.1-8b', 'production').namespace).toBe('llama-3-1-production');
  });

  it('gives phases waves in steps of ten', () => {
    expect(plan.families[0]?.phases.map((phase) => [phase.name, phase.wave])).toEqual([
      ['foundation', 10],
      ['scale-up', 20],
      ['enterprise', 30],
    ]);
  });

  it('has one Argo CD in the first cluster where nothing is said', () => {
    const plain = planOf(changed(project, (value) => delete value.spec.argocd));
    expect(plain.instances).toMatchObject([
      {
        name: 'argocd',
        namespace: 'argocd',
        cluster: 'development',
        manages: ['development', 'staging', 'production'],
      },
    ]);
    expect(plain.clusters.map((each) => each.destination)).toEqual([
      { server: 'https://kubernetes.default.svc' },
      { name: 'staging' },
      { name: 'production' },
    ]);
  });

  it('names a parent apart from a model that bears the name of the family', () => {
    const files = changed(family, (value) => {
      value.spec.models[0].name = 'llama-3.1';
      value.spec.models[0].model = 'llama-3.1-8b';
      value.spec.phases[0].models = ['llama-3.1'];
    });
    const release = planOf(files).families[0]?.releases[0];
    expect(release?.parent.name).toBe('llama-3-1-family-development');
  });

  it('refuses two models that become one Application', () => {
    const files = new Map<string, FileContent>(specs);
    files.set('families/other.yaml', String(specs.get(family)).replace('name: llama-3.1\n', 'name: other\n'));
    const { problems } = planFiles(files);
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(/llama-3\.1-8b/);
    expect(problems.some((problem) => problem.severity === 'error')).toBe(true);
  });
});

describe('promotion', () => {
  const commit = 'a'.repeat(40);

  it('renders no parent for a pinned environment before the first promotion', () => {
    const { rendering, plan } = renderFiles(specs);
    const files = rendering?.files;
    expect(files?.has('argocd/families/llama-3.1/development/parent.yaml')).toBe(true);
    expect(files?.has('argocd/families/llama-3.1/staging/parent.yaml')).toBe(false);
    expect(files?.has('argocd/families/llama-3.1/staging/children/llama-3.1-8b.yaml')).toBe(true);
    expect(plan?.notes.filter((note) => note.kind === 'not-promoted').map((note) => note.environment)).toEqual([
      'staging',
      'production',
    ]);
  });

  it('is one line of one file, and is kept by the next rendering', () => {
    const first = renderFiles(specs, { pins: new Map([['llama-3.1/staging/staging', commit]]) });
    const parent = 'argocd/families/llama-3.1/staging/parent.yaml';
    expect(parse(String(first.after.get(parent))).spec.source.targetRevision).toBe(commit);
    const second = renderFiles(first.after, { pins: new Map([['llama-3.1/staging/staging', 'b'.repeat(40)]]) });
    const changes = [...second.after].filter(([path, text]) => first.after.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([parent]);
    const before = String(first.after.get(parent)).split('\n');
    expect(
      String(changes[0]?.[1])
        .split('\n')
        .filter((line, index) => line !== before[index]),
    ).toEqual([`    targetRevision: ${'b'.repeat(40)}`]);
  });

  it('follows the branch where the environment says so', () => {
    const files = changed(project, (value) => (value.spec.environments[1].follow = 'branch'));
    expect(planOf(files).families[0]?.releases[1]?.parent).toMatchObject({ revision: 'main', pinned: false });
  });
});

describe('phases', () => {
  it('reserves a phase where it is not enabled: planned, not rendered', () => {
    const files = changed(family, (value) => (value.spec.phases[2].enabledIn = ['development']));
    const { plan, rendering } = renderFiles(files);
    expect(plan?.families[0]?.phases[2]).toMatchObject({ name: 'enterprise', reservedIn: ['production'] });
    expect(plan?.notes.find((note) => note.kind === 'phase-reserved')?.hint).toBe(
      'gitops-gen phase enable enterprise --env production',
    );
    expect(
      [...(rendering?.files.keys() ?? [])].filter((path) => path.startsWith('applications/llama-3.1-70b/')),
    ).toEqual([]);
  });
});

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

describe('the rollout', () => {
  it('surges by one only where the inventory has a place for it', () => {
    const plan = planOf(new Map(specs));
    expect(decided(plan, 'llama-3.1-8b', 'staging').strategy).toBe('surge');
    expect(decided(plan, 'llama-3.1-70b-fp8', 'staging').strategy).toBe('in-place');
    const roomy = planOf(changed(cluster('staging'), (value) => (value.spec.nodePools[0].nodes = 2)));
    expect(decided(roomy, 'llama-3.1-70b-fp8', 'staging').strategy).toBe('surge');
  });

  it('counts what other families and environments hold on the same cluster', () => {
    const files = changed(cluster('staging'), (value) => (value.spec.nodePools[0].used = [{ nodes: 1, gpus: 2 }]));
    expect(decided(planOf(files), 'llama-3.1-8b', 'staging').strategy).toBe('in-place');
  });

  it('counts surge Pods against quotas', () => {
    const quota = (gpus: number) =>
      changed(cluster('staging'), (value) => {
        value.spec.quotas = {
          resourceQuotas: [{ namespace: 'llama-3-1-staging', hard: { 'requests.nvidia.com/gpu': gpus } }],
        };
      });
    // Two replicas of one GPU and one of four: six in all.
    expect(decided(planOf(quota(7)), 'llama-3.1-8b', 'staging').strategy).toBe('surge');
    expect(decided(planOf(quota(6)), 'llama-3.1-8b', 'staging').strategy).toBe('in-place');
  });

  it('is what the spec says', () => {
    const files = changed(family, (value) => (value.spec.models[0].strategy = 'recreate'));
    expect((deployment(planOf(files), 'llama-3.1-8b', 'staging').values as Loose).strategy).toEqual({
      type: 'Recreate',
    });
  });

  it('has no disruption budget at one replica', () => {
    const plan = planOf(new Map(specs));
    expect((deployment(plan, 'llama-3.1-70b-fp8', 'staging').values as Loose).disruptionBudget).toBeUndefined();
    expect((deployment(plan, 'llama-3.1-70b-fp8', 'production').values as Loose).disruptionBudget).toBe(true);
  });

  it('checks GPUs before a sync only where no pool can grow', () => {
    const plan = planOf(new Map(specs));
    expect((deployment(plan, 'llama-3.1-8b', 'development').values as Loose).gpuCheck).toBeUndefined();
    expect((deployment(plan, 'llama-3.1-8b', 'staging').values as Loose).gpuCheck).toMatchObject({
      replicas: '2',
      gpusPerPod: '1',
    });
  });
});

describe('the lock', () => {
  const first = renderFiles(specs);

  /** The same repository after its production cluster got a pool of cheaper cards in which the small model fits. */
  function withNewPool(): Files {
    const files: Files = new Map(first.after);
    const value = parse(String(files.get(cluster('production'))));
    value.spec.nodePools.push({
      name: 'l4',
      gpu: 'l4',
      gpusPerNode: 1,
      nodes: 30,
      allocatable: { cpu: 15, memory: '57Gi' },
    });
    files.set(cluster('production'), stringify(value));
    return files;
  }

  it('keeps every Pod template as it is when a pool is added', () => {
    const again = renderFiles(withNewPool());
    const changes = [...again.after].filter(
      ([path, text]) => first.after.get(path) !== text && path !== cluster('production'),
    );
    expect(changes).toEqual([]);
    expect(again.plan?.notes.find((note) => note.kind === 'replan')?.message).toMatch(/gpu a100-80gb → l4/);
  });

  it('keeps to the nodes that were chosen when a pool of the same cards but other taints is added', () => {
    const files: Files = new Map(first.after);
    const value = parse(String(files.get(cluster('production'))));
    const [pool] = value.spec.nodePools;
    value.spec.nodePools.push({
      ...pool,
      name: 'spot',
      taints: [...pool.taints, { key: 'spot', effect: 'NoSchedule' }],
    });
    files.set(cluster('production'), stringify(value));
    const changes = [...renderFiles(files).after].filter(([path, text]) => files.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([]);
  });

  it('gives way to a new plan when that is asked for', () => {
    const again = planFiles(withNewPool(), { replan: true });
    expect(decided(again.plan as Plan, 'llama-3.1-8b', 'production').gpu).toBe('l4');
  });

  it('gives way to a changed spec', () => {
    const files = withNewPool();
    const value = parse(String(files.get(family)));
    value.spec.models[0].context = 4096;
    files.set(family, stringify(value));
    expect(decided(planOf(files), 'llama-3.1-8b', 'production')).toMatchObject({ gpu: 'l4', context: 4096 });
  });

  it('counts as none where somebody edited it into nonsense', () => {
    const files: Files = new Map(first.after);
    files.set(
      '.gitops-gen/lock/llama-3.1.yaml',
      'models: { llama-3.1-8b: { staging: { staging: { given: {}, decided: { tensor: -1 } } } } }\n',
    );
    expect(decided(planOf(files), 'llama-3.1-8b', 'staging').tensor).toBe(1);
  });
});

describe('several Argo CDs', () => {
  const files = changed(project, (value) => {
    value.spec.argocd.instances = [
      { name: 'test', manages: ['development', 'staging'], cluster: 'staging', configOwner: 'helm' },
      { name: 'live', manages: ['production'], namespace: 'argocd-live' },
    ];
  });
  const { plan, rendering } = renderFiles(files, {
    pins: new Map([['llama-3.1/production/production', 'd'.repeat(40)]]),
  });

  it('get a root, projects and a platform each', () => {
    const paths = [...(rendering?.files.keys() ?? [])];
    expect(paths).toContain('argocd/roots/test.yaml');
    expect(paths).toContain('argocd/roots/live.yaml');
    expect(paths.filter((path) => path.startsWith('argocd/projects/live/'))).toEqual([
      'argocd/projects/live/kustomization.yaml',
      'argocd/projects/live/llama-3-1-production.yaml',
      'argocd/projects/live/platform.yaml',
    ]);
    expect(parse(String(rendering?.files.get('argocd/instances/live/kustomization.yaml'))).resources).toEqual([
      '../../projects/live',
      '../../platform/production',
      '../../families/llama-3.1/production',
    ]);
  });

  it('reach their own cluster by its fixed address and others by name', () => {
    expect(plan?.clusters.map((each) => each.destination)).toEqual([
      { name: 'development' },
      { server: 'https://kubernetes.default.svc' },
      { server: 'https://kubernetes.default.svc' },
    ]);
    const child = parse(
      String(rendering?.files.get('argocd/families/llama-3.1/production/children/llama-3.1-8b.yaml')),
    );
    expect(child.metadata.namespace).toBe('argocd-live');
  });

  it('are refused where none manages a cluster', () => {
    const orphaned = changed(project, (value) => (value.spec.argocd.instances = [{ name: 'a', manages: ['staging'] }]));
    expect(planFiles(orphaned).problems.filter((problem) => problem.severity === 'error').length).toBeGreaterThan(0);
  });
});

describe('the view per wave', () => {
  const { plan, after } = renderFiles(specs);
  const clusters = ['development', 'staging', 'production'].map((name) => parse(String(specs.get(cluster(name)))));
  const view = capacityView({ plan: plan as Plan, clusters, demand: demandByCluster(plan as Plan, after) });

  it('has what each pool has, and what is used of it when', () => {
    const waves = view.environments[2]?.clusters[0]?.waves ?? [];
    const used = waves.map(({ wave, phase, pools }) => [
      `${wave} ${phase}`,
      ...pools.map(({ pool, have, steady, maximum, free }) => [pool, have, steady, maximum, free]),
    ]);
    expect(used).toEqual([
      ['10 foundation', ['a100', 64, 5, 20, 59], ['h100', 32, 0, 0, 32]],
      ['20 scale-up', ['a100', 64, 17, 52, 47], ['h100', 32, 0, 0, 32]],
      ['30 enterprise', ['a100', 64, 17, 52, 47], ['h100', 32, 16, 32, 16]],
    ]);
    // The large model surges by one replica of eight GPUs.
    expect(waves[2]?.pools[1]?.rollout).toBe(24);
    for (const wave of waves) expect(wave.verdict).toMatch(/^(order-safe|possible)$/);
  });

  it('tells the loss of a node apart from what is planned', () => {
    const wave = view.environments[1]?.clusters[0]?.waves.at(-1);
    expect(wave?.verdict).not.toBe('impossible');
    expect(wave?.nodeGone).toBe('impossible');
  });

  it('is one environment where one is asked for', () => {
    const one = capacityView({ plan: plan as Plan, clusters, demand: new Map(), environment: 'staging' });
    expect(one.environments.map((each) => each.name)).toEqual(['staging']);
    expect(one.notes.every((note) => note.environment === undefined || note.environment === 'staging')).toBe(true);
  });

  it('is a table for people, with the arithmetic on request', () => {
    const text = formatPlanText(view);
    expect(text).toContain(
      'production on cluster production (the inventory declared on 2026-11-21)\n  wave 10  foundation: fits, in any order\n    llama-3.1-8b  5 to 20 x 1 a100-80gb, surge\n',
    );
    expect(text).toMatch(/^ {4}a100 {2}a100-80gb +64 +0 +5 +\d+ +20 +- +59$/m);
    expect(text).toContain('gitops-gen promote llama-3.1 --to staging');
    expect(text).not.toContain('GiB x 0.9');
    expect(formatPlanText(view, { workedOut: true })).toContain('79.2 GiB x 0.9 = 71.2 GiB a GPU');
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

describe('versions', () => {
  const first = renderFiles(specs);
  const images = 'versions/staging/kustomization.yaml';

  it('are read and never written', () => {
    const files: Files = new Map(first.after);
    files.set(images, String(files.get(images)).replace('v0.28.0', 'v0.28.1'));
    const again = renderFiles(files);
    expect(again.rendering?.files.has(images)).toBe(false);
    expect(String(again.after.get(images))).toContain('v0.28.1');
    // A new image alone changes no Pod template: the tag stands in versions/ and nowhere else.
    const changes = [...again.after].filter(([path, text]) => files.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([]);
  });

  it('carry the revisions of weights into the overlays', () => {
    const files: Files = new Map(first.after);
    const path = 'versions/staging/llama-3.1-8b/revision.yaml';
    files.set(path, String(files.get(path)).replace(/^revision: .*/m, `revision: "${'c'.repeat(40)}"`));
    const again = renderFiles(files);
    expect(String(again.after.get('applications/llama-3.1-8b/overlays/staging/engine.yaml'))).toContain('c'.repeat(40));
    expect(again.after.get(path)).toBe(files.get(path));
  });

  it('take revisions from the list of an environment too, and then write no file of their own', () => {
    const files: Files = new Map(first.after);
    files.delete('versions/staging/llama-3.1-8b/revision.yaml');
    files.set('versions/staging/models.yaml', `revisions:\n  llama-3.1-8b: "${'d'.repeat(40)}"\n`);
    const again = renderFiles(files);
    expect(String(again.after.get('applications/llama-3.1-8b/overlays/staging/engine.yaml'))).toContain('d'.repeat(40));
    expect(again.after.has('versions/staging/llama-3.1-8b/revision.yaml')).toBe(false);
  });

  it('may name another image for one model alone', () => {
    const files: Files = new Map(first.after);
    const own = 'versions/staging/llama-3.1-8b/kustomization.yaml';
    const newTag = `v0.29.1@sha256:${'e'.repeat(64)}`;
    files.set(
      own,
      `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n  - name: vllm/vllm-openai\n    newTag: ${newTag}\n`,
    );
    const again = renderFiles(files);
    expect(again.problems).toEqual([]);
    const built = (overlay: string) =>
      emitStream(buildKustomization(treeOf(again.after), `applications/${overlay}`, () => {}).resources);
    expect(built('llama-3.1-8b/overlays/staging')).toContain(`image: vllm/vllm-openai:${newTag}`);
    expect(built('llama-3.1-70b-fp8/overlays/staging')).not.toContain('v0.29.1');
    const deployment = again.plan?.families[0]?.models
      .find(({ name }) => name === 'llama-3.1-8b')
      ?.deployments.find(({ environment }) => environment === 'staging');
    expect(deployment?.values['engine']).toMatchObject({ version: '0.29.1' });
  });

  it('of another minor release leave what is rendered as it is, the lock among it', () => {
    const files: Files = new Map(first.after);
    files.set(images, String(files.get(images)).replace('v0.28.0', 'v0.29.0'));
    const again = renderFiles(files);
    const changes = [...again.after].filter(([path, text]) => files.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([]);
  });

  it('have to name every image that runs', () => {
    const files: Files = new Map(first.after);
    files.set(
      images,
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n  - name: python\n    newTag: "3"\n',
    );
    expect(planFiles(files).problems.find((problem) => problem.ruleId === 'versions-without-image')?.at.file).toBe(
      images,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  changed,
  cluster,
  decided,
  deployment,
  family,
  type Loose,
  planOf,
  project,
  specs,
} from '../../test/support/plans.js';
import { planFiles, renderFiles } from '../../test/support/rendering.js';
import type { FileContent } from '../files/file-map.js';
import { demandByCluster } from '../render/demand.js';
import { capacityView } from './capacity-view.js';
import type { Plan } from './plan.js';
import { formatPlanText } from './view-text.js';

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

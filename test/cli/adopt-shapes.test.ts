import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildKustomization, type Resource } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import { renderedDifference } from '../../src/publish/rendered-diff.js';
import { renderedDifferenceText } from '../../src/publish/rendered-diff-text.js';
import { call } from '../support/cli.js';
import { emptyFolder, files, inRepository, put, read, succeed } from '../support/repositories.js';
import { type Shape, shapes } from './adopt-shapes.js';

interface Expected {
  /** The only family file, and what its only model has to say. */
  readonly family: string;
  readonly model: object;
  readonly environments: readonly string[];
  readonly clusters: readonly string[];
  /** What was deployed, by environment: its folder, and the namespace that its Application gives it. */
  readonly deployed: Readonly<Record<string, readonly [folder: string, namespace: string]>>;
  readonly notRead?: readonly string[];
  /** Files that make way, as adopt says. */
  readonly replaced: readonly string[];
}

const expected: Readonly<Record<keyof typeof shapes, Expected>> = {
  appOfApps: {
    family: 'families/llama-3.1.yaml',
    model: {
      name: 'llama',
      model: 'llama-3.1-8b',
      source: 'hf://meta-llama/Llama-3.1-8B-Instruct',
      context: 8192,
      gpu: 'l4',
      image: 'vllm/vllm-openai:v0.26.1',
      serviceName: 'llama',
      replicas: { dev: 1, prod: 3 },
      environments: { dev: { namespace: 'llm-dev' }, prod: { namespace: 'llm-prod' } },
    },
    environments: ['dev', 'prod'],
    clusters: ['shared'],
    deployed: {
      dev: ['models/llama/overlays/dev', 'llm-dev'],
      prod: ['models/llama/overlays/prod', 'llm-prod'],
    },
    replaced: ['bootstrap/apps/llama-dev.yaml', 'bootstrap/apps/llama-prod.yaml'],
  },
  applicationSet: {
    family: 'families/qwen3.yaml',
    model: {
      name: 'qwen',
      model: 'qwen3-32b',
      context: 16384,
      gpu: 'h100-80gb',
      parallelism: { tensor: 2 },
      image: 'vllm/vllm-openai:v0.25.0',
      replicas: { staging: 1, production: 2 },
    },
    environments: ['staging', 'production'],
    clusters: ['production', 'staging'],
    deployed: {
      staging: ['qwen/overlays/staging', 'qwen-staging'],
      production: ['qwen/overlays/production', 'qwen-production'],
    },
    replaced: ['argocd/models.yaml'],
  },
  plainFolders: {
    family: 'families/mistral.yaml',
    model: {
      name: 'mistral',
      model: 'mistral-7b',
      source: 'hf://mistralai/Mistral-7B-Instruct-v0.3',
      context: 8192,
      namespace: 'mistral',
      serviceName: 'mistral',
      replicas: { production: 1 },
    },
    environments: ['production'],
    clusters: ['production'],
    deployed: { production: ['prod/mistral', 'mistral'] },
    replaced: ['apps/mistral-prod.yaml'],
  },
  shellAndChart: {
    family: 'families/qwen3.yaml',
    model: {
      name: 'qwen',
      model: 'qwen3-8b',
      context: 8192,
      image: 'registry.example.com/ml/vllm:2026-10',
      namespace: 'qwen-prod',
      replicas: { production: 1 },
    },
    environments: ['production'],
    clusters: ['production'],
    deployed: { production: ['qwen', 'qwen-prod'] },
    notRead: ['Application stack (apps/stack.yaml): the Helm chart vllm-stack comes from'],
    replaced: ['apps/qwen.yaml'],
  },
};

/** What a folder builds to in a namespace; a folder without a kustomization is all of its manifests. */
function built(tree: ReadonlyMap<string, string>, folder: string, namespace?: string): readonly Resource[] {
  const inside = [...tree.keys()].filter((path) => path.startsWith(`${folder}/`));
  const own = `${folder}/kustomization.yaml`;
  const list = inside.map((path) => path.slice(folder.length + 1)).join(', ');
  const all = inside.includes(own) ? tree : new Map([...tree, [own, `resources: [${list}]\n`]]);
  const { resources } = buildKustomization(treeOf(all), folder, () => {});
  return resources.map((each) => {
    const metadata = each.value['metadata'] as { namespace?: string };
    const placed = { ...metadata, namespace: metadata.namespace ?? namespace };
    return namespace === undefined ? each : ({ ...each, value: { ...each.value, metadata: placed } } as Resource);
  });
}

it.each(Object.keys(shapes) as (keyof typeof shapes)[])(
  'adopt reads %s, changes nothing else, and render afterwards differs only where it said',
  async (name) => {
    const shape: Shape = shapes[name];
    const wanted = expected[name];
    const dir = join(emptyFolder(), 'serving');
    for (const [path, text] of Object.entries(shape)) put(dir, path, text);
    const before = files(dir);
    const { code, stdout } = await call(['adopt', '-C', dir]);
    expect(code).toBe(0);
    const drafted = files(dir);
    for (const [path, text] of before) expect(drafted.get(path)).toBe(text);
    expect([...drafted.keys()].filter((path) => !before.has(path)).sort()).toEqual(
      [
        ...wanted.clusters.map((cluster) => `clusters/${cluster}/cluster-config.yaml`),
        wanted.family,
        'gitops-gen.yaml',
      ].sort(),
    );

    const { spec } = parse(read(dir, wanted.family));
    expect(spec.models).toHaveLength(1);
    expect(spec.models[0]).toMatchObject(wanted.model);
    const { environments } = parse(read(dir, 'gitops-gen.yaml')).spec;
    expect(environments.map((each: { name: string }) => each.name)).toEqual(wanted.environments);
    for (const words of wanted.notRead ?? []) expect(stdout).toContain(`- ${words}`);
    expect(stdout.includes('Not read:')).toBe(wanted.notRead !== undefined);
    const owners = [...stdout.matchAll(/^ {2}- (\S+) \(Application \S+\)$/gmu)].map(([, file = '']) => file);
    expect([...new Set(owners)]).toEqual(wanted.replaced);

    // As it says: what deploys it now makes way in the same change.
    for (const path of wanted.replaced) rmSync(join(dir, path));
    await succeed(dir, ['render']);
    const after = files(dir);
    for (const [path, text] of before) if (!wanted.replaced.includes(path)) expect(after.get(path)).toBe(text);
    for (const [environment, [folder, namespace]] of Object.entries(wanted.deployed)) {
      const overlay =
        [...after.keys()].find(
          (path) => path.endsWith(`/overlays/${environment}/kustomization.yaml`) && path.startsWith('applications/'),
        ) ?? '';
      const difference = renderedDifference(
        built(before, folder, namespace),
        built(after, overlay.replace(/\/[^/]*$/u, '')),
      );
      expect(stdout).toContain(renderedDifferenceText(difference).replace(/^(?=.)/gmu, '  '));
    }
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
  },
  60_000,
);

it('adopt says why where nothing can be read', async () => {
  const dir = join(emptyFolder(), 'serving');
  put(dir, 'apps/stack.yaml', shapes.shellAndChart['apps/stack.yaml'] ?? '');
  const { code, stderr } = await call(['adopt', '-C', dir]);
  expect(code).toBe(2);
  expect(stderr).toContain('not read: Application stack (apps/stack.yaml): the Helm chart vllm-stack comes from');
  expect([...files(dir).keys()]).toEqual(['apps/stack.yaml']);
});

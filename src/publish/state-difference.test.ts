import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture, renderFiles } from '../../test/support/rendering.js';
import { buildKustomization } from '../build/index.js';
import { treeOf } from '../files/file-map.js';
import { readSpecs } from '../spec/read.js';
import { differenceJson } from './difference-json.js';
import { differenceMarkdown } from './difference-markdown.js';
import { differenceText } from './difference-text.js';
import { type CompareOptions, type State, stateDifference } from './state-difference.js';

type Files = ReadonlyMap<string, string | Uint8Array>;

function state(files: Files): State {
  return {
    tree: treeOf(files as Map<string, string | Uint8Array>),
    read: { argocdVersion: '3.4.0', kubernetesVersion: '1.34', specs: readSpecs(files, () => {}) },
  };
}

function compare(before: Files, after: Files, options?: CompareOptions) {
  return stateDifference(state(before), state(after), buildKustomization, options);
}

const edit = (files: Files, path: string, change: (text: string) => string): Map<string, string | Uint8Array> =>
  new Map(files).set(path, change(String(files.get(path))));

const main = fixture('ok/main-seed');
const BASE = 'applications/llama-3.1-8b/base/llmdeployment.yaml';

describe('what is built', () => {
  it('only what reads something else than before', () => {
    const path = [...main.keys()].find(
      (each) => each.includes('llama-3.1-8b/overlays/staging/') && each.endsWith('.yaml'),
    );
    const after = edit(main, String(path), (text) => `${text}\n# a comment\n`);
    const sparing = compare(main, after);
    const everything = compare(main, after, { everything: true });
    expect(sparing.applications).toEqual([]);
    expect(sparing.builds.filter((dir) => dir.startsWith('applications/'))).toEqual([
      'applications/llama-3.1-8b/overlays/staging',
      'applications/llama-3.1-8b/overlays/staging',
    ]);
    expect(everything.builds.filter((dir) => dir.startsWith('applications/')).length).toBeGreaterThan(4);
  });

  it.each(['main-seed', 'hub-and-clusters', 'two-environments-one-cluster'])(
    'makes no difference to the result: any edits of %s, against building everything',
    (name) => {
      const files = fixture(`ok/${name}`);
      const texts = [...files.keys()].filter((path) => /\.ya?ml$/u.test(path) && !path.startsWith('.gitops-gen/'));
      const edits = fc.array(fc.record({ path: fc.constantFrom(...texts), how: fc.constantFrom(...EDITS) }), {
        minLength: 1,
        maxLength: 4,
      });
      let different = 0;
      fc.assert(
        fc.property(edits, (all) => {
          const after = new Map<string, string | Uint8Array>(files);
          for (const { path, how } of all) {
            const text = how(String(after.get(path) ?? ''));
            if (text === undefined) after.delete(path);
            else after.set(path, text);
          }
          const [sparing, everything] = [compare(files, after), compare(files, after, { everything: true })];
          const plain = (one: typeof sparing) => differenceJson(one, { name: 'a' }, { name: 'b' });
          expect(plain(sparing)).toEqual(plain(everything));
          if (everything.applications.length > 0) different += 1;
        }),
        { seed: 11, numRuns: process.env['GITOPS_GEN_DEEP'] ? 500 : 12 },
      );
      expect(different).toBeGreaterThan(4);
    },
    300_000,
  );
});

/** What people do to a file: numbers, images, names, kinds, whole files. */
const EDITS: readonly ((text: string) => string | undefined)[] = [
  (text) => text.replace(/replicas: (\d+)/u, (_, count: string) => `replicas: ${Number(count) + 1}`),
  (text) => text.replace(/(newTag|image): .*/u, '$1: v9.9.9'),
  (text) => text.replace(/name: ([\w.-]+)/u, 'name: $1-x'),
  (text) => text.replace(/namespace: .*/u, 'namespace: elsewhere'),
  (text) => text.replace(/kind: \w+/u, 'kind: ConfigMap'),
  (text) => text.replace(/targetRevision: .*/u, 'targetRevision: other'),
  (text) => text.replace(/path: .*/u, 'path: applications/nowhere'),
  (text) => `${text}# said\n`,
  (text) => `${text}\n: [broken\n`,
  () => undefined,
];

describe('a difference of two states', () => {
  it('says by Application what restarts, on how many GPUs, and how long until it is warm', async () => {
    const rendered = renderFiles(main).after;
    const spec = [...rendered.keys()].find((path) => path.startsWith('families/')) as string;
    const after = renderFiles(
      edit(rendered, spec, (text) => text.replace('context: 8192', 'context: 4096')),
      {
        replan: true,
      },
    ).after;
    const difference = compare(rendered, after);
    await expect(differenceText(difference)).toMatchFileSnapshot('cases/context.diff.txt');
    await expect(differenceMarkdown(difference)).toMatchFileSnapshot('cases/context.diff.md');
  });

  it('of the same objects in another order and format is none', () => {
    const after = edit(
      main,
      BASE,
      (text) => `# first\n${text.replaceAll(/^( *)- name: (\w+)$/gmu, '$1- "name": "$2"')}`,
    );
    expect(compare(main, after).applications).toEqual([]);
  });

  it('names an Application that cannot be rendered, in place of a difference', () => {
    const after = edit(
      main,
      'applications/llama-3.1-8b/base/kustomization.yaml',
      (text) => `${text}\nresources: [gone.yaml]\n`,
    );
    const { applications } = compare(main, after);
    expect(applications.length).toBeGreaterThan(0);
    for (const each of applications) {
      expect(each.undecided).toMatch(/after: applications\/.* cannot be rendered/u);
      expect(each.difference.objects).toEqual([]);
    }
  });
});

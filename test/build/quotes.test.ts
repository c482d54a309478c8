import { beforeAll, describe, expect, it } from 'vitest';
import { buildKustomization, emitStream } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import { type Files, judge } from '../support/judge.js';
import { realKubectl } from '../support/real-kubectl.js';

const { skip } = realKubectl();

/** Values that follow one another at one place: the first in its file, the others by merge patches, `rewrite` by a JSON patch elsewhere. */
const rewrite = 'rewrite';
const chains: readonly (readonly string[])[] = [
  ['"1"', '2'],
  ['1', '"8"', '1'],
  ['1', "'8'", '2'],
  ['"1"', '"8"', '2'],
  ['1', '"8"', '3', '"9"', '4'],
  ['yes', '"8"', '2'],
  ['1.5', '"8"', '2'],
  ['a', '"8"', '2'],
  ['a', '"b"', '2'],
  ['"a"', 'b', '2'],
  ["'a'", '3', 'b', '4', 'true'],
  ['|\n    a', '3', 'b', '4'],
  ['>\n    a', '3', 'b', '4'],
  ['null', '"8"', '2'],
  ['', '"8"', '2'],
  ['1', '"8"', rewrite, '2'],
  ['a', 'b', rewrite, '2'],
  ['"a"', 'b', rewrite, '2'],
  ['"a"', rewrite, 'b', '2'],
  ['a', rewrite, '"8"', '2'],
  ['1', rewrite, '"8"', '2'],
  ['"1"', rewrite, '"8"', '2'],
  ['"1"', rewrite, '"a"', '2'],
  ['"1"', rewrite, '"a"', rewrite, '2'],
];

const map = (i: number, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c${i}}\ndata:\n  x: ${value}\n`;

function repository(): Files {
  const files: Record<string, string> = { 'o.yaml': chains.map(([first = ''], i) => map(i, first)).join('---\n') };
  let patches = '';
  for (const [i, [, ...rest]] of chains.entries()) {
    for (const [j, value] of rest.entries()) {
      const path = `c${i}-${j}.yaml`;
      files[path] = value === rewrite ? '- {op: add, path: /data/y, value: z}\n' : map(i, value);
      patches += `- path: ${path}\n  target: {name: c${i}}\n`;
    }
  }
  return { ...files, 'kustomization.yaml': `resources: [o.yaml]\npatches:\n${patches}` };
}

const byName = (stream: string) =>
  new Map(stream.split('---\n').map((text) => [/name: (c\d+)/.exec(text)?.[1] ?? '', text] as const));

describe.skipIf(skip !== undefined)('quotes of what is written over and over, beside the real kubectl', () => {
  let ours = new Map<string, string>();
  let real = new Map<string, string>();
  beforeAll(() => {
    const files = repository();
    ours = byName(emitStream(buildKustomization(treeOf(files), '', () => {}).resources));
    real = byName(judge(files, '').stdout);
  });

  it.each(chains.map((chain, i) => [chain.join(', ').replaceAll('\n', ' '), i] as const))('%s', (_, i) => {
    expect(real.get(`c${i}`)).toContain('x:');
    expect(ours.get(`c${i}`)).toBe(real.get(`c${i}`));
  });

  it('of a field beside a list that grows', () => {
    const pod = (args: string, containers: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: a, image: x}${containers}]\n  initContainers: [{name: b, image: x, args: [c], env: [{name: E, value: ${args}}]}]\n`;
    const files = {
      'o.yaml': pod('1', ''),
      'text.yaml': pod('"8"', ''),
      'number.yaml': pod('2', ', {name: side, image: x}'),
      'kustomization.yaml': `resources: [o.yaml]\npatches: [{path: text.yaml}, {path: number.yaml}]\n`,
    };
    const { stdout } = judge(files, '');
    expect(stdout).toContain('value: 2\n');
    expect(emitStream(buildKustomization(treeOf(files), '', () => {}).resources)).toBe(stdout);
  });

  it('of thousands that follow one another', () => {
    const count = 3000;
    const patches = Array.from({ length: count }, (_, i) => `- path: ${i % 2 === 0 ? 'text' : 'number'}.yaml\n`).join(
      '',
    );
    const files = {
      'o.yaml': map(0, '1'),
      'text.yaml': map(0, '"8"'),
      'number.yaml': map(0, '2'),
      'kustomization.yaml': `resources: [o.yaml]\npatches:\n${patches}`,
    };
    const { resources } = buildKustomization(treeOf(files), '', () => {});
    expect(emitStream(resources)).toContain('x: 2\n');
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildKustomization, emitStream } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import { judge } from '../support/judge.js';
import { realKubectl } from '../support/real-kubectl.js';

const { skip } = realKubectl();
const root = fileURLToPath(new URL('../../fixtures/ok/', import.meta.url));
const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;

function read(folder: string, path = ''): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(files, read(folder, below));
    else files[below] = readFileSync(join(folder, below), 'utf8');
  }
  return files;
}

const repositories = existsSync(root)
  ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  : [];
const builds = repositories.flatMap(({ name }) => {
  const files = read(join(root, name));
  return Object.keys(files)
    .filter((path) => path.endsWith('/kustomization.yaml') && !/^kind: Component$/m.test(files[path] as string))
    .map((path) => [name, path.slice(0, -'/kustomization.yaml'.length), files] as const);
});
// All of them take a while the first time: an even sample, unless asked for more.
const chosen = deep ? builds : builds.filter((_, i) => i % Math.ceil(builds.length / 20) === 0);

describe.skipIf(skip !== undefined || chosen.length === 0)('the golden repositories', () => {
  it.each(chosen)('%s: %s', (_, dir, files) => {
    const problems: string[] = [];
    const ours = buildKustomization(treeOf(files), dir, ({ message }) => problems.push(message));
    const real = judge(files, dir);
    expect(ours.ok, problems.join('\n')).toBe(real.ok);
    expect(emitStream(ours.resources)).toBe(real.stdout);
  });
});

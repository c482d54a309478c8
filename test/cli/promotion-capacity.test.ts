import { expect, it } from 'vitest';
import { pinOf } from '../../src/publish/pins.js';
import { call } from '../support/cli.js';
import { commitAll, edit, emptyFolder, initGit, inRepository, read, succeed, url } from '../support/repositories.js';

const revision = ['--revision', 'a'.repeat(40)];

it('a family is judged beside the others as they are pinned, and not as the branch has them', async () => {
  const dir = emptyFolder();
  const init = ['init', dir, '--yes', '--repository', url, '--env', 'development,production', '--inventory', 'l4'];
  expect((await call(init)).code).toBe(0);
  edit(dir, 'clusters/production/cluster-config.yaml', 'nodes: { min: 0, max: 4 }', 'nodes: 5');
  initGit(dir);
  const add = (model: string, family: string) =>
    succeed(dir, ['add-model', model, '--family', family, ...revision, '--env', 'development=1,production=2']);
  await add('llama-3.1-8b', 'llama-3.1');
  await add('qwen3-4b', 'qwen3');
  const first = commitAll(dir, 'Two of each: four cards of five');
  for (const family of ['llama-3.1', 'qwen3'])
    await succeed(dir, ['promote', family, '--to', 'production', '--commit']);

  // On the branch one family gives a card back, and the other takes two: five of five.
  edit(dir, 'families/qwen3.yaml', 'production: 2', 'production: 1');
  edit(dir, 'families/llama-3.1.yaml', 'production: 2', 'production: 4');
  await succeed(dir, ['render']);
  const second = commitAll(dir, 'One gives, the other takes');

  // In production the first has not given it back: it is pinned to two.
  const promote = (family: string) =>
    inRepository(dir, ['promote', family, '--to', 'production', '--revision', second, '--commit']);
  const pin = () => pinOf(read(dir, 'argocd/families/llama-3.1/production/parent.yaml'));
  const refused = await promote('llama-3.1');
  expect(refused.stderr).toMatch(
    /4 Pods of llama-3-1-production\/llama-3-1-8b .* and 2 Pods of qwen3-production\/qwen3-4b .* need 6 .* pool l4 \(5 nodes\) has 5/,
  );
  expect(refused.stderr).toContain('argocd/families/qwen3/production/parent.yaml');
  expect(refused.stderr).toContain('nothing was written');
  expect(refused.code).toBe(1);
  expect(pin()).toBe(first);

  expect((await promote('qwen3')).code).toBe(0);
  expect((await promote('llama-3.1')).code).toBe(0);
  expect(pin()).toBe(second);
  expect((await inRepository(dir, ['validate'])).code).toBe(0);

  // The way back of the one that gave is closed now for the same reason, unless it was wrong before.
  const back = await inRepository(dir, ['rollback', 'qwen3', '--env', 'production']);
  expect([back.code, back.stderr]).toEqual([1, expect.stringContaining('nothing was written')]);
}, 120_000);

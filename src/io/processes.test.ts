import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { recover } from './apply.js';
import { repository, sh } from './testing/repository.js';
import { bundledScript } from './testing/script.js';

const script = bundledScript('publish-script');

function start(root: string, name: string, killAt = 0): Promise<string> {
  const child = spawn(process.execPath, [script(), root, name, String(killAt)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? `${code}${said}`)));
}

it('processes side by side lose nothing of each other, also where some of them are killed at work', async () => {
  const root = await repository();
  const count = process.env['GITOPS_GEN_DEEP'] ? 32 : 8;
  const names = Array.from({ length: count }, (_, index) => `m${String(index).padStart(2, '0')}`);
  const ends = await Promise.all(
    names.map((name, index) => start(root, name, index % 4 === 1 ? 4 + ((index * 7) % 40) : 0)),
  );
  expect(ends).toEqual(names.map((_, index) => (index % 4 === 1 ? 'SIGKILL' : '0')));
  await recover(root);
  for (const [index, name] of names.entries()) if (index % 4 === 1) expect(await start(root, name)).toBe('0');
  expect(sh(root, 'git ls-files applications').trim().split('\n')).toEqual(
    names.map((name) => `applications/${name}/x.yaml`),
  );
  expect(sh(root, 'git log --format=%s').trim().split('\n').sort()).toEqual(names);
  expect(
    sh(root, 'git status --porcelain; git rev-list --merges HEAD; git fsck --strict 2>&1 | grep -v dangling || true'),
  ).toBe('');
});

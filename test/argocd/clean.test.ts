import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import { emptyFolder, url } from '../support/repositories.js';

const goldens = join(import.meta.dirname, '../../fixtures/ok');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function findings(dir: string): Promise<unknown[]> {
  const { code, stdout } = await call(['-C', dir, 'validate', '-o', 'json', '--fail-on', 'info']);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: unknown[] };
  expect(code).toBe(0);
  return diagnostics;
}

describe('what the generator writes has no finding, at any severity', () => {
  it.each(readdirSync(goldens))('%s', async (name) => {
    expect(await findings(join(goldens, name))).toEqual([]);
  });

  it('a fresh repository', async () => {
    const dir = emptyFolder();
    folders.push(dir);
    expect((await call(['init', dir, '--yes', '--repository', url])).code).toBe(0);
    expect(await findings(dir)).toEqual([]);
  });
});

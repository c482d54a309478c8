import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import { emptyFolder, inRepository, read, url } from '../support/repositories.js';

const family = 'llama-3.1';
const run = (dir: string, ...argv: string[]) => inRepository(dir, argv);

describe('a phase', () => {
  const phases = (dir: string) => read(dir, `families/${family}.yaml`).slice(-400);

  it('is rendered where it is enabled, one after the other', async () => {
    const dir = emptyFolder();
    expect((await call(['init', dir, '--yes', '--repository', url])).code).toBe(0);
    const add = (name: string, phase: string) =>
      run(dir, 'add-model', name, '--family', family, '--phase', phase, '--env', 'development=1,production=1');
    expect((await add('llama-3.1-8b', 'foundation')).code).toBe(0);
    expect((await add('qwen3-8b', 'second')).code).toBe(0);
    expect((await add('qwen3-4b', 'third')).code).toBe(0);
    const children = () => readdirSync(join(dir, `argocd/families/${family}/production/children`));
    const plan = async () => (await run(dir, 'plan', '--env', 'production')).stdout;
    expect(children()).toContain('qwen3-4b.yaml');

    // The last one is waited for by nobody; the second is.
    const early = await run(dir, 'phase', 'disable', 'second', '--env', 'production');
    expect(early.code).toBe(3);
    expect(early.stderr).toContain('third waits for phase second and is enabled in production');
    expect((await run(dir, 'phase', 'disable', 'third', '--env', 'production')).code).toBe(0);
    expect(phases(dir)).toContain('name: third');
    expect(phases(dir)).toMatch(/enabledIn:\s*\[development, staging\]/);
    expect(children()).not.toContain('qwen3-4b.yaml');
    expect(await plan()).toContain('third');
    expect((await run(dir, 'render')).stderr).toContain(
      'Phase third of llama-3.1 (qwen3-4b) is reserved in production',
    );
    expect((await run(dir, 'phase', 'disable', 'second', '--env', 'production')).code).toBe(0);

    const refused = await run(dir, 'phase', 'enable', 'third', '--env', 'production');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('phase third waits for second, which is not enabled in production');
    const warned = await run(
      dir,
      'phase',
      'enable',
      'third',
      '--env',
      'production',
      '--skip-order',
      'a demo',
      '--dry-run',
    );
    expect(warned.code).toBe(0);
    expect(warned.stderr).toContain('warning: phase third waits for second');
    expect((await run(dir, 'phase', 'enable', 'second', '--env', 'production')).code).toBe(0);
    expect((await run(dir, 'phase', 'enable', 'third', '--env', 'production')).code).toBe(0);
    expect(children()).toContain('qwen3-4b.yaml');
    expect(phases(dir)).toMatch(/enabledIn:\s*\[development, staging, production\]/);
    const again = await run(dir, 'phase', 'enable', 'third', '--env', 'production');
    expect(again.stderr).toContain('enabled in production already');
    expect((await run(dir, 'phase', 'enable', 'third', '--env', 'staging')).stderr).toContain('already');
    const unknown = await run(dir, 'phase', 'enable', 'thrid', '--env', 'production');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('third');
    expect((await run(dir, 'render', '--check')).code).toBe(0);
  }, 120_000);
});

import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import { edit, emptyFolder, files, inRepository, put, read, succeed, url } from '../support/repositories.js';

const own = 'blueprints/our-vllm';
const image = `registry.example.com/vllm:v0.28.0@sha256:${'a'.repeat(64)}`;
const add = (name: string) => [
  'add-model',
  'llama-3.1-8b',
  '--name',
  name,
  '--family',
  'llama',
  '--revision',
  'b'.repeat(40),
  '--image',
  image,
  '--env',
  'development=1',
];

/** A repository with a blueprint of its own in version 1.0.0, and a model that is rendered with it. */
async function repository(): Promise<string> {
  const dir = join(emptyFolder(), 'fleet');
  await call(['init', dir, '--yes', '--repository', url]);
  cpSync(resolve(import.meta.dirname, '../../blueprints/vllm'), join(dir, own), { recursive: true });
  edit(dir, `${own}/blueprint.yaml`, /^name: vllm/m, 'name: our-vllm');
  put(dir, `${own}/blueprint.yaml`, read(dir, `${own}/blueprint.yaml`).replace(/^version: .*/m, 'version: 1.0.0'));
  await succeed(dir, [...add('first'), '--runtime', 'our-vllm']);
  return dir;
}

/** What a release of the blueprint does: version 1.1.0 with another Pod template; the old one stays beside it, or goes. */
function release(dir: string, keep: boolean): void {
  mkdirSync(join(dir, 'old'));
  renameSync(join(dir, own), join(dir, 'old/1.0.0'));
  cpSync(join(dir, 'old/1.0.0'), join(dir, own), { recursive: true });
  if (keep) cpSync(join(dir, 'old/1.0.0'), join(dir, `${own}/versions/1.0.0`), { recursive: true });
  rmSync(join(dir, 'old'), { recursive: true });
  edit(dir, `${own}/blueprint.yaml`, /^version: .*/m, 'version: 1.1.0');
  edit(
    dir,
    `${own}/files/deployment.yaml`,
    'terminationGracePeriodSeconds: ',
    'hostname: newer\n      terminationGracePeriodSeconds: ',
  );
}

const deployment = (name: string) => `applications/${name}/base/deployment.yaml`;
const rendered = (dir: string) => new Map([...files(dir)].filter(([path]) => !path.startsWith('blueprints/')));

describe('two versions of a blueprint', () => {
  it('the newer one changes nothing by itself: not what stands, not what is added to the family', async () => {
    const dir = await repository();
    const before = rendered(dir);
    release(dir, true);
    expect((await succeed(dir, ['render'])).stderr).toContain('nothing changed');
    expect(rendered(dir)).toEqual(before);
    await succeed(dir, add('second'));
    expect(read(dir, deployment('second'))).not.toContain('hostname');
    expect(read(dir, '.gitops-gen/lock/llama.yaml')).toContain('version: 1.0.0');
    await succeed(dir, [...add('third').map((word) => (word === 'llama' ? 'other' : word)), '--runtime', 'our-vllm']);
    expect(read(dir, deployment('third'))).toContain('hostname: newer');
  });

  it('plan says so, and what planning anew would change; render --replan does it', async () => {
    const dir = await repository();
    release(dir, true);
    const { stdout } = await succeed(dir, ['plan']);
    expect(stdout).toContain('llama keeps to its lock: it is rendered with version 1.0.0 of blueprint our-vllm');
    expect(stdout).toMatch(/the newest is 1\.1\.0/);
    expect(stdout).toMatch(/first in development would be restarted[\s\S]*spec\.template\.spec\.hostname/);
    await succeed(dir, ['render', '--replan']);
    expect(read(dir, deployment('first'))).toContain('hostname: newer');
    expect(read(dir, '.gitops-gen/lock/llama.yaml')).toContain('version: 1.1.0');
    expect((await succeed(dir, ['plan'])).stdout).not.toContain('keeps to its lock');
  });

  it('a version that is not there any more is refused, and nothing is written', async () => {
    const dir = await repository();
    release(dir, false);
    const before = files(dir);
    const { code, stderr } = await inRepository(dir, ['render']);
    expect(code).toBe(2);
    expect(stderr).toContain('is locked to version 1.0.0 of blueprint "our-vllm", and there is only 1.1.0');
    expect(stderr).toContain('render --replan');
    expect(files(dir)).toEqual(before);
    await succeed(dir, ['render', '--replan']);
  });

  it('an earlier version is held to its folder', async () => {
    const dir = await repository();
    release(dir, true);
    edit(dir, `${own}/versions/1.0.0/blueprint.yaml`, /^version: .*/m, 'version: 0.9.0');
    const { code, stderr } = await inRepository(dir, ['render']);
    expect(code).toBe(2);
    expect(stderr).toContain('the version is 0.9.0, and the folder says 1.0.0');
    put(dir, `${own}/versions/1.0.0/blueprint.yaml`, '');
    expect((await inRepository(dir, ['render'])).code).toBe(2);
  });
});

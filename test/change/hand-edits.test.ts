import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import {
  commitAll,
  edit,
  emptyFolder,
  files,
  fleet,
  git,
  initGit,
  inRepository,
  put,
  read,
  succeed,
} from '../support/repositories.js';

const base = 'applications/llama-3.1-8b/base';
const deployment = `${base}/deployment.yaml`;
const service = `${base}/service.yaml`;
const production = 'applications/llama-3.1-8b/overlays/production/kustomization.yaml';

/** A change of the spec that changes the base of the Deployment: another port of the probes would be a new release. */
function changeTier(dir: string, tier: string): void {
  edit(dir, 'families/llama-3.1.yaml', /( {6}replicas:)/, `      tier: ${tier}\n$1`);
}

describe('an edited file', () => {
  it('is kept by render, with its comments, the order of its keys and its quotes, and is named', async () => {
    const dir = await fleet({ git: true });
    edit(dir, service, /^spec:/m, '# kept by the platform team\nspec:\n  sessionAffinity: "None" # as it was');
    const text = read(dir, service);
    const { stderr } = await succeed(dir, ['render']);
    expect(stderr).toContain(`kept     ${service} (edited by hand)`);
    expect(read(dir, service)).toBe(text);
    changeTier(dir, 'premium');
    const merged = await succeed(dir, ['render']);
    expect(merged.stderr).toContain(`merged   ${service} (your edits, and what is new)`);
    const now = read(dir, service);
    for (const line of ['# kept by the platform team', '  sessionAffinity: "None" # as it was', 'premium'])
      expect(now).toContain(line);
    const lines = now.split('\n').filter((line) => !line.includes('premium'));
    expect(lines).toEqual(text.split('\n'));
    expect((await inRepository(dir, ['render', '--check'])).code).toBe(0);
    expect((await succeed(dir, ['render'])).stderr).toContain('nothing changed');
  });

  it('is not stale: CI stays green, and what it says is what render would keep', async () => {
    const dir = await fleet({ git: true });
    const check = () => inRepository(dir, ['render', '--check']);
    edit(dir, service, /^spec:/m, '# kept by the platform team\nspec:');
    rmSync(join(dir, 'README.md'));
    commitAll(dir, 'By hand');
    const fresh = await check();
    expect([fresh.code, fresh.stdout]).toEqual([0, '']);
    expect(fresh.stderr).toContain(`kept     ${service} (edited by hand)`);
    expect(fresh.stderr).toContain('deleted  README.md (by hand; it stays deleted');
    expect(fresh.stderr).toContain('up to date');
    await succeed(dir, ['render', '--commit']);
    // And back again: what was kept for the next merge is not needed any more, which is no reason to run either.
    edit(dir, service, '# kept by the platform team\n', '');
    expect((await check()).code).toBe(0);
    // What is generated changed: that has to be merged, so it is stale.
    edit(dir, service, /^spec:/m, '# again\nspec:');
    changeTier(dir, 'premium');
    expect((await check()).code).toBe(1);
  });

  it('is overwritten with --force', async () => {
    const dir = await fleet({ git: true });
    const text = read(dir, service);
    put(dir, service, `${text}# mine\n`);
    await succeed(dir, ['render', '--force']);
    expect(read(dir, service)).toBe(text);
  });

  it('is what the AppProject is derived from', async () => {
    const dir = await fleet({ git: true });
    put(
      dir,
      `${base}/networkpolicy.yaml`,
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: llama-3-1-8b\nspec:\n  podSelector: {}\n',
    );
    edit(dir, `${base}/kustomization.yaml`, '  - service.yaml\n', '  - service.yaml\n  - networkpolicy.yaml\n');
    await succeed(dir, ['render']);
    expect(read(dir, 'argocd/projects/argocd/llama-3-1-production.yaml')).toContain('kind: NetworkPolicy');
    expect((await succeed(dir, ['validate'])).stdout).toContain('0 errors');
  });

  it('that is generated no more stays, and is said to be people’s', async () => {
    const dir = await fleet({ git: true });
    await succeed(dir, [
      'add-model',
      'qwen3-32b',
      '--family',
      'qwen3',
      '--env',
      'production=1',
      '--revision',
      'a'.repeat(40),
    ]);
    const edited = 'applications/qwen3-32b/base/deployment.yaml';
    put(dir, edited, `${read(dir, edited)}# mine\n`);
    const { stderr } = await succeed(dir, ['remove-model', 'qwen3-32b', '--at-once']);
    expect(stderr).toContain(`kept     ${edited} (generated no more, edited by hand: it is yours now)`);
    const left = [...files(dir).keys()].filter(
      (path) => path.includes('qwen3-32b') && !/^(?:\.gitops-gen|versions)\//.test(path),
    );
    expect(left).toEqual([edited]);
  });

  it('does not stop a change elsewhere, and goes into its commit', async () => {
    const dir = await fleet({ git: true });
    put(dir, service, `${read(dir, service)}# mine\n`);
    await succeed(
      dir,
      [
        'add-model',
        'qwen3-32b',
        '--family',
        'qwen3',
        '--env',
        'production=1',
        '--revision',
        'a'.repeat(40),
        '--commit',
      ],
      {
        env: {},
      },
    );
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect(git(dir, 'show', `HEAD:${service}`)).toContain('# mine');
  });
});

describe('a deleted file', () => {
  it('stays deleted and is said, until --force brings it back', async () => {
    const dir = await fleet({ git: true });
    rmSync(join(dir, `${base}/poddisruptionbudget.yaml`), { force: true });
    rmSync(join(dir, service));
    edit(dir, `${base}/kustomization.yaml`, '  - service.yaml\n', '');
    edit(dir, `${base}/kustomization.yaml`, /$/, '# no Service: the mesh has one\n');
    const kept = await inRepository(dir, ['render']);
    expect(kept.stderr).toContain(`deleted  ${service} (by hand; it stays deleted`);
    expect(existsSync(join(dir, service))).toBe(false);
    await succeed(dir, ['render', '--force']);
    expect(existsSync(join(dir, service))).toBe(true);
    expect(read(dir, `${base}/kustomization.yaml`)).toContain('  - service.yaml\n');
  });
});

describe('a conflict', () => {
  async function conflicting(options: { readonly git?: boolean } = { git: true }): Promise<string> {
    const dir = await fleet(options);
    changeTier(dir, 'premium');
    await succeed(dir, ['render']);
    if (options.git === true) commitAll(dir, 'premium');
    edit(dir, service, /premium/, 'ours');
    edit(dir, 'families/llama-3.1.yaml', 'premium', 'enterprise');
    return dir;
  }

  it('is shown first by --dry-run, which writes nothing', async () => {
    const dir = await conflicting();
    const before = files(dir);
    const { code, stdout, stderr } = await inRepository(dir, ['render', '--dry-run']);
    expect(code).toBe(3);
    expect(stdout.indexOf('+<<<<<<< edited')).toBeGreaterThan(0);
    expect(stdout.indexOf('+<<<<<<< edited')).toBeLessThan(stdout.indexOf(deployment));
    expect(stderr).toContain(`conflict ${service} (edited by hand where something else is generated now)`);
    expect(stderr).toContain('nothing was written (dry run)');
    expect(files(dir)).toEqual(before);
  });

  it('is one of git, with markers, base and stages; exit 3; the rest is written', async () => {
    const dir = await conflicting();
    const { code, stderr } = await inRepository(dir, ['render']);
    expect(code).toBe(3);
    expect(stderr).toContain('1 file in conflict: resolve the markers');
    const text = read(dir, service);
    expect(text).toMatch(
      /<{7} edited\n.*ours\n\|{7} generated before\n.*premium\n={7}\n.*enterprise\n>{7} generated now/,
    );
    expect(git(dir, 'status', '--porcelain', service)).toBe(`UU ${service}`);
    expect(git(dir, 'ls-files', '-u', '--', service).split('\n')).toHaveLength(3);
    expect(git(dir, 'show', `:1:${service}`)).toContain('premium');
    expect(read(dir, deployment)).toContain('enterprise');
    const again = await inRepository(dir, ['render']);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('holds a conflict that nobody resolved yet');
    expect((await inRepository(dir, ['render', '--commit'])).code).toBe(3);
    git(dir, 'checkout', '-q', '--ours', service);
    expect(read(dir, service)).toContain('ours');
    const resolved = await succeed(dir, ['render', '--commit']);
    expect(resolved.stderr).toContain('committed as');
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect(git(dir, 'show', `HEAD:${service}`)).toContain('ours');
    expect((await succeed(dir, ['render'])).stderr).toContain('nothing changed');
  });

  it('is taken by a mergetool', async () => {
    const dir = await conflicting();
    await inRepository(dir, ['render']);
    git(dir, 'config', 'mergetool.take.cmd', 'cp "$REMOTE" "$MERGED"');
    git(dir, 'config', 'mergetool.take.trustExitCode', 'true');
    git(dir, 'mergetool', '-y', '--tool=take', service);
    expect(read(dir, service)).toContain('enterprise');
    rmSync(join(dir, `${service}.orig`), { force: true });
    await succeed(dir, ['render', '--commit']);
    expect(git(dir, 'status', '--porcelain')).toBe('');
  });

  it('with --commit writes nothing at all', async () => {
    const dir = await conflicting();
    const before = files(dir);
    const { code, stderr } = await inRepository(dir, ['render', '--commit']);
    expect(code).toBe(3);
    expect(stderr).toContain('a commit must hold none: nothing was written');
    expect(files(dir)).toEqual(before);
  });

  it('outside git is markers in the file', async () => {
    const dir = await conflicting({});
    expect((await inRepository(dir, ['render'])).code).toBe(3);
    expect(read(dir, service)).toContain('<<<<<<< edited');
  });
});

describe('the base of a merge', () => {
  /** A repository whose Service was edited and committed without a run of ours in between. */
  async function edited(): Promise<string> {
    const dir = await fleet({ git: true });
    edit(dir, service, /^spec:/m, '# ours\nspec:');
    commitAll(dir, 'hotfix');
    return dir;
  }

  function clone(dir: string, ...flags: string[]): string {
    const copy = join(emptyFolder(), 'clone');
    git(dir, 'clone', '-q', ...flags, `file://${dir}`, copy);
    initGit(copy);
    return copy;
  }

  it('is known in a repository without commits', async () => {
    const dir = await fleet();
    initGit(dir);
    edit(dir, service, /^spec:/m, '# ours\nspec:');
    await succeed(dir, ['render']);
    changeTier(dir, 'premium');
    await succeed(dir, ['render', '--commit']);
    expect(git(dir, 'show', `HEAD:${service}`)).toMatch(/premium[\s\S]*# ours/);
  });

  it('is kept beside the records once a run saw the edit, so that no history is needed', async () => {
    const dir = await edited();
    await succeed(dir, ['render', '--commit']);
    const copy = clone(dir, '--depth=1');
    changeTier(copy, 'premium');
    const { stderr } = await succeed(copy, ['render']);
    expect(stderr).toContain(`merged   ${service}`);
    expect(read(copy, service)).toMatch(/premium[\s\S]*# ours/);
  });

  it('is found in the history; a shallow clone without it says so, and nothing is lost', async () => {
    const dir = await edited();
    const full = clone(dir);
    changeTier(full, 'premium');
    await succeed(full, ['render']);
    expect(read(full, service)).toMatch(/premium[\s\S]*# ours/);
    const shallow = clone(dir, '--depth=1');
    changeTier(shallow, 'premium');
    const { code, stderr } = await inRepository(shallow, ['render']);
    expect(code).toBe(3);
    expect(stderr).toContain(`conflict ${service} (no text is known that it was generated as`);
    expect(stderr).toContain('git fetch --unshallow');
    for (const word of ['# ours', 'premium']) expect(read(shallow, service)).toContain(word);
    git(shallow, 'fetch', '-q', '--unshallow');
    git(shallow, 'checkout', '-q', 'HEAD', '--', '.');
    changeTier(shallow, 'premium');
    await succeed(shallow, ['render']);
    expect(read(shallow, service)).toMatch(/premium[\s\S]*# ours/);
  });

  it('is not needed where nothing new is generated, and is kept from then on', async () => {
    const copy = clone(await edited(), '--depth=1');
    expect((await succeed(copy, ['render'])).stderr).toContain(`kept     ${service}`);
    changeTier(copy, 'premium');
    await succeed(copy, ['render']);
    expect(read(copy, service)).toMatch(/premium[\s\S]*# ours/);
  });

  it('survives a squash and a rebase', async () => {
    const dir = await fleet({ git: true });
    git(dir, 'switch', '-q', '-c', 'feature');
    changeTier(dir, 'premium');
    await succeed(dir, ['render', '--commit']);
    edit(dir, service, /^spec:/m, '# ours\nspec:');
    await succeed(dir, ['render', '--commit']);
    git(dir, 'switch', '-q', 'main');
    put(dir, 'notes.md', 'elsewhere\n');
    commitAll(dir, 'elsewhere');
    git(dir, 'branch', 'rebased', 'feature');
    git(dir, 'rebase', '-q', 'main', 'rebased');
    git(dir, 'switch', '-q', 'main');
    git(dir, 'merge', '-q', '--squash', 'feature');
    commitAll(dir, 'squashed');
    for (const branch of ['main', 'rebased']) {
      // A clone of one branch: nothing of the other commits is in it.
      const copy = clone(dir, '--single-branch', `--branch=${branch}`);
      edit(copy, 'families/llama-3.1.yaml', 'premium', 'enterprise');
      await succeed(copy, ['render']);
      expect(read(copy, service)).toMatch(/enterprise[\s\S]*# ours/);
    }
  });
});

it('custom/ and what people keep beside are never touched', async () => {
  const dir = await fleet({ git: true });
  const own = {
    'applications/llama-3.1-8b/custom/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: []   # ours\n',
    'applications/llama-3.1-8b/custom/notes.md': '# ours\n',
    'docs/run.md': 'ours\n',
  };
  for (const [path, text] of Object.entries(own)) put(dir, path, text);
  changeTier(dir, 'premium');
  await succeed(dir, ['render', '--force']);
  await succeed(dir, ['render', '--replan']);
  expect(read(dir, production)).toContain('custom');
  for (const [path, text] of Object.entries(own)) expect(read(dir, path)).toBe(text);
  expect((await call(['remove-model', 'llama-3.1-8b', '--at-once', '-C', dir])).code).toBe(0);
  for (const [path, text] of Object.entries(own)) expect(read(dir, path)).toBe(text);
});

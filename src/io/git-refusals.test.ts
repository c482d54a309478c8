import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGit, GitError, openGit } from './git.js';
import { put, snapshot, temporaryFolder } from './testing/folders.js';
import { commit, repository, sh, treeOf, withOwnHome } from './testing/repository.js';

withOwnHome();

describe('nothing that a repository brings is run', () => {
  it('no hook, monitor, filter, pager, editor, merge driver or maintenance', async () => {
    const root = await repository();
    const canary = join(root, '.git/canary');
    const evil = join(root, '.git/evil.sh');
    writeFileSync(evil, `#!/bin/sh\necho "$0 $@" >> ${canary}\ncat 2>/dev/null\n`);
    chmodSync(evil, 0o755);
    for (const hook of HOOKS) symlinkSync(evil, join(root, '.git/hooks', hook));
    for (const setting of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'diff.external',
      'merge.x.driver',
      'filter.x.clean',
      'filter.x.smudge',
      'filter.x.process',
      'diff.x.textconv',
      'credential.helper',
      'core.askPass',
      'core.sshCommand',
      'alias.commit-tree',
      'sequence.editor',
    ])
      sh(root, `git config ${setting} ${evil}`);
    sh(
      root,
      `git config core.hooksPath ${join(root, '.git/hooks')}; git config gc.auto 1; git config commit.gpgsign false`,
    );
    put(root, { '.gitattributes': '*.secret filter=x diff=x merge=x\n', 'people.secret': 's' });
    await commit(root, { a: '1' });
    await commit(root, { b: '1' });
    const git = await openGit(root);
    await git.readTreeAt('main');
    await git.head();
    await git.remotes();
    expect(existsSync(canary)).toBe(false);
    // The trap works: git itself, without our settings, runs into it.
    sh(root, 'git -c user.name=x -c user.email=x commit -qm x --allow-empty || true');
    expect(existsSync(canary)).toBe(true);
  });

  const HOOKS = [
    'pre-commit',
    'commit-msg',
    'post-commit',
    'prepare-commit-msg',
    'reference-transaction',
    'post-index-change',
    'post-checkout',
    'pre-auto-gc',
  ];

  it('an embedded bare repository is not taken for ours', async () => {
    const root = await repository();
    const inner = join(root, 'evil');
    sh(
      root,
      `git init -q --bare ${inner}; git -C ${inner} config core.worktree ..; git -C ${inner} config core.fsmonitor "touch ${root}/pwned"`,
    );
    await expect(commit(inner, { a: '1' })).rejects.toBeInstanceOf(GitError);
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });

  it('variables that lead git elsewhere do not reach it', async () => {
    const root = await repository();
    const other = await repository();
    Object.assign(process.env, {
      GIT_DIR: join(other, '.git'),
      GIT_INDEX_FILE: '/nowhere',
      GIT_OBJECT_DIRECTORY: '/nowhere',
      GIT_SSH_COMMAND: 'evil',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_TRACE: '1',
      PAGER: 'evil',
      EDITOR: 'evil',
    });
    await commit(root, { a: '1' });
    expect(treeOf(root)).toEqual(['100644 a']);
    expect((await (await openGit(other)).head()).commit).toBeUndefined();
  });
});

describe('a commit is refused, and nothing is written,', () => {
  const refusal = async (root: string, desired: Record<string, string> = { generated: '1' }) => {
    const before = { files: snapshot(root), refs: sh(root, 'git for-each-ref; git ls-files -s') };
    const error = await commit(root, desired).catch((caught: unknown) => caught);
    expect({ files: snapshot(root), refs: sh(root, 'git for-each-ref; git ls-files -s') }).toEqual(before);
    return error;
  };

  it('outside of a repository', async () => {
    const root = temporaryFolder();
    await expect(commit(root, { a: '1' })).rejects.toMatchObject({ name: 'StateError', reason: 'no-repository' });
    expect(snapshot(root)).toEqual({});
    expect(await findGit(root)).toBeUndefined();
  });

  it('on a detached HEAD', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    sh(root, 'git checkout -q --detach');
    expect(await refusal(root)).toMatchObject({ reason: 'detached', hint: expect.stringContaining('git switch -c') });
  });

  it('in the middle of a merge', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    sh(
      root,
      'git checkout -q -b side; git commit -qm side --allow-empty; git checkout -q main; git commit -qm main --allow-empty; git merge -q --no-commit side || true',
    );
    expect(await refusal(root, { a: '1', b: '2' })).toMatchObject({ reason: 'in-progress' });
  });

  it('where a staged version of a generated file would be lost', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    put(root, { a: 'staged' });
    sh(root, 'git add a');
    put(root, { a: '1' });
    expect(await refusal(root, { a: '2' })).toMatchObject({ reason: 'dirty', paths: ['a'] });
    sh(root, 'git restore --staged a');
    expect(await commit(root, { a: '2' })).toBeDefined();
  });

  it('where attributes would commit other bytes than were checked', async () => {
    const root = await repository();
    put(root, { '.gitattributes': 'models/** filter=lfs diff=lfs merge=lfs -text\n' });
    expect(await refusal(root, { 'models/x': '1' })).toMatchObject({ reason: 'filtered', paths: ['models/x'] });
    put(root, { '.gitattributes': 'models/** filter=lfs\nmodels/x -filter\n' });
    expect(await commit(root, { 'models/x': '1' })).toBeDefined();
  });

  it('in a sparse checkout, which hides files', async () => {
    const root = await repository();
    await commit(root, { 'a/b': '1' });
    sh(root, 'git sparse-checkout set --no-cone /c/');
    expect(await refusal(root, { 'c/x': '1' })).toMatchObject({
      reason: 'filtered',
      message: expect.stringContaining('sparse'),
    });
  });

  it('where nobody is named', async () => {
    const root = await repository();
    sh(root, 'git config --unset user.name; git config --unset user.email; git config user.useConfigOnly true');
    expect(await refusal(root)).toMatchObject({ name: 'IoError', message: expect.stringContaining('who commits') });
  });

  it('where it must be signed and cannot be', async () => {
    const root = await repository();
    sh(root, 'git config commit.gpgsign true; git config gpg.program /bin/false');
    expect(await refusal(root)).toMatchObject({ reason: 'signing', hint: expect.stringContaining('--no-sign') });
    expect(await commit(root, { a: '1' }, { sign: false })).toBeDefined();
  });

  it('where the branch moves while the commit is built', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    const fault = (point: string) => {
      if (point === 'journal is there') sh(root, 'git commit -qm colleague --allow-empty');
    };
    await expect(commit(root, { a: '2' }, { fault })).rejects.toMatchObject({ reason: 'diverged' });
    expect(sh(root, 'git log -1 --format=%s; cat a; git status --porcelain')).toBe('colleague\n1');
  });

  it('where git cannot write its objects', async ({ skip }) => {
    const root = await repository();
    await commit(root, { a: '1' });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', join(root, '.git/objects/pack')], {
        stdio: 'ignore',
      });
    } catch {
      skip('mounting a small file system needs root');
    }
    try {
      expect(await refusal(root, { a: incompressible() })).toMatchObject({ name: 'IoError' });
    } finally {
      execFileSync('umount', [join(root, '.git/objects/pack')]);
    }
  });
});

/** 128 KiB of text that no packer makes small. */
function incompressible(): string {
  return Array.from({ length: 2048 }, (_, index) => createHash('sha256').update(String(index)).digest('hex')).join('');
}

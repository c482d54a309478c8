import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pristineOf } from '../publish/ownership.js';
import { commitChangeset, publishTree } from './commit.js';
import { openGit, refuseBadRef } from './git.js';
import { gitFault } from './git-errors.js';
import { put, snapshot, temporaryFolder } from './testing/folders.js';
import { planFolder, planOf } from './testing/plan.js';
import { commit, identify, repository, sh, treeOf, withOwnHome } from './testing/repository.js';

const status = (root: string) => sh(root, 'git status --porcelain');

withOwnHome();

describe('a commit', () => {
  it('is the first one of a repository without any', async () => {
    const root = await repository();
    const id = await commit(root, { 'a/b': '1', c: '2' });
    expect(sh(root, 'git rev-parse main').trim()).toBe(id);
    expect(treeOf(root)).toEqual(['100644 a/b', '100644 c']);
    expect(sh(root, 'git log --format="%an <%ae> %s|%P"')).toBe('Test <test@example.com> render|\n');
    expect(status(root)).toBe('');
  });

  it('is none where nothing changed', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    expect(await commit(root, { a: '1' })).toBeUndefined();
    expect(sh(root, 'git rev-list --count HEAD')).toBe('1\n');
  });

  it('holds what an earlier run wrote and nobody committed, removals too', async () => {
    const root = await repository();
    await commit(root, { a: '1', b: '2' });
    await publishTree(root, planOf({ a: 'new' }));
    expect(treeOf(root)).toEqual(['100644 a', '100644 b']);
    await commit(root, { a: 'new' });
    expect(treeOf(root)).toEqual(['100644 a']);
    expect(sh(root, 'git show HEAD:a')).toBe('new');
    expect(status(root)).toBe('');
  });

  it('leaves every other change in work tree and index as it was', async () => {
    const root = await repository();
    put(root, { tracked: '1\n', staged: '1\n', both: '1\n', renamed: 'r\n' });
    sh(root, 'git add .; git commit -qm people');
    put(root, { tracked: 'dirty\n', staged: 'staged\n', both: 'staged\n', untracked: 'u\n', added: 'a\n' });
    sh(root, 'git add staged both added; git rm -q --cached renamed');
    put(root, { both: 'dirty\n' });
    const before = { status: status(root), index: sh(root, 'git ls-files -s'), files: snapshot(root) };
    await commit(root, { generated: 'g\n' });
    expect(treeOf(root)).toEqual([
      '100644 both',
      '100644 generated',
      '100644 renamed',
      '100644 staged',
      '100644 tracked',
    ]);
    expect(sh(root, 'git show HEAD:staged; git show HEAD:both; git show HEAD:tracked')).toBe('1\n1\n1\n');
    expect(status(root)).toBe(before.status);
    expect(snapshot(root)).toMatchObject(before.files);
    const others = sh(root, 'git ls-files -s')
      .split('\n')
      .filter((line) => !/generated|\.gitops-gen/.test(line));
    expect(others.join('\n')).toBe(before.index);
  });

  it('holds the files that the plan was made from, as they were read', async () => {
    const root = await repository();
    put(root, { 'families/x.yaml': 'old\n', 'notes.md': 'n' });
    sh(root, 'git add families; git commit -qm people');
    put(root, { 'families/x.yaml': 'new\n', 'clusters/a/cluster-config.yaml': 'c\n' });
    const inputs = new Map([
      ['families/x.yaml', 'new\n'],
      ['clusters/a/cluster-config.yaml', 'c\n'],
    ]);
    await commitChangeset(root, await planFolder(root, { a: '1' }, { inputs }), { message: 'render' });
    expect(treeOf(root)).toEqual(['100644 a', '100644 clusters/a/cluster-config.yaml', '100644 families/x.yaml']);
    expect(sh(root, 'git show HEAD:families/x.yaml')).toBe('new\n');
    expect(status(root)).toBe('?? notes.md\n');
  });

  it('works in a folder of a larger repository, and touches nothing beside it', async () => {
    const top = await repository();
    put(top, { 'other/x': '1', 'deploy/people.yaml': 'p' });
    sh(top, 'git add .; git commit -qm people');
    put(top, { 'other/x': 'dirty' });
    const root = join(top, 'deploy');
    await commit(root, { 'a/b': '1' });
    await commit(root, { 'a/c': '2' });
    expect(treeOf(top)).toEqual(['100644 deploy/a/c', '100644 deploy/people.yaml', '100644 other/x']);
    expect(status(top)).toBe(' M other/x\n');
    const git = await openGit(root);
    expect([...(await git.readTreeAt('HEAD')).files.keys()]).toEqual([
      '.gitops-gen/owned/a/c.txt',
      'a/c',
      'people.yaml',
    ]);
  });

  it('works in a linked work tree, and in one with packed refs and objects', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    const linked = join(temporaryFolder(), 'linked');
    sh(root, `git worktree add -q -b other ${linked}; git gc -q; git pack-refs --all`);
    await commit(linked, { a: '2', b: '3' });
    expect(treeOf(root, 'other')).toEqual(['100644 a', '100644 b']);
    expect(treeOf(root, 'main')).toEqual(['100644 a']);
    expect([status(root), status(linked)]).toEqual(['', '']);
  });

  it('works in a repository of SHA-256 objects', async () => {
    const root = temporaryFolder();
    sh(root, 'git init -q --object-format=sha256 -b main');
    identify(root);
    const id = await commit(root, { a: '1' });
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(status(root)).toBe('');
    expect((await (await openGit(root)).readTreeAt('main')).files.get('a')).toBe('1');
  });

  it('is the same, whatever umask is set and whatever mode the disk gives', async () => {
    const ids = new Set<string>();
    for (const umask of [0, 0o077]) {
      const root = await repository();
      const before = process.umask(umask);
      try {
        await commit(root, { a: '1', 'b/c': '2' }, { epoch: 1_700_000_000 });
        chmodSync(join(root, 'a'), 0o755);
        await commit(root, { a: 'x', 'b/c': '2' }, { epoch: 1_700_000_001 });
      } finally {
        process.umask(before);
      }
      expect(treeOf(root)).toEqual(['100644 a', '100644 b/c']);
      ids.add(sh(root, 'git rev-parse HEAD'));
    }
    expect(ids.size).toBe(1);
  });

  it('takes line ends as they are, whatever core.autocrlf says', async () => {
    const root = await repository();
    sh(root, 'git config core.autocrlf true');
    await commit(root, { a: 'x\ny\n', b: 'x\r\n' });
    expect(sh(root, 'git cat-file blob HEAD:a; git cat-file blob HEAD:b')).toBe('x\ny\nx\r\n');
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('x\ny\n');
  });

  it('holds a message as it is, also one that looks like an option', async () => {
    const root = await repository();
    await commit(root, { a: '1' }, { message: '--amend\n\n$(touch pwned) `id` ü\n#not a comment' });
    expect(sh(root, 'git log --format=%B')).toBe('--amend\n\n$(touch pwned) `id` ü\n#not a comment\n\n');
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });
});

describe('runs side by side', () => {
  it('lose nothing of each other: every one of 8 is in the history', async () => {
    const root = await repository();
    const count = process.env['GITOPS_GEN_DEEP'] ? 64 : 8;
    const names = Array.from({ length: count }, (_, index) => `applications/m${index}/model.yaml`);
    const all = names.map((name) =>
      publishTree(root, (tree) => planOf({ ...generated(tree.files), [name]: name })(tree), {
        message: name,
        attempts: count * 4,
        lockTimeoutMs: 600_000,
      }),
    );
    await Promise.all(all);
    expect(treeOf(root)).toEqual(names.map((name) => `100644 ${name}`).sort());
    expect(sh(root, 'git log --format=%s').trim().split('\n').sort()).toEqual([...names].sort());
    expect(
      sh(root, 'git rev-list --merges HEAD; git status --porcelain; git fsck --strict 2>&1 | grep -v dangling || true'),
    ).toBe('');
  });

  function generated(files: ReadonlyMap<string, unknown>): Record<string, string> {
    return Object.fromEntries([...files].filter(([path]) => path.startsWith('applications/'))) as Record<
      string,
      string
    >;
  }

  it('in two folders of one repository as well', async () => {
    const top = await repository();
    const roots = ['one', 'two', 'three', 'four'].map((name) => join(top, name));
    for (const root of roots) mkdirSync(root);
    await Promise.all(roots.map((root) => publishTree(root, planOf({ a: root }), { message: 'x', attempts: 40 })));
    expect(treeOf(top)).toEqual(['100644 four/a', '100644 one/a', '100644 three/a', '100644 two/a']);
    expect(sh(top, 'git rev-list --count HEAD; git status --porcelain')).toBe('4\n');
  });

  it('two branches that add neighbouring models merge without a conflict', async () => {
    const root = await repository();
    await commit(root, { 'applications/m1/x': '1', 'applications/m4/x': '4' });
    sh(root, 'git checkout -q -b two');
    await commit(root, {
      'applications/m1/x': '1',
      'applications/m2/x': '2',
      'applications/m4/x': '4',
      'argocd/projects/m2.yaml': '2',
    });
    sh(root, 'git checkout -q main');
    await commit(root, {
      'applications/m1/x': '1',
      'applications/m3/x': '3',
      'applications/m4/x': '4',
      'argocd/projects/m3.yaml': '3',
    });
    sh(root, 'git merge -q --no-edit two');
    const names = {
      'applications/m2/x': '2',
      'applications/m3/x': '3',
      'argocd/projects/m2.yaml': '2',
      'argocd/projects/m3.yaml': '3',
    };
    const changeset = await planFolder(root, { 'applications/m1/x': '1', 'applications/m4/x': '4', ...names });
    expect([changeset.writes, changeset.deletes, changeset.conflicts]).toEqual([[], [], []]);
  });
});

describe('reading', () => {
  it('a revision is a tree: files, links, submodules, and what it had', async () => {
    const root = await repository();
    put(root, { 'a.yaml': 'ü\n', 'b.bin': new Uint8Array([255, 0, 10]), large: 'x'.repeat(100), 'sp ace/ü': '1' });
    symlinkSync('../secret', join(root, 'link'));
    sh(
      root,
      'git add .; git update-index --add --cacheinfo 160000,1234567890123456789012345678901234567890,sub; git commit -qm one; git tag v1',
    );
    put(root, { 'a.yaml': 'new\n' });
    sh(root, 'git commit -qam two');
    const tree = await (await openGit(root)).readTreeAt('v1', { maxFileBytes: 50 });
    expect([...tree.files]).toEqual([
      ['a.yaml', 'ü\n'],
      ['b.bin', new Uint8Array([255, 0, 10])],
      ['sp ace/ü', '1'],
    ]);
    expect([...tree.links]).toEqual([['link', '../secret']]);
    expect([...tree.unread]).toEqual([
      ['large', 'larger than 50 bytes'],
      ['sub', 'a submodule'],
    ]);
  });

  it('a blob by the id that the records hold', async () => {
    const root = await repository();
    await commit(root, { a: 'pristine\n' });
    await commit(root, { a: 'newer\n' });
    const git = await openGit(root);
    expect(await git.blob(pristineOf('pristine\n').blob)).toBe('pristine\n');
    expect(await git.blob(pristineOf('never there').blob)).toBeUndefined();
    expect(await git.blob('HEAD')).toBeUndefined();
  });

  it('says where it stands', async () => {
    const root = await repository();
    const git = await openGit(root);
    expect(await git.head()).toEqual({ ref: 'refs/heads/main' });
    const commitId = await commit(root, { a: '1' });
    expect(await git.head()).toEqual({ ref: 'refs/heads/main', commit: commitId });
    expect([await git.branch(), await git.commitId('main'), await git.remotes()]).toEqual(['main', commitId, []]);
    sh(root, 'git remote add origin https://user:ghp_token@example.com/o/r.git; git checkout -q --detach');
    expect(await git.remoteUrl()).toBe('https://example.com/o/r.git');
    expect([await git.remoteUrl('upstream'), await git.branch(), await git.remotes()]).toEqual([
      undefined,
      undefined,
      ['origin'],
    ]);
  });

  it('tells a shallow clone from a revision that never was', async () => {
    const root = await repository();
    await commit(root, { a: '1' });
    await commit(root, { a: '2' });
    await expect((await openGit(root)).readTreeAt('nope')).rejects.toMatchObject({
      reason: 'not-found',
      hint: expect.stringContaining('git fetch'),
    });
    const shallow = join(temporaryFolder(), 'shallow');
    sh(root, `git clone -q --depth 1 file://${root} ${shallow}`);
    await expect((await openGit(shallow)).readTreeAt('HEAD~1')).rejects.toMatchObject({
      hint: expect.stringContaining('--unshallow'),
    });
    identify(shallow);
    expect(await commit(shallow, { a: '3' })).toBeDefined();
  });

  it('a revision is a value, never an option', async () => {
    const root = await repository();
    sh(root, 'git commit -qm one --allow-empty');
    const git = await openGit(root);
    for (const revision of [
      '--output=pwned',
      '-h',
      '--all',
      'a b',
      'HEAD..main',
      ':/x',
      '',
      '\u0000',
      '@{-1}',
      '^main',
    ])
      await expect(git.readTreeAt(revision), revision).rejects.toThrow();
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });

  it.each([
    'main',
    'refs/heads/-x',
    'refs/heads/a..b',
    'refs/heads/a b',
    'refs/heads/a.lock',
    'refs/heads/.a',
    'refs/heads/a//b',
    'refs/heads/a@{1}',
    'refs/heads/a\\b',
  ])('%j is no ref', (ref) => {
    expect(() => refuseBadRef(ref)).toThrow(/no name for a branch/);
  });
});

it('what git says is told without passwords', () => {
  expect(gitFault('fetch', "fatal: unable to access 'https://u:secret@example.com/x.git/': x").message).toBe(
    "git fetch failed: fatal: unable to access 'https://example.com/x.git/': x",
  );
  expect(gitFault('x', "fatal: detected dubious ownership in repository at '/x'").hint).toContain('safe.directory');
});

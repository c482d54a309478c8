import { describe, expect, it } from 'vitest';
import { openGit } from './git.js';
import { mergingInProgress, mergingsBehind } from './git-mergings.js';
import { readRenamed } from './git-renames.js';
import { put } from './testing/folders.js';
import { repository, sh } from './testing/repository.js';

const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
/** A file that is generated: alike from model to model. */
const text = (name: string) => `name: ${name}\n${lines.join('\n')}\n`;
const edited = (name: string) => text(name).replace('line 10\n', '# by hand\nline 10\n');

const at = (seconds: number, line: string) => {
  const date = `@${1_700_000_000 + seconds} +0000`;
  return `GIT_AUTHOR_DATE='${date}' GIT_COMMITTER_DATE='${date}' git ${line}`;
};
/** Only the committer's date is new: so it is with a commit that is replayed. */
const replayedAt = (seconds: number, line: string) =>
  `GIT_COMMITTER_DATE='@${1_700_000_000 + seconds} +0000' git ${line}`;

/** `main` replaced the file `one` by `two`; `work`, from before, wrote a line into `one`. */
async function branches(): Promise<string> {
  const root = await repository();
  put(root, { 'a/one': text('one'), 'own.md': 'ours\n' });
  sh(root, `git add -A; ${at(0, 'commit -qm start')}; git branch work`);
  sh(root, 'git rm -q a/one');
  put(root, { 'a/two': text('two') });
  sh(root, `git add -A; ${at(1, 'commit -qm replaced')}; git switch -q work`);
  put(root, { 'a/one': edited('one') });
  sh(root, `${at(2, "commit -qam 'by hand'")}; git switch -q main`);
  return root;
}

/** What was carried over, as the history of HEAD or what goes on tells it. */
async function found(root: string, suspects: readonly string[] = ['a/two']) {
  const git = await openGit(root);
  const present = await mergingInProgress(git, sh(root, 'git ls-files -u') !== '');
  const mergings = present === undefined ? await mergingsBehind(git, suspects) : [present];
  const all = [];
  for (const merging of mergings)
    for (const [path, { pathwise, automatic, inConflict }] of (await readRenamed(git, merging, () => true)) ?? [])
      all.push({ path, inConflict, automatic, text: pathwise === undefined ? 'of both' : pathwise.text });
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The line of `one` is in `two`, which was to stand as it was made. Of `one`, main removed what the other changed. */
const carried = [
  { path: 'a/one', inConflict: false, automatic: undefined, text: 'of both' },
  { path: 'a/two', inConflict: false, automatic: edited('two'), text: text('two') },
];

describe('what git carries into another file', () => {
  it.each([
    ['a merge', at(3, 'merge -q --no-edit work')],
    ['a merge that is not committed', 'git merge -q --no-commit work'],
    ['a squash', `git merge -q --squash work; ${at(3, 'commit -qm squashed')}`],
    ['a squash that is not committed', 'git merge -q --squash work'],
    [
      'a squash whose branch is gone, with the message of git',
      `git merge -q --squash work; ${at(3, 'commit -q --no-edit')}; git branch -qD work`,
    ],
    ['a rebase', `git switch -q work; ${replayedAt(3, 'rebase -q main')}`],
    ['a cherry-pick', replayedAt(3, 'cherry-pick work')],
    [
      'a merge with commits after it',
      `${at(3, 'merge -q --no-edit work')}; echo more >>own.md; ${at(4, 'commit -qam more')}`,
    ],
    [
      'a cherry-pick with commits after it',
      `${replayedAt(3, 'cherry-pick work')}; echo more >>own.md; ${at(4, 'commit -qam more')}`,
    ],
  ])('is found after %s', async (_, line) => {
    const root = await branches();
    sh(root, line);
    expect(sh(root, 'cat a/two')).toBe(edited('two'));
    expect(await found(root)).toEqual(carried);
  });

  it('is found where the branch that was replayed replaced the file', async () => {
    const root = await branches();
    sh(root, `git switch -q work; ${replayedAt(3, 'cherry-pick main')}`);
    expect(await found(root)).toEqual(carried.map((each) => (each.path === 'a/one' ? { ...each } : each)));
  });

  it('is found in a folder of a larger repository, by paths of that folder', async () => {
    const root = await branches();
    sh(root, at(3, 'merge -q --no-edit work'));
    const git = await openGit(`${root}/a`);
    const [merging] = await mergingsBehind(git, ['two']);
    expect([...((merging && (await readRenamed(git, merging, () => true))) ?? new Map()).keys()].sort()).toEqual([
      'one',
      'two',
    ]);
  });

  it.each([
    [
      'the original of a commit that was picked elsewhere',
      `${replayedAt(3, 'cherry-pick work')}; git switch -q work`,
      'a/one',
    ],
    ['an edit that was committed here', 'true', 'a/two'],
  ])('is not seen in %s', async (_, line, path) => {
    const root = await branches();
    sh(root, line);
    if (path === 'a/two') {
      put(root, { [path]: edited('two').replace('by hand', 'of main') });
      sh(root, `${at(5, 'commit -qam edited')}`);
    }
    expect(await found(root, [path])).toEqual([]);
  });

  it('is what somebody wanted, once a later commit changed the file', async () => {
    const root = await branches();
    sh(root, at(3, 'merge -q --no-edit work'));
    put(root, { 'a/two': text('two'), 'a/one': edited('one') });
    sh(root, `git add -A; ${at(4, 'commit -qm back')}`);
    put(root, { 'a/two': edited('two') });
    sh(root, `git rm -q --cached a/one; rm a/one; git add -A; ${at(5, "commit -qm 'meant so'")}`);
    expect(await found(root)).toEqual([]);
  });

  it('cannot be known of a commit whose original is nowhere in this clone', async () => {
    const root = await branches();
    sh(root, `git merge -q --squash work; ${at(3, 'commit -qm squashed')}; git branch -qD work`);
    expect(await found(root)).toEqual([]);
  });

  it('is not looked for where two branches met before and have several starts', async () => {
    const root = await branches();
    sh(
      root,
      `git branch old work; ${at(3, 'merge -q --no-edit work')}; git switch -q work; ${at(4, 'merge -q --no-edit main~1')}`,
    );
    put(root, { 'own.md': 'of work\n' });
    sh(root, `${at(5, 'commit -qam own')}; git switch -q main; git merge -q --no-commit work || true`);
    const git = await openGit(root);
    expect(await mergingInProgress(git, false)).toMatchObject({ isCrossed: true });
    expect(await found(root)).toEqual([]);
  });

  it('is left to a person where git reports a conflict', async () => {
    const root = await branches();
    put(root, { 'a/two': text('two').replace('line 10\n', '# of main\nline 10\n') });
    sh(root, `${at(3, 'commit -qam main')}; git merge -q work || true`);
    expect(await found(root)).toMatchObject([{ path: 'a/one' }, { path: 'a/two', inConflict: true }]);
  });

  it('is nothing where git has no rename to see', async () => {
    const root = await branches();
    sh(
      root,
      `git switch -qc other main~1; echo x >>own.md; ${at(3, 'commit -qam own')}; git switch -q main; ${at(4, 'merge -q --no-edit other')}`,
    );
    expect(await found(root)).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basesWanted, isEmptyChangeset, planChangeset, withMarkers } from '../publish/changeset.js';
import { mergeTexts } from '../publish/merge.js';
import { pristineOf, readOwnership } from '../publish/ownership.js';
import { applyChangeset } from './apply.js';
import { readBases } from './bases.js';
import { commitChangeset } from './commit.js';
import { openGit } from './git.js';
import { GitCommits } from './git-commit.js';
import { readTree } from './read-tree.js';
import { put, snapshot, temporaryFolder } from './testing/folders.js';
import { planFolder } from './testing/plan.js';
import { repository, sh } from './testing/repository.js';

/** Edits of a text of distinct lines: where every line is known by its text, there is one right alignment. */
const edit = fc.record({
  at: fc.nat(11),
  kind: fc.constantFrom('change', 'remove', 'insert'),
  word: fc.constantFrom('p', 'q', 'r'),
});

function edited(lines: readonly string[], edits: readonly { at: number; kind: string; word: string }[]): string {
  const out = lines.map((line) => [line]);
  for (const { at, kind, word } of edits) {
    if (kind === 'insert') out[at] = [`${word}${at}\n`, ...(out[at] ?? [])];
    else out[at] = kind === 'remove' ? [] : [`${word}${at}x\n`];
  }
  return out.flat().join('');
}

it('merges as git merge-file does', () => {
  const root = temporaryFolder();
  const lines = Array.from({ length: 12 }, (_, index) => `line ${index}\n`);
  const labels = { ours: 'a', base: 'o', theirs: 'b' };
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 4 }), fc.array(edit, { maxLength: 4 }), (mine, other) => {
      const [base, ours, theirs] = [lines.join(''), edited(lines, mine), edited(lines, other)];
      put(root, { a: ours, o: base, b: theirs });
      const args = ['merge-file', '-p', '--diff3', '-L', 'a', '-L', 'o', '-L', 'b', 'a', 'o', 'b'];
      const git = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
      const merged = mergeTexts(base, ours, theirs, labels);
      expect({ text: merged.text, conflicts: merged.conflicts }).toEqual({ text: git.stdout, conflicts: git.status });
    }),
    { seed: 61, numRuns: process.env['GITOPS_GEN_DEEP'] ? 3000 : 200 },
  );
});

describe('a conflict in git', () => {
  it('is one that every tool knows, and is gone when it is resolved', async () => {
    const root = await repository();
    const old = 'kind: A\nimage: x:1\nport: 80\n';
    const now = old.replace('x:1', 'x:2');
    await commitChangeset(root, await planFolder(root, { 'd/f': old }), { message: 'one' });
    put(root, { 'd/f': old.replace('x:1', 'x:mine') });
    sh(root, 'git commit -qam mine');
    const git = await openGit(root);
    const plan = async () => {
      const tree = await readTree(root);
      const input = {
        desired: new Map([['d/f', now]]),
        present: tree.files,
        ownership: readOwnership(tree.files, () => expect.fail()),
      };
      return planChangeset({ ...input, bases: await readBases(basesWanted(input), tree.files, git) });
    };
    const { changeset, stages } = withMarkers(await plan());
    await applyChangeset(root, changeset);
    await new GitCommits(git).stageConflicts(stages);
    expect(sh(root, 'git status --porcelain d/f')).toBe('UU d/f\n');
    expect(sh(root, 'git show :1:d/f; git show :2:d/f; git show :3:d/f')).toBe(
      `${old}${old.replace('x:1', 'x:mine')}${now}`,
    );
    expect(sh(root, 'git diff d/f')).toContain('++<<<<<<< edited');
    sh(root, 'git checkout -q --theirs d/f; git add .; git commit -qm resolved');
    expect(isEmptyChangeset(await plan())).toBe(false); // the base beside the records is not needed any more
    await applyChangeset(root, await plan());
    expect(isEmptyChangeset(await plan())).toBe(true);
    expect(Object.keys(snapshot(root))).toEqual(['.gitops-gen/owned/d/f.txt', 'd/f']);
  });

  it('finds its base in the history, beside the records, or nowhere', async () => {
    const root = await repository();
    await commitChangeset(root, await planFolder(root, { f: 'one\n', g: 'one\n' }), { message: 'one' });
    const wanted = new Map([
      ['f', [pristineOf('one\n')]],
      ['g', [pristineOf('kept\n')]],
      ['h', [pristineOf('never\n')]],
    ]);
    const present = new Map([
      ['.gitops-gen/base/g.base', 'kept\n'],
      ['.gitops-gen/base/h.base', 'forged\n'],
    ]);
    expect([...(await readBases(wanted, present, await openGit(root)))]).toEqual([
      ['f', ['one\n']],
      ['g', ['kept\n']],
    ]);
    expect([...(await readBases(wanted, present, undefined))]).toEqual([['g', ['kept\n']]]);
  });
});

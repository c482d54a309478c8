import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeTexts } from '../publish/merge.js';
import { put, temporaryFolder } from './testing/folders.js';

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

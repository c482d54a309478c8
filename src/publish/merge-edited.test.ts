import { describe, expect, it } from 'vitest';
import { mergeBranches, mergeEdited } from './merge-edited.js';

const file = (tier: string, more = '') => `kind: A\nname: m\ntier: ${tier}\nphase: one\nspec:\n  a: 1\n${more}`;

describe('a file that two branches generated', () => {
  const [one, two] = [file('one'), file('two', '  b: 2\n')];

  it('as git mixed them, without an edit, is what is generated now', () => {
    const mixture = file('one', '  b: 2\n');
    const now = file('three', '  b: 2\n  c: 3\n');
    expect(mergeEdited([one, two], mixture, now)).toMatchObject({ text: now, conflicts: 0 });
  });

  it('as git mixed them, keeps the edit', () => {
    const mixture = `# by hand\n${file('one', '  b: 2\n')}`;
    expect(mergeEdited([one, two], mixture, file('three', '  b: 2\n')).text).toBe(
      `# by hand\n${file('three', '  b: 2\n')}`,
    );
  });

  it('never takes what the tool wrote on one branch for an edit', () => {
    const theirs = file('two', '  b: 2\n').replace('tier', '# by hand\ntier');
    const branches = { ours: one, theirs };
    const merged = mergeBranches(branches, [one, two], one, (text) => text === one || text === two);
    expect(merged.conflicts).toBe(1);
    expect(merged.base).toBe(two);
    expect(merged.text).toContain('# by hand\n');
  });

  it('measures a branch against what its own records say', () => {
    const branches = { ours: `# ours\n${one}`, theirs: two, oursBases: [one], theirsBases: [two] };
    const merged = mergeBranches(branches, [two], two, (text) => text === two);
    expect(merged).toMatchObject({ conflicts: 0, text: `# ours\n${two}` });
  });

  it('takes the edits of both branches', () => {
    const branches = { ours: `# ours\n${one}`, theirs: `${two}# theirs\n` };
    const merged = mergeBranches(branches, [one, two], two, (text) => text === one || text === two);
    expect(merged).toMatchObject({ conflicts: 0, edited: true, text: `# ours\n${two}# theirs\n` });
  });

  it('without any base, is a conflict wherever it differs', () => {
    expect(mergeEdited([], one, two)).toMatchObject({ twoWay: true });
    expect(mergeEdited([], one, two).conflicts).toBeGreaterThan(0);
  });
});

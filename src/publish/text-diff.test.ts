import { applyPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileDifference, textDifference } from './text-diff.js';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '', 'replicas: 1', 'replicas: 2'), { maxLength: 30 })
  .chain((lines) => fc.constantFrom(lines.join('\n'), `${lines.join('\n')}\n`));

describe('a difference', () => {
  it('turns the one text into the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const difference = textDifference(before, after, 'a', 'b');
        if (before === after) expect(difference).toBe('');
        else expect(applyPatch(before, difference)).toBe(after);
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  it('stays a patch, in little time, where texts have nothing in common', () => {
    const lines = (word: string) => `${Array.from({ length: 30_000 }, (_, index) => `${word}${index}`).join('\n')}\n`;
    const difference = textDifference(lines('x'), lines('y'), 'a', 'b');
    expect(applyPatch(lines('x'), difference)).toBe(lines('y'));
  });

  it('looks as git shows it', () => {
    expect(fileDifference('a/b.yaml', 'replicas: 1\nname: x\n', 'replicas: 2\nname: x\n')).toBe(
      '--- a/a/b.yaml\n+++ b/a/b.yaml\n@@ -1,2 +1,2 @@\n-replicas: 1\n+replicas: 2\n name: x\n',
    );
  });

  it('of a new file comes from nothing, of a removed one goes to nothing', () => {
    expect(fileDifference('x', undefined, 'a\n')).toBe('--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n');
    expect(fileDifference('x', 'a\n', undefined)).toBe('--- a/x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
  });

  it('of bytes only says that there is one', () => {
    expect(fileDifference('x', new Uint8Array([0, 255]), 'a')).toBe(
      'Binary file x differs: 2 bytes before, 1 bytes after\n',
    );
  });

  it('quotes a name that would move the cursor', () => {
    expect(fileDifference('a\u001b[2J', 'x\n', 'y\n')).not.toContain('\u001b');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasConflictMarkers, mergeTexts } from './merge.js';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', '', '  x: 1'), { maxLength: 12 })
  .chain((lines) => fc.constantFrom(lines.join('\n'), lines.map((line) => `${line}\n`).join('')));

const base = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: x\nspec:\n  ports:\n    - port: 80\n';

describe('a merge', () => {
  it.each([
    [
      'an edit and a change elsewhere',
      base.replace('80', '8080'),
      base.replace('v1', 'v2'),
      base.replace('80', '8080').replace('v1', 'v2'),
    ],
    [
      'a comment that people wrote',
      base.replace('spec:', '# ours\nspec:'),
      base.replace('80', '81'),
      base.replace('spec:', '# ours\nspec:').replace('80', '81'),
    ],
    ['the same change twice', base.replace('80', '81'), base.replace('80', '81'), base.replace('80', '81')],
    [
      'lines that people took out',
      base.replace('  ports:\n    - port: 80\n', ''),
      base.replace('v1', 'v2'),
      base.replace('  ports:\n    - port: 80\n', '').replace('v1', 'v2'),
    ],
    ['a last line without an end', `${base}tail`, base.replace('v1', 'v2'), `${base.replace('v1', 'v2')}tail`],
    [
      'line ends of another system',
      base.replace('80', '81').replaceAll('\n', '\r\n'),
      base.replace('v1', 'v2'),
      base.replace('80', '81').replace('v1', 'v2').replaceAll('\n', '\r\n'),
    ],
  ])('keeps %s', (_name, ours, theirs, merged) => {
    expect(mergeTexts(base, ours, theirs)).toEqual({ text: merged, conflicts: 0, twoWay: false });
  });

  it('that both sides wrote differently is in markers with the base', () => {
    expect(mergeTexts(base, base.replace('80', '81'), base.replace('80', '82'))).toEqual({
      text: base.replace(
        '    - port: 80\n',
        '<<<<<<< edited\n    - port: 81\n||||||| generated before\n    - port: 80\n=======\n    - port: 82\n>>>>>>> generated now\n',
      ),
      conflicts: 1,
      twoWay: false,
    });
  });

  it('without a base says so, and puts everything that differs in markers', () => {
    expect(mergeTexts(undefined, 'a\nb\nc\n', 'a\nB\nc\nd\n')).toEqual({
      text: 'a\n<<<<<<< edited\nb\n=======\nB\n>>>>>>> generated now\nc\n<<<<<<< edited\n=======\nd\n>>>>>>> generated now\n',
      conflicts: 2,
      twoWay: true,
    });
    expect(mergeTexts(undefined, 'a\n', 'a\n')).toEqual({ text: 'a\n', conflicts: 0, twoWay: true });
  });

  it('of texts that have nothing in common is one conflict, in little time', () => {
    const many = (word: string) => Array.from({ length: 20_000 }, (_, index) => `${word}${index}\n`).join('');
    expect(mergeTexts(many('a'), many('b'), many('c')).conflicts).toBe(1);
  });
});

describe('for any texts', () => {
  it('what only one side changed is taken as it is', () => {
    fc.assert(
      fc.property(text, text, (one, two) => {
        expect(mergeTexts(one, two, one)).toEqual({ text: two, conflicts: 0, twoWay: false });
        expect(mergeTexts(one, one, two)).toEqual({ text: two, conflicts: 0, twoWay: false });
        expect(mergeTexts(one, two, two)).toEqual({ text: two, conflicts: 0, twoWay: false });
      }),
      { seed: 51, numRuns: 1000 },
    );
  });

  it('taking one side of every conflict gives no line that neither side had, and loses none that this side added', () => {
    fc.assert(
      fc.property(text, text, text, (old, ours, theirs) => {
        const merged = mergeTexts(old, ours, theirs);
        const kept = takeOurs(merged.text);
        const known = new Set(['', ...[old, ours, theirs].flatMap((one) => one.split('\n'))]);
        for (const line of kept.split('\n')) expect(known).toContain(line);
        const before = new Set(old.split('\n'));
        for (const line of ours.split('\n'))
          if (line !== '' && !before.has(line)) expect(kept.split('\n')).toContain(line);
        expect(hasConflictMarkers(merged.text)).toBe(merged.conflicts > 0);
      }),
      { seed: 52, numRuns: 1000 },
    );
  });

  it('the sides may change places', () => {
    fc.assert(
      fc.property(text, text, text, (old, ours, theirs) => {
        const [one, two] = [mergeTexts(old, ours, theirs), mergeTexts(old, theirs, ours)];
        expect(one.conflicts).toBe(two.conflicts);
        if (one.conflicts === 0) expect(one.text).toBe(two.text);
      }),
      { seed: 53, numRuns: 500 },
    );
  });

  function takeOurs(merged: string): string {
    return merged.replace(/^<{7} edited\n([\s\S]*?)\|{7} generated before\n[\s\S]*?>{7} generated now\n/gmu, '$1');
  }
});

it('markers are known by their order, not by a line of equal signs', () => {
  expect(hasConflictMarkers('a\n=======\nb\n')).toBe(false);
  expect(hasConflictMarkers('<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n')).toBe(true);
  expect(hasConflictMarkers('<<<<<<< a\r\nx\r\n=======\r\ny\r\n>>>>>>> b\r\n')).toBe(true);
  expect(hasConflictMarkers('  <<<<<<< a\n=======\n>>>>>>> b\n')).toBe(false);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pinBefore, pinOf, pinTrail, withPin } from './pins.js';

describe('the pin of a parent', () => {
  it.each([
    ['as it is rendered', 'spec:\n  source:\n    targetRevision: abc\n', 'abc'],
    ['with quotes and comments', 'spec: {source: {targetRevision: "1234567"}} # here\n', '1234567'],
    ['that is none', 'spec: {source: {}}\n', undefined],
    ['in a file that cannot be read', 'spec: [\n', undefined],
  ])('is read %s', (_, text, pin) => {
    expect(pinOf(text)).toBe(pin);
  });
});

describe('another pin', () => {
  const [old, next] = ['a'.repeat(40), 'b'.repeat(40)];
  it.each([
    ['of a commit, wherever it stands', `a: ${old}\nspec: {source: {targetRevision: "${old}"}} # ${old}\n`, 3],
    ['of a branch, there alone', '# main\nspec:\n  source:\n    targetRevision: main # by hand\n', 1],
    ['of a branch in quotes', "spec: {source: {targetRevision: 'main', path: main}}\n", 1],
    ['where there is none', 'spec: {source: {path: main}}\n', 0],
    ['in a file that cannot be read', 'spec: [\n', 0],
  ])('in place of one %s', (_, text, times) => {
    const moved = withPin(text, next);
    expect(moved.split(next)).toHaveLength(times + 1);
    if (times > 0) expect(pinOf(moved)).toBe(next);
    else expect(moved).toBe(text);
    for (const comment of text.match(/#[^#\n]*$/gmu) ?? []) expect(moved).toContain(comment.replaceAll(old, next));
  });
});

describe('the way back', () => {
  it.each([
    ['one release before', ['a', 'b', 'c'], 'b'],
    ['not forth again after a rollback', ['a', 'b', 'c', 'b'], 'a'],
    ['past what was rolled back, once something new came', ['a', 'b', 'c', 'b', 'd'], 'b'],
    ['to what ran before a second attempt', ['a', 'b', 'a', 'b'], 'a'],
    ['nowhere after the first release', ['a'], undefined],
    ['nowhere before it', [], undefined],
    ['nowhere from the first release that was come back to', ['a', 'b', 'a'], undefined],
  ])('goes %s', (_, pins, before) => {
    expect(pinBefore(pins)).toBe(before);
  });

  it('ends at the first release, whatever there was: each step goes to a pin that was there, and none twice', () => {
    const history = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(history, (all) => {
        const pins: string[] = all.filter((pin, index) => pin !== all[index - 1]);
        const seen = [pins.at(-1)];
        for (let next = pinBefore(pins); next !== undefined; next = pinBefore(pins)) {
          expect(pins).toContain(next);
          expect(seen).not.toContain(next);
          seen.push(next);
          pins.push(next);
        }
        expect(pins.at(-1)).toBe(all[0]);
        expect(pinTrail(pins)).toEqual([all[0]]);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});

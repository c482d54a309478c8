import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { partOf } from './inside.js';
import { readYaml } from './read.js';

/** What stands in the text where the part of the value is said to be. */
function shown(text: string, part: string, value = textOf(text)): string | undefined {
  const found = partOf(text, { file: 'a.yaml', pointer: '/a' }, value, value.indexOf(part), part.length);
  return found && text.slice(found.offset, found.offset + found.length);
}

function textOf(text: string): string {
  const value = readYaml('a.yaml', text, () => {})[0]?.value as { readonly a: string };
  return value.a;
}

describe('a part of a scalar is found in the text as it is written', () => {
  it.each([
    ['a literal block', 'a: |\n  one\n  two\n\n    three\n', 'two', 'two'],
    ['with a comment behind its header', 'a: |- # said\n  one\n  two\n', 'two', 'two'],
    ['with an indentation of its own', 'a: |2\n    one\n  two\n', '  one', '  one'],
    ['over its lines', 'a: |\n  one\n  two\n', 'one\ntwo', 'one\n  two'],
    ['with line ends of Windows', 'a: |\r\n  one\r\n  two\r\n', 'two', 'two'],
    ['behind an alias', 'b: &x |\n  one\n  two\na: *x\n', 'two', 'two'],
    ['a folded block', 'a: >-\n  one\n  two\n\n  three\n', 'two\nthree', 'two\n\n  three'],
    ['a folded block with deeper lines', 'a: >\n\n  one\n    deep\n  two\n  three\n', 'two three', 'two\n  three'],
    ['a text in single quotes', "a: 'it''s one\n  two'\n", "'s one two", "''s one\n  two"],
    ['a text in double quotes', 'a: "x\\n\\u0041 one\\\n   two\n  three"\n', 'two three', 'two\n  three'],
    ['behind escapes', 'a: "x\\n\\"\\U0001F600one"\n', 'one', 'one'],
    ['a plain text', 'a: one\n  two\n\n  three\n', 'two\nthree', 'two\n\n  three'],
    ['JSON', '{"a": "x\\ny one"}', 'y one', 'y one'],
  ])('%s', (_, text, part, written) => {
    expect(textOf(text)).toContain(part);
    expect(shown(text, part)).toBe(written);
  });

  it('and not where the value there is another, or none', () => {
    expect(shown('a: |\n  one\n', 'two', 'one two\n')).toBeUndefined();
    expect(shown('b: |\n  one\n', 'one', 'one\n')).toBeUndefined();
    expect(shown('a: [one]\n', 'one', 'one')).toBeUndefined();
    expect(partOf('a: |\n  one\n', { file: 'a.yaml', pointer: '/a' }, 'one\n', 1, 9)).toBeUndefined();
  });

  it('whatever the text, and whichever way it is written: each sign of it stands where it is said to', () => {
    const word = fc.stringMatching(/^[a-z '"#:\\-]{0,6}$/);
    const text = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join('\n'));
    const style = fc.constantFrom('BLOCK_LITERAL', 'BLOCK_FOLDED', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN');
    let judged = 0;
    fc.assert(
      fc.property(text, style, fc.constantFrom(20, 80), (value, defaultStringType, lineWidth) => {
        const source = stringify({ z: 1, a: value }, { defaultStringType, lineWidth } as never);
        // The writer cannot say every text in every style.
        if (textOf(source) !== value) return;
        judged += 1;
        let before = -1;
        for (const [at, sign] of [...value].entries()) {
          if (!/[a-z]/.test(sign)) continue;
          const { offset = -1 } = partOf(source, { file: 'a.yaml', pointer: '/a' }, value, at, 1) ?? {};
          expect(source.charAt(offset)).toBe(sign);
          expect(offset).toBeGreaterThan(before);
          before = offset;
        }
      }),
      { seed: 11, numRuns: 1000 },
    );
    expect(judged).toBeGreaterThan(500);
  });
});

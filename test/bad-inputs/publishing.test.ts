import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Row {
  readonly id: string;
  readonly input: string;
  /** What the command line may end with. */
  readonly exit: readonly number[];
  /** The tests that execute it, by a part of their title or of their table. */
  readonly where: readonly { readonly file: string; readonly test: string }[];
  /** Why it is no test, or why it ends otherwise than the catalogue says. */
  readonly note?: string;
}

const root = resolve(import.meta.dirname, '../..');
const rowsOf = (name: string): readonly Row[] =>
  JSON.parse(readFileSync(resolve(root, `fixtures/bad-inputs/${name}.json`), 'utf8'));

/** Rows of the catalogue of bad inputs that are about git, the forge, and addresses, with the tests that execute them. */
describe.each([
  ['git', 32],
  ['github-api', 16],
  ['references', 10],
])('%s', (name, count) => {
  const rows = rowsOf(name);

  it('has every row once', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
    expect(rows).toHaveLength(count);
  });

  it.each(rows.map((row) => [row.id, row.input, row] as const))(
    '%s %s: is a test, or there is a reason',
    (_id, _input, { where, note, exit }) => {
      expect(exit.every((code) => [0, 1, 2, 3, 4].includes(code))).toBe(true);
      if (where.length === 0) expect(note).toBeDefined();
      for (const { file, test } of where) expect(readFileSync(resolve(root, file), 'utf8')).toContain(test);
    },
  );
});

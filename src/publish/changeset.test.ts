import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileMap } from '../files/file-map.js';
import {
  blockingError,
  type Changeset,
  type ChangesetInput,
  changesetDifference,
  isBlocked,
  isEmptyChangeset,
  planChangeset,
} from './changeset.js';
import { type Ownership, pristineOf, readOwnership, writeOwnership } from './ownership.js';

const files = (object: Record<string, string>): FileMap => new Map(Object.entries(object));
const owning = (object: Record<string, string>): Ownership =>
  new Map(Object.entries(object).map(([path, text]) => [path, [pristineOf(text)]]));
const noProblem = () => expect.fail('no problem was expected');

/** What is on the disk after a changeset. */
function after(present: FileMap, changeset: Changeset): Map<string, unknown> {
  const now = new Map<string, unknown>(present);
  for (const one of changeset.deletes) now.delete(one.path);
  for (const one of changeset.writes) now.set(one.path, one.content);
  return now;
}

function plan(input: Partial<ChangesetInput>): Changeset {
  return planChangeset({ desired: new Map(), present: new Map(), ownership: new Map(), ...input });
}

/** Paths without the records, for cases that are about something else. */
const own = (list: readonly { readonly path: string }[]) =>
  list.map((one) => one.path).filter((path) => !path.startsWith('.gitops-gen/owned/'));

describe('what happens to one file', () => {
  const cases: readonly [string, { desired?: string; present?: string; owned?: string; force?: boolean }, string][] = [
    ['new', { desired: 'n' }, 'write'],
    ['equal and ours', { desired: 'n', present: 'n', owned: 'n' }, 'unchanged'],
    ['equal and unknown: taken into the records', { desired: 'n', present: 'n' }, 'unchanged'],
    ['as we left it, and something else is wanted', { desired: 'n', present: 'o', owned: 'o' }, 'write'],
    ['edited', { desired: 'n', present: 'e', owned: 'o' }, 'conflict'],
    ['edited to what is wanted now', { desired: 'n', present: 'n', owned: 'o' }, 'unchanged'],
    ['edited, and taken by force', { desired: 'n', present: 'e', owned: 'o', force: true }, 'write'],
    ["somebody else's", { desired: 'n', present: 'e' }, 'refused'],
    ["somebody else's, and force does not help", { desired: 'n', present: 'e', force: true }, 'refused'],
    ['removed by hand: made again', { desired: 'n', owned: 'o' }, 'write'],
    ['not wanted any more', { present: 'o', owned: 'o' }, 'delete'],
    ['not wanted any more, edited', { present: 'e', owned: 'o' }, 'conflict'],
    ['not wanted any more, edited, by force', { present: 'e', owned: 'o', force: true }, 'delete'],
    ['not wanted any more and gone already', { owned: 'o' }, 'nothing'],
    ['never ours', { present: 'e' }, 'nothing'],
    ['ours, with line ends of another system', { desired: 'n\n', present: 'a\r\nb\r\n', owned: 'a\nb\n' }, 'write'],
  ];
  it.each(cases)('%s', (_name, { desired, present, owned, force }, outcome) => {
    const at = (text: string | undefined) => (text === undefined ? {} : { f: text });
    const changeset = plan({
      desired: files(at(desired)),
      present: files(at(present)),
      ownership: owning(at(owned)),
      ...(force === undefined ? {} : { force }),
    });
    expect({
      write: own(changeset.writes),
      delete: own(changeset.deletes),
      unchanged: own(changeset.unchanged.map((path) => ({ path }))),
      conflict: own(changeset.conflicts),
      refused: own(changeset.refused),
    }).toEqual({
      write: [],
      delete: [],
      unchanged: [],
      conflict: [],
      refused: [],
      [outcome]: ['f'],
      nothing: undefined,
    });
    expect(isBlocked(changeset)).toBe(outcome === 'conflict' || outcome === 'refused');
  });
});

describe('paths that stand in the way', () => {
  const cases: readonly [string, Partial<ChangesetInput>, string, string][] = [
    ['a path that leaves the root', { desired: files({ '../x': 'a' }) }, '../x', 'path'],
    ['the folder of git', { desired: files({ '.git/hooks/pre-commit': 'a' }) }, '.git/hooks/pre-commit', 'path'],
    ['our own books', { desired: files({ '.gitops-gen/owned/x.txt': 'a' }) }, '.gitops-gen/owned/x.txt', 'reserved'],
    ['one file on a disk that folds case', { desired: files({ 'a/B': '1', 'a/b': '2' }) }, 'a/b', 'two-writers'],
    ['a file that is a folder too', { desired: files({ a: '1', 'a/b': '2' }) }, 'a/b', 'two-writers'],
    ['generated and edited', { desired: files({ a: '1' }), edits: files({ a: '2' }) }, 'a', 'two-writers'],
    ['a link', { desired: files({ a: '1' }), links: new Map([['a', '/etc/passwd']]) }, 'a', 'link'],
    ['a link above', { desired: files({ 'a/b/c': '1' }), links: new Map([['a', '/etc']]) }, 'a/b/c', 'link'],
    ['an edit through a link', { edits: files({ 'a/b': '1' }), links: new Map([['a', '..']]) }, 'a/b', 'link'],
    ['something unread', { desired: files({ a: '1' }), unread: new Map([['a', 'is large']]) }, 'a', 'unread'],
    ["somebody's file above", { desired: files({ 'a/b': '1' }), present: files({ a: 'x' }) }, 'a/b', 'unowned'],
    ["somebody's folder there", { desired: files({ a: '1' }), present: files({ 'a/b': 'x' }) }, 'a', 'unowned'],
  ];
  it.each(cases)('%s', (_name, input, path, reason) => {
    const changeset = plan(input);
    expect(changeset.refused).toMatchObject([{ path, reason }]);
    expect(changeset.refused[0]?.hint).not.toBe('');
    expect(isBlocked(changeset)).toBe(true);
  });

  it('a generated file makes room for a folder, and a folder for a file', () => {
    const present = files({ a: 'x', 'b/c': 'y' });
    const changeset = plan({
      desired: files({ 'a/d': '1', b: '2' }),
      present,
      ownership: owning({ a: 'x', 'b/c': 'y' }),
    });
    expect(isBlocked(changeset)).toBe(false);
    expect(own(changeset.deletes)).toEqual(['a', 'b/c']);
    expect(own(changeset.writes)).toEqual(['a/d', 'b']);
  });

  it('more removals than are allowed', () => {
    const all = { a: '1', b: '2', c: '3' };
    const input = { present: files(all), ownership: owning(all) };
    expect(isBlocked(plan({ ...input, maxDeletes: 3 }))).toBe(false);
    const refused = plan({ ...input, maxDeletes: 2 });
    expect(refused.refused).toMatchObject([{ reason: 'mass-deletion', path: 'a' }]);
    expect(blockingError(refused)).toMatchObject({ reason: 'mass-deletion' });
  });
});

describe("people's files", () => {
  it('are edited when asked, never owned, and never removed', () => {
    const changeset = plan({
      edits: files({ 'families/x.yaml': 'new' }),
      present: files({ 'families/x.yaml': 'old' }),
    });
    expect(changeset.writes).toEqual([{ path: 'families/x.yaml', content: 'new', previous: 'old', role: 'people' }]);
    expect(changeset.ownership.size).toBe(0);
    expect(isEmptyChangeset(plan({ present: after(files({}), changeset) as FileMap }))).toBe(true);
  });

  it('are seeded once, whatever people made of them', () => {
    const seeds = files({ 'policies/a.yaml': 'seed' });
    expect(own(plan({ seeds }).writes)).toEqual(['policies/a.yaml']);
    expect(isEmptyChangeset(plan({ seeds, present: files({ 'policies/a.yaml': 'mine' }) }))).toBe(true);
    expect(isEmptyChangeset(plan({ seeds, present: files({ 'policies/a.yaml/b': 'mine' }) }))).toBe(true);
    expect(isEmptyChangeset(plan({ seeds, links: new Map([['policies/a.yaml', 'x']]) }))).toBe(true);
  });
});

it('a run for a part leaves the rest and its records alone', () => {
  const all = { 'applications/a/x': '1', 'applications/b/x': '2' };
  const present = new Map([...files(all), ...writeOwnership(owning(all))]);
  const scope = (path: string) => path.startsWith('applications/a/');
  const changeset = plan({ present, ownership: owning(all), scope });
  expect(changeset.deletes.map((one) => one.path)).toEqual([
    '.gitops-gen/owned/applications/a.txt',
    'applications/a/x',
  ]);
  expect(changeset.writes).toEqual([]);
});

it('an edited file is shown with its difference and named in the error', () => {
  const changeset = plan({
    desired: files({ f: 'a\nb\n', g: '1' }),
    present: files({ f: 'a\nmine\n', g: '2' }),
    ownership: owning({ f: 'a\n', g: '0' }),
  });
  expect(changeset.conflicts[0]).toEqual({
    path: 'f',
    action: 'overwrite',
    difference: '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-mine\n+b\n',
  });
  expect(blockingError(changeset)).toMatchObject({
    reason: 'edited',
    message: 'f was edited by hand and would be overwritten (and 1 more)',
    paths: ['f', 'g'],
  });
});

it('a dry run shows files and not the books', () => {
  const changeset = plan({
    desired: files({ b: 'new\n' }),
    present: files({ a: 'old\n' }),
    ownership: owning({ a: 'old\n' }),
  });
  expect(changesetDifference(changeset)).toBe(
    '--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-old\n--- /dev/null\n+++ b/b\n@@ -0,0 +1,1 @@\n+new\n',
  );
});

describe('for any tree', () => {
  const name = fc.constantFrom('a', 'b', 'applications/m/x', 'applications/m/y', 'd/e', 'd/f');
  const map = fc.dictionary(name, fc.constantFrom('1', '2', '3'), { maxKeys: 6 });

  it('a second run changes nothing, and the books tell what is ours', () => {
    fc.assert(
      fc.property(map, map, map, (desired, present, owned) => {
        const ownership = owning(owned);
        const before = new Map<string, string>([...files(present), ...writeOwnership(ownership)] as [string, string][]);
        const first = plan({ desired: files(desired), present: before, ownership });
        if (isBlocked(first)) return;
        const now = after(before, first) as FileMap;
        const read = readOwnership(now, noProblem);
        expect(new Map(read)).toEqual(new Map(first.ownership));
        expect(isEmptyChangeset(plan({ desired: files(desired), present: now, ownership: read }))).toBe(true);
        for (const [path, text] of Object.entries(desired)) expect(now.get(path)).toBe(text);
      }),
      { seed: 31, numRuns: 1000 },
    );
  });

  it('no text that somebody wrote is lost without force', () => {
    fc.assert(
      fc.property(map, map, map, (desired, present, owned) => {
        const changeset = plan({ desired: files(desired), present: files(present), ownership: owning(owned) });
        for (const one of [...changeset.writes, ...changeset.deletes]) {
          const previous = present[one.path];
          if (previous !== undefined) expect(owned[one.path]).toBe(previous);
        }
      }),
      { seed: 32, numRuns: 1000 },
    );
  });

  it('the order of what is given does not matter', () => {
    fc.assert(
      fc.property(map, map, map, (desired, present, owned) => {
        const turned = <T>(given: ReadonlyMap<string, T>) => new Map([...given].reverse());
        const input = { desired: files(desired), present: files(present), ownership: owning(owned) };
        const other = {
          desired: turned(input.desired),
          present: turned(input.present),
          ownership: turned(input.ownership),
        };
        const lists = ({ writes, deletes, unchanged, conflicts, refused }: Changeset) =>
          JSON.stringify([writes, deletes, unchanged, conflicts, refused]);
        expect(lists(plan(other))).toBe(lists(plan(input)));
      }),
      { seed: 33, numRuns: 300 },
    );
  });
});

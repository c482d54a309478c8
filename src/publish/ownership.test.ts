import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../diagnostics/diagnostic.js';
import { bytesOf, sha256 } from './digest.js';
import { type Ownership, pristineOf, readOwnership, recordPath, unitOf, writeOwnership } from './ownership.js';
import { pathFault } from './target-path.js';

const none = (problem: Problem) => expect.fail(problem.message);

const segment = fc
  .string({
    unit: fc.constantFrom('a', 'b', '.', 't', 'x', '%', 'applications', ' ', 'é', '.txt', '-'),
    minLength: 1,
    maxLength: 6,
  })
  .filter((part) => pathFault(part) === undefined);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('records', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.dictionary(path, fc.array(fc.string(), { minLength: 1, maxLength: 2 })), (files) => {
        const owned = new Map(
          Object.entries(files).map(([name, texts]) => [name, [...new Set(texts)].map((text) => pristineOf(text))]),
        );
        expect(new Map(readOwnership(writeOwnership(owned), none))).toEqual(owned);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it('never have the name of another record or of a folder of records', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 2, maxLength: 12 }), (units) => {
        const places = units.map((unit) => recordPath(unit));
        expect(new Set(places).size).toBe(units.length);
        for (const one of places) for (const two of places) expect(two.startsWith(`${one}/`)).toBe(false);
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it('hold one sorted line a file, and say how to make them again', () => {
    const owned: Ownership = new Map(
      ['applications/m/overlays/dev/kustomization.yaml', 'applications/m/base/service.yaml', 'README.md'].map(
        (name) => [name, [pristineOf('x\n')]],
      ),
    );
    const hashes =
      '73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac 587be6b4c3f93f93c489c0111bba5596147a26cb';
    const files = writeOwnership(owned);
    expect([...files.keys()]).toEqual(['.gitops-gen/owned/README.md.txt', '.gitops-gen/owned/applications/m.txt']);
    expect(files.get('.gitops-gen/owned/applications/m.txt')).toBe(
      '# Files that gitops-gen generated: sha256, git blob id, path. Written by "gitops-gen render"; not to be edited.\n' +
        `${hashes} applications/m/base/service.yaml\n` +
        `${hashes} applications/m/overlays/dev/kustomization.yaml\n`,
    );
  });
});

describe('a unit', () => {
  it.each([
    ['applications/llama-3.1-8b/base/deployment.yaml', 'applications/llama-3.1-8b'],
    ['applications/llama-3.1-8b/overlays/production/patch.yaml', 'applications/llama-3.1-8b'],
    ['argocd/families/llama/staging/parent.yaml', 'argocd/families/llama/staging'],
    ['clusters/production/kustomization.yaml', 'clusters/production'],
    ['infrastructure/monitoring/podmonitor.yaml', 'infrastructure/monitoring'],
    ['argocd/projects/llama-staging.yaml', 'argocd/projects/llama-staging.yaml'],
    ['.gitops-gen/lock/llama.yaml', '.gitops-gen/lock/llama.yaml'],
    ['README.md', 'README.md'],
    ['applications/README.md', 'applications/README.md'],
  ])('of %s is %s', (file, unit) => expect(unitOf(file)).toBe(unit));
});

describe('what is not a record', () => {
  const line = (name: string) => `${sha256('x')} ${pristineOf('x').blob} ${name}`;
  const place = '.gitops-gen/owned/applications/m.txt';

  it.each([
    ['a file of another unit', line('families/llama.yaml')],
    ['a path that leaves the root', line('applications/m/../../x')],
    ['an absolute path', line('/etc/passwd')],
    ['the records themselves', line('.gitops-gen/owned/applications/m.txt')],
    ['a short hash', 'abc def applications/m/x.yaml'],
    ['prose', 'hello'],
  ])('%s has no effect and is reported at its line', (_what, bad) => {
    const problems: Problem[] = [];
    const text = `# head\n${line('applications/m/a.yaml')}\n${bad}\n`;
    const owned = readOwnership(new Map([[place, text]]), (problem) => problems.push(problem));
    expect([...owned.keys()]).toEqual(['applications/m/a.yaml']);
    expect(problems).toMatchObject([{ ruleId: 'ownership-record', severity: 'warning', at: { file: place } }]);
    expect(text.slice(problems[0]?.at.offset).startsWith(bad)).toBe(true);
  });

  it('bytes that are no text are reported once', () => {
    const problems: Problem[] = [];
    expect(readOwnership(new Map([[place, bytesOf('x')]]), (problem) => problems.push(problem)).size).toBe(0);
    expect(problems).toHaveLength(1);
  });

  it('files elsewhere are none', () => {
    expect(
      readOwnership(
        new Map([
          ['owned/a.txt', 'x'],
          ['.gitops-gen/owned/a.yaml', 'x'],
        ]),
        none,
      ).size,
    ).toBe(0);
  });
});

it('a record that git could not merge holds what both sides generated', () => {
  const line = (text: string) => `${sha256(text)} ${pristineOf(text).blob} README.md`;
  const text = `# x\n<<<<<<< ours\n${line('a')}\n||||||| base\n${line('o')}\n=======\n${line('b')}\n>>>>>>> theirs\n`;
  const owned = readOwnership(new Map([['.gitops-gen/owned/README.md.txt', text]]), none);
  expect(owned.get('README.md')).toEqual([pristineOf('a'), pristineOf('o'), pristineOf('b')]);
});

it('hashes are those of git and sha256sum', () => {
  // echo hello | git hash-object --stdin; echo hello | sha256sum
  expect(pristineOf('hello\n')).toEqual({
    blob: 'ce013625030ba8dba906f756967f9e9ca394464a',
    sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
  });
});

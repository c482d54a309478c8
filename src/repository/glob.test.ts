import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeGitUrl, sameRepositoryKey } from './git-url.js';
import { compileGlob, compilePathMatch } from './glob.js';

/** Answers of gobwas/glob v0.2.3, as its own tests and Argo CD's have them. */
describe('compileGlob', () => {
  test.each([
    ['*', 'anything/at.all', '', true],
    ['*', 'one', '/', true],
    ['*', 'one/two', '/', false],
    ['**', 'one/two', '/', true],
    ['https://github.com/*', 'https://github.com/org/repo', '/', false],
    ['https://github.com/**', 'https://github.com/org/repo', '/', true],
    ['https://github.com/*/repo', 'https://github.com/org/repo', '/', true],
    ['team-?', 'team-a', '', true],
    ['team-?', 'team-', '', false],
    ['team-[abc]', 'team-b', '', true],
    ['team-[!abc]', 'team-b', '', false],
    ['team-[a-c]', 'team-b', '', true],
    ['team-[!a-c]', 'team-d', '', true],
    ['{a,b*}', 'bcd', '', true],
    ['{a,b}', 'c', '', false],
    ['x{a,{b,c}}y', 'xcy', '', true],
    ['\\*', '*', '', true],
    ['\\*', 'a', '', false],
    ['{a,b', 'b', '', true],
    ['', '', '', true],
    ['a,b}', 'a,b}', '', true],
    ['[^a]', '^', '', true],
  ])('%s against %s with separators "%s": %s', (pattern, text, separators, expected) => {
    expect(compileGlob(pattern, separators)?.matches(text)).toBe(expected);
  });

  test.each(['[a-z0-9]', '[', '[]', '[a', '[z-a]'])('%s is refused, and so matches nothing', (pattern) => {
    expect(compileGlob(pattern)).toBeUndefined();
  });

  test('a text without special characters matches itself alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9./:-]{0,30}$/), fc.stringMatching(/^[a-z0-9./:-]{0,30}$/), (a, b) => {
        expect(compileGlob(a, '/')?.matches(b)).toBe(a === b);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test('many stars against a long text take no time', () => {
    const pattern = compileGlob(`${'*a'.repeat(60)}b`);
    expect(pattern?.matches('a'.repeat(5000))).toBe(false);
  });
});

describe('compilePathMatch', () => {
  test.each([
    ['*', 'Deployment', true],
    ['*', '', true],
    ['*.k8s.io', 'storage.k8s.io', true],
    ['Deploy*', 'Deployment', true],
    ['deployment', 'Deployment', false],
    ['[A-DX]*', 'Deployment', true],
    ['[^A-C]*', 'Deployment', true],
    ['{a,b}', 'a', false],
    ['**', 'a/b', false],
    ['a\\*', 'a*', true],
    ['?', 'ab', false],
  ])('%s against %s: %s', (pattern, text, expected) => {
    expect(compilePathMatch(pattern)?.matches(text)).toBe(expected);
  });

  test.each(['[', '[]', 'a\\', '[-]'])('%s is malformed', (pattern) => {
    expect(compilePathMatch(pattern)).toBeUndefined();
  });
});

describe('normalizeGitUrl', () => {
  test.each([
    ['https://GitHub.com/Org/Repo.git', 'https://github.com/org/repo'],
    [' https://github.com/org/repo ', 'https://github.com/org/repo'],
    ['https://github.com/org/repo/', 'https://github.com/org/repo/'],
    ['git@github.com:org/repo.git', 'git@github.com/org/repo'],
    ['ssh://git@github.com/org/repo', 'git@github.com/org/repo'],
    ['https://github.com/*', 'https://github.com/*'],
    ['https://github.com/{a,b}/r', 'https://github.com/%7Ba,b%7D/r'],
    ['https://github.com/{a,b}/*', 'https://github.com/%7Ba,b%7D/%2A'],
    ['*@github.com:org/repo', '%2A@github.com/org/repo'],
    ['*', '*'],
    ['https://host:port/x', ''],
    ['https://a b/x', ''],
  ])('%s', (url, expected) => {
    expect(normalizeGitUrl(url)).toBe(expected);
  });

  test('spellings of one repository have one key', () => {
    const spellings = [
      'https://github.com/Org/repo.git',
      'https://github.com/org/repo/',
      'git@github.com:org/repo.git',
      'ssh://git@github.com/org/repo',
    ];
    expect(new Set(spellings.map(sameRepositoryKey)).size).toBe(1);
  });
});

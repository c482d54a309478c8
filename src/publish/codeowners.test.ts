import { describe, expect, it } from 'vitest';
import { ownersOf } from './codeowners.js';

/** GitHub's own examples ("About code owners"), and what its documentation says is skipped. */
const FILE = `# a comment
*       @global-owner1 @global-owner2
*.js    @js-owner # inline
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  @docs-owner
apps/ @octocat
/docs/ @doctocat2
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
/apps/github/ci @doctocat
!negated @nobody
[a-z] @nobody
\\#file @nobody
with\\ space/ @spacer
deep/**/end @deep
`;

describe('owners of a path', () => {
  it.each([
    ['README.md', ['global-owner1', 'global-owner2'], []],
    ['src/a.js', ['js-owner'], []],
    ['main.go', [], []],
    ['notes.txt', [], ['octo-org/octocats']],
    ['build/logs/x', ['octocat'], []],
    ['build/out', ['global-owner1', 'global-owner2'], []],
    ['docs/getting-started.md', ['doctocat2'], []],
    ['other/docs/x.md', ['global-owner1', 'global-owner2'], []],
    ['sub/apps/x/y', ['octocat'], []],
    ['apps/github', [], []],
    ['apps/github/ci/x', ['doctocat'], []],
    ['apps/other', ['octocat'], []],
    ['a/logs/b', ['octocat'], []],
    ['with space/x', ['spacer'], []],
    ['deep/a/b/end', ['deep'], []],
    ['deep/end', ['deep'], []],
  ])('%s', (path, users, teams) => {
    expect(ownersOf(FILE, [path])).toEqual({ users, teams });
  });

  it('docs/* is of the files there and not of what lies deeper', () => {
    expect(ownersOf('docs/* @a\n', ['docs/x.md']).users).toEqual(['a']);
    expect(ownersOf('docs/* @a\n', ['docs/build/x.md']).users).toEqual([]);
  });

  it('several paths have the owners of all, each once; what is no name is left out', () => {
    expect(ownersOf('a @x @y\nb @y @z @bad/ @-no\n', ['a', 'b'])).toEqual({ users: ['x', 'y', 'z'], teams: [] });
  });
});

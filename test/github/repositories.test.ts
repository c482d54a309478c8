import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/command.js';
import { checkBranch } from '../../src/cli/pr-remote.js';
import { put, snapshot, temporaryFolder } from '../../src/io/testing/folders.js';
import { sh } from '../../src/io/testing/repository.js';
import { branchOf } from '../../src/publish/change-name.js';
import { forgeAddress } from '../../src/publish/forge-address.js';
import { callWith, fleet, scale, untouched } from './fleet.js';

const BRANCH = 'gitops-gen/update-llama-3-1-8b';

describe('a repository that is', () => {
  it('G05 without a commit: refused, with what makes the first one', async () => {
    const { root, run } = await fleet();
    sh(root, 'git update-ref -d refs/heads/main');
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([3, expect.stringContaining('no commit yet')]);
    expect(stderr).toContain('git push --set-upstream origin HEAD');
  });

  it('G07 a shallow clone: works', async () => {
    const { github, root, runWith } = await fleet();
    sh(github.folder, 'git config uploadpack.allowFilter true');
    const clone = join(root, '../shallow');
    sh(
      root,
      `git clone --quiet --depth 1 "file://${github.folder}" "${clone}"; cd "${clone}"; git remote set-url origin ${github.remote}; git config user.name t; git config user.email t@example.com`,
    );
    expect(sh(clone, 'git rev-parse --is-shallow-repository')).toBe('true\n');
    scale(clone, 2);
    const { code, stderr } = await runWith({}, '-C', clone, 'pr');
    expect([code, stderr]).toEqual([0, expect.stringContaining('pull request 1 opened')]);
    expect(github.git('fsck', '--strict')).toBe('');
  });

  it('G09 a linked work tree: works, and nothing of the others changes', async () => {
    const { github, root, runWith } = await fleet();
    const linked = join(root, '../linked');
    sh(root, `git worktree add --quiet -b other "${linked}"`);
    scale(linked, 2);
    const before = untouched(root);
    expect((await runWith({}, '-C', linked, 'pr')).code).toBe(0);
    expect(untouched(root)).toBe(before);
    expect(github.pulls[0]?.head).toBe('gitops-gen/other');
  });

  it('G10 a sparse checkout: refused, since what it hides would count as removed', async () => {
    const { root, run } = await fleet();
    sh(root, 'git sparse-checkout set families');
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringMatching(/sparse|gitops-gen\.yaml/u)]);
    expect(code).toBeGreaterThan(1);
  });

  it('G15 full of hooks: none of them runs', async () => {
    const { github, root, run } = await fleet();
    for (const hook of [
      'pre-push',
      'pre-commit',
      'commit-msg',
      'post-checkout',
      'reference-transaction',
      'post-index-change',
    ])
      writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\ntouch "${root}/../canary"\nexit 1\n`, { mode: 0o755 });
    scale(root, 2);
    expect((await run('pr')).code).toBe(0);
    expect(existsSync(join(root, '../canary'))).toBe(false);
    expect(github.pulls).toHaveLength(1);
  });

  it('G18 to be signed, and cannot be: refused; --no-sign says that it is meant', async () => {
    const { github, root, run } = await fleet();
    sh(root, 'git config commit.gpgsign true; git config gpg.program false');
    scale(root, 2);
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([3, expect.stringContaining('could not be signed')]);
    expect(github.tip(BRANCH)).toBeUndefined();
    expect((await run('pr', '--no-sign')).code).toBe(0);
  });

  it('G23 without a remote, or with one of another name', async () => {
    const { root, run } = await fleet();
    scale(root, 2);
    sh(root, 'git remote rename origin upstream; git remote add second https://example.com/a/b');
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('There are: second, upstream. Choose one with --remote.'),
    ]);
    expect((await run('pr', '--remote', 'upstream')).code).toBe(0);
    sh(root, 'git remote remove upstream; git remote remove second');
    expect((await run('pr')).stderr).toContain('There is none: git remote add origin ADDRESS');
  });

  it('G25 asked for a password: fails at once, with the exit code of credentials', async () => {
    const { root, runWith } = await fleet();
    scale(root, 2);
    const { code, stderr } = await runWith({ GITHUB_TOKEN: undefined }, 'pr', '--push-only');
    expect([code, stderr]).toEqual([4, expect.stringContaining('the credentials that git has are not accepted')]);
  });

  it('G26 with a password in the address of its remote: never shown', async () => {
    const { github, root, run } = await fleet();
    sh(root, `git remote set-url origin "${github.remote.replace('http://', 'http://ada:s3cr3t-pw@')}"`);
    scale(root, 2);
    const { code, both } = await run('pr', '--verbose');
    expect(code).toBe(0);
    expect(both).not.toContain('s3cr3t-pw');
    expect(JSON.stringify(github.pulls)).not.toContain('s3cr3t-pw');
  });

  it('G28 with filters on what is generated: refused', async () => {
    const { github, root, run } = await fleet();
    put(root, { '.gitattributes': 'applications/** filter=lfs\n' });
    scale(root, 2);
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([3, expect.stringContaining('the filter lfs')]);
    expect(github.tip(BRANCH)).toBeUndefined();
  });

  it('G55 under a clock that is wrong: SOURCE_DATE_EPOCH dates the commit, and the same change is the same commit', async () => {
    const [one, two] = [await fleet(), await fleet()];
    for (const each of [one, two]) {
      each.scale(2);
      sh(each.root, 'git config user.name same; git config user.email same@example.com');
      expect((await each.runWith({ SOURCE_DATE_EPOCH: '1000000000' }, 'pr')).code).toBe(0);
    }
    expect(one.github.tip(BRANCH)).toBe(two.github.tip(BRANCH));
    expect(one.github.git('log', '-1', '--format=%ct', BRANCH)).toBe('1000000000');
  });
});

describe('addresses and names', () => {
  it.each([
    'ext::sh -c "touch /tmp/x"',
    'fd::7',
    'file:///etc',
    'data:text/plain,x',
    '/srv/git/x.git',
    '--upload-pack=touch /tmp/x',
    'git://example.com/a/b',
    'http://203.0.113.9/a/b',
    'http://127.0.0.1.example.com/a/b',
    'https://host/a/b\tc',
    'https://host/a/b\n',
    'https://host/a',
    'https://host/a/b/c',
    'https://host/../b',
    'https://host/-a/b',
    'https://ho st/a/b',
    'https://e\u0445ample.com/a/b',
  ])('R04 R05 R06 R07 R08 the remote %j is no address of a forge', (address) => {
    expect(forgeAddress(address)).toBeUndefined();
  });

  it.each([
    ['https://github.com/acme/x.git', 'https://api.github.com', 'https://github.com/acme/x'],
    ['https://ada:secret@github.com/acme/x/', 'https://api.github.com', 'https://github.com/acme/x'],
    ['git@github.com:acme/x.git', 'https://api.github.com', 'https://github.com/acme/x'],
    ['ssh://git@ssh.github.com:443/acme/x', 'https://api.github.com', 'https://github.com/acme/x'],
    [
      'https://ghe.example.com:8443/acme/x',
      'https://ghe.example.com:8443/api/v3',
      'https://ghe.example.com:8443/acme/x',
    ],
    ['ssh://git@ghe.example.com:2222/acme/x', 'https://ghe.example.com/api/v3', 'https://ghe.example.com/acme/x'],
    ['https://acme.ghe.com/acme/x', 'https://api.acme.ghe.com', 'https://acme.ghe.com/acme/x'],
    ['http://127.0.0.1:8080/acme/x', 'http://127.0.0.1:8080/api/v3', 'http://127.0.0.1:8080/acme/x'],
  ])('%s is asked at %s', (remote, api, web) => {
    expect(forgeAddress(remote)).toMatchObject({ api, web, owner: 'acme', name: 'x' });
  });

  it('R04 R05 a remote that would run something: refused, and it does not', async () => {
    const { root, run } = await fleet();
    for (const address of ['ext::sh -c "touch CANARY"', '--upload-pack=touch CANARY']) {
      sh(root, `git config remote.origin.url '${address.replace('CANARY', `${root}/../canary`)}'`);
      const { code, stderr } = await run('pr', '--push-only');
      expect([code, stderr]).toEqual([
        3,
        expect.stringContaining('which is no address of a repository by https or ssh'),
      ]);
      expect(existsSync(join(root, '../canary'))).toBe(false);
    }
  });

  it.each([
    'a..b',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a\\b',
    'x.lock',
    'x/',
    'x//y',
    'x/.y',
    'x.',
    'x@{1}',
    '--orphan=x',
    '--detach',
    '-x',
    '',
    'HEAD',
    '@',
    'x\u0000y',
  ])('R09 R11 %j is no branch', (name) => {
    expect(() => checkBranch(name, '--branch')).toThrow(UsageError);
  });

  it('R09 R11 a branch that is none is a mistake in the call, and nobody is asked', async () => {
    const { github, run } = await fleet();
    for (const flag of ['--branch=--orphan=x', '--base=a..b'])
      expect([flag, (await run('pr', flag)).code]).toEqual([flag, 2]);
    expect(github.requests).toEqual([]);
  });

  it('R08 a host that only the spec names is never spoken to', async () => {
    const { github, root, run } = await fleet();
    const file = join(root, 'gitops-gen.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/url: .*/u, 'url: https://169.254.169.254/acme/x'));
    expect((await run('pr', '--fail-on', 'never')).code).toBe(0);
    expect(github.requests.length).toBeGreaterThan(3);
  });

  it('R19 one repository in several spellings is one', async () => {
    const { github, root, run } = await fleet();
    for (const address of [
      github.remote.replace(/\.git$/u, ''),
      `${github.remote.replace(/\.git$/u, '')}/`,
      github.remote.replace('acme', 'ACME'),
    ]) {
      sh(root, `git config remote.origin.url "${address}"`);
      expect((await run('pr')).stderr).toContain('nothing to change');
    }
  });

  it.each([
    ['$(curl evil)', /^gitops-gen\/curl-evil-[0-9a-f]{8}$/u],
    ['; rm -rf / #', /^gitops-gen\/rm-rf-[0-9a-f]{8}$/u],
    ['--orphan=x', /^gitops-gen\/orphan-x-[0-9a-f]{8}$/u],
    ['ünïcode ☃', /^gitops-gen\/[a-z0-9-]+$/u],
    ['', /^gitops-gen\/[0-9a-f]{8}$/u],
    ['x'.repeat(300), /^gitops-gen\/x{60}-[0-9a-f]{8}$/u],
    ['add-llama-3.1-8b', /^gitops-gen\/add-llama-3-1-8b$/u],
  ])('R21 a branch for the change %j holds only what is harmless', (key, branch) => {
    expect(branchOf(key)).toMatch(branch);
  });
});

describe('the push', () => {
  it.each([
    [
      'GH006',
      [
        'error: GH006: Protected branch update failed for refs/heads/x.',
        'error: Changes must be made through a pull request.',
      ],
    ],
    [
      'GH013',
      ['error: GH013: Repository rule violations found for refs/heads/x.', '- Commits must have verified signatures.'],
    ],
  ])('H21 is refused by %s: the rule is named, the local branch is kept, the next run goes on', async (id, lines) => {
    const { github, root, run } = await fleet();
    github.protect('refs/heads/gitops-gen/*', lines);
    scale(root, 2);
    const { code, stderr } = await run('pr');
    expect(code).toBe(3);
    expect(stderr).toContain(id);
    expect(stderr).toContain('The local branch is kept');
    const kept = sh(root, `git rev-parse ${BRANCH}`).trim();
    sh(github.folder, 'rm hooks/update');
    expect((await run('pr')).code).toBe(0);
    expect(github.tip(BRANCH)).toBe(kept);
  });

  it('finds a server that hangs up, and the next run goes on', async () => {
    const { github, root, run } = await fleet();
    // More than once: git's own HTTP asks again by itself.
    github.fault({ path: /git-receive-pack$/u, method: 'POST', how: 'reset', times: 99 });
    scale(root, 2);
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([3, expect.stringContaining('it goes on where it stopped')]);
    github.mend();
    expect((await run('pr')).code).toBe(0);
  });

  it('H05 to a private repository gets the token for the push alone: fetching is left to git', async () => {
    const { github, root, run } = await fleet({ private: true });
    scale(root, 2);
    expect((await run('pr')).code).toBe(0);
    const fetched = github.requests.filter(({ path }) => path.includes('git-upload-pack'));
    expect(fetched.every(({ authorized }) => !authorized)).toBe(true);
  });

  it('H27 the token is in no output, file, commit, pull request or argument, and in the environment of git push alone', async () => {
    const { github, root, runWith } = await fleet();
    const tools = temporaryFolder();
    const real = sh(tools, 'command -v git').trim();
    put(tools, {
      'bin/git': `#!/bin/sh\n{ echo "ARGS $*"; env | sed 's/^/ENV /'; echo END; } >> "${tools}/log"\nexec "${real}" "$@"\n`,
    });
    sh(tools, 'chmod +x bin/git');
    // Children are found by the real PATH of this process.
    const path = process.env['PATH'];
    process.env['PATH'] = `${tools}/bin:${path}`;
    scale(root, 2);
    const called = await runWith({}, 'pr', '--verbose', '--artifact', join(tools, 'artifact.html')).finally(() => {
      process.env['PATH'] = path;
    });
    expect(called.code).toBe(0);
    const { token } = github.options;
    const forms = [
      token,
      Buffer.from(`x-access-token:${token}`).toString('base64'),
      Buffer.from(token).toString('base64'),
    ];
    const runs = readFileSync(join(tools, 'log'), 'utf8').split('END\n');
    expect(runs.length).toBeGreaterThan(15);
    for (const run of runs) {
      const [args = '', ...env] = run.split('\n');
      for (const form of forms) {
        expect(args).not.toContain(form);
        if (!/ push /u.test(args)) expect(env.join('\n')).not.toContain(form);
      }
    }
    expect(runs.filter((run) => run.includes(forms[1] as string))).toHaveLength(1);
    const everything = [
      called.both,
      JSON.stringify(github.pulls),
      JSON.stringify(snapshot(root)),
      sh(root, 'git log --all -p; cat .git/config'),
      readFileSync(join(tools, 'artifact.html'), 'utf8'),
      github.requests.map(({ path: address }) => address).join('\n'),
    ];
    for (const text of everything) for (const form of forms) expect(text).not.toContain(form);
  });

  it('H28 past a proxy: it is said that none is used', async () => {
    const { root, runWith } = await fleet();
    scale(root, 2);
    const { code, stderr } = await runWith({ HTTPS_PROXY: 'http://proxy.example:3128' }, 'pr');
    expect([code, stderr]).toEqual([0, expect.stringContaining('HTTPS_PROXY is set and is not used')]);
    expect(
      (await runWith({ HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'example.com,127.0.0.1' }, 'pr')).stderr,
    ).not.toContain('HTTPS_PROXY');
  });

  it('without a token: refused before anything is judged, with where one can come from', async () => {
    const { github, root, runWith } = await fleet();
    scale(root, 2);
    const { code, stderr } = await runWith({ GITHUB_TOKEN: '' }, 'pr');
    expect([code, stderr]).toEqual([4, expect.stringContaining('Set GITHUB_TOKEN or GH_TOKEN, or run gh auth login')]);
    expect((await runWith({ GITHUB_TOKEN: undefined, GH_TOKEN: github.options.token }, 'pr')).code).toBe(0);
    expect((await runWith({ GITHUB_SERVER_URL: 'https://github.com' }, 'pr')).code).toBe(4);
  });

  it('takes the token that gh has', async () => {
    const { github, root } = await fleet();
    const tools = temporaryFolder();
    put(tools, {
      'bin/gh': `#!/bin/sh\n[ "$*" = "auth token --hostname ${new URL(github.origin).host}" ] && echo ${github.options.token}\n`,
    });
    sh(tools, 'chmod +x bin/gh');
    scale(root, 2);
    const path = process.env['PATH'];
    process.env['PATH'] = `${tools}/bin:${path}`;
    const called = await callWith(['-C', root, 'pr'], {}).finally(() => {
      process.env['PATH'] = path;
    });
    expect([called.code, github.pulls.length]).toEqual([0, 1]);
  });
});

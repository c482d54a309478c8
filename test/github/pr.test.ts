import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { put, snapshot } from '../../src/io/testing/folders.js';
import { sh } from '../../src/io/testing/repository.js';
import { fleet, revision, untouched } from './fleet.js';

const ADD = ['add-model', 'llama-3.1-8b', '--name', 'chat', '--revision', revision, '--env', 'development=1', '--pr'];

describe('gitops-gen pr', () => {
  it('takes an edited spec to a pull request, and leaves files, index and branch as they were', async () => {
    const { github, root, run, scale } = await fleet();
    put(root, { 'own.md': 'ours\n' });
    sh(root, `git add own.md; git commit -qm own; git push -q "${github.folder}" main`);
    scale(2);
    put(root, { 'notes.txt': 'mine', 'own.md': 'edited\n' });
    sh(root, 'git add notes.txt');
    const before = [untouched(root), snapshot(root)];
    const { code, stdout, stderr } = await run('pr', '--label', 'capacity', '--label', 'models');
    expect([code, stderr]).toEqual([0, expect.stringContaining('pull request 1 opened')]);
    expect(stdout).toBe(`${github.origin}/acme/llm-gitops-config/pull/1\n`);
    expect([untouched(root), snapshot(root)]).toEqual(before);
    const [pull] = github.pulls;
    expect(pull).toMatchObject({
      head: 'gitops-gen/update-llama-3-1-8b',
      base: 'main',
      draft: false,
      labels: ['capacity', 'models'],
      users: ['octocat'],
    });
    const tip = github.tip('gitops-gen/update-llama-3-1-8b') as string;
    const changed = github.git('diff', '--name-only', `main..${tip}`).split('\n');
    expect(changed).toContain('families/llama-3.1.yaml');
    expect(changed.some((path) => path.startsWith('applications/llama-3.1-8b/overlays/development/'))).toBe(true);
    expect(changed).not.toContain('own.md');
    expect(changed).not.toContain('notes.txt');
    expect(github.git('log', '-1', '--format=%P', tip)).toBe(github.tip('main'));
    expect(github.git('log', '-1', '--format=%(trailers:key=Gitops-Gen-Change,valueonly)', tip)).toContain(
      'update-llama-3.1-8b',
    );
    expect(github.violations).toEqual([]);
  });

  it('what is published renders to itself: a clone of the branch has nothing to render', async () => {
    const { github, root, run } = await fleet();
    expect((await run(...ADD)).code).toBe(0);
    sh(root, `git fetch --quiet "${github.folder}" gitops-gen/add-chat; git switch --quiet --detach FETCH_HEAD`);
    const check = await run('render', '--check');
    expect([check.code, check.stdout]).toEqual([0, '']);
    expect((await run('validate')).code).toBe(0);
  });

  it('add-model --pr writes nothing here, and its body says what a reviewer needs', async () => {
    const { github, root, run } = await fleet();
    put(root, {
      'families/llama-3.1.yaml': `${readFileSync(join(root, 'families/llama-3.1.yaml'), 'utf8')}# not committed\n`,
    });
    const before = [untouched(root), snapshot(root)];
    const { code } = await run(...ADD);
    expect(code).toBe(0);
    expect([untouched(root), snapshot(root)]).toEqual(before);
    const { title, body, head } = github.pulls[0] as (typeof github.pulls)[number];
    expect([title, head]).toEqual(['Add chat to llama-3.1 (development)', 'gitops-gen/add-chat']);
    for (const heading of [
      '## What changes',
      '### Models and phases',
      '### GPUs, before → after',
      '### Waves',
      '### What restarts, and how long until it is warm',
      '### What changes in the cluster',
      '### Findings',
      '### How to roll back',
    ])
      expect(body).toContain(heading);
    expect(body).toContain('Adds chat of llama-3.1');
    expect(body).toMatch(/\| `development` \| 10 \| `\w+` \| \d+ \| 0 \| 1 → 2 /u);
    expect(body).toContain('flowchart TB');
    expect(body).toMatch(/\+ Deployment .*\/chat/u);
    expect(body).toMatch(/warm after about \d+ min/u);
    expect(github.git('show', 'gitops-gen/add-chat:families/llama-3.1.yaml')).not.toContain('not committed');
    expect(github.violations).toEqual([]);
  });

  it('found and updated, never a second one; a third run changes nothing', async () => {
    const { github, run, scale } = await fleet();
    scale(2);
    await run('pr', '--title', 'More chat');
    scale(3);
    const second = await run('pr');
    expect(second.stderr).toContain('pull request 1 updated');
    expect(github.pulls.map(({ number, title }) => [number, title])).toEqual([[1, 'More chat']]);
    expect(github.pulls[0]?.body).toContain('1 → 3');
    const tip = github.tip('gitops-gen/update-llama-3-1-8b');
    const third = await run('pr');
    expect([third.code, third.stderr]).toEqual([0, expect.stringContaining('pull request 1 up to date')]);
    expect(github.tip('gitops-gen/update-llama-3-1-8b')).toBe(tip);
    expect(github.git('log', '--format=%s', 'main..gitops-gen/update-llama-3-1-8b').split('\n')).toHaveLength(2);
    expect(github.violations).toEqual([]);
  });

  it('nothing to change is said, and is a success without any request that writes', async () => {
    const { github, run } = await fleet();
    const { code, stdout, stderr } = await run('pr');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('nothing to change: main holds all of it');
    expect(github.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(github.pulls).toEqual([]);
  });

  it('commits that are not on the target branch yet are the change, under the name of the branch they are on', async () => {
    const { github, root, run, scale } = await fleet();
    sh(root, 'git switch -qc bigger');
    scale(2);
    expect((await run('render', '--commit')).code).toBe(0);
    const head = sh(root, 'git rev-parse HEAD').trim();
    expect((await run('pr')).code).toBe(0);
    expect(github.tip('gitops-gen/bigger')).toBe(head);
    expect(github.pulls[0]?.head).toBe('gitops-gen/bigger');
  });

  it('stops at findings, or opens a draft with them that is ready once they are gone', async () => {
    const { github, run, scale } = await fleet();
    scale(40);
    const refused = await run('pr');
    expect([refused.code, refused.stdout, github.pulls.length]).toEqual([1, '', 0]);
    expect(refused.stderr).toMatch(/findings? at or above error: nothing was published/u);
    expect(github.requests.every(({ method }) => method === 'GET')).toBe(true);
    const draft = await run('pr', '--draft-on-findings');
    expect([draft.code, github.pulls[0]?.draft]).toEqual([0, true]);
    expect(github.pulls[0]?.body).toContain('A draft: there are findings at or above error');
    expect(github.pulls[0]?.body).toContain('**error**');
    scale(2);
    expect((await run('pr')).code).toBe(0);
    expect([github.pulls.length, github.pulls[0]?.draft]).toEqual([1, false]);
    expect(github.violations).toEqual([]);
  });

  it('--fail-on warning stops at less', async () => {
    const { run, scale, root } = await fleet();
    scale(2);
    const file = join(root, 'clusters/development/cluster-config.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/observedAt: .*/u, 'observedAt: "2020-01-01"'));
    expect((await run('pr', '--fail-on', 'warning')).code).toBe(1);
    expect((await run('pr', '--fail-on', 'never', '--dry-run')).code).toBe(0);
  });

  it('a draft stays one until people say otherwise; auto-merge by its method', async () => {
    const { github, run, scale } = await fleet();
    scale(2);
    await run('pr', '--draft');
    expect(github.pulls[0]?.draft).toBe(true);
    scale(3);
    await run('pr');
    expect(github.pulls[0]?.draft).toBe(true);
    const refused = await run('pr', '--auto-merge', 'squash');
    expect([refused.code, refused.stderr]).toEqual([
      0,
      expect.stringContaining('warning: could not turn on auto-merge'),
    ]);
    (github.pulls[0] as { draft: boolean }).draft = false;
    await run('pr', '--auto-merge', 'squash');
    expect(github.pulls[0]?.autoMerge).toBe('squash');
    expect(github.violations).toEqual([]);
  });

  it('reviewers: of CODEOWNERS and those that are named, without the author; an unknown one is a warning', async () => {
    const { github, root, run, scale } = await fleet();
    put(root, { '.github/CODEOWNERS': '* @octocat\nfamilies/ @writer @acme/ml @nobody-here\n' });
    sh(root, 'git add .github; git commit -qm owners');
    sh(root, `git push --quiet "${github.folder}" main`);
    scale(2);
    const { code, stderr } = await run('pr', '--reviewer', '@hubot,acme/sre');
    expect(code).toBe(0);
    expect(stderr).toContain('Reviews may only be requested from collaborators');
    expect([github.pulls[0]?.users.sort(), github.pulls[0]?.teams.sort()]).toEqual([
      ['hubot', 'octocat'],
      ['ml', 'sre'],
    ]);
  });

  it('other people’s commits on the branch are kept: refused with the command, and taken along from there', async () => {
    const { github, root, run, scale } = await fleet();
    scale(2);
    await run('pr');
    const branch = 'gitops-gen/update-llama-3-1-8b';
    const other = join(root, '../other');
    sh(root, `git clone --quiet --branch ${branch} "${github.folder}" "${other}"`);
    sh(
      other,
      'git config user.name Ada; git config user.email ada@example.com; echo note > NOTE.md; git add NOTE.md; git commit -qm "A note"; git push -q',
    );
    const theirs = github.tip(branch);
    scale(3);
    const refused = await run('pr');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(
      /holds commit [0-9a-f]{12} \(A note\) of Ada <ada@example\.com>, which would be lost/u,
    );
    expect(refused.stderr).toContain(`git switch ${branch}; git pull`);
    expect(github.tip(branch)).toBe(theirs);
    // The command that was named, then again from there.
    sh(
      root,
      `git stash -q; git fetch -q "${github.folder}" ${branch}; git switch -q ${branch}; git reset -q --hard FETCH_HEAD; git checkout -q stash@{0} -- families 2>/dev/null`,
    );
    const taken = await run('pr');
    expect([taken.code, taken.stderr]).toEqual([0, expect.stringContaining('pull request 1 updated')]);
    expect(github.git('log', '--format=%an', `main..${branch}`)).toContain('Ada');
    expect(github.git('show', `${branch}:NOTE.md`)).toBe('note');
  });

  it('a local branch of that name that somebody else made is not touched', async () => {
    const { github, root, run, scale } = await fleet();
    sh(root, 'git switch -qc gitops-gen/update-llama-3-1-8b; git commit -q --allow-empty -m mine; git switch -q main');
    const mine = sh(root, 'git rev-parse gitops-gen/update-llama-3-1-8b');
    scale(2);
    const { code, stderr } = await run('pr');
    expect([code, stderr]).toEqual([3, expect.stringContaining('(mine) of Test <test@example.com>')]);
    expect(sh(root, 'git rev-parse gitops-gen/update-llama-3-1-8b')).toBe(mine);
    expect(github.pulls).toEqual([]);
    expect((await run('pr', '--branch', 'gitops-gen/another')).code).toBe(0);
  });

  it('goes on with a target branch that moved in the meantime', async () => {
    const { github, root, run, scale } = await fleet();
    scale(2);
    await run('pr');
    sh(root, 'git stash -q; git commit -q --allow-empty -m elsewhere');
    sh(root, `git push --quiet "${github.folder}" main; git stash pop -q`);
    scale(3);
    expect((await run('pr')).code).toBe(0);
    const branch = 'gitops-gen/update-llama-3-1-8b';
    expect(github.git('merge-base', 'main', branch)).toBe(github.tip('main'));
    expect(github.git('diff', '--name-only', `main...${branch}`)).not.toContain('elsewhere');
  });
});

describe('without a forge', () => {
  it('--push-only pushes and prints the address to go on at, without a token in the API', async () => {
    const { github, run, scale } = await fleet();
    scale(2);
    const { code, stdout } = await run('pr', '--push-only');
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${github.origin}/acme/llm-gitops-config/compare/main...gitops-gen/update-llama-3-1-8b?expand=1\n`,
    );
    expect(github.pulls).toEqual([]);
    expect(github.tip('gitops-gen/update-llama-3-1-8b')).toBeDefined();
  });

  it('--patch writes what git am takes, and asks nobody', async () => {
    const { github, root, run, scale } = await fleet();
    scale(2);
    const file = join(root, '../change.patch');
    const before = untouched(root);
    const { code, stderr } = await run('pr', '--patch', file);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`git am ${file}`)]);
    expect(untouched(root)).toBe(before);
    expect(github.requests).toEqual([]);
    sh(root, `git stash -q; git am -q ${file}`);
    const check = await run('render', '--check');
    expect([check.code, check.stdout]).toEqual([0, '']);
    expect(sh(root, 'git log -1 --format=%s')).toBe(
      'Update clone\n'.replace('clone', sh(root, 'git log -1 --format=%s').trim().replace('Update ', '')),
    );
  });

  it('--dry-run prints the body and publishes nothing', async () => {
    const { github, root, run } = await fleet();
    const before = untouched(root);
    const { code, stdout, stderr } = await run(...ADD, '--dry-run');
    expect([code, stderr]).toEqual([0, expect.stringContaining('nothing was published (dry run)')]);
    expect(stdout).toContain('## What changes');
    expect([untouched(root), github.requests]).toEqual([before, []]);
  });
});

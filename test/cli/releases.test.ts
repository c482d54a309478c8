import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHistory, releaseDifference } from '../../src/cli/releases.js';
import { workspaceOf } from '../../src/cli/workspace.js';
import { textAt } from '../../src/files/file-map.js';
import { readTree } from '../../src/io/read-tree.js';
import { pinOf } from '../../src/publish/pins.js';
import { call } from '../support/cli.js';

const url = 'https://github.com/acme/llm-gitops-config';
const revision8b = '0e9e39f249a16976918f6564b8830bc894c89659';
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-releases-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function git(dir: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: dir, encoding: 'utf8' }).trim();
}

/** Commits everything; the id. */
function commit(dir: string, message: string): string {
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', message);
  return git(dir, 'rev-parse', 'HEAD');
}

/** A copy of a repository with the 8B model in all three environments, committed. */
async function repository(name: string): Promise<string> {
  const dir = join(home, name);
  made ??= madeIn(join(home, 'made'));
  cpSync(await made, dir, { recursive: true });
  return dir;
}

let made: Promise<string> | undefined;

async function madeIn(dir: string): Promise<string> {
  expect((await call(['init', dir, '--yes', '--repository', url])).code).toBe(0);
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'config', 'user.name', 't');
  git(dir, 'config', 'user.email', 't@example.com');
  const env = 'development=1,staging=1,production=2';
  const added = await call(['add-model', 'llama-3.1-8b', '--revision', revision8b, '--env', env, '-C', dir]);
  expect(added.code).toBe(0);
  commit(dir, 'Start');
  return dir;
}

const family = 'llama-3.1';
const parentOf = (dir: string, environment: string) =>
  readFileSync(join(dir, `argocd/families/${family}/${environment}/parent.yaml`), 'utf8');

function edit(dir: string, path: string, from: RegExp | string, to: string): void {
  const file = join(dir, path);
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

const run = (dir: string, ...argv: string[]) => call([...argv, '-C', dir]);
const changed = (dir: string, revision = 'HEAD') =>
  git(dir, 'show', '--name-only', '--format=', revision)
    .split('\n')
    .filter((path) => !path.startsWith('.gitops-gen/'));
const spec = `families/${family}.yaml`;

/** One more replica in production, rendered and committed. */
async function scaleUp(dir: string, to: number): Promise<string> {
  edit(dir, spec, /production: \d+/, `production: ${to}`);
  expect((await run(dir, 'render')).code).toBe(0);
  return commit(dir, `Production takes ${to}`);
}

describe('a release', () => {
  it('goes from environment to environment in their order, one line at a time, and back', async () => {
    const dir = await repository('order');
    const start = git(dir, 'rev-parse', 'HEAD');

    // The first time the parent is made; nothing ran before.
    const tooEarly = await run(dir, 'promote', family, '--to', 'production');
    expect(tooEarly.stderr).toContain('llama-3.1 is not promoted to staging yet');
    expect(tooEarly.code).toBe(3);
    const first = await run(dir, 'promote', family, '--to', 'staging', '--commit');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('from  nothing: its first release there');
    expect(first.stdout).toMatch(/\+ Deployment llama-3-1-staging\/llama-3-1-8b|\+ Deployment llama-3-1-8b/);
    expect(parentOf(dir, 'staging')).toContain(`targetRevision: ${start}`);
    expect(changed(dir)).toEqual([
      `argocd/families/${family}/staging/kustomization.yaml`,
      `argocd/families/${family}/staging/parent.yaml`,
      'argocd/instances/argocd/kustomization.yaml',
    ]);

    // Production takes what staging runs, and not the newest.
    expect((await run(dir, 'promote', family, '--to', 'production', '--from', 'staging', '--commit')).code).toBe(0);
    expect(parentOf(dir, 'production')).toContain(`targetRevision: ${start}`);

    const three = await scaleUp(dir, 3);
    const status = JSON.parse((await run(dir, 'status', '-o', 'json')).stdout);
    const [development, staging, production] = status.releases;
    expect(development).toEqual({ family, environment: 'development', cluster: 'development', state: 'branch' });
    expect(staging).toMatchObject({ state: 'pinned', revision: start, next: three, behind: { commits: 3, own: 0 } });
    expect(staging.change).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect(production).toMatchObject({ state: 'pinned', revision: start, next: start, subject: 'Start' });
    expect(production.behind).toEqual({ commits: 3, own: 1 });

    // As a pull request: here as a mail, which needs no forge.
    const mail = await run(dir, 'promote', family, '--to', 'staging', '--patch', '-');
    expect(mail.code).toBe(0);
    expect(mail.stdout).toContain(`Subject: [PATCH] Promote llama-3.1 to staging at ${three.slice(0, 12)}`);
    expect(mail.stdout.match(/^[+-] {4}targetRevision: .*$/gm)).toEqual([
      `-    targetRevision: ${start}`,
      `+    targetRevision: ${three}`,
    ]);
    expect(git(dir, 'status', '--porcelain')).toBe('');

    // What staging never ran does not go to production, unless somebody says why.
    const skipped = await run(dir, 'promote', family, '--to', 'production', '--revision', 'HEAD');
    expect(skipped.code).toBe(3);
    expect(skipped.stderr).toContain('was never in staging');
    const urgent = ['promote', family, '--to', 'production', '--revision', three, '--skip-order', 'incident 4711'];
    const dry = await run(dir, ...urgent, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('spec.replicas: 2 → 3');
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect((await run(dir, ...urgent, '--commit')).code).toBe(0);
    expect(git(dir, 'log', '-1', '--format=%B')).toContain('Order of environments skipped: incident 4711');
    const line = ['show', '--format=', '--unified=0', 'HEAD', '--', `argocd/families/${family}/production/parent.yaml`];
    expect(git(dir, ...line).match(/^[+-] .*/gm)).toEqual([
      `-    targetRevision: ${start}`,
      `+    targetRevision: ${three}`,
    ]);
    expect(changed(dir)).toEqual([`argocd/families/${family}/production/parent.yaml`]);

    // Back to the pin before, which says what it undoes and what it cannot.
    const undone = await run(dir, 'rollback', family, '--env', 'production', '--commit');
    expect(undone.code).toBe(0);
    expect(undone.stdout).toMatch(/undoes \d+ commits?\n[\s\S]*Production takes 3/);
    expect(undone.stdout).toContain('spec.replicas: 3 → 2');
    expect(undone.stdout).toContain('What it cannot undo:');
    expect(undone.stdout).toContain('follow the branch and stay as they are');
    expect(parentOf(dir, 'production')).toContain(`targetRevision: ${start}`);
    const again = await run(dir, 'rollback', family, '--env', 'production');
    expect(again.stderr).toContain('nothing was released on production before what it runs now');
    expect(again.code).toBe(3);

    expect((await run(dir, ...urgent, '--commit')).code).toBe(0);

    // A pin that somebody wrote by hand moves like every other, and what else they wrote stays; so does a parent that is gone.
    const parent = `argocd/families/${family}/production/parent.yaml`;
    const back = ['rollback', family, '--env', 'production', '--revision'];
    edit(dir, parent, three, start);
    edit(dir, parent, /^spec:/m, '# by hand\nspec:');
    expect((await run(dir, ...back, three)).code).toBe(0);
    expect(parentOf(dir, 'production')).toMatch(/# by hand[\s\S]*targetRevision/);
    expect(pinOf(parentOf(dir, 'production'))).toBe(three);
    edit(dir, parent, `targetRevision: ${three}`, 'targetRevision: main # the incident');
    expect((await run(dir, ...back, start)).code).toBe(0);
    expect(parentOf(dir, 'production')).toMatch(/# by hand[\s\S]*# the incident/);
    expect(pinOf(parentOf(dir, 'production'))).toBe(start);
    rmSync(join(dir, parent));
    expect((await run(dir, ...back, three)).code).toBe(0);
    expect(pinOf(parentOf(dir, 'production'))).toBe(three);
    git(dir, 'restore', '.');

    // Nodes that went away are wrong before and after: no release comes, and the way back stays open.
    edit(dir, 'clusters/production/cluster-config.yaml', /nodes: \d+/g, 'nodes: 0');
    commit(dir, 'The nodes are gone');
    const stopped = await run(dir, 'promote', family, '--to', 'production', '--revision', start);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain('there is no node');
    expect((await run(dir, 'rollback', family, '--env', 'production', '--dry-run')).code).toBe(0);
  }, 120_000);

  it('of one environment leaves nothing for render to do', async () => {
    const dir = await repository('rest');
    expect((await run(dir, 'promote', family, '--to', 'staging')).code).toBe(0);
    // A second run of render finds nothing to do.
    expect((await run(dir, 'render', '--check')).code).toBe(0);
  }, 120_000);

  it('moves one cluster of an environment alone, and all of them together', async () => {
    const dir = join(home, 'clusters');
    expect((await call(['init', dir, '--yes', '--repository', url])).code).toBe(0);
    edit(dir, 'gitops-gen.yaml', '- name: production\n', '- name: production\n      clusters: [production, staging]\n');
    const env = 'development=1,production=1';
    expect((await run(dir, 'add-model', 'llama-3.1-8b', '--revision', revision8b, '--env', env)).code).toBe(0);
    git(dir, 'init', '-q', '-b', 'main');
    git(dir, 'config', 'user.name', 't');
    git(dir, 'config', 'user.email', 't@example.com');
    const start = commit(dir, 'Start');
    const on = (cluster: string) => `argocd/families/${family}/production/${cluster}/parent.yaml`;
    expect((await run(dir, 'promote', family, '--to', 'production', '--commit')).code).toBe(0);
    for (const cluster of ['production', 'staging'])
      expect(readFileSync(join(dir, on(cluster)), 'utf8')).toContain(start);
    edit(dir, spec, /production: \d+/, 'production: 2');
    expect((await run(dir, 'render')).code).toBe(0);
    const two = commit(dir, 'Two');
    const one = await run(dir, 'promote', family, '--to', 'production', '--cluster', 'staging', '--commit');
    expect(one.stderr).toContain('llama-3.1 in production on staging is pinned');
    expect(one.stdout).not.toContain('targetRevision');
    expect(changed(dir)).toEqual([on('staging')]);
    expect(readFileSync(join(dir, on('staging')), 'utf8')).toContain(two);
    expect(readFileSync(join(dir, on('production')), 'utf8')).toContain(start);
    const { stdout } = await run(dir, 'status', '--env', 'production');
    expect(stdout).toMatch(/production +production +\S+ \S+ Start .*1 added, 2 changed/);
    const back = await run(dir, 'rollback', family, '--env', 'production', '--cluster', 'staging');
    expect(back.code).toBe(0);
    expect(readFileSync(join(dir, on('staging')), 'utf8')).toContain(start);
    const unknown = await run(dir, 'promote', family, '--to', 'production', '--cluster', 'stagin');
    expect(unknown.stderr).toContain("production has no cluster 'stagin'");
  }, 120_000);

  it('is judged at its commit, and refused where that has errors', async () => {
    const dir = await repository('judged');
    const deployment = 'applications/llama-3.1-8b/base/deployment.yaml';
    edit(dir, deployment, 'revisionHistoryLimit:', 'revisionHistoryLimits:');
    const broken = commit(dir, 'A field that does not exist');
    edit(dir, deployment, 'revisionHistoryLimits:', 'revisionHistoryLimit:');
    commit(dir, 'Without it again');
    const { code, stderr } = await run(dir, 'promote', family, '--to', 'staging', '--revision', broken);
    expect(stderr).toContain('revisionHistoryLimits');
    expect(stderr).toContain(broken);
    expect(stderr).toContain('in what would be written: nothing was written');
    expect(code).toBe(1);
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect((await run(dir, 'promote', family, '--to', 'staging')).code).toBe(0);
  }, 120_000);

  it('is permitted what its commit deploys, although what is rendered now does not need it', async () => {
    const dir = await repository('permitted');
    const project = () => readFileSync(join(dir, `argocd/projects/argocd/llama-3-1-staging.yaml`), 'utf8');
    const custom = 'applications/llama-3.1-8b/custom';
    mkdirSync(join(dir, custom));
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [map.yaml]\n';
    writeFileSync(join(dir, custom, 'kustomization.yaml'), component);
    writeFileSync(join(dir, custom, 'map.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\n');
    expect((await run(dir, 'render')).code).toBe(0);
    const withMap = commit(dir, 'With a ConfigMap');
    rmSync(join(dir, custom), { recursive: true });
    expect((await run(dir, 'render')).code).toBe(0);
    const without = commit(dir, 'Without it');
    expect(project()).not.toContain('kind: ConfigMap');
    expect((await run(dir, 'promote', family, '--to', 'staging', '--revision', withMap, '--commit')).code).toBe(0);
    expect(project()).toContain('kind: ConfigMap');
    expect((await run(dir, 'validate')).code).toBe(0);

    // What the release before deployed is pruned under the same project, so it is permitted until the next one.
    expect((await run(dir, 'promote', family, '--to', 'staging', '--revision', without, '--commit')).code).toBe(0);
    expect(project()).toContain('kind: ConfigMap');
    await scaleUp(dir, 3);
    expect((await run(dir, 'promote', family, '--to', 'staging', '--commit')).code).toBe(0);
    expect(project()).not.toContain('kind: ConfigMap');
    expect((await run(dir, 'rollback', family, '--env', 'staging', '--revision', withMap, '--commit')).code).toBe(0);
    expect(project()).toContain('kind: ConfigMap');
    expect((await run(dir, 'render', '--check')).code).toBe(0);
  }, 120_000);
});

describe('a parent that people let follow versions', () => {
  it('stands where the highest tag of them stands', async () => {
    const dir = await repository('versions');
    expect((await run(dir, 'promote', family, '--to', 'staging', '--commit')).code).toBe(0);
    git(dir, 'tag', 'v1.0.0', 'HEAD~1');
    git(dir, 'tag', '-a', '-m', 'Later', 'v1.0.1', 'HEAD~1');
    edit(dir, spec, /staging: \d+/, 'staging: 2');
    expect((await run(dir, 'render')).code).toBe(0);
    commit(dir, 'Staging takes two');
    const workspace = workspaceOf(dir, await readTree(dir));
    const history = await openHistory(workspace);
    const place = { family, environment: 'staging', cluster: 'staging', path: `argocd/families/${family}/staging` };
    const at = (revision: string) => {
      const path = `${place.path}/parent.yaml`;
      const text = (textAt(workspace.tree.files, path) as string).replace(
        /targetRevision: .*/,
        `targetRevision: ${revision}`,
      );
      return { ...workspace.tree, files: new Map(workspace.tree.files).set(path, text) };
    };
    const byCommit = await releaseDifference(
      history,
      place,
      at(git(dir, 'rev-parse', 'v1.0.1^{}')),
      at(git(dir, 'rev-parse', 'HEAD')),
    );
    const byVersion = await releaseDifference(history, place, at("'^1.0.0'"), at(git(dir, 'rev-parse', 'HEAD')));
    expect(byCommit.changed).toBeGreaterThan(0);
    const { added, changed: some, removed, restarts, gpus } = byCommit;
    expect(byVersion).toMatchObject({ added, changed: some, removed, restarts, gpus });
    expect(byVersion.applications.filter((each) => each.undecided !== undefined)).toEqual([]);
  });
});

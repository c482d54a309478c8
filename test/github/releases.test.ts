import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshot } from '../../src/io/testing/folders.js';
import { sh } from '../../src/io/testing/repository.js';
import { pinOf } from '../../src/publish/pins.js';
import { fleet, untouched } from './fleet.js';

const project = 'gitops-gen.yaml';
const parent = 'argocd/families/llama-3.1/development/parent.yaml';

/** The only environment waits for promotions; what that takes is on the main branch, here and on the forge. */
async function pinned() {
  const repository = await fleet();
  const { root, github, run } = repository;
  const text = readFileSync(join(root, project), 'utf8');
  sh(
    root,
    `cat >${project} <<'END'\n${text.replace('- name: development', '- name: development\n      follow: pinned')}END`,
  );
  expect((await run('render', '--commit')).code).toBe(0);
  const push = () => sh(root, `git push -q "${github.folder}" HEAD:main`);
  push();
  const head = () => sh(root, 'git rev-parse HEAD').trim();
  /** As the button does it: the branch goes into main, and the pull request is done. */
  const merge = (branch: string) => {
    const into = `git push -q "${github.folder}" HEAD:main`;
    sh(root, `git fetch -q "${github.folder}" ${branch}; git merge -q --ff-only FETCH_HEAD; ${into}`);
    for (const pull of github.pulls) if (pull.head === branch) pull.state = 'closed';
  };
  return { ...repository, push, head, merge };
}

it('a promotion and its way back are pull requests of one line, with what changes in the cluster', async () => {
  const { github, root, run, scale, push, head, merge } = await pinned();
  const start = head();
  const promote = ['promote', 'llama-3.1', '--to', 'development', '--pr'];
  const before = [untouched(root), snapshot(root)];

  // The parent is made the first time.
  const first = await run(...promote);
  expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('pull request 1 opened')]);
  expect([untouched(root), snapshot(root)]).toEqual(before);
  expect(github.pulls[0]).toMatchObject({
    title: `Promote llama-3.1 to development at ${start.slice(0, 12)}`,
    head: 'gitops-gen/promote-llama-3-1-development',
    base: 'main',
  });
  merge('gitops-gen/promote-llama-3-1-development');

  // A release: what was committed since, which the forge has.
  scale(2);
  expect((await run('render', '--commit')).code).toBe(0);
  const local = await run(...promote);
  expect(local.code).toBe(3);
  expect(local.stderr).toContain('is not on main there: Argo CD would not find it');
  expect(github.pulls).toHaveLength(1);
  push();
  const two = head();
  const second = await run(...promote);
  expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('pull request 2 opened')]);
  const line = (branch: string) =>
    github.git('diff', '--unified=0', 'main', branch, '--', 'argocd').match(/^[+-] .*/gmu);
  expect(line('gitops-gen/promote-llama-3-1-development')).toEqual([
    `-    targetRevision: ${start}`,
    `+    targetRevision: ${two}`,
  ]);
  const { body } = github.pulls[1] as (typeof github.pulls)[number];
  expect(body).toContain(`llama-3.1 in development on development to ${two.slice(0, 12)}`);
  expect(body).toContain('spec.replicas: 1 → 2');
  expect(body).toMatch(/### GPUs, before → after[\s\S]*1 → 2/u);
  expect(body).toContain(`gitops-gen rollback llama-3.1 --env development --revision ${start.slice(0, 12)} --pr`);

  // The same again is the same pull request.
  expect((await run(...promote)).stderr).toContain('pull request 2 up to date');
  merge('gitops-gen/promote-llama-3-1-development');
  expect(pinOf(readFileSync(join(root, parent), 'utf8'))).toBe(two);

  // The words of the body work as they stand there.
  const back = await run('rollback', 'llama-3.1', '--env', 'development', '--revision', start.slice(0, 12), '--pr');
  expect([back.code, back.stderr]).toEqual([0, expect.stringContaining('pull request 3 opened')]);
  expect(back.stdout).toContain('What it cannot undo:');
  const [, , third] = github.pulls;
  expect(third).toMatchObject({
    title: `Roll llama-3.1 in development back to ${start.slice(0, 12)}`,
    head: 'gitops-gen/rollback-llama-3-1-development',
  });
  expect(third?.body).toContain('spec.replicas: 2 → 1');
  expect(line('gitops-gen/rollback-llama-3-1-development')).toEqual([
    `-    targetRevision: ${two}`,
    `+    targetRevision: ${start}`,
  ]);
  merge('gitops-gen/rollback-llama-3-1-development');
  expect((await run('render', '--check')).code).toBe(0);
  expect((await run('validate')).code).toBe(0);
  expect(github.violations).toEqual([]);
}, 120_000);

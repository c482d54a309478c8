import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { call } from '../support/cli.js';
import { put } from '../support/git-repository.js';
import { project } from './runner.js';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly 'working-directory'?: string;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': unknown };
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>;
        readonly 'timeout-minutes': number;
        readonly steps: readonly Step[];
      }
    >
  >;
}

const path = '.github/workflows/validate.yaml';
const fixtures = join(project, 'fixtures/ok');
const rendered = readdirSync(fixtures).flatMap((name) => {
  try {
    return [[name, parse(readFileSync(join(fixtures, name, path), 'utf8')) as Workflow] as const];
  } catch {
    return [];
  }
});

describe.each(rendered)('the workflow of %s', (_, workflow) => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  const usesAction = steps.some(({ uses }) => uses !== undefined && !uses.startsWith('actions/'));

  it('runs on pull requests, never with the secrets of the base for a fork', () => {
    expect(Object.keys(workflow.on).sort()).toEqual(['pull_request', 'push']);
  });

  it('has the least permissions that it needs, one run at a time, and an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
    }
    expect(workflow.concurrency['cancel-in-progress']).toBe(true);
  });

  it('pins actions by commit, and checks out the whole history without leaving a token behind', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with).toMatchObject({ 'fetch-depth': 0, 'persist-credentials': false });
    expect(checkout?.with).not.toHaveProperty('ref');
  });

  it('no expression stands in a script, and no program of the pull request can take the place of ours', () => {
    const scripts = steps.filter(({ run }) => run !== undefined);
    expect(scripts.length).toBe(usesAction ? 0 : 3);
    for (const { run, ...step } of scripts) {
      expect(run).not.toContain('${{');
      expect(run).toMatch(/^npx --yes --ignore-scripts (?:--package )?gitops-gen@\d+\.\d+\.\d+ /);
      expect(step['working-directory']).toBe('${{ runner.temp }}');
    }
  });

  it('gives the token to the step that comments, and to no other', () => {
    expect(steps.filter((step) => JSON.stringify(step).includes('github.token')).map(({ name }) => name)).toEqual(
      usesAction ? [] : ['Comment'],
    );
  });
});

it('there are rendered workflows to look at', () => {
  expect(rendered.length).toBeGreaterThan(1);
});

it('where the project names an action, the workflow uses that', async () => {
  const home = mkdtempSync(join(tmpdir(), 'gitops-gen-workflow-'));
  try {
    await call(['init', home, '--yes', '--quiet', '--repository', 'https://github.com/acme/fleet']);
    const file = join(home, 'gitops-gen.yaml');
    const uses = 'acme/gitops-gen@0123456789abcdef0123456789abcdef01234567';
    put(home, {
      'gitops-gen.yaml': readFileSync(file, 'utf8').replace(/^spec:$/m, `spec:\n  ci: { uses: "${uses}" }`),
    });
    expect((await call(['render', '-C', home, '--quiet'])).stderr).toBe('');
    const workflow = parse(readFileSync(join(home, path), 'utf8')) as Workflow;
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    expect(steps.map((step) => step.uses?.split('@')[0])).toEqual(['actions/checkout', 'acme/gitops-gen']);
    expect(steps.at(-1)?.uses).toBe(uses);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

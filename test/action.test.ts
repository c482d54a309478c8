import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { call } from './support/cli.js';

const project = resolve(import.meta.dirname, '..');
const action = parse(readFileSync(join(project, 'action.yml'), 'utf8')) as ActionFile;
let home: string;
let clean: string;

interface ActionFile {
  readonly inputs: Record<string, { readonly default?: string }>;
  readonly outputs: Record<string, { readonly value: string }>;
  readonly runs: {
    readonly steps: readonly { readonly id?: string; readonly run: string; readonly env?: Record<string, string> }[];
  };
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-action-'));
  clean = join(home, 'fleet');
  await call(['init', clean, '--yes', '--quiet', '--repository', 'https://github.com/acme/fleet']);
  await call([
    'add-model',
    'llama-3.1-8b',
    '--revision',
    '0e9e39f249a16976918f6564b8830bc894c89659',
    '-C',
    clean,
    '--quiet',
  ]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ran {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Record<string, string>;
  readonly summary: string;
}

/** Runs the step that validates as a runner would: expressions replaced, inputs in the environment, files for the results. */
function run(
  workspace: string,
  inputs: Record<string, string> = {},
  event: { name: string; payload: object } = { name: 'pull_request', payload: {} },
): Ran {
  const folder = mkdtempSync(join(home, 'run-'));
  const step = action.runs.steps.find(({ id }) => id === 'validate');
  if (step === undefined) throw new Error('action.yml has no step validate');
  const expand = (text: string): string =>
    text.replace(/\$\{\{ *([\w.-]+) *\}\}/g, (_, name: string) =>
      name === 'github.action_path' ? project : (inputs[name.slice(7)] ?? action.inputs[name.slice(7)]?.default ?? ''),
    );
  const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)]));
  for (const file of ['output', 'summary']) writeFileSync(join(folder, file), '');
  writeFileSync(join(folder, 'event.json'), JSON.stringify(event.payload));
  const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    cwd: workspace,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      GITHUB_WORKSPACE: workspace,
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      RUNNER_TEMP: folder,
      ...env,
    },
  });
  const lines = readFileSync(join(folder, 'output'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('='));
  return {
    code: done.status,
    log: done.stdout + done.stderr,
    outputs: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
    summary: readFileSync(join(folder, 'summary'), 'utf8'),
  };
}

/** A copy of the clean repository with one file written over. */
function changed(name: string, path: string, text: (before: string) => string): string {
  const dir = join(home, name);
  cpSync(clean, dir, { recursive: true });
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  let before = '';
  try {
    before = readFileSync(join(dir, path), 'utf8');
  } catch {
    // A new file.
  }
  writeFileSync(join(dir, path), text(before));
  return dir;
}

describe('the Action', () => {
  it('no input reaches a shell as code', () => {
    for (const step of action.runs.steps) expect(step.run).not.toContain('${{');
  });

  it('every output that it declares is set', () => {
    const { outputs } = run(clean);
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
    for (const name of Object.keys(outputs))
      expect(action.outputs[name]?.value).toContain(`steps.validate.outputs.${name}`);
  });

  it('passes a repository that will deploy', () => {
    const { code, log, outputs, summary } = run(clean);
    expect(log).not.toContain('::error');
    expect(code).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'pass', errors: '0', warnings: '0' });
    expect(JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')).verdict).toBe('pass');
    expect(summary).not.toBe('');
  });

  it('annotates the line that somebody wrote, and fails', () => {
    const dir = changed('typo', 'applications/llama-3.1-8b/base/service.yaml', (text) =>
      text.replace('selector:', 'selectr:'),
    );
    const { code, log, outputs, summary } = run(dir);
    expect(log).toMatch(
      /^::error file=applications\/llama-3\.1-8b\/base\/service\.yaml,line=\d+,.*title=schema-unknown-field::/m,
    );
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'fail' });
    expect(summary).toContain('schema-unknown-field');
  });

  it('judges a subfolder, with a lower threshold', () => {
    const parent = join(home, 'mono');
    cpSync(clean, join(parent, 'gitops'), { recursive: true });
    expect(run(parent, { directory: 'gitops', 'fail-on': 'info' }).outputs).toMatchObject({ verdict: 'pass' });
    expect(run(parent, { directory: 'elsewhere' }).code).toBe(2);
  });

  it('takes hostile inputs for what they are: words', () => {
    const canary = join(home, 'canary');
    const { code } = run(clean, { directory: `.; touch ${canary}`, 'fail-on': `$(touch ${canary})` });
    expect(code).toBe(2);
    expect(() => readFileSync(canary)).toThrow();
  });

  it('refuses pull_request_target with the head of a fork', () => {
    const payload = {
      pull_request: { head: { repo: { full_name: 'stranger/fleet' } }, base: { repo: { full_name: 'acme/fleet' } } },
    };
    const { code, log } = run(clean, {}, { name: 'pull_request_target', payload });
    expect(code).toBe(2);
    expect(log).toContain('::error title=gitops-gen::pull_request_target with the head of a fork is refused');
  });

  it('says nothing checked is an error', () => {
    const empty = join(home, 'empty');
    mkdirSync(empty);
    const { code, outputs } = run(empty);
    expect(code).toBe(1);
    expect(outputs).toMatchObject({ verdict: 'fail', errors: '1' });
  });
});

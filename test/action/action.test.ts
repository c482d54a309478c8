import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/check/report.js';
import { call } from '../support/cli.js';
import { commit, git, put } from '../support/git-repository.js';
import { type PullRequest, type Recorded, record } from './pull-requests.js';
import { action, type Ran, type RunOptions, runAction, token } from './runner.js';

/**
 * The Action as a runner starts it, on recorded pull requests of a repository that gitops-gen made. `broken` has a mistake on
 * main that nobody mended.
 */
let home: string;
let into: string;
const broken = 'legacy/config.yaml';
const service = 'applications/llama-3.1-8b/base/service.yaml';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-action-'));
  into = join(home, 'fleet');
  await call(['init', into, '--yes', '--quiet', '--repository', 'https://github.com/acme/fleet']);
  const revision = '0e9e39f249a16976918f6564b8830bc894c89659';
  await call(['add-model', 'llama-3.1-8b', '--revision', revision, '-C', into, '--quiet']);
  put(into, {
    [broken]: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: legacy, namespace: legacy }\ndta: {}\n',
    'legacy/kustomization.yaml': 'resources: [config.yaml]\n',
  });
  git(into, 'init', '--quiet', '--initial-branch=main');
  commit(into, 'Start');
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

type Options = Omit<Recorded, 'into' | 'home'> & Partial<Pick<RunOptions, 'inputs' | 'env' | 'event' | 'inProcess'>>;

/** Records a pull request and runs the Action on it. */
async function run(
  options: Options,
): Promise<Ran & { readonly report: Report | undefined; readonly found: readonly string[] }> {
  const { inputs = {}, env = {}, event, inProcess, ...recorded } = options;
  const request = recordOnce(recorded);
  const ran = await runAction({
    workspace: request.workspace,
    ...(inProcess === undefined ? {} : { inProcess }),
    temp: join(home, 'temp'),
    event: event ?? request.event,
    inputs: { comment: 'false', ...inputs },
    env: { GITHUB_SHA: request.sha, ...env },
  });
  const report = readReport(ran);
  return { ...ran, report, found: (report?.diagnostics ?? []).map(({ file, ruleId }) => `${file} ${ruleId}`) };
}

const recordings = new Map<string, PullRequest>();

/** The Action changes nothing in a workspace, so that one serves all who want the same. */
function recordOnce(options: Omit<Recorded, 'into' | 'home'>): PullRequest {
  const key = JSON.stringify([options, Object.entries(options.files ?? {})]);
  const known = recordings.get(key);
  if (known !== undefined) return known;
  const request = record({ ...options, into, home });
  recordings.set(key, request);
  return request;
}

function readReport({ outputs }: Ran): Report | undefined {
  return outputs['report'] === undefined ? undefined : JSON.parse(readFileSync(outputs['report'], 'utf8'));
}

const typo = (text: string) => text.replace('selector:', 'selectr:');
const original = (path: string): string => readFileSync(join(into, path), 'utf8');

describe('action.yml', () => {
  const { steps } = action.runs;

  it('no expression stands in a script, so that no input reaches a shell as code', async () => {
    for (const step of steps) expect(step.run ?? '').not.toContain('${{');
  });

  it('pins what it uses by commit', async () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
  });

  it('gives a token to the step that comments, and to no other', async () => {
    const given = steps.filter(({ env = {} }) => JSON.stringify(env).includes('token'));
    expect(given.map(({ name }) => name)).toEqual(['Comment']);
  });

  it('hands on every input, and sets every output', async () => {
    const text = JSON.stringify(steps);
    for (const name of Object.keys(action.inputs)) expect(text).toContain(`inputs.${name}`);
    const { outputs } = await run({ files: { 'README.md': 'A fleet.\n' } });
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(action.outputs).sort());
  });
});

describe('a pull request', () => {
  it('that is clean passes: outputs, the plan in the summary, reports as files, no annotation', async () => {
    const ran = await run({
      files: {
        'applications/llama-3.1-8b/overlays/development/kustomization.yaml': `${original('applications/llama-3.1-8b/overlays/development/kustomization.yaml')}commonAnnotations: { owner: us }\n`,
      },
    });
    expect([ran.code, ran.commands.filter(({ name }) => name !== 'debug')]).toEqual([0, []]);
    expect(ran.outputs).toMatchObject({ verdict: 'pass', errors: '0', warnings: '0' });
    expect(JSON.parse(ran.outputs['changed-applications'] ?? '')).toEqual(['llama-3-1-8b-development']);
    expect(ran.summary).toContain('### The plan, wave by wave');
    expect(ran.summary).toMatch(/\| development \| 10 foundation \| llama-3-1-8b 1 × 1 GPU \| l4 \|/);
    const folder = dirname(ran.outputs['report'] as string);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<!doctype html>');
    expect(JSON.parse(readFileSync(ran.outputs['sarif'] as string, 'utf8')).version).toBe('2.1.0');
    expect(ran.report?.change).toMatchObject({ files: 1, elsewhere: 1 });
  });

  it('the same through the shells of action.yml', async () => {
    const ran = await run({ files: { [service]: typo(original(service)) }, fork: true, inProcess: false });
    expect([ran.code, ran.outputs['verdict']]).toEqual([1, 'fail']);
    expect(ran.commands.some(({ properties }) => properties['file'] === service)).toBe(true);
    expect(ran.environments['Validate']).not.toHaveProperty('INPUT_TOKEN');
  });

  it('with a mistake is annotated at the line that somebody wrote, and fails', async () => {
    const ran = await run({ files: { [service]: typo(original(service)) } });
    expect(ran.code).toBe(1);
    const errors = ran.commands.filter(({ name }) => name === 'error');
    expect(errors.map(({ properties }) => properties)).toContainEqual(
      expect.objectContaining({ file: service, title: 'schema-unknown-field', line: expect.stringMatching(/^\d+$/) }),
    );
    expect(ran.outputs).toMatchObject({ verdict: 'fail', errors: String(errors.length) });
    expect(ran.summary).toContain('schema-unknown-field');
    expect(ran.found).not.toContain(`${broken} schema-unknown-field`);
  });

  it('is not blamed for what was there before: not told, or told and not counted', async () => {
    const files = { 'README.md': 'A fleet.\n' };
    expect((await run({ files })).found).toEqual([]);
    const all = await run({ files, inputs: { 'changed-only': 'false' } });
    expect([all.code, all.found]).toEqual([1, [`${broken} schema-unknown-field`]]);
    const known = await run({ files, inputs: { 'changed-only': 'false', baseline: 'true' } });
    expect([known.code, known.found, known.outputs['errors']]).toEqual([0, [`${broken} schema-unknown-field`], '0']);
    expect(known.commands.filter(({ name }) => name === 'error')).toEqual([]);
    expect(known.summary).toContain('Known before, not counted: 1 finding');
    const touched = await run({
      files: { [broken]: original(broken).replace('dta: {}', 'dta: { a: b }') },
      inputs: { baseline: 'true' },
    });
    expect([touched.code, touched.report?.baseline?.known]).toEqual([0, 1]);
  });

  it('fails as strictly as it is asked to', async () => {
    const files = {
      'applications/llama-3.1-8b/custom/pod.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n# gitops-gen-ignore sync-wave: not needed\ndata: {}\n',
    };
    const lax = await run({ files });
    expect(lax.outputs['warnings']).not.toBe('0');
    expect(lax.code).toBe(0);
    expect((await run({ files, inputs: { 'fail-on': 'warning' } })).code).toBe(1);
    expect((await run({ files: { [service]: typo(original(service)) }, inputs: { 'fail-on': 'never' } })).code).toBe(0);
  });

  it('is compared with what it goes into, however it is checked out', async () => {
    const files = { [service]: typo(original(service)) };
    const meanwhile = { [broken]: original(broken).replace('dta: {}', 'dta: { a: b }') };
    for (const how of [{}, { depth: 2 }, { headOnly: true }]) {
      const { found, report } = await run({ files, meanwhile, ...how });
      expect(found.length).toBeGreaterThan(0);
      expect(found.filter((each) => each.startsWith(broken))).toEqual([]);
      expect(report?.change?.files).toBe(1);
    }
  });

  it('in a clone without its base is refused with what to do', async () => {
    const { code, commands } = await run({ files: { 'README.md': 'x\n' }, depth: 1 });
    expect(code).toBe(2);
    expect(commands).toMatchObject([{ name: 'error', data: expect.stringContaining('fetch-depth: 0') }]);
  });

  it('is refused where something else is checked out: nothing of it would be judged', async () => {
    const request = record({ into, home, files: { [service]: typo(original(service)) } });
    git(request.workspace, 'checkout', '--quiet', request.base);
    const ran = await runAction({ ...request, temp: join(home, 'temp'), env: { GITHUB_SHA: request.base } });
    expect(ran.code).toBe(2);
    expect(ran.commands[0]?.data).toContain('is not this pull request');
  });

  it('judged twice gives the same', async () => {
    const request = record({ into, home, files: { [service]: typo(original(service)) } });
    const once = async () => {
      const ran = await runAction({ ...request, temp: join(home, 'temp'), env: { GITHUB_SHA: request.sha } });
      return [
        ran.code,
        ran.summary,
        readFileSync(join(dirname(ran.outputs['report'] as string), 'comment.md'), 'utf8'),
      ];
    };
    expect(await once()).toEqual(await once());
    expect(git(request.workspace, 'status', '--porcelain')).toBe('');
  });
});

describe('other events', () => {
  it('a push and a schedule judge everything', async () => {
    for (const name of ['push', 'schedule', 'workflow_dispatch']) {
      const { code, found } = await run({ files: {}, event: { name, payload: { before: '0'.repeat(40) } } });
      expect([name, code, found]).toEqual([name, 1, [`${broken} schema-unknown-field`]]);
    }
  });

  it('a merge group is judged as what it adds', async () => {
    const request = record({ into, home, files: { 'README.md': 'x\n' } });
    const payload = { merge_group: { head_sha: request.sha, base_sha: request.base, base_ref: 'refs/heads/main' } };
    const ran = await runAction({ ...request, temp: join(home, 'temp'), event: { name: 'merge_group', payload } });
    expect([ran.code, readReport(ran)?.change?.files]).toEqual([0, 1]);
  });
});

describe('inputs', () => {
  const files = { 'README.md': 'A fleet.\n' };
  const refused = async (inputs: Record<string, string>, env: Record<string, string> = {}) => {
    const { code, commands, outputs } = await run({ files, inputs, env });
    expect(outputs).toEqual({});
    return [code, ...commands.map(({ data }) => data)];
  };

  it('that are no boolean, no choice, or unknown are named with what would do', async () => {
    expect(await refused({ baseline: 'yes' })).toEqual([2, 'Input baseline is yes; it takes true or false.']);
    expect(await refused({ 'fail-on': 'warnings' })).toEqual([
      2,
      'Input fail-on is warnings; it takes error, warning, info, never.',
    ]);
    expect(await refused({}, { INPUT_DRY_RUN: 'true' })).toEqual([
      2,
      expect.stringMatching(/^There is no input dry-run\. There are: baseline, /),
    ]);
    expect(await refused({}, { INPUT_FAILON: 'error' })).toEqual([
      2,
      'There is no input failon. Did you mean "fail-on"?',
    ]);
  });

  it('may be written as YAML writes a boolean', async () => {
    expect((await run({ files, inputs: { 'changed-only': 'TRUE', baseline: 'False' } })).code).toBe(0);
  });

  it('are words and nothing else', async () => {
    const canary = join(home, 'canary');
    for (const name of ['directory', 'fail-on', 'baseline', 'policies-from']) {
      expect((await refused({ [name]: `.; touch ${canary}; $(touch ${canary}) \`touch ${canary}\`` }))[0]).toBe(2);
    }
    expect(() => readFileSync(canary)).toThrow();
  });

  it('a folder: of a monorepo, with paths from its top; outside of the workspace or absent: refused', async () => {
    const mono = join(home, 'mono');
    git(home, 'clone', '--quiet', into, mono);
    git(mono, 'checkout', '--quiet', '-B', 'main');
    git(mono, 'config', 'user.name', 'x');
    const all = git(mono, 'ls-files').split('\n');
    put(mono, { 'gitops/keep': '' });
    for (const top of new Set(all.map((path) => path.split('/')[0] as string))) git(mono, 'mv', top, `gitops/${top}`);
    commit(mono, 'Into a folder');
    const request = record({ into: mono, home, files: { [`gitops/${service}`]: typo(original(service)) } });
    const ran = await runAction({
      ...request,
      temp: join(home, 'temp'),
      inputs: { directory: 'gitops' },
      env: { GITHUB_SHA: request.sha },
    });
    expect(ran.code).toBe(1);
    expect(ran.commands.some(({ properties }) => properties['file'] === `gitops/${service}`)).toBe(true);
    const sarif = JSON.parse(readFileSync(ran.outputs['sarif'] as string, 'utf8'));
    const uris = sarif.runs[0].results.map(
      (each: { locations: [{ physicalLocation: { artifactLocation: { uri: string } } }] }) =>
        each.locations[0].physicalLocation.artifactLocation.uri,
    );
    expect(uris).toContain(`gitops/${service}`);
    expect(await refused({ directory: '../..' })).toEqual([2, expect.stringContaining('leads out of the workspace')]);
    expect(await refused({ directory: 'elsewhere' })).toEqual([2, 'There is no folder elsewhere in the workspace.']);
  });
});

describe('the runner', () => {
  const files = { [service]: typo(original0()) };
  function original0(): string {
    return 'apiVersion: v1\nkind: Service\nmetadata: { name: x }\nspec: { selector: {} }\n';
  }

  it('without files for summary and outputs, or with ones that cannot be written, is no reason to fail otherwise', async () => {
    for (const value of [undefined, join(home, 'no', 'such', 'folder')]) {
      const ran = await run({
        files: { 'README.md': 'x\n' },
        env: { GITHUB_STEP_SUMMARY: value, GITHUB_OUTPUT: value },
      });
      expect(ran.code).toBe(0);
      expect(ran.commands.filter(({ name }) => name === 'debug').length).toBeGreaterThan(0);
    }
  });

  it('gets ten annotations of a kind at most, worst first, and the number of the others', async () => {
    const many = Array.from(
      { length: 30 },
      (_, index) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${index} }\ndta: {}\n`,
    );
    const ran = await run({
      files: {
        ...files,
        'legacy/many.yaml': many.join('---\n'),
        'legacy/kustomization.yaml': 'resources: [config.yaml, many.yaml]\n',
      },
    });
    const shown = ran.commands.filter(({ name }) => name !== 'debug');
    for (const name of ['error', 'warning', 'notice'])
      expect(shown.filter((each) => each.name === name).length).toBeLessThanOrEqual(10);
    const order = shown.map(({ name }) => ['error', 'warning', 'notice'].indexOf(name));
    expect(order).toEqual([...order].sort());
    expect(ran.log).toMatch(/^\d+ more of severity error; the job summary has them all$/m);
    expect(ran.summary.match(/^- \*\*error\*\*/gm)?.length).toBe(Number(ran.outputs['errors']));
  });

  it('in debug mode shows no token', async () => {
    const { log, environments } = await run({
      files,
      inputs: { comment: 'true' },
      env: { ACTIONS_STEP_DEBUG: 'true', RUNNER_DEBUG: '1', GITHUB_API_URL: 'http://127.0.0.1:9' },
    });
    expect(environments['Comment']?.['INPUT_TOKEN']).toBe(token);
    expect(log).not.toContain(token.slice(0, 12));
  });
});

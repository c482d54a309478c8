import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary, call } from '../support/cli.js';

const url = 'https://github.com/acme/llm-gitops-config';
const revision8b = '0e9e39f249a16976918f6564b8830bc894c89659';
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-test-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Every file below a folder but git's own, with its content. */
function files(dir: string): Map<string, string> {
  const found = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.startsWith('.git/') && path !== '.git' && statSync(join(dir, path)).isFile())
    .sort();
  return new Map(found.map((path) => [path, readFileSync(join(dir, path), 'utf8')]));
}

function git(dir: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  return execFileSync('git', [...identity, ...args], { cwd: dir, encoding: 'utf8' }).trim();
}

/** A repository with the 8B model in development and production. */
async function repository(name: string, options: { git?: boolean } = {}): Promise<string> {
  const dir = join(home, name);
  const made = await call(['init', dir, '--yes', '--repository', url]);
  expect(made.stderr).toContain('created  gitops-gen.yaml');
  expect(made.code).toBe(0);
  if (options.git) {
    git(dir, 'init', '-q', '-b', 'main');
    git(dir, 'config', 'user.name', 't');
    git(dir, 'config', 'user.email', 't@example.com');
  }
  const added = await call([
    'add-model',
    'llama-3.1-8b',
    '--revision',
    revision8b,
    '--env',
    'development=1,production=2',
    '-C',
    dir,
  ]);
  expect(added.stderr).toContain('added llama-3.1-8b');
  expect(added.code).toBe(0);
  return dir;
}

describe('the main job', () => {
  it('init, add-model and validate end without a finding', async () => {
    const dir = await repository('whole');
    const { code, stdout } = await call(['validate', '-C', dir, '-o', 'json']);
    const report = JSON.parse(stdout);
    expect(report.diagnostics).toEqual([]);
    expect(report.summary).toEqual({ errors: 0, warnings: 0, infos: 0, suppressed: 0 });
    expect(report.checked.applications).toBeGreaterThan(3);
    expect(report.checked.kustomizations).toBeGreaterThan(3);
    expect(code).toBe(0);
  });

  it('a second run changes nothing, and says so', async () => {
    const dir = await repository('twice');
    const before = files(dir);
    const again = await call(['render', '-C', dir]);
    expect(again.stderr).toContain('nothing changed');
    expect(files(dir)).toEqual(before);
    expect((await call(['render', '--check', '-C', dir])).code).toBe(0);
  });

  it('a dry run shows the difference and writes nothing', async () => {
    const dir = await repository('dry');
    const before = files(dir);
    const { code, stdout, stderr } = await call([
      'add-model',
      'qwen3-32b',
      '--family',
      'qwen3',
      '--env',
      'production=1',
      '--dry-run',
      '-C',
      dir,
    ]);
    expect(stderr).toContain('nothing was written');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\+\+\+ .*families\/qwen3\.yaml/m);
    expect(files(dir)).toEqual(before);
  });

  it('an edit of the spec makes the files stale, and render says what changed', async () => {
    const dir = await repository('stale');
    const spec = join(dir, 'families', [...readdirSync(join(dir, 'families'))][0] ?? '');
    writeFileSync(spec, readFileSync(spec, 'utf8').replace(/production: 2/, 'production: 3'));
    const check = await call(['render', '--check', '-C', dir]);
    expect(check.code).toBe(1);
    expect(check.stdout).toContain('replicas: 3');
    const rendered = await call(['render', '-C', dir]);
    expect(rendered.stderr).toMatch(/changed {2}applications\/llama-3.1-8b\/overlays\/production\//);
    expect((await call(['render', '--check', '-C', dir])).code).toBe(0);
  });

  it('a model that fits nowhere is refused with the numbers, and nothing is written', async () => {
    const dir = await repository('too-large');
    const before = files(dir);
    const { code, stderr } = await call(['add-model', 'llama-3.1-405b', '--env', 'development=1', '-C', dir]);
    expect(stderr).toMatch(/llama-3\.1-405b/);
    expect(stderr).toContain('nothing was written');
    expect(code).toBe(2);
    expect(files(dir)).toEqual(before);
  });

  it('a mistake in a spec is shown with its line, and nothing is written', async () => {
    const dir = await repository('mistake');
    const spec = join(dir, 'families', [...readdirSync(join(dir, 'families'))][0] ?? '');
    writeFileSync(spec, readFileSync(spec, 'utf8').replace('replicas:', 'replcas:'));
    const before = files(dir);
    const { code, stderr } = await call(['render', '-C', dir]);
    expect(stderr).toMatch(/families\/.*\.yaml:\d+:\d+ error/);
    expect(stderr).toContain('replicas');
    expect(code).toBe(2);
    expect(files(dir)).toEqual(before);
  });

  it('removes a model in two steps: its route, then everything that was rendered for it', async () => {
    const dir = await repository('removal');
    await call([
      'add-model',
      'qwen3-32b',
      '--family',
      'qwen3',
      '--env',
      'production=1',
      '--revision',
      'a'.repeat(40),
      '-C',
      dir,
    ]);
    expect([...files(dir).keys()].some((path) => path.startsWith('applications/qwen3-32b/'))).toBe(true);
    const first = await call(['remove-model', 'qwen3-32b', '-C', dir]);
    expect(first.stderr).toContain('step 1 of 2');
    expect(first.stderr).toContain('removed  applications/qwen3-32b/base/service.yaml');
    expect(files(dir).has('applications/qwen3-32b/base/deployment.yaml')).toBe(true);
    expect((await call(['validate', '-C', dir, '--fail-on', 'warning'])).stdout).toContain(
      'pass: 0 errors, 0 warnings',
    );
    const { code, stderr } = await call(['remove-model', 'qwen3-32b', '-C', dir]);
    expect(stderr).toContain('removed qwen3-32b from qwen3');
    expect(code).toBe(0);
    expect([...files(dir).keys()].filter((path) => path.startsWith('applications/qwen3-32b/'))).toEqual([]);
    expect((await call(['validate', '-C', dir])).code).toBe(0);
  });

  it('a spec that loses its models is refused until the number is said', async () => {
    const dir = await repository('mass');
    const [spec = ''] = readdirSync(join(dir, 'families'));
    const text = readFileSync(join(dir, 'families', spec), 'utf8');
    writeFileSync(join(dir, 'families', spec), text.replace(/ {2}models:[\s\S]*/, '  models: []\n  phases: []\n'));
    const before = files(dir);
    const refused = await call(['render', '-C', dir]);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/Applications would be removed/);
    expect(refused.stderr).toContain('--allow-delete 2');
    expect(files(dir)).toEqual(before);
    expect((await call(['render', '--allow-delete', '2', '-C', dir])).code).toBe(0);
  });

  it('lists, plans and explains what is there', async () => {
    const dir = await repository('known');
    expect((await call(['list', '-C', dir])).stdout).toMatch(/llama-3\.1-8b .* 1 +- +2/);
    const plan = await call(['plan', '-C', dir, '-o', 'json']);
    const view = JSON.parse(plan.stdout);
    expect(view.environments.map((each: { name: string }) => each.name)).toEqual([
      'development',
      'staging',
      'production',
    ]);
    expect(view.environments[0].clusters[0].waves[0].workloads[0].model).toBe('llama-3.1-8b');
  });
});

describe('hand edits', () => {
  it('of files that are nobody else’s are never in the way', async () => {
    const dir = await repository('custom');
    const custom = join(dir, 'applications/llama-3.1-8b/custom');
    mkdirSync(custom);
    writeFileSync(
      join(custom, 'kustomization.yaml'),
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: { team: ml }\n',
    );
    expect((await call(['render', '-C', dir])).code).toBe(0);
    const built = await call(['build', 'applications/llama-3.1-8b/overlays/production', '-C', dir]);
    expect(built.stdout).toContain('team: ml');
    const version = join(dir, 'versions/production/kustomization.yaml');
    writeFileSync(
      version,
      readFileSync(version, 'utf8').replace(/newTag: .*/, `newTag: v0.28.1@sha256:${'a'.repeat(64)}`),
    );
    expect((await call(['render', '-C', dir])).code).toBe(0);
    expect(readFileSync(version, 'utf8')).toContain('v0.28.1@sha256');
  });

  it('are kept by init: what is there already stays', async () => {
    const dir = join(home, 'present');
    await call(['init', dir, '--yes', '--repository', url, '--dry-run']);
    await call(['init', dir, '--yes', '--repository', url]);
    const again = await call(['init', dir, '--yes', '--repository', url]);
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('gitops-gen.yaml is there already');
  });
});

describe('output', () => {
  it('is the same bytes whatever the locale, the time zone, the umask and the order of files', async () => {
    const made = ['C', 'tr_TR.UTF-8'].map((locale, index) => {
      const dir = join(home, `same-${index}`, 'fleet');
      mkdirSync(dir, { recursive: true });
      const env = { LC_ALL: locale, LANG: locale, TZ: index === 0 ? 'UTC' : 'Pacific/Kiritimati' };
      const umask = index === 0 ? '022' : '077';
      const script = `umask ${umask}; ${JSON.stringify(process.execPath)} ${JSON.stringify(binary)}`;
      const run = (line: string) =>
        execFileSync('bash', ['-c', `${script} ${line}`], {
          cwd: dir,
          env: { ...env, PATH: process.env['PATH'] },
          stdio: 'pipe',
        });
      run(`init --yes --repository ${url}`);
      run(`add-model llama-3.1-8b --revision ${revision8b} --env development=1,production=5..20`);
      return files(dir);
    });
    // The day on which the inventory was written down is the only thing that may differ between two time zones.
    const withoutDay = (all: Map<string, string> | undefined) =>
      new Map([...(all ?? [])].map(([path, text]) => [path, text.replace(/observedAt: .*/, '')]));
    expect([...(made[0]?.keys() ?? [])].length).toBeGreaterThan(40);
    expect(withoutDay(made[1])).toEqual(withoutDay(made[0]));
  });
});

describe('commits', () => {
  it('hold what was written and nothing else, and leave index and work tree as they were', async () => {
    const dir = await repository('commit', { git: true });
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'start');
    writeFileSync(join(dir, 'notes.txt'), 'mine, staged\n');
    git(dir, 'add', 'notes.txt');
    writeFileSync(join(dir, 'draft.txt'), 'mine, untracked\n');
    const { code, stderr } = await call(
      [
        'add-model',
        'qwen3-32b',
        '--family',
        'qwen3',
        '--env',
        'production=1',
        '--revision',
        'a'.repeat(40),
        '--commit',
        '-C',
        dir,
      ],
      { env: { GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@example.com' } },
    );
    expect(stderr).toContain('committed as');
    expect(code).toBe(0);
    expect(git(dir, 'status', '--porcelain').split('\n').sort()).toEqual(['?? draft.txt', 'A  notes.txt'].sort());
    expect(git(dir, 'log', '-1', '--format=%s')).toBe('Add qwen3-32b to qwen3 (production)');
    expect(git(dir, 'show', '--name-only', '--format=', 'HEAD')).not.toContain('notes.txt');
  });

  it('promotion pins a commit, and an earlier commit is the way back', async () => {
    const dir = await repository('promotion', { git: true });
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'start');
    const first = git(dir, 'rev-parse', 'HEAD');
    const family = readdirSync(join(dir, 'families'))[0]?.replace(/\.yaml$/, '') ?? '';
    const parent = join(dir, 'argocd/families', family, 'production/parent.yaml');
    expect((await call(['promote', family, '--to', 'production', '--commit', '-C', dir])).code).toBe(0);
    expect(readFileSync(parent, 'utf8')).toContain(`targetRevision: ${first}`);
    const second = git(dir, 'rev-parse', 'HEAD');
    // The newer commit has nothing new for it: it is pinned where somebody names it.
    expect((await call(['promote', family, '--to', 'production', '--commit', '-C', dir])).code).toBe(0);
    expect(git(dir, 'rev-parse', 'HEAD')).toBe(second);
    const named = ['promote', family, '--to', 'production', '--revision', second, '--commit', '-C', dir];
    expect((await call(named)).code).toBe(0);
    expect(git(dir, 'show', '--format=', '--unified=0', 'HEAD', '--', parent).match(/^[+-] .*/gm)).toEqual([
      `-    targetRevision: ${first}`,
      `+    targetRevision: ${second}`,
    ]);
    expect((await call(['promote', family, '--to', 'production', '--revision', first, '-C', dir])).code).toBe(0);
    expect(readFileSync(parent, 'utf8')).toContain(`targetRevision: ${first}`);
    const toDevelopment = await call(['promote', family, '--to', 'development', '-C', dir]);
    expect(toDevelopment.code).toBe(2);
    expect(toDevelopment.stderr).toContain('development follows the branch');
  });
});

describe('a blueprint of the repository', () => {
  it('is a folder that works as a bundled one does', async () => {
    const dir = join(home, 'own-blueprint');
    await call(['init', dir, '--yes', '--repository', url]);
    cpSync(resolve(import.meta.dirname, '../../blueprints/vllm'), join(dir, 'blueprints/our-vllm'), {
      recursive: true,
    });
    const file = join(dir, 'blueprints/our-vllm/blueprint.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^name: vllm/m, 'name: our-vllm'));
    const template = join(dir, 'blueprints/our-vllm/files/service.yaml');
    writeFileSync(template, readFileSync(template, 'utf8').replace('spec:', 'spec:\n  type: NodePort'));
    const add = ['add-model', 'llama-3.1-8b', '--runtime', 'our-vllm', '--revision', revision8b, '-C', dir];
    const without = await call(add);
    expect(without.stderr).toContain('say `image` in the model');
    expect(without.code).toBe(2);
    const added = await call([...add, '--image', `registry.example.com/vllm:v0.28.0@sha256:${'a'.repeat(64)}`]);
    expect(added.stderr).toContain('added llama-3.1-8b');
    expect(readFileSync(join(dir, 'applications/llama-3.1-8b/base/service.yaml'), 'utf8')).toContain('type: NodePort');
    expect((await call(['validate', '-C', dir])).stdout).toContain('pass: 0 errors, 0 warnings');
    expect((await call(['blueprints', '-C', dir])).stdout).toMatch(/^our-vllm /m);
  });

  it('that renders a kind it does not declare is refused, and nothing is written', async () => {
    const dir = await repository('bad-blueprint');
    mkdirSync(join(dir, 'blueprints/sneaky'), { recursive: true });
    writeFileSync(
      join(dir, 'blueprints/sneaky/blueprint.yaml'),
      'name: sneaky\nversion: 1.0.0\ndescription: One Service.\nkinds: [v1/Service]\nvalues: { type: object }\nfiles:\n  - { path: a.yaml, template: a.yaml, scope: base }\n',
    );
    writeFileSync(
      join(dir, 'blueprints/sneaky/a.yaml'),
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: "{{name}}" }\n',
    );
    const before = files(dir);
    const { code, stderr } = await call([
      'add-model',
      'qwen3-32b',
      '--family',
      'q',
      '--runtime',
      'sneaky',
      '--env',
      'production=1',
      '-C',
      dir,
    ]);
    expect(stderr).toContain(
      'kind rbac.authorization.k8s.io/v1/ClusterRoleBinding is not in the list of blueprint "sneaky"',
    );
    expect(code).toBe(2);
    expect(files(dir)).toEqual(before);
  });
});

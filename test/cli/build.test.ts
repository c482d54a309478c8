import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import { realKubectl } from '../support/real-kubectl.js';

const kubectl = realKubectl();
let top: string;
let home: string;
let env: Record<string, string>;

const files = {
  'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'base/deployment.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  replicas: 1\n  selector: { matchLabels: { app: web } }\n  template:\n    metadata: { labels: { app: web } }\n    spec:\n      containers:\n        - name: web\n          image: nginx\n',
  'overlay/kustomization.yaml':
    'namespace: prod\nresources: [../base]\nimages:\n  - name: nginx\n    newTag: "1.27"\npatches:\n  - path: replicas.yaml\n',
  'overlay/replicas.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  replicas: 3\n',
  'remote/kustomization.yaml': 'resources: ["https://github.com/org/repo//base?ref=v1"]\n',
  // Upstream restricts files to the root and not folders.
  'leaving/kustomization.yaml': 'resources: [../../outside]\n',
};

beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'gitops-gen-build-'));
  home = join(top, 'repository');
  mkdirSync(join(home, '.git'), { recursive: true });
  mkdirSync(join(top, 'outside'));
  writeFileSync(join(top, 'outside/kustomization.yaml'), 'resources: []\n');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  mkdirSync(join(home, 'bin'));
  if ('path' in kubectl && kubectl.path) symlinkSync(kubectl.path, join(home, 'bin/kubectl'));
  env = { PATH: join(home, 'bin') };
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const skipped = 'path' in kubectl ? undefined : kubectl.skip;

describe('build', () => {
  it.skipIf(skipped)(`prints what kubectl prints${skipped ? ` (skipped: ${skipped})` : ''}`, async () => {
    const ours = await call(['build', 'overlay'], { cwd: home });
    const theirs = await call(['build', 'overlay', '--engine', 'kubectl'], { cwd: home, env });
    expect(theirs.code).toBe(0);
    expect(ours.stdout).toBe(theirs.stdout);
  });

  it('says who set a field', async () => {
    const of = async (field: string) =>
      (await call(['build', 'overlay', '--field', `Deployment/web:${field}`], { cwd: home })).stdout;
    expect(await of('/spec/replicas')).toBe('overlay/replicas.yaml:5:13 (patches)\n');
    expect(await of('/spec/template/spec/containers/0/image')).toMatch(
      /^overlay\/kustomization\.yaml:\d+:\d+ \(images\)\n$/,
    );
    expect(await of('/spec/template/spec/containers/0/name')).toMatch(/^base\/deployment\.yaml:11:17 /);
    expect(await of('/metadata/namespace')).toMatch(/^overlay\/kustomization\.yaml:1:12 \(namespace\)/);
  });

  it('reads bases beside the folder also where there is no repository', async () => {
    const plain = mkdtempSync(join(tmpdir(), 'gitops-gen-plain-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(plain, path)), { recursive: true });
      writeFileSync(join(plain, path), text);
    }
    const here = await call(['build', 'overlay'], { cwd: plain });
    const inside = await call(['build', '.'], { cwd: join(plain, 'overlay') });
    rmSync(plain, { recursive: true, force: true });
    expect(here.stdout).toBe((await call(['build', 'overlay'], { cwd: home })).stdout);
    // What lies outside of the folder that is read stays outside.
    expect(inside.stderr).toContain('kustomize-outside-root');
    expect(inside.code).toBe(1);
  });

  it('says where every resource comes from', async () => {
    const { stdout } = await call(['build', 'overlay', '--origins'], { cwd: home });
    expect(stdout).toContain('# Deployment/web in prod\n#   from base/deployment.yaml:1:1\n');
    expect(stdout).toMatch(/# {3}changed by overlay\/replicas\.yaml:\d+:\d+ \(patches\)/);
  });

  it('refuses what only another engine can, and names it', async () => {
    const { code, stdout, stderr } = await call(['build', 'remote'], { cwd: home });
    expect(stderr).toContain('kustomize-remote');
    expect(stderr).toMatch(/--engine (kubectl|kustomize)|external engine/);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it.each([
    [['build', 'overlay', '--field', 'Deployment'], /does not name a field/],
    [['build', 'overlay', '--field', 'Deployment/wbe:/spec'], /the build has no Deployment\/wbe/],
    [['build', 'overlay', '--engine', 'kubectl', '--origins'], /does not know where fields come from/],
    [['build', 'overlay', '--engine', 'kustomize'], /There is no kustomize on PATH/],
    [['build', 'nowhere'], /./],
  ])('%j is refused', async (argv, message) => {
    const { code, stderr, stdout } = await call(argv, { cwd: home, env });
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).not.toBe(0);
  });
});

describe('verify', () => {
  it.skipIf(skipped)('counts where the engines agree, and shows where not', async () => {
    const { code, stdout, stderr } = await call(['verify', '--against', 'kubectl', '-C', join(home, 'overlay')], {
      cwd: home,
      env,
    });
    expect(stdout).toMatch(/^leaving\n {2}we refuse: .*\n {2}they build it\n$/);
    expect(stderr).toMatch(/3 kustomizations, 2 the same as kubectl \(Kustomize v5\.[\d.]+\), 1 different/);
    expect(code).toBe(1);
  });
});

// What the catalogue of bad inputs asks of an engine that misbehaves.
describe.skipIf(process.platform === 'win32')('an external engine', () => {
  const engine = (script: string): Record<string, string> => {
    const folder = mkdtempSync(join(top, 'engine-'));
    writeFileSync(
      join(folder, 'kustomize'),
      `#!/bin/sh\nPATH=/usr/bin:/bin\nif [ "$1" = version ]; then echo v5.8.1; exit; fi\n${script}\n`,
      { mode: 0o755 },
    );
    return { PATH: folder };
  };
  const run = (script: string, ...flags: string[]) =>
    call(['build', 'overlay', '--engine', 'kustomize', ...flags], { cwd: home, env: engine(script) });

  it.each([
    ['O30', 'hangs', 'sleep 60', ['--engine-timeout', '0.5'], /within 0\.5 s.*--engine-timeout raises/s],
    ['O31', 'prints a gigabyte', 'yes', ['--engine-output', '2'], /more than 2 MiB.*--engine-output raises/s],
    [
      'O32',
      'needs five gigabytes',
      'head -c 5000000000 /dev/zero | tail',
      ['--engine-memory', '100'],
      /the 100 MiB of memory.*--engine-memory raises/s,
    ],
  ] as const)(
    '%s: one that %s is stopped, the limit is named, and the exit code is 3',
    async (id, _, script, flags, says) => {
      if (id === 'O32' && !existsSync('/usr/bin/prlimit')) return;
      const { code, stdout, stderr } = await run(script, ...flags);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toMatch(says);
    },
  );

  it('O33: one that panics is a finding of one line; the trace comes with --verbose', async () => {
    const panic = 'echo "panic: index out of range" >&2; echo "goroutine 1 [running]:" >&2; exit 2';
    const plain = await run(panic);
    expect(plain).toMatchObject({ code: 1, stdout: '' });
    expect(plain.stderr).toBe('kustomize (Kustomize v5.8.1) cannot build this: panic: index out of range\n');
    expect((await run(panic, '--verbose')).stderr).toContain('goroutine 1');
  });

  it.each([
    [['--engine-timeout', '0', '--engine', 'kustomize'], /number above zero/],
    [['--engine-memory', '100'], /need an external engine/],
  ] as const)('%s is a mistake of the command line', async (flags, says) => {
    const { code, stderr } = await call(['build', 'overlay', ...flags], { cwd: home, env: engine('true') });
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
  });
});

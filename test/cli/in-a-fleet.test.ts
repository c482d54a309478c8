import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import {
  commitAll,
  edit,
  emptyFolder,
  files,
  fleet,
  git,
  inRepository,
  put,
  read,
  succeed,
  url,
} from '../support/repositories.js';

/** What people do in a repository of theirs, and what they are told: the true reason, and what to do next. */

const family = 'families/llama-3.1.yaml';
const lock = '.gitops-gen/lock/llama-3.1.yaml';
const revision = 'versions/production/llama-3.1-8b/revision.yaml';

describe('a family that has nothing in an environment', () => {
  it('cannot be promoted or rolled back there, and it is said why', async () => {
    const dir = await fleet({ git: true });
    for (const argv of [
      ['promote', 'llama-3.1', '--to', 'staging'],
      ['rollback', 'llama-3.1', '--env', 'staging'],
    ]) {
      const { code, stderr } = await inRepository(dir, argv);
      expect(stderr).toMatch(
        /^error: llama-3\.1 has nothing in staging: no model of it has replicas there\n {2}Say how many/,
      );
      expect(code).toBe(3);
    }
  });

  it('because its phase was disabled: says which, and that nothing waits for a promotion', async () => {
    const dir = await fleet({ git: true });
    await succeed(dir, ['promote', 'llama-3.1', '--to', 'production', '--commit']);
    const disabled = await succeed(dir, ['phase', 'disable', 'foundation', '--env', 'production']);
    expect(disabled.stderr).toMatch(
      /is disabled in production\. It was the last of llama-3\.1 there: the parent Application goes when this is merged/,
    );
    expect(disabled.stderr).not.toMatch(/promote/);
    const { code, stderr } = await inRepository(dir, ['promote', 'llama-3.1', '--to', 'production']);
    expect(stderr).toMatch(
      /has nothing in production: phase foundation is not enabled there\n {2}First: gitops-gen phase enable foundation/,
    );
    expect(code).toBe(3);
  });
});

describe('a file that people write and that cannot be read', () => {
  it('is the reason that commands give, and not that its family were missing', async () => {
    const dir = await fleet({ git: true });
    put(dir, family, '');
    const before = files(dir);
    for (const argv of [
      ['promote', 'llama-3.1', '--to', 'production'],
      ['rollback', 'llama-3.1', '--env', 'production'],
      ['phase', 'disable', 'foundation', '--env', 'production'],
      ['remove-model', 'llama-3.1-8b'],
      ['add-model', 'llama-3.1-70b', '--env', 'production=1'],
    ]) {
      const { code, stderr } = await inRepository(dir, argv);
      expect(stderr, argv[0]).toMatch(/^families\/llama-3\.1\.yaml:1:1 error yaml-empty\n/);
      expect(stderr).toMatch(/\n1 error: nothing was written\n$/);
      expect(code).toBe(2);
    }
    expect(files(dir)).toEqual(before);
  });

  it('is not taken for the family that its name speaks of', async () => {
    const dir = await fleet();
    await succeed(dir, ['add-model', 'qwen3-32b', '--family', 'qwen', '--env', 'production=1']);
    put(dir, 'families/other.yaml', read(dir, 'families/qwen.yaml'));
    rmSync(join(dir, 'families/qwen.yaml'));
    const argv = ['add-model', 'qwen2.5-0.5b', '--family', 'other', '--env', 'production=1'];
    const { code, stderr } = await inRepository(dir, argv);
    expect(stderr).toBe(
      'error: families/other.yaml is there and holds another family\n  Name that one with --family, or rename the file.\n',
    );
    expect(code).toBe(2);
  });

  const revisions: readonly (readonly [text: string, says: RegExp])[] = [
    ['revision: "abc\n', /revision\.yaml:1:11 error yaml-syntax\n/],
    ['revison: abc\n', /revision\.yaml:1:1 error versions-revision\n {2}.* does not say which revision/],
    ['', /revision\.yaml:1:1 error versions-revision\n/],
    ['revision: [a]\n', /revision\.yaml:1:11 error versions-revision\n {2}The revision of the weights is a list\./],
    ['revision: 12345678\n', /The revision of the weights is the number 12345678\./],
  ];
  for (const [text, says] of revisions)
    it(`is a revision as well: ${JSON.stringify(text)}`, async () => {
      const dir = await fleet();
      put(dir, revision, text);
      const { code, stderr } = await inRepository(dir, ['render', '--check']);
      expect(stderr).toMatch(says);
      expect(code).toBe(2);
    });

  it('is a lock as well, which is decided anew only when somebody says so', async () => {
    const dir = await fleet();
    const before = read(dir, lock);
    put(dir, lock, '<<<<<<<\n{{{');
    const { code, stderr } = await inRepository(dir, ['render']);
    expect(stderr).toMatch(/^\.gitops-gen\/lock\/llama-3\.1\.yaml:1:1 error lock-unreadable\n/);
    expect(stderr).toMatch(/decide anew: gitops-gen render --replan/);
    expect(code).toBe(2);
    await succeed(dir, ['render', '--replan', '--force']);
    expect(read(dir, lock)).toBe(before);
  });
});

describe('a guard', () => {
  it('stands where something is written, and not before plan', async () => {
    const dir = await fleet();
    rmSync(join(dir, family));
    const { code, stdout } = await inRepository(dir, ['plan']);
    expect(stdout).toMatch(/^production on cluster production .*\n {2}nothing runs here$/m);
    expect(code).toBe(0);
    expect((await inRepository(dir, ['render'])).code).toBe(3);
  });

  it('says why Applications go where an environment gets its second cluster', async () => {
    const dir = await fleet();
    edit(dir, 'gitops-gen.yaml', '- name: production', '- name: production\n      clusters: [production, eu]');
    const config = read(dir, 'clusters/production/cluster-config.yaml');
    put(dir, 'clusters/eu/cluster-config.yaml', config.replace('name: production', 'name: eu'));
    const { code, stderr } = await inRepository(dir, ['render']);
    expect(stderr).toMatch(/1 of 2 Applications would be removed/);
    expect(stderr).toMatch(/With a second cluster Applications of production get other names/);
    expect(stderr).toMatch(/--allow-delete 1\n$/);
    expect(code).toBe(3);
  });
});

describe('a message of the commit', () => {
  it('takes the place of the first line, and the reason for a skipped order stays', async () => {
    const dir = await fleet({ git: true });
    await succeed(dir, [
      ...['promote', 'llama-3.1', '--to', 'production', '--skip-order', 'incident 4711'],
      ...['--commit', '--no-sign', '-m', 'Hotfix'],
    ]);
    expect(git(dir, 'log', '-1', '--format=%B')).toBe('Hotfix\n\nOrder of environments skipped: incident 4711');
  });
});

describe('a flag that would do nothing', () => {
  it('is refused: what is about a pull request, where none is asked for', async () => {
    const dir = await fleet({ git: true });
    for (const flag of [['--draft'], ['--label', 'x'], ['--auto-merge', 'squash'], ['--draft-on-findings']]) {
      const { code, stderr } = await inRepository(dir, ['render', ...flag]);
      expect(stderr).toBe(
        `error: ${flag[0]} is about a pull request, and none is asked for\n  Add --pr, --push-only or --patch <file>.\n`,
      );
      expect(code).toBe(2);
    }
    for (const argv of [
      ['render', '--check'],
      ['promote', 'llama-3.1', '--to', 'production'],
      ['phase', 'enable', 'foundation', '--env', 'production'],
      ['eject'],
    ])
      for (const flag of [['--message', 'x'], ['--no-sign']]) {
        const { code, stderr } = await inRepository(dir, [...argv, ...flag]);
        expect(stderr, argv[0]).toBe(
          `error: ${flag[0]} is about a commit, and none is asked for\n  Add --commit${argv[0] === 'eject' ? '' : ' or --pr'}.\n`,
        );
        expect(code).toBe(2);
      }
    const init = await call(['init', join(dir, '../other'), '--yes', '-m', 'x']);
    expect(init.stderr).toContain('error: --message is about a commit');
    commitAll(dir, 'as it was');
    expect(git(dir, 'status', '--porcelain')).toBe('');
  });
});

describe('a model that the catalog does not know', () => {
  it('is rendered from a file that says what it runs on', async () => {
    const dir = await fleet();
    const spec = `apiVersion: gitops-gen.io/v1alpha1
kind: ModelFamily
metadata: { name: house }
spec:
  models:
    - name: embedder
      source: hf://acme/embedder
      revision: 0e9e39f
      gpu: a100-80gb
      parallelism: { tensor: 1 }
      replicas: { production: 1 }
      engine: { args: { runner: pooling } }
  phases: [{ name: all, models: [embedder] }]
`;
    put(dir, 'house.yaml', spec.replace('      parallelism: { tensor: 1 }\n', ''));
    const refused = await inRepository(dir, ['add-model', 'house.yaml']);
    expect(refused.stderr).toMatch(/There is no model in the catalog called "embedder"\./);
    expect(refused.stderr).toMatch(/A model of your own says `gpu` and `parallelism\.tensor`/);
    expect(refused.code).toBe(2);
    put(dir, 'house.yaml', spec);
    await succeed(dir, ['add-model', 'house.yaml']);
    const deployment = read(dir, 'applications/embedder/base/deployment.yaml');
    for (const argument of ['acme/embedder', '--served-model-name=embedder', '--runner=pooling'])
      expect(deployment).toContain(`- ${argument}\n`);
    expect((await succeed(dir, ['validate'])).stdout).toContain('pass: 0 errors, 0 warnings');
    const { stdout } = await succeed(dir, ['plan', '--worked-out']);
    expect(stdout).toContain("context = 8192: the default; the model's maximum is not known");
    expect(stdout).not.toContain('Infinity');
  });
});

describe('a generated file that somebody deleted or broke', () => {
  it('is named beside the error that comes of it, with the way back', async () => {
    const dir = await fleet();
    rmSync(join(dir, 'applications/llama-3.1-8b/base/deployment.yaml'));
    put(dir, 'applications/llama-3.1-8b/base/service.yaml', 'nonsense\n');
    for (const argv of [['render'], ['render', '--check']]) {
      const { code, stderr } = await inRepository(dir, argv);
      expect(stderr).toMatch(/error kustomize-missing-file\n {2}There is no file deployment\.yaml\./);
      expect(stderr).toMatch(/^ {2}deleted {2}\S+\/deployment\.yaml \(by hand; .*--force\)$/m);
      expect(stderr).toMatch(/^ {2}kept {5}\S+\/service\.yaml \(edited by hand\)$/m);
      expect(code).toBe(2);
    }
    await succeed(dir, ['render', '--force']);
    expect((await succeed(dir, ['render', '--check'])).stderr).toBe('up to date\n');
  });
});

describe('a generated file that cannot be read', () => {
  it('is not taken for one that somebody deleted', async () => {
    const dir = await fleet();
    const service = 'applications/llama-3.1-8b/base/service.yaml';
    rmSync(join(dir, service));
    // A named pipe is what no permission of whoever runs the tests makes readable.
    execFileSync('mkfifo', [join(dir, service)]);
    const { code, stderr } = await inRepository(dir, ['render']);
    expect(stderr).toMatch(
      /^applications\/llama-3\.1-8b\/base\/service\.yaml error spec-unreadable\n {2}\S+ was generated,/,
    );
    expect(stderr).not.toMatch(/deleted/);
    expect(code).toBe(2);
  });
});

describe('leaving', () => {
  it('says what goes, also in a dry run, and what is left to do', async () => {
    const dir = await fleet();
    const goes = /^ {2}removed {2}\.gitops-gen\/ \(\d+ files: records, locks, schemas\)$/m;
    expect((await succeed(dir, ['eject', '--dry-run'])).stderr).toMatch(goes);
    const { stderr } = await succeed(dir, ['eject']);
    expect(stderr).toMatch(goes);
    expect(stderr).toContain('README.md still tells how to work with gitops-gen');
    expect((await succeed(dir, ['eject'])).stderr).toContain('nothing changed: nothing of gitops-gen was left');
  });
});

describe('init in a folder of a repository', () => {
  it('says that no workflow was written, and what one would run', async () => {
    const dir = await fleet({ git: true });
    const { stderr } = await succeed(dir, ['init', 'part', '--yes', '--repository', url]);
    expect(stderr).toMatch(/none was written there\..*\n {2}npx gitops-gen -C part render --check/);
  });
});

describe('an environment with several clusters', () => {
  it('has a note of each that waits for its first release', async () => {
    const dir = await fleet();
    edit(dir, 'gitops-gen.yaml', '- name: production', '- name: production\n      clusters: [production, eu]');
    const config = read(dir, 'clusters/production/cluster-config.yaml');
    put(dir, 'clusters/eu/cluster-config.yaml', config.replace('name: production', 'name: eu'));
    const { stderr } = await succeed(dir, ['render', '--allow-delete', '1']);
    for (const cluster of ['production', 'eu'])
      expect(stderr).toMatch(
        new RegExp(`promoted to production on ${cluster} yet:.*\\n.* --to production --cluster ${cluster}\\n`),
      );
  });
});

describe('list for a script', () => {
  it('says figures, and nothing of what is not there', async () => {
    const dir = await fleet();
    const more = ['--env', 'staging=1..3', '--phase', 'next', '--revision', '0e9e39f', '--tier', 'gold'];
    await succeed(dir, ['add-model', 'qwen3-32b', ...more]);
    edit(dir, family, '- name: next', '- name: next\n      enabledIn: [production]');
    expect((await succeed(dir, ['list'])).stdout).toMatch(/qwen3-32b +gold +- +1\.\.3 \(reserved\) +-$/m);
    expect(JSON.parse((await succeed(dir, ['list', '-o', 'json'])).stdout)).toEqual({
      schemaVersion: 1,
      models: [
        {
          family: 'llama-3.1',
          phase: 'foundation',
          model: 'llama-3.1-8b',
          environments: { development: { replicas: 1, enabled: true }, production: { replicas: 2, enabled: true } },
        },
        {
          family: 'llama-3.1',
          phase: 'next',
          model: 'qwen3-32b',
          tier: 'gold',
          environments: { staging: { replicas: { min: 1, max: 3 }, enabled: false } },
        },
      ],
    });
  });
});

describe('a GPU that has no bf16', () => {
  it('serves a checkpoint of bf16 in fp16 where the spec says so', async () => {
    const dir = join(emptyFolder(), 'fleet');
    const init = ['init', dir, '--yes', '--repository', url, '--env', 'dev', '--inventory', 't4'];
    expect((await call(init)).code).toBe(0);
    const add = ['add-model', 'qwen2.5-0.5b', '--revision', '0e9e39f'];
    const refused = await inRepository(dir, add);
    expect(refused.stderr).toContain('hint: would fit: fp16 (--dtype float16) instead of bf16');
    expect(refused.code).toBe(2);
    await succeed(dir, [...add, '--precision', 'fp16']);
    expect(read(dir, 'applications/qwen2.5-0.5b/base/deployment.yaml')).toContain('- --dtype=float16\n');
  });
});

describe('a model that comes back after it was removed', () => {
  it('runs the revision that is asked for, and not what was left under versions/', async () => {
    const dir = await fleet();
    const again = 'ffffffffffffffffffffffffffffffffffffffff';
    await succeed(dir, ['remove-model', 'llama-3.1-8b', '--at-once']);
    expect(read(dir, revision)).not.toContain(again);
    await succeed(dir, ['add-model', 'llama-3.1-8b', '--revision', again, '--env', 'production=1']);
    expect(read(dir, revision)).toMatch(new RegExp(`^# .*\\n(?:#.*\\n)*revision: "${again}"\\n$`));
    expect(read(dir, 'applications/llama-3.1-8b/base/deployment.yaml')).toContain(`value: ${again}\n`);
  });
});

describe('a model with an image of its own', () => {
  it('adds it to the versions of its environments, beside what is there', async () => {
    const dir = await fleet();
    const images = 'versions/production/kustomization.yaml';
    const before = read(dir, images);
    const model = ['add-model', 'qwen3-32b', '--revision', '0e9e39f', '--env', 'production=1'];
    await succeed(dir, [...model, '--image', 'registry.example.com/vllm:v0.28.0']);
    expect(read(dir, images)).toBe(`${before}  - name: registry.example.com/vllm\n    newTag: v0.28.0\n`);
    expect((await succeed(dir, ['render', '--check'])).stderr).toBe('up to date\n');
  });
});

describe('two families of different runtimes', () => {
  it('share the images of an environment, and no entry is idle where the other one needs it', async () => {
    const dir = await fleet({ git: true });
    const other = ['--family', 'other', '--runtime', 'llmdeployment', '--revision', '0e9e39f', '--env', 'production=1'];
    await succeed(dir, ['add-model', 'qwen3-32b', ...other]);
    commitAll(dir, 'The other one');
    for (const name of ['other', 'llama-3.1'])
      await succeed(dir, ['promote', name, '--to', 'production', '--commit', '--no-sign']);
    expect((await succeed(dir, ['validate'])).stdout).toContain('pass: 0 errors, 0 warnings');
    // Where nothing at all has the image, it is said, once for each revision that is pinned.
    edit(
      dir,
      'versions/production/kustomization.yaml',
      /^images:$/m,
      'images:\n  - name: nobody/has-it\n    newTag: v1',
    );
    commitAll(dir, 'An entry too many');
    await succeed(dir, ['promote', 'other', '--to', 'production', '--commit', '--no-sign']);
    expect((await succeed(dir, ['validate'])).stdout).toMatch(/No container has the image nobody\/has-it/);
  });
});

describe('a repository that has a README already', () => {
  it('keeps it, and is begun and filled like every other', async () => {
    const dir = emptyFolder();
    put(dir, 'README.md', '# Our fleet\n');
    await succeed(dir, ['init', '--yes', '--repository', url]);
    await succeed(dir, ['add-model', 'llama-3.1-8b', '--revision', '0e9e39f', '--env', 'production=1']);
    expect(read(dir, 'README.md')).toBe('# Our fleet\n');
    expect((await succeed(dir, ['render', '--check'])).stderr).toBe('up to date\n');
  });

  it('goes on with the one that was generated, whatever people wrote into it', async () => {
    const dir = await fleet({ git: true });
    edit(dir, 'README.md', /^<!-- Generated.*\n/, '');
    edit(dir, 'README.md', '# fleet', '# Our fleet');
    await succeed(dir, ['add-model', 'qwen3-32b', '--revision', '0e9e39f', '--env', 'production=1']);
    expect(read(dir, 'README.md')).toMatch(/^# Our fleet\n[\s\S]*qwen3-32b/);
  });
});

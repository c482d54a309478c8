import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/check/registry.js';
import { git, repository } from '../support/git-repository.js';
import { home, into, run } from './harness.js';
import { record } from './pull-requests.js';
import { project as root, runAction } from './runner.js';
import { cluster, config, engine, exemptions, fleet, inB, pod, policies } from './small-fleet.js';

/** What pull requests bring, and what they try: each is recorded as a real branch and judged as the runner would. */
/** A blueprint of the package under another name, as a repository may have its own. */
function blueprintAs(name: string): Record<string, string> {
  const folder = join(root, 'blueprints', 'vllm');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  return Object.fromEntries(
    paths.map((path) => [
      `blueprints/${name}/${path}`,
      readFileSync(join(folder, path), 'utf8').replace(/^name: vllm$/m, `name: ${name}`),
    ]),
  );
}

/** Commands that only show something. */
const harmless = ['error', 'warning', 'notice', 'debug'];
const floating = inB({ 'job.yaml': pod('busybox:latest') });

describe('a finding of every kind, from a fork, with a token that only reads', () => {
  const kinds: readonly (readonly [group: string, rule: string, files: Record<string, string | undefined>])[] = [
    ['files', 'yaml-syntax', { 'a/own.yaml': `${config('own-a')}data: { a: b\n` }],
    [
      'specs',
      'spec-unknown-field',
      { 'clusters/production/cluster-config.yaml': cluster('gpu: a100-80gb\n      colour: red') },
    ],
    ['kustomize', 'kustomize-missing-file', { 'a/kustomization.yaml': 'resources: [../gone]\n' }],
    ['schema', 'schema-unknown-field', { 'a/own.yaml': config('own-a', 'dta: {}\n') }],
    [
      'kubernetes',
      'service-name',
      inB({
        'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: a.b }\nspec: { ports: [{ port: 80 }] }\n',
      }),
    ],
    [
      'references',
      'missing-reference',
      inB({ 'job.yaml': pod('busybox:1.37.0', '\n      envFrom: [{ configMapRef: { name: gone } }]') }),
    ],
    [
      'argocd',
      'project-permits',
      { 'argocd/b.yaml': (fleet['argocd/b.yaml'] as string).replace('namespace: b', 'namespace: kube-system') },
    ],
    [
      'order',
      'sync-wave',
      { 'common/config.yaml': config('shared', '  annotations: { argocd.argoproj.io/sync-wave: "1.5" }\n') },
    ],
    ['security', 'floating-image-tags', floating],
    [
      'autoscaling',
      'autoscaler-range',
      inB({
        'engine.yaml': engine(1),
        'scaler.yaml':
          'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: llama }\nspec:\n  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: llama }\n  minReplicas: 3\n  maxReplicas: 2\n',
      }),
    ],
    ['serving', 'engine-flag-known', inB({ 'engine.yaml': engine(1, '--gpu-memory-utilisation=0.9') })],
    ['capacity', 'gpu-capacity', inB({ 'engine.yaml': engine(8) })],
    ['exemptions', 'exemption-invalid', { 'a/own.yaml': `# gitops-gen-ignore nothing-such: fine\n${config('own-a')}` }],
  ];

  it.each(kinds)('%s: %s', async (group, rule, files) => {
    expect(allRules.find(({ id }) => id === rule)?.group).toBe(group);
    const { code, report, commands, outputs, skipped, environments, log, summary } = await run({ files });
    const found = report?.diagnostics.find(({ ruleId }) => ruleId === rule);
    expect(found).toMatchObject({ severity: 'error' });
    expect(code).not.toBe(0);
    expect(outputs['verdict']).toBe('fail');
    expect(summary).toContain(rule);
    // At a line of a file that the pull request touches, or that it breaks.
    const shown = commands.find(({ properties }) => properties['title'] === rule);
    expect(shown?.properties).toMatchObject({ file: found?.file, line: String(found?.range?.start.line) });
    expect(commands.every(({ name }) => harmless.includes(name))).toBe(true);
    // The token of a fork only reads: there is no comment, which is said, and the verdict stays that of the judgement.
    expect([skipped, environments['Validate']?.['INPUT_TOKEN']]).toEqual([['Set up Node'], undefined]);
    expect(log).toContain('::notice title=gitops-gen::No comment on the pull request: it comes from a fork');
  });

  it('every kind that rules have is in the table', () => {
    expect(kinds.map(([group]) => group).sort()).toEqual([...new Set(allRules.map(({ group }) => group))].sort());
  });
});

describe('a fork that loosens the policy stays red, and is told', () => {
  it.each([
    ['severity', { 'policies/own.yaml': policies('off') }],
    ['policy gone', { 'policies/own.yaml': undefined }],
    ['exemption', { 'exemptions.yaml': exemptions('floating-image-tags', 'b/job.yaml') }],
    ['comment', inB({ 'job.yaml': pod('busybox:latest', ' # gitops-gen-ignore floating-image-tags: fine') })],
    ['project gone', { 'gitops-gen.yaml': undefined }],
    [
      'all of it',
      { 'policies/own.yaml': policies('off'), 'exemptions.yaml': exemptions('*', '*'), 'gitops-gen.yaml': undefined },
    ],
  ] as const)('%s', async (_, files) => {
    for (const inputs of [{}, { 'policies-from': 'head' }]) {
      const { code, found, report, commands } = await run({ files: { ...floating, ...files } }, { inputs });
      expect(code).not.toBe(0);
      expect(found).toContain('b/job.yaml floating-image-tags');
      expect(report?.diagnostics.find(({ ruleId }) => ruleId === 'floating-image-tags')).not.toHaveProperty(
        'suppressed',
      );
      expect(
        commands.some(({ name, properties }) => name === 'warning' && properties['title'] === 'policy-loosened'),
      ).toBe(true);
    }
  });

  it('from a branch that parted long ago, the policies of today decide', async () => {
    const old = policies('info');
    const lax = join(home, 'lax');
    repository(lax, { ...fleet, 'policies/own.yaml': old });
    const request = record({
      into: lax,
      home,
      fork: true,
      files: floating,
      meanwhile: { 'policies/own.yaml': policies('error') },
    });
    const ran = await runAction({ ...request, temp: join(home, 'temp'), env: { GITHUB_SHA: request.sha } });
    expect([ran.code, ran.outputs['errors']]).toEqual([1, '1']);
  });

  it('blueprints of the fork are not used, and that is said', async () => {
    const files = {
      ...blueprintAs('own'),
      'families/x.yaml':
        'apiVersion: gitops-gen.io/v1alpha1\nkind: ModelFamily\nmetadata: { name: x }\nspec:\n  runtime: own\n  models: [{ name: llama-3.1-8b, replicas: { production: 1 } }]\n  phases: [{ name: all, models: [llama-3.1-8b] }]\n',
    };
    const { report, code } = await run({ files });
    const rules = report?.diagnostics.map(({ ruleId, message }) => `${ruleId}: ${message}`) ?? [];
    expect(rules).toContainEqual(expect.stringContaining('brings its own form of blueprint own'));
    expect(rules).toContainEqual(expect.stringMatching(/^spec-reference: .*own/));
    expect(code).toBe(2);
    const own = await run({ files, fork: false });
    expect(own.report?.diagnostics.map(({ ruleId }) => ruleId)).not.toContain('spec-reference');
  });

  it('of its own branch it may judge itself, unless the workflow says otherwise', async () => {
    const files = { ...floating, 'exemptions.yaml': exemptions('floating-image-tags', 'b/job.yaml') };
    const open = await run({ files, fork: false });
    expect([open.code, open.found]).toEqual([0, expect.arrayContaining(['exemptions.yaml policy-loosened'])]);
    expect((await run({ files, fork: false }, { inputs: { 'policies-from': 'base' } })).code).toBe(1);
  });
});

describe('events that would hand out secrets', () => {
  const change = {
    head: { sha: 'a'.repeat(40), repo: { full_name: 'stranger/fleet' } },
    base: { sha: 'b'.repeat(40), repo: { full_name: 'acme/fleet' } },
  };
  it.each([
    ['pull_request_target with the head of a fork', 'pull_request_target', { pull_request: change }, /is refused/],
    [
      'of a fork that was deleted',
      'pull_request_target',
      { pull_request: { ...change, head: { ...change.head, repo: null } } },
      /is refused/,
    ],
    [
      'workflow_run after a run of a fork',
      'workflow_run',
      { workflow_run: { head_repository: { full_name: 'stranger/fleet' } }, repository: { full_name: 'acme/fleet' } },
      /is refused/,
    ],
    ['a payload that is no JSON', 'pull_request', '{', /no payload/],
    [
      'a payload without commits',
      'pull_request',
      { pull_request: { head: { sha: '--upload-pack=x' }, base: {} } },
      /no payload/,
    ],
  ] as const)('%s is refused, before anything is read', async (_, name, payload, message) => {
    const { code, commands, outputs, skipped } = await run({ files: {} }, { event: { name, payload } });
    expect([code, outputs]).toEqual([2, {}]);
    expect(commands).toMatchObject([{ name: 'error', data: expect.stringMatching(message) }]);
    expect(skipped).toContain('Comment');
  });

  it('pull_request_target of an own branch is judged where its head is checked out', async () => {
    const request = record({ into, home, files: floating });
    const event = { ...request.event, name: 'pull_request_target' };
    const env = { GITHUB_SHA: request.base };
    expect((await runAction({ ...request, event, temp: join(home, 'temp'), env })).code).toBe(1);
    git(request.workspace, 'checkout', '--quiet', request.base);
    expect((await runAction({ ...request, event, temp: join(home, 'temp'), env })).code).toBe(2);
  });
});

/** Words that are commands, markup or code for somebody. */
const payloads = [
  '::set-output name=verdict::pass',
  '::add-mask::a',
  '::stop-commands::x',
  '::error::owned',
  '%0A::error::owned',
  '##[add-path]/tmp/evil',
  '##[set-env name=NODE_OPTIONS]--require=/tmp/evil',
  '$(touch CANARY)',
  '`touch CANARY`',
  '";touch CANARY;#',
  '@acme/everyone',
  '<img src=x onerror=alert(1)>',
  '</details><script>alert(1)</script>',
  '[free](https://evil.example)',
  'https://evil.example/',
  '#1',
  '```',
];

describe('injection', () => {
  const inert = (text: string): void => {
    const markup = text
      .replace(/^<!-- gitops-gen \S+ run=\d+\.\d+ -->\n/, '')
      // What is escaped is text; what stands in a code span is not read at all.
      .replace(/\\[\\`*_{}[\]()#+!|~$]/g, '')
      .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, 'code');
    expect(markup).not.toMatch(/<(?!\/?(?:details|summary|br)>)/);
    expect(markup.match(/<details>/g)?.length).toBe(markup.match(/<\/details>/g)?.length);
    expect(markup).not.toMatch(/@(?=[a-z])|&#64;(?=[a-z])|https?:\/\/|\]\(|(?<!&)#\d/i);
  };

  it('by title, branch and author: nobody reads them', async () => {
    const canary = join(home, 'canary');
    for (const text of payloads) {
      const word = text.replaceAll('CANARY', canary);
      const { code, commands, log, summary } = await run({
        title: word,
        branch: word,
        author: word,
        files: { 'README.md': 'x\n' },
      });
      expect([code, commands.filter(({ name }) => !harmless.includes(name))]).toEqual([0, []]);
      expect(log + summary).not.toContain(word);
    }
    expect(existsSync(canary)).toBe(false);
  });

  it('by the name of the target branch: it is an argument and no option', async () => {
    const request = record({ into, home, files: floating });
    for (const ref of ['--output-file=json=/tmp/x', '$(id)', 'main\n::error::x', '']) {
      const payload = structuredClone(request.event.payload) as { pull_request: { base: { ref: string } } };
      payload.pull_request.base.ref = ref;
      const ran = await runAction({
        ...request,
        event: { name: 'pull_request', payload },
        temp: join(home, 'temp'),
        env: { GITHUB_SHA: request.sha },
      });
      expect([ref, ran.code, ran.outputs['errors']]).toEqual([ref, 1, '1']);
    }
  });

  it('by text in YAML: no command takes effect, nothing becomes markup, in log, summary and comment', async () => {
    const canary = join(home, 'canary');
    const files = inB(
      Object.fromEntries(
        payloads.map((text, index) => [
          `c${index}.yaml`,
          `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${JSON.stringify(text.replaceAll('CANARY', canary))}\n  labels: { ${JSON.stringify(text)}: ${JSON.stringify(`${text}\n${text}`)} }\n${JSON.stringify(text)}: 1\n`,
        ]),
      ),
    );
    const { code, commands, summary, comment, report, outputs } = await run({ files, fork: false });
    expect(code).toBe(1);
    expect(report?.summary.errors).toBeGreaterThan(payloads.length);
    expect(commands.filter(({ name }) => !harmless.includes(name))).toEqual([]);
    expect(commands.filter(({ name, data }) => name === 'error' && data === 'owned')).toEqual([]);
    expect(outputs['verdict']).toBe('fail');
    inert(summary);
    inert(comment);
    expect(existsSync(canary)).toBe(false);
  });

  it('by names of files and folders', async () => {
    const names = payloads.map((text) => text.replaceAll('/', '∕'));
    const files = Object.fromEntries(names.map((name) => [`extra/${name}.yaml`, `${config('x')}dta: {}\n`]));
    const { code, commands, summary, comment } = await run({
      fork: false,
      files: { ...files, 'extra/new\nline\r::error::owned.yaml': `${config('x')}dta: {}\n` },
    });
    expect(code).toBe(1);
    expect(commands.filter(({ name, data }) => !harmless.includes(name) || data === 'owned')).toEqual([]);
    inert(summary);
    inert(comment);
  });

  it('by the name of an Application: outputs stay what they are', async () => {
    const name = 'x\nverdict=pass\nverdict<<E\npass\nE';
    const { outputs } = await run({
      files: {
        'argocd/x.yaml': (fleet['argocd/b.yaml'] as string).replace('name: b,', `name: ${JSON.stringify(name)},`),
      },
    });
    expect(outputs['verdict']).toBe('fail');
    expect(JSON.parse(outputs['changed-applications'] as string)).toEqual([name]);
  });

  it('a secret in a change is shown nowhere', async () => {
    const secret = `ghp_${'A1b2C3d4E5'.repeat(4)}`;
    const { log, summary, comment, outputs, code } = await run({
      fork: false,
      files: inB({
        'secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: s, annotations: { note: ${secret} } }\nstringData: { token: ${secret}, ${secret}: a }\n${secret}: 1\n`,
      }),
    });
    expect(code).toBe(1);
    const folder = dirname(outputs['report'] as string);
    const all = [log, summary, comment, ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))];
    for (const text of all) expect(text).not.toContain(secret.slice(0, 20));
  });
});

it('a change of workflows is none of ours', async () => {
  const { code, request } = await run({ files: { '.github/workflows/evil.yaml': 'on: push\njobs: {}\n' } });
  expect(code).toBe(0);
  expect(git(request.workspace, 'status', '--porcelain')).toBe('');
});

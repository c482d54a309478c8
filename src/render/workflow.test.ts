import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { call } from '../../test/support/cli.js';
import { fixture, renderFiles, writeFolder } from '../../test/support/rendering.js';
import { buildKustomization } from '../build/index.js';
import { treeOf } from '../files/file-map.js';

// biome-ignore lint/suspicious/noExplicitAny: a manifest is looked into freely
type Loose = any;

/** The bundled family with a workflow in production, promoted there. */
function led(): Map<string, string | Uint8Array> {
  const files = new Map<string, string | Uint8Array>(fixture('specs/llama-3.1'));
  const path = 'families/llama-3.1.yaml';
  const value = parse(String(files.get(path)));
  value.spec.workflow = { environments: ['production'] };
  for (const phase of value.spec.phases) delete phase.enabledIn;
  files.set(path, stringify(value));
  const project = parse(String(files.get('gitops-gen.yaml')));
  for (const environment of project.spec.environments) environment.follow = 'branch';
  files.set('gitops-gen.yaml', stringify(project));
  return renderFiles(files).after;
}

const files = led();
const folder = 'workflows/llama-3.1/llama-3-1-production';
const template: Loose = parse(String(files.get(`${folder}/workflow.yaml`)));
const steps: Loose[][] = template.spec.templates.find((each: Loose) => each.name === 'rollout').steps;
const all = steps.flat();

describe('the Argo Workflow of a family', () => {
  it('goes phase by phase: deploy, validate, route; and waits for a person before the last', () => {
    expect(steps.map((list) => list.map(({ name }) => name).join(' + '))).toEqual([
      'release',
      'deploy-llama-3-1-8b',
      'validate-llama-3-1-8b',
      'route-llama-3-1-8b',
      'deploy-llama-3-1-70b-fp8',
      'validate-llama-3-1-70b-fp8',
      'route-llama-3-1-70b-fp8',
      'approve',
      'deploy-llama-3-1-70b',
      'validate-llama-3-1-70b',
      'route-llama-3-1-70b',
    ]);
  });

  it('declares every parameter that it uses, and gives every template what it asks for', () => {
    const declared = template.spec.arguments.parameters.map((each: Loose) => each.name);
    for (const each of template.spec.templates) {
      const inputs = (each.inputs?.parameters ?? []).map((parameter: Loose) => parameter.name);
      const text = JSON.stringify(each);
      for (const [, name] of text.matchAll(/\{\{inputs\.parameters\.([\w-]+)\}\}/g)) expect(inputs).toContain(name);
      for (const [, name] of text.matchAll(/\{\{workflow\.parameters\.([\w-]+)\}\}/g)) expect(declared).toContain(name);
      for (const step of all.filter(({ template: used }) => used === each.name))
        expect((step.arguments?.parameters ?? []).map((parameter: Loose) => parameter.name).sort()).toEqual(
          [...inputs].sort(),
        );
    }
    expect(all.every(({ template: used }) => template.spec.templates.some((each: Loose) => each.name === used))).toBe(
      true,
    );
  });

  it('compares results of steps that came before, and that say success and nothing else', () => {
    const seen: string[] = [];
    for (const list of steps) {
      for (const { when = '' } of list)
        for (const [, name = '', value] of when.matchAll(
          /\{\{steps\.([\w-]+)\.outputs\.parameters\.result\}\} == (\w+)/g,
        )) {
          expect(seen).toContain(name);
          expect(value).toBe('success');
          const used = all.find((each) => each.name === name).template;
          const { script, outputs } = template.spec.templates.find((each: Loose) => each.name === used);
          const result = script.env.find((each: Loose) => each.name === 'RESULT').value;
          expect(outputs.parameters).toEqual([{ name: 'result', valueFrom: { path: result } }]);
          expect(script.source).toMatch(/(printf success > "\$RESULT"|"RESULT"\], "w"\)\.write\("success"\))\n$/);
        }
      seen.push(...list.map(({ name }) => name));
    }
    expect(all.filter(({ when }) => when === undefined).map(({ name }) => name)).toEqual([
      'release',
      'deploy-llama-3-1-8b',
    ]);
  });

  it('names Applications that exist, which wait to be synced, all at one commit', () => {
    const children = 'argocd/families/llama-3.1/production/children';
    const applications = [...files.keys()]
      .filter((path) => path.startsWith(`${children}/`) && !path.endsWith('kustomization.yaml'))
      .map((path) => parse(String(files.get(path))));
    const named = all.flatMap(({ arguments: given }) =>
      (given?.parameters ?? []).filter((each: Loose) => each.name === 'application').map((each: Loose) => each.value),
    );
    expect(named.slice(1).sort()).toEqual(applications.map(({ metadata }) => metadata.name).sort());
    expect(named[0]).toBe(parse(String(files.get('argocd/families/llama-3.1/production/parent.yaml'))).metadata.name);
    for (const { spec, metadata } of applications) {
      expect(spec.syncPolicy.automated).toBeUndefined();
      expect(metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('0');
    }
    const elsewhere = parse(String(files.get('argocd/families/llama-3.1/staging/children/llama-3.1-8b.yaml')));
    expect(elsewhere.spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
  });

  it('runs images that versions/ pins, and comes to the cluster with its platform', () => {
    const tree = treeOf(files);
    const problems: string[] = [];
    const built = buildKustomization(tree, 'clusters/production', (problem) =>
      problems.push(problem.message),
    ).resources;
    expect(problems).toEqual([]);
    const workflow = built.find(({ value }) => value['kind'] === 'WorkflowTemplate')?.value as Loose;
    const images = workflow.spec.templates.flatMap((each: Loose) => each.script?.image ?? []);
    const pinned = parse(String(files.get('versions/production/kustomization.yaml'))).images;
    const hook = pinned.find((each: Loose) => each.name === 'python').newTag;
    expect(new Set(images)).toEqual(new Set([`python:${hook}`, 'quay.io/argoproj/argocd:v3.5.3']));
    const bumped = new Map(files);
    const versions = 'versions/production/kustomization.yaml';
    bumped.set(versions, String(bumped.get(versions)).replace(hook, `3.14.9@sha256:${'a'.repeat(64)}`));
    expect(String(renderFiles(bumped).after.get(`${folder}/workflow.yaml`))).toContain('python:3.14.9@sha256:aaa');
  });

  it('has no finding', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'gitops-gen-workflow-'));
    try {
      writeFolder(dir, files);
      const { stdout } = await call(['validate', '-C', dir, '-o', 'json']);
      const report = JSON.parse(stdout);
      expect(
        report.diagnostics
          .map(({ ruleId, message }: Loose) => `${ruleId}: ${message}`)
          .filter((each: string) => !/inventory-age/.test(each)),
      ).toEqual([]);
      expect(report.unchecked.filter(({ what }: Loose) => /Workflow/.test(what))).toEqual([]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!python)('validates and proves the route, and writes one word as the result', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'gitops-gen-workflow-'));
    const result = join(scratch, 'result');
    const server = createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      const isList = request.url === '/v1/models';
      response.end(JSON.stringify(isList ? { data: [{ id: 'm' }] } : { choices: [{ text: '1' }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = (name: string, env: Record<string, string>) =>
      new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
        const { script } = template.spec.templates.find((each: Loose) => each.name === name);
        rmSync(result, { force: true });
        const child = spawn('python3', ['-u', '-c', script.source], {
          env: { PATH: process.env['PATH'] ?? '', ...env, RESULT: result },
        });
        let err = '';
        child.stdout.on('data', (chunk) => {
          err += chunk;
        });
        child.stderr.on('data', (chunk) => {
          err += chunk;
        });
        child.on('close', (code) =>
          resolve({ code, out: existsSync(result) ? readFileSync(result, 'utf8') : '', err }),
        );
      });
    const asked = { REQUESTS: '5', MIN_SUCCESS_RATE: '0.99', MAX_LATENCY_MS: '', TIMEOUT_SECONDS: '5' };
    try {
      const good = await run('validate', { ENDPOINT: `${base}/v1/completions`, MODEL: 'm', ...asked });
      expect(good).toMatchObject({ code: 0, out: 'success' });
      expect(good.err).toContain('5 of 5 requests succeeded');
      const bad = await run('validate', { ENDPOINT: 'http://127.0.0.1:9/', MODEL: 'm', ...asked });
      expect(bad).toMatchObject({ code: 1, out: '' });
      expect(bad.err).toContain('Gate failed');
      expect(await run('route', { ENDPOINT: `${base}/v1/models`, MODEL: 'm' })).toMatchObject({
        code: 0,
        out: 'success',
      });
      const other = await run('route', { ENDPOINT: `${base}/v1/models`, MODEL: 'other' });
      expect(other).toMatchObject({ code: 1, out: '' });
      expect(other.err).toContain("leads to ['m'], and not to other");
    } finally {
      rmSync(scratch, { recursive: true, force: true });
      server.close();
    }
  });
});

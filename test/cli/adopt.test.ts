import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildKustomization, type Resource } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import { renderedDifference } from '../../src/publish/rendered-diff.js';
import { renderedDifferenceText } from '../../src/publish/rendered-diff-text.js';
import { call } from '../support/cli.js';
import { commitAll, edit, initGit } from '../support/repositories.js';

// biome-ignore lint/suspicious/noExplicitAny: a manifest is looked into freely
type Loose = any;

const fixture = resolve(import.meta.dirname, '../../fixtures/adopt/two-overlays');
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-adopt-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Every file below a folder, with its content. */
function files(dir: string): Map<string, string> {
  const found = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(dir, path)).isFile(),
  );
  return new Map(found.sort().map((path) => [path, readFileSync(join(dir, path), 'utf8')]));
}

function copy(name: string): string {
  const dir = join(home, name, 'llm-deployments');
  cpSync(fixture, dir, { recursive: true });
  return dir;
}

/** The objects that an overlay of a folder builds to. */
function built(dir: string, overlay: string): readonly Resource[] {
  return buildKustomization(treeOf(files(dir)), overlay, () => {}).resources;
}

const expected = resolve(import.meta.dirname, '../../fixtures/adopt/two-overlays.expected');

describe('adopt', () => {
  it('drafts what is deployed, says what it could not read and what it guessed, and changes nothing else', async () => {
    const dir = copy('drafts');
    const before = files(dir);
    const dry = await call(['adopt', '-C', dir, '--dry-run']);
    expect(dry.code).toBe(0);
    expect(files(dir)).toEqual(before);
    const { code, stdout } = await call(['adopt', '-C', dir]);
    expect(code).toBe(0);
    const after = files(dir);
    for (const [path, text] of before) expect(after.get(path)).toBe(text);
    const drafts = new Map([...after].filter(([path]) => !before.has(path)));
    drafts.set('report.txt', stdout);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      rmSync(expected, { recursive: true, force: true });
      for (const [path, text] of drafts) {
        mkdirSync(dirname(join(expected, path)), { recursive: true });
        writeFileSync(join(expected, path), text);
      }
    }
    expect(Object.fromEntries(drafts)).toEqual(Object.fromEntries(files(expected)));
    const again = await call(['adopt', '-C', dir]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('gitops-gen.yaml is there already');
  });

  it('is followed by a render that differs only where it said', async () => {
    const dir = copy('rendered');
    const { stdout } = await call(['adopt', '-C', dir]);
    const olds = new Map(
      ['staging', 'production'].map((name) => [name, built(dir, `apps/llama-8b/overlays/${name}`)] as const),
    );
    const owners = [...stdout.matchAll(/^ {2}- (\S+) \(Application llama-8b-\w+\)$/gm)].map(([, file = '']) => file);
    expect(owners).toEqual(['argocd/llama-8b-production.yaml', 'argocd/llama-8b-staging.yaml']);
    for (const file of owners) rmSync(join(dir, file));
    const rendered = await call(['render', '-C', dir]);
    expect(rendered.stderr).toContain('rendered llm-deployments');
    expect(rendered.code).toBe(0);
    for (const [name, old] of olds) {
      const now = built(dir, `applications/llama-8b/overlays/${name}`);
      const text = renderedDifferenceText(renderedDifference(old, now));
      expect(text).toContain('restarts');
      expect(stdout).toContain(text.replace(/^(?=.)/gm, '  '));
      const deployment = now.find(({ value }) => value['kind'] === 'Deployment')?.value as { spec: Loose };
      expect(deployment.spec.replicas).toBe(name === 'production' ? 3 : 1);
      const [container] = deployment.spec.template.spec.containers;
      expect(container.image).toBe(`vllm/vllm-openai:${name === 'production' ? 'v0.26.1' : 'v0.27.0'}`);
    }
    // The Applications bear their old names and follow the branch as before, so that Argo CD takes them over.
    const parent = readFileSync(join(dir, 'argocd/families/llama-3.1/production/parent.yaml'), 'utf8');
    expect(parent).toContain('targetRevision: trunk');
    expect(files(dir).get('apps/gateway/gateway.yaml')).toBe(files(fixture).get('apps/gateway/gateway.yaml'));
  });

  it('takes what an Application pins from the commit that it pins', async () => {
    const dir = copy('pinned');
    initGit(dir);
    const pin = commitAll(dir, 'Release');
    edit(dir, 'argocd/llama-8b-production.yaml', 'targetRevision: trunk', `targetRevision: ${pin}`);
    edit(dir, 'apps/llama-8b/overlays/production/kustomization.yaml', 'v0.26.1', 'v0.28.0');
    commitAll(dir, 'What comes next');
    const { code, stdout } = await call(['adopt', '-C', dir, '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/is not in this clone|no Application deploys it/);
    expect(stdout).toContain('2 vLLM Deployments, 1 model');
    expect(stdout).toContain('v0.26.1');
    expect(stdout).not.toContain('v0.28.0');
  });

  it('says where there is nothing to adopt', async () => {
    const dir = copy('nothing');
    rmSync(join(dir, 'apps/llama-8b'), { recursive: true });
    const { code, stderr } = await call(['adopt', '-C', dir]);
    expect(code).toBe(2);
    expect(stderr).toContain('no Application here deploys a vLLM Deployment');
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildKustomization } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from '../repository/index.js';
import { createSchemaStore } from '../schema/store.js';
import { allRules } from './registry.js';
import type { Report } from './report.js';
import { check } from './run.js';
import { checkSchemas, definitionsOf } from './schema-stage.js';

const root = join(import.meta.dirname, '..', '..');

function judge(folder: string): Report {
  const files = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8'));
  }
  const problems: Problem[] = [];
  const repository = readRepository(
    treeOf(files),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
    (problem) => problems.push(problem),
  );
  return check(repository, {
    rules: allRules,
    problems,
    today: '2026-06-01',
    tool: { name: 'gitops-gen', version: '0.0.0' },
    schemas: checkSchemas(repository, [
      createSchemaStore((name) => readFileSync(join(root, 'schemas', name), 'utf8'), {
        kubernetesVersion: '1.34',
        userCrds: definitionsOf(repository),
      }),
    ]),
  });
}

describe('the manifests of a model family, as a team wrote them', () => {
  const report = judge(join(root, 'fixtures', 'seeds', '002'));
  const at = (ruleId: string) =>
    report.diagnostics
      .filter((each) => each.ruleId === ruleId)
      .map((each) => `${each.file}:${each.range?.start.line} ${each.severity}`);

  test.each([
    [
      'fields that an Application does not have',
      'schema-unknown-field',
      ['deployment-phases/phase1-7b.yaml:25 error', 'deployment-phases/phase2-13b.yaml:26 error'],
    ],
    ['a Service name with dots', 'service-name', ['applications/llama-3.1-8b/base/service.yaml:4 error']],
    [
      'a project that forbids its own applications',
      'project-permits',
      ['argocd/applications/llm-app-of-apps.yaml:2 error', 'argocd/applications/llm-app-of-apps.yaml:14 error'],
    ],
    ['one identity twice', 'duplicate-identity', ['applications/llama-3.1-70b/base/deployment.yaml:45 error']],
    [
      'replicas that Git and an autoscaler both set',
      'replicas-and-autoscaler-both-in-git',
      [
        'applications/llama-3.1-70b/base/deployment.yaml:18 warning',
        'applications/llama-3.1-70b/base/deployment.yaml:62 warning',
        'applications/llama-3.1-8b/overlays/development/kustomization.yaml:10 warning',
        'applications/llama-3.1-8b/overlays/production/kustomization.yaml:10 error',
      ],
    ],
    [
      'images by tags that move',
      'floating-image-tags',
      [
        'embedded/validate-7b-resources.yaml:10 warning',
        'workflows/progressive-deployment.yaml:67 warning',
        'workflows/progressive-deployment.yaml:107 warning',
      ],
    ],
    ['an overlay that is not there', 'application-source', ['deployment-phases/phase2-13b.yaml:16 error']],
  ])('%s', (_, ruleId, expected) => {
    expect(at(ruleId)).toEqual(expected);
  });

  test('the verdict and what was read', () => {
    expect(report.verdict).toBe('fail');
    expect(report.checked).toEqual({ files: 13, kustomizations: 2, resources: 13, applications: 3 });
    expect(report.unchecked.map((each) => each.what)).toEqual([
      'LLMDeployment of inference.llm-d.io/v1alpha1',
      'AppProject llm-models',
    ]);
  });
});

describe('a repository that holds nothing', () => {
  test.each([
    ['is an error and no success', { 'README.md': '# nothing' }, 'Name the folder that holds the manifests'],
    [
      'but templates is one as well, and says what to do with them',
      { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\n' },
      'Render the templates',
    ],
  ])('%s', (_, files, hint) => {
    const problems: Problem[] = [];
    const repository = readRepository(
      treeOf(files as Record<string, string>),
      { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
      (problem) => problems.push(problem),
    );
    const report = check(repository, {
      rules: allRules,
      problems,
      today: '2026-06-01',
      tool: { name: 'gitops-gen', version: '0.0.0' },
    });
    expect(report.verdict).toBe('fail');
    expect(report.diagnostics.map((each) => each.ruleId)).toEqual(['nothing-checked']);
    expect(report.diagnostics[0]?.hint).toContain(hint);
  });
});

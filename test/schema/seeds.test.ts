import { describe, expect, it } from 'vitest';
import { filesUnder, judge, resourcesOf, storeFor, textOf } from './helpers.js';

/** Kubernetes 1.35: the last minor in which a Service has to begin with a letter. */
const store = storeFor('1.35');

/** The findings that the manifests of public documents deserve: file, object, rule, place. Everything else has none. */
const expected: readonly (readonly [file: string, object: string, rule: string, pointer: string])[] = [
  ['002/applications/llama-3.1-8b/base/deployment.yaml', 'LLMDeployment/llama-3.1-8b', 'schema-partial', '/kind'],
  ['002/applications/llama-3.1-8b/base/service.yaml', 'Service/llama-3.1-8b-service', 'api-name', '/metadata/name'],
  ['002/applications/llama-3.1-70b/base/deployment.yaml', 'LLMDeployment/llama-3.1-70b', 'schema-partial', '/kind'],
  ['002/applications/llama-3.1-70b/base/deployment.yaml', 'LLMDeployment/llama-3.1-70b', 'schema-partial', '/kind'],
  [
    '002/deployment-phases/phase1-7b.yaml',
    'Application/llama-3.1-8b-foundation',
    'schema-unknown-field',
    '/spec/preSync',
  ],
  [
    '002/deployment-phases/phase2-13b.yaml',
    'Application/llama-3.1-70b-scaleup',
    'schema-unknown-field',
    '/spec/dependencies',
  ],
  ['003/system/backup-schedule.yaml', 'Schedule/octollm-daily-backup', 'schema-partial', '/kind'],
];

describe('the manifests of public documents', () => {
  const files = filesUnder('fixtures/seeds').filter(
    (path) => path.endsWith('.yaml') && !path.endsWith('/kustomization.yaml'),
  );
  const found = files.flatMap((path) =>
    resourcesOf(path, textOf(path)).flatMap((resource) =>
      judge(resource, store).problems.map((problem) => ({ path, problem })),
    ),
  );

  it('are all here', () => {
    expect(files.length).toBeGreaterThanOrEqual(26);
  });

  it('have the findings they deserve and no other', () => {
    const rows = found.map(({ path, problem: { object, ruleId, at } }) => [
      path.replace('fixtures/seeds/', ''),
      `${object?.kind}/${object?.name}`,
      ruleId,
      at.pointer,
    ]);
    expect(rows.sort()).toEqual(expected.map((row) => [...row]).sort());
  });

  it('say what to do about a hook and a dependency that Argo CD does not have', () => {
    const hints = found.flatMap(({ problem }) => (problem.ruleId === 'schema-unknown-field' ? [problem.hint] : []));
    expect(hints[0]).toContain('argocd.argoproj.io/hook: PreSync');
    expect(hints[1]).toContain('argocd.argoproj.io/sync-wave');
  });

  it('point at the line somebody wrote, with its neighbours named', () => {
    const [first] = found.filter(({ problem }) => problem.ruleId === 'schema-unknown-field');
    expect(first!.problem.at).toMatchObject({ file: first!.path, document: 0, part: 'key' });
    expect(first!.problem.allowed).toContain('syncPolicy');
    expect(first!.problem.message).toContain('Argo CD 3.3.9, @kubernetes-models/argo-cd@4.0.0');
  });
});

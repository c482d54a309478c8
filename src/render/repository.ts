import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { Plan } from '../plan/index.js';
import { headerOf, type Output, put, putTemplate } from './manifest.js';
import { readmeText } from './readme-text.js';
import { renderText } from './text.js';

const workflowTemplate = `name: validate
on:
  pull_request: {}
  push:
    branches:
      - "{{branch}}"
permissions:
  contents: read
concurrency:
  group: validate-\\\${{ github.ref }}
  cancel-in-progress: true
jobs:
  validate:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps: "{{steps}}"
`;

/** Files of the repository as a whole: for readers, owners, Git and the continuous integration. */
export function renderRepository(plan: Plan, output: Output): void {
  const { file } = plan.project;
  put(output, '.gitattributes', gitattributes(file), file);
  const readme = renderText('README.md', readmeText, readmeValues(plan), output.onProblem);
  if (readme !== undefined) put(output, 'README.md', readme, file);
  // GitHub reads these at the root of a repository only; in a folder of a monorepo they belong to its owners.
  if (plan.project.path !== '') return;
  put(output, '.github/CODEOWNERS', codeowners(plan), file);
  putTemplate(output, '.github/workflows/validate.yaml', file, workflowTemplate, { branch: plan.project.branch, steps: stepsOf(plan) });
}

/** The bootstrap command of an instance: what is applied by hand once. */
export function bootstrapCommand(instance: string): string {
  return `kubectl apply -f argocd/projects/${instance}/platform.yaml -f argocd/roots/${instance}.yaml`;
}

function stepsOf(plan: Plan): Json {
  const { ci } = plan.project;
  const checkout = { uses: ci.checkout.uses, with: { 'fetch-depth': 0, 'persist-credentials': false } };
  if (ci.uses !== undefined) return [checkout, { uses: ci.uses }];
  const run = `npx --yes gitops-gen@${ci.toolVersion}`;
  return [
    checkout,
    { uses: ci.setupNode.uses, with: { 'node-version': ci.node } },
    { name: 'Is everything rendered?', run: `${run} render --check` },
    { name: 'Will it deploy?', run: `${run} validate --format github --output-file markdown="$GITHUB_STEP_SUMMARY"` },
  ];
}

function gitattributes(source: string): string {
  return [
    headerOf(source).trimEnd(),
    '# The same bytes on every machine: what was generated is known by its digest.',
    '* text=auto eol=lf',
    '# Records of the tool, folded in pull requests.',
    '.gitops-gen/** linguist-generated=true',
    '',
  ].join('\n');
}

function codeowners(plan: Plan): string {
  const { owners, file } = plan.project;
  const lines = Object.entries(owners.paths)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, who]) => `/${path.replace(/^\/+/, '')} ${who.join(' ')}`);
  const everything = owners.default.length === 0 ? [] : [`* ${owners.default.join(' ')}`];
  return [headerOf(file).trimEnd(), '# The last line that matches a file decides.', ...everything, ...lines, ''].join('\n');
}

function readmeValues(plan: Plan): JsonObject {
  return {
    name: plan.project.name,
    file: plan.project.file,
    branch: plan.project.branch,
    instances: plan.instances.map((instance) => ({
      name: instance.name,
      where: instance.cluster === undefined ? 'the cluster that it runs in' : `cluster ${instance.cluster}`,
      bootstrap: bootstrapCommand(instance.name),
      namespace: instance.namespace,
      applied: instance.configOwner === 'kustomize',
      health: `infrastructure/argocd/${instance.name}/`,
    })),
    environments: plan.environments.map((environment) => ({
      name: environment.name,
      clusters: environment.clusters.join(', '),
      release: environment.follow === 'branch' ? `follows ${plan.project.branch}` : `pinned; gitops-gen promote <family> --to ${environment.name}`,
    })),
    families: plan.families.map((family) => ({
      name: family.name,
      phases: family.phases.map((phase) => ({ name: phase.name, wave: String(phase.wave), models: phase.models.join(', '), where: phase.enabledIn.join(', ') })),
    })),
  };
}

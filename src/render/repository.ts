import type { JsonObject } from '../diagnostics/diagnostic.js';
import { type FileMap, textAt } from '../files/file-map.js';
import type { Plan } from '../plan/index.js';
import { headerOf, type Output, put } from './manifest.js';
import { readmeText } from './readme-text.js';
import { hasOwnRenovate, renovateConfig } from './renovate.js';
import { renderTemplate } from './template.js';
import { renderText } from './text.js';

const workflowHead = `name: validate
on:
  pull_request:
  push:
    branches:
      - "{{branch}}"
permissions:
  contents: read
concurrency:
  group: validate-$\\{{ github.ref }}
  cancel-in-progress: true
jobs:
  validate:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
      # One comment on the pull request, kept up to date. Without it the job summary says the same.
      pull-requests: write
    steps:
      - uses: "{{checkout.uses}}" # {{checkout.version}}
        with:
          # Applications are judged at the commits that they are pinned to.
          fetch-depth: 0
          persist-credentials: false
`;

// npx takes a package from the folder where it is started, and obeys an .npmrc there: in the clone both would be the pull
// request's, in the folder of the runner they are nobody's.
const workflowOfPackage = `${workflowHead}      - uses: "{{setupNode.uses}}" # {{setupNode.version}}
        with:
          node-version: "{{node}}"
      - name: Is everything rendered?
        # Not for forks: that would use the blueprints of a stranger.
        if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository
        # npx must find no package and no .npmrc of the pull request.
        working-directory: $\\{{ runner.temp }}
        run: npx --yes --ignore-scripts gitops-gen@{{toolVersion}} -C "$GITHUB_WORKSPACE" render --check
      - name: Will it deploy?
        id: validate
        if: $\\{{ !cancelled() }}
        working-directory: $\\{{ runner.temp }}
        run: npx --yes --ignore-scripts --package gitops-gen@{{toolVersion}} gitops-gen-action
      - name: Comment
        if: $\\{{ !cancelled() && steps.validate.outputs.report }}
        working-directory: $\\{{ runner.temp }}
        env:
          INPUT_REPORT: $\\{{ steps.validate.outputs.report }}
          INPUT_TOKEN: $\\{{ github.token }}
        run: npx --yes --ignore-scripts --package gitops-gen@{{toolVersion}} gitops-gen-action comment
`;

const workflowOfAction = `${workflowHead}      - uses: "{{uses}}"
`;

/** Whether people have a README of their own, as every new repository of a forge does: it says nothing of this tool, and stays. */
function hasOwnReadme(present: FileMap): boolean {
  const text = textAt(present, 'README.md');
  return text !== undefined && !/gitops-gen render/.test(text);
}

/** Files of the repository as a whole: for readers, owners, Git and the continuous integration. */
export function renderRepository(plan: Plan, present: FileMap, output: Output): void {
  const { file } = plan.project;
  put(output, '.gitattributes', gitattributes(file), file);
  const readme = hasOwnReadme(present)
    ? undefined
    : renderText('README.md', readmeText, readmeValues(plan), output.onProblem);
  if (readme !== undefined) put(output, 'README.md', readme, file);
  // GitHub reads these at the root of a repository only; in a folder of a monorepo they belong to its owners.
  if (plan.project.path !== '') return;
  put(output, '.github/CODEOWNERS', codeowners(plan), file);
  if (!hasOwnRenovate(present)) put(output, 'renovate.json', renovateConfig(plan), file);
  const checks = workflow(plan, output);
  if (checks !== undefined) put(output, '.github/workflows/validate.yaml', headerOf(file) + checks, file);
}

/** The bootstrap command of an instance: what is applied by hand once. */
export function bootstrapCommand(instance: string): string {
  return `kubectl apply -f argocd/projects/${instance}/platform.yaml -f argocd/roots/${instance}.yaml`;
}

/** The writer quotes `on`, which YAML 1.1 reads as true; GitHub reads it as it stands, and so do people. */
function workflow(plan: Plan, output: Output): string | undefined {
  const { ci, branch } = plan.project;
  const template = ci.uses === undefined ? workflowOfPackage : workflowOfAction;
  const text = renderTemplate(
    '.github/workflows/validate.yaml',
    template,
    { branch, ...ci } as unknown as JsonObject,
    output.onProblem,
  );
  return text?.replace(/^"on":$/m, 'on:').replace(/^( {2}pull_request:) null$/m, '$1');
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
  return [headerOf(file).trimEnd(), '# The last line that matches a file decides.', ...everything, ...lines, ''].join(
    '\n',
  );
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
      release:
        environment.follow === 'branch'
          ? `follows ${plan.project.branch}`
          : `pinned; moved by \`gitops-gen promote <family> --to ${environment.name}\``,
    })),
    families: plan.families.map((family) => ({
      name: family.name,
      phases: family.phases.map((phase) => ({
        name: phase.name,
        wave: String(phase.wave),
        models: phase.models.join(', '),
        where: phase.enabledIn.join(', '),
      })),
    })),
  };
}

import type { ProgramEntry } from './command.js';

/** Every command, in the order of help. Each is imported only when it runs: help and version import none. */
export const program: readonly ProgramEntry[] = [
  {
    name: 'init',
    group: 'Write',
    summary: 'a complete GitOps repository in this folder',
    load: () => import('./commands/init.js'),
  },
  {
    name: 'add-model',
    group: 'Write',
    summary: 'add a model to a family, phase and environments',
    load: () => import('./commands/add-model.js'),
  },
  {
    name: 'remove-model',
    group: 'Write',
    summary: 'take a model out: first its route, then its workload',
    load: () => import('./commands/remove-model.js'),
  },
  {
    name: 'promote',
    group: 'Write',
    summary: 'move an environment to a commit, or back',
    load: () => import('./commands/promote.js'),
  },
  {
    name: 'rollback',
    group: 'Write',
    summary: 'move an environment back to the commit before',
    load: () => import('./commands/rollback.js'),
  },
  {
    name: 'phase',
    group: 'Write',
    summary: 'enable or disable a phase of a family in an environment',
    load: () => import('./commands/phase.js'),
  },
  {
    name: 'render',
    group: 'Write',
    summary: 'write the files that the specs demand',
    load: () => import('./commands/render.js'),
  },
  {
    name: 'validate',
    group: 'Judge',
    summary: 'judge a repository: YAML, Kustomize, schemas, Argo CD, capacity, policies',
    load: () => import('./commands/validate.js'),
  },
  {
    name: 'plan',
    group: 'Judge',
    summary: 'phases, waves, placements and GPU use, wave by wave',
    load: () => import('./commands/plan.js'),
  },
  {
    name: 'build',
    group: 'Judge',
    summary: 'what `kustomize build` prints, and who set each field',
    load: () => import('./commands/build.js'),
  },
  {
    name: 'diff',
    group: 'Judge',
    summary: 'what will change in the cluster, object by object',
    load: () => import('./commands/diff.js'),
  },
  {
    name: 'verify',
    group: 'Judge',
    summary: 'our Kustomize against the real one, overlay by overlay',
    load: () => import('./commands/verify.js'),
  },
  {
    name: 'fit',
    group: 'Judge',
    summary: 'whether a model fits a GPU, with every term of the sum',
    load: () => import('./commands/fit.js'),
  },
  {
    name: 'capacity',
    group: 'Judge',
    summary: 'whether Pods fit Nodes, as plain manifests',
    load: () => import('./commands/capacity.js'),
  },
  {
    name: 'inventory',
    group: 'Know',
    summary: 'a ClusterConfig from what kubectl says of a cluster',
    load: () => import('./commands/inventory.js'),
  },
  {
    name: 'list',
    group: 'Know',
    summary: 'the models of this repository, by phase and environment',
    load: () => import('./commands/list.js'),
  },
  {
    name: 'status',
    group: 'Know',
    summary: 'what every environment is pinned to, how far behind, and what would change',
    load: () => import('./commands/status.js'),
  },
  { name: 'models', group: 'Know', summary: 'the model catalog', load: () => import('./commands/models.js') },
  { name: 'gpus', group: 'Know', summary: 'the GPU catalog', load: () => import('./commands/gpus.js') },
  {
    name: 'blueprints',
    group: 'Know',
    summary: 'the runtimes that can be rendered',
    load: () => import('./commands/blueprints.js'),
  },
  { name: 'rules', group: 'Know', summary: 'what `validate` looks for', load: () => import('./commands/rules.js') },
  {
    name: 'explain',
    group: 'Know',
    summary: 'a rule: what, why, how to fix',
    load: () => import('./commands/explain.js'),
  },
  {
    name: 'schema',
    group: 'Know',
    summary: 'the JSON Schemas of the files that people write',
    load: () => import('./commands/schema.js'),
  },
  {
    name: 'completion',
    group: 'Know',
    summary: 'completion for bash, zsh and fish',
    load: () => import('./commands/completion.js'),
  },
];

import { didYouMean } from '../../diagnostics/closest.js';
import { findGit, type Git } from '../../io/git.js';
import { StateError } from '../../publish/errors.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { clustersOf, environmentsOf } from '../environments.js';
import { openWorkspace, type Workspace } from '../workspace.js';
import { write, writeOptions } from '../write.js';

export const command: CommandDefinition = {
  name: 'promote',
  description:
    'Moves a family in an environment to a commit: the one line `targetRevision` of its parent Application changes (the parent is created the first time). An earlier commit is the way back.',
  arguments: [{ name: '<family>', description: 'a family of this repository' }],
  options: [
    { flags: '--to <environment>', description: 'the environment that moves' },
    { flags: '--revision <commit>', description: 'the commit it moves to (default: the newest)' },
    ...writeOptions,
  ],
  examples: [
    { command: 'promote llama-3.1 --to staging --commit', does: 'staging takes what is committed now' },
    {
      command: 'promote llama-3.1 --to production --revision v1.4.0',
      does: 'production takes a tag, or goes back to it',
    },
  ],
  async run(context) {
    const { options } = context;
    const family = String(context.arguments[0]);
    const environment = options['to'];
    const workspace = await openWorkspace(context);
    if (typeof environment !== 'string') throw new UsageError('no environment is named', 'Give --to <environment>.');
    checkNames(workspace, family, environment);
    const git = await findGit(workspace.root);
    if (git === undefined) {
      throw new StateError(
        'no-repository',
        'promotion pins a commit, and this is no git repository',
        'Run git init, commit, and promote again.',
      );
    }
    const revision = await git.commitId(typeof options['revision'] === 'string' ? options['revision'] : 'HEAD');
    await checkCommit(git, revision, family, environment);
    const pins = new Map(
      clustersOf(workspace.specs, environment).map((cluster) => [`${family}/${environment}/${cluster}`, revision]),
    );
    return write(context, workspace, {
      pins,
      message: `Promote ${family} to ${environment} at ${revision.slice(0, 12)}`,
      done: `${family} in ${environment} is pinned to ${revision}`,
    });
  },
};

function checkNames({ specs }: Workspace, family: string, environment: string): void {
  const families = specs.families.map(({ value }) => value.metadata.name);
  if (!families.includes(family)) {
    throw new UsageError(
      `there is no family '${family}'`,
      didYouMean(family, families) ?? `There are: ${families.join(', ') || 'none yet'}.`,
    );
  }
  const environments = environmentsOf(specs);
  const found = environments.findIndex(({ name }) => name === environment);
  if (found < 0) {
    const names = environments.map(({ name }) => name);
    throw new UsageError(
      `there is no environment '${environment}'`,
      didYouMean(environment, names) ?? `There are: ${names.join(', ')}.`,
    );
  }
  if ((environments[found]?.follow ?? (found === 0 ? 'branch' : 'pinned')) === 'branch') {
    throw new UsageError(
      `${environment} follows the branch, so nothing is promoted to it`,
      `It takes every commit. \`follow: pinned\` in gitops-gen.yaml makes it wait for promotions.`,
    );
  }
}

/** A pin on a commit that does not hold the family's children would deploy nothing, or fail. */
async function checkCommit(git: Git, revision: string, family: string, environment: string): Promise<void> {
  const folder = `argocd/families/${family}/${environment}`;
  const entries = await git.listTree(revision, folder);
  if (entries.some(({ path }) => path.endsWith('/children/kustomization.yaml'))) return;
  throw new StateError(
    'not-found',
    `commit ${revision.slice(0, 12)} holds no children of ${family} for ${environment}`,
    'Commit what was rendered, and promote that commit: gitops-gen render --commit.',
    [`${folder}/children`],
  );
}

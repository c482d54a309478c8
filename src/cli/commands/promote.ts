import { didYouMean } from '../../diagnostics/closest.js';
import { StateError } from '../../publish/errors.js';
import type { ModelFamily } from '../../spec/types.generated.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { clustersOf } from '../environments.js';
import { exitCode } from '../io.js';
import { openToMove } from '../merge-state.js';
import { pinThatStays } from '../nothing-new.js';
import { wantsPullRequest } from '../pr-options.js';
import { refusesFaults } from '../problems.js';
import { checkOrder, move, moveOptions, named, newestFor, remarkOnCommit, revisionOf, short } from '../promotion.js';
import {
  checkEnvironment,
  checkRunsIn,
  familyAt,
  type History,
  isPinned,
  openHistory,
  type Place,
  placesOf,
} from '../releases.js';
import type { Workspace } from '../workspace.js';
import { pinOptions } from '../write.js';

export const command: CommandDefinition = {
  name: 'promote',
  description:
    'Moves a family in an environment to a commit: the one line `targetRevision` of its parent Application changes (the parent is created the first time). Before that the environment is judged as it is at that commit, with the other families at what they are pinned to, and what changes in the cluster is shown. An earlier commit is the way back: see rollback.',
  arguments: [{ name: '<family>', description: 'a family of this repository' }],
  options: [
    { flags: '--to <environment>', description: 'the environment that moves' },
    { flags: '--from <environment>', description: 'take the commit that this environment runs' },
    {
      flags: '--revision <commit>',
      description:
        'take this commit, also where nothing in it is new (default: what the environment before runs, or the newest where that follows the branch)',
    },
    ...moveOptions,
    ...pinOptions,
  ],
  examples: [
    { command: 'promote llama-3.1 --to staging --commit', does: 'staging takes what is committed now' },
    { command: 'promote llama-3.1 --to production --from staging', does: 'production takes what staging runs' },
    {
      command: 'promote llama-3.1 --to production --revision v1.4.0 --dry-run',
      does: 'what a tag would change in production',
    },
  ],
  async run(context) {
    const { options } = context;
    const workspace = await openToMove(context);
    if (await refusesFaults(context, workspace)) return exitCode.usage;
    const environment = options['to'];
    if (typeof environment !== 'string') throw new UsageError('no environment is named', 'Give --to <environment>.');
    const spec = familyAt(workspace, String(context.arguments[0]));
    checkPinned(workspace, environment);
    checkRunsIn(spec, environment);
    const family = spec.metadata.name;
    const history = await openHistory(workspace);
    const places = chosenPlaces(context, workspace, family, environment);
    const revision = await revisionFor(context, history, spec, environment);
    const reason = await order(context, history, spec, places, revision);
    const pinned = await pinThatStays(history, { spec, places, revision, named: options['revision'] !== undefined });
    if (pinned !== undefined) {
      const holds = pinned === revision ? '' : `, and ${short(revision)} has nothing else for it`;
      await context.say(
        `nothing to promote: ${family} in ${whereOf(places)} is pinned to ${await named(history, pinned)}${holds}`,
      );
      return exitCode.ok;
    }
    const remark = await remarkOnCommit(history, revision);
    if (remark !== undefined && wantsPullRequest(context)) {
      throw new StateError(
        'not-found',
        remark,
        'Push or merge it first, or name a commit that the branch has: --revision.',
      );
    }
    if (remark !== undefined) await context.say(`note: ${remark}`);
    return move(context, {
      history,
      spec,
      places,
      revision,
      subject: `Promote ${family} to ${whereOf(places)} at ${short(revision)}`,
      change: changeOf('promote', places),
      done: `${family} in ${whereOf(places)} is pinned to ${revision}`,
      ...(reason === undefined ? {} : { reason }),
    });
  },
};

/** `production`, or `production on eu-west` where only one of its clusters is meant. */
export function whereOf(places: readonly Place[]): string {
  const [first] = places;
  if (first === undefined) return '';
  return isOneOfSeveral(places) ? `${first.environment} on ${first.cluster}` : first.environment;
}

/** Whether the folder of the only place bears the name of its cluster. */
function isOneOfSeveral([first, ...others]: readonly Place[]): boolean {
  return first !== undefined && others.length === 0 && first.path.endsWith(`/${first.environment}/${first.cluster}`);
}

/** `promote-llama-3.1-production`, with the cluster where it is one of several. */
export function changeOf(verb: string, places: readonly Place[]): string {
  const [first] = places;
  const only = isOneOfSeveral(places) ? [first?.cluster] : [];
  return [verb, first?.family, first?.environment, ...only].join('-');
}

/** The environment is one of the project, and waits for promotions. */
export function checkPinned(workspace: Workspace, environment: string): void {
  checkEnvironment(workspace, environment);
  if (isPinned(workspace, environment)) return;
  throw new UsageError(
    `${environment} follows the branch, so nothing is promoted to it`,
    'It takes every commit. `follow: pinned` in gitops-gen.yaml makes it wait for promotions.',
  );
}

/** All clusters of the environment, or the one that `--cluster` names. */
export function chosenPlaces(
  { options }: CommandContext,
  workspace: Workspace,
  family: string,
  environment: string,
): readonly Place[] {
  const places = placesOf(workspace, family, environment);
  const cluster = options['cluster'];
  if (cluster === undefined) return places;
  const chosen = places.filter((place) => place.cluster === cluster);
  if (chosen.length > 0) return chosen;
  const known = clustersOf(workspace.specs, environment);
  throw new UsageError(
    `${environment} has no cluster '${cluster}'`,
    didYouMean(String(cluster), known) ?? `There are: ${known.join(', ')}.`,
  );
}

async function revisionFor(
  { options }: CommandContext,
  history: History,
  spec: ModelFamily,
  environment: string,
): Promise<string> {
  const { from, revision } = options;
  if (from !== undefined && revision !== undefined)
    throw new UsageError('--from and --revision both name a commit', 'Give one of them.');
  if (typeof revision === 'string') return history.git.commitId(revision);
  if (typeof from !== 'string') return newestFor(history, spec, environment);
  checkEnvironment(history.workspace, from);
  return revisionOf(history, spec, from);
}

/** The reason that was given where the order is not kept. */
async function order(
  { options }: CommandContext,
  history: History,
  spec: ModelFamily,
  places: readonly Place[],
  revision: string,
): Promise<string | undefined> {
  const { skipOrder } = options;
  if (typeof skipOrder !== 'string') {
    await checkOrder(history, spec, places, revision);
    return undefined;
  }
  if (skipOrder.trim() === '')
    throw new UsageError('--skip-order takes a reason', 'It is kept in the commit: --skip-order "incident 4711".');
  return skipOrder.trim();
}

import { commitsBetween, isShallow } from '../../io/git-history.js';
import { objectsOf } from '../../publish/difference-words.js';
import { StateError } from '../../publish/errors.js';
import { type Irreversible, irreversibleChanges } from '../../publish/irreversible.js';
import { pinBefore } from '../../publish/pins.js';
import type { StateDifference } from '../../publish/state-difference.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { openToMove } from '../merge-state.js';
import { refusesFaults } from '../problems.js';
import { lineOf as commitText, move, moveOptions, remarkOnCommit, short } from '../promotion.js';
import { checkRunsIn, familyAt, type History, openHistory, type Place, pinsOf } from '../releases.js';
import { pinOptions } from '../write.js';
import { changeOf, checkPinned, chosenPlaces, whereOf } from './promote.js';

export const command: CommandDefinition = {
  name: 'rollback',
  description:
    'Moves a family in an environment back to the commit that it was pinned to before, and says what that undoes and what it cannot undo. A second rollback goes back one more. In the cluster it is a release like every other: Argo CD syncs it, wave by wave.',
  arguments: [{ name: '<family>', description: 'a family of this repository' }],
  options: [
    { flags: '--env <environment>', description: 'the environment that goes back' },
    { flags: '--revision <commit>', description: 'to this commit, which it ran earlier (default: the one before)' },
    ...moveOptions.filter(({ flags }) => flags.startsWith('--cluster')),
    ...pinOptions,
  ],
  examples: [
    { command: 'rollback llama-3.1 --env production --dry-run', does: 'what it would undo, and what it cannot' },
    { command: 'rollback llama-3.1 --env production --commit', does: 'production runs the release before' },
  ],
  async run(context) {
    const { options } = context;
    const workspace = await openToMove(context);
    if (await refusesFaults(context, workspace)) return exitCode.usage;
    const environment = options['env'];
    if (typeof environment !== 'string') throw new UsageError('no environment is named', 'Give --env <environment>.');
    const spec = familyAt(workspace, String(context.arguments[0]));
    checkPinned(workspace, environment);
    checkRunsIn(spec, environment);
    const family = spec.metadata.name;
    const history = await openHistory(workspace);
    const places = chosenPlaces(context, workspace, family, environment);
    const revision = await targetOf(context, history, places);
    const remark = await remarkOnCommit(history, revision);
    if (remark !== undefined) await context.say(`note: ${remark}`);
    return move(context, {
      history,
      spec,
      places,
      revision,
      toleratesKnown: true,
      subject: `Roll ${family} in ${whereOf(places)} back to ${short(revision)}`,
      change: changeOf('rollback', places),
      done: `${family} in ${whereOf(places)} is pinned to ${revision}`,
      remark: (place, difference) => whatStays(history, place, revision, difference),
    });
  },
};

/** The commit to go back to: the same for all clusters that are meant. */
async function targetOf({ options }: CommandContext, history: History, places: readonly Place[]): Promise<string> {
  const found = new Map<string, readonly string[]>();
  for (const place of places) found.set(place.cluster, await pinsOf(history, place));
  const given = options['revision'];
  if (typeof given === 'string') {
    const revision = await history.git.commitId(given);
    for (const [cluster, pins] of found) {
      if (pins.includes(revision)) continue;
      throw new StateError(
        'order',
        `${short(revision)} never ran on ${cluster}: going there is no rollback`,
        `Promote it: gitops-gen promote ${places[0]?.family} --to ${places[0]?.environment} --revision ${short(revision)}.`,
      );
    }
    return revision;
  }
  const targets = [...found].map(([cluster, pins]) => ({ cluster, pin: pinBefore(pins) }));
  const without = targets.find(({ pin }) => pin === undefined);
  if (without !== undefined) {
    const shallow = await isShallow(history.git);
    throw new StateError(
      'not-found',
      `nothing was released on ${without.cluster} before what it runs now`,
      shallow
        ? 'This clone is shallow, so there may be more: git fetch --unshallow, and try again.'
        : `To take the family out of the environment: remove its replicas there, and render.${places.length > 1 ? ' Other clusters go back with --cluster.' : ''}`,
    );
  }
  const distinct = [...new Set(targets.map(({ pin }) => pin as string))];
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1) return only;
  const list = targets.map(({ cluster, pin }) => `${cluster}: ${short(pin as string)}`).join(', ');
  throw new UsageError(
    'the clusters ran different commits before',
    `Roll back one after the other with --cluster (${list}).`,
  );
}

/** What a rollback leaves as it is, or takes with it for good. */
async function whatStays(
  history: History,
  place: Place,
  revision: string,
  difference: StateDifference,
): Promise<string> {
  const found = irreversibleChanges(objectsOf(difference));
  const lines = [...found.map(lineOf), ...(await outside(history, place, revision)), ...always];
  return `What it cannot undo:\n${lines.map((line) => `  - ${line}\n`).join('')}\n`;
}

const effects: Readonly<Record<Irreversible['effect'], string>> = {
  fails: 'the sync fails',
  lost: 'lost',
  stays: 'stays',
};

function lineOf({ object, why, effect }: Irreversible): string {
  return `${object}: ${effects[effect]}: ${why}`;
}

/** So in every rollback: Git holds no data, and what follows the branch is no part of the pin. */
const always: readonly string[] = [
  'what was written to volumes and caches since then stays written',
  'what clients were told by the newer release',
];

/** What the platform of the cluster changed since that commit: it follows the branch, and stays. */
async function outside({ git }: History, place: Place, revision: string): Promise<readonly string[]> {
  const folders = [`clusters/${place.cluster}`, 'infrastructure'];
  const stays = `CRDs, namespaces, quotas and roles (${folders.join(', ')}) follow the branch and stay as they are`;
  const commits = await commitsBetween(git, revision, 'HEAD', folders).catch(() => []);
  const [newest] = commits;
  if (newest === undefined) return [stays];
  const more = commits.length === 1 ? '' : ` and ${commits.length - 1} more`;
  return [`${stays}; changed since that commit by ${commitText(newest)}${more}`];
}

import { isAncestor } from '../io/git-history.js';
import type { Pin } from '../plan/index.js';
import { isEmptyChangeset } from '../publish/changeset.js';
import type { ModelFamily } from '../spec/types.generated.js';
import { environmentsOf } from './environments.js';
import { generate } from './generate.js';
import { concernsPlaces, keyOf, pinFor, remarkOnCommit } from './promotion.js';
import { foldersOf, type History, isCommit, type Place, pinAt, placesOf, runsIn } from './releases.js';

/** A promotion that is asked for. */
export interface Asked {
  readonly spec: ModelFamily;
  readonly places: readonly Place[];
  readonly revision: string;
  /** Whether a person named that very commit: then it is pinned even where it has nothing new. */
  readonly named: boolean;
}

/**
 * The pin that stays because a promotion would bring nothing; undefined where the pin has to move. It moves although its own files are
 * the same where
 * - a later environment waits for what the commit has: it takes only what this one runs;
 * - the clusters of the environment are pinned to different commits: what comes after it could take neither;
 * - the history or the remote branch no longer has the pinned commit, or the pin is not committed yet;
 * - the parent or what the project permits is not what it has to be for the commit that is pinned.
 */
export async function pinThatStays(history: History, asked: Asked): Promise<string | undefined> {
  const { spec, places, revision } = asked;
  const { workspace, git } = history;
  const [first] = places;
  if (first === undefined) return undefined;
  const all = placesOf(workspace, first.family, first.environment);
  const pin = pinAt(workspace.tree, first);
  if (pin === undefined || !isCommit(pin) || all.some((place) => pinAt(workspace.tree, place) !== pin))
    return undefined;
  if (pin !== revision && (asked.named || !(await hasNothingElse(history, spec, first.environment, pin, revision))))
    return undefined;
  const { commit } = await git.head();
  const committed = commit === undefined ? undefined : await history.treeAt(commit);
  if (committed === undefined || places.some((place) => pinAt(committed, place) !== pin)) return undefined;
  return (await standsAsPinned(history, places, pin)) ? pin : undefined;
}

/** Whether a commit has for this environment and for all that come after it what the pinned one has, and the pinned one is in reach. */
async function hasNothingElse(
  history: History,
  spec: ModelFamily,
  environment: string,
  pin: string,
  revision: string,
): Promise<boolean> {
  const { workspace, git } = history;
  if ((await history.treeAt(pin)) === undefined || (await history.treeAt(revision)) === undefined) return false;
  if (!(await isAncestor(git, pin, revision)) && !(await isAncestor(git, pin, 'HEAD'))) return false;
  if ((await remarkOnCommit(history, pin)) !== undefined && (await remarkOnCommit(history, revision)) === undefined)
    return false;
  const names = environmentsOf(workspace.specs).map(({ name }) => name);
  const waiting = names.slice(names.indexOf(environment)).filter((name) => runsIn(spec, name));
  const places = waiting.flatMap((name) => placesOf(workspace, spec.metadata.name, name));
  const folders = [...new Set(places.flatMap((place) => foldersOf(place, spec)))];
  const paths = folders.map((folder) => `${git.prefix}${folder}`);
  return (await git.ask(['diff', '--quiet', '--no-ext-diff', pin, revision, '--', ...paths])) !== undefined;
}

/** Whether nothing would be written for these places with the pins that they have. */
async function standsAsPinned(history: History, places: readonly Place[], pin: string): Promise<boolean> {
  const pins = new Map<string, Pin>();
  for (const place of places) pins.set(keyOf(place), await pinFor(history, place, pin));
  const { changeset } = generate(history.workspace, { pins, only: (path) => concernsPlaces(path, places) });
  return isEmptyChangeset(changeset);
}

import { type FileContent, type FileMap, textAt } from '../files/file-map.js';
import { readBases } from '../io/bases.js';
import { findGit, type Git } from '../io/git.js';
import { type Merging, mergingInProgress, mergingsBehind } from '../io/git-mergings.js';
import { type Renamed, readRenamed } from '../io/git-renames.js';
import { readUnmerged, type Unmerged } from '../io/unmerged.js';
import { mergeSpec } from '../plan/merge-spec.js';
import { type Branches, basesWanted } from '../publish/changeset.js';
import { StateError } from '../publish/errors.js';
import { hasConflictMarkers, isAsGitLeftIt, mergeTexts, withBothSides, withOurSide } from '../publish/merge.js';
import {
  isBasePath,
  isPristine,
  isRecord,
  type Ownership,
  type Pristine,
  readOwnership,
  writeOwnership,
} from '../publish/ownership.js';
import { roleOf } from '../spec/read.js';
import type { CommandContext } from './command.js';
import { refuseIdle } from './pr-options.js';
import { openWorkspace, type Workspace, withFiles, workspaceOf } from './workspace.js';

/** A workspace in which a merge of git waits to be finished, as `render` goes on with it. */
export interface MergedWorkspace {
  readonly workspace: Workspace;
  /** People's files of both branches, brought together. */
  readonly edits: ReadonlyMap<string, FileContent>;
}

/**
 * Where git stopped with conflicts (merge, rebase, cherry-pick, stash), what can be decided is: files that people write are merged
 * by what they say, generated ones are generated anew from that, records take both sides. Generated files into which git carried
 * lines of others, here or in a commit of the history, are taken path by path. Throws StateError `unresolved` where two people
 * contradict each other; nothing is written then.
 */
export async function continueMerge(context: CommandContext, workspace: Workspace): Promise<MergedWorkspace> {
  const git = await findGit(workspace.root);
  if (git === undefined) return { workspace, edits: new Map() };
  const unmerged = workspace.start === undefined ? await readUnmerged(git) : new Map<string, Unmerged>();
  const ownership = readOwnership(workspace.tree.files, () => {});
  const { records, carried } = await carriedOver(context, git, workspace, unmerged, ownership);
  const dropped = droppedBy(records, ownership, workspace.tree.files);
  if (unmerged.size === 0 && carried.size === 0 && dropped.size === 0) return { workspace, edits: new Map() };
  const merge: Merge = { git, files: workspace.tree.files, assumed: new Map(), branches: new Map() };
  const { assumed, branches } = merge;
  const edits = new Map<string, FileContent>();
  const settled: string[] = [];
  for (const [path, sides] of unmerged) {
    const present = textAt(workspace.tree.files, path);
    const isOurs = ownership.has(path);
    if (carried.has(path)) {
      // Whether somebody began to resolve it is told by what git put there.
      if (isConflict(path, present, sides)) settled.push(path);
      else carried.delete(path);
    } else if (isRecord(path)) {
      settled.push(path);
      assumed.set(path, recordOfBoth(path, sides, workspace.tree.files));
    } else if (isBasePath(path) !== undefined) settled.push(path);
    else if (!isOurs && !isPeoples(path)) await context.say(`  ${path} is in conflict, and is yours to resolve`);
    else {
      settled.push(path);
      // Without markers somebody resolved it already: what stands there is meant.
      if (!isConflict(path, present, sides)) continue;
      if (isOurs) branches.set(path, await branchesOf(path, sides, git, records, workspace.tree.files));
      const text = isOurs ? planned(path, sides) : together(path, sides);
      if (text !== undefined) (isOurs ? assumed : edits).set(path, text);
    }
  }
  const meant = await pathwise(context, merge, carried);
  if (unmerged.size > 0) {
    const said = edits.size === 0 ? '' : `, ${[...edits.keys()].join(', ')} brought together`;
    await context.say(`a merge of two branches goes on: ${settled.length} files in conflict${said}`);
  }
  if (dropped.size > 0)
    for (const [path, text] of writeOwnership(
      new Map([...readOwnership(withFiles(workspace.tree, assumed).files, () => {}), ...dropped]),
    ))
      assumed.set(path, text);
  const taken = new Map<string, FileContent | undefined>([...meant, ...assumed, ...edits]);
  const all = new Map([...ownership, ...dropped]);
  const wanted = basesWanted({ present: withFiles(workspace.tree, meant).files, ownership: all });
  const isKnown = meant.size === 0 && dropped.size === 0;
  const bases = isKnown ? workspace.bases : await readBases(wanted, workspace.tree.files, git);
  const merged = workspaceOf(workspace.root, withFiles(workspace.tree, taken), bases);
  const { tree, start } = workspace;
  const state = { tree, branches, meant, assumed, ...(start === undefined ? {} : { start }) };
  return { workspace: { ...merged, ...state, ...(unmerged.size === 0 ? {} : { settled }) }, edits };
}

/**
 * The repository for a command that changes it and is not `render`: what git carried between generated files is taken path by
 * path, in the same way. A merge that waits to be finished is refused: what comes of it and what the command does are two changes.
 */
export async function openToWrite(context: CommandContext): Promise<Workspace> {
  return (await continueMerge(context, await openToMove(context))).workspace;
}

/** The repository for a command that moves a release: see `sayCarried`. A merge that waits to be finished is refused. */
export async function openToMove(context: CommandContext): Promise<Workspace> {
  refuseIdle(context);
  const workspace = await openWorkspace(context);
  await refuseUnfinished(workspace);
  return workspace;
}

/**
 * For a command that moves a release, and nothing else: what git carried between generated files is left to `render` and said,
 * because the commit that is released has it too. Throws StateError `unresolved` where it is in what moves.
 */
export async function sayCarried(
  context: CommandContext,
  workspace: Workspace,
  moves: (path: string) => boolean,
): Promise<void> {
  const quiet: CommandContext = { ...context, say: async () => {} };
  const paths = [...((await continueMerge(quiet, workspace)).workspace.meant?.keys() ?? [])].sort();
  const [first] = paths;
  if (first === undefined) return;
  const rest = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  const why = `git carried lines between generated files that it took for renamed ones: ${first}${rest}`;
  const mine = paths.filter(moves);
  const hint = 'gitops-gen render --commit puts them back where they were written.';
  if (mine.length > 0) throw new StateError('unresolved', why, `${hint} Then run this again.`, mine);
  await context.say(`note: ${why}\n  ${hint} What is released until then has them as they stand.`);
}

async function refuseUnfinished({ root, tree, start }: Workspace): Promise<void> {
  const git = start === undefined ? await findGit(root) : undefined;
  if (git === undefined) return;
  const ownership = readOwnership(tree.files, () => {});
  const isOurs = (path: string) =>
    ownership.has(path) || isRecord(path) || isBasePath(path) !== undefined || isPeoples(path);
  const paths = [...(await readUnmerged(git)).keys()].filter(isOurs);
  const [first] = paths;
  if (first === undefined) return;
  throw new StateError(
    'unresolved',
    `${first}${paths.length > 1 ? ` and ${paths.length - 1} more` : ''} is in conflict: git waits for a merge to be finished`,
    'gitops-gen render goes on with it; commit what it makes of it, and run this again.',
    paths,
  );
}

/**
 * Edited files of a model that one side removed, and with it their records. Whoever takes the other side's spec wants them
 * generated again: then they are edited files as before, and not somebody else's.
 */
function droppedBy({ ours, theirs }: Records, ownership: Ownership, files: FileMap): Ownership {
  const dropped = new Map<string, readonly Pristine[]>();
  // No record at all: somebody left (see eject).
  if (ownership.size === 0) return dropped;
  for (const [path, pristine] of [...ours, ...theirs]) {
    const present = files.get(path);
    if (ownership.has(path) || present === undefined || isPristine(present, pristine)) continue;
    const known = dropped.get(path) ?? [];
    const added = pristine.filter(({ sha256 }) => !known.some((each) => each.sha256 === sha256));
    dropped.set(path, [...known, ...added]);
  }
  return dropped;
}

/** A merge as it is worked out. */
interface Merge {
  readonly git: Git;
  readonly files: FileMap;
  readonly assumed: Map<string, FileContent>;
  readonly branches: Map<string, Branches>;
}

/** A file into which git carried something from another path, with the records of what was merged. */
interface Carried extends Renamed {
  readonly records: Records;
}

/** The generated files and records into which git carried something from another path, and that nobody touched since. */
async function carriedOver(
  context: CommandContext,
  git: Git,
  workspace: Workspace,
  unmerged: ReadonlyMap<string, Unmerged>,
  ownership: Ownership,
): Promise<{ readonly records: Records; readonly carried: Map<string, Carried> }> {
  const { files } = workspace.tree;
  const present = workspace.start === undefined ? await mergingInProgress(git, unmerged.size > 0) : undefined;
  const carried = new Map<string, Carried>();
  const edited = () => [...basesWanted({ present: files, ownership }).keys()];
  // The conflicts of a stash are those of nothing that has a name.
  const mergings = present !== undefined ? [present] : unmerged.size > 0 ? [] : await mergingsBehind(git, edited());
  const { commit: head } = await git.head();
  let records: Records = { before: new Map(), ours: new Map(), theirs: new Map() };
  for (const merging of mergings) {
    const own = await recordsOf(git, merging);
    if (merging === present || merging.result === head) records = own;
    const all = [ownership, ...Object.values(own)];
    const found = await readRenamed(git, merging, (path) => isRecord(path) || all.some((each) => each.has(path)));
    if (found === undefined) {
      if (present !== undefined)
        await context.say(
          '  this git cannot tell renames in a merge from edits by hand (git 2.38 can): review what is kept',
        );
      break;
    }
    for (const [path, one] of found)
      if (!carried.has(path) && isUntouched(path, one, unmerged.get(path), files))
        carried.set(path, { ...one, records: own });
  }
  return { records, carried };
}

function isUntouched(path: string, renamed: Renamed, inIndex: Unmerged | undefined, files: FileMap): boolean {
  const { automatic, inConflict, sides, pathwise: clean } = renamed;
  if (inIndex !== undefined) return clean !== undefined || !sameSides(inIndex, sides);
  return !inConflict && textAt(files, path)?.replaceAll('\r\n', '\n') === automatic;
}

function sameSides(a: Unmerged, b: Unmerged): boolean {
  return a.base === b.base && a.ours === b.ours && a.theirs === b.theirs;
}

/**
 * Generated files are merged path by path: two models' files are alike, and git takes one that was removed for another that was
 * added, so that a line of the first lands in the second without a word. Returns the texts to go on from; what both branches
 * changed goes the way of every conflict.
 */
async function pathwise(
  context: CommandContext,
  { git, files, assumed, branches }: Merge,
  carried: ReadonlyMap<string, Carried>,
): Promise<ReadonlyMap<string, string | undefined>> {
  const meant = new Map<string, string | undefined>();
  for (const [path, { sides, pathwise: clean, records }] of carried) {
    if (isRecord(path)) {
      assumed.set(path, clean?.text ?? recordOfBoth(path, sides, files));
      continue;
    }
    if (isBasePath(path) !== undefined) continue;
    await context.say(`  unmixed  ${path} (git took it for another file that was renamed)`);
    if (clean !== undefined) {
      meant.set(path, clean.text);
      continue;
    }
    branches.set(path, await branchesOf(path, sides, git, records, files));
    const text = planned(path, sides);
    if (text !== undefined) assumed.set(path, text);
    if (sides.ours !== undefined && sides.theirs !== undefined) continue;
    // Where it is generated no more, it stays as an edited file does.
    const own = records[sides.ours === undefined ? 'theirs' : 'ours'].get(path) ?? [];
    const left = sides.ours ?? sides.theirs;
    meant.set(path, left === undefined || isPristine(left, own) ? undefined : left);
  }
  return meant;
}

function isPeoples(path: string): boolean {
  return roleOf(path) !== undefined || path.startsWith('versions/');
}

/**
 * A file that only one branch has. Where the other's records speak of it, a person deleted it there; else the tool removed it, or git
 * took it for another file that was renamed: then it is as the branch has it that has it.
 */
async function branchesOf(
  path: string,
  sides: Unmerged,
  git: Git,
  records: Records,
  files: FileMap,
): Promise<Branches> {
  const { ours, theirs } = sides;
  // A branch whose records do not speak of it has another file there, which git took for this one under a new name: nothing that the
  // tool wrote is its base, and whatever differs is for a person to see.
  const basesIn = async (own: Ownership) => {
    const pristine = own.get(path);
    if (pristine === undefined) return own.size > 0 ? [] : undefined;
    return (await readBases(new Map([[path, pristine]]), files, git)).get(path);
  };
  const [oursBases, theirsBases] = [await basesIn(records.ours), await basesIn(records.theirs)];
  const all = {
    ...(ours === undefined ? {} : { ours }),
    ...(theirs === undefined ? {} : { theirs }),
    ...(oursBases === undefined ? {} : { oursBases }),
    ...(theirsBases === undefined ? {} : { theirsBases }),
  };
  if (ours === undefined && theirs !== undefined && !records.ours.has(path))
    return { ...all, ours: theirs, ...(theirsBases === undefined ? {} : { oursBases: theirsBases }) };
  if (theirs === undefined && ours !== undefined && !records.theirs.has(path))
    return { ...all, theirs: ours, ...(oursBases === undefined ? {} : { theirsBases: oursBases }) };
  return all;
}

/** What each of the two branches calls generated, and what was before both. */
interface Records {
  /** A model that went on both is known here alone: what was edited of it is people's own by now. */
  readonly before: Ownership;
  readonly ours: Ownership;
  readonly theirs: Ownership;
}

async function recordsOf(git: Git, { base, ours, theirs }: Merging): Promise<Records> {
  const at = async (revision: string): Promise<Ownership> =>
    readOwnership((await git.readTreeAt(revision, { only: '.gitops-gen/owned' })).files, () => {});
  return { before: await at(base), ours: await at(ours), theirs: await at(theirs) };
}

function recorded(place: string, text: string | undefined): Ownership {
  return readOwnership(new Map([[place, text ?? '']]), () => {});
}

/**
 * The record of both branches. A file that is gone, and of which one branch has no record, was removed by the tool there: it must
 * not be taken for one that a person deleted.
 */
function recordOfBoth(path: string, { ours, theirs }: Unmerged, files: FileMap): string {
  const [mine, other] = [recorded(path, ours), recorded(path, theirs)];
  const both = new Map<string, readonly Pristine[]>();
  for (const [file, pristine] of [...mine, ...other])
    if (files.has(file) || (mine.has(file) && other.has(file)))
      both.set(file, [...(both.get(file) ?? []), ...pristine]);
  return [...writeOwnership(both).values()].join('');
}

/** Whether a file is in conflict as git left it. Throws where somebody began to resolve it: that must not be lost. */
function isConflict(path: string, present: string | undefined, { base, ours, theirs }: Unmerged): boolean {
  if (present === undefined || !hasConflictMarkers(present)) return ours === undefined || theirs === undefined;
  if (ours === undefined || theirs === undefined) return true;
  // The markers of an earlier run of ours, which only a person can resolve: whoever plans refuses them.
  if (/^<{7} edited$/mu.test(present)) return false;
  if (isAsGitLeftIt(present, base ?? '', ours, theirs)) return true;
  throw new StateError(
    'unresolved',
    `${path} is in conflict, and half resolved`,
    `Resolve the rest of it; or begin again: git checkout -m -- ${path}, and gitops-gen render.`,
    [path],
  );
}

/** One text of a file that people write. */
function together(path: string, { base, ours, theirs }: Unmerged): string | undefined {
  if (ours === undefined || theirs === undefined)
    throw unresolved(path, 'one branch removed it and the other changed it', `git rm ${path}, or git add ${path}`);
  const lines = withOurSide(mergeTexts(base ?? '', ours, theirs).text);
  const { text, conflicts } = mergeSpec(base ?? '', ours, theirs, { start: [lines] });
  if (text !== undefined) return text;
  const where = conflicts.filter((each) => each !== '');
  throw unresolved(
    path,
    where.length === 0 ? 'its two versions do not come together' : `both branches changed ${where.join(', ')}`,
    'Resolve it in an editor, then run gitops-gen render.',
  );
}

/**
 * What planning reads of a generated file: the decisions of both branches in a lock (ours where they differ), the pin of a parent.
 * Of two different pins none is right by itself: that is asked.
 */
function planned(path: string, { base, ours, theirs }: Unmerged): string | undefined {
  if (ours === undefined || theirs === undefined) return undefined;
  if (path.startsWith('.gitops-gen/lock/')) return mergeSpec(base ?? '', ours, theirs, { prefer: 'ours' }).text ?? ours;
  // A project keeps what the pinned releases of either branch need.
  if (path.startsWith('argocd/projects/')) return withBothSides(mergeTexts(base ?? '', ours, theirs).text);
  if (!/^argocd\/families\/.*\/parent\.yaml$/.test(path)) return undefined;
  const [before, mine, other] = [base, ours, theirs].map((text) => pinOf(text ?? ''));
  if (mine === other || before === other) return ours;
  if (before === mine) return theirs;
  throw unresolved(
    path,
    `one branch promotes to ${mine}, the other to ${other}`,
    `Take one: git checkout --ours -- ${path} (or --theirs), then run gitops-gen render.`,
  );
}

function pinOf(parent: string): string | undefined {
  return /^ *targetRevision: *["']?([^"'\s#]+)/mu.exec(parent)?.[1];
}

function unresolved(path: string, why: string, hint: string): StateError {
  return new StateError('unresolved', `${path} is in conflict: ${why}`, hint, [path]);
}

import type { FileContent, FileMap } from '../files/file-map.js';
import { sha256 } from './digest.js';
import { Draft } from './draft.js';
import { StateError, type StateReason } from './errors.js';
import { basePath, isBasePath, isPristine, type Ownership, type Pristine } from './ownership.js';
import { fileDifference } from './text-diff.js';

export interface ChangesetInput {
  /** Everything that is generated now. What is owned and not here goes away. */
  readonly desired: FileMap;
  /** What is there, as it was read. */
  readonly present: FileMap;
  /** What the records of earlier runs call ours. */
  readonly ownership: Ownership;
  /** Symbolic links that were met: nothing is written through them. */
  readonly links?: ReadonlyMap<string, string>;
  /** Paths that could not be read: nothing is written over them. */
  readonly unread?: ReadonlyMap<string, string>;
  /** People's own files that the command was asked to change (a spec that gets a model). Never owned. */
  readonly edits?: FileMap;
  /** Files that are given to people once: written where nothing stands, and never touched again. Never owned. */
  readonly seeds?: FileMap;
  /** Files that the plan was made from (specs, inventories): they must still be like this when it is applied. */
  readonly inputs?: FileMap;
  /** Overwrite and remove generated files that somebody edited. */
  readonly force?: boolean;
  /** Which owned files this run speaks for; the others are left as they are. Default: all. */
  readonly scope?: (path: string) => boolean;
  /**
   * Merge edited files three ways: the texts they were generated with, by path, as far as they are known (`basesWanted` says which;
   * several where two branches that both generated the file were merged). Where one is missing the merge is two-way. Absent:
   * every edited file is a conflict.
   */
  readonly bases?: ReadonlyMap<string, readonly string[]>;
  /**
   * Files that git could not merge and left with its markers: what each of the two branches holds. They are generated anew, with
   * the edits of both.
   */
  readonly branches?: ReadonlyMap<string, Branches>;
  /**
   * Texts to go on from in place of what stands on the disk; undefined for a file that is to count as absent: where git's rename
   * detection carried lines of one generated file into another.
   */
  readonly meant?: ReadonlyMap<string, string | undefined>;
  /** More generated files than this are not removed in one run. Default: no limit. */
  readonly maxDeletes?: number;
}

/** One file as it stands in the two branches of a merge that git could not end; absent where that branch has no such file. */
export interface Branches {
  readonly ours?: string;
  readonly theirs?: string;
  /** What each branch's own records say that it was generated as: the merged record may know the newer one only. */
  readonly oursBases?: readonly string[];
  readonly theirsBases?: readonly string[];
}

/** Who a written file belongs to. */
export type Role = 'generated' | 'people' | 'record';

export interface FileWrite {
  readonly path: string;
  readonly content: FileContent;
  /** What is there now; absent where the file is new. It must still be there when it is replaced. */
  readonly previous?: FileContent;
  readonly role: Role;
  /** True where somebody's edit is overwritten because that was asked for. */
  readonly forced?: boolean;
}

export interface FileDelete {
  readonly path: string;
  readonly previous: FileContent;
  readonly role: Role;
  readonly forced?: boolean;
}

/** A generated file that somebody edited, and that this run would overwrite or remove, or could not merge. */
export interface Conflict {
  readonly path: string;
  readonly action: 'overwrite' | 'remove' | 'merge';
  /** From what stands there to what would be written, as a unified difference. */
  readonly difference: string;
  /** The texts of a merge that did not work out; without `base` it was two-way. */
  readonly sides?: ConflictSides;
}

export interface ConflictSides {
  /** The merged text with git's conflict markers. */
  readonly marked: string;
  readonly base?: string;
  readonly ours: string;
  readonly theirs: string;
  /** What stands in the file, where that is neither: git's own markers between two branches. */
  readonly present?: string;
}

/** An edited file that was merged without conflict. */
export interface Merged {
  readonly path: string;
  /** Whether the merge brought anything new into it. */
  readonly changed: boolean;
}

/** A file that is left as people want it: they deleted it, or edited it and it is generated no more. */
export interface Kept {
  readonly path: string;
  readonly reason: 'deleted' | 'edited';
}

export type RefusalReason =
  | 'unresolved'
  | 'path'
  | 'reserved'
  | 'two-writers'
  | 'link'
  | 'unowned'
  | 'unread'
  | 'mass-deletion';

export interface Refusal {
  readonly path: string;
  readonly reason: RefusalReason;
  readonly message: string;
  readonly hint: string;
}

/** What a run would do, as data. A dry run is not applying it. Every list is sorted by path. */
export interface Changeset {
  readonly writes: readonly FileWrite[];
  readonly deletes: readonly FileDelete[];
  readonly unchanged: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly merged: readonly Merged[];
  readonly kept: readonly Kept[];
  readonly refused: readonly Refusal[];
  /** What the plan was made from and rests on. */
  readonly inputs?: FileMap;
  /** What is ours afterwards. */
  readonly ownership: Ownership;
  /** Every file this run speaks for as it will stand: generated files, records, people's files that were asked for. */
  readonly result: FileMap;
}

/** Compares what is wanted with what is there. Nothing is read or written; bad paths and foreign files are collected. */
export function planChangeset(input: ChangesetInput): Changeset {
  const draft = new Draft(input);
  draft.checkPaths();
  for (const [path, content] of input.desired) draft.generate(path, content);
  for (const [path, content] of input.edits ?? []) draft.put(path, content, 'people');
  for (const [path, content] of input.seeds ?? []) draft.seed(path, content);
  for (const [path, pristine] of input.ownership) if (!input.desired.has(path)) draft.remove(path, pristine);
  for (const path of input.meant?.keys() ?? [])
    if (!input.desired.has(path) && !input.ownership.has(path)) draft.remove(path, []);
  draft.record();
  return draft.finish();
}

/** The edited files whose base a merge needs, with the hashes it is known by. */
export function basesWanted(
  input: Pick<ChangesetInput, 'present' | 'ownership'>,
): ReadonlyMap<string, readonly Pristine[]> {
  const wanted = new Map<string, readonly Pristine[]>();
  for (const [path, ours] of input.ownership) {
    const present = input.present.get(path);
    if (present !== undefined && !isPristine(present, ours)) wanted.set(path, ours);
  }
  return wanted;
}

/** The base of a merge that is kept beside the records, where it is the text that this record speaks of. */
export function keptBase(present: FileMap, path: string, pristine: Pristine): string | undefined {
  const text = present.get(basePath(path));
  return typeof text === 'string' && sha256(text) === pristine.sha256 ? text : undefined;
}

/** A changeset that writes the conflicts of its merges with markers into the files, and what git's index is to be told of them. */
export function withMarkers(changeset: Changeset): {
  readonly changeset: Changeset;
  readonly stages: ReadonlyMap<string, ConflictSides>;
} {
  const stages = new Map<string, ConflictSides>();
  const writes = [...changeset.writes];
  const result = new Map(changeset.result);
  for (const { path, sides } of changeset.conflicts) {
    if (sides === undefined) continue;
    stages.set(path, sides);
    writes.push({ path, content: sides.marked, previous: sides.present ?? sides.ours, role: 'generated' });
    result.set(path, sides.marked);
  }
  writes.sort((a, b) => byCodeUnit(a.path, b.path));
  const conflicts = changeset.conflicts.filter((one) => one.sides === undefined);
  return { changeset: { ...changeset, writes, conflicts, result }, stages };
}

/** Nothing to do: applying it would touch no file. */
export function isEmptyChangeset(changeset: Changeset): boolean {
  return changeset.writes.length === 0 && changeset.deletes.length === 0 && !isBlocked(changeset);
}

/**
 * The files are what the specs and people's edits make of them. What is kept for later merges beside the records (the texts that
 * edited files were generated as) may be missing: git has it as well, and an edit by hand is no reason to run anything.
 */
export function isUpToDate(changeset: Changeset): boolean {
  const changed = [...changeset.writes, ...changeset.deletes];
  return !isBlocked(changeset) && changed.every(({ path }) => isBasePath(path) !== undefined);
}

/** Something stands in the way: applying it is refused as a whole. */
export function isBlocked(changeset: Changeset): boolean {
  return changeset.conflicts.length > 0 || changeset.refused.length > 0;
}

/** The error that a blocked changeset is, with every path in it; undefined where it may be applied. */
export function blockingError(changeset: Changeset): StateError | undefined {
  const { refused, conflicts } = changeset;
  const unsafe = refused.filter((one) => REASONS[one.reason] === 'unsafe-path');
  const [first] = unsafe.length > 0 ? unsafe : refused;
  if (first !== undefined) {
    const paths = refused.map((one) => one.path);
    return new StateError(REASONS[first.reason], withOthers(first.message, refused.length), first.hint, paths);
  }
  const [conflict] = conflicts;
  if (conflict === undefined) return undefined;
  return new StateError(
    'edited',
    withOthers(`${conflict.path} was edited by hand and ${OUTCOMES[conflict.action]}`, conflicts.length),
    'Move the change into the spec, an overlay or custom/, or take what is generated with --force.',
    conflicts.map((one) => one.path),
  );
}

const REASONS: Readonly<Record<RefusalReason, StateReason>> = {
  path: 'unsafe-path',
  reserved: 'unsafe-path',
  'two-writers': 'unsafe-path',
  link: 'unsafe-path',
  unowned: 'unowned',
  unread: 'unowned',
  unresolved: 'unresolved',
  'mass-deletion': 'mass-deletion',
};

const OUTCOMES: Readonly<Record<Conflict['action'], string>> = {
  overwrite: 'would be overwritten',
  remove: 'would be removed',
  merge: 'its lines are in conflict with what is generated now',
};

function withOthers(message: string, count: number): string {
  return count > 1 ? `${message} (and ${count - 1} more)` : message;
}

/** The unified difference of everything a changeset would do to generated and people's files, for a dry run. */
export function changesetDifference(changeset: Changeset): string {
  const parts = [
    ...changeset.writes.map((one) => ({ ...one, after: one.content as FileContent | undefined })),
    ...changeset.deletes.map((one) => ({ ...one, after: undefined })),
  ].filter((one) => one.role !== 'record');
  parts.sort((a, b) => byCodeUnit(a.path, b.path));
  return parts.map((one) => fileDifference(one.path, one.previous, one.after)).join('');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { FileContent, FileMap } from '../files/file-map.js';
import { sameContent, sha256 } from './digest.js';
import { StateError } from './errors.js';
import { type Ownership, type Pristine, pristineOf, writeOwnership } from './ownership.js';
import { foldedPath, isBookkeeping, pathFault } from './target-path.js';
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
  /** Overwrite and remove generated files that somebody edited. */
  readonly force?: boolean;
  /** Which owned files this run speaks for; the others are left as they are. Default: all. */
  readonly scope?: (path: string) => boolean;
  /** More generated files than this are not removed in one run. Default: no limit. */
  readonly maxDeletes?: number;
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

/** A generated file that somebody edited, and that this run would overwrite or remove. */
export interface Conflict {
  readonly path: string;
  readonly action: 'overwrite' | 'remove';
  /** From what stands there to what would be written, as a unified difference. */
  readonly difference: string;
}

export type RefusalReason = 'path' | 'reserved' | 'two-writers' | 'link' | 'unowned' | 'unread' | 'mass-deletion';

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
  readonly refused: readonly Refusal[];
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
  draft.record();
  return draft.finish();
}

/** Nothing to do: applying it would touch no file. */
export function isEmptyChangeset(changeset: Changeset): boolean {
  return changeset.writes.length === 0 && changeset.deletes.length === 0 && !isBlocked(changeset);
}

/** Something stands in the way: applying it is refused as a whole. */
export function isBlocked(changeset: Changeset): boolean {
  return changeset.conflicts.length > 0 || changeset.refused.length > 0;
}

/** The error that a blocked changeset is, with every path in it; undefined where it may be applied. */
export function blockingError(changeset: Changeset): StateError | undefined {
  const { refused, conflicts } = changeset;
  const unsafe = refused.filter((one) => ['path', 'reserved', 'two-writers', 'link'].includes(one.reason));
  const [first] = unsafe.length > 0 ? unsafe : refused;
  if (first !== undefined) {
    const paths = refused.map((one) => one.path);
    const reason = unsafe.length > 0 ? 'unsafe-path' : first.reason === 'mass-deletion' ? 'mass-deletion' : 'unowned';
    return new StateError(reason, withOthers(first.message, refused.length), first.hint, paths);
  }
  const [conflict] = conflicts;
  if (conflict === undefined) return undefined;
  const verb = conflict.action === 'remove' ? 'removed' : 'overwritten';
  return new StateError(
    'edited',
    withOthers(`${conflict.path} was edited by hand and would be ${verb}`, conflicts.length),
    'Move the change into the spec, an overlay or custom/, or take what is generated with --force.',
    conflicts.map((one) => one.path),
  );
}

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

class Draft {
  private readonly writes = new Map<string, FileWrite>();
  private readonly deletes = new Map<string, FileDelete>();
  private readonly unchanged: string[] = [];
  private readonly conflicts: Conflict[] = [];
  private readonly refused = new Map<string, Refusal>();
  private readonly owned = new Map<string, readonly Pristine[]>();
  private readonly result = new Map<string, FileContent>();
  private readonly folders: ReadonlySet<string>;

  constructor(private readonly input: ChangesetInput) {
    this.folders = foldersOf(input.present.keys());
  }

  /** Every path that is asked for: legal, not ours to keep books in, and asked for once. */
  checkPaths(): void {
    const seen = new Map<string, string>();
    const asked = [this.input.desired, this.input.edits ?? new Map(), this.input.seeds ?? new Map()];
    for (const path of asked.flatMap((files) => [...files.keys()])) {
      const fault = pathFault(path);
      if (fault !== undefined) this.refuse(path, 'path', `the path ${JSON.stringify(path)} ${fault}`, RENAME);
      else if (isBookkeeping(path)) this.refuse(path, 'reserved', `${path} is kept by gitops-gen itself`, RENAME);
      const other = seen.get(foldedPath(path));
      if (other !== undefined)
        this.refuse(path, 'two-writers', `${path} is written twice${alias(path, other)}`, RENAME);
      seen.set(foldedPath(path), path);
    }
    for (const path of seen.values())
      for (const folder of parents(path)) {
        const file = seen.get(foldedPath(folder));
        if (file !== undefined)
          this.refuse(path, 'two-writers', `${file} is written as a file and as the folder of ${path}`, RENAME);
      }
  }

  generate(path: string, content: FileContent): void {
    const pristine = pristineOf(content);
    this.owned.set(path, [pristine]);
    const present = this.input.present.get(path);
    const ours = this.input.ownership.get(path);
    const free = present === undefined || sameContent(present, content);
    if (free || (ours !== undefined && isPristine(present, ours))) this.put(path, content, 'generated');
    else if (ours === undefined) this.refuseUnowned(path);
    else if (this.input.force === true) this.put(path, content, 'generated', true);
    else this.conflicts.push({ path, action: 'overwrite', difference: between(path, present, content) });
  }

  seed(path: string, content: FileContent): void {
    const { present, links, unread } = this.input;
    if (present.has(path) || links?.has(path) || unread?.has(path) || this.folders.has(path)) return;
    this.put(path, content, 'people');
  }

  put(path: string, content: FileContent, role: Role, forced = false): void {
    this.result.set(path, content);
    const previous = this.input.present.get(path);
    if (previous !== undefined && sameContent(previous, content)) {
      this.unchanged.push(path);
      return;
    }
    if (!this.standsFree(path)) return;
    const write: FileWrite = { path, content, role, ...(previous === undefined ? {} : { previous }) };
    this.writes.set(path, forced ? { ...write, forced } : write);
  }

  remove(path: string, pristine: readonly Pristine[]): void {
    const inScope = this.input.scope?.(path) ?? true;
    if (!inScope) {
      this.owned.set(path, pristine);
      return;
    }
    const previous = this.input.present.get(path);
    // An edit that was asked for turns a generated file into one of people's.
    if (previous === undefined || this.result.has(path)) return;
    const forced = !isPristine(previous, pristine);
    if (forced && this.input.force !== true)
      this.conflicts.push({ path, action: 'remove', difference: between(path, previous, undefined) });
    else this.deletes.set(path, { path, previous, role: 'generated', ...(forced ? { forced } : {}) });
  }

  /** The records themselves: written like any other file, and removed where their unit is gone. */
  record(): void {
    const limit = this.input.maxDeletes;
    if (limit !== undefined && this.deletes.size > limit) this.refuseMassDeletion(limit);
    const records = writeOwnership(this.owned);
    for (const [path, text] of records) this.put(path, text, 'record');
    for (const [path, previous] of this.input.present)
      if (path.startsWith('.gitops-gen/owned/') && !records.has(path))
        this.deletes.set(path, { path, previous, role: 'record' });
  }

  finish(): Changeset {
    return {
      writes: sorted([...this.writes.values()]),
      deletes: sorted([...this.deletes.values()]),
      unchanged: this.unchanged.sort(byCodeUnit),
      conflicts: sorted(this.conflicts),
      refused: sorted([...this.refused.values()]),
      ownership: this.owned,
      result: this.result,
    };
  }

  /** No link, unreadable thing, file or folder of somebody else's where this file must go. */
  private standsFree(path: string): boolean {
    const { links, unread, present } = this.input;
    for (const step of [...parents(path), path]) {
      const target = links?.get(step);
      if (target !== undefined) {
        const message = `${step} is a symbolic link (to ${JSON.stringify(target)}) where ${path} must be written`;
        this.refuse(path, 'link', message, 'Replace the link by a real folder or file.');
        return false;
      }
      const why = unread?.get(step);
      if (why !== undefined) {
        this.refuse(path, 'unread', `${step} stands where ${path} must be written and ${why}`, MOVE_AWAY(step));
        return false;
      }
    }
    const file = parents(path).find((step) => present.has(step) && !this.willGo(step));
    if (file !== undefined) {
      this.refuse(path, 'unowned', `${file} is a file where the folder of ${path} must go`, MOVE_AWAY(file));
      return false;
    }
    if (!this.folders.has(path)) return true;
    const inside = [...present.keys()].find((one) => one.startsWith(`${path}/`) && !this.willGo(one));
    if (inside === undefined) return true;
    this.refuse(path, 'unowned', `${path} is a folder with files of somebody else's (${inside})`, MOVE_AWAY(path));
    return false;
  }

  /** Ours, not wanted any more, as it was generated: the deletes come before the writes. */
  private willGo(path: string): boolean {
    const ours = this.input.ownership.get(path);
    const present = this.input.present.get(path);
    if (ours === undefined || present === undefined || this.input.desired.has(path)) return false;
    return (this.input.scope?.(path) ?? true) && (this.input.force === true || isPristine(present, ours));
  }

  private refuseUnowned(path: string): void {
    const message = `${path} exists, was not generated by gitops-gen, and differs from what would be written`;
    this.refuse(path, 'unowned', message, MOVE_AWAY(path));
  }

  private refuseMassDeletion(limit: number): void {
    const [first] = [...this.deletes.keys()].sort(byCodeUnit);
    const message = `${this.deletes.size} generated files would be removed, more than the ${limit} that are allowed in one run`;
    this.refuse(first ?? '', 'mass-deletion', message, `Check the spec; if this is meant, allow ${this.deletes.size}.`);
  }

  private refuse(path: string, reason: RefusalReason, message: string, hint: string): void {
    if (!this.refused.has(path)) this.refused.set(path, { path, reason, message, hint });
  }
}

const RENAME = 'Rename what gives the file its name (model, environment, cluster, blueprint file).';
const MOVE_AWAY = (path: string) =>
  `Move it away (git mv ${shellWord(path)} ${shellWord(`${path}.orig`)}) and run again.`;

function shellWord(word: string): string {
  return /^[\w./@%+=:-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function alias(path: string, other: string): string {
  return path === other ? '' : `: on some disks it is the same file as ${other}`;
}

/** As generated; a checkout that turned line ends into CRLF is no edit. */
function isPristine(present: FileContent, ours: readonly Pristine[]): boolean {
  const known = (content: FileContent) => {
    const hash = sha256(content);
    return ours.some((one) => one.sha256 === hash);
  };
  if (known(present)) return true;
  return typeof present === 'string' && present.includes('\r\n') && known(present.replaceAll('\r\n', '\n'));
}

function between(path: string, present: FileContent, wanted: FileContent | undefined): string {
  return fileDifference(path, present, wanted);
}

function parents(path: string): string[] {
  const out: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) out.push(path.slice(0, slash));
  return out;
}

function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) for (const folder of parents(path)) folders.add(folder);
  return folders;
}

function sorted<T extends { readonly path: string }>(list: T[]): T[] {
  return list.sort((a, b) => byCodeUnit(a.path, b.path));
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { FileContent } from '../files/file-map.js';
import type {
  Branches,
  Changeset,
  ChangesetInput,
  Conflict,
  FileDelete,
  FileWrite,
  Kept,
  Merged,
  Refusal,
  RefusalReason,
  Role,
} from './changeset.js';
import { sameContent } from './digest.js';
import { hasConflictMarkers } from './merge.js';
import { type EditedMerge, mergeBranches, mergeEdited } from './merge-edited.js';
import { basePath, isBasePath, isPristine, isRecord, type Pristine, pristineOf, writeOwnership } from './ownership.js';
import { foldedPath, isBookkeeping, isMachinery, pathFault } from './target-path.js';
import { fileDifference } from './text-diff.js';

/** A changeset in the making: collects what becomes of each path, in the order in which `planChangeset` asks. */
export class Draft {
  private readonly writes = new Map<string, FileWrite>();
  private readonly deletes = new Map<string, FileDelete>();
  private readonly unchanged: string[] = [];
  private readonly conflicts: Conflict[] = [];
  private readonly merged: Merged[] = [];
  private readonly kept: Kept[] = [];
  /** What was generated for files that stand with somebody's edits: the base of the next merge. */
  private readonly bases = new Map<string, string>();
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
    this.owned.set(path, [pristineOf(content)]);
    const { force, bases, ownership } = this.input;
    const present = this.standing(path);
    const ours = ownership.get(path);
    const merging = bases !== undefined && force !== true;
    const branches = merging ? this.input.branches?.get(path) : undefined;
    if (isMachinery(path)) this.put(path, content, 'generated');
    else if (branches !== undefined && typeof content === 'string') this.settle(path, content, branches);
    else if (present === undefined) {
      if (merging && ours !== undefined && !this.input.links?.has(path)) this.leaveDeleted(path);
      else this.put(path, content, 'generated');
    } else if (sameContent(present, content) || (ours !== undefined && isPristine(present, ours)))
      this.put(path, content, 'generated');
    else if (ours === undefined) this.refuseUnowned(path);
    else if (force === true) this.put(path, content, 'generated', true);
    else if (merging && typeof present === 'string' && typeof content === 'string') this.merge(path, present, content);
    else this.conflicts.push({ path, action: 'overwrite', difference: fileDifference(path, present, content) });
  }

  /** What stands at a path, as it is to be taken. */
  private standing(path: string): FileContent | undefined {
    const { meant, present } = this.input;
    return meant?.has(path) ? meant.get(path) : present.get(path);
  }

  /** Brings together what people made of a file and what is generated now. */
  private merge(path: string, present: string, content: string): void {
    if (hasConflictMarkers(present)) {
      const message = `${path} holds a conflict that nobody resolved yet`;
      this.refuse(path, 'unresolved', message, `Edit it (or: git mergetool ${shellWord(path)}), then run again.`);
      return;
    }
    const bases = this.input.bases?.get(path) ?? [];
    // Generated now as it was before: that is known to be a base without any history.
    const known = this.wasGenerated(path, content) ? new Set([content, ...bases]) : new Set(bases);
    this.take(path, content, present, mergeEdited([...known], present, content));
  }

  /** A file that git left in conflict: generated anew, with what people made of it on either branch. */
  private settle(path: string, content: string, branches: Branches): void {
    const { ours, theirs } = branches;
    const pristine = this.input.ownership.get(path) ?? [];
    const [left, bases = []] = ours === undefined ? [theirs, branches.theirsBases] : [ours, branches.oursBases];
    if ((ours === undefined || theirs === undefined) && !isEdited(left, bases, pristine)) {
      // One branch took the file away and the other has it as it was generated: the removal stays, as it does without a merge.
      this.leaveDeleted(path);
      return;
    }
    const merged = mergeBranches(branches, this.input.bases?.get(path) ?? [], content, (text) =>
      isPristine(text, pristine),
    );
    if (merged.edited) this.take(path, merged.theirs, merged.ours, merged, content);
    else this.put(path, content, 'generated');
  }

  /** A file that a person deleted; what a merge left at its path goes. */
  private leaveDeleted(path: string): void {
    const previous = this.input.present.get(path);
    if (previous !== undefined) this.deletes.set(path, { path, previous, role: 'generated' });
    this.kept.push({ path, reason: 'deleted' });
  }

  /** Writes a merge, or keeps it as a conflict. `generated` is the base of the next one. */
  private take(path: string, theirs: string, ours: string, merge: EditedMerge, generated = theirs): void {
    if (merge.conflicts === 0 && merge.text === generated) {
      // Nothing of people is in it (any more): what git put together of two branches, or an edit that is generated now.
      this.put(path, generated, 'generated');
      return;
    }
    this.bases.set(path, generated);
    if (merge.conflicts === 0) {
      this.merged.push({ path, changed: merge.text !== ours });
      this.put(path, merge.text, 'generated');
    } else this.clash(path, ours, theirs, merge);
  }

  private clash(path: string, ours: string, theirs: string, merge: EditedMerge): void {
    const present = this.input.present.get(path);
    this.conflicts.push({
      path,
      action: 'merge',
      difference: fileDifference(path, present, merge.text),
      sides: {
        marked: merge.text,
        ours,
        theirs,
        ...(merge.base === undefined ? {} : { base: merge.base }),
        ...(typeof present === 'string' && present !== ours ? { present } : {}),
      },
    });
  }

  private wasGenerated(path: string, content: string): boolean {
    return isPristine(content, this.input.ownership.get(path) ?? []);
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
    const stands = this.standing(path);
    // A file that was generated and is now edited on demand, or seeded, has become one of people's.
    if (this.result.has(path) || this.input.seeds?.has(path)) return;
    const branches = this.input.force === true ? undefined : this.input.branches?.get(path);
    if (branches !== undefined && previous !== undefined) {
      this.removeOfBoth(path, previous, branches, pristine);
      return;
    }
    if (stands === undefined) {
      if (previous !== undefined && this.input.meant?.has(path))
        this.deletes.set(path, { path, previous, role: 'generated' });
      return;
    }
    const forced = !isPristine(stands, pristine) && !this.isMixture(path, stands, pristine);
    if (forced && this.input.force !== true && this.input.bases !== undefined) {
      this.kept.push({ path, reason: 'edited' });
      if (stands !== previous) this.put(path, stands, 'generated');
    } else if (previous === undefined) return;
    else if (forced && this.input.force !== true)
      this.conflicts.push({ path, action: 'remove', difference: fileDifference(path, previous, undefined) });
    else this.deletes.set(path, { path, previous, role: 'generated', ...(forced ? { forced } : {}) });
  }

  /** Whether git put a text together from what two branches generated, and nobody wrote a line of it. */
  private isMixture(path: string, text: FileContent, pristine: readonly Pristine[]): boolean {
    const bases = this.input.bases?.get(path) ?? [];
    if (typeof text !== 'string' || pristine.length < 2 || bases.length < pristine.length) return false;
    const known = new Set(bases.flatMap(linesOf));
    return linesOf(text).every((line) => known.has(line));
  }

  /** A file that git left in conflict, and that is generated no more: what people made of it on either branch stays. */
  private removeOfBoth(path: string, previous: FileContent, branches: Branches, pristine: readonly Pristine[]): void {
    const { ours, theirs, oursBases = [], theirsBases = [] } = branches;
    const left = [
      ...(isEdited(ours, oursBases, pristine) ? [ours] : []),
      ...(isEdited(theirs, theirsBases, pristine) ? [theirs] : []),
    ];
    const [one, two = one] = left;
    if (one === undefined || two === undefined) {
      this.deletes.set(path, { path, previous, role: 'generated' });
      return;
    }
    const merge = one === two ? undefined : mergeEdited([...oursBases, ...theirsBases], one, two);
    if (merge !== undefined && merge.conflicts > 0) this.clash(path, one, two, merge);
    else {
      this.kept.push({ path, reason: 'edited' });
      this.put(path, merge?.text ?? one, 'generated');
    }
  }

  /** The records themselves: written like any other file, and removed where their unit is gone. */
  record(): void {
    const limit = this.input.maxDeletes;
    if (limit !== undefined && this.deletes.size > limit) this.refuseMassDeletion(limit);
    const records = writeOwnership(this.owned);
    for (const [path, text] of records) this.put(path, text, 'record');
    for (const [path, text] of this.bases) this.put(basePath(path), text, 'record');
    for (const [path, previous] of this.input.present)
      if (isRecord(path) ? !records.has(path) : this.isDeadBase(path))
        this.deletes.set(path, { path, previous, role: 'record' });
  }

  /** The base of a file that is as it was generated again, or not ours any more. */
  private isDeadBase(path: string): boolean {
    const of = isBasePath(path);
    if (of === undefined || this.bases.has(of)) return false;
    return this.input.scope?.(of) ?? true;
  }

  finish(): Changeset {
    return {
      writes: sorted([...this.writes.values()]),
      deletes: sorted([...this.deletes.values()]),
      unchanged: this.unchanged.sort(byCodeUnit),
      conflicts: sorted(this.conflicts),
      merged: sorted(this.merged),
      kept: sorted(this.kept),
      refused: sorted([...this.refused.values()]),
      ownership: this.owned,
      result: this.result,
      ...(this.input.inputs === undefined ? {} : { inputs: this.input.inputs }),
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

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/u);
}

/** Whether a branch's text holds something that the tool did not write there. */
function isEdited(text: string | undefined, bases: readonly string[], pristine: readonly Pristine[]): text is string {
  return text !== undefined && !bases.includes(text) && !isPristine(text, pristine);
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

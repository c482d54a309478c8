import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FileMap } from '../files/file-map.js';
import { dirname } from '../files/path.js';
import { blockingError, type Changeset } from '../publish/changeset.js';
import { bytesOf, sha256 } from '../publish/digest.js';
import { ioError, StateError } from '../publish/errors.js';
import { onInterrupt } from './interrupt.js';
import {
  encodeJournal,
  JOURNAL,
  type Journal,
  type JournalDelete,
  type JournalWrite,
  type RefMove,
  readJournal,
} from './journal.js';
import { acquireLock, holds, type LockHolder, type LockOptions, releaseLock, sweepLocks } from './lock.js';
import { RUN_FOLDER } from './read-tree.js';
import { type Fault, TargetFs } from './target-fs.js';

/** Makes a commit the point of no return in place of the journal: see `src/io/commit.ts`. */
export interface CommitPoint {
  /** Builds everything but the move of the ref; undefined where there is nothing to commit. `scratch` is a folder for scraps. */
  prepare(scratch: string): Promise<RefMove | undefined>;
  /** Moves the ref, or throws and moves nothing. */
  move(move: RefMove): Promise<void>;
  /** Brings the index after the commit. May be repeated. */
  settle(move: RefMove): Promise<void>;
}

export interface ApplyOptions extends LockOptions {
  readonly commit?: CommitPoint;
  readonly fault?: Fault;
}

export interface ApplyResult {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** The commit that was made. */
  readonly commit?: string;
}

export type Recovery = 'none' | 'finished' | 'undone';

export interface RecoverOptions extends LockOptions {
  readonly fault?: Fault;
  /** Whether a move took place: its commit is an ancestor of the ref. */
  readonly reached?: (move: RefMove) => Promise<boolean>;
  readonly settle?: (move: RefMove) => Promise<void>;
}

/**
 * Writes a changeset as one step: everything is staged and on the disk, then the journal gets its name (or the ref moves),
 * then the files get theirs. Killed before that point, nothing has changed; killed after it, the next run finishes.
 * Throws StateError where the target is not as it was planned on, where something blocks, or where another run works here;
 * IoError where the system refuses. Either way no file of the target has changed, unless the message says that the next run finishes.
 */
export async function applyChangeset(
  root: string,
  changeset: Changeset,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const blocked = blockingError(changeset);
  if (blocked !== undefined) throw blocked;
  if (changeset.writes.length + changeset.deletes.length === 0 && options.commit === undefined)
    return { written: [], deleted: [] };
  const fs = new TargetFs(root, options.fault, true);
  const run = await Run.open(fs, options);
  try {
    if (readJournal(fs) !== undefined)
      throw new StateError('journal-waits', 'an interrupted run has to be finished first', 'Run again.', [JOURNAL]);
    const entries = run.plan(changeset);
    run.verify(entries, changeset.inputs);
    run.probe(entries);
    await run.stage(changeset, entries);
    const move = await options.commit?.prepare(join(fs.root, run.stageFolder));
    options.fault?.('commit is built');
    await run.commit(entries, move);
    options.fault?.('journal is there');
    if (move !== undefined) await run.moveRef(options.commit as CommitPoint, move);
    options.fault?.('ref is moved');
    await run.publish(entries);
    options.fault?.('files are there');
    if (move !== undefined) await options.commit?.settle(move);
    options.fault?.('index is settled');
    await run.finish();
    return {
      written: changeset.writes.map((one) => one.path),
      deleted: changeset.deletes.map((one) => one.path),
      ...(move === undefined ? {} : { commit: move.to }),
    };
  } finally {
    run.close();
  }
}

/**
 * Ends what an interrupted run left behind: finishes it where it had reached its point of no return, else removes its traces.
 * To be called before a target is read. Throws StateError where somebody changed the files in between.
 */
export async function recover(root: string, options: RecoverOptions = {}): Promise<Recovery> {
  let fs: TargetFs;
  try {
    fs = new TargetFs(root, options.fault);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'none';
    throw error;
  }
  if (fs.list(RUN_FOLDER).length === 0) {
    if (fs.kind(RUN_FOLDER) === 'folder' && fs.removeEmptyFolder(RUN_FOLDER)) fs.removeEmptyFolder(dirname(RUN_FOLDER));
    return 'none';
  }
  const run = await Run.open(fs, options);
  try {
    return await run.recover(options);
  } finally {
    run.close();
  }
}

/** One holder of the lock at work. */
class Run {
  private readonly forget: () => void;

  private constructor(
    private readonly fs: TargetFs,
    private readonly holder: LockHolder,
  ) {
    this.forget = onInterrupt(() => this.close());
  }

  static async open(fs: TargetFs, options: LockOptions): Promise<Run> {
    fs.makeFolder(RUN_FOLDER);
    const run = new Run(fs, await acquireLock(fs, options));
    try {
      // What a killed run leaves must not be committed by a "git add" in between.
      if (fs.kind(IGNORE) === undefined) fs.create(IGNORE, Buffer.from('*\n'));
      return run;
    } catch (error) {
      run.close();
      throw error;
    }
  }

  get stageFolder(): string {
    return `${RUN_FOLDER}/stage.${this.holder.id}`;
  }

  plan(changeset: Changeset): Journal['entries'] {
    const deletes = changeset.deletes.map(
      (one): JournalDelete => ({ op: 'delete', path: one.path, before: sha256(one.previous) }),
    );
    const writes = changeset.writes.map(
      (one, index): JournalWrite => ({
        op: 'write',
        path: one.path,
        stage: `${this.stageFolder}/${index}`,
        after: sha256(one.content),
        ...(one.previous === undefined ? {} : { before: sha256(one.previous) }),
      }),
    );
    return [...deletes, ...writes];
  }

  /** Every file is as it was when the changeset was planned. */
  verify(entries: Journal['entries'], inputs: FileMap = new Map()): void {
    const read = [...inputs].filter(([path, content]) => this.state(path) !== sha256(content)).map(([path]) => path);
    const emptied = new Set(entries.flatMap((one) => (one.op === 'delete' ? ancestors(one.path) : [])));
    const removed = new Map(
      entries.flatMap((one) => (one.op === 'delete' ? [[folded(one.path), one.before] as const] : [])),
    );
    const changed = entries.filter((one) => {
      const now = this.state(one.path);
      // On a disk that folds case, the file under its old spelling shows under the new one.
      if (one.before === undefined && now !== undefined && now === removed.get(folded(one.path))) return false;
      return now === 'folder' ? one.op === 'delete' || !emptied.has(one.path) : now !== one.before;
    });
    const paths = [...read, ...changed.map((one) => one.path)];
    if (paths.length > 0)
      throw new StateError(
        'changed',
        `${paths[0]} changed since the run looked at it`,
        'Run again: nothing was written.',
        paths,
      );
  }

  /** Finds folders we may not write to before anything is written. */
  probe(entries: Journal['entries']): void {
    const folders = new Set(
      entries.map((one) => ancestors(one.path).findLast((path) => this.fs.kind(path) === 'folder')),
    );
    for (const folder of folders) this.refuseForeignRepository(folder);
    for (const folder of folders)
      try {
        accessSync(folder === undefined ? this.fs.root : join(this.fs.root, folder), constants.W_OK | constants.X_OK);
      } catch (error) {
        throw ioError(error, 'write to', folder ?? '.');
      }
  }

  /** A folder below the root with a `.git` of its own is a submodule or another clone: its files are not ours to write. */
  private refuseForeignRepository(folder: string | undefined): void {
    for (const above of folder === undefined ? [] : [...ancestors(folder), folder])
      if (existsSync(join(this.fs.root, above, '.git')))
        throw new StateError(
          'submodule',
          `${above} is a git repository of its own (a submodule?)`,
          'Run gitops-gen inside it, or move the generated files elsewhere.',
          [above],
        );
  }

  async stage(changeset: Changeset, entries: Journal['entries']): Promise<void> {
    this.fs.makeFolder(this.stageFolder);
    const contents = new Map(changeset.writes.map((one) => [one.path, one.content]));
    const staged: string[] = [];
    for (const entry of entries) {
      if (entry.op === 'delete') continue;
      const mode = entry.before === undefined ? undefined : this.fs.mode(entry.path);
      this.fs.write(entry.stage, bytesOf(contents.get(entry.path) ?? ''), mode);
      staged.push(entry.stage);
    }
    await this.fs.sync(staged);
    await this.fs.syncFolders([this.stageFolder]);
  }

  /** The point of no return of a folder: the journal gets its name, which only one run can give it. */
  async commit(entries: Journal['entries'], move: RefMove | undefined): Promise<void> {
    const journal: Journal = {
      version: 1,
      id: this.holder.id,
      entries,
      ...(move === undefined ? {} : { commit: move }),
    };
    const draft = `${this.stageFolder}/journal`;
    this.fs.create(draft, encodeJournal(journal));
    await this.fs.syncFolders([this.stageFolder]);
    if (!holds(this.fs, this.holder) || !this.fs.claim(draft, JOURNAL))
      throw new StateError('locked', 'another run took over this target', 'Run again: nothing was written.', [JOURNAL]);
    try {
      this.verify(entries);
    } catch (error) {
      this.fs.remove(JOURNAL);
      throw error;
    }
    await this.fs.syncFolders([RUN_FOLDER]);
  }

  async moveRef(point: CommitPoint, move: RefMove): Promise<void> {
    try {
      await point.move(move);
    } catch (error) {
      this.fs.remove(JOURNAL);
      throw error;
    }
  }

  /** Gives every staged file its name. Repeatable: what was done already is left. */
  async publish(entries: Journal['entries']): Promise<void> {
    const touched = new Set<string>();
    const twins = new Map(entries.flatMap((one) => (one.op === 'write' ? [[folded(one.path), one] as const] : [])));
    for (const entry of entries)
      if (entry.op === 'delete') this.publishDelete(entry, twins.get(folded(entry.path)), touched);
    for (const entry of entries) if (entry.op === 'write') this.publishWrite(entry, touched);
    await this.fs.syncFolders([...touched]);
  }

  /**
   * `twin` has the same path in other letters: on a disk that folds case it answers to this path once it is written, and must
   * not be removed under the old name.
   */
  private publishDelete(entry: JournalDelete, twin: JournalWrite | undefined, touched: Set<string>): void {
    if (twin !== undefined && this.state(twin.stage) === undefined) return;
    const now = this.state(entry.path);
    // A folder here was made by this very journal, in place of the file.
    if (now === 'folder') return;
    if (now !== undefined) {
      if (now !== entry.before) throw this.meddled(entry.path);
      this.fs.remove(entry.path);
    }
    let folder = dirname(entry.path);
    while (folder !== '' && this.fs.kind(folder) !== 'file' && this.fs.removeEmptyFolder(folder))
      folder = dirname(folder);
    touched.add(folder);
  }

  private publishWrite(entry: JournalWrite, touched: Set<string>): void {
    const folder = dirname(entry.path);
    touched.add(folder);
    const staged = this.state(entry.stage);
    const now = this.state(entry.path);
    if (staged === undefined) {
      if (now !== entry.after) throw this.meddled(entry.path);
      return;
    }
    if (staged !== entry.after) throw this.meddled(entry.stage);
    if (now !== undefined && now !== entry.before && now !== entry.after) throw this.meddled(entry.path);
    if (folder !== '') for (const made of this.fs.makeFolder(folder)) touched.add(dirname(made));
    this.fs.rename(entry.stage, entry.path);
  }

  private meddled(path: string): StateError {
    return new StateError(
      'journal',
      `${path} was changed after a run was interrupted, and that run would replace it`,
      `Copy your change elsewhere and undo it, then run again; or keep the files as they are: rm -r ${RUN_FOLDER}`,
      [path],
    );
  }

  async recover(options: RecoverOptions): Promise<Recovery> {
    const journal = readJournal(this.fs);
    if (journal === undefined) return this.hasStage() ? 'undone' : 'none';
    if (journal.commit !== undefined && !(await this.reached(journal.commit, options))) {
      this.fs.remove(JOURNAL);
      return 'undone';
    }
    await this.publish(journal.entries);
    if (journal.commit !== undefined) await this.settle(journal.commit, options);
    await this.finish();
    return 'finished';
  }

  private async reached(move: RefMove, options: RecoverOptions): Promise<boolean> {
    if (options.reached !== undefined) return options.reached(move);
    const { openGit } = await import('./git.js');
    return (await openGit(this.fs.root)).reached(move);
  }

  private async settle(move: RefMove, options: RecoverOptions): Promise<void> {
    if (options.settle !== undefined) return options.settle(move);
    const [{ openGit }, { GitCommits }] = await Promise.all([import('./git.js'), import('./git-commit.js')]);
    return new GitCommits(await openGit(this.fs.root)).settleIndex(move);
  }

  /** All files have their names and are on the disk: the journal is not needed any more. */
  async finish(): Promise<void> {
    this.fs.remove(JOURNAL);
    await this.fs.syncFolders([RUN_FOLDER]);
  }

  private hasStage(): boolean {
    return this.fs.list(RUN_FOLDER).some((name) => name.startsWith('stage.'));
  }

  /**
   * Takes away every trace, unless a journal waits for the next run. Errors stay silent here: either the work is done, or
   * the first error is already on its way.
   */
  close(): void {
    this.forget();
    try {
      if (holds(this.fs, this.holder) && this.fs.kind(JOURNAL) === undefined) this.sweep();
      releaseLock(this.fs, this.holder);
      if (this.fs.list(RUN_FOLDER).every((name) => name === '.gitignore')) {
        this.fs.remove(IGNORE);
        this.fs.removeEmptyFolder(RUN_FOLDER);
        this.fs.removeEmptyFolder(dirname(RUN_FOLDER));
      }
    } catch {
      // See above.
    }
  }

  private sweep(): void {
    sweepLocks(this.fs, this.holder);
    for (const name of this.fs.list(RUN_FOLDER).filter((one) => one.startsWith('stage.'))) {
      const folder = `${RUN_FOLDER}/${name}`;
      for (const file of this.fs.list(folder)) this.fs.remove(`${folder}/${file}`);
      this.fs.removeEmptyFolder(folder);
    }
  }

  /** SHA-256 of the file at a path, `folder`, or undefined where nothing stands. */
  private state(path: string): string | undefined {
    const content = this.fs.content(path);
    return content === undefined || content === 'folder' ? content : sha256(content);
  }
}

const IGNORE = `${RUN_FOLDER}/.gitignore`;

function folded(path: string): string {
  return path.toLowerCase();
}

function ancestors(path: string): string[] {
  const out: string[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) out.push(path.slice(0, slash));
  return out;
}

import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FileContent } from '../files/file-map.js';
import type { ConflictSides } from '../publish/changeset.js';
import { blobId, bytesOf } from '../publish/digest.js';
import { StateError } from '../publish/errors.js';
import { type Git, GitError, type GitHead } from './git.js';
import type { RefMove } from './journal.js';

/** One path of a commit to be made: its content, or null for a removal. Paths are relative to the target's root. */
export type CommitContents = ReadonlyMap<string, FileContent | null>;

export interface CommitRequest {
  readonly contents: CommitContents;
  readonly message: string;
  /** Where the private index may live: an absolute path of a folder that goes away by itself. */
  readonly scratch: string;
  /** Sign where commit.gpgsign asks for it. Default true; false is `--no-sign`. */
  readonly sign?: boolean;
  /** Author and committer date, seconds since 1970 (SOURCE_DATE_EPOCH). Default: now. */
  readonly epoch?: number;
}

/** States in which git waits for somebody, by the file that says so. */
const IN_PROGRESS: readonly (readonly [string, string])[] = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
];

/** Builds commits beside the work tree and the index of the user. Paths are relative to the folder the repository was opened at. */
export class GitCommits {
  constructor(private readonly git: Git) {}

  /**
   * Builds a commit on top of HEAD in the object store: no ref, no index, no file of the work tree changes. Undefined where
   * HEAD holds all of it already. Throws StateError where a commit would be refused or would lose something.
   */
  async build(request: CommitRequest): Promise<RefMove | undefined> {
    const [head, settings] = await Promise.all([this.git.head(), this.settings()]);
    const ref = await this.refuseUnready(head, settings);
    await this.refuseFiltered(request.contents);
    await this.refuseStaged(head, request.contents);
    const tree = await this.treeOn(head.commit, request.contents, request.scratch);
    const before = head.commit === undefined ? await this.emptyTree() : `${head.commit}^{tree}`;
    const changed = await this.git.git(['diff-tree', '-r', '-z', '--no-renames', '--name-only', before, tree]);
    const paths = changed.split('\0').filter((path) => path !== '');
    if (paths.length === 0) return undefined;
    const parents = head.commit === undefined ? [] : [head.commit];
    const to = await this.commitTree(tree, parents, request, settings);
    const inside = paths.map((path) => path.slice(this.git.prefix.length));
    return { ref, to, paths: inside, ...(head.commit === undefined ? {} : { from: head.commit }) };
  }

  /** The tree of a commit with these contents in it, in the object store. `scratch`: an absolute folder for the private index. */
  async treeOn(commit: string | undefined, contents: CommitContents, scratch: string): Promise<string> {
    const index = { GIT_INDEX_FILE: join(scratch, `index-${randomUUID()}`) };
    await this.git.feed(['read-tree', ...(commit === undefined ? ['--empty'] : [commit])], { env: index });
    await this.writeBlobs(contents);
    await this.git.feed(['update-index', '-z', '--index-info'], { env: index, input: this.indexInfo(contents) });
    return (await this.git.feed(['write-tree'], { env: index })).toString('utf8').trim();
  }

  /**
   * A commit of a tree beside every branch, in the object store. Throws StateError where the repository is in no state for it, or
   * where git attributes would store other bytes than `contents`.
   */
  async commitBeside(
    tree: string,
    parents: readonly string[],
    request: Pick<CommitRequest, 'contents' | 'message' | 'sign' | 'epoch'>,
  ): Promise<string> {
    await this.refuseFiltered(request.contents);
    return this.commitTree(tree, parents, request, await this.settings());
  }

  private async commitTree(
    tree: string,
    parents: readonly string[],
    request: Pick<CommitRequest, 'message' | 'sign' | 'epoch'>,
    settings: Settings,
  ): Promise<string> {
    const sign = settings['commit.gpgsign'] === 'true' && request.sign !== false;
    const date = request.epoch === undefined ? undefined : `@${Math.floor(request.epoch)} +0000`;
    const env = date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    try {
      const signing = sign ? ['-S'] : ['--no-gpg-sign'];
      const args = ['commit-tree', ...signing, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-', tree];
      return (await this.git.git(args, { env, input: `${request.message.trimEnd()}\n` })).trim();
    } catch (error) {
      if (sign && error instanceof GitError && /sign/u.test(error.stderr))
        throw new StateError(
          'signing',
          `the commit could not be signed: ${error.stderr.trim()}`,
          'Make "git commit -S" work in this terminal (export GPG_TTY=$(tty)), or commit without a signature: --no-sign',
        );
      throw error;
    }
  }

  /** Brings the entries of these paths in the real index to the commit, so that `git status` shows them clean. Repeatable. */
  async settleIndex(move: RefMove): Promise<void> {
    const wanted = new Set(move.paths);
    const entries = await this.git.listTree(move.to);
    const now = new Map(entries.filter((one) => wanted.has(one.path)).map((one) => [one.path, one.id]));
    const lines = [...move.paths]
      .sort((a, b) => Number(now.has(a)) - Number(now.has(b)))
      .map((path) => this.indexLine(path, now.get(path)));
    await this.withIndexLock(() => this.git.feed(['update-index', '-z', '--index-info'], { input: lines.join('') }));
    const there = [...now.keys()].filter((path) => isFile(join(this.git.top, this.git.prefix, path)));
    if (there.length === 0) return;
    const input = there.map((path) => `${this.git.prefix}${path}\0`).join('');
    const refresh = ['add', '--refresh', '--pathspec-from-file=-', '--pathspec-file-nul'];
    await this.withIndexLock(() => this.git.feed(refresh, { input }));
  }

  /**
   * Tells the index of conflicts, as `git merge` would: stage 1 is the base (left out where none is known), 2 what stands in the
   * file, 3 what is generated now. So `git status`, `git diff` and every mergetool know them.
   */
  async stageConflicts(stages: ReadonlyMap<string, ConflictSides>): Promise<void> {
    if (stages.size === 0) return;
    const texts = [...stages.values()].flatMap(({ base, ours, theirs }) => [
      ours,
      theirs,
      ...(base === undefined ? [] : [base]),
    ]);
    await this.writeBlobs(new Map(texts.map((text, index) => [String(index), text])));
    const lines = [...stages].map(([path, { base, ours, theirs }]) => {
      const sides = [base, ours, theirs].flatMap((text, index) =>
        text === undefined ? [] : [`100644 ${this.idOf(text)} ${index + 1}\t${this.git.prefix}${path}\0`],
      );
      return [this.indexLine(path, undefined), ...sides].join('');
    });
    await this.withIndexLock(() => this.git.feed(['update-index', '-z', '--index-info'], { input: lines.join('') }));
  }

  /** Puts contents into the index, as `git add` and `git rm --cached` would, without filters; conflicts of these paths are over. */
  async stage(contents: CommitContents): Promise<void> {
    if (contents.size === 0) return;
    await this.writeBlobs(contents);
    // An entry is taken out first: that takes all its stages.
    const gone = [...contents.keys()].map((path) => this.indexLine(path, undefined)).join('');
    const input = `${gone}${this.indexInfo(contents)}`;
    await this.withIndexLock(() => this.git.feed(['update-index', '-z', '--index-info'], { input }));
  }

  /** Another git command may hold the index for a moment. */
  private async withIndexLock(work: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt += 1)
      try {
        await work();
        return;
      } catch (error) {
        if (attempt === 20 || !(error instanceof GitError) || !error.stderr.includes('index.lock')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
      }
  }

  private indexInfo(contents: CommitContents): string {
    const removals = [...contents].filter(([, content]) => content === null);
    const files = [...contents].filter(([, content]) => content !== null);
    return [...removals, ...files].map(([path, content]) => this.indexLine(path, this.idOf(content))).join('');
  }

  /** Generated files are plain files in every repository, whatever umask and core.fileMode say. */
  private indexLine(path: string, id: string | undefined): string {
    const width = this.git.format === 'sha256' ? 64 : 40;
    return `${id === undefined ? `0 ${'0'.repeat(width)}` : `100644 ${id}`}\t${this.git.prefix}${path}\0`;
  }

  private idOf(content: FileContent | null): string | undefined {
    return content === null ? undefined : blobId(content, this.git.format);
  }

  /** Brings the contents that are not there yet into the object store, as the bytes they are. */
  private async writeBlobs(contents: CommitContents): Promise<void> {
    const byId = new Map<string, FileContent>();
    for (const content of contents.values()) if (content !== null) byId.set(blobId(content, this.git.format), content);
    if (byId.size === 0) return;
    const known = await this.git.git(['cat-file', '--batch-check'], { input: `${[...byId.keys()].join('\n')}\n` });
    const missing = known.split('\n').filter((line) => line.endsWith(' missing'));
    if (missing.length === 0) return;
    const parts = missing.flatMap((line) => {
      const bytes = bytesOf(byId.get(line.split(' ')[0] ?? '') ?? '');
      return [Buffer.from(`blob\ndata ${bytes.length}\n`), bytes, Buffer.from('\n')];
    });
    await this.git.feed(['fast-import', '--quiet', '--done'], {
      input: Buffer.concat([...parts, Buffer.from('done\n')]),
    });
  }

  private async refuseUnready(head: GitHead, settings: Settings): Promise<string> {
    if (head.ref === undefined)
      throw new StateError(
        'detached',
        'HEAD is on no branch, so a commit would be lost',
        'Switch to a branch: git switch -c NAME',
      );
    const flags = IN_PROGRESS.flatMap(([file]) => ['--git-path', file]);
    const paths = (await this.git.git(['rev-parse', ...flags])).split('\n');
    const waiting = IN_PROGRESS.find((_one, index) => exists(resolve(this.git.top, paths[index] ?? '')));
    if (waiting !== undefined)
      throw new StateError(
        'in-progress',
        `a ${waiting[1]} is not finished`,
        'Finish or abort it first (git status shows how).',
      );
    if (settings['core.sparsecheckout'] === 'true')
      throw new StateError(
        'filtered',
        'this is a sparse checkout: files of the target may be hidden',
        'Run "git sparse-checkout disable", or work in a full clone.',
      );
    return head.ref;
  }

  /** The two settings of the repository that matter here; in a file of several values the last one holds. */
  private async settings(): Promise<Settings> {
    const pattern = '^(core\\.sparsecheckout|commit\\.gpgsign)$';
    const text = await this.git.ask(['config', '--type=bool', '--null', '--get-regexp', pattern]);
    return Object.fromEntries((text ?? '').split('\0').map((one) => one.trim().split('\n') as [string, string]));
  }

  /** A filter (Git LFS and the like) or another encoding would commit other bytes than those that were checked. */
  private async refuseFiltered(contents: CommitContents): Promise<void> {
    const paths = [...contents].filter(([, content]) => content !== null).map(([path]) => path);
    if (paths.length === 0) return;
    const input = paths.map((path) => `${this.git.prefix}${path}\0`).join('');
    const attributes = ['filter', 'working-tree-encoding', 'ident'];
    const fields = (await this.git.git(['check-attr', '-z', '--stdin', ...attributes], { input })).split('\0');
    for (let at = 0; at + 2 < fields.length; at += 3) {
      const [path = '', attribute = '', value = ''] = fields.slice(at, at + 3);
      if (value !== 'unspecified' && value !== 'unset')
        throw new StateError(
          'filtered',
          `git attributes give ${path} the ${attribute} ${value}, so git would not store what was generated`,
          `Add "${path} -filter -ident !working-tree-encoding" (or the folder) to .gitattributes.`,
          [path.slice(this.git.prefix.length)],
        );
    }
  }

  /** What is staged for our paths and stands neither in HEAD nor in what we commit would be lost without a trace. */
  private async refuseStaged(head: GitHead, contents: CommitContents): Promise<void> {
    const base = head.commit ?? (await this.emptyTree());
    const flags = ['--cached', '--raw', '-z', '--no-renames', '--abbrev=64', '--ignore-submodules'];
    const where = this.git.prefix === '' ? '.' : this.git.prefix;
    const fields = (await this.git.feed(['diff-index', ...flags, base, '--', where])).toString('utf8').split('\0');
    const lost: string[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [, , , id = '', status = ''] = (fields[at] ?? '').split(' ');
      const path = (fields[at + 1] ?? '').slice(this.git.prefix.length);
      const content = contents.get(path);
      // U: a conflict. What the plan read in the file is its resolution; its sides are not lost, they stand in commits.
      const same =
        id === (this.idOf(content ?? null) ?? '') || (status === 'D' && content !== undefined) || status === 'U';
      if (content !== undefined && !same && !this.standsInWorkTree(path, id)) lost.push(path);
    }
    if (lost.length > 0)
      throw new StateError(
        'dirty',
        `${lost[0]} is staged with another content than the one to be committed`,
        `Unstage it (git restore --staged -- ${this.git.prefix}${lost[0]}) or commit it first.`,
        lost,
      );
  }

  /** The staged version is the one on the disk: the plan has judged it there. */
  private standsInWorkTree(path: string, id: string): boolean {
    try {
      const absolute = join(this.git.top, this.git.prefix, path);
      return lstatSync(absolute).isFile() && blobId(readFileSync(absolute), this.git.format) === id;
    } catch {
      return false;
    }
  }

  private async emptyTree(): Promise<string> {
    return (await this.git.git(['hash-object', '-t', 'tree', '-w', '--stdin'], { input: '' })).trim();
  }
}

type Settings = Readonly<Record<string, string>>;

function exists(absolute: string): boolean {
  return lstatSync(absolute, { throwIfNoEntry: false }) !== undefined;
}

function isFile(absolute: string): boolean {
  return lstatSync(absolute, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Why the state of the target makes us refuse (exit 3). */
export type StateReason =
  | 'edited' // a generated file was changed by hand
  | 'unresolved' // a file holds the markers of an earlier conflict
  | 'unowned' // a file that is not ours stands where a generated one must go
  | 'changed' // a file changed between planning and writing
  | 'dirty' // the git index holds something the commit would lose
  | 'locked' // another run works on the same target
  | 'diverged' // the branch moved on
  | 'detached' // HEAD is on no branch
  | 'in-progress' // a merge, rebase or cherry-pick waits to be finished
  | 'unsafe-path' // a path leaves the root, or leads through a link
  | 'mass-deletion' // most of what is owned would be removed
  | 'journal' // a left-over of an earlier run that cannot be finished safely
  | 'journal-waits' // an interrupted run has to be finished before this one
  | 'submodule' // the target lies in another repository
  | 'filtered' // git attributes would change what is committed
  | 'signing' // commit.gpgsign is set and signing failed
  | 'identity' // git does not know who commits
  | 'no-repository'
  | 'order' // the order of environments or phases is not kept
  | 'not-found'; // a revision or remote that is not there

/** The target is in a state in which we do not write. Nothing was written. The command line exits with 3. */
export class StateError extends Error {
  override readonly name = 'StateError';

  constructor(
    readonly reason: StateReason,
    message: string,
    /** What to do, with the exact command where there is one. */
    readonly hint: string,
    /** Paths that are concerned, relative to the root. */
    readonly paths: readonly string[] = [],
  ) {
    super(message);
  }
}

/** The system refused (full disk, no permission, a program that is not there, a time-out). The command line exits with 3. */
export class IoError extends Error {
  override readonly name = 'IoError';

  constructor(
    message: string,
    readonly hint: string,
    /** The errno name (`ENOSPC`, `EACCES`, …), where the system gave one. */
    readonly code?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: make room and run again; nothing was half-written.',
  EDQUOT: 'The disk quota is used up: make room and run again; nothing was half-written.',
  EACCES: 'Give the user that runs gitops-gen permission to that path, or choose another folder.',
  EPERM: 'Give the user that runs gitops-gen permission to that path, or choose another folder.',
  EROFS: 'The file system is read-only: choose another folder.',
  EMFILE: 'Too many open files: raise the limit (ulimit -n) and run again.',
  ENFILE: 'Too many open files on this machine: close programs and run again.',
  ENAMETOOLONG: 'The path is longer than the file system allows: shorten the name of the model or the folder.',
  EIO: 'The disk reported a fault: check it before you run again.',
  EXDEV: 'A folder below the root is a mount of another file system: run where the whole repository is on one.',
  ENOENT: 'Check that the path exists.',
  ENOTDIR: 'A file stands where a folder is needed: move it away.',
  EISDIR: 'A folder stands where a file is needed: move it away.',
  ELOOP: 'A symbolic link stands in the way: replace it by a real file or folder.',
};

/** The errno name of an error of node:fs or node:child_process, if it is one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns an error of the system into an IoError that names the path; our own errors pass through unchanged. */
export function ioError(error: unknown, doing: string, path: string): Error {
  if (error instanceof IoError || error instanceof StateError) return error;
  const code = errnoOf(error);
  if (code === undefined) return error instanceof Error ? error : new Error(String(error));
  return new IoError(
    `cannot ${doing} ${JSON.stringify(path)}: ${code}`,
    HINTS[code] ?? 'See the message of the system.',
    code,
    {
      cause: error,
    },
  );
}

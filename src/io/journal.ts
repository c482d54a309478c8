import { createHash } from 'node:crypto';
import { StateError } from '../publish/errors.js';
import { RUN_FOLDER } from './read-tree.js';
import type { TargetFs } from './target-fs.js';

/** One move of one ref: what makes a commit of this run real. */
export interface RefMove {
  readonly ref: string;
  /** The commit the ref points to before; undefined where the branch has no commit yet. */
  readonly from?: string;
  readonly to: string;
  /** The paths of the commit, relative to the root, whose entries in the index follow it. */
  readonly paths: readonly string[];
}

export interface JournalWrite {
  readonly op: 'write';
  readonly path: string;
  /** Name of the staged file. */
  readonly stage: string;
  /** SHA-256 of what will be there, and of what was there; `before` is absent for a new file. */
  readonly after: string;
  readonly before?: string;
}

export interface JournalDelete {
  readonly op: 'delete';
  readonly path: string;
  readonly before: string;
}

/** What a run is about to do, complete before the first file of the target changes. */
export interface Journal {
  readonly version: 1;
  readonly id: string;
  /** Removals come first, so that a file can make room for a folder, or for its own name in other letters. */
  readonly entries: readonly (JournalDelete | JournalWrite)[];
  readonly commit?: RefMove;
}

export const JOURNAL = `${RUN_FOLDER}/journal`;

/** The bytes of a journal: JSON, and on a last line the SHA-256 of it, so that a torn one is known. */
export function encodeJournal(journal: Journal): Buffer {
  const text = JSON.stringify(journal);
  return Buffer.from(`${text}\n${digest(text)}\n`);
}

/** The journal of a target, or undefined where there is none. Throws StateError where it is not one of ours. */
export function readJournal(fs: TargetFs): Journal | undefined {
  const bytes = fs.read(JOURNAL);
  if (bytes === undefined) return undefined;
  const [text = '', sum] = bytes.toString('utf8').split('\n');
  if (digest(text) !== sum) throw unusable('is damaged');
  const value = JSON.parse(text) as { readonly version?: unknown };
  if (value.version !== 1) throw unusable('was written by a newer gitops-gen');
  return value as Journal;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function unusable(why: string): StateError {
  return new StateError(
    'journal',
    `the journal of an interrupted run (${JOURNAL}) ${why}`,
    `Finish with the version that wrote it, or look at ${RUN_FOLDER}, keep what you need, and remove that folder.`,
    [JOURNAL],
  );
}

/** Folders and files of the product's own bookkeeping: written by the changeset itself, never asked for by a renderer. */
export const BOOKKEEPING: readonly string[] = ['.gitops-gen/owned', '.gitops-gen/base', '.gitops-gen/run'];

/** Device names that Windows gives every folder, whatever extension follows. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i;

/** What git itself guards against: `.git` and its aliases on file systems that fold case, drop dots or shorten names. */
const GIT_FOLDER = /^(?:\.git|git~\d+)[. ]*(?::.*)?$/i;

/** Characters that HFS+ ignores in names, by which `.g\u200cit` becomes `.git` (list of git's utf8.c, next_hfs_char). */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/**
 * Why a path must not be written, or undefined where it may be: it has to be relative, normalised, inside the root, outside
 * every `.git`, and mean the same file on Linux, macOS and Windows. The string that is judged is the one that is used:
 * nothing is decoded or normalised afterwards.
 */
export function pathFault(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (path.startsWith('/')) return 'is absolute';
  if (/[\u0000-\u001f\u007f-\u009f]/u.test(path)) return 'holds a control character';
  if (path.includes('\\')) return 'holds a backslash';
  if (/[<>:"|?*]/u.test(path)) return 'holds a character that file systems reserve (< > : " | ? *)';
  if (path.normalize('NFC') !== path || /\p{Surrogate}/u.test(path)) return 'is not normalised Unicode (NFC)';
  if (utf8Length(path) > 1024) return 'is longer than 1024 bytes';
  for (const part of path.split('/')) {
    const fault = partFault(part);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function partFault(part: string): string | undefined {
  if (part === '') return 'has an empty part';
  if (part === '.' || part === '..') return `holds "${part}", which leaves its folder`;
  if (GIT_FOLDER.test(part.replace(IGNORED, ''))) return 'lies in a .git folder';
  if (/[. ]$/u.test(part) || part.startsWith(' '))
    return 'has a part that starts with a space or ends with a dot or space';
  if (DEVICE.test(part)) return `has the part ${JSON.stringify(part)}, which is a device on Windows`;
  if (utf8Length(part) > 255) return 'has a part longer than 255 bytes';
  return undefined;
}

/** Whether a path is bookkeeping of the product itself. */
export function isBookkeeping(path: string): boolean {
  return BOOKKEEPING.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/**
 * Locks and schemas: written for the tool and for editors, not for people. What somebody changed in a lock was read as a decision
 * and is written back as one; nothing in them is merged line by line.
 */
export function isMachinery(path: string): boolean {
  return path.startsWith('.gitops-gen/');
}

/** Two paths with one key are one file on a disk that folds case or Unicode forms. */
export function foldedPath(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

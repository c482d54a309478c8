import { createTwoFilesPatch, FILE_HEADERS_ONLY, formatPatch } from 'diff';
import type { FileContent } from '../files/file-map.js';
import { bytesOf } from './digest.js';

/** Edits after which two texts are shown as a whole instead of line by line: the search is quadratic in this number. */
const MAX_EDITS = 2000;

/**
 * The unified difference of two states of one file, as `git diff` prints it: `undefined` stands for a file that is not there.
 * Ends with a newline; empty where both are equal. Bytes that are not text are only said to differ.
 */
export function fileDifference(
  path: string,
  before: FileContent | undefined,
  after: FileContent | undefined,
  names: { readonly before?: string; readonly after?: string } = {},
): string {
  if (before === after) return '';
  const from = names.before ?? (before === undefined ? '/dev/null' : `a/${path}`);
  const to = names.after ?? (after === undefined ? '/dev/null' : `b/${path}`);
  if (isBytes(before) || isBytes(after)) return binaryDifference(path, before, after);
  return textDifference(before ?? '', after ?? '', from, to);
}

/** The unified difference of two texts under the given file names; empty where they are equal. */
export function textDifference(before: string, after: string, from: string, to: string): string {
  if (before === after) return '';
  const options = { context: 3, maxEditLength: MAX_EDITS, headerOptions: FILE_HEADERS_ONLY };
  return createTwoFilesPatch(from, to, before, after, '', '', options) ?? wholeDifference(before, after, from, to);
}

function isBytes(content: FileContent | undefined): content is Uint8Array {
  return content !== undefined && typeof content !== 'string';
}

function binaryDifference(path: string, before: FileContent | undefined, after: FileContent | undefined): string {
  const size = (content: FileContent | undefined) =>
    content === undefined ? 'absent' : `${bytesOf(content).length} bytes`;
  return `Binary file ${quoted(path)} differs: ${size(before)} before, ${size(after)} after\n`;
}

/** Every old line out, every new line in: a correct patch for texts that have little in common. */
function wholeDifference(before: string, after: string, from: string, to: string): string {
  const old = linesOf(before);
  const now = linesOf(after);
  const hunk = {
    oldStart: 1,
    oldLines: old.lines.length,
    newStart: 1,
    newLines: now.lines.length,
    lines: [...side('-', old), ...side('+', now)],
  };
  const patch = { oldFileName: from, newFileName: to, oldHeader: '', newHeader: '', hunks: [hunk] };
  return formatPatch(patch, FILE_HEADERS_ONLY);
}

interface Lines {
  readonly lines: readonly string[];
  readonly ended: boolean;
}

function linesOf(text: string): Lines {
  if (text === '') return { lines: [], ended: true };
  const ended = text.endsWith('\n');
  return { lines: (ended ? text.slice(0, -1) : text).split('\n'), ended };
}

function side(sign: '-' | '+', { lines, ended }: Lines): string[] {
  const out = lines.map((line) => `${sign}${line}`);
  return ended ? out : [...out, '\\ No newline at end of file'];
}

/** Control characters in a name would move the cursor of a terminal. (`diff` quotes those of its headers itself.) */
function quoted(name: string): string {
  return /[\u0000-\u001f\u007f-\u009f"\\]/u.test(name) ? JSON.stringify(name) : name;
}

import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs';
import { join } from 'node:path';
import type { FileContent, Tree } from '../files/file-map.js';
import { errnoOf, ioError } from '../publish/errors.js';
import { suitFiles } from './v8-flags.js';

export interface ReadTreeOptions {
  /** Larger files are recorded in `unread`. Default 16 MiB. */
  readonly maxFileBytes?: number;
  /** Files beyond this number are recorded in `unread`. Default 200,000. */
  readonly maxFiles?: number;
  /** Bytes of all files together; what comes after is recorded in `unread`. Default 1 GiB. */
  readonly maxTotalBytes?: number;
  /** Reads only below these folders (relative to the root); the rest is not looked at. */
  readonly only?: readonly string[];
  /** Names of folders that are left out wherever they stand. Default `.git` and `node_modules`. */
  readonly skip?: readonly string[];
}

/** Where a run keeps its lock, stage and journal, relative to the root; no part of the repository. */
export const RUN_FOLDER = '.gitops-gen/run';

/** Files that are read before the event loop gets its turn (signals, progress). */
const BATCH = 512;

/**
 * Reads a folder as data. Symbolic links are recorded and never followed, anything that is not a regular file is recorded in
 * `unread`; each file is opened without following a link and judged by the open handle, so that what was judged is what is
 * read. Paths are POSIX and sorted by code unit. Throws IoError where the root itself cannot be read.
 *
 * Calls of the system are synchronous because for many small files that is four times faster than promises.
 */
export async function readTree(root: string, options: ReadTreeOptions = {}): Promise<Tree> {
  const walk = walkFolder(openRoot(root), options);
  suitFiles(walk.found.length);
  const maxFiles = options.maxFiles ?? 200_000;
  const limit = { file: options.maxFileBytes ?? 16 * 1024 * 1024, left: options.maxTotalBytes ?? 1024 * 1024 * 1024 };
  const files = new Map<string, FileContent>();
  let index = 0;
  for (const path of walk.found.sort(byCodeUnit)) {
    index += 1;
    if (index % BATCH === 0) await new Promise((resolve) => setImmediate(resolve));
    if (index > maxFiles) walk.unread.set(path, `more than ${maxFiles} files`);
    else {
      const read = readOne(join(walk.base, path), limit);
      if ('content' in read) files.set(path, read.content);
      else walk.unread.set(path, read.unread);
    }
  }
  return { files, links: sortedMap(walk.links), unread: sortedMap(walk.unread) };
}

interface Walk {
  readonly base: string;
  readonly found: string[];
  readonly links: Map<string, string>;
  readonly unread: Map<string, string>;
}

function openRoot(root: string): string {
  try {
    const base = realpathSync(root);
    readdirSync(base);
    return base;
  } catch (error) {
    throw ioError(error, 'read the folder', root);
  }
}

function walkFolder(base: string, options: ReadTreeOptions): Walk {
  const walk: Walk = { base, found: [], links: new Map(), unread: new Map() };
  const skip = new Set(options.skip ?? ['.git', 'node_modules']);
  const folders = (options.only ?? ['']).map((path) => path.replace(/\/+$/, '')).filter((path) => isFolder(walk, path));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of list(walk, folder)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) walk.links.set(path, target(join(base, path)));
      else if (entry.isDirectory()) {
        if (!skip.has(entry.name) && path !== RUN_FOLDER) folders.push(path);
      } else if (entry.isFile()) walk.found.push(path);
      else walk.unread.set(path, 'not a regular file');
    }
  }
  return walk;
}

/** A start folder that is a link, or lies behind one, is recorded like any other link. */
function isFolder(walk: Walk, folder: string): boolean {
  let path = '';
  for (const part of folder.split('/').filter((name) => name !== '')) {
    path = path === '' ? part : `${path}/${part}`;
    const stat = lstatSync(join(walk.base, path), { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) walk.links.set(path, target(join(walk.base, path)));
    if (!stat?.isDirectory()) return false;
  }
  return true;
}

function list(walk: Walk, folder: string): Dirent[] {
  try {
    return readdirSync(join(walk.base, folder), { withFileTypes: true });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') walk.unread.set(folder, reasonOf(error));
    return [];
  }
}

function target(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** O_NONBLOCK: a pipe that took the place of a file since the listing must not hold us for ever. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function readOne(
  path: string,
  limit: { readonly file: number; left: number },
): { readonly content: FileContent } | { readonly unread: string } {
  let handle: number | undefined;
  try {
    handle = openSync(path, OPEN_FLAGS);
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { unread: 'not a regular file' };
    if (stat.size > limit.file) return { unread: `larger than ${limit.file} bytes` };
    if (stat.size > limit.left) return { unread: 'all files together are larger than the limit' };
    limit.left -= stat.size;
    return { content: decode(readHandle(handle, stat.size)) };
  } catch (error) {
    return { unread: reasonOf(error) };
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Reads no more than the size that was judged, however much the file has grown since. */
function readHandle(handle: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const read = readSync(handle, buffer, at, size - at, at);
    if (read === 0) break;
    at += read;
  }
  return buffer.subarray(0, at);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are valid UTF-8 (a byte order mark is kept, so that writing it back gives the same bytes). */
export function decode(bytes: Uint8Array): FileContent {
  try {
    return UTF8.decode(bytes);
  } catch {
    return new Uint8Array(bytes);
  }
}

function reasonOf(error: unknown): string {
  const code = errnoOf(error);
  if (code === 'ELOOP') return 'became a symbolic link while it was read';
  if (code === 'ENOENT') return 'went away while it was read';
  return code === undefined ? 'cannot be read' : `cannot be read: ${code}`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortedMap(map: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...map].sort(([a], [b]) => byCodeUnit(a, b)));
}

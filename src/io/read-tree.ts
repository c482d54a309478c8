import { constants, type Dirent } from 'node:fs';
import { type FileHandle, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileContent, Tree } from '../files/file-map.js';
import { errnoOf, ioError } from '../publish/errors.js';

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

const CONCURRENCY = 32;

/**
 * Reads a folder as data. Symbolic links are recorded and never followed, anything that is not a regular file is recorded in
 * `unread`; each file is opened without following a link and judged by the open handle, so that what was judged is what is
 * read. Paths are POSIX and sorted by code unit. Throws IoError where the root itself cannot be read.
 */
export async function readTree(root: string, options: ReadTreeOptions = {}): Promise<Tree> {
  const found: string[] = [];
  const links = new Map<string, string>();
  const unread = new Map<string, string>();
  const skip = new Set(options.skip ?? ['.git', 'node_modules']);
  let base: string;
  try {
    base = await realpath(root);
    await (await open(base, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0))).close();
  } catch (error) {
    throw ioError(error, 'read the folder', root);
  }
  let folders: string[] = (options.only ?? ['']).map((path) => path.replace(/\/+$/, ''));
  while (folders.length > 0) {
    const next: string[] = [];
    await eachLimited(folders, async (folder) => {
      const entries = await list(base, folder, unread);
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isSymbolicLink()) links.set(path, await target(join(base, path)));
        else if (entry.isDirectory()) {
          if (!skip.has(entry.name) && path !== RUN_FOLDER) next.push(path);
        } else if (entry.isFile()) found.push(path);
        else unread.set(path, 'not a regular file');
      }
    });
    folders = next;
  }
  found.sort(byCodeUnit);
  const files = await readFiles(base, found, options, unread);
  return { files, links: sortedMap(links), unread: sortedMap(unread) };
}

async function list(base: string, folder: string, unread: Map<string, string>): Promise<Dirent[]> {
  try {
    return await readdir(join(base, folder), { withFileTypes: true });
  } catch (error) {
    if (folder === '') throw ioError(error, 'read the folder', base);
    if (errnoOf(error) !== 'ENOENT') unread.set(folder, reasonOf(error));
    return [];
  }
}

async function target(path: string): Promise<string> {
  try {
    return await readlink(path);
  } catch {
    return '';
  }
}

async function readFiles(
  base: string,
  paths: readonly string[],
  options: ReadTreeOptions,
  unread: Map<string, string>,
): Promise<Map<string, FileContent>> {
  const maxFiles = options.maxFiles ?? 200_000;
  const limit = {
    file: options.maxFileBytes ?? 16 * 1024 * 1024,
    left: options.maxTotalBytes ?? 1024 * 1024 * 1024,
  };
  for (const path of paths.slice(maxFiles)) unread.set(path, `more than ${maxFiles} files`);
  const kept = paths.slice(0, maxFiles);
  const contents = new Array<FileContent | undefined>(kept.length);
  await eachLimited([...kept.keys()], async (index) => {
    const path = kept[index] as string;
    try {
      const read = await readOne(join(base, path), limit);
      if (typeof read === 'object' && 'unread' in read) unread.set(path, read.unread);
      else contents[index] = read;
    } catch (error) {
      unread.set(path, reasonOf(error));
    }
  });
  const files = new Map<string, FileContent>();
  kept.forEach((path, index) => {
    const content = contents[index];
    if (content !== undefined) files.set(path, content);
  });
  return files;
}

/** O_NONBLOCK: a pipe that took the place of a file since the listing must not hold us for ever. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function readOne(
  path: string,
  limit: { readonly file: number; left: number },
): Promise<FileContent | { readonly unread: string }> {
  const handle = await open(path, OPEN_FLAGS);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return { unread: 'not a regular file' };
    if (stat.size > limit.file) return { unread: `larger than ${limit.file} bytes` };
    if (stat.size > limit.left) return { unread: 'the files together are larger than the limit' };
    limit.left -= stat.size;
    return decode(await readHandle(handle, stat.size));
  } finally {
    await handle.close();
  }
}

/** Reads no more than the size that was judged, however much the file has grown since. */
async function readHandle(handle: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(buffer, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
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

async function eachLimited<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker));
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortedMap(map: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...map].sort(([a], [b]) => byCodeUnit(a, b)));
}

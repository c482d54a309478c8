import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, IoError, ioError, StateError } from '../publish/errors.js';
import { pathFault } from '../publish/target-path.js';

/** Called before every change of the disk, with its name. Tests kill the process here. */
export type Fault = (point: string) => void;

const NOFOLLOW = constants.O_NOFOLLOW ?? 0;
const SYNCS_AT_ONCE = 16;
/** How often other runs may get in the way of making one folder before it counts as an error. */
const MAX_DISTURBANCES = 100;

/**
 * The one place that changes files of a target. Paths are relative to the root and pass `pathFault`; no call follows a
 * symbolic link below the root, leaves the root, or writes into a file that exists.
 */
export class TargetFs {
  /** Real path of the root. */
  readonly root: string;
  private readonly device: number;

  /** Opens a folder; with `create` it is made where it is missing. */
  constructor(
    root: string,
    private readonly fault: Fault = () => undefined,
    create = false,
  ) {
    try {
      if (create && !existsSync(root)) mkdirSync(root, { recursive: true });
      this.root = realpathSync(root);
      const stat = lstatSync(this.root);
      if (!stat.isDirectory()) throw new IoError(`${root} is not a folder`, 'Name a folder.', 'ENOTDIR');
      this.device = stat.dev;
    } catch (error) {
      throw ioError(error, 'open the folder', root);
    }
  }

  /** The absolute path of a path that is legal and whose folders, as far as they exist, are real folders of this disk. */
  resolve(path: string): string {
    const { absolute, fileAbove } = this.walk(path);
    if (fileAbove !== undefined) throw unsafe(path, `${fileAbove} is a file where a folder of ${path} is needed`);
    return absolute;
  }

  /** What stands at a path. A link, or a way there that leads through one, is refused. */
  kind(path: string): 'file' | 'folder' | undefined {
    return this.inspect(path).kind;
  }

  private inspect(path: string): { readonly absolute: string; readonly kind: 'file' | 'folder' | undefined } {
    const { absolute, fileAbove } = this.walk(path);
    const stat = fileAbove === undefined ? statOf(absolute) : undefined;
    if (stat === undefined) return { absolute, kind: undefined };
    if (stat.isSymbolicLink()) throw unsafe(path, `${path} is a symbolic link`);
    if (stat.isFile()) return { absolute, kind: 'file' };
    if (stat.isDirectory()) return { absolute, kind: 'folder' };
    throw unsafe(path, `${path} is neither a file nor a folder`);
  }

  /** Permission bits of a file; undefined where there is none. */
  mode(path: string): number | undefined {
    return statOf(this.resolve(path))?.mode;
  }

  private walk(path: string): { readonly absolute: string; readonly fileAbove?: string } {
    const fault = pathFault(path);
    if (fault !== undefined) throw unsafe(path, `the path ${JSON.stringify(path)} ${fault}`);
    const parts = path.split('/');
    const absolute = join(this.root, ...parts);
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      const stat = statOf(join(this.root, folder));
      if (stat === undefined) break;
      if (stat.isSymbolicLink()) throw unsafe(path, `${folder}, a folder of ${path}, is a symbolic link`);
      if (!stat.isDirectory()) return { absolute, fileAbove: folder };
      if (stat.dev !== this.device) throw ioError({ code: 'EXDEV' }, 'write to', path);
    }
    return { absolute };
  }

  /** The bytes at a path, or undefined where there is no file. */
  read(path: string): Buffer | undefined {
    const content = this.content(path);
    if (content === 'folder') throw unsafe(path, `${path} is a folder`);
    return content;
  }

  /** What stands at a path: the bytes of a file, `folder`, or undefined. */
  content(path: string): Buffer | 'folder' | undefined {
    return this.doing('read', path, () => {
      const { absolute, kind } = this.inspect(path);
      if (kind !== 'file') return kind;
      const handle = openSync(absolute, constants.O_RDONLY | NOFOLLOW | (constants.O_NONBLOCK ?? 0));
      try {
        return readAll(handle);
      } finally {
        closeSync(handle);
      }
    });
  }

  /** Creates a file that does not exist yet, complete and on the disk when this returns, or throws and leaves none. */
  create(path: string, bytes: Uint8Array): void {
    this.write(path, bytes);
    this.doing('write', path, () => {
      this.fault(`fsync ${path}`);
      const handle = openSync(this.resolve(path), constants.O_RDWR | NOFOLLOW);
      try {
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
    });
  }

  /** Brings many files to the disk. In parallel after all were written, that takes a tenth of the time of one by one. */
  async sync(paths: readonly string[]): Promise<void> {
    await this.syncAll(paths, (path) => this.resolve(path), constants.O_RDWR);
  }

  /** Brings the entries of many folders to the disk (where the system can: Windows cannot and does not need it). */
  async syncFolders(paths: readonly string[]): Promise<void> {
    if (process.platform === 'win32') return;
    const there = paths.filter((path) => path === '' || this.kind(path) === 'folder');
    const absolute = (path: string) => (path === '' ? this.root : this.resolve(path));
    await this.syncAll(there, absolute, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  }

  private async syncAll(paths: readonly string[], absolute: (path: string) => string, flags: number): Promise<void> {
    let next = 0;
    const worker = async () => {
      for (let path = paths[next++]; path !== undefined; path = paths[next++])
        try {
          this.fault(`fsync ${path}`);
          const handle = await open(absolute(path), flags | NOFOLLOW);
          await handle.sync().finally(() => handle.close());
        } catch (error) {
          next = paths.length;
          throw ioError(error, 'sync', path);
        }
    };
    await Promise.all(Array.from({ length: SYNCS_AT_ONCE }, worker));
  }

  /** Creates a file that does not exist yet, complete, but not yet safe from a power cut; or throws and leaves none. */
  write(path: string, bytes: Uint8Array, mode?: number): void {
    const absolute = this.resolve(path);
    this.doing('write', path, () => {
      this.fault(`open ${path}`);
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NOFOLLOW;
      const handle = openSync(absolute, flags, 0o666);
      try {
        writeAll(handle, bytes, () => this.fault(`write ${path}`));
        if (fstatSync(handle).size !== bytes.length)
          throw new IoError(`${path} is shorter than what was written`, 'The disk may be full.', 'ENOSPC');
        if (mode !== undefined) fchmodSync(handle, mode & 0o777);
      } catch (error) {
        removeQuietly(absolute);
        throw error;
      } finally {
        closeSync(handle);
      }
    });
  }

  /** Moves a file; what stood at `to` is replaced in one step (a link there is replaced, not followed). */
  rename(from: string, to: string): void {
    const [source, target] = [this.resolve(from), this.resolve(to)];
    this.doing('write', to, () => {
      this.fault(`rename ${to}`);
      renameSync(source, target);
    });
  }

  /**
   * Gives a file a second name, only where that name is free; false where it is taken. Disks without hard links get a rename
   * after a look, which is as exclusive as they allow.
   */
  claim(from: string, to: string): boolean {
    const [source, target] = [this.resolve(from), this.resolve(to)];
    return this.doing('write', to, () => {
      this.fault(`link ${to}`);
      try {
        linkSync(source, target);
      } catch (error) {
        if (errnoOf(error) === 'EEXIST') return false;
        if (!NO_HARD_LINKS.has(errnoOf(error) ?? '')) throw error;
        if (existsSync(target)) return false;
        renameSync(source, target);
      }
      return true;
    });
  }

  /** Removes a file; nothing happens where it is gone. */
  remove(path: string): void {
    const absolute = this.resolve(path);
    this.doing('remove', path, () => {
      this.fault(`unlink ${path}`);
      try {
        unlinkSync(absolute);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    });
  }

  /** Makes a folder and the folders above it; returns those that were made. */
  makeFolder(path: string): string[] {
    const made = new Set<string>();
    const parts = path.split('/');
    let disturbed = 0;
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      const kind = this.kind(folder);
      if (kind === 'folder') continue;
      if (kind === 'file') throw unsafe(path, `${folder} is a file where a folder is needed`);
      this.fault(`mkdir ${folder}`);
      try {
        mkdirSync(join(this.root, folder));
        made.add(folder);
      } catch (error) {
        // Another run made the same folder at this moment, or removed the empty one above it: look again, from the top.
        disturbed += 1;
        const raced = errnoOf(error) === 'EEXIST' || errnoOf(error) === 'ENOENT';
        if (!raced || disturbed > MAX_DISTURBANCES) throw ioError(error, 'make the folder', folder);
        depth = 0;
      }
    }
    return [...made];
  }

  /** Removes a folder where it is empty; false where it is not there or holds something. */
  removeEmptyFolder(path: string): boolean {
    const absolute = this.resolve(path);
    this.fault(`rmdir ${path}`);
    try {
      rmdirSync(absolute);
      return true;
    } catch (error) {
      if (['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EBUSY', 'EPERM', 'EACCES'].includes(errnoOf(error) ?? ''))
        return false;
      throw ioError(error, 'remove the folder', path);
    }
  }

  /** Names in a folder, sorted; empty where there is none. */
  list(path: string): string[] {
    return this.doing('read', path, () => (this.kind(path) === 'folder' ? readdirSync(this.resolve(path)).sort() : []));
  }

  private doing<T>(what: string, path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ioError(error, what, path);
    }
  }
}

const NO_HARD_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

function unsafe(path: string, message: string): StateError {
  const hint = 'Replace it by a real folder or file inside the target, or choose another name.';
  return new StateError('unsafe-path', message, hint, [path]);
}

function statOf(absolute: string): Stats | undefined {
  try {
    return lstatSync(absolute, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** One call of write may take fewer bytes than it was given: a full disk shows itself on the next one. */
function writeAll(handle: number, bytes: Uint8Array, fault: () => void): void {
  let at = 0;
  fault();
  const half = bytes.length >> 1;
  while (at < bytes.length) {
    const until = at < half ? half : bytes.length;
    at += writeSync(handle, bytes, at, until - at);
    if (at === half) fault();
  }
}

function readAll(handle: number): Buffer {
  const size = fstatSync(handle).size;
  const buffer = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const read = readSync(handle, buffer, at, size - at, at);
    if (read === 0) break;
    at += read;
  }
  return buffer.subarray(0, at);
}

function removeQuietly(absolute: string): void {
  try {
    unlinkSync(absolute);
  } catch {
    // The first error is the one to tell.
  }
}

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { errnoOf, StateError } from '../publish/errors.js';
import { RUN_FOLDER } from './read-tree.js';
import { TargetFs } from './target-fs.js';

/** Who works on a target: written into the lock, shown to whoever finds it taken. */
export interface LockHolder {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** What tells this process from a later one with the same number, and this boot from the next; '' where unknown. */
  readonly started: string;
  readonly boot: string;
  readonly command: string;
  /** ISO time, for people; no decision rests on it. */
  readonly since: string;
}

export interface LockOptions {
  readonly command?: string;
  /** Milliseconds to wait for another run to end. Default 10,000. */
  readonly lockTimeoutMs?: number;
}

const LOCK = `${RUN_FOLDER}/lock`;
const POLL_MS = 100;
/** Runs that may snatch a dead lock from under our hands before we give up. */
const MAX_TAKE_OVERS = 100;

/** Takes the lock of a target, or throws StateError `locked` that names the holder. A lock of a dead process is taken over. */
export async function acquireLock(fs: TargetFs, options: LockOptions = {}): Promise<LockHolder> {
  const holder = self(options.command ?? process.argv.slice(1, 3).join(' '));
  let left = options.lockTimeoutMs ?? 10_000;
  let again = MAX_TAKE_OVERS;
  for (;;) {
    const other = tryLock(fs, holder);
    if (other === undefined) return holder;
    if (other === 'again' && again > 0) {
      again -= 1;
      continue;
    }
    if (left <= 0 || typeof other === 'string' || other.host !== holder.host) throw lockedBy(other);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    left -= POLL_MS;
  }
}

/** Gives the lock back. Nothing happens where it is no longer ours. */
export function releaseLock(fs: TargetFs, holder: LockHolder): void {
  if (readHolder(fs) !== undefined && holds(fs, holder)) fs.remove(LOCK);
}

/** Whether the lock is still in this holder's hands. */
export function holds(fs: TargetFs, holder: LockHolder): boolean {
  const now = readHolder(fs);
  return now !== undefined && now !== 'unreadable' && now.id === holder.id;
}

/**
 * Removes the lock with this id, for somebody who knows that its holder is gone. Throws StateError `locked` where another one is
 * there: the id is what says which one was meant.
 */
export function unlock(root: string, id: string): void {
  const fs = new TargetFs(root);
  const now = readHolder(fs);
  if (now === undefined) throw new StateError('locked', 'there is no lock', 'Nothing has to be done.');
  if (now === 'unreadable' || now.id !== id) throw lockedBy(now);
  fs.remove(LOCK);
}

/** Why a lock was not got: a holder, one that cannot be read, or somebody else moved at the same moment. */
type Taken = LockHolder | 'unreadable' | 'again';

function tryLock(fs: TargetFs, holder: LockHolder): Taken | undefined {
  const mine = `${RUN_FOLDER}/lock.${holder.id}`;
  try {
    fs.create(mine, Buffer.from(JSON.stringify(holder)));
    if (fs.claim(mine, LOCK)) return undefined;
    const other = readHolder(fs);
    if (other === undefined) return 'again';
    if (other === 'unreadable' || !isDead(other, holder)) return other;
    return takeOver(fs, mine, holder, other);
  } catch (error) {
    // A run that ended sweeps the folder, and may remove it.
    if (errnoOf(error) !== 'ENOENT') throw error;
    fs.makeFolder(RUN_FOLDER);
    return 'again';
  } finally {
    fs.remove(mine);
  }
}

/** Removes what killed runs left beside the lock. To be called while holding it. */
export function sweepLocks(fs: TargetFs, holder: LockHolder): void {
  for (const name of fs.list(RUN_FOLDER).filter((one) => one.startsWith('lock.'))) {
    const path = `${RUN_FOLDER}/${name}`;
    const other = parseHolder(fs.read(path));
    if (other === 'unreadable' || isDead(other, holder)) fs.remove(path);
  }
}

/**
 * Two runs may find the same dead lock. Each moves what it finds aside and looks at what it got: only the one that got the dead
 * one goes on; who got a living one puts it back. (The commit point is exclusive once more, so that no order of these steps
 * lets two runs write.)
 */
function takeOver(fs: TargetFs, mine: string, holder: LockHolder, dead: LockHolder): Taken | undefined {
  const aside = `${RUN_FOLDER}/lock.dead.${holder.id}`;
  fs.rename(LOCK, aside);
  const got = parseHolder(fs.read(aside));
  if (got !== 'unreadable' && got.id !== dead.id) {
    fs.claim(aside, LOCK);
    fs.remove(aside);
    return got;
  }
  fs.remove(aside);
  return fs.claim(mine, LOCK) ? undefined : 'again';
}

function readHolder(fs: TargetFs): LockHolder | 'unreadable' | undefined {
  const bytes = fs.read(LOCK);
  return bytes === undefined ? undefined : parseHolder(bytes);
}

function parseHolder(bytes: Buffer | undefined): LockHolder | 'unreadable' {
  try {
    const value: unknown = JSON.parse(bytes?.toString('utf8') ?? '');
    if (typeof value === 'object' && value !== null && 'id' in value && 'pid' in value && 'host' in value)
      return value as LockHolder;
  } catch {
    // Falls through: a lock that nobody can read is a lock.
  }
  return 'unreadable';
}

/** Dead for certain: same machine, and either an earlier boot, no such process, or another process with its number. */
function isDead(other: LockHolder, me: LockHolder): boolean {
  if (other.host !== me.host) return false;
  if (other.boot !== '' && me.boot !== '' && other.boot !== me.boot) return true;
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
  const started = startOf(other.pid);
  return started !== '' && other.started !== '' && started !== other.started;
}

function self(command: string): LockHolder {
  return {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    boot: readOr('/proc/sys/kernel/random/boot_id'),
    command,
    since: new Date().toISOString(),
  };
}

/** Start time in ticks since boot: field 22 of proc(5) `stat`, counted after the name, which may hold spaces. */
function startOf(pid: number): string {
  const stat = readOr(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function lockedBy(other: Taken): StateError {
  if (other === 'again') return new StateError('locked', 'other runs work here', 'Run again.', [LOCK]);
  if (other === 'unreadable')
    return new StateError('locked', `the lock ${LOCK} cannot be read`, `Where no run is active: rm ${LOCK}`, [LOCK]);
  return new StateError(
    'locked',
    `another run works here: process ${other.pid} on ${other.host} ("${other.command}"), since ${other.since}`,
    `Wait for it, longer with --lock-timeout. Where it is certain that it is gone: gitops-gen unlock ${other.id}`,
    [LOCK],
  );
}

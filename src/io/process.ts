import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { basename, delimiter, isAbsolute } from 'node:path';
import { errnoOf, IoError } from '../publish/errors.js';
import { onInterrupt } from './interrupt.js';

/** Programs this product may start. Everything else is a bug. */
export type Program = 'git' | 'kustomize' | 'kubectl' | (string & { readonly __absolutePath?: never });

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the allow-listed environment; whoever adds a name answers for it. */
  readonly env?: Readonly<Record<string, string>>;
  /** The environment of which the child gets the allow-listed part. Default: that of this process. */
  readonly from?: Readonly<Record<string, string | undefined>>;
  /** The names of the allow-list. Default: INHERITED_VARIABLES. */
  readonly inherited?: readonly string[];
  readonly input?: string | Uint8Array;
  /** Milliseconds until the whole process group is killed. Default 60,000. */
  readonly timeoutMs?: number;
  /** Bytes of stdout and of stderr (each) until the process group is killed. Default 64 MiB. */
  readonly maxOutputBytes?: number;
  /** Bytes of address space that each process may have; counts on Linux, where there is `prlimit` (util-linux). */
  readonly maxMemoryBytes?: number;
  readonly signal?: AbortSignal;
  /** Told the process id once it runs. */
  readonly onStart?: (pid: number) => void;
}

export interface RunResult {
  /** Exit code; a process that a signal ended gives 128 + its number, as shells do. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Names of variables that a child may inherit: what programs need to find files, a user and a proxy. Nothing that injects
 * code (NODE_OPTIONS, LD_PRELOAD, GIT_SSH_COMMAND, …) and no token.
 */
export const INHERITED_VARIABLES: readonly string[] = [
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  'SystemRoot',
  'SYSTEMROOT',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
];

/** The environment of every child: allow-listed names, a PATH of absolute folders only, and a fixed locale and time zone. */
export function childEnvironment(
  from: Readonly<Record<string, string | undefined>> = process.env,
  add: Readonly<Record<string, string>> = {},
  names: readonly string[] = INHERITED_VARIABLES,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) env[name] = value;
  }
  env['PATH'] = absoluteFolders(from['PATH'] ?? from['Path'] ?? '/usr/local/bin:/usr/bin:/bin');
  env['LC_ALL'] = 'C';
  env['TZ'] = 'UTC';
  return { ...env, ...add };
}

/** An empty or relative PATH entry means the current folder, which may belong to somebody else. */
function absoluteFolders(path: string): string {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .join(delimiter);
}

/**
 * Starts a program and waits for it. `fixed` are arguments that stand in our source; `values` come from outside and are never
 * in option position: unless `fixed` ends in `--` or `--end-of-options`, a value that starts with a dash is refused.
 * No shell takes part. At the time-out, at the output cap and on abort the whole process group is killed.
 * Rejects with IoError where the program cannot be started (the code of the system), runs too long (ETIMEDOUT), says too much
 * (EFBIG) or gets no more memory (ENOMEM); any other exit that is not zero is a result.
 */
export function run(
  program: Program,
  fixed: readonly string[],
  values: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  checkValues(program, fixed, values);
  const timeoutMs = options.timeoutMs ?? 60_000;
  const cap = options.maxOutputBytes ?? 64 * 1024 * 1024;
  return new Promise((resolve, reject) => {
    const [command, ...args] = capped(program, [...fixed, ...values], options.maxMemoryBytes);
    const child = spawn(command, args, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: childEnvironment(options.from ?? process.env, options.env, options.inherited),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
    });
    let failure: IoError | undefined;
    const stop = (why: IoError) => {
      failure ??= why;
      killGroup(child.pid);
    };
    const stdout = collect(child.stdout, cap, () => stop(tooMuch(program, cap)));
    const stderr = collect(child.stderr, cap, () => stop(tooMuch(program, cap)));
    const timer = setTimeout(() => stop(tooLong(program, timeoutMs)), timeoutMs);
    const abort = () => stop(new IoError(`${program} was interrupted`, 'Run again.', 'ABORT_ERR'));
    options.signal?.addEventListener('abort', abort, { once: true });
    if (options.signal?.aborted) abort();
    const forget = onInterrupt(() => killGroup(child.pid));
    if (child.pid !== undefined) options.onStart?.(child.pid);
    const done = () => {
      clearTimeout(timer);
      forget();
      options.signal?.removeEventListener('abort', abort);
    };
    child.on('error', (error) => {
      done();
      reject(notStarted(program, error));
    });
    child.on('close', (code, signal) => {
      done();
      const said = Buffer.concat(stderr).toString('utf8');
      if (options.maxMemoryBytes !== undefined && code !== 0 && outOfMemory.test(said))
        failure ??= noMemory(program, options.maxMemoryBytes);
      if (failure !== undefined) reject(failure);
      else
        resolve({
          code: code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0),
          stdout: Buffer.concat(stdout),
          stderr: said,
        });
    });
    // A child that ends before it read everything makes this pipe fail; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

function checkValues(program: string, fixed: readonly string[], values: readonly string[]): void {
  const last = fixed.at(-1);
  const ended = last === '--' || last === '--end-of-options';
  for (const value of [...fixed, ...values])
    if (value.includes('\0')) throw new IoError(`an argument for ${program} holds a NUL`, 'Remove it.', 'EINVAL');
  for (const value of values)
    if (!ended && value.startsWith('-'))
      throw new IoError(
        `${program} would take ${JSON.stringify(value)} for an option`,
        'Use a name that does not start with a dash.',
        'EINVAL',
      );
}

function collect(stream: NodeJS.ReadableStream, cap: number, over: () => void): Buffer[] {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > cap) over();
    else chunks.push(chunk);
  });
  return chunks;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

/** What Go and the C library say when they get no more memory. */
const outOfMemory = /out of memory|cannot allocate memory|memory exhausted/i;

const prlimit = '/usr/bin/prlimit';

/** The command under a limit of its address space, where this system has the program that sets it without a shell. */
function capped(program: string, args: readonly string[], bytes: number | undefined): [string, ...string[]] {
  if (bytes === undefined || process.platform !== 'linux' || !isExecutable(prlimit)) return [program, ...args];
  return [prlimit, `--as=${bytes}`, '--', program, ...args];
}

/** Whether a path is a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function noMemory(program: string, bytes: number): IoError {
  return new IoError(
    `${basename(program)} wanted more than the ${mebibytes(bytes)} of memory that it may have and ended`,
    'Look at what it works on: a few aliases can stand for gigabytes.',
    'ENOMEM',
  );
}

function mebibytes(bytes: number): string {
  return `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`;
}

function tooMuch(program: string, cap: number): IoError {
  return new IoError(
    `${basename(program)} wrote more than ${mebibytes(cap)} and was stopped`,
    'Look at what it works on: that much output is not normal.',
    'EFBIG',
  );
}

function tooLong(program: string, timeoutMs: number): IoError {
  return new IoError(
    `${basename(program)} did not end within ${timeoutMs / 1000} s and was stopped`,
    'Run it by hand to see what it waits for.',
    'ETIMEDOUT',
  );
}

function notStarted(program: string, error: unknown): IoError {
  const code = errnoOf(error);
  return code === 'ENOENT'
    ? new IoError(`${program} was not found in PATH`, `Install ${program}, or leave out what needs it.`, code)
    : new IoError(`${program} could not be started: ${code ?? String(error)}`, 'See the message of the system.', code, {
        cause: error,
      });
}

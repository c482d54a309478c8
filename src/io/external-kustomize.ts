import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** An engine outside of this process. */
export type EngineName = 'kubectl' | 'kustomize';

export interface ExternalEngine {
  readonly name: EngineName;
  readonly path: string;
  /** The version of Kustomize that it has, for example `v5.8.1`. */
  readonly version: string;
}

export interface ExternalLimits {
  /** Milliseconds until the process group is killed. */
  readonly timeout: number;
  /** Bytes of standard output until the process group is killed. */
  readonly maxOutput: number;
  /** Bytes of address space that each process may have; counts on Linux, where there is `prlimit` (util-linux). */
  readonly maxMemory?: number;
}

export const defaultExternalLimits: ExternalLimits = {
  timeout: 30_000,
  maxOutput: 64 * 1024 * 1024,
  // With 1.3 GB, kubectl 1.36 failed on 500 objects now and then; with 2 GiB it did not. Go reserves more than it uses.
  maxMemory: 4 * 1024 * 1024 * 1024,
};

/** What the engine said; `stopped` where a limit ended it. */
export interface ExternalResult {
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
  readonly stopped?: 'timeout' | 'output' | 'memory';
}

type Environment = Readonly<Record<string, string | undefined>>;

// No token, no proxy, no credential helper, no plugin folder: what is not here does not reach the process.
const allowed = ['PATH', 'LANG', 'LC_ALL', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];

function environmentFor(environment: Environment): Record<string, string> {
  const result: Record<string, string> = { HOME: '/nonexistent', KUBECONFIG: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
  for (const name of allowed) {
    const value = environment[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** Finds an engine on PATH and asks its version; a message where there is none of version 5 or later. */
export async function findEngine(
  name: EngineName,
  environment: Environment,
): Promise<ExternalEngine | { readonly problem: string }> {
  const path = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder.startsWith('/') || /^[A-Za-z]:/.test(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (path === undefined) return { problem: `There is no ${name} on PATH.` };
  const args = name === 'kubectl' ? ['version', '--client'] : ['version'];
  const run = await runLimited(path, args, environment, { ...defaultExternalLimits, timeout: 10_000 });
  const version = versionIn(run.output);
  if (!run.ok || version === undefined) return { problem: `${path} does not say which version of Kustomize it has.` };
  if (Number(version.slice(1).split('.')[0]) < 5)
    return { problem: `${path} has Kustomize ${version}; version 5 or later is needed.` };
  return { name, path, version };
}

function versionIn(output: string): string | undefined {
  const line = output.split('\n').find((text) => /kustomize/i.test(text)) ?? output;
  return /v\d+\.\d+\.\d+/.exec(line)?.[0];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Builds a folder with an external engine: no shell, no plugins, no Helm, and none of our environment but what is listed. */
export function buildExternally(
  engine: ExternalEngine,
  folder: string,
  environment: Environment,
  limits: ExternalLimits = defaultExternalLimits,
): Promise<ExternalResult> {
  // An absolute path cannot be taken for an option, and not for a remote address.
  if (!folder.startsWith('/') && !/^[A-Za-z]:[\\/]/.test(folder))
    throw new TypeError('the folder must be an absolute path');
  const args = engine.name === 'kubectl' ? ['kustomize', folder] : ['build', folder];
  return runLimited(engine.path, args, environment, limits);
}

/** Runs a program in a process group of its own and kills the group when a limit is reached. */
export function runLimited(
  path: string,
  args: readonly string[],
  environment: Environment,
  limits: ExternalLimits,
): Promise<ExternalResult> {
  return new Promise((resolve, reject) => {
    const [program, ...all] = capped(path, args, limits.maxMemory);
    const child = spawn(program, all, {
      env: environmentFor(environment),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let bytes = 0;
    let errorBytes = 0;
    let stopped: 'timeout' | 'output' | undefined;
    const stop = (why: 'timeout' | 'output') => {
      if (stopped === undefined) stopped = why;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => stop('timeout'), limits.timeout);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limits.maxOutput) stop('output');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errorBytes += chunk.length;
      // A trace is kept up to a megabyte.
      if (errorBytes <= 1024 * 1024) errors.push(chunk);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      const said = Buffer.concat(errors).toString('utf8');
      const why = stopped ?? (code !== 0 && outOfMemory.test(said) ? 'memory' : undefined);
      const result = {
        ok: code === 0 && why === undefined,
        output: Buffer.concat(output).toString('utf8'),
        errors: said,
      };
      resolve(why === undefined ? result : { ...result, stopped: why });
    });
  });
}

/** What Go and the C library say when they get no more memory. */
const outOfMemory = /out of memory|cannot allocate memory|memory exhausted/i;

const prlimit = '/usr/bin/prlimit';

/** The command under a limit of its address space, where this system has the program that sets it without a shell. */
function capped(path: string, args: readonly string[], bytes: number | undefined): [string, ...string[]] {
  if (bytes === undefined || process.platform !== 'linux' || !isExecutable(prlimit)) return [path, ...args];
  return [prlimit, `--as=${bytes}`, '--', path, ...args];
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** The one line of a failure that is worth showing: not the stack of a panic. */
export function causeOf(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('# Warning'));
  const panic = lines.find((line) => line.startsWith('panic:'));
  return (
    panic ??
    lines.find((line) => line.startsWith('error:') || line.startsWith('Error:')) ??
    lines[0] ??
    'no message'
  ).slice(0, 500);
}

import { delimiter, isAbsolute, join } from 'node:path';
import { IoError } from '../publish/errors.js';
import { isExecutable, type RunOptions, type RunResult, run } from './process.js';

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
  readonly timeoutMs: number;
  /** Bytes of output until the process group is killed. */
  readonly maxOutputBytes: number;
  /** Bytes of address space that each process may have (Linux). */
  readonly maxMemoryBytes: number;
}

export const defaultExternalLimits: ExternalLimits = {
  timeoutMs: 30_000,
  maxOutputBytes: 64 * 1024 * 1024,
  // With 1.3 GB, kubectl 1.36 failed on 500 objects now and then; with 2 GiB it did not. Go reserves more than it uses.
  maxMemoryBytes: 4 * 1024 * 1024 * 1024,
};

/** What the engine said. */
export interface ExternalResult {
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

// No token, no proxy, no credential helper, no plugin folder: what is not here does not reach the process.
const inherited = ['TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];
const fixedVariables = { HOME: '/nonexistent', KUBECONFIG: '/dev/null', GIT_TERMINAL_PROMPT: '0' };

function start(
  path: string,
  fixed: readonly string[],
  values: readonly string[],
  environment: Environment,
  limits: RunOptions,
): Promise<RunResult> {
  return run(path, fixed, values, { ...limits, from: environment, inherited, env: fixedVariables });
}

/** Finds an engine on PATH and asks its version; a message where there is none of version 5 or later. */
export async function findEngine(
  name: EngineName,
  environment: Environment,
): Promise<ExternalEngine | { readonly problem: string }> {
  const path = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);
  if (path === undefined) return { problem: `There is no ${name} on PATH.` };
  const fixed = name === 'kubectl' ? ['version', '--client'] : ['version'];
  const version = await start(path, fixed, [], environment, { ...defaultExternalLimits, timeoutMs: 10_000 }).then(
    ({ code, stdout }) => (code === 0 ? versionIn(stdout.toString('utf8')) : undefined),
    () => undefined,
  );
  if (version === undefined) return { problem: `${path} does not say which version of Kustomize it has.` };
  if (Number(version.slice(1).split('.')[0]) < 5)
    return { problem: `${path} has Kustomize ${version}; version 5 or later is needed.` };
  return { name, path, version };
}

function versionIn(output: string): string | undefined {
  const line = output.split('\n').find((text) => /kustomize/i.test(text)) ?? output;
  return /v\d+\.\d+\.\d+/.exec(line)?.[0];
}

const flags: Readonly<Record<string, string>> = {
  ETIMEDOUT: '--engine-timeout',
  EFBIG: '--engine-output',
  ENOMEM: '--engine-memory',
};

/**
 * Builds a folder with an external engine: no shell, no plugins, no Helm, and none of our environment but what is listed.
 * Rejects with IoError where a limit ends it; the hint names the flag that raises the limit.
 */
export async function buildExternally(
  engine: ExternalEngine,
  folder: string,
  environment: Environment,
  limits: ExternalLimits = defaultExternalLimits,
): Promise<ExternalResult> {
  // An absolute path cannot be taken for an option, and not for a remote address.
  if (!isAbsolute(folder)) throw new TypeError('the folder must be an absolute path');
  const fixed = [engine.name === 'kubectl' ? 'kustomize' : 'build'];
  try {
    const { code, stdout, stderr } = await start(engine.path, fixed, [folder], environment, { ...limits });
    return { ok: code === 0, output: stdout.toString('utf8'), errors: stderr };
  } catch (error) {
    const flag = error instanceof IoError ? flags[error.code ?? ''] : undefined;
    if (!(error instanceof IoError) || flag === undefined) throw error;
    throw new IoError(error.message, `${error.hint} ${flag} raises the limit.`, error.code, { cause: error });
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

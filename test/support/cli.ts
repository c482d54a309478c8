import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Io } from '../../src/cli/io.js';
import { main } from '../../src/cli/main.js';

export interface Called {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, in the order in which they were written: what a person sees. */
  readonly both: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Another command than the one that is built from these sources; for `start`. */
  readonly program?: string;
  /** The moment that the command takes for now. Default 2026-11-21T12:00:00Z. */
  readonly now?: number;
}

/** Runs a command in this process, with streams and clock of the test. */
export async function call(argv: readonly string[], options: CallOptions = {}): Promise<Called> {
  let stdout = '';
  let stderr = '';
  let both = '';
  const io: Io = {
    stdout: async (text) => {
      stdout += text;
      both += text;
    },
    stderr: async (text) => {
      stderr += text;
      both += text;
    },
    stdin: async () => options.stdin ?? '',
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
    tty: { stdin: false, stdout: false, stderr: false },
    columns: 120,
    now: () => options.now ?? Date.UTC(2026, 10, 21, 12),
    onInterrupt: () => () => {},
  };
  const code = await main(argv, io, '0.0.0-test');
  return { code, stdout, stderr, both };
}

/** The path of the built command. */
export const binary = resolve(import.meta.dirname, '../../dist/cli.js');

/** Starts the built command as a process of its own. */
export function start(argv: readonly string[], options: CallOptions = {}): Called {
  const { PATH = '' } = process.env;
  const done = spawnSync(process.execPath, [options.program ?? binary, ...argv], {
    cwd: options.cwd ?? process.cwd(),
    env: { PATH, HOME: process.env['HOME'], ...options.env },
    input: options.stdin ?? '',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: done.status ?? 128, stdout: done.stdout, stderr: done.stderr, both: done.stdout + done.stderr };
}

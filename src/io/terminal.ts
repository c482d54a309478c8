import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { errnoOf, IoError } from '../publish/errors.js';
import { cleanUp, onInterrupt } from './interrupt.js';

/** The streams, clock and signals of this process, in the form the command line asks for. */
export interface TerminalIo {
  stdout(text: string): Promise<void>;
  stderr(text: string): Promise<void>;
  stdin(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly columns: number;
  now(): number;
  onInterrupt(clean: () => void): () => void;
}

/** Exit codes of the signals that are handled: 128 + the number, as shells have it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** More than this on standard input is refused, in UTF-16 units: the largest spec that is read from a file. */
const MAX_STDIN = 16 * 1024 * 1024;

/**
 * Takes over the process: handles its signals (clean up, then end with 129, 130 or 143) and turns faults of the streams into
 * IoErrors of the call that wrote. To be called once, by the entry of the program.
 */
export function terminalIo(): TerminalIo {
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => interrupted(code));
  // Without a listener a reader that went away ends the process with a stack; the call that wrote reports it.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return {
    stdout: (text) => write(process.stdout, 'stdout', text),
    stderr: (text) => write(process.stderr, 'stderr', text),
    stdin: readStdin,
    env: process.env,
    get cwd() {
      return currentFolder();
    },
    tty: { stdin: isatty(0), stdout: isatty(1), stderr: isatty(2) },
    get columns() {
      return process.stdout.columns ?? process.stderr.columns ?? 80;
    },
    now: () => Date.now(),
    onInterrupt,
  };
}

function interrupted(code: number): void {
  cleanUp();
  process.exit(code);
}

/** Resolves when the system took all of the text. */
function write(stream: NodeJS.WriteStream, name: string, text: string): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null) => (error ? reject(cannotWrite(name, error)) : resolve());
    try {
      stream.write(text, done);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function cannotWrite(name: string, error: Error): IoError {
  const code = errnoOf(error);
  const hint =
    code === 'EPIPE'
      ? 'Whoever read the output went away.'
      : code === 'ENOSPC'
        ? 'The device is full.'
        : 'Check where the output goes.';
  return new IoError(`cannot write to ${name}: ${code ?? error.message}`, hint, code, { cause: error });
}

async function readStdin(): Promise<string> {
  if (isatty(0))
    throw new IoError(
      'standard input is a terminal',
      'Give the text by a pipe or a file: gitops-gen … - < FILE',
      'ENOTTY',
    );
  // Node takes a folder for an empty stream.
  if (isFolder(0)) throw new IoError('standard input is a folder', 'Give a file: gitops-gen … - < FILE', 'EISDIR');
  process.stdin.setEncoding('utf8');
  let text = '';
  try {
    for await (const chunk of process.stdin) {
      text += String(chunk);
      if (text.length > MAX_STDIN)
        throw new IoError(`standard input holds more than ${MAX_STDIN} characters`, 'Give a file instead.', 'EFBIG');
    }
  } catch (error) {
    if (error instanceof IoError) throw error;
    throw new IoError(
      `cannot read standard input: ${errnoOf(error) ?? String(error)}`,
      'Give a file instead.',
      errnoOf(error),
    );
  }
  return text;
}

function isFolder(stream: number): boolean {
  try {
    return fstatSync(stream).isDirectory();
  } catch {
    return false;
  }
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new IoError('the current folder is gone', 'Change to a folder that exists.', errnoOf(error), {
      cause: error,
    });
  }
}

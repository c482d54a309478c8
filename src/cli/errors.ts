import { IoError, StateError } from '../publish/errors.js';
import { ForgeError } from '../publish/forge.js';
import { UsageError } from './command.js';
import { type ExitCode, exitCode, type Io } from './io.js';

/** What is said of an error that ended a command, and the exit code it stands for. */
export async function describeError(error: unknown, io: Io): Promise<{ code: ExitCode; text: string }> {
  if (error instanceof UsageError) return { code: exitCode.usage, text: say(error.message, error.hint) };
  if (error instanceof StateError) {
    const paths = error.paths.slice(0, 20).map((path) => `  ${path}\n`);
    if (error.paths.length > 20) paths.push(`  and ${error.paths.length - 20} more\n`);
    // A path that would leave the target is a fault of what was asked for, not of the target.
    const code = error.reason === 'unsafe-path' ? exitCode.usage : exitCode.refused;
    return { code, text: `error: ${error.message}\n${paths.join('')}${hint(error.hint)}` };
  }
  if (error instanceof ForgeError)
    return { code: error.isRefusal ? exitCode.authentication : exitCode.refused, text: say(error.message, error.hint) };
  if (error instanceof IoError) return { code: exitCode.refused, text: say(error.message, error.hint) };
  return { code: exitCode.refused, text: await internal(error, io) };
}

function say(message: string, help: string | undefined): string {
  return `error: ${message}\n${hint(help)}`;
}

function hint(text: string | undefined): string {
  return text ? `  ${text}\n` : '';
}

/** A bug of ours: one line, and a file with the rest, so that a report can be made of it. */
async function internal(error: unknown, io: Io): Promise<string> {
  const { mkdtemp, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const line = `internal error: ${error instanceof Error ? error.message : String(error)}`.split('\n')[0];
  try {
    const file = join(await mkdtemp(join(tmpdir(), 'gitops-gen-')), 'report.txt');
    await writeFile(
      file,
      `${new Date(io.now()).toISOString()}\nnode ${process.version} ${process.platform}\n${stack}\n`,
    );
    return `${line}\n  This is a bug of gitops-gen; nothing was half-written. Details: ${file}\n`;
  } catch {
    return `${line}\n${stack}\n`;
  }
}

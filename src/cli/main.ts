import { type CommandContext, type GlobalOptions, UsageError } from './command.js';
import { programHelp } from './help.js';
import { type ExitCode, exitCode, type Io } from './io.js';
import { program } from './program.js';
import { progressOn } from './progress.js';

/**
 * argv (without node and script) → exit code. The only place where errors become exit codes: usage 2, state and IO 3,
 * credentials 4, anything unforeseen 3 with a report.
 */
export async function main(argv: readonly string[], io: Io, version: string): Promise<ExitCode> {
  try {
    return await dispatch(argv, io, version);
  } catch (error) {
    const { describeError } = await import('./errors.js');
    const { code, text } = await describeError(error, io);
    await io.stderr(text).catch(() => {});
    return code;
  }
}

async function dispatch(argv: readonly string[], io: Io, version: string): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    await io.stdout(programHelp(program, version));
    return name === undefined ? exitCode.usage : exitCode.ok;
  }
  if (name === '--version' || name === '-V') {
    await io.stdout(`${version}\n`);
    return exitCode.ok;
  }
  if (name === 'help') return dispatch([rest[0] ?? '', '--help'], io, version);
  const { leading, command, args } = splitGlobal(argv);
  const entry = program.find((candidate) => candidate.name === command);
  if (entry === undefined) {
    const { didYouMean } = await import('../diagnostics/closest.js');
    const near = didYouMean(
      command,
      program.map((candidate) => candidate.name),
    );
    const what = command.startsWith('-') ? 'flag' : 'command';
    throw new UsageError(
      command === '' ? 'no command is given' : `unknown ${what} '${command}'`,
      near ?? 'gitops-gen --help lists the commands',
    );
  }
  const [{ command: definition }, { parseCall }] = await Promise.all([entry.load(), import('./parse.js')]);
  const call = parseCall(definition, [...leading, ...args]);
  if (call.help !== undefined) {
    await io.stdout(call.help);
    return exitCode.ok;
  }
  const { resolve } = await import('node:path');
  const global = globalsOf(call.options, io, (dir) => resolve(io.cwd, dir));
  if (call.options['directory'] !== undefined) await checkFolder(global.directory);
  const progress = progressOn(io, global.quiet);
  const context: CommandContext = {
    io,
    arguments: call.arguments,
    options: call.options,
    global,
    program,
    say: async (text) => {
      await progress(undefined);
      if (!global.quiet) await io.stderr(`${text}\n`);
    },
    progress,
    detail: async (text) => {
      if (global.verbose) await io.stderr(`${text}\n`);
    },
  };
  try {
    return await definition.run(context);
  } finally {
    await progress(undefined);
  }
}

/** A folder that is not there would be looked for from the one above it. */
async function checkFolder(path: string): Promise<void> {
  const { stat } = await import('node:fs/promises');
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() === true) return;
  throw new UsageError(facts === undefined ? `there is no folder ${path}` : `${path} is no folder`);
}

/** Flags of every command may stand before the command, as in `git -C dir status`. */
function splitGlobal(argv: readonly string[]): { leading: string[]; command: string; args: readonly string[] } {
  const leading: string[] = [];
  let at = 0;
  for (; at < argv.length; at += 1) {
    const word = argv[at] as string;
    if (['-C', '--directory', '--color'].includes(word)) {
      leading.push(word, argv[at + 1] ?? '');
      at += 1;
    } else if (/^(--no-input|-q|--quiet|--verbose|--color=.*|--directory=.*)$/.test(word)) leading.push(word);
    else break;
  }
  return { leading, command: argv[at] ?? '', args: argv.slice(at + 1) };
}

function globalsOf(
  options: Readonly<Record<string, unknown>>,
  io: Io,
  absolute: (dir: string) => string,
): GlobalOptions {
  const color = (tty: boolean): boolean => {
    if (options['color'] === 'always') return true;
    if (options['color'] === 'never') return false;
    if (io.env['NO_COLOR']) return false;
    return tty || Boolean(io.env['FORCE_COLOR'] && io.env['FORCE_COLOR'] !== '0');
  };
  if (options['quiet'] && options['verbose']) throw new UsageError('--quiet and --verbose contradict each other');
  return {
    directory: absolute(typeof options['directory'] === 'string' ? options['directory'] : '.'),
    quiet: options['quiet'] === true,
    verbose: options['verbose'] === true,
    input: options['input'] !== false && io.tty.stdin && io.tty.stderr,
    color: { stdout: color(io.tty.stdout), stderr: color(io.tty.stderr) },
  };
}

import type { ExitCode, Io } from './io.js';

/** One flag. The name by which `run` reads it is its long form in camel case, as commander has it. */
export interface OptionDefinition {
  /** As in help: `-o, --format <format>`. A value in `<>` is required, `...` takes several. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Given where the flag is absent; shown in help. */
  readonly default?: string | number | boolean;
  /** Turns the text into a value; throws UsageError. For a repeatable flag it is given what came before. */
  readonly parse?: (text: string, previous: unknown) => unknown;
}

export interface ArgumentDefinition {
  /** `<name>` required, `[name]` optional, `[name...]` any number. */
  readonly name: string;
  readonly description: string;
}

/** What a command is told when it runs. `options` hold what commander parsed, by camel-case name. */
export interface CommandContext {
  readonly io: Io;
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly global: GlobalOptions;
  /** The table of all commands, for those that speak of the others. */
  readonly program: readonly ProgramEntry[];
  /** Says something on standard error, unless `--quiet`. */
  say(text: string): Promise<void>;
  /**
   * Says what is being done, on standard error: on a terminal as one line that goes again, elsewhere only once the command
   * has taken more than a second. `undefined`: nothing any more.
   */
  progress(doing: string | undefined): Promise<void>;
  /** Says something on standard error only with `--verbose`. */
  detail(text: string): Promise<void>;
}

export interface GlobalOptions {
  /** The folder the command works in, absolute. */
  readonly directory: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** False: no question is ever asked. */
  readonly input: boolean;
  /** Whether to colour what goes to standard output and to standard error. */
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
}

export interface CommandDefinition {
  readonly name: string;
  /** A paragraph for the command's own help. */
  readonly description: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  /** Shown first in help; the arguments after `gitops-gen`, and what they do. */
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  run(context: CommandContext): Promise<ExitCode>;
}

/** The call itself is wrong: an unknown flag, a value that cannot be. Exit code 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint: string | undefined = undefined,
  ) {
    super(message);
  }
}

/** One line of the table of commands: enough for help, and how to get at the rest. */
export interface ProgramEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: 'Write' | 'Judge' | 'Know';
  load(): Promise<{ readonly command: CommandDefinition }>;
}

/** Flags that every command takes. */
export const globalOptions: readonly OptionDefinition[] = [
  { flags: '-C, --directory <dir>', description: 'work in this folder' },
  { flags: '--no-input', description: 'never ask; take what the flags say' },
  { flags: '-q, --quiet', description: 'say nothing but errors' },
  { flags: '--verbose', description: 'say more' },
  { flags: '--color <when>', description: 'colour the output', choices: ['auto', 'always', 'never'], default: 'auto' },
  { flags: '-h, --help', description: 'show help' },
];

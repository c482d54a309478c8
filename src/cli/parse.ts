import { Argument, Command, CommanderError, Option } from 'commander';
import { type CommandDefinition, globalOptions, type OptionDefinition, UsageError } from './command.js';
import { commandHelp } from './help.js';

export interface ParsedCall {
  /** Set where `--help` was among the arguments: the text to print, and nothing to run. */
  readonly help?: string;
  readonly arguments: readonly (string | readonly string[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Reads the arguments of one command. Throws UsageError for what commander refuses, with its suggestion. */
export function parseCall(definition: CommandDefinition, argv: readonly string[]): ParsedCall {
  const command = new Command(definition.name);
  let complaint = '';
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .allowExcessArguments(false)
    .helpOption(false)
    .configureOutput({ writeErr: (text) => (complaint += text), writeOut: () => {} });
  for (const argument of definition.arguments) command.addArgument(new Argument(argument.name, argument.description));
  for (const option of [...definition.options, ...globalOptions]) command.addOption(toOption(option));
  if (
    argv
      .slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)
      .some((word) => word === '--help' || word === '-h')
  ) {
    return { help: commandHelp(definition), arguments: [], options: {} };
  }
  try {
    command.action(() => {});
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const [first = 'the call is wrong', ...rest] = complaint
      .replace(/^error: /, '')
      .trim()
      .split('\n');
    throw new UsageError(first, rest.join(' ').trim() || `see gitops-gen ${definition.name} --help`);
  }
  return { arguments: command.processedArgs as (string | string[] | undefined)[], options: command.opts() };
}

function toOption(definition: OptionDefinition): Option {
  const option = new Option(definition.flags, definition.description);
  if (definition.choices) option.choices(definition.choices);
  if (definition.parse) option.argParser(named(option.long ?? definition.flags, definition.parse));
  if (definition.default !== undefined) option.default(definition.default);
  return option;
}

/** Says which flag it was that a parser refused. */
function named(flag: string, parse: NonNullable<OptionDefinition['parse']>): NonNullable<OptionDefinition['parse']> {
  return (text, previous) => {
    try {
      return parse(text, previous);
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`${flag}: ${error.message}`, error.hint) : error;
    }
  };
}

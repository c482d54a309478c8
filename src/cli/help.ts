import { type CommandDefinition, globalOptions, type OptionDefinition, type ProgramEntry } from './command.js';

/** `gitops-gen --help`: examples first, then the table of commands. Imports no command. */
export function programHelp(program: readonly ProgramEntry[], version: string): string {
  const groups: [ProgramEntry['group'], string][] = [
    ['Write', 'Write a repository'],
    ['Judge', 'Judge it'],
    ['Know', 'Look things up'],
  ];
  const width = Math.max(...program.map(({ name }) => name.length)) + 2;
  return [
    `gitops-gen ${version}: from a model-family spec to a GitOps repository that will deploy`,
    '',
    'Examples:',
    '  gitops-gen init my-fleet --yes',
    '  gitops-gen add-model llama-3.1-8b --phase foundation --env development=1,production=5..20',
    '  gitops-gen validate',
    '  gitops-gen plan --env production',
    ...groups.flatMap(([group, title]) => [
      '',
      `${title}:`,
      ...program
        .filter((entry) => entry.group === group)
        .map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    ]),
    '',
    'Flags of every command:',
    ...optionLines(globalOptions),
    '',
    'gitops-gen <command> --help shows the flags and examples of a command, gitops-gen --version the release.',
    '',
  ].join('\n');
}

/** `gitops-gen <command> --help`. */
export function commandHelp(command: CommandDefinition): string {
  const usage = ['gitops-gen', command.name, ...command.arguments.map(({ name }) => name), '[flags]'].join(' ');
  return [
    command.description,
    '',
    'Examples:',
    ...command.examples.flatMap(({ command: line, does }) => [`  # ${does}`, `  gitops-gen ${line}`.trimEnd()]),
    '',
    `Usage: ${usage}`,
    ...(command.arguments.length === 0
      ? []
      : ['', 'Arguments:', ...columns(command.arguments.map(({ name, description }) => [name, description]))]),
    ...(command.options.length === 0 ? [] : ['', 'Flags:', ...optionLines(command.options)]),
    '',
    'Flags of every command:',
    ...optionLines(globalOptions),
    '',
  ].join('\n');
}

function optionLines(options: readonly OptionDefinition[]): string[] {
  return columns(
    options.map(({ flags, description, choices, default: fallback }) => {
      const notes = [choices && `one of ${choices.join(', ')}`, fallback !== undefined && `default ${fallback}`].filter(
        Boolean,
      );
      return [flags, notes.length === 0 ? description : `${description} (${notes.join('; ')})`];
    }),
  );
}

function columns(rows: readonly (readonly [string, string] | string[])[]): string[] {
  const width = Math.min(34, Math.max(...rows.map(([left = '']) => left.length)) + 2);
  return rows.map(([left = '', right = '']) =>
    left.length + 2 > width ? `  ${left}\n  ${' '.repeat(width)}${right}` : `  ${left.padEnd(width)}${right}`,
  );
}

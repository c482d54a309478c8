import type { OptionDefinition } from './command.js';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionDefinition[];
}

/** A completion script, made from the table of commands, so that it never lags behind it. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  return { bash, zsh, fish }[shell](commands);
}

/** `-o, --format <f>` → `['-o', '--format']`. */
function names({ flags }: OptionDefinition): string[] {
  return flags.split(/[ ,|]+/).filter((word) => word.startsWith('-'));
}

function takesValue({ flags }: OptionDefinition): boolean {
  return /[<[]/.test(flags);
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({ name, options }) => {
    const values = options
      .filter(({ choices }) => choices)
      .map(
        (option) =>
          `      ${names(option).join('|')}) COMPREPLY=($(compgen -W '${option.choices?.join(' ')}' -- "$current")); return ;;`,
      );
    const inner = values.length === 0 ? '' : `\n    case "$previous" in\n${values.join('\n')}\n    esac`;
    return `  ${name})${inner}\n    words='${options.flatMap(names).join(' ')}' ;;`;
  });
  return `# bash completion for gitops-gen
_gitops_gen() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ "$current" == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _gitops_gen gitops-gen
`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const plain = (text: string) => text.replaceAll(/[[\]:`'"$]/g, '');
  const list = commands.map(({ name, summary }) => `    '${name}:${plain(summary)}'`).join('\n');
  const cases = commands.map(({ name, options }) => {
    const specs = options.flatMap((option) =>
      names(option).map((flag) => {
        const value = option.choices
          ? `:value:(${option.choices.join(' ')})`
          : takesValue(option)
            ? ':value:_files'
            : '';
        return `'*${flag}[${plain(option.description)}]${value}'`;
      }),
    );
    return `    ${name}) _arguments ${specs.join(' ')} '*:file:_files' ;;`;
  });
  return `#compdef gitops-gen
_gitops_gen() {
  local -a commands
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
_gitops_gen "$@"
`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = commands.flatMap(({ name, summary, options }) => [
    `complete -c gitops-gen -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
    ...options.map((option) => {
      const flags = names(option).map((flag) =>
        flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
      );
      const value = option.choices ? ` -x -a ${quote(option.choices.join(' '))}` : takesValue(option) ? ' -r' : '';
      return `complete -c gitops-gen -n '__fish_seen_subcommand_from ${name}' ${flags.join(' ')}${value} -d ${quote(option.description)}`;
    }),
  ]);
  return `# fish completion for gitops-gen\n${lines.join('\n')}\n`;
}

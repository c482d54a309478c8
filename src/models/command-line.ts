/**
 * The command line that a container runs, as the kubelet and a shell make it. Every word remembers the list entry it came
 * from, so that a finding can point at what somebody wrote.
 */

/** Where a word stands in the container. */
export interface WordSource {
  readonly list: 'command' | 'args';
  /** Position in that list, from 0. */
  readonly index: number;
}

export interface Word {
  readonly text: string;
  readonly source: WordSource;
  /** Names in `$(NAME)` or `${NAME}` whose value is not known here (a Secret, the downward API, a ConfigMap elsewhere). */
  readonly unknown: readonly string[];
}

/** A variable of the container. `value` is absent where it exists and its value is not known. */
export interface EnvVariable {
  readonly name: string;
  readonly value?: string;
}

export interface ContainerCommand {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVariable[];
}

interface Values {
  readonly known: ReadonlyMap<string, string>;
  readonly opaque: ReadonlySet<string>;
}

interface Expanded {
  readonly text: string;
  readonly unknown: readonly string[];
}

/** Kubernetes expands `$(NAME)`, leaves what it does not know as it stands, and reads `$$(NAME)` as an escape. */
function expand(text: string, values: Values): Expanded {
  const unknown: string[] = [];
  const expanded = text.replace(/\$\$|\$\(([^()$\s]+)\)/g, (match, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = values.known.get(name);
    if (value !== undefined) return value;
    if (values.opaque.has(name)) unknown.push(name);
    return match;
  });
  return { text: expanded, unknown };
}

/** The environment in its order: an earlier variable may be used in a later one, the last of one name counts. */
function environment(variables: readonly EnvVariable[]): Values {
  const known = new Map<string, string>();
  const opaque = new Set<string>();
  for (const { name, value } of variables) {
    known.delete(name);
    opaque.delete(name);
    if (value === undefined) {
      opaque.add(name);
      continue;
    }
    const { text, unknown } = expand(value, { known, opaque });
    if (unknown.length > 0) opaque.add(name);
    else known.set(name, text);
  }
  return { known, opaque };
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh']);

function baseName(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

/** `sh -c`, `bash -lc`, `bash -euxo pipefail -c`: the position of the script, or undefined. */
function scriptAt(words: readonly Word[]): number | undefined {
  const first = words[0];
  if (!first || !SHELLS.has(baseName(first.text))) return undefined;
  for (let at = 1; at < words.length - 1; at += 1) {
    const word = words[at]!.text;
    if (/^-[a-z]*c[a-z]*$/.test(word)) return at + 1;
    if (!word.startsWith('-') && !words[at - 1]!.text.startsWith('-')) return undefined;
  }
  return undefined;
}

/** Longest script that is looked at; a start script is a few hundred characters. */
const LONGEST_SCRIPT = 65_536;

/**
 * The words of a script's simple commands, separated by the operators between them. Quotes, escapes and line continuations are
 * honoured; what a shell would compute (substitution of commands, conditions) stays as text.
 */
function shellWords(script: Word, values: Values): Word[][] {
  const commands: Word[][] = [[]];
  const text = script.text.slice(0, LONGEST_SCRIPT);
  let word: { text: string; unknown: string[] } | undefined;
  const end = () => {
    if (word !== undefined) commands.at(-1)!.push({ text: word.text, source: script.source, unknown: word.unknown });
    word = undefined;
  };
  const add = (piece: string) => {
    word ??= { text: '', unknown: [] };
    word.text += piece;
  };
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (char === '\\' && quote !== "'") {
      at += 1;
      if (text[at] !== '\n') add(text[at] ?? '');
      continue;
    }
    if (char === '$' && quote !== "'") {
      const name = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))/.exec(
        text.slice(at, at + 256),
      );
      if (name) {
        const key = name[1] ?? name[3] ?? '';
        const value = values.known.get(key) ?? (values.opaque.has(key) ? undefined : name[2]);
        add(value ?? name[0]);
        if (value === undefined) word!.unknown.push(key);
        at += name[0].length - 1;
        continue;
      }
    }
    if (quote !== '') {
      if (char === quote) quote = '';
      else add(char);
      continue;
    }
    if (char === '"' || char === "'") {
      quote = char;
      add('');
      continue;
    }
    if (char === '#' && word === undefined) {
      const line = text.indexOf('\n', at);
      at = line < 0 ? text.length : line - 1;
      continue;
    }
    if (/[;&|\n]/.test(char)) {
      end();
      if (commands.at(-1)!.length > 0) commands.push([]);
      continue;
    }
    if (/\s/.test(char)) end();
    else add(char);
  }
  end();
  return commands.filter((command) => command.length > 0);
}

/** The simple commands that a container runs: one for a plain command line, several where a shell runs a script. */
export function containerCommands(container: ContainerCommand): Word[][] {
  const values = environment(container.env ?? []);
  const words = (list: 'command' | 'args'): Word[] =>
    (container[list] ?? []).map((text, index) => ({ ...expand(text, values), source: { list, index } }));
  const line = [...words('command'), ...words('args')];
  const script = scriptAt(line);
  if (script === undefined) return line.length > 0 ? [line] : [];
  return shellWords(line[script]!, values);
}

import { formats } from '../spec/formats.js';
import { type OptionDefinition, UsageError } from './command.js';

/** `-o`, `--format` for a command that prints data. */
export function formatOption(choices: readonly string[]): OptionDefinition {
  return { flags: '-o, --format <format>', description: 'how to print it', choices, default: choices[0] ?? 'text' };
}

/** JSON for standard output: indented, with a line end. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A parser for a whole number in a flag, at least `min`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    const upTo = max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${max}`;
    throw new UsageError(`'${text}' is not a whole number of at least ${min}${upTo}`);
  };
}

/** A parser for a number above 0 and at most 1. */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new UsageError(`'${text}' is not a fraction above 0 and at most 1`, 'for example 0.9');
}

/** A repeatable flag that also takes a comma list: `--only a,b --only c`. */
export function list(text: string, previous: unknown): readonly string[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  return [...((previous as readonly string[] | undefined) ?? []), ...words];
}

/** A parser for a release of Argo CD. */
export function argocdVersion(text: string): string {
  const refused = formats.get('argocd-version')?.(text);
  if (refused === undefined) return text;
  throw new UsageError(`'${text}' is no version of Argo CD`, 'Write 3.1 or 3.1.0.');
}

import { RE2JS } from 're2js';
import type { Spend } from './work.js';

/** A Go regular expression. */
export interface Pattern {
  /** Whether it matches anywhere in the text. */
  test(text: string, spend: Spend): boolean;
}

const cache = new Map<string, Pattern | undefined>();

/**
 * A regular expression of Go, in time that grows with the text as Go's does; undefined where Go would refuse it. `written` is the part
 * of it that somebody wrote.
 */
export function goRegex(pattern: string, written = pattern): Pattern | undefined {
  if (cache.has(pattern)) return cache.get(pattern);
  if (cache.size > 10_000) cache.clear();
  const compiled = isPlain(written) ? plain(pattern, written) : linear(pattern);
  cache.set(pattern, compiled);
  return compiled;
}

/** Words and wildcards: the same to both engines, and ours is quick where at most two wildcards can take turns. */
function isPlain(written: string): boolean {
  return /^(?:[\w :/@-]|\\[.-]|\.[*+]?)*$/.test(written) && wildcards(written) <= 2;
}

function wildcards(written: string): number {
  return written.replace(/[^*+]/g, '').length;
}

function plain(pattern: string, written: string): Pattern {
  const regex = new RegExp(pattern);
  const turns = wildcards(written);
  return {
    test: (text, spend) => {
      spend(turns < 2 ? text.length >> 5 : (text.length * text.length) >> 5);
      return regex.test(text);
    },
  };
}

/** Longer patterns and larger programs are refused: a match takes one step for each instruction and character. */
const largest = 1000;

function linear(pattern: string): Pattern | undefined {
  if (pattern.length > largest) return undefined;
  try {
    const regex = RE2JS.compile(pattern);
    const size = regex.programSize();
    if (size > largest) return undefined;
    return {
      test: (text, spend) => {
        spend(size * text.length);
        return regex.matcher(text).find();
      },
    };
  } catch {
    return undefined;
  }
}

import { RE2JS } from 're2js';

/** A regular expression in the syntax of RE2 (what the API server uses), matched in linear time. */
export interface LinearRegex {
  test(text: string): boolean;
}

const compiled = new Map<string, LinearRegex | undefined>();

/** Compiles a pattern once; undefined where RE2 refuses it. A pattern matches anywhere unless it is anchored. */
export function linearRegex(pattern: string): LinearRegex | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  let regex: LinearRegex | undefined;
  try {
    const re2 = RE2JS.compile(pattern);
    regex = { test: (text) => re2.matcher(text).find() };
  } catch {
    // Look-around and back-references: the API server refuses a CRD that has them.
    regex = undefined;
  }
  compiled.set(pattern, regex);
  return regex;
}

/** All matches of a pattern in a text, at most `limit` (all where it is negative); none where RE2 refuses the pattern. */
export function regexMatches(pattern: string, text: string, limit = -1): string[] {
  if (linearRegex(pattern) === undefined) return [];
  const matcher = RE2JS.compile(pattern).matcher(text);
  const out: string[] = [];
  while (out.length !== limit && matcher.find()) out.push(matcher.group() ?? '');
  return out;
}

/** The text with every match replaced, as Go's ReplaceAllString does (`$1` and `${1}` are groups); unchanged where RE2 refuses the pattern. */
export function replaceByRegex(pattern: string, text: string, replacement: string): string {
  if (linearRegex(pattern) === undefined) return text;
  return RE2JS.compile(pattern)
    .matcher(text)
    .replaceAll(replacement.replace(/\$\{(\d+)\}/g, '$$$1'));
}

import type { Diagnostic, OnProblem, Place, Suppression } from './diagnostic.js';

/** A finding that somebody has accepted, with its place, so that an expired or unused one can be pointed at. */
export interface ExemptionEntry {
  readonly rule: string;
  readonly match: ExemptionPattern;
  readonly reason: string;
  readonly owner?: string;
  readonly ticket?: string;
  /** ISO date; the last day on which it holds. */
  readonly expires?: string;
  readonly at: Place;
}

/** All given fields must match; `*` stands for any run of characters. */
export interface ExemptionPattern {
  readonly file?: string;
  /** JSON pointer of the field or of something above it. */
  readonly path?: string;
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly application?: string;
  readonly fingerprint?: string;
}

/** Rules whose findings no exemption can hide: they are about exemptions themselves. */
const untouchable: ReadonlySet<string> = new Set(['exemption-expired', 'exemption-unused']);

/**
 * Marks the diagnostics that an exemption accepts. Expired exemptions hide nothing and are errors; unused ones are
 * warnings. `today` is an ISO date. `ran` says whether a rule ran at all: an exemption of a rule that did not run is not unused.
 */
export function suppress(
  diagnostics: readonly Diagnostic[],
  exemptions: readonly ExemptionEntry[],
  today: string,
  onProblem: OnProblem,
  ran: (rule: string) => boolean = () => true,
): Diagnostic[] {
  const byRule = new Map<string, { readonly entry: ExemptionEntry; readonly matches: Matcher; used: boolean }[]>();
  const all = exemptions.map((entry) => ({ entry, matches: matcher(entry.match), used: false }));
  for (const one of all) byRule.set(one.entry.rule, [...(byRule.get(one.entry.rule) ?? []), one]);
  const out = diagnostics.map((diagnostic) => {
    if (untouchable.has(diagnostic.ruleId)) return diagnostic;
    let accepted: Suppression | undefined;
    for (const one of byRule.get(diagnostic.ruleId) ?? []) {
      if (!one.matches(diagnostic)) continue;
      one.used = true;
      if (!isExpired(one.entry, today)) accepted ??= suppressionOf(one.entry);
    }
    return accepted ? { ...diagnostic, suppressed: accepted } : diagnostic;
  });
  for (const { entry, used } of all) {
    if (isExpired(entry, today)) onProblem(expired(entry, used));
    else if (!used && ran(entry.rule)) onProblem(unused(entry));
  }
  return out;
}

type Matcher = (diagnostic: Diagnostic) => boolean;

function isExpired(entry: ExemptionEntry, today: string): boolean {
  return entry.expires !== undefined && entry.expires < today;
}

function suppressionOf({ reason, owner, expires }: ExemptionEntry): Suppression {
  return { reason, ...(owner === undefined ? {} : { owner }), ...(expires === undefined ? {} : { expires }) };
}

function expired(entry: ExemptionEntry, used: boolean): Parameters<OnProblem>[0] {
  return {
    ruleId: 'exemption-expired',
    severity: used ? 'error' : 'warning',
    message: `The exemption of ${entry.rule} expired on ${entry.expires}${used ? '; its findings count again' : ', and nothing matches it any more'}.`,
    at: entry.at,
    hint: used ? 'Fix the finding, or agree on a new date with whoever owns the exemption.' : 'Remove it.',
    key: entry.rule,
  };
}

function unused(entry: ExemptionEntry): Parameters<OnProblem>[0] {
  return {
    ruleId: 'exemption-unused',
    severity: 'warning',
    message: `No finding of ${entry.rule} matches this exemption.`,
    at: entry.at,
    hint: 'Remove it, or correct what it matches.',
    key: entry.rule,
  };
}

function matcher(pattern: ExemptionPattern): Matcher {
  const tests: Matcher[] = [];
  const add = (wanted: string | undefined, read: (diagnostic: Diagnostic) => string | undefined): void => {
    if (wanted === undefined) return;
    tests.push((diagnostic) => {
      const value = read(diagnostic);
      return value !== undefined && wildcard(wanted, value);
    });
  };
  add(pattern.file, (diagnostic) => diagnostic.file);
  add(pattern.apiVersion, (diagnostic) => diagnostic.object?.apiVersion);
  add(pattern.kind, (diagnostic) => diagnostic.object?.kind);
  add(pattern.namespace, (diagnostic) => diagnostic.object?.namespace);
  add(pattern.name, (diagnostic) => diagnostic.object?.name);
  add(pattern.application, (diagnostic) => diagnostic.object?.application);
  add(pattern.fingerprint, (diagnostic) => diagnostic.fingerprint);
  const { path } = pattern;
  if (path !== undefined) {
    tests.push(({ path: at }) => at !== undefined && (wildcard(path, at) || wildcard(`${path}/*`, at)));
  }
  return (diagnostic) => tests.length > 0 && tests.every((test) => test(diagnostic));
}

/** Whether `*` in the pattern can be filled so that the text comes out; linear in practice, without regular expressions. */
export function wildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === text;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

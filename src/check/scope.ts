import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { compareText } from '../diagnostics/order.js';
import type { FileContent, Tree } from '../files/file-map.js';
import type { Repository } from '../repository/index.js';
import type { Application } from '../repository/model.js';
import type { Report, Verdict } from './report.js';

/** What lies between two states of a repository. */
export interface Change {
  /** Paths that were added, changed or removed, sorted. */
  readonly files: readonly string[];
  /** Names of the Applications that deploy something else than before, or are new or gone; sorted. */
  readonly applications: readonly string[];
}

/** Paths whose content, link or reason for not being read differs. Sorted by code unit. */
export function changedPaths(before: Tree, after: Tree): readonly string[] {
  const paths = new Set<string>();
  const compare = <T>(old: ReadonlyMap<string, T>, now: ReadonlyMap<string, T>, same: (a: T, b: T) => boolean) => {
    for (const [path, value] of old) {
      const other = now.get(path);
      if (other === undefined || !same(value, other)) paths.add(path);
    }
    for (const path of now.keys()) if (!old.has(path)) paths.add(path);
  };
  compare(before.files, after.files, sameContent);
  compare(before.links, after.links, (a, b) => a === b);
  compare(before.unread, after.unread, (a, b) => a === b);
  return [...paths].sort(compareText);
}

function sameContent(a: FileContent, b: FileContent): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/**
 * The Applications whose objects, or whose own spec, differ between two states. It is the result that is compared and not
 * the paths that went into it, so that nothing which reaches an Application (a base, a component, a pinned revision, an
 * ApplicationSet) can be missed, and a comment in a base moves none.
 */
export function changedApplications(before: Repository, after: Repository): readonly string[] {
  const old = signatures(before.applications);
  const now = signatures(after.applications);
  const changed = new Set<string>();
  for (const [key, { name, text }] of old) if (now.get(key)?.text !== text) changed.add(name);
  for (const [key, { name }] of now) if (!old.has(key)) changed.add(name);
  return [...changed].sort(compareText);
}

function signatures(applications: readonly Application[]): ReadonlyMap<string, { name: string; text: string }> {
  const out = new Map<string, { name: string; text: string }>();
  for (const application of applications) {
    const { instance = '', namespace = '', name } = application;
    // Two of one name are a finding of their own; here they are told apart by their order.
    let key = JSON.stringify([instance, namespace, name]);
    while (out.has(key)) key = `${key}+`;
    out.set(key, { name, text: signature(application) });
  }
  return out;
}

function signature({ object, sources, deployed }: Application): string {
  return JSON.stringify([
    object.value,
    sources.map(({ state, reason, unit }) => [state, reason, unit?.ok]),
    deployed.map((each) => [each.cluster, each.namespace, each.object.value]),
  ]);
}

/**
 * Whether a finding belongs to a change: it stands in a file that the change touches, or on something that a changed
 * Application deploys, or it was not there before (`before` holds the findings of the state that the change starts from).
 * What is said of the repository as a whole always belongs to it.
 */
export function scopeOf(change: Change, before: readonly Diagnostic[]): (diagnostic: Diagnostic) => boolean {
  const files = new Set(change.files);
  const applications = new Set(change.applications);
  const known = new Set(before.map(identity));
  return (diagnostic) => {
    const { file, object, related } = diagnostic;
    if (file === '' || files.has(file) || !known.has(identity(diagnostic))) return true;
    if (object?.application !== undefined && applications.has(object.application)) return true;
    return related.some((each) => files.has(each.file));
  };
}

/** The words count too: the same place with other figures is another finding. */
function identity({ fingerprint, message, severity }: Diagnostic): string {
  return `${fingerprint}\n${severity}\n${message}`;
}

/** The report with only the findings of a change. How many open ones are left out is said. */
export function narrowed(report: Report, change: Change, before: readonly Diagnostic[], since: string): Report {
  const belongs = scopeOf(change, before);
  const diagnostics = report.diagnostics.filter(belongs);
  const left = report.diagnostics.filter((each) => each.suppressed === undefined && !belongs(each)).length;
  return {
    ...summedUp(report, diagnostics),
    change: { since, files: change.files.length, applications: change.applications, elsewhere: left },
  };
}

/**
 * The report with the findings marked that the baseline has too: they are told and fail nothing. As many of a fingerprint
 * are known as the baseline has; findings that it had accepted are not known.
 */
export function withBaseline(report: Report, baseline: readonly Diagnostic[], name: string): Report {
  const left = new Map<string, number>();
  const open = baseline.filter((each) => each.suppressed === undefined);
  for (const { fingerprint } of open) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
  let known = 0;
  const diagnostics = report.diagnostics.map((each): Diagnostic => {
    const count = left.get(each.fingerprint) ?? 0;
    if (each.suppressed !== undefined || count === 0) return each;
    left.set(each.fingerprint, count - 1);
    known += 1;
    return { ...each, known: true };
  });
  const gone = [...left.values()].reduce((sum, count) => sum + count, 0);
  return { ...summedUp(report, diagnostics), baseline: { name, known, gone } };
}

/** The report with other findings, and with the sums and the verdict that follow from them. */
export function summedUp(report: Report, diagnostics: readonly Diagnostic[]): Report {
  return { ...report, diagnostics, summary: summaryOf(diagnostics), verdict: verdictOf(diagnostics, report.unchecked) };
}

/** An error that nobody accepted fails; what could not be judged leaves the verdict incomplete. */
export function verdictOf(diagnostics: readonly Diagnostic[], unchecked: Report['unchecked']): Verdict {
  if (diagnostics.some((each) => each.severity === 'error' && counts(each))) return 'fail';
  return unchecked.some((each) => each.minor !== true) ? 'incomplete' : 'pass';
}

/** Findings that count, by severity, and those that are accepted. */
export function summaryOf(diagnostics: readonly Diagnostic[]): Report['summary'] {
  const count = (severity: Diagnostic['severity']) =>
    diagnostics.filter((each) => each.severity === severity && counts(each)).length;
  return {
    errors: count('error'),
    warnings: count('warning'),
    infos: count('info'),
    suppressed: diagnostics.filter((each) => each.suppressed !== undefined).length,
  };
}

/** Whether a finding can fail a run: it is neither accepted nor known from a baseline. */
export function counts({ suppressed, known }: Diagnostic): boolean {
  return suppressed === undefined && known !== true;
}

import { didYouMean } from '../diagnostics/closest.js';
import type { OnProblem, Place, Problem, RelatedPlace } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import type { Cursor } from './draft.js';
import { slug } from './names.js';

/**
 * Collects findings, at most twenty of one rule in one file; the rest is counted and said. What makes a finding costly
 * (what was meant by a name) is not worked out for those that are only counted.
 */
export class Findings {
  readonly #onProblem: OnProblem;
  readonly #counts = new Map<string, { readonly ruleId: string; readonly file: string; count: number }>();

  constructor(onProblem: OnProblem) {
    this.#onProblem = onProblem;
  }

  /** Adds what `make` makes, or only counts it. */
  add(ruleId: string, file: string, make: () => Problem): void {
    const key = `${ruleId} ${file}`;
    const entry = this.#counts.get(key) ?? { ruleId, file, count: 0 };
    this.#counts.set(key, entry);
    entry.count += 1;
    if (entry.count <= perRule) this.#onProblem(make());
  }

  /** Says how many were only counted. */
  finish(): void {
    for (const { ruleId, file, count } of this.#counts.values()) {
      if (count <= perRule) continue;
      const message = `… and ${(count - perRule).toLocaleString('en-US')} more of this kind in this file.`;
      this.#onProblem({ ruleId, severity: 'error', message, at: { file }, key: 'more' });
    }
  }
}

const perRule = 20;

/** Names that exist, with what is needed to suggest one; made once however often a name is missing. */
export class Names {
  readonly all: ReadonlySet<string>;
  #sorted: readonly string[] | undefined;

  constructor(names: Iterable<string>) {
    this.all = new Set(names);
  }

  has(name: string): boolean {
    return this.all.has(name);
  }

  get sorted(): readonly string[] {
    this.#sorted ??= [...this.all].sort();
    return this.#sorted;
  }
}

/** One finding about the place of a cursor. */
export function report(
  findings: Findings,
  ruleId: string,
  at: Cursor | Place,
  message: string,
  hint: string,
  more: {
    readonly related?: readonly RelatedPlace[];
    readonly allowed?: readonly string[];
    readonly key?: string;
    readonly severity?: 'warning';
  } = {},
): void {
  const place = 'draft' in at ? at.at() : at;
  findings.add(ruleId, place.file, () => ({ ruleId, severity: 'error', message, at: place, hint, ...more }));
}

/** Reports every name that was there before, with the place of the first. The names are those of the cursors. */
export function reportDuplicates(findings: Findings, what: string, names: readonly Cursor[]): void {
  const first = new Map<string, Cursor>();
  for (const cursor of names) {
    const name = cursor.text;
    if (name === undefined) continue;
    const before = first.get(name);
    if (before === undefined) first.set(name, cursor);
    else {
      report(
        findings,
        'spec-duplicate-name',
        cursor,
        `The ${what} "${shown(name)}" is listed twice.`,
        'Rename or remove one of the two.',
        {
          key: name,
          related: [{ message: 'It stands here first.', at: before.at() }],
        },
      );
    }
  }
}

/** Reports names that are different as they are written and alike as Kubernetes objects (or as folders of Windows and macOS). */
export function reportSlugCollisions(findings: Findings, what: string, names: readonly Cursor[]): void {
  const first = new Map<string, Cursor>();
  for (const cursor of names) {
    const name = cursor.text;
    if (name === undefined) continue;
    const short = slug(name);
    const before = first.get(short);
    if (before === undefined) first.set(short, cursor);
    else if (before.text !== name) {
      report(
        findings,
        'spec-slug-collision',
        cursor,
        `The ${what}s "${shown(name)}" and "${shown(before.text ?? '')}" would both be called "${short}" in Kubernetes.`,
        'Rename one of the two.',
        { key: name, related: [{ message: `"${shown(before.text ?? '')}" stands here.`, at: before.at() }] },
      );
    }
  }
}

/** A name that leads nowhere: what exists, and what may have been meant. `part` says whether the name is a key or a value. */
export function reportUnknown(
  findings: Findings,
  what: string,
  cursor: Cursor,
  name: string,
  known: Names,
  part: 'key' | 'value' = 'value',
  otherwise?: string,
): void {
  const at = cursor.at(part);
  findings.add('spec-reference', at.file, () => {
    const allowed = known.sorted;
    const meant = didYouMean(name, allowed);
    const listed = allowed.length === 0 ? 'There is none.' : `There is: ${allowed.join(', ')}.`;
    const rest = otherwise ?? (allowed.length <= 20 ? listed : `There are ${allowed.length}.`);
    return {
      ruleId: 'spec-reference',
      severity: 'error',
      message: `There is no ${what} "${shown(name)}".`,
      at,
      hint: meant ? `${meant} ${rest}` : rest,
      ...(allowed.length > 0 && allowed.length <= 100 ? { allowed } : {}),
      key: name,
    };
  });
}

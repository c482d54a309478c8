import type { Diagnostic, Problem } from '../diagnostics/diagnostic.js';
import { compareText } from '../diagnostics/order.js';
import { shown } from '../diagnostics/show.js';
import type { ExemptionEntry } from '../diagnostics/suppress.js';
import type { Located, SpecSet } from '../spec/spec-set.js';
import type { Policies } from '../spec/types.generated.js';
import { type Level, type PolicyEntry, settingsFor } from './policies.js';
import type { Rule } from './rule.js';

/** What a repository says of how it is to be judged. */
export interface Governance {
  readonly policies: readonly PolicyEntry[];
  readonly exemptions: readonly ExemptionEntry[];
}

/** The policies that the project names (or all of them) and the exemptions. */
export function governanceOf(specs: SpecSet | undefined): Governance {
  const chosen = specs?.project?.value.spec.policies;
  const file = specs?.exemptions;
  return {
    policies: (specs?.policies ?? [])
      .filter((each) => chosen === undefined || chosen.includes(each.value.metadata.name))
      .flatMap(policyEntries),
    exemptions: (file?.value.spec.exemptions ?? []).map((exemption, index) => ({
      ...(exemption as Omit<ExemptionEntry, 'at'>),
      at: (file as NonNullable<typeof file>).place(`/spec/exemptions/${index}`),
    })),
  };
}

/** The entries of a policies file, in the form in which `check` takes those that ship. */
export function policyEntries(file: Located<Policies>): PolicyEntry[] {
  return file.value.spec.policies.map((policy, index) => ({
    ...(policy as Omit<PolicyEntry, 'place'>),
    place: (pointer: string) => file.place(`/spec/policies/${index}${pointer}`),
  }));
}

export interface LooseningOptions {
  readonly rules: readonly Rule[];
  /** The policies that ship: what holds where a repository says nothing. */
  readonly shipped: readonly PolicyEntry[];
  /** Whether the policies from before judge this change (they are said to have no effect), or those that it brings. */
  readonly isHeld: boolean;
}

/**
 * What a change does to the way the repository is judged: severities that it lowers, parameters that it changes (nobody can
 * say in general which direction is the looser one), exemptions that it adds.
 */
export function loosenings(before: Governance, after: Governance, options: LooseningOptions): Problem[] {
  return [
    ...options.rules.flatMap((rule) => ruleLoosenings(rule, before, after, options)),
    ...addedExemptions(before, after).map((entry) =>
      problem(
        `This change accepts findings of ${shown(entry.rule)} (${matchWords(entry.match)}): ${shown(entry.reason, 200)}`,
        { at: entry.at, key: `exemption ${entry.rule} ${JSON.stringify(entry.match)}` },
        options,
      ),
    ),
  ];
}

/** What is said of a comment that a change brings, where it does not accept anything yet. */
export function heldComment(rule: string, reason: string): Pick<Problem, 'ruleId' | 'severity' | 'message' | 'hint'> {
  return {
    ruleId,
    severity: 'warning',
    message: `This change accepts a finding of ${rule} by a comment: ${shown(reason, 200)}`,
    hint: heldHint,
  };
}

/** Findings that a comment accepts now and none accepted before, each as a problem at its place. */
export function newComments(before: readonly Diagnostic[], after: readonly Diagnostic[]): Problem[] {
  const known = new Set(before.filter((each) => each.suppressed?.inSource).map((each) => each.fingerprint));
  return after.flatMap(({ suppressed, fingerprint, file, ruleId: rule, range }) => {
    if (!suppressed?.inSource || known.has(fingerprint)) return [];
    const at = { file, ...(range === undefined ? {} : { offset: range.start.offset, length: 0 }) };
    const message = `This change accepts a finding of ${shown(rule)} by a comment: ${shown(suppressed.reason, 200)}`;
    return problem(message, { at, key: `comment ${fingerprint}` }, { isHeld: false });
  });
}

const ruleId = 'policy-loosened';
const heldHint = 'It has no effect here: what the target branch says decides. It counts once it is merged.';
const openHint = 'It takes effect with this change; review it as what it is.';

function problem(
  message: string,
  { at, key }: Pick<Problem, 'at' | 'key'>,
  { isHeld }: Pick<LooseningOptions, 'isHeld'>,
): Problem {
  return {
    ruleId,
    severity: isHeld ? 'warning' : 'info',
    message,
    at,
    hint: isHeld ? heldHint : openHint,
    ...(key === undefined ? {} : { key }),
  };
}

const rank: Readonly<Record<Level, number>> = { off: 0, info: 1, warning: 2, error: 3 };

function ruleLoosenings(rule: Rule, before: Governance, after: Governance, options: LooseningOptions): Problem[] {
  const own = [...before.policies, ...after.policies].filter(({ id }) => id === rule.id);
  if (own.length === 0) return [];
  const old = settingsFor(rule, [...options.shipped, ...before.policies]);
  const now = settingsFor(rule, [...options.shipped, ...after.policies]);
  const environments = [...new Set(own.flatMap((entry) => Object.keys(entry.environments ?? {})))].sort(compareText);
  const entry = after.policies.findLast(({ id }) => id === rule.id);
  const at = entry?.place('') ?? {
    file: (before.policies.find(({ id }) => id === rule.id) as PolicyEntry).place('').file,
  };
  const differences = (environment: string | undefined): readonly Difference[] => {
    const from = old.level(environment) ?? rule.severity;
    const to = now.level(environment) ?? rule.severity;
    const parameters = changedParameters(old.parameters(environment), now.parameters(environment));
    return [
      ...(rank[to] < rank[from] ? [{ does: `lowers ${rule.id}`, how: `from ${from} to ${to}` }] : []),
      ...(parameters.length > 0 ? [{ does: `sets ${parameters.join(', ')} of ${rule.id}`, how: 'anew' }] : []),
    ];
  };
  const general = differences(undefined);
  const said = new Set(general.map((each) => JSON.stringify(each)));
  return [undefined, ...environments].flatMap((environment) =>
    (environment === undefined ? general : differences(environment))
      // What an environment inherits is said once, of all of them.
      .filter((each) => environment === undefined || !said.has(JSON.stringify(each)))
      .map(({ does, how }) => {
        const where = environment === undefined ? '' : ` in ${shown(environment)}`;
        return problem(`This change ${does}${where} ${how}.`, { at, key: `${does} ${environment ?? ''}` }, options);
      }),
  );
}

interface Difference {
  readonly does: string;
  readonly how: string;
}

function changedParameters(
  old: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): readonly string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
    .sort(compareText);
}

function addedExemptions(before: Governance, after: Governance): readonly ExemptionEntry[] {
  const text = ({ at: _, ...entry }: ExemptionEntry) => JSON.stringify(entry);
  const known = new Set(before.exemptions.map(text));
  return after.exemptions.filter((entry) => !known.has(text(entry)));
}

function matchWords(match: ExemptionEntry['match']): string {
  return Object.entries(match)
    .map(([name, value]) => `${name} ${shown(String(value))}`)
    .join(', ');
}

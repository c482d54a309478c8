import { isObject, objectAt } from '../capacity/read.js';
import { didYouMean } from '../diagnostics/closest.js';
import type { Json, JsonObject, OnProblem, Place, Severity } from '../diagnostics/diagnostic.js';
import { explain, readSchema } from '../schema/index.js';
import { toPointer } from '../yaml/range.js';
import type { Rule } from './rule.js';

export type Level = Severity | 'off';

/** One entry of a policies file, with its place. */
export interface PolicyEntry {
  readonly id: string;
  readonly severity?: Level;
  readonly parameters?: JsonObject;
  readonly environments?: Readonly<Record<string, { readonly severity?: Level; readonly parameters?: JsonObject }>>;
  place(pointer: string): Place;
}

/** What policies make of a rule. */
export interface RuleSettings {
  level(environment: string | undefined): Level | undefined;
  parameters(environment: string | undefined): JsonObject;
}

/** Later entries win over earlier ones, an environment's over the general ones; what nobody sets is the rule's default. */
export function settingsFor(rule: Rule, policies: readonly PolicyEntry[]): RuleSettings {
  const own = policies.filter((policy) => policy.id === rule.id);
  const defaults = Object.fromEntries(
    Object.entries(objectAt(rule.parameters, 'properties')).flatMap(([name, schema]) =>
      isObject(schema) && schema['default'] !== undefined ? [[name, schema['default'] as Json]] : [],
    ),
  );
  return {
    level(environment) {
      const general = own.map((policy) => policy.severity).filter((each) => each !== undefined);
      const special = own
        .map((policy) => policy.environments?.[environment ?? '']?.severity)
        .filter((each) => each !== undefined);
      return special.at(-1) ?? general.at(-1);
    },
    parameters(environment) {
      const general = own.map((policy) => policy.parameters ?? {});
      const special = own.map((policy) => policy.environments?.[environment ?? '']?.parameters ?? {});
      return Object.assign({}, defaults, ...general, ...special) as JsonObject;
    },
  };
}

/** Unknown rules and parameters that the rule's schema refuses, each at its line. */
export function judgePolicies(policies: readonly PolicyEntry[], rules: readonly Rule[], onProblem: OnProblem): void {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const policy of policies) {
    const rule = byId.get(policy.id);
    if (rule === undefined) {
      onProblem({
        ruleId: 'policy-invalid',
        severity: 'error',
        message: `There is no rule ${policy.id}.`,
        at: policy.place('/id'),
        hint: didYouMean(policy.id, byId.keys()) ?? 'Run gitops-gen rules to see them all.',
        key: policy.id,
      });
      continue;
    }
    const sets: [string, JsonObject][] = [['/parameters', policy.parameters ?? {}]];
    for (const [name, override] of Object.entries(policy.environments ?? {})) {
      sets.push([`${toPointer(['environments', name])}/parameters`, override.parameters ?? {}]);
    }
    const schema = readSchema(rule.parameters, { form: 'json-schema' });
    for (const [pointer, parameters] of sets) {
      for (const { ruleId, path, what, allowed } of explain(schema, parameters)) {
        const isUnknown = ruleId === 'schema-unknown-field';
        onProblem({
          ruleId: 'policy-invalid',
          severity: 'error',
          message: isUnknown
            ? `Rule ${policy.id} has no parameter ${path.join('.')}.`
            : `Parameter ${path.join('.')} of ${policy.id}: ${what}.`,
          at: policy.place(`${pointer}${toPointer(path)}`),
          ...(allowed === undefined || allowed.length === 0 ? {} : { allowed }),
          key: `${policy.id} ${isUnknown ? path.join('.') : toPointer(path)}`,
        });
      }
    }
  }
}

import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import type { CelRule, SchemaNode } from '../node.js';
import { withDefaults } from './defaults.js';

/** What evaluating a rule gave: a value, or why there is none. */
export type CelOutcome =
  | { readonly result: boolean | string }
  | {
      readonly error: string;
      /** It may be this engine that cannot, and not the object that is wrong. */
      readonly unsupported?: true;
    };

/** `none`: the rule is evaluated with `oldSelf` bound to `optional.none()`, as when an object is created. */
export type OldSelf = 'none';

/** Evaluates a rule with `self` bound to a value that is typed by its schema. */
export interface CelEngine {
  evaluate(rule: string, node: SchemaNode, value: Json, oldSelf?: OldSelf): CelOutcome;
  /** Whether a rule compares with the earlier state of the object. */
  usesOldSelf(rule: string): boolean;
  /** Why a rule cannot be evaluated, whatever the object. */
  fault(rule: string): CelFault | undefined;
}

/** The engine, loaded when the first CRD with rules is met: its library takes longer to load than all the rest. */
export async function loadCelEngine(): Promise<CelEngine> {
  return (await import('./engine.js')).engine;
}

/** The judge of DRA's selectors, loaded when a claim is met, for the same reason. */
export async function loadDeviceSelector(): Promise<typeof import('./device.js').meetsSelector> {
  return (await import('./device.js')).meetsSelector;
}

export interface CelFault {
  readonly error: string;
  /** It is no expression of the language at all; otherwise it names what is not known here. */
  readonly isSyntax: boolean;
}

export interface CelFinding {
  readonly path: Path;
  readonly rule: string;
  /** What the API server would say; absent where the rule could not be evaluated. */
  readonly broken?: string;
  readonly error?: string;
}

/** So many evaluations for one object; rules inside long lists multiply. */
const maxEvaluations = 10_000;

/**
 * Evaluates every rule of a schema on a value, in the order of the schema, as the API server does when it creates the
 * object: defaults are filled in, and rules about a change (`oldSelf`) are left out unless `optionalOldSelf` says that
 * they hold without an earlier state too. The value satisfies the schema otherwise.
 */
export function checkRules(engine: CelEngine, node: SchemaNode, value: Json): readonly CelFinding[] {
  const findings: CelFinding[] = [];
  let evaluations = 0;
  // A part of `allOf` has rules and no types: those of the schema around it count.
  const visit = (of: SchemaNode, item: Json, path: Path, typed = of): void => {
    for (const rule of of.rules ?? []) {
      if (rule.optionalOldSelf !== true && engine.usesOldSelf(rule.rule)) continue;
      evaluations += 1;
      if (evaluations > maxEvaluations) return;
      const finding = evaluate(engine, rule, typed, item, path);
      if (finding !== undefined) findings.push(finding);
    }
    for (const part of of.allOf ?? []) visit(part, item, path, typed);
    if (Array.isArray(item)) {
      if (of.items !== undefined)
        for (const [i, entry] of (item as readonly Json[]).entries())
          if (entry !== null) visit(of.items, entry, [...path, i], typed.items);
    } else if (typeof item === 'object' && item !== null) {
      for (const [key, entry] of Object.entries(item as JsonObject)) {
        const child = of.props?.get(key) ?? of.values;
        const type = typed.props?.get(key) ?? typed.values;
        if (child !== undefined && entry !== null) visit(child, entry, [...path, key], type);
      }
    }
  };
  visit(node, withDefaults(node, value), []);
  return findings;
}

function evaluate(engine: CelEngine, rule: CelRule, node: SchemaNode, value: Json, path: Path): CelFinding | undefined {
  const oldSelf = rule.optionalOldSelf === true ? 'none' : undefined;
  const outcome = engine.evaluate(rule.rule, node, value, oldSelf);
  const at = [...path, ...fieldPath(rule.fieldPath)];
  if ('error' in outcome) {
    if (outcome.unsupported === true) return { path, rule: rule.rule, error: outcome.error };
    // As the API server words it.
    const about = rule.message === undefined ? '' : ` evaluating rule: ${rule.message}`;
    return { path, rule: rule.rule, broken: `${outcome.error.replace(/^field not found/, 'no such key')}${about}` };
  }
  if (outcome.result === true) return undefined;
  if (outcome.result !== false) return { path, rule: rule.rule, error: 'it gives a text, not true or false' };
  const said =
    rule.messageExpression === undefined ? undefined : engine.evaluate(rule.messageExpression, node, value, oldSelf);
  const spoken = said !== undefined && 'result' in said && typeof said.result === 'string' ? said.result.trim() : '';
  return { path: at, rule: rule.rule, broken: spoken || rule.message || `failed rule: ${rule.rule}` };
}

/** `.spec.ports['a.b']` → its parts. */
function fieldPath(text: string | undefined): Path {
  if (text === undefined) return [];
  return [...text.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']+)'\]|\[(\d+)\]/g)].map((part) =>
    part[3] === undefined ? (part[1] ?? part[2]!) : Number(part[3]),
  );
}

/** The rules of a definition, with their places in it, that cannot be evaluated on any object. */
export function faultyRules(
  engine: CelEngine,
  definition: JsonObject,
): readonly { readonly path: Path; readonly fault: CelFault }[] {
  const found: { path: Path; fault: CelFault }[] = [];
  const visit = (value: Json | undefined, path: Path): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) visit(item as Json, [...path, key]);
    const rules = Array.isArray(value) ? undefined : (value as JsonObject)['x-kubernetes-validations'];
    if (!Array.isArray(rules)) return;
    for (const [i, each] of (rules as readonly Json[]).entries()) {
      for (const name of ['rule', 'messageExpression']) {
        const text = (each as JsonObject | null)?.[name];
        const fault = typeof text === 'string' ? engine.fault(text) : undefined;
        if (fault !== undefined) found.push({ path: [...path, 'x-kubernetes-validations', i, name], fault });
      }
    }
  };
  visit(definition['spec'], ['spec']);
  return found;
}

import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import type { CelRule, SchemaNode } from '../node.js';

/** What evaluating a rule gave: a value, or why there is none. */
export type CelOutcome = { readonly result: boolean | string } | { readonly error: string };

/** Evaluates a rule with `self` bound to a value that is typed by its schema. */
export interface CelEngine {
  evaluate(rule: string, node: SchemaNode, value: Json): CelOutcome;
}

/** The engine, loaded when the first CRD with rules is met: its library takes longer to load than all the rest. */
export async function loadCelEngine(): Promise<CelEngine> {
  return (await import('./engine.js')).engine;
}

export interface CelFinding {
  readonly path: Path;
  readonly rule: string;
  /** Absent where the rule could not be evaluated. */
  readonly broken?: string;
  readonly error?: string;
}

/** So many evaluations for one object; rules inside long lists multiply. */
const maxEvaluations = 10_000;

/** Evaluates every rule of a schema on a value, in the order of the schema. The value satisfies the schema otherwise. */
export function checkRules(engine: CelEngine, node: SchemaNode, value: Json): readonly CelFinding[] {
  const findings: CelFinding[] = [];
  let evaluations = 0;
  const visit = (of: SchemaNode, item: Json, path: Path): void => {
    for (const rule of of.rules ?? []) {
      // Rules about a change need an earlier state; a manifest has none.
      if (/\boldSelf\b/.test(rule.rule)) continue;
      evaluations += 1;
      if (evaluations > maxEvaluations) return;
      const finding = evaluate(engine, rule, of, item, path);
      if (finding !== undefined) findings.push(finding);
    }
    if (Array.isArray(item)) {
      if (of.items !== undefined)
        for (const [i, entry] of (item as readonly Json[]).entries()) visit(of.items, entry, [...path, i]);
    } else if (typeof item === 'object' && item !== null) {
      for (const [key, entry] of Object.entries(item as JsonObject)) {
        const child = of.props?.get(key) ?? of.values;
        if (child !== undefined && entry !== null) visit(child, entry, [...path, key]);
      }
    }
  };
  visit(node, value, []);
  return findings;
}

function evaluate(engine: CelEngine, rule: CelRule, node: SchemaNode, value: Json, path: Path): CelFinding | undefined {
  const outcome = engine.evaluate(rule.rule, node, value);
  if ('error' in outcome) return { path, rule: rule.rule, error: outcome.error };
  if (outcome.result === true) return undefined;
  const said = rule.messageExpression === undefined ? undefined : engine.evaluate(rule.messageExpression, node, value);
  const spoken = said !== undefined && 'result' in said && typeof said.result === 'string' ? said.result.trim() : '';
  return {
    path: [...path, ...fieldPath(rule.fieldPath)],
    rule: rule.rule,
    broken: spoken || rule.message || `failed rule: ${rule.rule}`,
  };
}

/** `.spec.ports['a.b']` → its parts. */
function fieldPath(text: string | undefined): Path {
  if (text === undefined) return [];
  return [...text.matchAll(/\.([A-Za-z_][\w-]*)|\['([^']+)'\]|\[(\d+)\]/g)].map((part) =>
    part[3] === undefined ? (part[1] ?? part[2]!) : Number(part[3]),
  );
}

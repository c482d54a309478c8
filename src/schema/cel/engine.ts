import { type CelInput, type CelResult, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { Json } from '../../diagnostics/diagnostic.js';
import type { SchemaNode } from '../node.js';
import type { CelEngine, CelOutcome } from './check.js';
import { kubernetesFunctions, re2 } from './functions.js';
import { celValue } from './value.js';

const environment = celEnv({ funcs: [...strings, ...kubernetesFunctions], re2 });
type Program = ((bindings: Record<string, CelInput>) => CelResult) | { readonly error: string };
const programs = new Map<string, Program>();

function program(rule: string): Program {
  let known = programs.get(rule);
  if (known === undefined) {
    try {
      known = plan(environment, parse(rule)) as (bindings: Record<string, CelInput>) => CelResult;
    } catch (error) {
      known = { error: error instanceof Error ? error.message : String(error) };
    }
    programs.set(rule, known);
  }
  return known;
}

function evaluate(rule: string, node: SchemaNode, value: Json): CelOutcome {
  const run = program(rule);
  if (typeof run !== 'function') return { error: run.error };
  try {
    const result = run({ self: celValue(node, value) });
    if (isCelError(result)) return { error: result.message };
    if (typeof result === 'boolean' || typeof result === 'string') return { result };
    return { error: 'the rule gives neither true nor false' };
  } catch (error) {
    // A function of ours refuses its argument by throwing; the engine passes that on.
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** CEL with the functions of Kubernetes, regular expressions in linear time. */
export const engine: CelEngine = { evaluate };

import { type CelFunc, type CelInput, type CelResult, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import type { Json } from '../../diagnostics/diagnostic.js';
import type { SchemaNode } from '../node.js';
import type { CelEngine, CelOutcome, OldSelf } from './check.js';
import { type Expr, expand, internal, type Uses } from './expand.js';
import { amountFunctions } from './library/amounts.js';
import { formatFunctions } from './library/formats.js';
import { listFunctions } from './library/lists.js';
import { networkFunctions } from './library/network.js';
import { optionalFunctions } from './library/optionals.js';
import { compiled, textFunctions } from './library/texts.js';
import { typesByName, wrap } from './opaque.js';
import { withoutOptionalSyntax } from './syntax.js';
import { celValue } from './value.js';

/** Every function beside CEL's own; the later of two with one signature counts. */
const added = [
  ...strings,
  ...listFunctions,
  ...textFunctions,
  ...networkFunctions,
  ...amountFunctions,
  ...formatFunctions,
  ...optionalFunctions,
];
/**
 * So many calls of functions one evaluation may take. The API server stops at a million units of cost
 * (`PerCallLimit` in `k8s.io/apiserver/pkg/apis/cel`), and a call costs at least one.
 */
const maxCalls = 1_000_000;
let calls = 0;

/** A function that counts its calls: nested comprehensions over long lists would else run for hours. */
function counted(func: CelFunc): CelFunc {
  return Object.create(func, {
    call: {
      value: (...args: Parameters<CelFunc['call']>) => {
        calls += 1;
        if (calls > maxCalls) throw new Error(`unsupported: it takes more than ${maxCalls} steps`);
        return func.call(...args);
      },
    },
  }) as CelFunc;
}

const regular = celEnv({ funcs: added, re2: { compile: compiled } });
const environment = celEnv({ funcs: [...regular.funcs].map(counted) });

/** A program of an expanded expression. Each run has the whole budget of calls; what it throws beyond is an error of CEL. */
export function planned(expr: Expr): (bindings: Record<string, CelInput>) => CelResult {
  const run = plan(environment, expr) as (bindings: Record<string, CelInput>) => CelResult;
  return (bindings) => {
    calls = 0;
    return run(bindings);
  };
}
const known: ReadonlySet<string> = new Set([
  ...[...environment.funcs].map(({ name }) => name),
  ...Object.values(internal),
  // Operators that the engine evaluates without a function.
  '_?_:_',
  '_&&_',
  '_||_',
  '_[_]',
  '@not_strictly_false',
]);
export const types = Object.fromEntries(typesByName);
/** Variables of a rule, and the beginnings of names of types. */
const names: ReadonlySet<string> = new Set([
  ...[
    'self',
    'oldSelf',
    'int',
    'uint',
    'double',
    'bool',
    'string',
    'bytes',
    'list',
    'map',
    'null_type',
    'type',
    'google',
  ],
  ...[...typesByName.keys()].map((name) => name.split('.')[0]!),
]);

interface Program {
  readonly run: (bindings: Record<string, CelInput>) => CelResult;
  readonly uses: Uses;
}
interface Refused {
  readonly error: string;
  readonly isSyntax?: true;
}
const programs = new Map<string, Program | Refused>();

/** A rule, compiled once; or why it is none that this engine can evaluate. */
function program(rule: string): Program | Refused {
  let found = programs.get(rule);
  if (found === undefined) {
    try {
      found = compile(rule);
    } catch (error) {
      // The grammar and the macros throw; what is merely not known is returned.
      found = { error: textOf(error), isSyntax: true };
    }
    programs.set(rule, found);
  }
  return found;
}

function compile(rule: string): Program | Refused {
  const { expr, uses } = expand(parse(withoutOptionalSyntax(rule)).expr);
  const undeclared = [...uses.variables].find((name) => !names.has(name));
  if (undeclared !== undefined) return { error: `\`${undeclared}\` is not known here` };
  const strange = [...uses.functions].find((name) => !known.has(name));
  if (strange !== undefined) return { error: `it calls \`${strange}\`, which is not known here` };
  return { run: planned(expr), uses };
}

function evaluate(rule: string, node: SchemaNode, value: Json, oldSelf?: OldSelf): CelOutcome {
  const compiledRule = program(rule);
  if ('error' in compiledRule) return { error: compiledRule.error, unsupported: true };
  try {
    const bindings: Record<string, CelInput> = { ...types, self: celValue(node, value) };
    if (oldSelf === 'none') bindings['oldSelf'] = wrap('optional', undefined);
    const result = compiledRule.run(bindings);
    if (isCelError(result)) return failed(result.message);
    if (typeof result === 'boolean' || typeof result === 'string') return { result };
    return { error: 'the rule gives neither true nor false', unsupported: true };
  } catch (error) {
    return failed(textOf(error));
  }
}

/**
 * Errors that the API server gives as well. Where no overload fits, or a name leads nowhere, it may as well be this
 * engine that lacks something.
 */
function failed(error: string): CelOutcome {
  const ours = /overload|unresolved attribute|unbound function|unsupported|not a cel value|unknown type/i.test(error);
  return { error, ...(ours && { unsupported: true }) };
}

function usesOldSelf(rule: string): boolean {
  const found = program(rule);
  return 'uses' in found ? found.uses.variables.has('oldSelf') : /\boldSelf\b/.test(rule);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** CEL with the functions of Kubernetes, regular expressions in linear time. */
export const engine: CelEngine = {
  evaluate,
  usesOldSelf,
  fault: (rule) => {
    const found = program(rule);
    return 'error' in found ? { error: found.error, isSyntax: found.isSyntax === true } : undefined;
  },
};

import type { parse } from '@bufbuild/cel';
import { OPT_ENTRY, OPT_INDEX, OPT_SELECT } from './syntax.js';

/** A node of the engine's syntax tree. */
export type Expr = ReturnType<typeof parse>['expr'];
type Kind = Expr['exprKind'];
type Call = Extract<Kind, { case: 'callExpr' }>['value'];
type Comprehension = Extract<Kind, { case: 'comprehensionExpr' }>['value'];

/** Functions that the expansion calls and that no rule can. */
export const internal = {
  select: '@optSelect',
  index: '@optIndex',
  dynSelect: '@select',
  dynIndex: '@index',
  dynHas: '@has',
  entry: '@entry',
  listOf: '@listOf',
  mapOf: '@mapOf',
  hasValue: '@hasValue',
  value: '@value',
  entries: '@entries',
  insert: '@insert',
  sortBy: '@sortBy',
} as const;

/** What an expression uses, beside its operators. */
export interface Uses {
  /** Variables that no macro binds. */
  readonly variables: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/**
 * Expands what the engine does not know by itself: optional selection, `optMap`, `optFlatMap`, `or`, `orValue`,
 * `cel.bind`, `sortBy` and the comprehensions of two variables, as cel-go expands them
 * (https://github.com/google/cel-go/blob/master/ext/README.md). Throws where a macro is used wrongly.
 */
export function expand(root: Expr): { readonly expr: Expr; readonly uses: Uses } {
  const expansion = new Expansion();
  return { expr: expansion.expand(root), uses: expansion.uses };
}

const comprehensions: ReadonlySet<string> = new Set([
  'all',
  'exists',
  'existsOne',
  'exists_one',
  'transformList',
  'transformMap',
  'transformMapEntry',
]);

class Expansion {
  readonly uses = { variables: new Set<string>(), functions: new Set<string>() };
  readonly #bound: string[] = [];
  /** Variables that may hold an optional: selecting from them is decided at run time. */
  readonly #mayBeOptional: string[] = [];
  #names = 0;

  expand(expr: Expr): Expr {
    const { exprKind } = expr;
    switch (exprKind.case) {
      case 'identExpr':
        if (!this.#bound.includes(exprKind.value.name)) this.uses.variables.add(exprKind.value.name);
        return expr;
      case 'selectExpr':
        return this.#select(expr, exprKind.value);
      case 'callExpr':
        return this.#call(expr, exprKind.value);
      case 'listExpr': {
        const elements = exprKind.value.elements.map((item) => this.expand(item));
        const list = made(expr, { case: 'listExpr', value: { ...exprKind.value, elements } });
        return elements.some((item) => isCall(item, internal.entry)) ? call(expr, internal.listOf, list) : list;
      }
      case 'structExpr':
        return this.#struct(expr, exprKind.value);
      case 'comprehensionExpr':
        return this.#comprehension(expr, exprKind.value);
      default:
        return expr;
    }
  }

  #select(expr: Expr, value: Extract<Kind, { case: 'selectExpr' }>['value']): Expr {
    const operand = this.expand(value.operand!);
    const field = text(expr, value.field);
    if (value.testOnly && isCall(operand, internal.select, internal.index))
      return call(expr, internal.hasValue, call(expr, internal.select, operand, field));
    if (value.testOnly && this.#isDynamic(operand)) return call(expr, internal.dynHas, operand, field);
    if (isCall(operand, internal.select, internal.index)) return call(expr, internal.select, operand, field);
    if (this.#isDynamic(operand)) return call(expr, internal.dynSelect, operand, field);
    return made(expr, { case: 'selectExpr', value: { ...value, operand } });
  }

  /** Whether only the run can tell if a value is an optional: what functions give, and variables bound to it. */
  #isDynamic(operand: Expr): boolean {
    const { exprKind } = operand;
    if (exprKind.case === 'identExpr') return this.#mayBeOptional.includes(exprKind.value.name);
    if (exprKind.case === 'callExpr') return exprKind.value.function !== '_[_]';
    return exprKind.case === 'comprehensionExpr';
  }

  #call(expr: Expr, value: Call): Expr {
    const { function: name, target, args } = value;
    const macro = target === undefined ? undefined : this.#macro(expr, name, target, args);
    if (macro !== undefined) return macro;
    if (name === OPT_ENTRY) return call(expr, internal.entry, this.expand(args[0]!));
    const qualified = target === undefined ? undefined : qualifiedName(target);
    const isNamespace = qualified !== undefined && namespaced.has(`${qualified}.${name}`);
    this.uses.functions.add(isNamespace ? `${qualified}.${name}` : name);
    const inner = args.map((item) => this.expand(item));
    if (name === '_[_]' && isCall(inner[0]!, internal.select, internal.index))
      return call(expr, internal.index, ...inner);
    if (name === '_[_]' && this.#isDynamic(inner[0]!)) return call(expr, internal.dynIndex, ...inner);
    const next = {
      ...value,
      args: inner,
      ...(target !== undefined && { target: isNamespace ? target : this.expand(target) }),
    };
    return made(expr, { case: 'callExpr', value: next });
  }

  /** The expansion of a macro that is called on something; undefined where the call is none. */
  #macro(expr: Expr, name: string, target: Expr, args: readonly Expr[]): Expr | undefined {
    if (name === OPT_SELECT) return call(expr, internal.select, this.expand(target), args[0]!);
    if (name === OPT_INDEX) return call(expr, internal.index, this.expand(target), this.expand(args[0]!));
    if (name === 'bind' && qualifiedName(target) === 'cel' && args.length === 3)
      return this.#bind(expr, variable(args[0]!), this.expand(args[1]!), () => this.expand(args[2]!));
    if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2)
      return this.#withValue(expr, target, (it) => {
        const inner = this.#bind(expr, variable(args[0]!), call(expr, internal.value, it), () => this.expand(args[1]!));
        return [name === 'optMap' ? call(expr, 'optional.of', inner) : inner, call(expr, 'optional.none')];
      });
    if (name === 'or' && args.length === 1) return this.#withValue(expr, target, (it) => [it, this.expand(args[0]!)]);
    if (name === 'orValue' && args.length === 1)
      return this.#withValue(expr, target, (it) => [call(expr, internal.value, it), this.expand(args[0]!)]);
    if (name === 'sortBy' && args.length === 2) {
      const list = this.#fresh();
      return this.#bind(expr, list, this.expand(target), () => {
        const keys = this.#fold(expr, name, ident(expr, list), [variable(args[0]!)], [], args[1]!);
        return call(expr, internal.sortBy, ident(expr, list), keys);
      });
    }
    if (comprehensions.has(name) && (args.length === 3 || (args.length === 4 && name.startsWith('transform')))) {
      const variables = [variable(args[0]!), variable(args[1]!)];
      if (variables[0] === variables[1]) throw new Error(`duplicate variable name: ${variables[0]}`);
      return this.#fold(expr, name, this.expand(target), variables, args.slice(2, -1), args.at(-1)!);
    }
    return undefined;
  }

  /** Evaluates an optional once and gives the first expression where it has a value, else the second. */
  #withValue(expr: Expr, target: Expr, choose: (it: Expr) => readonly [Expr, Expr]): Expr {
    const name = this.#fresh();
    return this.#bind(expr, name, this.expand(target), () => {
      const it = ident(expr, name);
      const [then, otherwise] = choose(it);
      return call(expr, '_?_:_', call(expr, internal.hasValue, it), then, otherwise);
    });
  }

  /** `cel.bind`: a fold over nothing, whose accumulator is the variable. */
  #bind(expr: Expr, name: string, init: Expr, inner: () => Expr): Expr {
    this.#mayBeOptional.push(name);
    const result = this.#inScope([name], inner);
    this.#mayBeOptional.pop();
    return fold(expr, {
      accuVar: name,
      accuInit: init,
      iterVar: '@none',
      iterRange: listOf(expr),
      loopCondition: literal(expr, false),
      loopStep: ident(expr, name),
      result,
    });
  }

  /** A comprehension over entries, which the engine runs with one variable: its key and value are bound inside. */
  #fold(
    expr: Expr,
    name: string,
    range: Expr,
    variables: readonly string[],
    filter: readonly Expr[],
    body: Expr,
  ): Expr {
    const [entry, total] = [this.#fresh(), this.#fresh()];
    const sum = ident(expr, total);
    const inEntry = (part: Expr): Expr => {
      const bindings = variables.length === 1 ? [ident(expr, entry)] : [0n, 1n].map((i) => at(expr, entry, i));
      const [first, second] = variables;
      if (second === undefined) return this.#bind(expr, first!, bindings[0]!, () => this.expand(part));
      return this.#bind(expr, first!, bindings[0]!, () =>
        this.#bind(expr, second, bindings[1]!, () => this.expand(part)),
      );
    };
    const step = (next: Expr): Expr =>
      filter.length === 0 ? next : call(expr, '_?_:_', inEntry(filter[0]!), next, sum);
    const entries = variables.length === 1 ? range : call(expr, internal.entries, range);
    const over = {
      accuVar: total,
      iterVar: entry,
      iterRange: entries,
      loopCondition: literal(expr, true),
      result: sum,
    };
    switch (name) {
      case 'all':
        return fold(expr, {
          ...over,
          accuInit: literal(expr, true),
          loopCondition: call(expr, '@not_strictly_false', sum),
          loopStep: call(expr, '_&&_', sum, inEntry(body)),
        });
      case 'exists':
        return fold(expr, {
          ...over,
          accuInit: literal(expr, false),
          loopCondition: call(expr, '@not_strictly_false', call(expr, '!_', sum)),
          loopStep: call(expr, '_||_', sum, inEntry(body)),
        });
      case 'existsOne':
      case 'exists_one':
        return fold(expr, {
          ...over,
          accuInit: literal(expr, 0n),
          loopStep: call(expr, '_?_:_', inEntry(body), call(expr, '_+_', sum, literal(expr, 1n)), sum),
          result: call(expr, '_==_', sum, literal(expr, 1n)),
        });
      case 'transformMap':
        return fold(expr, {
          ...over,
          accuInit: made(expr, structure),
          loopStep: step(call(expr, internal.insert, sum, at(expr, entry, 0n), inEntry(body))),
        });
      case 'transformMapEntry':
        return fold(expr, {
          ...over,
          accuInit: made(expr, structure),
          loopStep: step(call(expr, internal.insert, sum, inEntry(body))),
        });
      default:
        return fold(expr, {
          ...over,
          accuInit: listOf(expr),
          loopStep: step(call(expr, '_+_', sum, listOf(expr, inEntry(body)))),
        });
    }
  }

  #struct(expr: Expr, value: Extract<Kind, { case: 'structExpr' }>['value']): Expr {
    const entries = value.entries.map((entry) => ({
      ...entry,
      ...(entry.keyKind.case === 'mapKey' && {
        keyKind: { case: 'mapKey' as const, value: this.expand(entry.keyKind.value) },
      }),
      ...(entry.value !== undefined && { value: this.expand(entry.value) }),
    }));
    const keys = entries.flatMap(({ keyKind }) => (keyKind.case === 'mapKey' ? [keyKind.value] : []));
    if (!keys.some((key) => isCall(key, internal.entry)))
      return made(expr, { case: 'structExpr', value: { ...value, entries } });
    const pairs = entries.map((entry, i) => listOf(expr, keys[i]!, entry.value!));
    return call(expr, internal.mapOf, listOf(expr, ...pairs));
  }

  #comprehension(expr: Expr, value: Comprehension): Expr {
    const iterRange = this.expand(value.iterRange!);
    const accuInit = this.expand(value.accuInit!);
    const parts = this.#inScope([value.iterVar, value.accuVar], () => ({
      loopCondition: this.expand(value.loopCondition!),
      loopStep: this.expand(value.loopStep!),
      result: this.expand(value.result!),
    }));
    return made(expr, { case: 'comprehensionExpr', value: { ...value, iterRange, accuInit, ...parts } });
  }

  #inScope<T>(names: readonly string[], inner: () => T): T {
    this.#bound.push(...names);
    const result = inner();
    this.#bound.splice(this.#bound.length - names.length);
    return result;
  }

  #fresh(): string {
    this.#names += 1;
    const name = `@${this.#names}`;
    this.#bound.unshift(name);
    return name;
  }
}

/** Functions whose names have a dot; everything else before a dot is a value. */
export const namespaced: ReadonlySet<string> = new Set([
  'optional.of',
  'optional.ofNonZeroValue',
  'optional.none',
  'optional.unwrap',
  'sets.contains',
  'sets.equivalent',
  'sets.intersects',
  'strings.quote',
  'lists.range',
  'ip.isCanonical',
  'format.named',
  ...[
    'dns1123Label',
    'dns1123Subdomain',
    'dns1035Label',
    'qualifiedName',
    'dns1123LabelPrefix',
    'dns1123SubdomainPrefix',
    'dns1035LabelPrefix',
    'labelValue',
    'uri',
    'uuid',
    'byte',
    'date',
    'datetime',
  ].map((name) => `format.${name}`),
]);

function variable(expr: Expr): string {
  if (expr.exprKind.case === 'identExpr') return expr.exprKind.value.name;
  throw new Error('argument must be a simple name');
}

function qualifiedName({ exprKind }: Expr): string | undefined {
  return exprKind.case === 'identExpr' ? exprKind.value.name : undefined;
}

function isCall({ exprKind }: Expr, ...names: readonly string[]): boolean {
  return exprKind.case === 'callExpr' && names.includes(exprKind.value.function);
}

/** A node at the place of another, so that errors point there. */
function made({ id }: Expr, exprKind: Kind): Expr {
  return { $typeName: 'cel.expr.Expr', id, exprKind };
}

function call(place: Expr, name: string, ...args: readonly Expr[]): Expr {
  const dot = name.startsWith('@') || name.startsWith('_') ? -1 : name.indexOf('.');
  const target = dot < 0 ? undefined : ident(place, name.slice(0, dot));
  return made(place, {
    case: 'callExpr',
    value: {
      $typeName: 'cel.expr.Expr.Call',
      function: name.slice(dot + 1),
      args: [...args],
      ...(target !== undefined && { target }),
    },
  });
}

function ident(place: Expr, name: string): Expr {
  return made(place, { case: 'identExpr', value: { $typeName: 'cel.expr.Expr.Ident', name } });
}

function text(place: Expr, value: string): Expr {
  return made(place, {
    case: 'constExpr',
    value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'stringValue', value } },
  });
}

function literal(place: Expr, value: boolean | bigint): Expr {
  return made(place, {
    case: 'constExpr',
    value: {
      $typeName: 'cel.expr.Constant',
      constantKind: typeof value === 'boolean' ? { case: 'boolValue', value } : { case: 'int64Value', value },
    },
  });
}

function at(place: Expr, list: string, index: bigint): Expr {
  return call(place, '_[_]', ident(place, list), literal(place, index));
}

function listOf(place: Expr, ...elements: readonly Expr[]): Expr {
  return made(place, {
    case: 'listExpr',
    value: { $typeName: 'cel.expr.Expr.CreateList', elements: [...elements], optionalIndices: [] },
  });
}

const structure: Kind = {
  case: 'structExpr',
  value: { $typeName: 'cel.expr.Expr.CreateStruct', messageName: '', entries: [] },
};

function fold(place: Expr, parts: Omit<Comprehension, '$typeName' | 'iterVar2'>): Expr {
  return made(place, {
    case: 'comprehensionExpr',
    value: { $typeName: 'cel.expr.Expr.Comprehension', iterVar2: '', ...parts },
  });
}

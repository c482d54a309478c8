import type { Entries } from './accumulator.js';
import { placeOf, type Source } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import type { FieldSpec } from './field-spec.js';
import { FieldSpecError, fieldName, matchesGvk, pathParts } from './field-spec.js';
import { describe, effectiveNamespace, type Id, parseApiVersion, sameGvk } from './ids.js';
import type { Kustomization } from './kustomization.js';
import { member } from './kustomization.js';
import {
  FoldedScalar,
  field,
  isList,
  isMap,
  isNull,
  isScalar,
  isText,
  type Node,
  type NodeMap,
  OddScalar,
  textOf,
} from './node.js';
import { resolvePlain } from './scalar.js';
import { isClusterScoped } from './scope.js';
import type { Spend } from './work.js';

/** A variable: a name, and the field of an object whose value it stands for. */
export interface Var {
  readonly name: string;
  readonly target: Id;
  readonly fieldPath: string;
  readonly source: Source;
}

export function varsOf(kustomization: Kustomization): Var[] {
  return kustomization.items('vars').map(({ value, pointer }) => {
    const map = isMap(value) ? value : {};
    const objref = member(map, 'objref');
    const ref = isMap(objref) ? objref : {};
    const fieldref = member(map, 'fieldref');
    const part = (key: string) => textOf(member(ref, key));
    const apiVersion = part('apiVersion');
    const gv = apiVersion === '' ? { group: part('group'), version: part('version') } : parseApiVersion(apiVersion);
    return {
      name: textOf(member(map, 'name')),
      target: { ...gv, kind: part('kind'), name: part('name'), namespace: part('namespace') },
      fieldPath: (isMap(fieldref) ? textOf(member(fieldref, 'fieldPath')) : '') || 'metadata.name',
      source: { via: 'vars', file: kustomization.file, document: kustomization.document, pointer },
    };
  });
}

/** Notes in objects that variables point at them; later changes of their ids do not matter then. */
export function markVars(entries: Entries, vars: readonly Var[]): void {
  for (const variable of vars) {
    entries.spend(4 * entries.list.length);
    const { target } = variable;
    const exact = target.namespace !== '' || isClusterScoped(target);
    const matches = entries.list.filter((entry) =>
      [...entry.previousIds, entry.id].some(
        (id) =>
          id.name === target.name &&
          sameGvk(id, target) &&
          (!exact || effectiveNamespace(id) === effectiveNamespace(target)),
      ),
    );
    if (matches.length > 1) {
      fail(
        'kustomize-var',
        `The variable ${variable.name} could mean ${matches.length} objects.`,
        placeOf(variable.source),
        {
          related: matches.map((entry) => ({ message: 'one of them', at: placeOf(entry.origin) })),
        },
      );
    }
    const match = matches[0];
    if (match !== undefined) match.refVarNames = [...match.refVarNames, variable.name];
  }
}

/** Joins variables; one name for two things is an error. */
export function mergeVars(a: readonly Var[], b: readonly Var[]): readonly Var[] {
  if (b.length === 0) return a;
  const result = new Map(a.map((variable) => [variable.name, variable]));
  for (const variable of b) {
    const other = result.get(variable.name);
    if (other !== undefined) {
      fail('kustomize-var', `The variable ${variable.name} is defined twice.`, placeOf(variable.source), {
        related: [{ message: 'the other definition', at: placeOf(other.source) }],
      });
    }
    result.set(variable.name, variable);
  }
  return [...result.values()];
}

/** Replaces `$(NAME)` in the fields that may hold variables. Returns the variables that were used nowhere. */
export function resolveVars(
  entries: readonly Entry[],
  vars: readonly Var[],
  specs: readonly FieldSpec[],
  spend: Spend,
): Var[] {
  if (vars.length === 0) return [];
  const values = new Map<string, { value: Node; variable: Var }>();
  for (const variable of vars) {
    spend(entries.length);
    values.set(variable.name, { value: variableValue(entries, variable), variable });
  }
  const used = new Set<string>();
  for (const entry of entries) {
    const gvk = entry.gvk;
    for (const spec of specs) {
      if (!matchesGvk(spec, gvk) || !textHas(entry.root)) continue;
      try {
        substitute(entry, entry.own(), pathParts(spec.path), 0, '', values, used, spend);
      } catch (error) {
        if (!(error instanceof FieldSpecError)) throw error;
        fail(
          'kustomize-field-kind',
          `The variables in the field ${spec.path} of ${describe(entry.id)} cannot be replaced: ${error.message}.`,
          placeOf(entry.origin),
          { hint: `Correct the path ${spec.path} under varReference, in a file of configurations.` },
        );
      }
    }
  }
  return vars.filter((variable) => !used.has(variable.name));
}

function textHas(node: Node): boolean {
  if (isText(node)) return node instanceof FoldedScalar || node.includes('$');
  if (isList(node)) return node.some(textHas);
  if (!isMap(node)) return false;
  for (const key in node) if (textHas(node[key] as Node)) return true;
  return false;
}

function variableValue(entries: readonly Entry[], variable: Var): Node {
  const entry = entries.find((candidate) => candidate.refVarNames.includes(variable.name));
  if (entry === undefined) {
    fail(
      'kustomize-var',
      `The variable ${variable.name} points at no object of the build.`,
      placeOf(variable.source, '/objref'),
    );
  }
  let node: Node | undefined = entry.root;
  for (const part of variable.fieldPath
    .split(/\.(?![^[]*\])/)
    .flatMap((text) => text.split(/\[(\d+)\]/).filter((piece) => piece !== ''))) {
    node = isMap(node) ? field(node, part) : isList(node) ? node[Number(part)] : undefined;
  }
  if (node === undefined) {
    fail(
      'kustomize-var',
      `The object of the variable ${variable.name} has no field ${variable.fieldPath}.`,
      placeOf(variable.source, '/fieldref'),
    );
  }
  return node;
}

type Values = ReadonlyMap<string, { readonly value: Node; readonly variable: Var }>;

function substitute(
  entry: Entry,
  node: Node,
  parts: readonly string[],
  at: number,
  pointer: string,
  values: Values,
  used: Set<string>,
  spend: Spend,
): void {
  if (isNull(node)) return;
  if (isList(node)) {
    for (const [i, item] of node.entries()) substitute(entry, item, parts, at, `${pointer}/${i}`, values, used, spend);
    return;
  }
  if (!isMap(node)) return;
  const name = fieldName(parts[at] as string);
  const child = field(node, name);
  if (child === undefined) return;
  const below = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (at < parts.length - 1) substitute(entry, child, parts, at + 1, below, values, used, spend);
  else expandAt(entry, node, name, child, below, values, used, spend);
}

function expandAt(
  entry: Entry,
  holder: NodeMap | Node[],
  key: string | number,
  node: Node,
  pointer: string,
  values: Values,
  used: Set<string>,
  spend: Spend,
): void {
  if (isList(node)) {
    for (const [i, item] of node.entries())
      if (isScalar(item)) expandAt(entry, node, i, item, `${pointer}/${i}`, values, used, spend);
    return;
  }
  if (isMap(node)) {
    for (const name of Object.keys(node)) {
      const item = node[name] as Node;
      if (isScalar(item))
        expandAt(
          entry,
          node,
          name,
          item,
          `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          values,
          used,
          spend,
        );
    }
    return;
  }
  if (!isText(node)) return;
  const { result, last } = expand(textOf(node), values, used, spend);
  // Whatever is looked at here loses its style.
  if (result !== node) (holder as NodeMap)[key as string] = result;

  if (last !== undefined) entry.wrote(pointer, last.source);
}

/** Expands `$(NAME)`; `$$` is a dollar sign; unknown names stay. A text that is one variable takes the type of its value. */
function expand(
  text: string,
  values: Values,
  used: Set<string>,
  spend: Spend,
): { result: Node; last: Var | undefined } {
  let out = '';
  let last: Var | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i] as string;
    if (char !== '$' || i + 1 >= text.length) {
      out += char;
      continue;
    }
    const next = text[i + 1];
    if (next === '$') {
      out += '$';
      i += 1;
      continue;
    }
    const close = next === '(' ? text.indexOf(')', i + 2) : -1;
    if (close < 0) {
      out += char;
      continue;
    }
    const name = text.slice(i + 2, close);
    const found = values.get(name);
    if (found === undefined) out += text.slice(i, close + 1);
    else {
      used.add(name);
      last = found.variable;
      if (i === 0 && close === text.length - 1 && !isMap(found.value) && !isList(found.value)) {
        return { result: typed(found.value), last };
      }
      const value = plain(found.value);
      // What variables stand for can be much longer than they are.
      spend(4 + value.length);
      out += value;
    }
    i = close;
  }
  return { result: out, last };
}

function typed(value: Node): Node {
  return value instanceof OddScalar && !isText(value) ? (resolvePlain(value.text) ?? value.text) : value;
}

function plain(value: Node): string {
  return value instanceof OddScalar && !isText(value) ? String(value.value) : textOf(value);
}

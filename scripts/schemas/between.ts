import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { CoreKind, CoreModel } from './client-node.js';
import { type Compact, references } from './compact.js';

/** Fields by `version.Type` (`v1.Container`) as the types of `@pulumi/kubernetes` have them, over all groups. */
export type FieldNames = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the interfaces of `types/input.d.ts`: `namespace core { namespace v1 { interface Container {…} } }`. */
export function readFieldNames(folder: string): FieldNames {
  const file = ts.createSourceFile(
    'input.d.ts',
    readFileSync(join(folder, 'types', 'input.d.ts'), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  const out = new Map<string, Set<string>>();
  const visit = (node: ts.Node, path: readonly string[]): void => {
    if (ts.isModuleDeclaration(node) && node.body) {
      ts.forEachChild(node.body, (child) => visit(child, [...path, node.name.text]));
    } else if (ts.isInterfaceDeclaration(node) && path.length === 2) {
      const key = `${path[1]}.${node.name.text}`;
      const names = out.get(key) ?? new Set<string>();
      for (const member of node.members) {
        if (member.name !== undefined) names.add((member.name as ts.Identifier | ts.StringLiteral).text);
      }
      out.set(key, names);
    }
  };
  ts.forEachChild(file, (node) => visit(node, []));
  return out;
}

/** What neither neighbour can tell. */
export interface OwnFacts {
  /** Kinds that this minor removed, by `apiVersion/kind`. */
  readonly gone?: RegExp;
  /** Fields that came with this minor and went with the next, as `Definition.field`; they accept anything. */
  readonly only?: readonly string[];
  /** Fields of a neighbour that this minor does not have, as `Definition.field`. */
  readonly without?: readonly string[];
  /** Kinds that only this minor served, as `apiVersion/kind plural scope`; their content is not known. */
  readonly kinds?: readonly string[];
}

/**
 * A minor between two that are known: what both have is taken; what only one has is taken where the third source has
 * it. `fields` decides a field by version, type and name; a type it does not know keeps what both have.
 */
export function between(before: CoreModel, after: CoreModel, fields: FieldNames, own: OwnFacts): CoreModel {
  const definitions = new Map<string, Compact>();
  const kinds = new Map<string, CoreKind>();
  for (const name of new Set([...before.definitions.keys(), ...after.definitions.keys()])) {
    const merged = mergeDefinition(name, before.definitions.get(name), after.definitions.get(name), fields);
    if (merged !== undefined) definitions.set(name, merged);
  }
  dropDangling(definitions);
  for (const place of own.only ?? []) {
    const [name, field] = place.split('.') as [string, string];
    definitions.set(name, { ...(definitions.get(name) as Record<string, unknown>), [field]: '*' });
  }
  for (const place of own.without ?? []) {
    const [name, field] = place.split('.') as [string, string];
    const fields = Object.entries(definitions.get(name) as Record<string, unknown>);
    definitions.set(name, Object.fromEntries(fields.filter(([key]) => plain(key) !== field)));
  }
  for (const line of own.kinds ?? []) {
    const [key, plural, scope] = line.split(' ') as [string, string, string];
    const definition = key.replaceAll(/[./]/g, '_');
    definitions.set(definition, { apiVersion: 's', kind: 's', metadata: '#V1ObjectMeta', spec: '*', status: '*' });
    kinds.set(key, { definition, plural, namespaced: scope === 'Namespaced' });
  }
  for (const [key, kind] of [...after.kinds, ...before.kinds]) {
    if (own.gone?.test(key) === true) continue;
    const inBoth = before.kinds.has(key) && after.kinds.has(key);
    if (inBoth || fields.has(typeKey(kind.definition))) if (definitions.has(kind.definition)) kinds.set(key, kind);
  }
  return { definitions, kinds };
}

/** A field whose type was found not to exist does not exist either. */
function dropDangling(definitions: Map<string, Compact>): void {
  for (const [name, value] of definitions) {
    if (typeof value === 'string') continue;
    const kept = Object.entries(value).filter(([, type]) =>
      [...references(type, '#')].every((ref) => definitions.has(ref)),
    );
    definitions.set(name, Object.fromEntries(kept));
  }
}

/** `V1beta1Foo` → `v1beta1.Foo`; `CoreV1Event` → `v1.Event`. */
function typeKey(definition: string): string {
  const match = /^[A-Za-z]*?V(\d+(?:(?:alpha|beta)\d+)?)([A-Z].*)$/.exec(definition);
  return match === null ? definition : `v${match[1]}.${match[2]}`;
}

const plain = (key: string): string => key.replace(/!$/, '');

function mergeDefinition(
  name: string,
  before: Compact | undefined,
  after: Compact | undefined,
  fields: FieldNames,
): Compact | undefined {
  const known = fields.get(typeKey(name));
  if (before === undefined || after === undefined) {
    const only = before ?? after;
    if (known === undefined || only === undefined || typeof only === 'string') return undefined;
    return Object.fromEntries(Object.entries(only).filter(([key]) => known.has(plain(key))));
  }
  if (typeof before === 'string' || typeof after === 'string') return before;
  const older = before as Readonly<Record<string, string>>;
  const newer = after as Readonly<Record<string, string>>;
  const out: Record<string, string> = {};
  const keys = [...new Set([...Object.keys(older), ...Object.keys(newer)].map(plain))].sort();
  for (const key of keys) {
    const typeBefore = older[key] ?? older[`${key}!`];
    const typeAfter = newer[key] ?? newer[`${key}!`];
    const type = typeBefore ?? typeAfter;
    if (type === undefined) continue;
    if ((typeBefore === undefined || typeAfter === undefined) && known?.has(key) !== true) continue;
    // Required only where nobody says otherwise: a doubt must not refuse a manifest.
    out[`${key}!` in older && `${key}!` in newer ? `${key}!` : key] = type;
  }
  return out;
}

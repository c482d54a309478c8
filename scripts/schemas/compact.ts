/**
 * The compact form of a schema, as it is written to `schemas/kubernetes` and `schemas/crds` (the reader is
 * `src/schema/compact.ts`, which documents the notation).
 */
export type Compact = string | { readonly [key: string]: unknown };

/** Definitions by name, each with the compact text of its JSON. */
export type Definitions = ReadonlyMap<string, Compact>;

/** Lines `name<TAB>json`, sorted by name. */
export function definitionLines(definitions: Definitions): string[] {
  return [...definitions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}\t${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

/** The names that a compact schema refers to: `#Name` in its own file, `^Name` in the core definitions. */
export function references(value: unknown, sign: '#' | '^', out = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    const at = value.search(/[#^]/);
    if (at >= 0 && value[at] === sign) out.add(value.slice(at + 1).replaceAll(/[\]}]+$/g, ''));
  } else if (Array.isArray(value)) for (const item of value) references(item, sign, out);
  else if (typeof value === 'object' && value !== null) {
    const node = value as { readonly [key: string]: unknown };
    if ('' in node) {
      references(node[''], sign, out);
      for (const key of ['items', 'values', 'props']) references(node[key], sign, out);
    } else for (const item of Object.values(node)) references(item, sign, out);
  }
  return out;
}

/** Every definition that the given names lead to. */
export function reachable(definitions: Definitions, names: Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (seen.has(name)) continue;
    const value = definitions.get(name);
    if (value === undefined) throw new Error(`no definition ${name}`);
    seen.add(name);
    queue.push(...references(value, '#'));
  }
  return seen;
}

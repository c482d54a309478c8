import { build, objectOf } from './probe.js';
import { apiVersion, definitionName, type Gvk, type Property, type Universe, type Value } from './universe.js';

/** Lists that are merged, by definition and field; and the kinds whose definitions kubectl knows. */
export interface MergeTables {
  readonly roots: Readonly<Record<string, string>>;
  /** Definition → field → what it leads to, and the merge keys of a list (none for a list of scalars). */
  readonly definitions: Readonly<Record<string, Readonly<Record<string, { to?: string; keys?: readonly string[] }>>>>;
}

interface ListField {
  readonly definition: string;
  readonly field: string;
  readonly item: Property;
  readonly itemDefinition: string | undefined;
  readonly gvk: Gvk;
  readonly path: readonly Step[];
}

interface Step {
  readonly name: string;
  readonly list: boolean;
  readonly definition: string | undefined;
}

/** Every list field once, by the shortest way to it. */
function listFields(universe: Universe): ListField[] {
  const found = new Map<string, ListField>();
  for (const { gvk, definition } of universe.kinds.values()) {
    const queue: { definition: string; path: Step[] }[] = [{ definition, path: [] }];
    const seen = new Set<string>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (seen.has(next.definition) || /JSONSchemaProps/.test(next.definition)) continue;
      seen.add(next.definition);
      for (const [name, property] of Object.entries(universe.definitions.get(next.definition)?.properties ?? {})) {
        if (next.path.length === 0 && name === 'status') continue;
        const item = property.type === 'array' ? property.items : undefined;
        const child = definitionName(item ?? property);
        const path = [...next.path, { name, list: item !== undefined, definition: child }];
        const key = `${gvk.group}/${gvk.version}/${gvk.kind}/${next.definition}.${name}`;
        if (item !== undefined && !found.has(key)) {
          found.set(key, { definition: next.definition, field: name, item, itemDefinition: child, gvk, path });
        }
        if (child !== undefined) queue.push({ definition: child, path });
      }
    }
  }
  return [...found.values()];
}

/** The scalar fields of an item, which could be its key. */
function scalarFields(universe: Universe, name: string | undefined): Map<string, 'text' | 'number'> {
  const result = new Map<string, 'text' | 'number'>();
  const definition = name === undefined ? undefined : universe.definitions.get(name);
  for (const [field, property] of Object.entries(definition?.properties ?? {})) {
    if (property.type === 'string') result.set(field, 'text');
    else if (property.type === 'integer') result.set(field, 'number');
  }
  return result;
}

interface Trial {
  readonly list: ListField;
  /** Fields in which both items agree; undefined: a list of scalars. */
  readonly same: readonly string[] | undefined;
}

/** The merged objects; undefined where a trial was refused. */
function buildTrials(patches: readonly object[], objects: readonly object[]): (object | undefined)[] {
  try {
    return build({ patches, sortOptions: { order: 'fifo' } }, objects);
  } catch (error) {
    if (objects.length <= 1) {
      console.error(`left out: ${(error as Error).message.slice(0, 150)}`);
      return [undefined];
    }
    const half = Math.ceil(objects.length / 2);
    return [
      ...buildTrials(patches.slice(0, half), objects.slice(0, half)),
      ...buildTrials(patches.slice(half), objects.slice(half)),
    ];
  }
}

/** How many items the merged list has, for each trial. */
function run(universe: Universe, trials: readonly Trial[]): number[] {
  const counts: number[] = [];
  for (let i = 0; i < trials.length; i += 100) {
    const portion = trials.slice(i, i + 100);
    const objects = portion.map((trial, j) =>
      objectOf(trial.list.gvk, `p${j}`, wrap(universe, trial.list.path, item(universe, trial, 'base', []))),
    );
    const patches = portion.map((trial, j) => ({
      patch: JSON.stringify(
        objectOf(
          trial.list.gvk,
          `p${j}`,
          wrap(universe, trial.list.path, item(universe, trial, 'patch', trial.same ?? [])),
        ),
      ),
    }));
    const built = buildTrials(patches, objects);
    for (const [j, trial] of portion.entries()) counts.push(lengthAt(built[j], trial.list.path));
  }
  return counts;
}

function item(universe: Universe, trial: Trial, side: 'base' | 'patch', same: readonly string[]): Value {
  if (trial.same === undefined) return side;
  const result: { [key: string]: Value } = {};
  for (const [name, type] of scalarFields(universe, trial.list.itemDefinition)) {
    const agrees = side === 'base' || same.includes(name);
    result[name] = type === 'text' ? (agrees ? 'same' : 'other') : agrees ? 1 : 2;
  }
  return result;
}

/** The value at the end of the path; items of lists on the way agree in all their scalars, so that they are merged. */
function wrap(universe: Universe, path: readonly Step[], value: Value): Value {
  let below = value;
  for (const [i, { name, list, definition }] of [...path.entries()].reverse()) {
    const keys: { [key: string]: Value } = {};
    if (list && i < path.length - 1) {
      for (const [key, type] of scalarFields(universe, definition)) keys[key] = type === 'text' ? 'k' : 7;
    }
    const item: Value = typeof below === 'object' && !Array.isArray(below) ? Object.assign(keys, below) : below;
    below = { [name]: list ? [item] : below };
  }
  return below;
}

function lengthAt(node: unknown, path: readonly Step[]): number {
  let at = node;
  for (const { name } of path.slice(0, -1)) {
    at = (at as Record<string, unknown> | undefined)?.[name];
    if (Array.isArray(at)) at = at[0];
  }
  const list = (at as Record<string, unknown> | undefined)?.[path.at(-1)?.name ?? ''];
  return Array.isArray(list) ? list.length : 0;
}

export function mergeKeys(universe: Universe, say: (text: string) => void): MergeTables {
  const lists = listFields(universe);
  say(`${lists.length} lists`);
  const trials = lists.map((list): Trial => ({ list, same: isScalarList(list) ? undefined : [] }));
  const counts = run(universe, trials);
  const merged = lists.filter((_, i) => counts[i] === 2);
  say(`${merged.length} of them are merged`);
  const keys = keysOf(universe, merged);
  const known = new Map<string, readonly string[]>();
  for (const list of merged) {
    const own = keys.get(`${list.definition}.${list.field}`);
    if (own !== undefined) known.set(idOf(list), own);
  }
  return tablesOf(universe, known);
}

const idOf = (list: ListField) => `${apiVersion(list.gvk)}/${list.gvk.kind}#${list.definition}.${list.field}`;

/** The keys of merged lists, each tried once: one field that makes two items the same, or two that do. */
function keysOf(universe: Universe, merged: readonly ListField[]): Map<string, readonly string[]> {
  const keys = new Map<string, readonly string[]>();
  const once = [...new Map(merged.map((list) => [`${list.definition}.${list.field}`, list])).values()];
  for (const list of once.filter(isScalarList)) keys.set(`${list.definition}.${list.field}`, []);
  const settle = (trials: readonly Trial[]) => {
    const counts = run(universe, trials);
    for (const [i, { list, same }] of trials.entries()) {
      const name = `${list.definition}.${list.field}`;
      if (counts[i] === 1 && !keys.has(name)) keys.set(name, same ?? []);
    }
  };
  const names = (list: ListField) => [...scalarFields(universe, list.itemDefinition).keys()].sort();
  const open = () => once.filter((list) => !keys.has(`${list.definition}.${list.field}`));
  settle(open().flatMap((list) => names(list).map((name): Trial => ({ list, same: [name] }))));
  settle(
    open().flatMap((list) =>
      names(list).flatMap((a) =>
        names(list)
          .filter((b) => a < b)
          .map((b): Trial => ({ list, same: [a, b] })),
      ),
    ),
  );
  return keys;
}

function isScalarList(list: ListField): boolean {
  return list.item.type === 'string';
}

function tablesOf(universe: Universe, known: ReadonlyMap<string, readonly string[]>): MergeTables {
  const roots: Record<string, string> = {};
  const keys = new Map<string, readonly string[]>();
  for (const [id, own] of known) {
    const [root, name] = id.split('#') as [string, string];
    const gvk = [...universe.kinds.values()].find((entry) => `${apiVersion(entry.gvk)}/${entry.gvk.kind}` === root);
    if (gvk !== undefined) roots[root] = gvk.definition;
    keys.set(name, own);
  }
  const definitions: Record<string, Record<string, { to?: string; keys?: readonly string[] }>> = {};
  const queue = Object.values(roots);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (definitions[name] !== undefined) continue;
    const fields: Record<string, { to?: string; keys?: readonly string[] }> = {};
    definitions[name] = fields;
    for (const [field, property] of Object.entries(universe.definitions.get(name)?.properties ?? {})) {
      const to = definitionName(property.type === 'array' ? (property.items ?? {}) : property);
      const own = keys.get(`${name}.${field}`);
      if (to === undefined && own === undefined) continue;
      fields[field] = { ...(to === undefined ? {} : { to }), ...(own === undefined ? {} : { keys: own }) };
      if (to !== undefined) queue.push(to);
    }
  }
  return { roots, definitions: prune(definitions, roots) };
}

/** Leaves out what leads to no merged list. */
function prune(
  definitions: Record<string, Record<string, { to?: string; keys?: readonly string[] }>>,
  roots: Readonly<Record<string, string>>,
): MergeTables['definitions'] {
  const useful = new Set<string>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const [name, fields] of Object.entries(definitions)) {
      if (useful.has(name)) continue;
      if (
        Object.values(fields).some(
          (field) => field.keys !== undefined || (field.to !== undefined && useful.has(field.to)),
        )
      ) {
        useful.add(name);
        grew = true;
      }
    }
  }
  const result: Record<string, Record<string, { to?: string; keys?: readonly string[] }>> = {};
  for (const [name, fields] of Object.entries(definitions)) {
    if (!useful.has(name) && !Object.values(roots).includes(name)) continue;
    const kept: Record<string, { to?: string; keys?: readonly string[] }> = {};
    for (const [field, { to, keys }] of Object.entries(fields)) {
      const leads = to !== undefined && useful.has(to);
      if (keys !== undefined || leads)
        kept[field] = { ...(leads ? { to } : {}), ...(keys === undefined ? {} : { keys }) };
    }
    result[name] = kept;
  }
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
}

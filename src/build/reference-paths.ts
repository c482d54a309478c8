import type { Config } from './config.js';
import type { Entry } from './entry.js';
import { FieldSpecError, fieldName, pathParts } from './field-spec.js';
import { type Gvk, isSelected } from './ids.js';

/** A field that holds the name of an object of a kind. */
export interface Filter {
  readonly path: string;
  readonly target: Gvk;
}

/** All paths of the references of a kind, so that an object is walked once: which end here, and where the others go on. */
export interface PathTree {
  /** How many there are of these, at the root. */
  size: number;
  readonly ends: Filter[];
  readonly children: PathTree[];
  /** The field that leads here, and for messages a path that leads through it. */
  readonly name: string;
  readonly path: string;
  /** Why the name cannot be that of a field. */
  readonly fault: string | undefined;
}

function pathTree(name: string, path: string): PathTree {
  return { size: 0, ends: [], children: [], name, path, fault: faultOf(name) };
}

function faultOf(name: string): string | undefined {
  try {
    fieldName(name);
    return undefined;
  } catch (error) {
    if (error instanceof FieldSpecError) return error.message;
    throw error;
  }
}

const treesOf = new WeakMap<Config, Map<string, PathTree | undefined>>();

/** Where objects of the kind of this one refer to others; worked out once for each kind. Undefined where they never do. */
export function referencePaths(entry: Entry, config: Config): PathTree | undefined {
  let trees = treesOf.get(config);
  if (trees === undefined) {
    trees = new Map();
    treesOf.set(config, trees);
  }
  const original = entry.originalId;
  const key = `${original.group}/${original.version}/${original.kind}`;
  if (!trees.has(key)) trees.set(key, pathsFor(original, config));
  return trees.get(key);
}

function pathsFor(original: Gvk, config: Config): PathTree | undefined {
  const root = pathTree('', '');
  const known = new Map<PathTree, Map<string, PathTree>>();
  for (const reference of config.nameReference) {
    for (const spec of reference.fieldSpecs) {
      if (!isSelected(original, spec)) continue;
      let tree = root;
      for (const part of pathParts(spec.path)) {
        const name = part.endsWith('[]') ? part.slice(0, -2) : part;
        const names: Map<string, PathTree> = known.get(tree) ?? new Map();
        known.set(tree, names);
        let child = names.get(name);
        if (child === undefined) {
          child = pathTree(name, spec.path);
          names.set(name, child);
          tree.children.push(child);
          root.size += 1;
        }
        tree = child;
      }
      tree.ends.push({ path: spec.path, target: reference });
    }
  }
  return root.ends.length === 0 && root.children.length === 0 ? undefined : root;
}

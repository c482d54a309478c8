import type { Json } from '../diagnostics/diagnostic.js';
import { freshEntries, freshItems, keyText, scalarValue, type YamlNode } from './tree.js';

/**
 * The value of a tree, by the core schema of YAML 1.2. Mappings have no prototype. Undefined where it is deeper than
 * `maxDepth`, or where an alias names nothing.
 */
export function composeValue(root: YamlNode, maxDepth: number): Json | undefined {
  const anchors = new Map<string, Json>();
  const compose = (node: YamlNode, depth: number): Json | undefined => {
    if (depth > maxDepth) return undefined;
    const value = read(node, depth);
    if (value !== undefined && node.anchor !== undefined) anchors.set(node.anchor, value);
    return value;
  };
  const read = (node: YamlNode, depth: number): Json | undefined => {
    if (node.kind === 'alias') return anchors.get(node.source);
    if (node.kind === 'map') {
      const out = Object.create(null) as Record<string, Json>;
      for (const entry of freshEntries(node)) {
        if (entry.key.anchor !== undefined) anchors.set(entry.key.anchor, scalarValue(entry.key));
        const value = compose(entry.value, depth + 1);
        if (value === undefined) return undefined;
        out[keyText(entry.key)] = value;
      }
      return out;
    }
    if (node.kind === 'seq') {
      const out: Json[] = [];
      for (const item of freshItems(node)) {
        const value = compose(item, depth + 1);
        if (value === undefined) return undefined;
        out.push(value);
      }
      return out;
    }
    return scalarValue(node);
  };
  return compose(root, 0);
}

/** Whether two values are equal; neither may contain itself. */
export function sameValue(a: Json, b: Json): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameValue(item, b[i] as Json))
    );
  }
  const keys = Object.keys(a);
  const other = b as Record<string, Json>;
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameValue((a as Record<string, Json>)[key]!, other[key]!))
  );
}

import { placeOf, sourceOf, step } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { describe } from './ids.js';
import { isList, isMap, type Node } from './node.js';
import type { FieldSource } from './resource.js';
import { isCollection } from './shared-tree.js';
import { isOddKey } from './tree-facts.js';

/**
 * A key that reads as a number, a boolean or null cannot be printed upstream, unless it is in quotes in its file. Keys that
 * Kustomize writes itself (labels, annotations, data of generators) never are.
 */
export function refuseOddKeys(entry: Entry, isQuoted: (place: FieldSource) => boolean): void {
  const walk = (node: Node, path: (string | number)[]): void => {
    if (isList(node)) {
      for (let i = 0; i < node.length; i += 1) below(node[i] as Node, i, path);
    } else if (isMap(node)) {
      for (const key in node) {
        if (isOddKey(key)) refuse(entry, key, path.map(step).join(''), isQuoted);
        below(node[key] as Node, key, path);
      }
    }
  };
  const below = (node: Node, key: string | number, path: (string | number)[]): void => {
    if (!isCollection(node)) return;
    path.push(key);
    walk(node, path);
    path.pop();
  };
  walk(entry.root, []);
}

function refuse(entry: Entry, key: string, pointer: string, isQuoted: (place: FieldSource) => boolean): void {
  const below = pointer + step(key);
  const source = sourceOf(entry.edits, entry.origin, below);
  const isWritten = source.via === 'resource' || source.via.startsWith('patches') || source.via === 'transformers';
  const isRewritten = pointer === '/metadata/annotations' || entry.rewritten !== undefined;
  if (isWritten && (entry.rewritten !== undefined || (!isRewritten && isQuoted({ ...source, part: 'key' })))) return;
  fail(
    'kustomize-key',
    `The key ${key || '""'} of ${describe(entry.id)} is not read as a string, and the build cannot print it.`,
    { ...source, part: 'key' },
    {
      hint: 'Keys of the Kubernetes API are strings: put it in quotes, or choose another one.',
      related: [{ message: 'the object', at: placeOf(entry.origin) }],
    },
  );
}

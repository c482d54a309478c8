import { createHash } from 'node:crypto';
import type { Entry } from './entry.js';
import { goJson } from './go-json.js';
import { effectiveNamespace } from './ids.js';
import { field, isMap, isScalar, type Node, type NodeMap, textOf } from './node.js';

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' };

/** The suffix that a generated object gets from its content: ten characters without vowels and look-alikes. */
function contentHash(entry: Entry): string {
  const digest = createHash('sha256').update(encode(entry.root, entry.kind), 'utf8').digest('hex');
  return [...digest.slice(0, 10)].map((char) => letters[char] ?? char).join('');
}

/** Puts the hash of its content behind the name of an object. */
export function addHash(entry: Entry): void {
  const name = `${entry.name}-${contentHash(entry)}`;
  entry.storePreviousId(effectiveNamespace(entry.id));
  entry.set(['metadata', 'name'], name, { ...entry.origin, via: 'hash' });
}

/** What is hashed: Go's JSON of kind, data and an empty name (upstream looks for a field called `metadata/name`). */
function encode(root: NodeMap, kind: string): string {
  const value = (key: string): Node => {
    const node = field(root, key);
    if (node === undefined) return '';
    return isScalar(node) ? textOf(node) : node;
  };
  const parts: NodeMap = { kind, name: value('metadata/name'), data: value('data') };
  if (kind === 'Secret') {
    parts['type'] = value('type');
    if (isMap(value('stringData'))) parts['stringData'] = value('stringData');
  } else if (isMap(value('binaryData'))) parts['binaryData'] = value('binaryData');
  return goJson(parts);
}

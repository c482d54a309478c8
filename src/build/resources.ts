import type { Place } from '../diagnostics/diagnostic.js';
import type { Source } from './edits.js';
import { Entry } from './entry.js';
import { fail } from './failure.js';
import {
  field,
  isList,
  isMap,
  isMissingOrNull,
  isNull,
  mapAt,
  type Node,
  type NodeMap,
  textAtKey,
  textOf,
} from './node.js';

/** The objects of a document: itself, or the items of a `List`. Fails on what is not an object of the Kubernetes API. */
export function objectsOf(document: Node, source: Source): Entry[] {
  const queue: { node: Node; pointer: string }[] = [{ node: document, pointer: '' }];
  const entries: Entry[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { node, pointer } = next;
    if (isMissingOrNull(node) || (isMap(node) && Object.keys(node).length === 0)) continue;
    const at: Place = { file: source.file, document: source.document, pointer };
    if (!isMap(node))
      fail('kustomize-not-an-object', 'This document is not an object (a map with apiVersion, kind and metadata).', at);
    checkObject(node, at);
    const items = listItemsOf(node, at);
    if (items === undefined) entries.push(entryOf(node, { ...source, pointer: source.pointer + pointer }));
    else for (const [i, item] of items.entries()) queue.push({ node: item, pointer: `${pointer}/items/${i}` });
  }
  return entries;
}

function checkObject(node: NodeMap, at: Place): void {
  const kind = textAtKey(node, 'kind');
  if (kind === '') fail('kustomize-not-an-object', 'This object has no kind.', at);
  if (kind.endsWith('List')) return;
  const metadata = mapAt(node, 'metadata');
  const name = metadata === undefined ? undefined : field(metadata, 'name');
  if (isMissingOrNull(name) || textOf(name) === '') {
    fail('kustomize-not-an-object', `This ${kind} has no metadata.name.`, {
      ...at,
      pointer: `${at.pointer ?? ''}/metadata`,
    });
  }
}

function listItemsOf(node: NodeMap, at: Place): Node[] | undefined {
  if (!textAtKey(node, 'kind').endsWith('List')) return undefined;
  const items = field(node, 'items');
  if (items === undefined) return undefined;
  if (isNull(items)) return [];
  if (!isList(items))
    fail('kustomize-not-an-object', 'The items of a list must be a list.', {
      ...at,
      pointer: `${at.pointer ?? ''}/items`,
    });
  return items;
}

const internal = 'internal.config.kubernetes.io/';

/** An entry of an object; annotations in which Kustomize keeps its books count as if it had written them. */
function entryOf(node: NodeMap, source: Source): Entry {
  const entry = new Entry(node, source);
  const annotations = entry.metadata === undefined ? undefined : mapAt(entry.metadata, 'annotations');
  if (annotations === undefined || !Object.keys(annotations).some((key) => key.startsWith(internal))) return entry;
  const csv = (key: string) => {
    const text = textOf(field(annotations, internal + key));
    return text === '' ? [] : text.split(',');
  };
  const names = csv('previousNames');
  const namespaces = csv('previousNamespaces');
  const kinds = csv('previousKinds');
  if (names.length === namespaces.length && names.length === kinds.length) {
    entry.previous = names.map((name, i) => ({ name, namespace: namespaces[i] as string, kind: kinds[i] as string }));
  }
  entry.prefixes = csv('prefixes');
  entry.suffixes = csv('suffixes');
  entry.needsHash = textOf(field(annotations, `${internal}needsHashSuffix`)) === 'enabled';
  return entry;
}

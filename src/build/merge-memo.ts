import type { Edit, Source } from './edits.js';
import type { Entry } from './entry.js';
import type { NodeMap } from './node.js';

/** What a merge made of a tree: the outcome, which nobody writes into, and the edits of it, oldest first. */
interface Outcome {
  readonly tree: NodeMap;
  readonly edits: readonly Edit[];
}

/** What merges gave, by the tree before and by the patch; `seen` where one happened once and was not kept. */
const outcomes = new WeakMap<NodeMap, Map<NodeMap, Outcome | 'seen'>>();

/** A merge under way whose outcome may serve others. */
export interface Watched {
  readonly before: NodeMap;
  readonly patch: NodeMap;
  readonly edits: Edit | undefined;
  /** Set where the outcome depends on more than the tree and the patch. */
  depends: boolean;
}

/**
 * Overlays of one base often carry the same patch: from the second time on a merge of the same two trees is kept, and
 * given to those who ask again. True where the outcome was known: the entry has it, with edits of its own source.
 */
export function replay(entry: Entry, patch: NodeMap, source: Source): boolean {
  if (!isPlain(entry)) return false;
  const outcome = outcomes.get(entry.root)?.get(patch);
  if (outcome === undefined || outcome === 'seen') return false;
  entry.shareRoot(outcome.tree);
  for (const edit of outcome.edits) entry.edits = { ...edit, previous: entry.edits, source };
  return true;
}

/** Asked before a merge; undefined where its outcome serves nobody else. */
export function watch(entry: Entry, patch: NodeMap): Watched | undefined {
  if (!isPlain(entry)) return undefined;
  const before = entry.root;
  return { before, patch, edits: entry.edits, depends: false };
}

/** Told after a merge. */
export function keep(watched: Watched, entry: Entry): void {
  if (watched.depends) return;
  const { before, patch } = watched;
  let byPatch = outcomes.get(before);
  if (byPatch === undefined) {
    byPatch = new Map();
    outcomes.set(before, byPatch);
  }
  if (!byPatch.has(patch)) {
    byPatch.set(patch, 'seen');
    return;
  }
  const edits: Edit[] = [];
  for (let edit = entry.edits; edit !== undefined && edit !== watched.edits; edit = edit.previous) edits.push(edit);
  byPatch.set(patch, { tree: entry.root, edits: edits.reverse() });
  // From now on its tree is that of others too.
  entry.shareRoot(entry.root);
}

/** A tree of a base that nobody writes into, with no books but its edits that a merge would ask. */
function isPlain(entry: Entry): boolean {
  return entry.tree.isShared && entry.shared.size === 0 && entry.rewritten === undefined;
}

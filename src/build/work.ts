import { isList, isMap, type Node, OddScalar } from './node.js';

/**
 * Told how much work is done, in steps of the budget of a build. A step is about what looking at one object costs, some 40 ns; what keeps
 * memory counts for more. Thrown out of where the budget ends.
 */
export type Spend = (steps: number) => void;

/** A field that is written keeps an edit, its pointer and its value: some 250 bytes. */
export const perWrite = 110;

/** The values of a tree: what it costs to walk or to copy it. */
export function nodesIn(node: Node): number {
  if (typeof node !== 'object' || node === null || node instanceof OddScalar) return 1;
  let count = 1;
  if (isList(node)) for (let i = 0; i < node.length; i += 1) count += nodesIn(node[i] as Node);
  else if (isMap(node)) for (const key in node) count += nodesIn(node[key] as Node);
  return count;
}

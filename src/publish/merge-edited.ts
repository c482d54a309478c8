import type { Branches } from './changeset.js';
import { lineDistance, type MergeResult, mergeTexts } from './merge.js';

/** What became of the edits in one generated file. */
export interface EditedMerge extends MergeResult {
  /** What the merge started from; absent where nobody knows it any more. */
  readonly base?: string;
}

/**
 * Brings what people made of a generated file together with what is generated now.
 *
 * One base is the ordinary three-way merge. Several come of a merge of two branches that both generated the file: what stands
 * there is git's mixture of them. What differs from the first base and is not of the second either is the edit: it is carried
 * from one to the other, and from there to what is generated now. Where it cannot be carried, the base that is nearest to the
 * text is the one that was edited; another one would take what the tool wrote on a branch for an edit.
 */
export function mergeEdited(bases: readonly string[], present: string, desired: string): EditedMerge {
  let best: EditedMerge | undefined;
  for (const attempt of carried(bases, present, desired)) {
    if (attempt.conflicts === 0) return attempt;
    if (best === undefined || attempt.conflicts < best.conflicts) best = attempt;
  }
  return best ?? mergeWithNearest(bases, present, desired);
}

function* carried(bases: readonly string[], present: string, desired: string): Generator<EditedMerge> {
  for (const from of bases)
    for (const to of bases) {
      if (from === to) continue;
      const edit = mergeTexts(from, present, to);
      if (edit.conflicts === 0) yield { ...mergeTexts(to, edit.text, desired), base: to };
    }
}

/** A three-way merge with the one of several bases that a text was made from. */
function mergeWithNearest(bases: readonly string[], present: string, desired: string): EditedMerge {
  const distances = bases.map((base) => ({ base, lines: bases.length > 1 ? lineDistance(base, present) : 0 }));
  const [nearest] = distances.sort((a, b) => a.lines - b.lines);
  if (nearest === undefined) return mergeTexts(undefined, present, desired);
  return { ...mergeTexts(nearest.base, present, desired), base: nearest.base };
}

/** The two texts that a conflict is between, and how far the file is merged. */
export interface BranchMerge extends EditedMerge {
  readonly ours: string;
  readonly theirs: string;
  /** Whether a branch holds edits of people. */
  readonly edited: boolean;
}

/**
 * A file that git left in conflict between two branches: generated anew, with the edits of each branch brought onto that, one
 * after the other.
 *
 * @param isPristine Whether a text is as it was generated.
 */
export function mergeBranches(
  branches: Branches,
  bases: readonly string[],
  desired: string,
  isPristine: (text: string) => boolean,
): BranchMerge {
  let merged: BranchMerge = {
    text: desired,
    conflicts: 0,
    twoWay: false,
    ours: desired,
    theirs: desired,
    edited: false,
  };
  const sides = [
    { side: branches.theirs, own: branches.theirsBases ?? bases },
    { side: branches.ours, own: branches.oursBases ?? bases },
  ];
  for (const { side, own } of sides) {
    if (side === undefined || own.includes(side) || isPristine(side)) continue;
    // One branch's text is no mixture: it was made from one of the bases.
    const next = mergeWithNearest(own, side, merged.text);
    merged = { ...next, ours: side, theirs: merged.text, edited: true };
    if (next.conflicts > 0) return merged;
  }
  return merged;
}

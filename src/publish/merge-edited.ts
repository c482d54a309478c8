import type { Branches } from './changeset.js';
import { type MergeResult, mergeTexts } from './merge.js';

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
 * from one to the other, and from there to what is generated now. Where that is in conflict each base is tried alone, and
 * the way with the fewest conflicts is taken.
 */
export function mergeEdited(bases: readonly string[], present: string, desired: string): EditedMerge {
  let best: EditedMerge | undefined;
  for (const attempt of attempts(bases, present, desired)) {
    if (attempt.conflicts === 0) return attempt;
    if (best === undefined || attempt.conflicts < best.conflicts) best = attempt;
  }
  return best ?? mergeTexts(undefined, present, desired);
}

function* attempts(bases: readonly string[], present: string, desired: string): Generator<EditedMerge> {
  for (const from of bases)
    for (const to of bases) {
      if (from === to) continue;
      const carried = mergeTexts(from, present, to);
      if (carried.conflicts === 0) yield { ...mergeTexts(to, carried.text, desired), base: to };
    }
  for (const base of bases) yield { ...mergeTexts(base, present, desired), base };
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
  for (const side of [branches.theirs, branches.ours]) {
    if (side === undefined || isPristine(side)) continue;
    const next = mergeEdited(bases, side, merged.text);
    merged = { ...next, ours: side, theirs: merged.text, edited: true };
    if (next.conflicts > 0) return merged;
  }
  return merged;
}

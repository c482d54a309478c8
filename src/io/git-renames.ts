import type { FileContent } from '../files/file-map.js';
import type { Git } from './git.js';
import { automaticMerge, changedSince, type Merging } from './git-mergings.js';
import type { Unmerged } from './unmerged.js';

/** A file that a merge of git made into something else than its three versions at that path give. */
export interface Renamed {
  /** What git's automatic merge made of it; absent where it took the file away. */
  readonly automatic?: FileContent;
  /** Whether git reported a conflict there, which a person decides. */
  readonly inConflict: boolean;
  /** The versions at this very path, in the commit that both sides came from, ours and theirs. */
  readonly sides: Unmerged;
  /** What these three give where at most one side changed the file; absent where both did, each in its own way. */
  readonly pathwise?: { readonly text?: string };
}

/**
 * Where git's rename detection had a hand in a merge: a file that one side removed and a similar one that it added are one
 * file to git, and what the other side did to the first is carried into the second (git-merge(1), `find-renames`; `ort` cannot be told
 * not to before git 2.50). Of the paths that `isOurs` speaks for, those that came out otherwise than path by path. Undefined where
 * that cannot be known: a git before 2.38, which has no `merge-tree --write-tree`, or one that may not write.
 */
export async function readRenamed(
  git: Git,
  merging: Merging,
  isOurs: (path: string) => boolean,
): Promise<ReadonlyMap<string, Renamed> | undefined> {
  if (merging.isCrossed) return new Map();
  const merge = await automaticMerge(git, merging);
  if (merge === undefined) return undefined;
  const [base, ours, theirs, automatic] = await Promise.all(
    [merging.base, merging.ours, merging.theirs, merge.tree].map((each) => idsAt(git, each)),
  );
  if (base === undefined || ours === undefined || theirs === undefined || automatic === undefined) return new Map();
  const generated = new Set([...ours, ...theirs].flatMap(([path, id]) => (isOurs(path) ? [id] : [])));
  const found = new Map<string, readonly (string | undefined)[]>();
  for (const path of new Set([base, ours, theirs, automatic].flatMap((ids) => [...ids.keys()]))) {
    const ids = [base, ours, theirs, automatic].map((each) => each.get(path));
    const [b, o, t, a] = ids;
    // Only a file that is added or removed can be one end of a rename.
    if (b !== undefined && o !== undefined && t !== undefined) continue;
    const isInvented = b === undefined && o === undefined && t === undefined && generated.has(a ?? '');
    if (!isInvented && !isOurs(path)) continue;
    const clean = pathwiseOf(b, o, t);
    if (clean === undefined || clean.id !== a) found.set(path, ids);
  }
  // Who worked on after it meant what stands there.
  const later = merging.result === undefined ? new Set() : await changedSince(git, merging.result, [...found.keys()]);
  for (const path of found.keys()) if (later.has(path)) found.delete(path);
  return withTexts(git, found, merge.conflicts);
}

/** What three versions of a file give; undefined where both branches changed it, each in its own way. */
function pathwiseOf(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
): { readonly id: string | undefined } | undefined {
  if (ours === theirs || base === theirs) return { id: ours };
  return base === ours ? { id: theirs } : undefined;
}

async function withTexts(
  git: Git,
  found: ReadonlyMap<string, readonly (string | undefined)[]>,
  conflicts: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Renamed>> {
  const wanted = [...new Set([...found.values()].flat())].filter((id) => id !== undefined);
  const blobs = wanted.length === 0 ? new Map<string, FileContent>() : await git.blobs(wanted);
  const renamed = new Map<string, Renamed>();
  for (const [path, ids] of found) {
    const contents = ids.map((id) => (id === undefined ? undefined : blobs.get(id)));
    // What is no text, or not in this clone, is not merged by line either.
    if (contents.some((content, at) => ids[at] !== undefined && typeof content !== 'string')) continue;
    const [base, ours, theirs, automatic] = contents as (string | undefined)[];
    const clean = pathwiseOf(ids[0], ids[1], ids[2]);
    const text = clean?.id === undefined ? undefined : blobs.get(clean.id);
    renamed.set(path, {
      inConflict: conflicts.has(`${git.prefix}${path}`),
      sides: {
        ...(base === undefined ? {} : { base }),
        ...(ours === undefined ? {} : { ours }),
        ...(theirs === undefined ? {} : { theirs }),
      },
      ...(automatic === undefined ? {} : { automatic }),
      ...(clean === undefined ? {} : { pathwise: typeof text === 'string' ? { text } : {} }),
    });
  }
  return renamed;
}

async function idsAt(git: Git, tree: string): Promise<ReadonlyMap<string, string>> {
  const files = (await git.listTree(tree)).filter(({ type, mode }) => type === 'blob' && mode !== '120000');
  return new Map(files.map(({ path, id }) => [path, id]));
}

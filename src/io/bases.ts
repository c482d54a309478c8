import type { FileContent, FileMap } from '../files/file-map.js';
import { keptBase } from '../publish/changeset.js';
import { sha256 } from '../publish/digest.js';
import type { Pristine } from '../publish/ownership.js';
import type { Git } from './git.js';

/**
 * The texts that edited files were generated with, for a three-way merge: kept beside the records, or still known to git (as
 * every blob is that was once committed, until a shallow clone or a clean-up takes it away). A file without an entry has
 * no base; one that two branches generated before they were merged may have several. `wanted` comes from `basesWanted`.
 */
export async function readBases(
  wanted: ReadonlyMap<string, readonly Pristine[]>,
  present: FileMap,
  git: Git | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const all = [...wanted].flatMap(([path, pristine]) => pristine.map((one) => ({ path, one })));
  const kept = new Map(all.map((each) => [each, keptBase(present, each.path, each.one)]));
  const missing = all.filter((each) => kept.get(each) === undefined);
  const blobs =
    git === undefined || missing.length === 0
      ? new Map<string, FileContent>()
      : await git.blobs(missing.map(({ one }) => one.blob));
  const bases = new Map<string, string[]>();
  for (const each of all) {
    const text = kept.get(each) ?? blobs.get(each.one.blob);
    if (typeof text !== 'string' || sha256(text) !== each.one.sha256) continue;
    bases.set(each.path, [...(bases.get(each.path) ?? []), text]);
  }
  return bases;
}

import type { FileMap } from '../files/file-map.js';
import { keptBase } from '../publish/changeset.js';
import { sha256 } from '../publish/digest.js';
import type { Pristine } from '../publish/ownership.js';
import type { Git } from './git.js';

/**
 * The texts that edited files were generated with, for a three-way merge: kept beside the records, or still known to git (as
 * every blob is that was once committed, until a shallow clone or a clean-up takes it away). A file without an entry has
 * no base. `wanted` comes from `basesWanted`.
 */
export async function readBases(
  wanted: ReadonlyMap<string, readonly Pristine[]>,
  present: FileMap,
  git: Git | undefined,
): Promise<ReadonlyMap<string, string>> {
  const bases = new Map<string, string>();
  const missing: (readonly [string, readonly Pristine[]])[] = [];
  for (const [path, pristine] of wanted) {
    const kept = keptBase(present, path, pristine);
    if (kept === undefined) missing.push([path, pristine]);
    else bases.set(path, kept);
  }
  if (git === undefined || missing.length === 0) return bases;
  const blobs = await git.blobs(missing.flatMap(([, pristine]) => pristine.map((one) => one.blob)));
  for (const [path, pristine] of missing)
    for (const one of pristine) {
      const text = blobs.get(one.blob);
      if (typeof text === 'string' && sha256(text) === one.sha256) bases.set(path, text);
    }
  return bases;
}

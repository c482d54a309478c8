import type { Build } from '../build/resource.js';
import type { Discovery } from './discover.js';
import type { KubeObject, Unit } from './model.js';
import { type Revision, Units } from './units.js';

/** An object that a build which failed would have contained, with the part of that build that could be made. */
export interface Aside {
  readonly object: KubeObject;
  readonly unit: Unit;
}

/**
 * What kustomizations include that could not be built here (one remote base is enough): their bases and files, as far as those can be
 * built by themselves. Nobody knows what the whole would have made of them, so they are looked up and never judged.
 */
export function asideOf(
  here: Revision,
  discovery: Discovery,
  failed: readonly Unit[],
  taken: ReadonlySet<string>,
  build: Build,
): readonly Aside[] {
  // What is wrong with them is said where they are judged, if anywhere.
  const units = new Units(build, () => {});
  const open = failed.map(({ dir }) => dir);
  const seen = new Set<string>([...open, ...taken]);
  const out: Aside[] = [];
  for (let dir = open.pop(); dir !== undefined; dir = open.pop()) {
    for (const target of discovery.includes.get(dir) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      const isFile = here.tree.files.has(target);
      const unit = isFile ? units.manifests(here, dir, [target], target) : units.kustomization(here, target);
      if (!unit.ok) open.push(target);
      for (const object of unit.objects) out.push({ object, unit });
    }
  }
  return out;
}

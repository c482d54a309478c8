import type { FileMap, Tree } from '../../files/file-map.js';
import { type Changeset, type ChangesetInput, planChangeset } from '../../publish/changeset.js';
import { readOwnership } from '../../publish/ownership.js';
import { readTree } from '../read-tree.js';

/** What a command does between reading and writing: these files are generated, nothing else is. */
export function planOf(desired: Readonly<Record<string, string>>, more: Partial<ChangesetInput> = {}) {
  return (tree: Tree): Changeset => planTree(tree, new Map(Object.entries(desired)), more);
}

/** The same for a folder on the disk. */
export async function planFolder(
  root: string,
  desired: Readonly<Record<string, string>>,
  more: Partial<ChangesetInput> = {},
): Promise<Changeset> {
  return planOf(desired, more)(await readTree(root));
}

function planTree(tree: Tree, desired: FileMap, more: Partial<ChangesetInput>): Changeset {
  const ownership = readOwnership(tree.files, (problem) => {
    throw new Error(problem.message);
  });
  return planChangeset({ desired, present: tree.files, links: tree.links, unread: tree.unread, ownership, ...more });
}

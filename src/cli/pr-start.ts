import type { FileContent, Tree } from '../files/file-map.js';
import { type Git, openGit } from '../io/git.js';
import { StateError } from '../publish/errors.js';
import { readOwnership } from '../publish/ownership.js';
import { roleOf } from '../spec/read.js';

/** The commit a change is built on, and the tree it is made from. */
export interface Start {
  readonly commit: string;
  readonly tree: Tree;
}

/** HEAD, without anything that is not committed. */
export async function committed(root: string): Promise<Start> {
  const git = await openGit(root);
  const commit = await headOf(git);
  return { commit, tree: await git.readTreeAt(commit) };
}

/**
 * HEAD, with what people wrote for gitops-gen and what it generated as they stand in the work tree. Everything else that is not
 * committed is no part of the change.
 */
export async function composed(root: string, work: Tree): Promise<Start> {
  const { commit, tree } = await committed(root);
  await refuseSparse(root);
  const owned = new Set([work, tree].flatMap(({ files }) => [...readOwnership(files, () => {}).keys()]));
  const isPart = (path: string) => owned.has(path) || isProjectPath(path);
  const files = new Map<string, FileContent>([...tree.files].filter(([path]) => !isPart(path)));
  for (const [path, content] of work.files) if (isPart(path)) files.set(path, content);
  const own = <T>(there: ReadonlyMap<string, T>, here: ReadonlyMap<string, T>) =>
    new Map([...[...there].filter(([path]) => !isPart(path)), ...[...here].filter(([path]) => isPart(path))]);
  return { commit, tree: { files, links: own(tree.links, work.links), unread: own(tree.unread, work.unread) } };
}

/** What people write for gitops-gen, and the books it keeps. */
function isProjectPath(path: string): boolean {
  if (roleOf(path) !== undefined) return true;
  if (/^\.gitops-gen\/(?:lock|owned|base|schemas)\//u.test(path)) return true;
  return /^(?:versions|policies|blueprints)\//u.test(path) || /^applications\/[^/]+\/custom\//u.test(path);
}

/** What a sparse checkout hides would be taken for removed. */
async function refuseSparse(root: string): Promise<void> {
  const git = await openGit(root);
  if ((await git.ask(['config', '--type=bool', '--get', 'core.sparseCheckout'])) !== 'true') return;
  throw new StateError(
    'filtered',
    'this is a sparse checkout: files of the change may be hidden',
    'Run "git sparse-checkout disable", or work in a full clone.',
  );
}

async function headOf(git: Git): Promise<string> {
  const { commit } = await git.head();
  if (commit !== undefined) return commit;
  throw new StateError(
    'not-found',
    'this repository has no commit yet, so there is nothing a pull request could go into',
    'Make the first one and push it: gitops-gen init --commit, then git push --set-upstream origin HEAD.',
  );
}

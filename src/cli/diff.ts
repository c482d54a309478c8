import { buildKustomization } from '../build/index.js';
import type { Tree } from '../files/file-map.js';
import type { Git } from '../io/git.js';
import { type Compared, type CompareOptions, type State, stateDifference } from '../publish/state-difference.js';
import { projectFile } from '../spec/read.js';
import type { SpecSet } from '../spec/spec-set.js';
import { packagedDefaults } from './judge.js';
import { pinnedTrees, Revisions } from './revisions.js';

/** A tree with what the history at hand knows of the revisions that its Applications name. */
async function stateOf(root: string, tree: Tree, git: Git | undefined, revisions: Revisions): Promise<State> {
  const [url, branch, specs] = await Promise.all([git?.remoteUrl(), git?.branch(), specsOf(root, tree)]);
  const project = specs?.project?.value.spec;
  const defaults = packagedDefaults();
  return {
    tree,
    read: {
      argocdVersion: project?.argocd?.instances?.[0]?.version ?? defaults.argocd.version,
      kubernetesVersion: project?.kubernetesVersion ?? defaults.kubernetes.version,
      treeAt: revisions.treeAt,
      tags: revisions.tagNames,
      ...(specs === undefined ? {} : { specs }),
      ...(url === undefined ? {} : { repositoryUrls: [url] }),
      ...(branch === undefined ? {} : { branch }),
    },
  };
}

/** What people wrote, where this is a repository of ours. */
async function specsOf(root: string, tree: Tree): Promise<SpecSet | undefined> {
  if (!tree.files.has(projectFile)) return undefined;
  const { workspaceOf } = await import('./workspace.js');
  return workspaceOf(root, tree).specs;
}

/** What changes in the cluster from one tree to the other. */
export async function compareTrees(
  root: string,
  before: Tree,
  after: Tree,
  git: Git | undefined,
  options: CompareOptions = {},
): Promise<Compared> {
  const pinned = await Promise.all([pinnedTrees(before, git), pinnedTrees(after, git)]);
  const revisions = new Revisions(git, new Map(pinned.flatMap((each) => [...each])));
  const [old, now] = await Promise.all([stateOf(root, before, git, revisions), stateOf(root, after, git, revisions)]);
  return revisions.reading(() => stateDifference(old, now, buildKustomization, options));
}

import type { FileMap, Tree } from '../files/file-map.js';
import type { Git } from '../io/git.js';
import { tagsOf } from '../io/git-tags.js';

/**
 * The states of a repository that sources of its Applications name: commits, tags, other branches, and the tags that constraints over
 * versions choose among. Reading a tree cannot wait for git, so what it asks for and is not here is noted, and loaded between readings.
 */
export class Revisions {
  private readonly known: Map<string, Tree | undefined>;
  private readonly asked = new Set<string>();
  private tags: readonly string[] | undefined;
  private tagsAre: 'not asked for' | 'asked for' | 'read' = 'not asked for';

  constructor(
    private readonly git: Git | undefined,
    known: ReadonlyMap<string, Tree> = new Map(),
  ) {
    this.known = new Map(known);
  }

  /** The tree of a revision, as far as it is known yet. */
  readonly treeAt = (revision: string): Tree | undefined => {
    if (!this.known.has(revision)) this.asked.add(revision);
    return this.known.get(revision);
  };

  /** The names of all tags, as far as they are known yet; undefined too where this clone cannot tell. */
  readonly tagNames = (): readonly string[] | undefined => {
    if (this.tagsAre === 'not asked for') this.tagsAre = 'asked for';
    return this.tags;
  };

  /** Reads until nothing new is asked for. */
  async reading<T>(read: () => T): Promise<T> {
    for (;;) {
      const made = read();
      if (!(await this.load())) return made;
    }
  }

  /** Loads what was asked for; whether another reading would see more. */
  private async load(): Promise<boolean> {
    const { git } = this;
    if (git === undefined) return false;
    let isMore = false;
    if (this.tagsAre === 'asked for') {
      this.tagsAre = 'read';
      this.tags = await tagsOf(git).catch(() => undefined);
      isMore = this.tags !== undefined;
    }
    for (const revision of this.asked) {
      const tree = await treeNamed(revision, git);
      this.known.set(revision, tree);
      isMore ||= tree !== undefined;
    }
    this.asked.clear();
    return isMore;
  }
}

/** The tree that Argo CD would take for a name: the remote's branch, then a tag, then what else this clone calls so. */
async function treeNamed(revision: string, git: Git): Promise<Tree | undefined> {
  for (const name of [`refs/remotes/origin/${revision}`, `refs/tags/${revision}`, revision]) {
    const found = await git.readTreeAt(name).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The trees of the commits that the text of a tree pins, which can be seen before it is read. */
export async function pinnedTrees(tree: Tree, git: Git | undefined): Promise<ReadonlyMap<string, Tree>> {
  const found = new Map<string, Tree>();
  if (git === undefined) return found;
  for (const revision of pinnedRevisions(tree.files)) {
    const pinned = await git.readTreeAt(revision).catch(() => undefined);
    if (pinned !== undefined) found.set(revision, pinned);
  }
  return found;
}

function pinnedRevisions(files: FileMap): ReadonlySet<string> {
  const revisions = new Set<string>();
  for (const [path, content] of files) {
    if (typeof content !== 'string' || !/\.ya?ml$/.test(path)) continue;
    for (const [, revision = ''] of content.matchAll(/\btargetRevision:\s*["']?([0-9a-f]{40}|[0-9a-f]{64})\b/g))
      revisions.add(revision);
  }
  return revisions;
}

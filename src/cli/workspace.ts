import type { Problem } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import type { FileContent, FileMap, Tree } from '../files/file-map.js';
import { recover } from '../io/apply.js';
import { readBases } from '../io/bases.js';
import { findGit } from '../io/git.js';
import { refusePlantedRun } from '../io/planted-run.js';
import { readTree } from '../io/read-tree.js';
import { type Branches, basesWanted } from '../publish/changeset.js';
import { readOwnership } from '../publish/ownership.js';
import { projectFile, readSpecs, roleOf } from '../spec/read.js';
import { checkReferences } from '../spec/references.js';
import type { SpecSet } from '../spec/spec-set.js';
import { type CommandContext, UsageError } from './command.js';
import { knownTo } from './known.js';
import { wantsPullRequest } from './pr-options.js';
import { committed } from './pr-start.js';
import { findRoot } from './roots.js';

/** A repository with a project file, as it stands. */
export interface Workspace {
  /** Absolute path of the folder of gitops-gen.yaml. */
  readonly root: string;
  readonly tree: Tree;
  readonly specs: SpecSet;
  /** What is wrong with the files that people write; errors among them stop every command that writes. */
  readonly problems: readonly Problem[];
  /** What generated files that somebody edited were generated as, by path, as far as it is known. */
  readonly bases: ReadonlyMap<string, readonly string[]>;
  /** Generated files that a merge of two branches left in conflict, as each branch has them. */
  readonly branches?: ReadonlyMap<string, Branches>;
  /** Generated files into which git's rename detection carried lines of others, as they are without it; undefined: absent. */
  readonly meant?: ReadonlyMap<string, string | undefined>;
  /** Files in conflict in git's index that a run which succeeds has settled. */
  readonly settled?: readonly string[];
  /** The commit that the tree is made from, where it is not the one on the disk. */
  readonly start?: string;
  /** Files as planning is to see them, where what stands on the disk holds conflicts: locks and parents of both branches. */
  readonly assumed?: FileMap;
}

/** Opens the repository a command works in: finishes what an interrupted run left, then reads. */
export async function openWorkspace(context: CommandContext): Promise<Workspace> {
  const { global, options } = context;
  const root = findRoot(global.directory);
  if (root === undefined) {
    throw new UsageError(
      `there is no ${projectFile} in ${global.directory} or above it`,
      'gitops-gen init makes a repository; gitops-gen validate needs none.',
    );
  }
  await refusePlantedRun(root);
  const words = recoveryWords[await recover(root, lockOptions(options))];
  if (words !== undefined) await context.say(words);
  if (wantsPullRequest(context)) {
    const { commit, tree } = await committed(root);
    return { ...workspaceOf(root, tree, await basesOf(root, tree)), start: commit };
  }
  const tree = await readTree(root);
  return workspaceOf(root, tree, await basesOf(root, tree));
}

/** What is said of a run before this one that was interrupted. */
export const recoveryWords = {
  none: undefined,
  finished: 'an earlier run was interrupted after its point of no return: it was finished first',
  undone: 'an earlier run was interrupted before it changed anything: its traces were removed first',
} as const;

/** `--lock-timeout` of a command, as the lock takes it. */
export function lockOptions(options: CommandContext['options']): { readonly lockTimeoutMs?: number } {
  const seconds = options['lockTimeout'] as number | undefined;
  return seconds === undefined ? {} : { lockTimeoutMs: seconds * 1000 };
}

/** The bases of every edited file; git is asked only where there is one. */
export async function basesOf(root: string, tree: Tree): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = basesWanted({ present: tree.files, ownership: readOwnership(tree.files, () => {}) });
  return wanted.size === 0 ? new Map() : readBases(wanted, tree.files, await findGit(root));
}

/** The same for a tree that is already read, or that was changed in memory. */
export function workspaceOf(
  root: string,
  tree: Tree,
  bases: ReadonlyMap<string, readonly string[]> = new Map(),
): Workspace {
  const problems: Problem[] = [];
  problems.push(...unreadableSpecs(tree));
  const specs = readSpecs(tree.files, (problem) => problems.push(problem));
  checkReferences(specs, knownTo(tree.files), (problem) => problems.push(problem));
  return { root, tree, specs, problems, bases };
}

/** The tree with these files in place of what was there; `undefined` takes a file away. */
export function withFiles(tree: Tree, changes: ReadonlyMap<string, FileContent | undefined> | FileMap): Tree {
  const files = new Map(tree.files);
  for (const [path, content] of changes) {
    if (content === undefined) files.delete(path);
    else files.set(path, content);
  }
  return { ...tree, files };
}

/**
 * A spec that is a link, a folder, a device or too large is not read, and must not count as absent: its models would be
 * taken for removed.
 */
function unreadableSpecs({ files, links, unread }: Tree): readonly Problem[] {
  const problem = (file: string, why: string, hint: string): Problem => ({
    ruleId: 'spec-unreadable',
    severity: 'error',
    message: `${file} is not a file that is read: ${why}.`,
    at: { file },
    hint,
  });
  const folders = new Set([...files.keys()].map((path) => path.split('/').slice(0, -1).join('/')));
  return [
    ...[...links].map(([path, target]) =>
      problem(
        path,
        `it is a symbolic link to ${shown(target)}`,
        'Put the file itself there: links are not followed, because they may leave the repository.',
      ),
    ),
    ...[...unread].map(([path, why]) =>
      problem(path, why, 'Specs are regular files of text; split a family that is too large.'),
    ),
    ...[...folders].map((path) => problem(path, 'it is a folder', 'Give the folder another name.')),
  ].filter(({ at }) => roleOf(at.file) !== undefined);
}

import type { Problem } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import type { FileContent, FileMap, Tree } from '../files/file-map.js';
import { recover } from '../io/apply.js';
import { readTree } from '../io/read-tree.js';
import { projectFile, readSpecs, roleOf } from '../spec/read.js';
import { checkReferences } from '../spec/references.js';
import type { SpecSet } from '../spec/spec-set.js';
import { type CommandContext, UsageError } from './command.js';
import { knownTo } from './known.js';
import { findRoot } from './roots.js';

/** A repository with a project file, as it stands. */
export interface Workspace {
  /** Absolute path of the folder of gitops-gen.yaml. */
  readonly root: string;
  readonly tree: Tree;
  readonly specs: SpecSet;
  /** What is wrong with the files that people write; errors among them stop every command that writes. */
  readonly problems: readonly Problem[];
}

/** Opens the repository a command works in: finishes what an interrupted run left, then reads. */
export async function openWorkspace({ global }: CommandContext): Promise<Workspace> {
  const root = findRoot(global.directory);
  if (root === undefined) {
    throw new UsageError(
      `there is no ${projectFile} in ${global.directory} or above it`,
      'gitops-gen init makes a repository; gitops-gen validate needs none.',
    );
  }
  await recover(root);
  return workspaceOf(root, await readTree(root));
}

/** The same for a tree that is already read, or that was changed in memory. */
export function workspaceOf(root: string, tree: Tree): Workspace {
  const problems: Problem[] = [];
  problems.push(...unreadableSpecs(tree));
  const specs = readSpecs(tree.files, (problem) => problems.push(problem));
  checkReferences(specs, knownTo(tree.files), (problem) => problems.push(problem));
  return { root, tree, specs, problems };
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

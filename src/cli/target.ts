import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Problem } from '../diagnostics/diagnostic.js';
import { type FileContent, type Tree, treeOf } from '../files/file-map.js';
import { recover } from '../io/apply.js';
import { findGit, type Git } from '../io/git.js';
import { refusePlantedRun } from '../io/planted-run.js';
import { readTree } from '../io/read-tree.js';
import { projectFile } from '../spec/read.js';
import type { SpecSet } from '../spec/spec-set.js';
import { type CommandContext, UsageError } from './command.js';
import { treeWithBases } from './folder-tree.js';
import { textOfFile } from './manifests.js';
import { repositoryRoot } from './roots.js';

/** What a call asks to be judged. */
export interface Target {
  readonly tree: Tree;
  /** What people wrote, where this is a repository of ours; none of it is demanded. */
  readonly specs: SpecSet | undefined;
  readonly problems: readonly Problem[];
  /** Folders of the tree, where not all of it is asked for. */
  readonly dirs?: readonly string[];
  readonly git?: Git;
}

/** The repository around the folders that are named; or, where files are, just those. */
export async function targetOf(context: CommandContext): Promise<Target> {
  const { global } = context;
  const given = (context.arguments[0] ?? []) as readonly string[];
  for (const path of given) {
    if (path !== '-' && !existsSync(resolve(global.directory, path)))
      throw new UsageError(`there is no file or folder ${path}`);
  }
  const isFile = (path: string): boolean => path === '-' || !statSync(resolve(global.directory, path)).isDirectory();
  if (given.some(isFile)) return { tree: await treeOfPaths(context, given, isFile), specs: undefined, problems: [] };
  return repositoryAround(
    context,
    given.map((path) => resolve(global.directory, path)),
  );
}

async function repositoryAround({ global, progress }: CommandContext, asked: readonly string[]): Promise<Target> {
  const first = asked[0] ?? global.directory;
  if (!existsSync(first)) throw new UsageError(`there is no folder ${first}`);
  const root = repositoryRoot(first);
  if (root === undefined) return folders(global.directory, asked, first, progress);
  const dirs = asked.map((dir) => relative(root, dir).split(sep).join('/'));
  if (dirs.some((dir) => dir.startsWith('..'))) {
    throw new UsageError('the folders lie in different repositories', 'Judge one repository at a time.');
  }
  await refusePlantedRun(root);
  await recover(root);
  await progress('reading');
  const tree = await readTree(root);
  const git = await findGit(root);
  // What only our own repositories need (blueprints, plans) is loaded only for them.
  const own = tree.files.has(projectFile) ? (await import('./workspace.js')).workspaceOf(root, tree) : undefined;
  return {
    tree,
    specs: own?.specs,
    problems: own?.problems ?? [],
    ...(dirs.length === 0 || dirs.includes('') ? {} : { dirs }),
    ...(git === undefined ? {} : { git }),
  };
}

/**
 * Folders that lie in no repository. Their bases may lie beside them: as far as kustomizations name those below the folder where the command
 * runs, they are read too, and nothing else there is.
 */
async function folders(
  home: string,
  asked: readonly string[],
  first: string,
  progress: CommandContext['progress'],
): Promise<Target> {
  await progress('reading');
  const dirs = asked.map((dir) => relative(home, dir).split(sep).join('/'));
  const areBelow = dirs.every((dir) => dir !== '' && dir !== '..' && !dir.startsWith('../'));
  const together = dirs.length > 0 && areBelow ? await treeWithBases(home, dirs) : undefined;
  if (together !== undefined) return { tree: { ...together, top: 'folder' }, specs: undefined, problems: [], dirs };
  if (asked.length > 1 && areBelow) {
    const tree = await readTree(home, { only: dirs });
    return { tree: { ...tree, top: 'folder' }, specs: undefined, problems: [], dirs };
  }
  if (asked.length > 1 && asked.some((dir) => relative(first, dir).startsWith('..')))
    throw new UsageError('the folders lie in different repositories', 'Judge one repository at a time.');
  await refusePlantedRun(first);
  await recover(first);
  const inner = asked.map((dir) => relative(first, dir).split(sep).join('/'));
  return {
    tree: { ...(await readTree(first)), top: 'folder' },
    specs: undefined,
    problems: [],
    ...(inner.length === 0 || inner.includes('') ? {} : { dirs: inner }),
  };
}

/** Single files (and the folders named beside them) as a tree of their own, by the paths that were given. */
async function treeOfPaths(
  context: CommandContext,
  given: readonly string[],
  isFile: (path: string) => boolean,
): Promise<Tree> {
  const files = new Map<string, FileContent>();
  const named = new Set<string>();
  for (const path of given) {
    if (isFile(path)) {
      const name = path === '-' ? 'stdin.yaml' : tidy(path);
      files.set(name, await textOfFile(context, path));
      named.add(name);
    } else
      for (const [inner, content] of (await readTree(resolve(context.global.directory, path))).files)
        files.set(`${tidy(path)}/${inner}`, content);
  }
  return { ...treeOf(files), named };
}

/** As a person wrote it, with slashes; what lies elsewhere keeps its dots out of the tree. */
function tidy(path: string): string {
  return path
    .split(sep)
    .join('/')
    .replace(/^(?:\.{0,2}\/)+/, '')
    .replace(/\/+$/, '');
}

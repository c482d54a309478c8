import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { basename, dirname, resolvePath } from '../files/path.js';
import { readTree } from '../io/read-tree.js';
import { isWithin, kustomizationNames } from '../repository/discover.js';
import { readYaml } from '../yaml/read.js';

/** Bases of bases are followed this often; no real chain is as long. */
const maxRounds = 50;

/**
 * Folders (relative to `home`) that lie in no repository, with the folders below `home` that their kustomizations reach, and theirs in turn:
 * what `kustomize build` would read, and nothing else. Undefined where they reach none: then each stands for itself.
 */
export async function treeWithBases(home: string, asked: readonly string[]): Promise<Tree | undefined> {
  let only = asked;
  let tree = await readTree(home, { only });
  const beside = new Set<string>();
  for (let round = 0; round < maxRounds; round += 1) {
    const reached = reachedBy(tree, only).filter((path) => !beside.has(path));
    const folders = reached.filter((path) => isFolder(join(home, path)));
    for (const path of reached) if (!folders.includes(path) && isFile(join(home, path))) beside.add(path);
    if (folders.length === 0) break;
    only = [...only, ...folders];
    tree = await readTree(home, { only });
  }
  if (only.length === asked.length && beside.size === 0) return undefined;
  // Kustomize refuses files outside of a kustomization's folder, so they are named and not read.
  const files = [...beside].map((path) => [path, 'it lies beside the folders that are judged'] as const);
  return { ...tree, unread: new Map([...tree.unread, ...files]) };
}

/** Paths below the root that kustomizations of the tree name and that lie in none of its folders; a folder around them is none. */
function reachedBy({ files }: Tree, only: readonly string[]): string[] {
  const out = new Set<string>();
  for (const [file, text] of files) {
    if (!(kustomizationNames as readonly string[]).includes(basename(file)) || typeof text !== 'string') continue;
    for (const { value } of readYaml(file, text, () => {})) {
      for (const each of stringsIn(value)) {
        if (!/^\.\.?\//.test(each) && each !== '..') continue;
        const path = resolvePath(dirname(file), each);
        if (path === undefined || path === '' || isWithin(path, only)) continue;
        if (!only.some((dir) => isWithin(dir, [path]))) out.add(path);
      }
    }
  }
  return [...out].sort();
}

function* stringsIn(value: Json): Generator<string> {
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && next.length < 1000) yield next;
    else if (typeof next === 'object' && next !== null)
      for (const each of Object.values(next) as Json[]) open.push(each);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

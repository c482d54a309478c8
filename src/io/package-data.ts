import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileContent, FileMap } from '../files/file-map.js';
import { resolvePath } from '../files/path.js';
import { IoError } from '../publish/errors.js';
import { decode } from './read-tree.js';

let root: string | undefined;

/** The folder that holds package.json: from `dist/` of an installed package, and from `src/` in tests. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const manifest = join(dir, 'package.json');
    if (existsSync(manifest) && nameIn(manifest) === 'gitops-gen') {
      root = dir;
      return dir;
    }
    if (dirname(dir) === dir)
      throw new IoError('the files of the gitops-gen package were not found', 'Install the package again.', 'ENOENT');
  }
}

function nameIn(manifest: string): unknown {
  const value: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
}

function inPackage(path: string): string {
  const clean = resolvePath('', path);
  if (clean === undefined)
    throw new IoError(`${JSON.stringify(path)} leaves the package`, 'Use a relative path.', 'EINVAL');
  return join(packageRoot(), clean);
}

/** The text of a file of the package, such as `schemas/project.schema.json`. Throws IoError where it is missing. */
export function readPackageFile(path: string): string {
  try {
    return readFileSync(inPackage(path), 'utf8');
  } catch (error) {
    throw new IoError(`the package holds no ${path}`, 'Install the package again.', 'ENOENT', { cause: error });
  }
}

/** Every file below a folder of the package, by path relative to that folder, sorted; empty where there is no such folder. */
export function readPackageDir(path: string): FileMap {
  const base = inPackage(path);
  const files = new Map<string, FileContent>();
  if (!existsSync(base) || !statSync(base).isDirectory()) return files;
  collectFiles(base, '', files);
  return files;
}

/** Names of the folders directly below a folder of the package, sorted. */
export function listPackageDirs(path: string): readonly string[] {
  const base = inPackage(path);
  if (!existsSync(base)) return [];
  return readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function collectFiles(base: string, under: string, into: Map<string, FileContent>): void {
  const entries = readdirSync(join(base, under), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) collectFiles(base, path, into);
    else if (entry.isFile()) into.set(path, decode(readFileSync(join(base, path))));
  }
}

/** The version in package.json. */
export function packageVersion(): string {
  const value: unknown = JSON.parse(readPackageFile('package.json'));
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : '0.0.0';
}

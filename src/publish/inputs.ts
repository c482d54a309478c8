import type { Json } from '../diagnostics/diagnostic.js';
import { type Tree, textAt } from '../files/file-map.js';
import { dirname, resolvePath } from '../files/path.js';
import { kustomizationFile } from '../repository/discover.js';
import { readYaml } from '../yaml/read.js';
import { sha256 } from './digest.js';

/** What the build of a kustomization can read, found without building it. */
export interface Inputs {
  /** Files and folders (folders end in `/`), sorted. Never less than what the build reads. */
  readonly paths: readonly string[];
  /** Equal for two trees: the build reads the same from both, and so comes to the same. */
  readonly signature: string;
  /** Whether one of the files holds a match. */
  mentions(pattern: RegExp): boolean;
  /** The same, lines that are comments left out. */
  mentionsInCode(pattern: RegExp): boolean;
}

/**
 * Follows every string of a kustomization that names a file or folder of the tree, through all folders it leads to. Undefined
 * where that cannot be known from the kustomizations alone (plugins name files of their own, an engine reads what it likes,
 * a link or an unread file stands in the way): such a kustomization has to be built.
 */
export function inputsOf(tree: Tree, dir: string): Inputs | undefined {
  const found = new Map<string, string>();
  const open = [dir];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const file = kustomizationFile(tree, next);
    found.set(`${next}/`, file ?? '');
    if (file === undefined) continue;
    const strings = stringsOf(tree, file);
    if (strings === undefined) return undefined;
    found.set(file, digestAt(tree, file));
    for (const text of strings)
      for (const path of targetsOf(dirname(file), text)) {
        if (tree.files.has(path)) found.set(path, digestAt(tree, path));
        if (kustomizationFile(tree, path) !== undefined && !seen.has(path)) {
          seen.add(path);
          open.push(path);
        } else if (tree.links.has(path) || tree.unread.has(path)) return undefined;
      }
  }
  const paths = [...found.keys()].sort();
  if (paths.some((path) => isObstructed(tree, path))) return undefined;
  return {
    paths,
    signature: sha256(JSON.stringify([dir, paths.map((path) => [path, found.get(path)])])),
    mentions: (pattern) => paths.some((path) => pattern.test(textAt(tree.files, path) ?? '')),
    mentionsInCode: (pattern) =>
      paths.some((path) => pattern.test((textAt(tree.files, path) ?? '').replace(/^[ \t]*#.*$/gmu, ''))),
  };
}

/** Fields whose files name further files, or which are rendered by something else than a build of files. */
const OPAQUE: readonly string[] = [
  'generators',
  'transformers',
  'validators',
  'helmCharts',
  'helmChartInflationGenerator',
  'helmGlobals',
];

function stringsOf(tree: Tree, file: string): readonly string[] | undefined {
  const text = textAt(tree.files, file);
  if (text === undefined) return undefined;
  let failed = false;
  const documents = readYaml(file, text, ({ severity }) => {
    failed ||= severity === 'error';
  });
  const value = documents[0]?.value;
  if (failed || documents.length !== 1 || typeof value !== 'object' || value === null || Array.isArray(value))
    return undefined;
  if (OPAQUE.some((field) => Object.hasOwn(value, field))) return undefined;
  return [...stringsIn(value)];
}

function* stringsIn(value: Json): Generator<string> {
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string') yield next;
    else if (Array.isArray(next)) open.push(...(next as readonly Json[]));
    else if (typeof next === 'object' && next !== null) open.push(...Object.values(next));
  }
}

/** A string as a path, and what stands behind `=` (`key=path` of generators). */
function targetsOf(dir: string, text: string): readonly string[] {
  if (text.includes('\n')) return [];
  const words = text.includes('=') ? [text, text.slice(text.indexOf('=') + 1)] : [text];
  return words.flatMap((word) => resolvePath(dir, word) ?? []).filter((path) => path !== '');
}

const digests = new WeakMap<Uint8Array, string>();

function digestAt(tree: Tree, path: string): string {
  const content = tree.files.get(path) ?? '';
  if (typeof content === 'string') return sha256(content);
  const known = digests.get(content) ?? sha256(content);
  digests.set(content, known);
  return known;
}

/** Whether a link or something unread stands at the path or above it. */
function isObstructed({ links, unread }: Tree, path: string): boolean {
  if (links.size === 0 && unread.size === 0) return false;
  for (let at = path.replace(/\/$/u, ''); at !== ''; at = dirname(at)) if (links.has(at) || unread.has(at)) return true;
  return false;
}

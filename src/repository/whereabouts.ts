import { at, isObject, objectsAt, stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { resolvePath } from '../files/path.js';
import type { SpecSet } from '../spec/spec-set.js';
import { isApplicationSet } from './application-sets.js';
import { folderExists, isApplication, sourcesOf, type Whereabouts } from './applications.js';
import { sameRepositoryKey } from './git-url.js';
import type { KubeObject } from './model.js';
import { isConstraint } from './version-constraint.js';

/** What the edge and the specs know of this repository. */
export interface Stated {
  readonly specs?: SpecSet;
  readonly repositoryUrls?: readonly string[];
  readonly branch?: string;
  readonly dirs?: readonly string[];
  readonly treeAt?: (revision: string) => Tree | undefined;
  readonly tags?: () => readonly string[] | undefined;
  readonly ahead?: boolean;
}

/** Which addresses, branches and folders mean this tree: as stated, else as most of its Applications have it. */
export function whereabouts(tree: Tree, objects: readonly KubeObject[], options: Stated): Whereabouts {
  const project = options.specs?.project?.value.spec.repository;
  const prefix = (project?.path ?? '').replace(/^\.?\/+|\/+$/g, '');
  const sources = objects.filter(isApplication).flatMap((each) => sourcesOf(each.value).map((source) => source.value));
  const templates = objects.filter(isApplicationSet).flatMap(({ value }) => {
    const template = at(value, 'spec', 'template');
    return isObject(template) ? sourcesOf(template).flatMap((source) => literalUrl(source.value, tree)) : [];
  });
  const generators = objects.filter(isApplicationSet).flatMap((each) => gitUrls(each.value));
  const stated = [...(options.repositoryUrls ?? []), ...(project ? [project.url] : [])].map(sameRepositoryKey);
  const here = new Set(stated.filter((key) => key !== ''));
  const keys = sources.map((source) => sameRepositoryKey(stringAt(source, 'repoURL') ?? ''));
  let folder = (path: string) => inTree(path, prefix);
  if (!keys.some((key) => here.has(key))) {
    // Nobody says, or the clone is a fork: it is the address most of whose paths exist here.
    let votes = votesFor(sources, tree, folder);
    // A folder that was named can be a repository of its own inside of a larger one: an example, a fixture, a submodule.
    for (const dir of votes.size === 0 ? (options.dirs ?? []) : []) {
      const inside = (path: string) => resolvePath(dir, inTree(path, '') ?? '');
      const some = votesFor(sources, tree, inside);
      if (some.size === 0) continue;
      votes = some;
      folder = inside;
      break;
    }
    for (const key of templates) votes.set(key, (votes.get(key) ?? 0) + 2);
    for (const key of generators) votes.set(key, (votes.get(key) ?? 0) + 1);
    const winner = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
    if (winner !== undefined) here.add(winner[0]);
  }
  const own = sources.filter((_, index) => here.has(keys[index] ?? ''));
  return {
    here,
    branches: branchesOf(
      own.map((source) => stringAt(source, 'targetRevision') ?? ''),
      options,
    ),
    tree,
    folder,
    treeAt: options.treeAt,
    tags: options.tags,
    ahead: options.ahead === true,
  };
}

/** How many sources of each repository have a path that is a folder here. */
function votesFor(
  sources: readonly JsonObject[],
  tree: Tree,
  folder: (path: string) => string | undefined,
): Map<string, number> {
  const votes = new Map<string, number>();
  for (const source of sources) {
    const dir = folder(stringAt(source, 'path') ?? '\u0000');
    const key = sameRepositoryKey(stringAt(source, 'repoURL') ?? '');
    if (key !== '' && dir !== undefined && folderExists(tree, dir)) votes.set(key, (votes.get(key) ?? 0) + 1);
  }
  return votes;
}

/** The repository of a template, where the part of its path before the first placeholder is a folder here. */
function literalUrl(source: JsonObject, tree: Tree): string[] {
  const url = stringAt(source, 'repoURL') ?? '';
  const fixed = (stringAt(source, 'path') ?? '').split('{{')[0] as string;
  const folder = fixed.includes('/') || fixed === (stringAt(source, 'path') ?? '') ? fixed.replace(/\/[^/]*$/, '') : '';
  return url === '' || url.includes('{{') || folder === '' || !folderExists(tree, folder)
    ? []
    : [sameRepositoryKey(url)];
}

/** Repositories that git generators read: an ApplicationSet mostly reads the repository that it lives in. */
function gitUrls(value: JsonObject): string[] {
  const open = [...objectsAt(value, 'spec', 'generators')];
  const out: string[] = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const url = stringAt(next, 'git', 'repoURL');
    if (url !== undefined) out.push(sameRepositoryKey(url));
    open.push(...objectsAt(next, 'matrix', 'generators'), ...objectsAt(next, 'merge', 'generators'));
  }
  return out.filter((key) => key !== '');
}

/** The branches that this tree is the next state of: the stated ones, else the one that most Applications follow. */
function branchesOf(revisions: readonly string[], options: Stated): ReadonlySet<string> {
  const branch = options.specs?.project?.value.spec.repository.branch;
  const stated = [branch, options.branch].filter((each) => each !== undefined);
  if (stated.length > 0 && revisions.some((each) => stated.includes(each))) return new Set(stated);
  const votes = new Map<string, number>();
  for (const revision of revisions) {
    if (/^[0-9a-f]{40}$|^v?\d|^$|^HEAD$/.test(revision) || isConstraint(revision)) continue;
    votes.set(revision, (votes.get(revision) ?? 0) + 1);
  }
  const winner = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0];
  return new Set([...stated, ...(winner === undefined ? [] : [winner[0]])]);
}

function inTree(path: string, prefix: string): string | undefined {
  const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
  const whole = clean === '.' ? '' : clean;
  if (prefix === '') return whole;
  if (whole === prefix) return '';
  return whole.startsWith(`${prefix}/`) ? whole.slice(prefix.length + 1) : undefined;
}

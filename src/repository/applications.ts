import { at, isObject, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject, Place } from '../diagnostics/diagnostic.js';
import { type Tree, textAt } from '../files/file-map.js';
import { basename, resolvePath } from '../files/path.js';
import { readYaml } from '../yaml/read.js';
import { isJsonnetPath, isYamlPath, kustomizationFile, kustomizationNames, looksLikeManifest } from './discover.js';
import { sameRepositoryKey } from './git-url.js';
import { compileGlob } from './glob.js';
import { kustomizeOptions, thisCommit } from './kustomize-options.js';
import type { ApplicationSource, Destination, KubeObject, SourceType, Unit } from './model.js';
import type { Revision, Units } from './units.js';
import { highestTag, isConstraint } from './version-constraint.js';

export function isApplication(object: KubeObject): boolean {
  return object.kind === 'Application' && object.group === 'argoproj.io';
}

/** The sources of an Application: `spec.sources` where it is there and not empty (Argo CD then ignores `spec.source`). */
export function sourcesOf(application: JsonObject): { readonly value: JsonObject; readonly pointer: string }[] {
  const many = objectsAt(application, 'spec', 'sources');
  if (many.length > 0) return many.map((value, index) => ({ value, pointer: `/spec/sources/${index}` }));
  const one = at(application, 'spec', 'source');
  if (isObject(one)) return [{ value: one, pointer: '/spec/source' }];
  // What the hydrator renders into the branch that is synced comes from here.
  const dry = at(application, 'spec', 'sourceHydrator', 'drySource');
  return isObject(dry) ? [{ value: dry, pointer: '/spec/sourceHydrator/drySource' }] : [];
}

export function destinationOf(application: JsonObject): Destination {
  const destination = objectAt(application, 'spec', 'destination');
  return {
    server: stringAt(destination, 'server') || undefined,
    name: stringAt(destination, 'name') || undefined,
    namespace: stringAt(destination, 'namespace') || undefined,
  };
}

/** Which repository this is and which of its states are at hand. */
export interface Whereabouts {
  /** Keys (sameRepositoryKey) of the addresses that mean this repository. */
  readonly here: ReadonlySet<string>;
  /** The branches whose next state is the tree itself. */
  readonly branches: ReadonlySet<string>;
  readonly tree: Tree;
  /** The folder in the tree that a path of a source means (a project in a monorepo lies below the repository's root). */
  folder(path: string): string | undefined;
  readonly treeAt?: ((revision: string) => Tree | undefined) | undefined;
  /** Names of all tags; undefined where they are not known. */
  readonly tags?: (() => readonly string[] | undefined) | undefined;
  /** Whether sources that pin a state of this repository are taken as if their pins had moved on to this tree. */
  readonly ahead?: boolean;
}

/** Whether a revision names one state of a repository, now and for ever: a commit, or the tag of a version. */
export function isPin(revision: string): boolean {
  return /^[0-9a-f]{40}$|^[0-9a-f]{64}$|^v?\d+(\.\d+)+$/.test(revision) && revision !== thisCommit;
}

/** Follows each source of an Application as far as this repository goes. */
export function resolveSources(object: KubeObject, units: Units, where: Whereabouts): ApplicationSource[] {
  return sourcesOf(object.value).map(({ value, pointer }) => resolveSource(object, value, pointer, units, where));
}

function resolveSource(
  object: KubeObject,
  written: JsonObject,
  pointer: string,
  units: Units,
  where: Whereabouts,
): ApplicationSource {
  const repoURL = stringAt(written, 'repoURL') ?? '';
  const path = stringAt(written, 'path');
  const chart = stringAt(written, 'chart') || undefined;
  const targetRevision = stringAt(written, 'targetRevision') ?? '';
  const here = where.here.has(sameRepositoryKey(repoURL));
  const base = { pointer, repoURL, path, chart, targetRevision, here };
  const unchecked = (reason: string, type: SourceType = 'unknown'): ApplicationSource => ({
    ...base,
    value: written,
    type,
    unit: undefined,
    state: 'unchecked',
    reason,
  });
  if (chart !== undefined) return unchecked(`the Helm chart ${chart} comes from ${repoURL}`, 'helm');
  if (!here) return unchecked(`its source is another repository: ${repoURL || 'none'}`);
  if (path === undefined) {
    if (stringAt(written, 'ref') !== undefined) return { ...unchecked('', 'ref'), state: 'built', reason: undefined };
    return unchecked('its source names no path');
  }
  if (/\$\{?\w|\$\(|\{\{|<[\w-]+>/.test(path)) return unchecked(`its path ${path} is filled in by another tool`);
  const askedAt = object.sourceOf(targetRevision === '' ? pointer : `${pointer}/targetRevision`);
  const revision = revisionOf(targetRevision, where, askedAt);
  if (revision === undefined) {
    return unchecked(`${notHere(targetRevision)} to have it checked`);
  }
  const inside = where.folder(path);
  if (inside === undefined) return unchecked(`${path} is outside of this project's folder`);
  const dir = resolvePath('', inside);
  if (dir === undefined || !folderExists(revision.tree, dir)) {
    const reason = `there is no folder ${path} in this repository${revision.id === '' ? '' : ` at ${revision.id}`}`;
    return { ...base, value: written, type: 'unknown', unit: undefined, state: 'missing', reason };
  }
  const value = withOverrides(written, revision.tree, dir, object.name);
  const type = typeOf(value, revision.tree, dir);
  if (type === 'helm') return { ...unchecked('nothing here renders Helm', 'helm'), value };
  if (type === 'plugin') return { ...unchecked('a configuration management plugin renders it', 'plugin'), value };
  const built = { ...base, value, type, state: 'built' as const, reason: undefined };
  if (type === 'kustomize') return { ...built, unit: kustomized(value, object, revision, dir, units) };
  const paths = directoryFiles(value, revision, dir);
  const swept = paths.filter(
    (each) =>
      (kustomizationNames as readonly string[]).includes(basename(each)) &&
      // Without a kind the file is no object, and Argo CD passes it over.
      looksLikeManifest(textAt(revision.tree.files, each) ?? ''),
  );
  const unit = units.manifests(
    revision,
    dir,
    paths,
    JSON.stringify(Object.entries(objectAt(value, 'directory')).sort()),
  );
  return { ...built, unit, ...(swept.length > 0 && { swept }) };
}

function kustomized(value: JsonObject, object: KubeObject, revision: Revision, dir: string, units: Units): Unit {
  const commit = revision.id === '' ? thisCommit : revision.id;
  const version = stringAt(objectAt(value, 'kustomize'), 'version') || undefined;
  return units.kustomization(revision, dir, kustomizeOptions(object.value, value, commit), version);
}

/** HEAD and the branches at hand are the tree itself; everything else is looked up. */
function revisionOf(revision: string, where: Whereabouts, askedAt: Place): Revision | undefined {
  const found = lookUp(revision, where);
  return found === undefined ? undefined : found.id === '' ? found : { ...found, askedAt };
}

/**
 * What a revision of this repository stands for. A constraint over versions stands for the highest tag that satisfies it, else it is a
 * name as any other (util/git/client.go, resolveRevision); where the tags are not known, nobody here can tell.
 */
export function lookUp(revision: string, where: Whereabouts): { readonly id: string; readonly tree: Tree } | undefined {
  const isThisTree = revision === '' || revision === 'HEAD' || revision === thisCommit;
  if (isThisTree) return { id: '', tree: where.tree };
  let name = revision;
  if (isConstraint(revision)) {
    const tags = where.tags?.();
    if (tags === undefined) return undefined;
    name = highestTag(revision, tags) ?? revision;
  }
  if (where.branches.has(name)) return { id: '', tree: where.tree };
  if (where.ahead === true && isPin(revision)) return { id: '', tree: where.tree };
  const tree = where.treeAt?.(name);
  return tree === undefined ? undefined : { id: name, tree };
}

/** Says that a revision cannot be looked up, and what would help. */
export function notHere(revision: string): string {
  return isConstraint(revision)
    ? `the tags of this clone do not say which version ${revision} is; fetch the whole history with all tags`
    : `revision ${revision} is not in this clone; fetch more history`;
}

/** `.argocd-source.yaml` and `.argocd-source-<name>.yaml` beside the manifests override fields of the source. */
function withOverrides(source: JsonObject, tree: Tree, dir: string, name: string): JsonObject {
  let value = source;
  for (const file of ['.argocd-source.yaml', `.argocd-source-${name}.yaml`]) {
    const path = dir === '' ? file : `${dir}/${file}`;
    const text = tree.files.get(path);
    if (typeof text !== 'string') continue;
    const patch = readYaml(path, text, () => {})[0]?.value;
    if (isObject(patch)) value = merged(value, patch) as JsonObject;
  }
  return value;
}

/** A JSON merge patch (RFC 7386). */
function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const out: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = merged(out[key], value);
  }
  return out;
}

/**
 * Whether options of a kind of source are there for Argo CD: `directory: {recurse: false}` or `helm: {}` say nothing, and it takes them
 * away before it asks for the kind (NormalizeSource in util/argo/argo.go, with IsZero of each kind).
 */
export function isStated(options: Json | undefined): boolean {
  if (options === undefined || options === null || options === '' || options === false || options === 0) return false;
  if (Array.isArray(options)) return options.length > 0;
  return isObject(options) ? Object.values(options).some(isStated) : true;
}

/** The kind of a source: what the Application says, else what lies in the folder (util/app/discovery). */
function typeOf(source: JsonObject, tree: Tree, dir: string): SourceType {
  if (isObject(source['plugin'])) return 'plugin';
  for (const kind of ['helm', 'kustomize', 'directory'] as const) if (isStated(source[kind])) return kind;
  if (tree.files.has(dir === '' ? 'Chart.yaml' : `${dir}/Chart.yaml`)) return 'helm';
  return kustomizationFile(tree, dir) === undefined ? 'directory' : 'kustomize';
}

/** The manifests of a directory source, chosen as the repo server chooses them (getPotentiallyValidManifestFile). */
function directoryFiles(source: JsonObject, revision: Revision, dir: string): readonly string[] {
  const options = objectAt(source, 'directory');
  const recurse = options['recurse'] === true;
  const include = stringAt(options, 'include') || undefined;
  const exclude = stringAt(options, 'exclude') || undefined;
  const includer = include === undefined ? undefined : compileGlob(include);
  const excluder = exclude === undefined ? undefined : compileGlob(exclude);
  return filesIn(revision.tree, dir, recurse).filter((path) => {
    const relative = dir === '' ? path : path.slice(dir.length + 1);
    if (!isYamlPath(relative) && !isJsonnetPath(relative)) return false;
    if (excluder?.matches(relative)) return false;
    return include === undefined || includer?.matches(relative) === true;
  });
}

interface Folders {
  readonly direct: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
}

const foldersOf = new WeakMap<object, Folders>();

/** The tree by folders, worked out once per tree: asking for one folder then costs its files only. */
function folders(tree: Tree): Folders {
  const known = foldersOf.get(tree.files);
  if (known !== undefined) return known;
  const direct = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  const addFolder = (dir: string): string[] => {
    const present = direct.get(dir);
    if (present !== undefined) return present;
    const files: string[] = [];
    direct.set(dir, files);
    if (dir !== '') {
      const parent = dir.includes('/') ? dir.slice(0, dir.lastIndexOf('/')) : '';
      addFolder(parent);
      const siblings = children.get(parent) ?? [];
      siblings.push(dir);
      children.set(parent, siblings);
    }
    return files;
  };
  for (const path of [...tree.files.keys()].sort()) {
    addFolder(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '').push(path);
  }
  const made = { direct, children };
  foldersOf.set(tree.files, made);
  return made;
}

/** Whether the tree has the folder: one look-up. */
export function folderExists(tree: Tree, dir: string): boolean {
  return dir === '' || folders(tree).direct.has(dir);
}

/** The files of a folder, and of those below it where `recurse`, sorted. */
export function filesIn(tree: Tree, dir: string, recurse: boolean): readonly string[] {
  const { direct, children } = folders(tree);
  const out: string[] = [];
  const open = [dir];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    out.push(...(direct.get(next) ?? []));
    if (recurse) open.push(...(children.get(next) ?? []));
  }
  return out.sort();
}

import { isObject, stringAt } from '../capacity/read.js';
import type { Json } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { basename, dirname, resolvePath } from '../files/path.js';
import { readYaml } from '../yaml/read.js';
import type { Unchecked } from './model.js';

/** The names under which Kustomize looks for its file, in its order. */
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** What lies where in a tree, before anything is built. */
export interface Discovery {
  /** Folder → its kustomization file, Components left out. */
  readonly kustomizations: ReadonlyMap<string, string>;
  /** Folders of Components: they are only ever part of something else. */
  readonly components: ReadonlySet<string>;
  /** Folders that a kustomization includes. */
  readonly included: ReadonlySet<string>;
  /** Folder of a kustomization or Component → the files and folders of kustomizations that it names. */
  readonly includes: ReadonlyMap<string, readonly string[]>;
  /** Files that a kustomization names. */
  readonly named: ReadonlySet<string>;
  /** Files that look like Kubernetes manifests and that no kustomization names, sorted. */
  readonly loose: readonly string[];
  readonly unchecked: readonly Unchecked[];
}

/**
 * Looks over a tree once: linear in files and in the strings of the kustomizations. Test data is left out unless one of the folders
 * `asked` for is of it.
 */
export function discover(tree: Tree, asked: readonly string[] = []): Discovery {
  const askedData = asked.map((dir) => `${dir}/`).filter(isTestData);
  const paths = [...tree.files.keys()].sort();
  const kustomizations = new Map<string, string>();
  const components = new Set<string>();
  const named = new Set<string>();
  const included = new Set<string>();
  const includes = new Map<string, readonly string[]>();
  const charts = new Set<string>();
  const unchecked: Unchecked[] = [];
  const blueprints = paths.filter((path) => /(^|\/)blueprints\/[^/]+\/blueprint\.ya?ml$/.test(path)).map(dirname);
  for (const path of paths) {
    if (basename(path) === 'Chart.yaml') charts.add(dirname(path));
    if (!isKustomization(tree, path)) continue;
    if (isTemplate(path, tree.files.get(path) as string)) {
      unchecked.push(templateOf(path));
      continue;
    }
    const dir = dirname(path);
    const value = firstDocument(tree, path);
    if (stringAt(value, 'kind') === 'Component') components.add(dir);
    else kustomizations.set(dir, path);
    const own = { named: new Set<string>(), included: new Set<string>() };
    for (const text of stringsIn(value)) note(tree, dir, text, own.named, own.included);
    for (const each of own.named) named.add(each);
    for (const each of own.included) included.add(each);
    includes.set(dir, [...own.named, ...own.included].sort());
  }
  for (const dir of charts) {
    unchecked.push({
      what: 'Helm chart',
      file: dir === '' ? 'Chart.yaml' : `${dir}/Chart.yaml`,
      reason: 'templates of a chart are not YAML; nothing here renders Helm',
      minor: true,
    });
  }
  for (const path of paths.filter((each) => isJsonnetPath(each) && !isHidden(each))) {
    unchecked.push({ what: 'Jsonnet', file: path, reason: 'nothing here evaluates Jsonnet', minor: true });
  }
  const loose = paths.filter((path) => {
    // Who names a file means it, wherever it lies and whatever it looks like.
    const isMeant = tree.named?.has(path) === true;
    if (named.has(path) || inTemplates(path, charts)) return false;
    if (!isMeant && (!isYamlPath(path) || isHidden(path))) return false;
    // Templates of a blueprint are YAML with expressions in their scalars, and judged where they are loaded.
    if (blueprints.some((dir) => path.startsWith(`${dir}/`))) return false;
    const text = tree.files.get(path);
    if (typeof text !== 'string' || isKustomization(tree, path)) return false;
    if (!isMeant && !looksLikeManifest(text)) return false;
    // What people write for gitops-gen is judged by its own schemas.
    if (/^apiVersion:\s*["']?gitops-gen\.io\//m.test(text)) return false;
    const dir = dirname(path);
    if (kustomizations.has(dir) || components.has(dir)) {
      const reason = 'the kustomization in its folder does not name it';
      unchecked.push({ what: 'manifest', file: path, reason, minor: true });
      return false;
    }
    if (isTemplate(path, text)) {
      unchecked.push(templateOf(path));
      return false;
    }
    if (!isMeant && isTestData(path) && !askedData.some((dir) => path.startsWith(dir))) {
      unchecked.push({ what: 'test data', file: path, reason: 'a test reads it, and nothing deploys it', minor: true });
      return false;
    }
    if (/^\$patch:/m.test(text) || isPatchPath(path, kustomizations) || isPartOfWorkload(path, text)) {
      const reason = 'it is a patch, and no kustomization names it';
      unchecked.push({ what: 'patch', file: path, reason, minor: true });
      return false;
    }
    return true;
  });
  return { kustomizations, components, included, includes, named, loose, unchecked };
}

function templateOf(file: string): Unchecked {
  return { what: 'template', file, reason: 'its placeholders are filled in by another tool', minor: true };
}

/** The kustomization file of a folder, if it has one. */
export function kustomizationFile(tree: Tree, dir: string): string | undefined {
  const prefix = dir === '' ? '' : `${dir}/`;
  return kustomizationNames.map((name) => `${prefix}${name}`).find((path) => tree.files.has(path));
}

export function isYamlPath(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path);
}

/** Programs that Argo CD evaluates where a directory source holds them; what they import ends otherwise. */
export function isJsonnetPath(path: string): boolean {
  return path.endsWith('.jsonnet');
}

/** Whether a text may hold Kubernetes objects: cheap, and never wrong about a file that does. */
export function looksLikeManifest(text: string): boolean {
  return /(^|[\s{,"'])apiVersion["']?\s*:/.test(text) && /(^|[\s{,"'])kind["']?\s*:/.test(text);
}

/** What tests are fed with is wrong on purpose as often as not: `testdata` (as Go has it), and fixtures below a folder of tests. */
function isTestData(path: string): boolean {
  return /(^|\/)(testdata|__fixtures__|(tests?|__tests__|spec)\/([^/]+\/)*fixtures)\//.test(path);
}

/** A file among the patches of a kustomization, which does not name it (any more). */
function isPatchPath(path: string, kustomizations: ReadonlyMap<string, string>): boolean {
  for (let dir = dirname(path); dir !== ''; dir = dirname(dir)) {
    if (kustomizations.has(dir)) return /(^|[/_-])patch(es)?([/_.-]|$)/i.test(path.slice(dir.length + 1));
  }
  return false;
}

/** A file that calls itself a patch and holds a workload without a selector, which the API server would refuse: `kubectl patch` takes it. */
function isPartOfWorkload(path: string, text: string): boolean {
  return (
    /(^|[._-])patch(es)?[._-]/i.test(basename(path)) &&
    /^kind:[ \t]*(Deployment|StatefulSet|DaemonSet)[ \t]*$/m.test(text) &&
    !/^[ \t]+selector:/m.test(text)
  );
}

function isKustomization(tree: Tree, path: string): boolean {
  return (kustomizationNames as readonly string[]).includes(basename(path)) && typeof tree.files.get(path) === 'string';
}

/**
 * Whether another tool makes YAML of the text: a name that says so (`app.ftl.yaml`), a line that is only a template action or a
 * directive of FreeMarker, or a value or item that starts with an action without quotes (which YAML reads as a mapping in a mapping
 * key), or a `<PLACEHOLDER>` outside of comments. Braces inside quotes and blocks are data of Argo.
 */
function isTemplate(path: string, text: string): boolean {
  if (/\.(ftl|tpl|tmpl|gotmpl|j2|jinja2?|erb|mustache|hbs)\.(ya?ml|json)$/.test(path)) return true;
  if (/^[ \t]*<\/?#(if|else|elseif|list|assign|macro)\b/m.test(text)) return true;
  if (/^[^#\n]*<[A-Z][A-Z0-9]*_[A-Z0-9_]+>/m.test(text)) return true;
  const maybe = /^[ \t]*\{\{[^{}]*\}\}[ \t]*$/m.test(text) || /^[ \t-]*(-|[\w./-]+:)[ \t]+\{\{/m.test(text);
  return maybe && !isPlainYaml(path, text);
}

/** Whether a text with actions is YAML all the same, since they stand in blocks: outside of them each is a fault or a mapping as a key. */
function isPlainYaml(path: string, text: string): boolean {
  let isWhole = true;
  readYaml(path, text, () => {
    isWhole = false;
  });
  return isWhole;
}

function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') && part.length > 1);
}

function inTemplates(path: string, charts: ReadonlySet<string>): boolean {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (charts.has(dir)) {
      const inside = dir === '' ? path : path.slice(dir.length + 1);
      return inside.startsWith('templates/') || inside.startsWith('charts/') || inside.startsWith('values');
    }
    if (dir === '') return false;
  }
}

/** A kustomization's first document; its faults are reported by the build. */
function firstDocument(tree: Tree, path: string): Json | undefined {
  const text = tree.files.get(path);
  return typeof text === 'string' ? readYaml(path, text, () => {})[0]?.value : undefined;
}

function* stringsIn(value: Json | undefined): Generator<string> {
  const open: (Json | undefined)[] = [value];
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (typeof next === 'string') yield next;
    else if (Array.isArray(next)) open.push(...(next as readonly Json[]));
    else if (isObject(next)) open.push(...Object.values(next));
  }
}

/** A string of a kustomization that names a file or folder of the tree (`path`, or `key=path` of a generator) covers it. */
function note(tree: Tree, dir: string, text: string, named: Set<string>, included: Set<string>): void {
  if (text.length > 1000 || text.includes('\n')) return;
  const target = resolvePath(dir, text.slice(text.indexOf('=') + 1));
  if (target === undefined || target === dir) return;
  if (tree.files.has(target)) named.add(target);
  else if (kustomizationFile(tree, target) !== undefined) included.add(target);
}

/** The kustomization folders that no other kustomization includes, sorted. */
export function rootsOf(discovery: Discovery): readonly string[] {
  return [...discovery.kustomizations.keys()].filter((dir) => !discovery.included.has(dir)).sort();
}

/**
 * The same for folders that somebody named. One that holds only parts of others (a base, a Component) is judged by those that
 * include it: by itself it may be half of something, and what it lacks is no mistake.
 */
export function rootsIn(discovery: Discovery, dirs: readonly string[] | undefined): readonly string[] {
  const roots = rootsOf(discovery);
  if (dirs === undefined || dirs.length === 0) return roots;
  const found = dirs.flatMap((dir) => {
    const whole = roots.filter((each) => isWithin(each, [dir]));
    return whole.length > 0 ? whole : includersOf(discovery, dir).filter((each) => !discovery.included.has(each));
  });
  return [...new Set(found)].sort();
}

/** Kustomizations that include one of this folder, over any number of others. */
function includersOf({ kustomizations, components, includes }: Discovery, dir: string): readonly string[] {
  const reached = new Set([...kustomizations.keys(), ...components].filter((each) => isWithin(each, [dir])));
  for (const part of reached) for (const [from, named] of includes) if (named.includes(part)) reached.add(from);
  return [...reached].filter((each) => kustomizations.has(each));
}

/** Whether a path lies in one of the folders; no folders means everywhere. */
export function isWithin(path: string, dirs: readonly string[] | undefined): boolean {
  if (dirs === undefined || dirs.length === 0) return true;
  return dirs.some((dir) => dir === '' || dir === '.' || path === dir || path.startsWith(`${dir}/`));
}

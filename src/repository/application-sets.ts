import { at, isObject, listAt, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { basename, dirname } from '../files/path.js';
import { readYaml } from '../yaml/read.js';
import { lookUp, notHere, type Whereabouts } from './applications.js';
import { clusterOfSecret, type KnownCluster } from './clusters.js';
import { sameRepositoryKey } from './git-url.js';
import { compileGlob, compilePathMatch } from './glob.js';
import type { InventoryCluster } from './inventory.js';
import { kubeObject } from './kube-object.js';
import type { KubeObject } from './model.js';
import { selects } from './pods.js';
import { filledTemplate, patched, renderPatch, templateOfGenerator } from './set-patch.js';
import {
  MissingParameter,
  normalizeName,
  type Params,
  renderTemplate,
  type Templating,
  templatingOf,
  Undecidable,
} from './set-template.js';

export function isApplicationSet(object: KubeObject): boolean {
  return object.kind === 'ApplicationSet' && object.group === 'argoproj.io';
}

/** A cluster with the labels of its Secret. */
export interface SetCluster extends KnownCluster {
  readonly labels: Readonly<Record<string, Json>>;
  readonly annotations: Readonly<Record<string, Json>>;
}

export interface Expansion {
  readonly applications: readonly KubeObject[];
  /** What could not be expanded here, and why. */
  readonly undecided: readonly string[];
  /** Parameters of go templates that the generators do not give. */
  readonly missing: readonly string[];
  /** Names that more than one Application would have: the controller then makes none. */
  readonly repeated: readonly string[];
}

/** The generators that need the network or a plugin. */
const remote = ['scmProvider', 'pullRequest', 'plugin', 'clusterDecisionResource'] as const;

/**
 * The Applications that an ApplicationSet makes, as far as it can be said without a cluster: list, git directories and files
 * of this repository, clusters that are declared, matrix and merge of these.
 */
export function expandSet(object: KubeObject, where: Whereabouts, clusters: readonly SetCluster[]): Expansion {
  const goTemplate = templatingOf(object.value);
  const patch = stringAt(object.value, 'spec', 'templatePatch') || undefined;
  const base = objectAt(object.value, 'spec', 'template');
  const applications = new Map<string, KubeObject>();
  const undecided: string[] = [];
  const missing = new Set<string>();
  const repeated = new Set<string>();
  for (const [index, generator] of objectsAt(object.value, 'spec', 'generators').entries()) {
    try {
      const own = templateOfGenerator(generator);
      const form: Form = {
        template: filledTemplate(own?.template, base) as JsonObject,
        own: own && { template: own.template, pointer: `/spec/generators/${index}/${own.kind}/template` },
        patch,
        goTemplate,
      };
      for (const params of paramsOf(generator, { where, clusters, goTemplate })) {
        const made = applicationOf(object, form, params);
        if (applications.has(made.name)) repeated.add(made.name);
        else applications.set(made.name, made);
      }
    } catch (error) {
      if (!(error instanceof Undecidable)) throw error;
      undecided.push(error.message);
      if (error instanceof MissingParameter) missing.add(error.parameter);
    }
  }
  return { applications: [...applications.values()], undecided, missing: [...missing], repeated: [...repeated] };
}

/** What the Applications of one generator are made from. */
interface Form {
  readonly template: JsonObject;
  /** The part of the template that the generator itself has. */
  readonly own: { readonly template: JsonObject; readonly pointer: string } | undefined;
  readonly patch: string | undefined;
  readonly goTemplate: Templating;
}

/** Its fields stand in the template of the ApplicationSet, of a generator, or in the patch; its namespace is that of the set. */
function applicationOf(set: KubeObject, form: Form, params: Params): KubeObject {
  const { goTemplate, own } = form;
  const rendered = renderTemplate(form.template, params, goTemplate) as JsonObject;
  const patch = form.patch === undefined ? undefined : renderPatch(form.patch, params, goTemplate);
  const template = patch === undefined ? rendered : patched(rendered, patch);
  const metadata = {
    ...objectAt(template, 'metadata'),
    ...(set.namespace === undefined ? {} : { namespace: set.namespace }),
  };
  const value: JsonObject = {
    apiVersion: set.apiVersion,
    kind: 'Application',
    metadata,
    spec: objectAt(template, 'spec'),
  };
  const writtenAt = (pointer: string): string => {
    if (!/^\/(metadata|spec)(\/|$)/.test(pointer)) return '/spec/template';
    const path = pointer
      .slice(1)
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (patch !== undefined && at(patch, ...path) !== undefined) return '/spec/templatePatch';
    if (own !== undefined && at(own.template, ...path) !== undefined) return `${own.pointer}${pointer}`;
    return `/spec/template${pointer}`;
  };
  return kubeObject({
    value,
    origin: set.sourceOf('/spec/template'),
    changedBy: [],
    sourceOf: (pointer) => set.sourceOf(writtenAt(pointer)),
  });
}

interface Scope {
  readonly where: Whereabouts;
  readonly clusters: readonly SetCluster[];
  readonly goTemplate: Templating;
  /** Parameters of the first child of a matrix, which the second may use. */
  readonly outer?: Params;
}

function paramsOf(generator: JsonObject, scope: Scope): Params[] {
  const selector = generator['selector'];
  const all = bareParams(generator, scope);
  return isObject(selector) ? all.filter((params) => selects(selector, flat(params))) : all;
}

function bareParams(generator: JsonObject, scope: Scope): Params[] {
  for (const kind of remote) {
    if (generator[kind] !== undefined) throw new Undecidable(`the generator ${kind} asks a service`);
  }
  const { list, git, clusters, matrix, merge } = generator;
  if (isObject(list)) return listParams(list, scope);
  if (isObject(git)) return gitParams(git, scope);
  if (clusters !== undefined) return clusterParams(isObject(clusters) ? clusters : {}, scope);
  if (isObject(matrix)) return matrixParams(matrix, scope);
  if (isObject(merge)) return mergeParams(merge, scope);
  throw new Undecidable(`the generator ${Object.keys(generator).join(', ') || 'without a kind'} is not known`);
}

function filled<T extends Json>(value: T, scope: Scope): T {
  return scope.outer === undefined ? value : (renderTemplate(value, scope.outer, scope.goTemplate) as T);
}

function listParams(list: JsonObject, scope: Scope): Params[] {
  const wanted = filled(list, scope);
  const elements = [...objectsAt(wanted, 'elements'), ...yamlElements(stringAt(wanted, 'elementsYaml') ?? '')];
  return elements.map((element) => (scope.goTemplate ? element : flat(element)));
}

/** Elements that are a text, mostly one that the other child of a matrix gives; they come after the written ones. */
function yamlElements(text: string): readonly JsonObject[] {
  if (text.includes('{{')) throw new Undecidable(`elementsYaml of a list generator: ${text.trim()}`);
  let isBroken = false;
  const value = readYaml('', text, () => {
    isBroken = true;
  })[0]?.value;
  if (isBroken || (text.trim() !== '' && !Array.isArray(value))) {
    throw new Undecidable('elementsYaml of a list generator that is no list once it is filled');
  }
  return objectsAt({ elements: value ?? null }, 'elements');
}

function gitParams(git: JsonObject, scope: Scope): Params[] {
  const { where, goTemplate } = scope;
  const wanted = filled(git, scope);
  const repoURL = stringAt(wanted, 'repoURL') ?? '';
  if (!where.here.has(sameRepositoryKey(repoURL)))
    throw new Undecidable(`the generator reads another repository: ${repoURL}`);
  const revision = stringAt(wanted, 'revision') ?? '';
  const tree = lookUp(revision, where)?.tree;
  if (tree === undefined) throw new Undecidable(notHere(revision).replace(/; .*/, ''));
  const values = objectAt(wanted, 'values');
  const prefix = stringAt(wanted, 'pathParamPrefix') ?? '';
  const out: Params[] = [];
  const patterns = objectsAt(wanted, 'directories');
  if (patterns.length > 0) {
    for (const dir of matching(foldersOf(tree.files.keys()), patterns)) {
      out.push(withValues(pathParams(dir, undefined, prefix, goTemplate), values, goTemplate));
    }
  }
  for (const file of matching(tree.files.keys(), objectsAt(wanted, 'files'))) {
    const text = tree.files.get(file);
    const documents = typeof text === 'string' ? readYaml(file, text, () => {}) : [];
    const contents = documents.flatMap(({ value }) => (Array.isArray(value) ? (value as readonly Json[]) : [value]));
    for (const content of contents) {
      if (!isObject(content)) continue;
      const own = goTemplate ? content : flat(content);
      out.push(
        withValues({ ...own, ...pathParams(dirname(file), basename(file), prefix, goTemplate) }, values, goTemplate),
      );
    }
  }
  return out;
}

/** Paths that a pattern includes and none excludes, sorted; `**` crosses folders. */
function matching(paths: Iterable<string>, patterns: readonly JsonObject[]): string[] {
  const compile = (pattern: JsonObject) => {
    const text = stringAt(pattern, 'path') ?? '';
    // `a/**/b` reaches a/b as well; everything else about ** is that of a glob with folders as separators.
    const some = text.includes('**')
      ? [text, text.replaceAll('**/', '')].map((each) => compileGlob(each, '/'))
      : [compilePathMatch(text)];
    return (path: string) => some.some((each) => each?.matches(path) === true);
  };
  const included = patterns.filter((each) => each['exclude'] !== true).map(compile);
  const excluded = patterns.filter((each) => each['exclude'] === true).map(compile);
  return [...paths]
    .filter((path) => included.some((test) => test(path)) && !excluded.some((test) => test(path)))
    .sort();
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const out = new Set<string>();
  for (const path of paths) {
    for (let dir = dirname(path); dir !== '' && !out.has(dir); dir = dirname(dir)) {
      if (!dir.split('/').some((part) => part.startsWith('.'))) out.add(dir);
      else break;
    }
  }
  return out;
}

function pathParams(dir: string, file: string | undefined, prefix: string, goTemplate: Templating): Params {
  const segments = dir.split('/');
  const name = basename(dir);
  if (goTemplate) {
    const path: JsonObject = {
      path: dir,
      basename: name,
      basenameNormalized: normalizeName(name),
      segments,
      ...(file === undefined ? {} : { filename: file, filenameNormalized: normalizeName(file) }),
    };
    return prefix === '' ? { path } : { [prefix]: { path } };
  }
  const key = prefix === '' ? 'path' : `${prefix}.path`;
  return {
    [key]: dir,
    [`${key}.basename`]: name,
    [`${key}.basenameNormalized`]: normalizeName(name),
    ...(file === undefined ? {} : { [`${key}.filename`]: file, [`${key}.filenameNormalized`]: normalizeName(file) }),
    ...Object.fromEntries(segments.map((segment, index) => [`${key}[${index}]`, segment])),
  };
}

function clusterParams(generator: JsonObject, scope: Scope): Params[] {
  const wanted = filled(generator, scope);
  if (scope.clusters.length === 0) throw new Undecidable('no cluster is declared here, by an inventory or by a Secret');
  const selector = objectAt(wanted, 'selector');
  return scope.clusters
    .filter((each) => selects(selector, each.labels))
    .map((each) => {
      const name = each.name ?? '';
      const base: JsonObject = { name, nameNormalized: normalizeName(name), server: each.server ?? '' };
      const metadata: JsonObject = { labels: each.labels, annotations: each.annotations };
      const params = scope.goTemplate ? { ...base, metadata } : { ...base, ...flat({ metadata }) };
      return withValues(params, objectAt(wanted, 'values'), scope.goTemplate);
    });
}

function matrixParams(matrix: JsonObject, scope: Scope): Params[] {
  const [first, second] = objectsAt(matrix, 'generators');
  if (first === undefined || second === undefined) throw new Undecidable('a matrix that has not two generators');
  return paramsOf(first, scope).flatMap((a) =>
    paramsOf(second, { ...scope, outer: a }).map((b) => (scope.goTemplate ? merged(b, a) : { ...b, ...a })),
  );
}

/** Later generators fill in the sets of the first one that have the same values of the merge keys. */
function mergeParams(merge: JsonObject, scope: Scope): Params[] {
  const keys = listAt(merge, 'mergeKeys').map(String);
  const [base, ...others] = objectsAt(merge, 'generators').map((generator) => paramsOf(generator, scope));
  if (base === undefined || keys.length === 0) throw new Undecidable('a merge without generators or keys');
  const idOf = (params: Params) => JSON.stringify(keys.map((key) => flat(params)[key] ?? null));
  const out = new Map(base.map((params) => [idOf(params), params]));
  for (const params of others.flat()) {
    const present = out.get(idOf(params));
    if (present !== undefined) out.set(idOf(params), merged(present, params));
  }
  return [...out.values()];
}

function withValues(params: Params, values: JsonObject, goTemplate: Templating): Params {
  const own = renderTemplate(values, params, goTemplate) as JsonObject;
  if (Object.keys(own).length === 0) return params;
  return goTemplate ? { ...params, values: own } : { ...params, ...flat({ values: own }) };
}

function merged(under: JsonObject, over: JsonObject): JsonObject {
  const out: Record<string, Json> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const present = out[key];
    out[key] = isObject(present) && isObject(value) ? merged(present, value) : value;
  }
  return out;
}

/** `{a: {b: 1}}` as `{'a.b': '1'}`, which is how parameters look without go templates. */
function flat(value: JsonObject, prefix = ''): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]): [string, Json][] => {
      if (isObject(each)) return Object.entries(flat(each, `${prefix}${key}.`));
      if (Array.isArray(each)) {
        return (each as readonly Json[]).flatMap((item, index) =>
          isObject(item)
            ? Object.entries(flat(item, `${prefix}${key}.${index}.`))
            : [[`${prefix}${key}.${index}`, String(item)] as [string, Json]],
        );
      }
      return [[`${prefix}${key}`, each === null ? '' : String(each)]];
    }),
  );
}

/** What a cluster generator finds: declared clusters, and Secrets of clusters with their labels. */
export function setClusters(objects: readonly KubeObject[], inventory: readonly InventoryCluster[]): SetCluster[] {
  const secrets = objects.flatMap((object) => {
    const cluster = clusterOfSecret(object);
    const metadata = objectAt(object.value, 'metadata');
    return cluster === undefined
      ? []
      : [{ ...cluster, labels: objectAt(metadata, 'labels'), annotations: objectAt(metadata, 'annotations') }];
  });
  if (secrets.length > 0) return secrets;
  return inventory.map((each) => ({
    name: each.destinationName ?? each.name,
    server: each.server,
    labels: {},
    annotations: {},
  }));
}

import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { resolvePath } from '../files/path.js';
import { addBuildMetadata } from './build-metadata.js';
import { BuiltResource } from './built-resource.js';
import { sourceOf } from './edits.js';
import type { Entry } from './entry.js';
import { BuildFailure, fail } from './failure.js';
import { illegalName } from './findings.js';
import { addHash } from './hash.js';
import { describe } from './ids.js';
import { refuseOddKeys } from './keys.js';
import { listItems, member } from './kustomization.js';
import { fixReferences } from './name-references.js';
import { isMap, isMissingOrNull, isNull, type NodeMap, textOf } from './node.js';
import { rootDescription } from './openapi.js';
import { sameUpstream } from './refusals.js';
import type { Build, BuildOptions, BuildResult } from './resource.js';
import { defaultOrder, legacySort } from './sort.js';
import type { Accumulated } from './state.js';
import { accumulateFolder, loadKustomization } from './target.js';
import { factsOf } from './tree-facts.js';
import { resolveVars } from './vars.js';
import type { Spend } from './work.js';
import { Budget, Scope, workspaceOf } from './workspace.js';

/** Steps for a tree of a megabyte or less (they take up to two seconds), and at most: larger trees get more in proportion. */
const stepsOfMegabyte = 40_000_000;
const mostSteps = 500_000_000;

function stepsFor(bytes: number): number {
  return Math.min(mostSteps, stepsOfMegabyte * Math.max(1, bytes / 2 ** 20));
}

/** Builds the kustomization in folder `dir` of the tree, as `kustomize build` 5.8 does. */
export const buildKustomization: Build = (
  tree: Tree,
  dir: string,
  onProblem: OnProblem,
  options: BuildOptions = {},
): BuildResult => {
  const workspace = workspaceOf(tree);
  const budget = new Budget(options.maxSteps ?? stepsFor(workspace.size));
  const outside = options.readsOutside === true;
  let scope = new Scope(workspace, budget, false, undefined, outside);
  const folder = resolvePath('', dir) ?? '';
  try {
    const at = { via: 'build', file: '', document: 0, pointer: '' };
    const root = loadKustomization(scope, folder, at);
    const metadata = root.texts('buildMetadata').map(({ text }) => text);
    const description = rootDescription(scope, root, folder);
    if (metadata.length > 0 || description !== undefined)
      scope = new Scope(scope.workspace, budget, metadata.length > 0, description, outside);
    const accumulated = accumulateFolder(scope, folder, at, []);
    const entries = finish(accumulated, scope, options.reorder);
    addBuildMetadata(entries, options.managedByLabel === true ? [...metadata, 'managedByLabel'] : metadata, folder);
    const resources = entries.map((entry) => new BuiltResource(entry));
    return { resources, ok: true, undecided: [], inputs: [...scope.inputs].sort() };
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    scope.problems.push(error.problem);
    const undecided = error.undecided === undefined ? [] : [error.undecided];
    return { resources: [], ok: false, undecided, inputs: [...scope.inputs].sort() };
  } finally {
    for (const problem of scope.problems) onProblem(problem);
  }
};

/** What is done once, at the root: hashes, references, variables, order, clean-up. */
function finish(accumulated: Accumulated, scope: Scope, reorder: BuildOptions['reorder']): Entry[] {
  let entries = [...accumulated.entries];
  for (const entry of entries) if (entry.needsHash) addHash(entry);
  const spend: Spend = (steps) => scope.budget.spend(steps, accumulated.kustomization.at(''));
  fixReferences(entries, accumulated.config, spend);
  resolveVars(entries, accumulated.vars, accumulated.config.varReference, spend);
  entries = entries.filter((entry) => !isLocal(entry));
  refuseDuplicates(entries);
  entries = sorted(entries, accumulated, reorder);
  for (const entry of entries) {
    tidyAnnotations(entry);
    reportName(entry, scope);
    entry.facts = factsOf(entry.tree);
    if (entry.facts.hasOddKey) refuseOddKeys(entry, (place) => scope.workspace.isQuoted(place));
  }
  return entries;
}

/** A name that no cluster takes is said here, where prefixes, suffixes and hashes are in it. */
function reportName(entry: Entry, scope: Scope): void {
  const name = illegalName(entry);
  if (name === undefined) return;
  scope.onProblem({
    ruleId: 'kustomize-illegal-name',
    severity: 'error',
    message: `The build gives ${entry.kind} the name "${name}", which Kubernetes does not take.`,
    at: sourceOf(entry.edits, entry.origin, '/metadata/name'),
    hint: 'Names hold lower-case letters, digits, dashes and dots, and start and end with a letter or digit.',
    key: name,
  });
}

/** Changes of names at the end (hashes, JSON patches, replacements) can make two objects the same. */
function refuseDuplicates(entries: readonly Entry[]): void {
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    const key = entry.key;
    const other = seen.get(key);
    if (other !== undefined) {
      fail(
        'kustomize-duplicate-id',
        `${describe(entry.id)} is there twice at the end of the build.`,
        sourceOf(entry.edits, entry.origin, '/metadata/name'),
        {
          related: [{ message: 'the other one', at: sourceOf(other.edits, other.origin, '/metadata/name') }],
          hint: `Give one of them another name. ${sameUpstream}`,
        },
      );
    }
    seen.set(key, entry);
  }
}

function isLocal(entry: Entry): boolean {
  const value = entry.strings('annotations').get('config.kubernetes.io/local-config');
  return value !== undefined && value !== 'false';
}

function sorted(entries: Entry[], { kustomization }: Accumulated, reorder: BuildOptions['reorder']): Entry[] {
  const options = kustomization.map('sortOptions');
  if (options === undefined) return reorder === 'none' ? entries : legacySort(entries, defaultOrder);
  const legacy = member(options, 'legacySortOptions');
  const order = textOf(member(options, 'order'));
  if (order !== 'legacy') {
    if (order === 'fifo' && isMissingOrNull(legacy)) return entries;
    const what = order === 'fifo' ? 'legacySortOptions say nothing of the order fifo' : 'The order is legacy or fifo';
    fail('kustomize-invalid-field', `${what}.`, kustomization.at('/sortOptions'), { allowed: ['legacy', 'fifo'] });
  }
  if (!isMap(legacy)) return legacySort(entries, defaultOrder);
  const kinds = (key: string) => listItems(member(legacy, key), '').map((item) => textOf(item.value));
  return legacySort(entries, { orderFirst: kinds('orderFirst'), orderLast: kinds('orderLast') });
}

const internal = /^internal\.config\.kubernetes\.io\/|^config\.kubernetes\.io\/(?:index|path|id)$/;

/** Annotations come out as strings; those in which books are kept do not come out; an empty map goes. */
function tidyAnnotations(entry: Entry): void {
  const metadata = entry.metadata;
  if (metadata === undefined) return;
  const annotations = metadata['annotations'];
  if (annotations === undefined) return;
  if (annotations === null || isNull(annotations)) {
    delete metadataForWriting(entry)['annotations'];
    return;
  }
  if (!isMap(annotations)) return;
  const keys = Object.keys(annotations);
  const kept = keys.filter((key) => !internal.test(key));
  if (kept.length === keys.length && kept.length > 0 && kept.every((key) => typeof annotations[key] === 'string'))
    return;
  const target = metadataForWriting(entry);
  delete target['annotations'];
  if (kept.length === 0) return;
  const result: NodeMap = {};
  for (const key of kept) result[key] = textOf(annotations[key]);
  target['annotations'] = result;
}

function metadataForWriting({ tree }: Entry): NodeMap {
  return tree.writable(tree.writableRoot(), 'metadata') as NodeMap;
}

import { didYouMean } from '../diagnostics/closest.js';
import type { OnProblem, Severity } from '../diagnostics/diagnostic.js';
import { placeOf, type Source } from './edits.js';
import type { Entry } from './entry.js';
import { describe, effectiveNamespace } from './ids.js';
import type { Kustomization } from './kustomization.js';
import { field, isList, isMap, mapAt, type Node, type NodeMap, textOf } from './node.js';
import type { Patch } from './patches.js';
import type { Selector } from './selector.js';
import type { Run } from './steps-types.js';
import { nodesIn, perWrite } from './work.js';

/** What upstream is silent about. None of these ends the build. */
function report(
  run: Run,
  ruleId: string,
  severity: Severity,
  message: string,
  source: Source,
  more: {
    hint?: string;
    related?: { message: string; at: ReturnType<typeof placeOf> }[];
    allowed?: readonly string[];
    key?: string;
    pointer?: string;
  } = {},
): void {
  const { pointer = '', ...details } = more;
  // A finding keeps memory too.
  run.state.entries.spend(20 * perWrite);
  run.scope.onProblem({ ruleId, severity, message, at: placeOf(source, pointer), ...details });
}

const deprecated: Readonly<Record<string, string>> = {
  bases: 'resources',
  commonLabels: 'labels (with includeSelectors where selectors are meant)',
  imageTags: 'images',
  patchesJson6902: 'patches',
  patchesStrategicMerge: 'patches',
  vars: 'replacements',
};

/** Fields that Kustomize still reads and warns of. */
export function reportDeprecated(kustomization: Kustomization, run: Run): void {
  for (const [key, instead] of Object.entries(deprecated)) {
    if (!kustomization.has(key)) continue;
    run.scope.onProblem({
      ruleId: 'kustomize-deprecated-field',
      severity: 'info',
      message: `The field ${key} is deprecated.`,
      at: { ...kustomization.at(`/${key}`), part: 'key' },
      hint: `Use ${instead}.`,
      key,
    });
  }
}

/** A patch that hits nothing, or more than it names, or that overwrites what others wrote. */
export function findPatchProblems(
  run: Run,
  patch: Patch,
  selector: Selector,
  selected: readonly Entry[],
  pointer: string,
  source: Source,
): void {
  const at: Source = { via: source.via, file: run.file, document: run.document, pointer: `${pointer}/target` };
  if (selected.length === 0) reportNoMatch(run, selector, at);
  else reportOvermatch(run, selector, selected, at);
  if (patch.kind !== 'json') return;
  for (const entry of selected) reportOverwrites(run, patch, entry, source);
}

function reportNoMatch(run: Run, selector: Selector, at: Source): void {
  const { list, spend } = run.state.entries;
  const names = list.filter(({ kind }) => selector.kind === '' || kind === selector.kind).map(({ name }) => name);
  spend(2 * list.length + (selector.name === '' ? 0 : 50 * names.length));
  const hint = selector.name === '' ? undefined : (elsewhere(list, selector) ?? didYouMean(selector.name, names));
  // Upstream says nothing, and what is left deploys: a warning, as for all that changes nothing.
  report(run, 'kustomize-patch-no-match', 'warning', 'The patch matches no object, so it changes nothing.', at, {
    hint: hint ?? `Objects here: ${listed(run.state.entries.list)}.`,
    key: `${selector.kind}/${selector.name}`,
  });
}

/** The object of the kind and name that is meant, where the selector asks for another group, version or namespace. */
function elsewhere(entries: readonly Entry[], selector: Selector): string | undefined {
  const meant = entries.find((entry) => entry.kind === selector.kind && entry.name === selector.name);
  if (meant === undefined) return undefined;
  const { group, version } = meant.id;
  if (selector.group !== '' && selector.group !== group)
    return `Its group is ${group || 'the core one, written as ""'}.`;
  if (selector.version !== '' && selector.version !== version) return `Its version is ${version}.`;
  const namespace = effectiveNamespace(meant.id);
  if (selector.namespace === '' || selector.namespace === namespace) return undefined;
  const where =
    meant.id.namespace === '' ? 'has no namespace, which counts as default,' : `is in namespace ${namespace}`;
  return `${meant.kind} ${meant.name} ${where} when patches are applied: the namespace of a kustomization is set after them. Leave the namespace of the target out.`;
}

function listed(entries: readonly Entry[]): string {
  const shown = entries.slice(0, 8).map((entry) => `${entry.kind} ${entry.name}`);
  return shown.length === 0 ? 'none' : shown.join(', ') + (entries.length > 8 ? ` and ${entries.length - 8} more` : '');
}

/** A name in a selector is a regular expression: the dots of a model's name match any character. */
function reportOvermatch(run: Run, selector: Selector, selected: readonly Entry[], at: Source): void {
  // Only what looks like a plain name with dots is meant as a name.
  if (!selector.name.includes('.') || !/^[A-Za-z0-9.-]+$/.test(selector.name)) return;
  const others = selected.filter((entry) => entry.name !== selector.name && entry.originalId.name !== selector.name);
  if (others.length === 0) return;
  report(
    run,
    'kustomize-patch-overmatch',
    'warning',
    `The name ${selector.name} is a regular expression here and also matches ${others.map((entry) => entry.name).join(', ')}.`,
    at,
    {
      pointer: '/name',
      hint: `Write ${selector.name.replaceAll('.', '\\.')}.`,
      related: others.slice(0, 5).map((entry) => ({ message: 'matched too', at: placeOf(entry.origin) })),
      key: selector.name,
    },
  );
}

function reportOverwrites(run: Run, patch: Extract<Patch, { kind: 'json' }>, entry: Entry, source: Source): void {
  for (const { op, path, value, index } of patch.operations) {
    const present = lookup(entry.root, path);
    if (op === 'replace' && present === undefined && parentOf(entry.root, path) !== undefined) {
      report(
        run,
        'kustomize-json-patch-missing',
        'warning',
        `There is no ${path} in ${describe(entry.id)} to replace; the field is added.`,
        source,
        {
          pointer: `/${index}`,
          hint: 'Use add where the field may be missing, or correct the path.',
          key: path,
        },
      );
    }
    // Who writes replace means the whole; add into a list puts the item before the one that is there.
    const isOver = op === 'add' && !isList(parentOf(entry.root, path));
    if (isOver && isMap(present) && Object.keys(present).length > 0 && isMap(value)) {
      const lost = Object.keys(present).filter((key) => field(value, key) === undefined);
      if (lost.length === 0) continue;
      report(
        run,
        'kustomize-json-patch-overwrites-map',
        'warning',
        `The operation replaces the whole map ${path} of ${describe(entry.id)}; ${lost.slice(0, 5).join(', ')} would be lost.`,
        source,
        {
          pointer: `/${index}`,
          hint: `Name the key: ${path}/${Object.keys(value)[0] ?? 'key'}.`,
          key: path,
        },
      );
    }
  }
}

function partsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function lookup(root: Node, path: string): Node | undefined {
  return walk(root, partsOf(path));
}

function parentOf(root: Node, path: string): Node | undefined {
  return walk(root, partsOf(path).slice(0, -1));
}

function walk(root: Node, parts: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const part of parts) node = isMap(node) ? field(node, part) : isList(node) ? node[Number(part)] : undefined;
  return node;
}

/** An entry of `images` that names no image of the build. Components of versions name images of other models too. */
export function reportImage(run: Run, name: string, found: number, source: Source): void {
  if (found > 0) return;
  const names = imageNames(run);
  // A variable is no name that could have been meant.
  const hint = didYouMean(
    name,
    names.filter((each) => !each.includes('$(')),
  );
  report(
    run,
    'kustomize-image-no-match',
    'warning',
    `No container has the image ${name}, so this entry changes nothing.`,
    source,
    {
      pointer: '/name',
      ...(hint === undefined ? {} : { hint }),
      key: name,
    },
  );
}

/** The images of the objects that are there, without tags. */
export function imageNames(run: Run): string[] {
  const { list, spend } = run.state.entries;
  const names = new Set<string>();
  for (const entry of list) {
    spend(12 * nodesIn(entry.root));
    for (const name of imagesOf(entry.root)) names.add(name);
  }
  // Each of them is compared with what was meant.
  spend(50 * names.size);
  return [...names];
}

function imagesOf(node: Node): string[] {
  if (isList(node)) return node.flatMap(imagesOf);
  if (!isMap(node)) return [];
  return Object.keys(node).flatMap((key) => {
    const value = node[key] as Node;
    if (key === 'image' && typeof value === 'string') return [value.replace(/@.*$/, '').replace(/:[^/:]*$/, '')];
    return typeof value === 'object' ? imagesOf(value) : [];
  });
}

/** A target of a replacement that selects no object. */
export function reportUnmatched(run: Run, source: Source): void {
  report(
    run,
    'kustomize-replacement-no-match',
    'warning',
    'This target of the replacement selects no object, so it changes nothing.',
    source,
    { pointer: '/select' },
  );
}

/** Labels in selectors that leave several workloads with one selector: their Pods are then counted together. */
export function reportSelectors(run: Run, labels: readonly string[], source: Source): void {
  if (labels.length === 0) return;
  const own = new Set(labels);
  const seen = new Map<string, Entry>();
  for (const entry of run.state.entries.list) {
    const spec = mapAt(entry.root, 'spec');
    const selector = spec === undefined ? undefined : mapAt(spec, 'selector');
    const match =
      selector === undefined || mapAt(spec as NodeMap, 'template') === undefined
        ? undefined
        : mapAt(selector, 'matchLabels');
    if (match === undefined) continue;
    const expressions = field(selector as NodeMap, 'matchExpressions');
    if (isList(expressions) && expressions.length > 0) continue;
    const names = Object.keys(match);
    run.state.entries.spend(16 * names.length);
    const key = `${entry.namespace}\n${names
      .sort()
      .map((name) => `${name}=${textOf(match[name])}`)
      .join('\n')}`;
    const other = seen.get(key);
    seen.set(key, other ?? entry);
    // What says nothing of its own is what these labels made equal.
    if (other === undefined || !names.every((name) => own.has(name))) continue;
    report(
      run,
      'kustomize-equal-selectors',
      'error',
      `The labels give ${describe(other.id)} and ${describe(entry.id)} the same selector: each would count the Pods of the other.`,
      source,
      {
        related: [other, entry].map((one) => ({ message: one.name, at: placeOf(one.origin, '/spec/selector') })),
        hint: 'Give each workload a label of its own in its selector.',
        key: entry.name,
      },
    );
  }
}

/** Names that no cluster takes: what prefixes and suffixes make is judged as it comes out. */
export function illegalName(entry: Entry): string | undefined {
  const { name, kind } = entry;
  const pattern = /^(?:Role|ClusterRole|RoleBinding|ClusterRoleBinding)$/.test(kind)
    ? /^[^/%]+$/
    : /^[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?$/;
  return name.length <= 253 && pattern.test(name) ? undefined : name;
}

/**
 * A value of a Secret that stands in the repository; the value itself is never said. A warning: the build cannot tell a password from the
 * name of a user or a placeholder beside it. Where the rules run, `secrets-not-in-git` judges each value in its place.
 */
export function reportPlainSecrets(
  generator: NodeMap,
  pointer: string,
  kustomization: Kustomization,
  onProblem: OnProblem,
): void {
  const name = textOf(field(generator, 'name'));
  const literals = field(generator, 'literals');
  if (!isList(literals)) return;
  for (const [i, literal] of literals.entries()) {
    const text = textOf(literal);
    const key = text.slice(0, Math.max(0, text.indexOf('=')));
    if (text.endsWith('=')) continue;
    onProblem({
      ruleId: 'kustomize-plain-secret',
      severity: 'warning',
      message: `The value of ${key} of the Secret ${name} stands in the repository.`,
      at: kustomization.at(`${pointer}/literals/${i}`),
      hint: 'Keep it in a secret store and let External Secrets or Sealed Secrets bring it to the cluster.',
      key: `${name}/${key}`,
    });
  }
}

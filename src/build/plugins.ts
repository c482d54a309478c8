import { absorbGenerated } from './absorb.js';
import { afterTransformer } from './build-metadata.js';
import { placeOf } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { generate } from './generators.js';
import type { Kustomization } from './kustomization.js';
import { listItems, member, stringsOf } from './kustomization.js';
import { field, isMap, type NodeMap, textOf } from './node.js';
import { refuse } from './refusals.js';
import type { State } from './state.js';
import {
  imageStep,
  jsonPatchStep,
  mergePatchStep,
  patchStep,
  placeAt,
  type Run,
  replacementsStep,
  replicasStep,
  sourceAt,
  specsOf,
} from './steps.js';
import { affixNames, type SubjectMode, setEntries, setNamespace } from './transformers.js';
import { setValue } from './value-add.js';
import type { Scope } from './workspace.js';

const subjectModes: readonly string[] = ['', 'defaultOnly', 'allServiceAccounts', 'none'];

/** Runs `transformers` and `validators`; only kinds that are built into Kustomize. */
export function runPlugins(
  run: Run,
  kustomization: Kustomization,
  origin: string,
  objects: (path: string, pointer: string) => readonly Entry[],
): void {
  for (const { text, pointer } of kustomization.texts('transformers')) {
    for (const plugin of objects(text, pointer)) {
      transformByPlugin(runOf(run, plugin), plugin);
      afterTransformer(run.state, origin, plugin.kind, plugin);
      run.state.entries.dropEmpty();
    }
  }
  for (const { text, pointer } of kustomization.texts('validators')) {
    for (const plugin of objects(text, pointer)) validateByPlugin(run, plugin);
  }
}

function runOf(run: Run, plugin: Entry): Run {
  const { file, document } = plugin.origin;
  const content = run.scope.workspace.tree.files.get(file);
  return { ...run, file, document, text: typeof content === 'string' ? content : '' };
}

function demandBuiltin(plugin: Entry): void {
  const apiVersion = textOf(field(plugin.root, 'apiVersion'));
  const at = placeOf(plugin.origin);
  const annotations = plugin.strings('annotations');
  if (annotations.has('config.kubernetes.io/function') || annotations.has('config.k8s.io/function')) {
    refuse(
      'kustomize-plugin',
      `The function ${plugin.kind} ${plugin.name}`,
      'functions run programs or containers, which this build does not',
      at,
    );
  }
  if (apiVersion !== 'builtin') {
    refuse(
      'kustomize-plugin',
      `The plugin ${apiVersion} ${plugin.kind}`,
      'only what is built into Kustomize runs here (apiVersion: builtin)',
      at,
    );
  }
}

/** A validator may not change anything; the built-in kinds that could stand here all would. */
function validateByPlugin(run: Run, plugin: Entry): void {
  demandBuiltin(plugin);
  const before = run.state.entries.list.map((entry) => JSON.stringify(entry.root));
  transformByPlugin(runOf(run, plugin), plugin);
  const after = run.state.entries.list.map((entry) => JSON.stringify(entry.root));
  if (before.length !== after.length || before.some((text, i) => text !== after[i])) {
    fail(
      'kustomize-plugin',
      `The validator ${plugin.kind} ${plugin.name} changes the objects; a validator must not.`,
      placeOf(plugin.origin),
    );
  }
}

type Transform = (run: Run, root: NodeMap, base: string) => void;

const via = 'transformers';

function mapAtKey(root: NodeMap, key: string): NodeMap {
  const value = member(root, key);
  return isMap(value) ? value : {};
}

function affix(side: 'prefix' | 'suffix'): Transform {
  return (run, root, base) => {
    const text = textOf(member(root, side));
    affixNames(
      run.state.entries,
      side,
      text,
      specsOf(member(root, 'fieldSpecs')),
      sourceAt(run, `${base}/${side}`, via),
    );
  };
}

function pairs(key: 'labels' | 'annotations'): Transform {
  return (run, root, base) => {
    setEntries(
      run.state.entries,
      stringsOf(member(root, key)),
      specsOf(member(root, 'fieldSpecs')),
      sourceAt(run, `${base}/${key}`, via),
    );
  };
}

const namespace: Transform = (run, root, base) => {
  const name = textOf(member(mapAtKey(root, 'metadata'), 'namespace'));
  const mode = textOf(member(root, 'setRoleBindingSubjects'));
  if (!subjectModes.includes(mode)) {
    fail(
      'kustomize-plugin',
      `setRoleBindingSubjects cannot be "${mode}".`,
      placeAt(run, `${base}/setRoleBindingSubjects`),
      { allowed: subjectModes.slice(1) },
    );
  }
  if (name === '') return;
  setNamespace(
    run.state.entries,
    name,
    specsOf(member(root, 'fieldSpecs')),
    sourceAt(run, `${base}/metadata/namespace`, via),
    {
      unsetOnly: member(root, 'unsetOnly') === true,
      ...(mode === '' ? {} : { subjects: mode as SubjectMode }),
    },
  );
};

const strategicMerge: Transform = (run, root, base) => {
  for (const { value, pointer } of listItems(member(root, 'paths'), `${base}/paths`))
    mergePatchStep(run, textOf(value), pointer, via);
  const patches = textOf(member(root, 'patches'));
  if (patches !== '') mergePatchStep(run, `${patches}\n`, `${base}/patches`, via);
};

const transforms: Readonly<Record<string, Transform>> = {
  NamespaceTransformer: namespace,
  PrefixTransformer: affix('prefix'),
  SuffixTransformer: affix('suffix'),
  LabelTransformer: pairs('labels'),
  AnnotationsTransformer: pairs('annotations'),
  PatchTransformer: (run, root, base) => patchStep(run, root, base, via),
  PatchStrategicMergeTransformer: strategicMerge,
  PatchJson6902Transformer: (run, root, base) => jsonPatchStep(run, root, base, via),
  ReplicaCountTransformer: (run, root, base) =>
    replicasStep(run, mapAtKey(root, 'replica'), specsOf(member(root, 'fieldSpecs')), `${base}/replica`, via),
  ImageTagTransformer: (run, root, base) =>
    imageStep(run, mapAtKey(root, 'imageTag'), specsOf(member(root, 'fieldSpecs')), `${base}/imageTag`, via),
  ReplacementTransformer: (run, root, base) =>
    replacementsStep(run, listItems(member(root, 'replacements'), `${base}/replacements`), via),
  ValueAddTransformer: (run, root, base) => setValue(run, root, base),
  HashTransformer: (run) => {
    for (const entry of run.state.entries.list) entry.needsHash = true;
  },
};

function transformByPlugin(run: Run, plugin: Entry): void {
  demandBuiltin(plugin);
  const transform = Object.hasOwn(transforms, plugin.kind) ? transforms[plugin.kind] : undefined;
  if (transform === undefined || plugin.kind === 'HashTransformer') {
    refuse(
      'kustomize-plugin',
      `The transformer ${plugin.kind}`,
      'it is not known here',
      placeOf(plugin.origin, '/kind'),
    );
  }
  transform(run, plugin.root, plugin.origin.pointer);
}

/** Runs an entry of `generators`. */
export function generateByPlugin(
  scope: Scope,
  state: State,
  kustomization: Kustomization,
  folder: string,
  plugin: Entry,
): void {
  demandBuiltin(plugin);
  if (plugin.kind !== 'ConfigMapGenerator' && plugin.kind !== 'SecretGenerator') {
    refuse('kustomize-plugin', `The generator ${plugin.kind}`, 'it is not known here', placeOf(plugin.origin, '/kind'));
  }
  const { file, document } = plugin.origin;
  const metadata = mapAtKey(plugin.root, 'metadata');
  // Unless it says otherwise, the identity of the configuration is that of what it makes.
  const args: NodeMap = { ...plugin.root, name: textOf(member(plugin.root, 'name')) || plugin.name };
  const namespace = textOf(member(plugin.root, 'namespace')) || textOf(field(metadata, 'namespace'));
  if (namespace !== '') args['namespace'] = namespace;
  const entry = generate(plugin.kind === 'SecretGenerator' ? 'Secret' : 'ConfigMap', args, {
    source: { via: 'generators', file, document, pointer: plugin.origin.pointer },
    pointer: plugin.origin.pointer,
    options: undefined,
    load: (path, pointer) => scope.load(folder, path, { file, document, pointer }),
  });
  entry.generator = { name: plugin.name, namespace: plugin.namespace };
  absorbGenerated(state.entries, entry, kustomization.at('/generators'));
}

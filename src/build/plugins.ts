import { afterTransformer } from './build-metadata.js';
import { placeOf } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { addHash } from './hash.js';
import type { Kustomization } from './kustomization.js';
import { listItems, member, stringsOf } from './kustomization.js';
import { isMap, type NodeMap, textOf } from './node.js';
import { demandBuiltin, unknownBuiltin } from './refusals.js';
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
import { nodesIn } from './work.js';

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

/** A validator may not change anything; the built-in kinds that could stand here all would. */
function validateByPlugin(run: Run, plugin: Entry): void {
  demandBuiltin(plugin);
  for (const entry of run.state.entries.list) run.state.entries.spend(20 * nodesIn(entry.root));
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
  PrefixSuffixTransformer: (run, root, base) => {
    affix('prefix')(run, root, base);
    affix('suffix')(run, root, base);
  },
  HashTransformer: (run) => {
    for (const entry of run.state.entries.list) if (entry.needsHash) addHash(entry);
    run.state.entries.changed();
  },
};

function transformByPlugin(run: Run, plugin: Entry): void {
  demandBuiltin(plugin);
  const transform = Object.hasOwn(transforms, plugin.kind) ? transforms[plugin.kind] : undefined;
  if (transform === undefined) unknownBuiltin('transformer', plugin, Object.keys(transforms));
  transform(run, plugin.root, plugin.origin.pointer);
}

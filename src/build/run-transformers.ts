import type { Config } from './config.js';
import { reportSelectors } from './findings.js';
import { type Kustomization, member, stringsOf } from './kustomization.js';
import { isMap, type NodeMap } from './node.js';
import {
  imageStep,
  jsonPatchStep,
  labelSpecs,
  mergePatchStep,
  patchStep,
  type Run,
  replacementsStep,
  replicasStep,
  sourceAt,
} from './steps.js';
import { affixNames, setEntries, setNamespace } from './transformers.js';

/** Called after each transformer, with its kind, for those who keep a list of them. */
export type Done = (kind: string) => void;

/** Runs the transformers of a kustomization in the order that Kustomize has. */
export function runTransformers(run: Run, kustomization: Kustomization, done: Done): void {
  const { config } = run.state;
  strategicMergePatches(run, kustomization, done);
  each(kustomization, 'patches', (map, pointer) => {
    patchStep(run, map, pointer, 'patches');
    done('PatchTransformer');
  });
  namespace(run, kustomization, config, done);
  names(run, kustomization, config, done);
  labels(run, kustomization, config, done);
  annotations(run, kustomization, config, done);
  each(kustomization, 'patchesJson6902', (map, pointer) => {
    jsonPatchStep(run, map, pointer, 'patchesJson6902');
    done('PatchJson6902Transformer');
  });
  each(kustomization, 'replicas', (map, pointer) => {
    replicasStep(run, map, config.replicas, pointer, 'replicas');
    done('ReplicaCountTransformer');
  });
  for (const key of ['images', 'imageTags']) {
    each(kustomization, key, (map, pointer) => {
      imageStep(run, map, config.images, pointer, key);
      done('ImageTagTransformer');
    });
  }
  const replacements = kustomization.items('replacements');
  if (replacements.length > 0) {
    replacementsStep(run, replacements, 'replacements');
    done('ReplacementTransformer');
  }
}

function each(kustomization: Kustomization, key: string, apply: (map: NodeMap, pointer: string) => void): void {
  for (const { value, pointer } of kustomization.items(key)) apply(isMap(value) ? value : {}, pointer);
}

function strategicMergePatches(run: Run, kustomization: Kustomization, done: Done): void {
  const texts = kustomization.texts('patchesStrategicMerge');
  for (const { text, pointer } of texts) mergePatchStep(run, text, pointer, 'patchesStrategicMerge');
  if (texts.length > 0) done('PatchStrategicMergeTransformer');
}

function namespace(run: Run, kustomization: Kustomization, config: Config, done: Done): void {
  const value = kustomization.text('namespace');
  if (value === '') return;
  setNamespace(run.state.entries, value, config.namespace, sourceAt(run, '/namespace', 'namespace'));
  done('NamespaceTransformer');
}

function names(run: Run, kustomization: Kustomization, config: Config, done: Done): void {
  const { entries } = run.state;
  const prefix = kustomization.text('namePrefix');
  if (prefix !== '') {
    affixNames(entries, 'prefix', prefix, config.namePrefix, sourceAt(run, '/namePrefix', 'namePrefix'));
    done('PrefixTransformer');
  }
  const suffix = kustomization.text('nameSuffix');
  if (suffix === '') return;
  affixNames(entries, 'suffix', suffix, config.nameSuffix, sourceAt(run, '/nameSuffix', 'nameSuffix'));
  done('SuffixTransformer');
}

function labels(run: Run, kustomization: Kustomization, config: Config, done: Done): void {
  const { entries } = run.state;
  each(kustomization, 'labels', (map, pointer) => {
    const pairs = stringsOf(member(map, 'pairs'));
    setEntries(entries, pairs, labelSpecs(run, map, pointer), sourceAt(run, `${pointer}/pairs`, 'labels'));
    if (member(map, 'includeSelectors') === true)
      reportSelectors(run, Object.keys(pairs), sourceAt(run, pointer, 'labels'));
    done('LabelTransformer');
  });
  const common = kustomization.map('commonLabels');
  if (common !== undefined) {
    const source = sourceAt(run, '/commonLabels', 'commonLabels');
    setEntries(entries, stringsOf(common), config.commonLabels, source);
    reportSelectors(run, Object.keys(common), source);
  }
  // Upstream counts this one wherever there is any label.
  if (common !== undefined || kustomization.items('labels').length > 0) done('LabelTransformer');
}

function annotations(run: Run, kustomization: Kustomization, config: Config, done: Done): void {
  const map = kustomization.map('commonAnnotations');
  if (map === undefined || Object.keys(map).length === 0) return;
  setEntries(
    run.state.entries,
    stringsOf(map),
    config.commonAnnotations,
    sourceAt(run, '/commonAnnotations', 'commonAnnotations'),
  );
  done('AnnotationsTransformer');
}

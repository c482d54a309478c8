import { basename } from '../files/path.js';
import { absorbGenerated } from './absorb.js';
import { DuplicateId, Entries } from './accumulator.js';
import { afterTransformer } from './build-metadata.js';
import { generateByPlugin } from './builtin-generators.js';
import { type Config, defaultConfig, emptyConfig, mergeConfigs, readConfig } from './config.js';
import { readCrds } from './crds.js';
import { placeOf, type Source } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { reportDeprecated, reportPlainSecrets } from './findings.js';
import { generate } from './generators.js';
import { describe } from './ids.js';
import { asKustomization, type Kustomization } from './kustomization.js';
import { isMap } from './node.js';
import { nestedDescription } from './openapi.js';
import { runPlugins } from './plugins.js';
import { refuseRemote, refuseUnsupported, remoteKind, sameUpstream } from './refusals.js';
import { objectsOf } from './resources.js';
import { runTransformers } from './run-transformers.js';
import { type Accumulated, type State, sourceIn, syntaxError } from './state.js';
import type { Run } from './steps-types.js';
import { markVars, mergeVars, varsOf } from './vars.js';
import { Scope } from './workspace.js';

/** Folders in folders in folders; each takes its part of the stack. */
const deepest = 200;

export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Accumulates a folder once per tree; folders on the way down are given, to see cycles. */
export function accumulateFolder(outer: Scope, folder: string, at: Source, parents: readonly string[]): Accumulated {
  const { workspace } = outer;
  // A component may be built by itself, as the root.
  if (parents.length > 0 && loadKustomization(outer, folder, at).isComponent) {
    fail(
      'kustomize-kind',
      `${folder || '.'} is a component: it belongs under components, not under resources.`,
      placeOf(at),
    );
  }
  const key = [
    folder,
    ...(outer.notes ? ['notes'] : []),
    ...(outer.readsOutside ? ['outside'] : []),
    outer.description?.file ?? '',
  ].join('\n');
  const known = workspace.accumulated.get(key);
  if (known !== undefined) return share(outer, known);
  const scope = new Scope(workspace, outer.budget, outer.notes, outer.description, outer.readsOutside);
  try {
    const kustomization = loadKustomization(scope, folder, at);
    const state: State = { entries: new Entries(), config: emptyConfig, vars: [], notes: scope.notes };
    if (scope.description !== undefined) state.entries.schemas = scope.description.schemaOf;
    state.entries.spend = (steps) => scope.budget.spend(steps, kustomization.at(''));
    state.entries.isQuoted = (place) => scope.workspace.isQuoted(place);
    accumulate(scope, state, kustomization, folder, parents);
    const result: Accumulated = {
      entries: state.entries.list,
      config: state.config,
      vars: state.vars,
      problems: scope.problems,
      inputs: scope.inputs,
      kustomization,
    };
    workspace.accumulated.set(key, result);
    return share(outer, result);
  } catch (error) {
    // What was found before the failure is worth saying.
    outer.problems.push(...scope.problems);
    for (const file of scope.inputs) outer.inputs.add(file);
    throw error;
  }
}

function share(outer: Scope, result: Accumulated): Accumulated {
  outer.problems.push(...result.problems);
  for (const file of result.inputs) outer.inputs.add(file);
  return { ...result, entries: result.entries.map((entry) => entry.fork()) };
}

/** The kustomization of a folder; fails where there is none or more than one. */
export function loadKustomization(scope: Scope, folder: string, at: Source): Kustomization {
  const { workspace } = scope;
  const prefix = folder === '' ? '' : `${folder}/`;
  const found = kustomizationNames.map((name) => prefix + name).filter((path) => workspace.tree.files.has(path));
  const file = found[0];
  if (file === undefined) {
    fail('kustomize-no-kustomization', `${folder || '.'} has no ${kustomizationNames.join(', ')}.`, placeOf(at));
  }
  if (found.length > 1) {
    fail(
      'kustomize-several-kustomizations',
      `${folder || '.'} has several kustomizations: ${found.map(basename).join(', ')}.`,
      { file, pointer: '' },
      {
        related: found.slice(1).map((path) => ({ message: 'another one', at: { file: path, pointer: '' } })),
      },
    );
  }
  scope.inputs.add(file);
  const known = workspace.kustomizations.get(file);
  if (known !== undefined) return known;
  const content = workspace.tree.files.get(file);
  if (typeof content !== 'string') fail('kustomize-unreadable', 'The kustomization is not valid UTF-8.', { file });
  const parsed = workspace.parse(content, 'settings');
  if (parsed.error !== undefined) syntaxError(file, parsed.error, content);
  const kustomization = asKustomization(file, parsed.documents[0] ?? null, 0);
  workspace.kustomizations.set(file, kustomization);
  return kustomization;
}

/** Runs a kustomization into the state: resources, generators, components, transformers, validators, variables. */
export function accumulate(
  scope: Scope,
  state: State,
  kustomization: Kustomization,
  folder: string,
  parents: readonly string[],
): void {
  if (parents.includes(folder)) {
    const cycle = [...parents.slice(parents.indexOf(folder)), folder].map((path) => path || '.');
    fail(
      'kustomize-cycle',
      `The kustomizations include each other (${cycle.join(' → ')}).`,
      kustomization.at('/resources'),
      { hint: `One of them must go without the other. ${sameUpstream}` },
    );
  }
  if (parents.length > deepest) {
    const message = `The kustomizations are nested more than ${deepest} deep.`;
    fail('kustomize-budget', message, kustomization.at('/resources'));
  }
  const within = [...parents, folder];
  scope.parseSettings(kustomization.file, textOfFile(scope, kustomization.file));
  const origin = kustomization.file;
  refuseUnsupported(kustomization);
  nestedDescription(scope, kustomization, folder);
  try {
    for (const { text, pointer } of [...kustomization.texts('resources'), ...kustomization.texts('bases')]) {
      addResource(scope, state, kustomization, folder, within, text, pointer);
    }
    state.config = mergeConfigs(
      state.config,
      ownConfig(scope, kustomization, folder),
      kustomization.at('/configurations'),
    );
    state.config = mergeConfigs(state.config, crdConfig(scope, kustomization, folder), kustomization.at('/crds'));
    runGenerators(scope, state, kustomization, folder);
    for (const { text, pointer } of kustomization.texts('generators')) {
      for (const plugin of pluginObjects(scope, kustomization, folder, within, text, pointer)) {
        generateByPlugin(scope, state, kustomization, folder, plugin);
      }
    }
    for (const { text, pointer } of kustomization.texts('components')) {
      addComponent(scope, state, kustomization, folder, within, text, pointer);
    }
    const run: Run = {
      scope,
      state,
      folder,
      file: kustomization.file,
      document: kustomization.document,
      text: textOfFile(scope, kustomization.file),
    };
    reportDeprecated(kustomization, run);
    runTransformers(run, kustomization, (kind) => afterTransformer(state, origin, kind));
    runPlugins(run, kustomization, origin, (path, pointer) =>
      pluginObjects(scope, kustomization, folder, within, path, pointer),
    );
  } catch (error) {
    if (error instanceof DuplicateId) duplicate(error, kustomization);
    throw error;
  }
  const vars = varsOf(kustomization);
  markVars(state.entries, vars);
  state.vars = mergeVars(state.vars, vars);
}

function duplicate(error: DuplicateId, kustomization: Kustomization): never {
  fail(
    'kustomize-duplicate-id',
    `${describe(error.second.id)} is there twice.`,
    placeOf(error.second.origin, '/metadata/name'),
    {
      related: [
        { message: 'the other one', at: placeOf(error.first.origin, '/metadata/name') },
        { message: 'they meet here', at: kustomization.at('/resources') },
      ],
      hint: `Leave one out, or give it another name. ${sameUpstream}`,
    },
  );
}

function ownConfig(scope: Scope, kustomization: Kustomization, folder: string): Config {
  let config = emptyConfig;
  for (const { text, pointer } of kustomization.texts('configurations')) {
    const at = kustomization.at(pointer);
    const { file, content } = scope.load(folder, text, at);
    if (typeof content !== 'string') fail('kustomize-unreadable', `${text} is not valid UTF-8.`, at);
    const parsed = scope.workspace.parse(content, 'settings');
    if (parsed.error !== undefined) syntaxError(file, parsed.error, content);
    if (parsed.repeated !== undefined)
      syntaxError(file, { message: 'A key stands here a second time', offset: parsed.repeated });
    config = mergeConfigs(config, readConfig(parsed.documents[0] ?? null, { file, document: 0, pointer: '' }), at);
  }
  return mergeConfigs(defaultConfig, config, kustomization.at('/configurations'));
}

function crdConfig(scope: Scope, kustomization: Kustomization, folder: string): Config {
  let config = emptyConfig;
  for (const { text, pointer } of kustomization.texts('crds')) {
    const at = kustomization.at(pointer);
    const remote = remoteKind(text);
    if (remote !== undefined) refuseRemote(text, remote, at);
    const { file, content } = scope.load(folder, text, at);
    if (typeof content !== 'string') fail('kustomize-unreadable', `${text} is not valid UTF-8.`, at);
    const parsed = scope.parseSettings(file, content);
    if (parsed.error !== undefined) syntaxError(file, parsed.error, content);
    config = readCrds(parsed.documents[0] ?? null, { file, document: 0, pointer: '' }, config);
  }
  return config;
}

function addResource(
  scope: Scope,
  state: State,
  kustomization: Kustomization,
  folder: string,
  parents: readonly string[],
  path: string,
  pointer: string,
): void {
  const at = kustomization.at(pointer);
  scope.budget.spend(1, at);
  const remote = remoteKind(path);
  if (remote !== undefined) refuseRemote(path, remote, at);
  const resolved = scope.resolve(folder, path, at);
  if (scope.workspace.isFolder(resolved)) {
    const source = sourceIn(kustomization, pointer, 'resources');
    const sub = accumulateFolder(scope, resolved, source, parents);
    scope.budget.spend(sub.entries.length, at);
    state.entries.appendAll(sub.entries);
    state.config = mergeConfigs(state.config, sub.config, at);
    state.vars = mergeVars(state.vars, sub.vars);
    return;
  }
  const entries = entriesOfFile(scope, folder, path, at);
  state.entries.appendAll(entries);
}

/** The objects of a file that a kustomization names. */
export function entriesOfFile(
  scope: Scope,
  folder: string,
  path: string,
  at: { file: string; pointer?: string },
): Entry[] {
  const { file, content } = scope.load(folder, path, at);
  if (typeof content !== 'string') fail('kustomize-unreadable', `${path} is not valid UTF-8.`, at);
  const parsed = scope.workspace.parse(content);
  if (parsed.error !== undefined) syntaxError(file, parsed.error, content);
  const entries = parsed.documents.flatMap((document, i) =>
    objectsOf(document, { via: 'resource', file, document: i, pointer: '' }),
  );
  scope.budget.spend(entries.length, at);
  return entries;
}

function runGenerators(scope: Scope, state: State, kustomization: Kustomization, folder: string): void {
  for (const key of ['configMapGenerator', 'secretGenerator'] as const) {
    for (const { value, pointer } of kustomization.items(key)) {
      if (!isMap(value)) continue;
      const entry = generate(key === 'configMapGenerator' ? 'ConfigMap' : 'Secret', value, {
        source: sourceIn(kustomization, '', key),
        pointer,
        options: kustomization.map('generatorOptions'),
        load: (path, where) => scope.load(folder, path, kustomization.at(where)),
      });
      absorbGenerated(state.entries, entry, kustomization.at(`${pointer}/behavior`));
      if (key === 'secretGenerator') reportPlainSecrets(value, pointer, kustomization, scope.onProblem);
    }
  }
}

function textOfFile(scope: Scope, file: string): string {
  const content = scope.workspace.tree.files.get(file);
  return typeof content === 'string' ? content : '';
}

/** Generators, transformers and validators that are written as objects: inline, in files, or built by a kustomization. */
function pluginObjects(
  scope: Scope,
  kustomization: Kustomization,
  folder: string,
  parents: readonly string[],
  text: string,
  pointer: string,
): Entry[] {
  const at = kustomization.at(pointer);
  if (/[\n{]/.test(text)) {
    const { documents, error } = scope.workspace.parse(text);
    if (error !== undefined) fail('kustomize-plugin', `This is neither a path nor an object: ${error.message}.`, at);
    return documents.flatMap((document) => objectsOf(document, sourceIn(kustomization, pointer, 'plugin')));
  }
  const remote = remoteKind(text);
  if (remote !== undefined) refuseRemote(text, remote, at);
  const resolved = scope.resolve(folder, text, at);
  if (!scope.workspace.isFolder(resolved)) return entriesOfFile(scope, folder, text, at);
  return [...accumulateFolder(scope, resolved, sourceIn(kustomization, pointer, 'plugin'), parents).entries];
}

function addComponent(
  scope: Scope,
  state: State,
  kustomization: Kustomization,
  folder: string,
  parents: readonly string[],
  path: string,
  pointer: string,
): void {
  const at = kustomization.at(pointer);
  const remote = remoteKind(path);
  if (remote !== undefined) refuseRemote(path, remote, at);
  const resolved = scope.resolve(folder, path, at);
  if (!scope.workspace.isFolder(resolved)) {
    fail('kustomize-missing-file', `There is no folder ${path}; a component is a folder.`, at);
  }
  const component = loadKustomization(scope, resolved, sourceIn(kustomization, pointer, 'components'));
  if (!component.isComponent) {
    fail('kustomize-kind', `${path} is not a component: its kind must be Component.`, component.at('/kind'), {
      related: [{ message: 'it is included here', at }],
    });
  }
  accumulate(scope, state, component, resolved, parents);
}

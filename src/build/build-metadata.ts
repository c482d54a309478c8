import { relativePath } from '../files/path.js';
import { emitObject } from './emit.js';
import type { Entry } from './entry.js';
import type { State } from './state.js';

/** Notes a transformer in every object that it ran over, as upstream does whether it changed them or not. */
export function afterTransformer(state: State, file: string, kind: string, plugin?: Entry): void {
  if (!state.notes) return;
  const described =
    plugin === undefined ? undefined : { apiVersion: 'builtin', name: plugin.name, namespace: plugin.namespace };
  for (const entry of state.entries.list) {
    entry.transformations = {
      previous: entry.transformations,
      file: plugin === undefined ? file : plugin.origin.file,
      kind,
      plugin: described,
    };
  }
}

const originKey = 'config.kubernetes.io/origin';
const transformationsKey = 'alpha.config.kubernetes.io/transformations';
// What kubectl 1.36.3 prints; other versions print their own.
const managedBy = 'kustomize-v5.8.1';

/** Adds what `buildMetadata` asks for; paths count from the folder that is built. */
export function addBuildMetadata(entries: readonly Entry[], options: readonly string[], root: string): void {
  for (const entry of entries) {
    const additions: Record<string, string> = {};
    if (options.includes('originAnnotations')) additions[originKey] = originText(entry, root);
    if (options.includes('transformerAnnotations') && entry.transformations !== undefined) {
      additions[transformationsKey] = transformationsText(entry, root);
    }
    if (Object.keys(additions).length > 0) addTo(entry, 'annotations', additions);
    if (options.includes('managedByLabel')) addTo(entry, 'labels', { 'app.kubernetes.io/managed-by': managedBy });
  }
}

function addTo(entry: Entry, key: 'labels' | 'annotations', additions: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(additions)) {
    entry.set(['metadata', key, name], value, {
      via: 'buildMetadata',
      file: entry.origin.file,
      document: entry.origin.document,
      pointer: '',
    });
  }
}

function originText(entry: Entry, root: string): string {
  const { via, file } = entry.origin;
  const path = relativePath(root, file);
  if (via === 'configMapGenerator' || via === 'secretGenerator') {
    const kind = via === 'configMapGenerator' ? 'ConfigMapGenerator' : 'SecretGenerator';
    return `configuredIn: ${scalar(path)}\nconfiguredBy:\n  apiVersion: builtin\n  kind: ${kind}\n`;
  }
  if (entry.generator !== undefined) {
    const { kind, name, namespace } = entry.generator;
    const lines = ['apiVersion: builtin', `kind: ${kind}`, `name: ${scalar(name)}`];
    if (namespace !== '') lines.push(`namespace: ${scalar(namespace)}`);
    return `configuredIn: ${scalar(path)}\nconfiguredBy:\n${lines.map((line) => `  ${line}\n`).join('')}`;
  }
  return `path: ${scalar(path)}\n`;
}

function scalar(text: string): string {
  return emitObject(text).trimEnd();
}

function transformationsText(entry: Entry, root: string): string {
  const items: string[] = [];
  for (let item = entry.transformations; item !== undefined; item = item.previous) {
    const lines = ['configuredBy:', '  apiVersion: builtin', `  kind: ${item.kind}`];
    if (item.plugin !== undefined) {
      if (item.plugin.name !== '') lines.push(`  name: ${scalar(item.plugin.name)}`);
      if (item.plugin.namespace !== '') lines.push(`  namespace: ${scalar(item.plugin.namespace)}`);
    }
    items.push(
      [`- configuredIn: ${scalar(relativePath(root, item.file))}`, ...lines.map((line) => `  ${line}`)].join('\n'),
    );
  }
  return `${items.reverse().join('\n')}\n`;
}

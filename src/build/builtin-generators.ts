import { absorbGenerated } from './absorb.js';
import { placeOf } from './edits.js';
import { Entry } from './entry.js';
import { fail } from './failure.js';
import { generate } from './generators.js';
import { type Kustomization, member } from './kustomization.js';
import { field, isMap, type Node, type NodeMap, textOf } from './node.js';
import { demandBuiltin, unknownBuiltin } from './refusals.js';
import { resolvePlain } from './scalar.js';
import type { State } from './state.js';
import type { Scope } from './workspace.js';

/** The generators that are written as objects, by what they make. */
const generators: Readonly<Record<string, 'ConfigMap' | 'Secret' | 'ServiceAccount'>> = {
  ConfigMapGenerator: 'ConfigMap',
  SecretGenerator: 'Secret',
  IAMPolicyGenerator: 'ServiceAccount',
};

/** Runs an entry of `generators`; only kinds that are built into Kustomize. */
export function generateByPlugin(
  scope: Scope,
  state: State,
  kustomization: Kustomization,
  folder: string,
  plugin: Entry,
): void {
  demandBuiltin(plugin);
  const made = Object.hasOwn(generators, plugin.kind) ? generators[plugin.kind] : undefined;
  if (made === undefined) unknownBuiltin('generator', plugin, Object.keys(generators));
  const entry = made === 'ServiceAccount' ? serviceAccountOf(plugin) : contentOf(made, scope, folder, plugin);
  entry.generator = { kind: plugin.kind, name: plugin.name, namespace: plugin.namespace };
  absorbGenerated(state.entries, entry, kustomization.at('/generators'));
}

function mapAtKey(root: NodeMap, key: string): NodeMap {
  const value = member(root, key);
  return isMap(value) ? value : {};
}

function contentOf(made: 'ConfigMap' | 'Secret', scope: Scope, folder: string, plugin: Entry): Entry {
  const { file, document, pointer } = plugin.origin;
  const metadata = mapAtKey(plugin.root, 'metadata');
  // Unless it says otherwise, the identity of the configuration is that of what it makes.
  const args: NodeMap = { ...plugin.root, name: textOf(member(plugin.root, 'name')) || plugin.name };
  const namespace = textOf(member(plugin.root, 'namespace')) || textOf(field(metadata, 'namespace'));
  if (namespace !== '') args['namespace'] = namespace;
  return generate(made, args, {
    source: { via: 'generators', file, document, pointer },
    pointer,
    options: undefined,
    load: (path, at) => scope.load(folder, path, { file, document, pointer: at }),
  });
}

/** The ServiceAccount that stands for one of Google Cloud (workload identity of GKE). */
function serviceAccountOf(plugin: Entry): Entry {
  const { root, origin } = plugin;
  const cloud = textOf(member(root, 'cloud'));
  if (cloud !== 'gke') {
    const what = `The generator knows the cloud gke, not "${cloud}".`;
    fail('kustomize-generator', what, placeOf(origin, '/cloud'), { allowed: ['gke'] });
  }
  const own = mapAtKey(root, 'kubernetesService');
  const google = mapAtKey(root, 'serviceAccount');
  const account = bare(plugin, google, '/serviceAccount', 'name');
  const metadata: NodeMap = {
    annotations: {
      'iam.gke.io/gcp-service-account': `${account}@${textOf(member(google, 'projectId'))}.iam.gserviceaccount.com`,
    },
    name: typed(bare(plugin, own, '/kubernetesService', 'name')),
  };
  if (textOf(member(own, 'namespace')) !== '')
    metadata['namespace'] = typed(bare(plugin, own, '/kubernetesService', 'namespace'));
  const value: NodeMap = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
  return new Entry(value, { ...origin, via: 'generators' }, true);
}

/** Upstream pastes these texts into YAML as they stand: what would not stay one word there is refused. */
function bare(plugin: Entry, map: NodeMap, at: string, key: string): string {
  const text = textOf(member(map, key));
  if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text)) return text;
  fail('kustomize-generator', `The generator needs a ${key} under ${at.slice(1)}.`, placeOf(plugin.origin, at));
}

function typed(text: string): Node {
  return resolvePlain(text) ?? text;
}

import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { FileContent, FileMap } from '../files/file-map.js';
import { findModel } from '../models/index.js';
import { splitImage } from '../plan/index.js';
import { writeYaml } from '../yaml/write.js';
import { type Adoption, type FoundServer, type NotRead, stageOf } from './adopt-facts.js';

/** What is known of the repository besides its manifests. */
export interface AdoptContext {
  readonly name: string;
  readonly repositoryUrl: string;
  readonly branch: string;
  /** The namespace that Applications live in. */
  readonly argocdNamespace: string;
  /** The destination behind the identity of a cluster, as Applications write it. */
  destinationOf(cluster: string): { readonly server?: string; readonly name?: string };
  /** Whether what runs in an environment follows the branch today. */
  follows(environment: string): boolean;
  /** ISO date. */
  readonly today: string;
}

export interface Drafts {
  readonly files: FileMap;
  readonly notRead: readonly NotRead[];
  /** What was guessed, one line each: to be made true before a verdict is trusted. */
  readonly guessed: readonly string[];
}

const apiVersion = 'gitops-gen.io/v1alpha1';

/** Drafts of the files that people write, from what is deployed. */
export function draftsOf({ servers, notRead }: Adoption, context: AdoptContext): Drafts {
  const gaps: NotRead[] = [...notRead];
  const guessed: string[] = [];
  const files = new Map<string, FileContent>();
  const environments = [...new Set(servers.map(({ environment }) => environment))].sort(
    (a, b) => stageOf(a) - stageOf(b) || (a < b ? -1 : 1),
  );
  const clusters = clustersOf(servers, environments);
  files.set('gitops-gen.yaml', projectText(environments, clusters, context));
  for (const [family, own] of families(servers)) {
    files.set(`families/${family}.yaml`, familyText(family, own, environments, gaps));
    guessed.push(
      `families/${family}.yaml: phases follow the waves of the Applications, and have no gates yet (spec.phases[].gate)`,
    );
  }
  for (const [name, { key, environments: here }] of clusters) {
    const own = servers.filter(({ cluster }) => cluster === key);
    files.set(`clusters/${name}/cluster-config.yaml`, clusterText(name, key, own, context, guessed));
    if (here.length > 1)
      guessed.push(`clusters/${name}: ${here.join(' and ')} share it, because their destination is one`);
  }
  for (const [path, text] of ownVersions(servers)) files.set(path, text);
  return { files, notRead: gaps, guessed };
}

interface FoundCluster {
  readonly key: string;
  readonly environments: readonly string[];
}

/** Clusters by name: that of their only environment, that of their destination, or one for all that share it. */
function clustersOf(
  servers: readonly FoundServer[],
  environments: readonly string[],
): ReadonlyMap<string, FoundCluster> {
  const named = new Map<string, FoundCluster>();
  for (const key of [...new Set(servers.map(({ cluster }) => cluster))].sort()) {
    const here = environments.filter((name) =>
      servers.some((each) => each.cluster === key && each.environment === name),
    );
    const alone =
      here.length === 1 && servers.every((each) => each.environment !== here[0] || each.cluster === key)
        ? here[0]
        : undefined;
    const stem = alone ?? (key === '' || key.includes('kubernetes.default.svc') ? 'shared' : slugOf(key));
    let name = stem;
    for (let copy = 2; named.has(name); copy += 1) name = `${stem}-${copy}`;
    named.set(name, { key, environments: here });
  }
  return named;
}

function slugOf(key: string): string {
  const slug = key
    .toLowerCase()
    .replace(/^https?:\/\//u, '')
    .replaceAll(/[^a-z0-9.-]+/gu, '-')
    .replace(/^[^a-z]+|[^a-z0-9]+$/gu, '');
  return slug.slice(0, 63) || 'cluster';
}

function projectText(
  environments: readonly string[],
  clusters: ReadonlyMap<string, FoundCluster>,
  context: AdoptContext,
): string {
  const home = [...clusters].find(([, { key }]) => key.includes('kubernetes.default.svc'))?.[0];
  const value = {
    apiVersion,
    kind: 'Project',
    metadata: { name: context.name },
    spec: {
      repository: { url: context.repositoryUrl, branch: context.branch },
      environments: environments.map((name, index) => {
        const own = [...clusters].filter(([, each]) => each.environments.includes(name)).map(([cluster]) => cluster);
        const follows = index > 0 && context.follows(name) ? { follow: 'branch' } : {};
        return { name, ...(own.length === 1 && own[0] === name ? {} : { clusters: own }), ...follows };
      }),
      argocd: {
        instances: [
          {
            name: 'argocd',
            ...(home === undefined ? {} : { cluster: home }),
            namespace: context.argocdNamespace,
            configOwner: 'none',
          },
        ],
      },
    },
  };
  return `# yaml-language-server: $schema=.gitops-gen/schemas/project.schema.json\n${draftNote}${writeYaml(value as unknown as JsonObject)}`;
}

const draftNote = '# Drafted by gitops-gen adopt from what this repository deploys. It is yours from now on.\n';

function families(servers: readonly FoundServer[]): ReadonlyMap<string, readonly FoundServer[]> {
  const groups = new Map<string, FoundServer[]>();
  for (const server of servers) {
    const family = familyOf(server.engine.model?.id ?? server.model);
    groups.set(family, [...(groups.get(family) ?? []), server]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What people call the family of a model: its name up to the size. */
function familyOf(id: string): string {
  return id.replace(/-[ae]?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?b(?:-.*)?$/u, '');
}

function familyText(
  family: string,
  servers: readonly FoundServer[],
  environments: readonly string[],
  gaps: NotRead[],
): string {
  const names = [...new Set(servers.map(({ model }) => model))].sort();
  const models = names.map((name) => modelEntry(name, servers, environments, gaps));
  const waveOf = (name: string) => Math.min(...servers.filter(({ model }) => model === name).map(({ wave }) => wave));
  const waves = [...new Set(names.map(waveOf))].sort((a, b) => a - b);
  const phases = waves.map((wave, index) => ({
    name: waves.length === 1 ? 'all' : `phase-${index + 1}`,
    models: names.filter((name) => waveOf(name) === wave),
  }));
  const value = { apiVersion, kind: 'ModelFamily', metadata: { name: family }, spec: { models, phases } };
  return `# yaml-language-server: $schema=../.gitops-gen/schemas/model-family.schema.json\n${draftNote}${writeYaml(value as unknown as JsonObject)}`;
}

/** One model with what all environments agree on, and what they do not. */
function modelEntry(
  name: string,
  servers: readonly FoundServer[],
  environments: readonly string[],
  gaps: NotRead[],
): JsonObject {
  const here = environments.flatMap((environment) => {
    const own = servers.filter((each) => each.model === name && each.environment === environment);
    const [first, second] = own;
    if (first === undefined) return [];
    if (second !== undefined && new Set(own.map(({ cluster }) => cluster)).size < own.length) {
      const { file } = second.engine.place.object.resource.origin;
      gaps.push({
        what: `Deployment ${second.engine.place.object.name}`,
        file,
        why: `${name} in ${environment} is there already: two Deployments, one model`,
      });
    }
    return [{ environment, server: first, fields: fieldsOf(name, first, gaps) }];
  });
  const replicas = Object.fromEntries(here.map(({ environment, server }) => [environment, server.replicas]));
  const keys = [...new Set(here.flatMap(({ fields }) => Object.keys(fields)))];
  const agreed = keys.filter((key) => new Set(here.map(({ fields }) => JSON.stringify(fields[key]))).size === 1);
  const shared = here[0]?.fields ?? {};
  const overrides = here.flatMap(({ environment, fields }): [string, JsonObject][] => {
    const own = Object.entries(fields).filter(([key]) => !agreed.includes(key));
    return own.length === 0 ? [] : [[environment, Object.fromEntries(own)]];
  });
  return {
    name,
    ...Object.fromEntries(Object.entries(shared).filter(([key]) => agreed.includes(key))),
    replicas: replicas as unknown as Json,
    ...(overrides.length === 0 ? {} : { environments: Object.fromEntries(overrides) }),
  };
}

/** Flags that have a field of their own in the spec, or that every rendered engine sets. */
const elsewhere: ReadonlySet<string> = new Set([
  ...['model', 'served-model-name', 'revision', 'tokenizer-revision', 'code-revision', 'host', 'port', 'api-key'],
  ...['tensor-parallel-size', 'pipeline-parallel-size', 'data-parallel-size', 'enable-expert-parallel'],
  ...['max-model-len', 'quantization', 'dtype', 'load-format', 'download-dir', 'shutdown-timeout', 'config'],
]);

/** The fields of `spec.models[]` that one Deployment says, in the order in which people write them. */
function fieldsOf(name: string, server: FoundServer, gaps: NotRead[]): JsonObject {
  const { engine, gpu, gpus, serviceName, namespace } = server;
  const { facts, model, container, place } = engine;
  const gap = (why: string) =>
    gaps.push({ what: `Deployment ${place.object.name}`, file: place.object.resource.origin.file, why });
  const parallelism = {
    ...(facts.tensor > 1 ? { tensor: facts.tensor } : {}),
    ...(facts.pipeline > 1 ? { pipeline: facts.pipeline } : {}),
    ...(facts.data > 1 ? { data: facts.data } : {}),
    ...(facts.expert ? { expert: true } : {}),
  };
  const args = Object.fromEntries(
    [...facts.flags.values()].flatMap((flag): [string, Json][] => {
      if (elsewhere.has(flag.name) || flag.unknown.length > 0) return [];
      if (flag.value === undefined) return [[flag.name, true]];
      return [[flag.name, /^-?\d+(?:\.\d+)?$/u.test(flag.value) ? Number(flag.value) : flag.value]];
    }),
  );
  for (const flag of ['api-key', 'download-dir', 'host', 'tokenizer-revision', 'code-revision'])
    if (facts.flags.has(flag)) gap(`--${flag} is not carried over`);
  if (facts.flags.get('served-model-name')?.value !== undefined && facts.flags.get('served-model-name')?.value !== name)
    gap(`it is served as "${facts.flags.get('served-model-name')?.value}"; what is rendered serves it as "${name}"`);
  if (model === undefined)
    gap(`the catalog does not know ${facts.model ?? 'its model'}: say gpu, parallelism and resources`);
  const source = sourceOf(facts.model, gap);
  const port = facts.flags.get('port')?.value;
  if (port !== undefined && port !== '8000') gap(`it listens on port ${port}; what is rendered listens on 8000`);
  const resources = resourcesOf(container.value, gpus);
  const revision = facts.flags.get('revision')?.value;
  return {
    ...(model !== undefined && findModel(name)?.id !== model.id ? { model: model.id } : {}),
    ...(source === undefined ? {} : { source }),
    ...(revision === undefined ? {} : { revision }),
    ...precisionOf(server, gap),
    ...(typeof facts.context === 'number' ? { context: facts.context } : {}),
    ...(gpu === undefined ? {} : { gpu }),
    ...(Object.keys(parallelism).length === 0 ? {} : { parallelism }),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...imageOf(container.value),
    ...(Object.keys(args).length === 0 ? {} : { engine: { args } }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(serviceName === undefined ? {} : { serviceName }),
  };
}

function sourceOf(model: string | undefined, gap: (why: string) => void): string | undefined {
  if (model === undefined) return undefined;
  if (/^[\w.-]+\/[\w.-]+$/u.test(model)) return `hf://${model}`;
  if (/^(?:s3|gs|oci):\/\//u.test(model)) return model;
  gap(`its model is the path ${model}: where the files come from is not in the manifest (spec.models[].source)`);
  return undefined;
}

function precisionOf({ engine: { facts } }: FoundServer, gap: (why: string) => void): JsonObject {
  if (facts.quantization === 'fp8') return { precision: 'fp8', quantizeAtLoad: true };
  if (facts.quantization !== undefined) gap(`--quantization ${facts.quantization}: say precision and its checkpoint`);
  if (facts.dtype === 'half' || facts.dtype === 'float16') return { precision: 'fp16' };
  return {};
}

function resourcesOf(container: JsonObject, gpus: number): JsonObject {
  const part = (name: 'requests' | 'limits'): JsonObject => {
    const resources = container['resources'];
    const found = typeof resources === 'object' && resources !== null ? (resources as JsonObject)[name] : undefined;
    return typeof found === 'object' && found !== null ? (found as JsonObject) : {};
  };
  const [requests, limits] = [part('requests'), part('limits')];
  const one = (key: 'cpu' | 'memory'): Json | undefined => {
    const request = requests[key] ?? limits[key];
    const limit = limits[key];
    if (request === undefined) return undefined;
    if (limit === undefined) return key === 'cpu' ? String(request) : { request: String(request) };
    return { request: String(request), limit: String(limit) };
  };
  const [cpu, memory] = [one('cpu'), one('memory')];
  return {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(gpus > 0 ? { gpus } : {}),
  };
}

function imageOf(container: JsonObject): JsonObject {
  const image = container['image'];
  return typeof image === 'string' ? { image } : {};
}

/** Models that run another image than their neighbours in an environment get a component of their own. */
function ownVersions(servers: readonly FoundServer[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const first = new Map<string, string>();
  for (const { environment, model, engine } of [...servers].sort((a, b) => (a.model < b.model ? -1 : 1))) {
    const { name, tag } = splitImage(String(engine.container.value['image'] ?? ''));
    if (tag === '') continue;
    const key = `${environment} ${name}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, tag);
    if (known === undefined || known === tag) continue;
    const entry = tag.startsWith('@') ? { name, digest: tag.slice(1) } : { name, newTag: tag };
    files.set(
      `versions/${environment}/${model}/kustomization.yaml`,
      `# The image of ${model} in ${environment}, where it is another than that of its neighbours.\n${writeYaml({
        apiVersion: 'kustomize.config.k8s.io/v1alpha1',
        kind: 'Component',
        images: [entry],
      })}`,
    );
  }
  return files;
}

/** The least that a cluster must have, because it runs what is deployed to it: everything else is not in Git. */
function clusterText(
  name: string,
  key: string,
  servers: readonly FoundServer[],
  context: AdoptContext,
  guessed: string[],
): string {
  const file = `clusters/${name}/cluster-config.yaml`;
  const cards = [...new Set(servers.map(({ gpu }) => gpu))];
  const nodePools = cards.flatMap((card): JsonObject[] => {
    const own = servers.filter(({ gpu }) => gpu === card);
    if (card === undefined) {
      guessed.push(
        `${file}: ${own.map(({ model }) => model).join(', ')} ask for no card by label, so their nodes are not drafted`,
      );
      return [];
    }
    const perNode = Math.max(...own.map(({ gpus }) => gpus));
    const needed = own.reduce(
      (sum, { replicas, gpus }) => sum + (typeof replicas === 'number' ? replicas : replicas.max) * gpus,
      0,
    );
    // One Pod more than runs, so that a rollout has somewhere to go; nobody knows yet whether that is so.
    const nodes = Math.max(1, Math.ceil(needed / perNode) + 1);
    guessed.push(
      `${file}: pool ${card} holds just what is deployed and one Pod more (${nodes} nodes with ${perNode} GPUs); CPU and memory are made up`,
    );
    return [
      {
        name: card,
        gpu: card,
        gpusPerNode: perNode,
        nodes,
        allocatable: { cpu: 16 * perNode, memory: `${192 * perNode}Gi`, ephemeralStorage: '500Gi' },
        taints: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
      },
    ];
  });
  const secrets = new Map<string, JsonObject>();
  for (const { tokenSecret, pullSecrets } of servers) {
    if (tokenSecret !== undefined)
      secrets.set(`token ${tokenSecret.name}`, {
        name: tokenSecret.name,
        purpose: 'huggingface-token',
        keys: [tokenSecret.key],
      });
    for (const each of pullSecrets) secrets.set(`pull ${each}`, { name: each, purpose: 'image-pull' });
  }
  const storages = [...new Set(servers.map(({ storage }) => storage).filter((each) => each !== undefined))];
  if (storages.length > 1)
    guessed.push(`${file}: weights lie on ${storages.join(' and ')}; ${storages[0]} is drafted for all`);
  const value = {
    apiVersion,
    kind: 'ClusterConfig',
    metadata: { name },
    spec: {
      destination: context.destinationOf(key),
      observedAt: context.today,
      nodePools,
      ...(storages[0] === undefined ? {} : { modelStorage: storages[0] }),
      ...(secrets.size === 0 ? {} : { externalSecrets: [...secrets.values()] }),
    },
  };
  return `# yaml-language-server: $schema=../../.gitops-gen/schemas/cluster-config.schema.json\n${draftNote}# What nodes there are does not stand in Git. Replace nodePools by what the cluster says:\n#   kubectl get nodes -o json | gitops-gen inventory import - --name ${name}\n${writeYaml(value as unknown as JsonObject)}`;
}

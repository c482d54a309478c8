import type { JsonObject } from '../diagnostics/diagnostic.js';
import { findModel, gpuOfLabel, gpuOfProduct } from '../models/index.js';
import { type DeviceOptions, withDevices } from './devices.js';
import type {
  DeviceClaim,
  NodeFacts,
  PodFacts,
  PodTemplate,
  Requirement,
  WholeNodes,
  WorkloadDemand,
} from './facts.js';
import { nodesFor } from './kaito.js';
import { kaitoInstance } from './kaito-instances.js';

import { meets } from './match.js';
import { hostnameKey } from './nodes.js';

export interface SettleOptions extends DeviceOptions {
  readonly objects?: readonly JsonObject[];
}

export interface Settled {
  readonly nodes: readonly NodeFacts[];
  readonly workloads: readonly WorkloadDemand[];
}

/**
 * What only nodes and workloads together say: nodes that a controller adds for a workload, how many devices a whole node has,
 * devices by claim, tolerations that the cluster adds, and labels that a declared inventory leaves open. To be called once
 * before scenarios are judged; without any of these it gives back what it got.
 */
export function settle(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  options: SettleOptions = {},
): Settled {
  const tolerant = withClusterTolerations(nodes, workloads);
  const open = withOpenLabels(nodes, withOpenResources(nodes, tolerant));
  const whole = withWholeNodes(open.nodes, open.workloads);
  return withDevices(whole.nodes, withHolders(whole.workloads), options);
}

const gpuLabel = /^nvidia\.com\/|^amd\.com\//;

/**
 * GKE tolerates the taint of the extended resource that a Pod asks for by itself (admission plugin ExtendedResourceToleration;
 * its node pools with GPUs bear `nvidia.com/gpu=present:NoSchedule`, a value that nobody else sets).
 */
export function isGke(nodes: readonly NodeFacts[]): boolean {
  return nodes.some(
    (node) =>
      Object.keys(node.labels).some((key) => key.startsWith('cloud.google.com/gke-')) ||
      node.taints.some(({ key, value }) => key === 'nvidia.com/gpu' && value === 'present'),
  );
}

function withClusterTolerations(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
): readonly WorkloadDemand[] {
  if (!isGke(nodes)) return workloads;
  return workloads.map((workload) => ({
    ...workload,
    templates: workload.templates.map((template): PodTemplate => {
      const added = Object.keys(template.pod.requests)
        .filter((name) => name.includes('/') && !name.startsWith('hugepages'))
        .map((key) => ({ key, operator: 'Exists' as const, effect: 'NoSchedule' }));
      if (added.length === 0) return template;
      return { ...template, pod: { ...template.pod, tolerations: [...template.pod.tolerations, ...added] } };
    }),
  }));
}

/** What pools declare by their GPUs; anything else with a slash stands under `resources` of a pool. */
const gpuResource = /^(nvidia\.com\/(gpu|mig-)|amd\.com\/gpu)/;

/** Network adapters and the like that no declared pool mentions: nobody says that the nodes have none. */
function withOpenResources(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
): readonly WorkloadDemand[] {
  if (!nodes.some((node) => node.declared === true)) return workloads;
  const declared = new Set(nodes.flatMap((node) => Object.keys(node.allocatable)));
  const isOpen = (name: string) =>
    !declared.has(name) && (name.startsWith('hugepages-') || (name.includes('/') && !gpuResource.test(name)));
  return workloads.map((workload) => {
    const open = new Set(workload.templates.flatMap(({ pod }) => Object.keys(pod.requests).filter(isOpen)));
    if (open.size === 0) return workload;
    const why = `its Pods ask for ${[...open].sort().join(', ')}, which no declared pool mentions: not counted. Declare it (nodePools[].resources) to have it judged`;
    return {
      ...workload,
      templates: workload.templates.map((each) => ({
        ...each,
        pod: {
          ...each.pod,
          requests: Object.fromEntries(Object.entries(each.pod.requests).filter(([name]) => !open.has(name))),
        },
      })),
      unread: [...workload.unread, why].sort(),
    };
  });
}

/** Labels that nodes get without anybody declaring them: Kubernetes, feature discovery, clouds, provisioners. */
const automatic =
  /(^|\.)(kubernetes\.io|k8s\.io|k8s\.aws)\/|^([a-z0-9-]+\.)*(nvidia\.com|amd\.com|intel\.com|google\.com|amazonaws\.com|azure\.com|eksctl\.io|karpenter\.sh|openshift\.io|oraclecloud\.com|kaito\.sh|run\.ai|coreweave\.(com|cloud))\/|^agentpool$/;

/** Whether nodes get a label of this key by themselves. */
export function isAutomaticLabel(key: string): boolean {
  return automatic.test(key);
}

/**
 * Declared pools need not list what clouds and components set. A Pod that requires such a label is held against what the GPU itself
 * says (its class, memory, product). Where no node meets the requirement and some do not say, those are taken for
 * nodes that meet it, and that is said.
 */
function withOpenLabels(nodes: readonly NodeFacts[], workloads: readonly WorkloadDemand[]): Settled {
  if (!nodes.some((node) => node.declared === true)) return { nodes, workloads };
  const required = requiredLabels(workloads);
  const labelled = nodes.map((node) => withKnownLabels(node, required));
  const isOpen = (requirement: Requirement) =>
    isAutomaticLabel(requirement.key) &&
    requirement.key !== hostnameKey &&
    !['DoesNotExist', 'NotIn'].includes(requirement.operator) &&
    !labelled.some((node) => meets(node.labels, requirement)) &&
    labelled.some((node) => node.declared === true && node.labels[requirement.key] === undefined);
  return { nodes: labelled, workloads: workloads.map((workload) => withoutLabels(workload, isOpen)) };
}

/** Values that Pods require, by label. */
function requiredLabels(workloads: readonly WorkloadDemand[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (key: string, values: readonly string[]) => {
    const own = found.get(key) ?? new Set<string>();
    for (const value of values) own.add(value);
    found.set(key, own);
  };
  for (const { templates } of workloads) {
    for (const { pod } of templates) {
      for (const [key, value] of Object.entries(pod.nodeSelector)) add(key, [value]);
      for (const term of pod.nodeAffinity ?? [])
        for (const { key, operator, values } of term.labels)
          if (operator !== 'DoesNotExist') add(key, operator === 'In' ? values : []);
    }
  }
  return found;
}

/** The labels of a declared node that follow from its GPUs: a value that is required and means their class. */
function withKnownLabels(node: NodeFacts, required: ReadonlyMap<string, ReadonlySet<string>>): NodeFacts {
  if (node.declared !== true) return node;
  const product = node.labels['nvidia.com/gpu.product'] ?? node.labels['amd.com/gpu.product-name'];
  const gpu = product === undefined ? undefined : gpuOfProduct(product);
  const system = required.has('kubernetes.io/os') ? { 'kubernetes.io/os': 'linux' } : {};
  if (gpu === undefined)
    return required.has('kubernetes.io/os') ? { ...node, labels: { ...system, ...node.labels } } : node;
  const labels: Record<string, string> = { ...system, ...node.labels };
  for (const [key, values] of required) {
    if (labels[key] === undefined) {
      const known = gpu.labels?.[key];
      const meant = [...values].find(
        (value) => gpuOfLabel(key, value)?.id === gpu.id || known?.includes(value) === true,
      );
      // Where the class is known by this label, the node bears some value of it, the required one or another.
      if (meant !== undefined) labels[key] = meant;
      else if (known?.[0] !== undefined) labels[key] = known[0];
    }
    // A pool that names a class of several products may have any of them.
    if (gpuLabel.test(key) && node.products !== undefined && labels[key] === product) {
      const wanted = node.products.find((each) => values.has(each));
      if (wanted !== undefined && !values.has(labels[key] ?? '')) labels[key] = wanted;
    }
  }
  return { ...node, labels };
}

function withoutLabels(workload: WorkloadDemand, isOpen: (requirement: Requirement) => boolean): WorkloadDemand {
  const left = new Set<string>();
  const loosened = (requirement: Requirement): Requirement => {
    if (!isOpen(requirement)) return requirement;
    left.add(requirement.key);
    return { key: requirement.key, operator: 'DoesNotExist', values: [] };
  };
  const templates = workload.templates.map((template): PodTemplate => {
    const { pod } = template;
    const fixed = Object.entries(pod.nodeSelector).map(
      ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
    );
    const open = fixed.filter(isOpen);
    if (open.length === 0 && pod.nodeAffinity?.some((term) => term.labels.some(isOpen)) !== true) return template;
    const nodeSelector = Object.fromEntries(
      Object.entries(pod.nodeSelector).filter(([key]) => !open.some((each) => each.key === key)),
    );
    const extra = open.map(loosened);
    const terms = (pod.nodeAffinity ?? [{ labels: [], fields: [] }]).map((term) => ({
      ...term,
      labels: [...term.labels.map(loosened), ...extra],
    }));
    return { ...template, pod: { ...pod, nodeSelector, nodeAffinity: terms } };
  });
  if (left.size === 0) return workload;
  const why = `its Pods require ${[...left].sort().join(', ')}, which no declared pool carries as they want it: pools that do not say were taken for ones that do. Declare it (nodePools[].labels) to have it judged`;
  return { ...workload, templates, unread: [...workload.unread, why].sort() };
}

/** Workloads that take nodes whole: nodes that their controller adds, and devices as the nodes have them. */
function withWholeNodes(nodes: readonly NodeFacts[], workloads: readonly WorkloadDemand[]): Settled {
  if (!workloads.some((each) => each.wholeNodes !== undefined)) return { nodes, workloads };
  const added: NodeFacts[] = [];
  const made = workloads.map((workload) => {
    const { wholeNodes } = workload;
    if (wholeNodes === undefined) return workload;
    if (wholeNodes.instanceType !== undefined) return provisioned(workload, wholeNodes, nodes, added);
    return onNodesThere(workload, wholeNodes, nodes);
  });
  return { nodes: [...nodes, ...added], workloads: made };
}

/** The controller adds nodes itself. Where the inventory has no pool of that type, it is given the nodes, and that is said. */
function provisioned(
  workload: WorkloadDemand,
  { instanceType = '', labels }: WholeNodes,
  nodes: readonly NodeFacts[],
  added: NodeFacts[],
): WorkloadDemand {
  if (
    nodes.some((node) =>
      Object.entries(labels).every(([key, value]) => node.labels[key]?.toLowerCase() === value.toLowerCase()),
    )
  )
    return workload;
  const count = workload.replicas.maximum * workload.templates.reduce((sum, each) => sum + each.perReplica, 0);
  const known = kaitoInstance(instanceType);
  const mark = { 'kaito.sh/workspace': `${workload.namespace}.${workload.name}` };
  const devices = Object.entries(workload.templates[0]?.pod.requests ?? {}).filter(([name]) => name.includes('/'));
  for (let number = 1; number <= count; number++) {
    const name = `${instanceType}-${workload.namespace}-${workload.name}-${number}`;
    added.push({
      name,
      labels: { ...labels, ...mark, [hostnameKey]: name },
      taints: [],
      // How much CPU and memory such a node has is not known here, and not what is scarce.
      allocatable: {
        ...Object.fromEntries(devices),
        cpu: 10 ** 9,
        memory: 2 ** 50,
        'ephemeral-storage': 2 ** 50,
        pods: 110,
      },
      pool: `${known?.type ?? instanceType} (added by KAITO)`,
      scalable: true,
    });
  }
  const why = `KAITO adds ${count} ${count === 1 ? 'node' : 'nodes'} of type ${known?.type ?? instanceType} for it; no pool of the inventory is of this type, so whether the cloud gives them is not judged. A pool with the label node.kubernetes.io/instance-type: ${known?.type ?? instanceType} and a range of nodes decides it`;
  return {
    ...workload,
    templates: workload.templates.map((each) => ({
      ...each,
      pod: { ...each.pod, nodeSelector: { ...each.pod.nodeSelector, ...mark } },
    })),
    unread: [...workload.unread, why].sort(),
  };
}

/** Nodes that are there: all devices of one, and as many nodes as the model needs on them. */
function onNodesThere(workload: WorkloadDemand, wholeNodes: WholeNodes, nodes: readonly NodeFacts[]): WorkloadDemand {
  if (wholeNodes.takesAll !== true) return workload;
  const matching = nodes.filter(
    (node) =>
      Object.entries(wholeNodes.labels).every(([key, value]) => node.labels[key] === value) &&
      (node.allocatable['nvidia.com/gpu'] ?? 0) > 0,
  );
  const counts = [...new Set(matching.map((node) => node.allocatable['nvidia.com/gpu'] ?? 0))].sort((a, b) => a - b);
  const [first] = matching;
  const [least] = counts;
  if (first === undefined || least === undefined) return workload;
  const gpu = gpuOfProduct(first.labels['nvidia.com/gpu.product'] ?? '');
  const memoryGiB = Math.round((gpu?.memoryMiB ?? 0) / 1024);
  const needed =
    memoryGiB === 0 || wholeNodes.model === undefined
      ? undefined
      : nodesFor(findModel(wholeNodes.model), least, memoryGiB);
  const templates = workload.templates.map(
    (each): PodTemplate => ({
      ...each,
      perReplica: needed ?? each.perReplica,
      pod: { ...each.pod, requests: { ...each.pod.requests, 'nvidia.com/gpu': least } },
    }),
  );
  const uneven =
    counts.length > 1
      ? [
          `the nodes that bear its labels have ${counts.join(' and ')} GPUs: KAITO refuses nodes that differ, and the fewest were counted`,
        ]
      : [];
  return { ...workload, templates, unread: [...workload.unread, ...uneven].sort() };
}

const claimLabel = 'resource.kubernetes.io/claim';

/**
 * A ResourceClaim that several Pods name is allocated once, and its Pods stand where its devices are. It becomes a workload of one
 * Pod that holds the devices and nothing else, to which the others are bound.
 */
function withHolders(workloads: readonly WorkloadDemand[]): readonly WorkloadDemand[] {
  const holders = new Map<string, WorkloadDemand>();
  const made = workloads.map((workload): WorkloadDemand => {
    const templates = workload.templates.map((template): PodTemplate => {
      const shared = (template.pod.claims ?? []).filter((claim) => claim.shared && claim.requests.length > 0);
      if (shared.length === 0) return template;
      for (const claim of shared) {
        const id = `ResourceClaim/${claim.name}`;
        const known = holders.get(id);
        if (known === undefined || (workload.wave ?? 0) < (known.wave ?? 0))
          holders.set(id, holderOf(id, claim, workload));
      }
      return { ...template, pod: boundTo(template.pod, shared) };
    });
    return templates.some((each, index) => each !== workload.templates[index]) ? { ...workload, templates } : workload;
  });
  return [...made, ...holders.values()];
}

function holderOf(id: string, claim: DeviceClaim, user: WorkloadDemand): WorkloadDemand {
  const { application, environment, family, wave, namespace } = user;
  return {
    id,
    kind: 'ResourceClaim',
    namespace,
    name: claim.name.slice(claim.name.indexOf('/') + 1),
    ...(application === undefined ? {} : { application }),
    ...(environment === undefined ? {} : { environment }),
    ...(family === undefined ? {} : { family }),
    ...(wave === undefined ? {} : { wave }),
    replicas: { steady: 1, maximum: 1 },
    templates: [
      {
        role: 'devices',
        perReplica: 1,
        pod: {
          namespace,
          labels: { [claimLabel]: claim.name },
          requests: {},
          limits: {},
          nodeSelector: {},
          tolerations: [{ operator: 'Exists' }],
          affinity: [],
          antiAffinity: [],
          spread: [],
          hostPorts: [],
          priority: 0,
          claims: [{ ...claim, shared: false }],
        },
      },
    ],
    rollout: { style: 'none', maxSurge: 0, maxUnavailable: 0, name: 'none' },
    unread: [],
  };
}

function boundTo(pod: PodFacts, shared: readonly DeviceClaim[]): PodFacts {
  const terms = shared.map((claim) => ({
    topologyKey: hostnameKey,
    selector: { requirements: [{ key: claimLabel, operator: 'In' as const, values: [claim.name] }] },
    namespaces: [],
  }));
  const own = (pod.claims ?? []).filter((claim) => !claim.shared);
  return { ...pod, affinity: [...pod.affinity, ...terms], claims: own };
}

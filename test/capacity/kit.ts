import {
  demandOf,
  judge,
  type NodeFacts,
  type Resources,
  type Scenario,
  type Verdict,
  type WorkloadDemand,
} from '../../src/capacity/index.js';
import type { Json, JsonObject } from '../../src/diagnostics/diagnostic.js';

/** Short forms for the tables of the capacity room. */

export const gpu = 'nvidia.com/gpu';
const gib = 2 ** 30;

export interface NodeShape {
  readonly gpus?: number;
  readonly cpu?: number;
  readonly memory?: number;
  readonly pods?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: NodeFacts['taints'];
  readonly unschedulable?: boolean;
  readonly taken?: Resources;
  readonly more?: Resources;
  readonly pool?: string;
  readonly zone?: string;
}

/** A node with 8 GPUs, 64 CPU, 512 GiB and 110 Pods unless told. */
export function node(name: string, shape: NodeShape = {}): NodeFacts {
  return {
    name,
    labels: {
      'kubernetes.io/hostname': name,
      ...(shape.zone === undefined ? {} : { 'topology.kubernetes.io/zone': shape.zone }),
      ...shape.labels,
    },
    taints: shape.taints ?? [],
    allocatable: {
      [gpu]: shape.gpus ?? 8,
      cpu: (shape.cpu ?? 64) * 1000,
      memory: (shape.memory ?? 512) * gib,
      pods: shape.pods ?? 110,
      ...shape.more,
    },
    ...(shape.taken === undefined ? {} : { taken: shape.taken }),
    ...(shape.unschedulable === undefined ? {} : { unschedulable: shape.unschedulable }),
    ...(shape.pool === undefined ? {} : { pool: shape.pool }),
    ...(shape.zone === undefined ? {} : { zone: shape.zone }),
  };
}

/** A container that asks for these, as limits (so as requests too). */
export function container(resources: Readonly<Record<string, Json>>, more: JsonObject = {}): JsonObject {
  return { name: 'main', resources: { limits: resources }, ...more };
}

/** A Deployment `name` in namespace `ns`, labelled `app: <name>`, whose Pods have this spec. */
export function deployment(
  name: string,
  podSpec: JsonObject,
  more: { replicas?: number; strategy?: JsonObject; labels?: JsonObject; namespace?: string } = {},
): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: more.namespace ?? 'ns' },
    spec: {
      replicas: more.replicas ?? 1,
      ...(more.strategy === undefined ? {} : { strategy: more.strategy }),
      template: { metadata: { labels: { app: name, ...more.labels } }, spec: podSpec },
    },
  };
}

export function demand(object: JsonObject, context: Parameters<typeof demandOf>[1] = {}): WorkloadDemand {
  const found = demandOf(object, context);
  if (found === undefined) throw new Error(`${String(object['kind'])} makes no Pods`);
  return found;
}

/** All workloads at their steady replicas. */
export function steady(workloads: readonly WorkloadDemand[]): Scenario {
  return {
    kind: 'steady',
    title: 'steady',
    replicas: Object.fromEntries(workloads.map((each) => [each.id, each.daemon === true ? 1 : each.replicas.steady])),
  };
}

/** The verdict on manifests at their steady replicas. */
export function verdictOn(
  nodes: readonly NodeFacts[],
  objects: readonly JsonObject[],
  options: Parameters<typeof judge>[3] = {},
): Verdict {
  const workloads = objects.map((each) => demand(each));
  return judge(nodes, workloads, steady(workloads), options);
}

/** `true` where a placement exists, `false` where none does. */
export function fits(
  nodes: readonly NodeFacts[],
  objects: readonly JsonObject[],
  options: Parameters<typeof judge>[3] = {},
): boolean | 'unknown' {
  const { status } = verdictOn(nodes, objects, options);
  return status === 'unknown' ? 'unknown' : status !== 'impossible';
}

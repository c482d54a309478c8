import type { NodeFacts, PodFacts, Scenario, WorkloadDemand } from '../src/capacity/index.js';

/** Instances whose truth is known, because the Pods were cut out of the nodes, or because one GPU too many was asked for. */
export interface PlantedOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly workloads: number;
  /** Share of all GPUs that is asked for, in percent. */
  readonly use: number;
  /** `none`: feasible. `sum`: one GPU more than there are. `pool`: one GPU more than one pool has, room elsewhere. */
  readonly over?: 'none' | 'sum' | 'pool';
  readonly pools?: number;
  /** Whether CPU and memory are as scarce as GPUs. */
  readonly tight?: boolean;
}

export interface Planted {
  readonly nodes: readonly NodeFacts[];
  readonly workloads: readonly WorkloadDemand[];
  readonly scenario: Scenario;
  readonly pods: number;
  readonly gpus: number;
}

export function random(seed: number): () => number {
  let state = (seed * 2654435761 + 1013904223) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}

const gpu = 'nvidia.com/gpu';
const gib = 2 ** 30;

interface Kind {
  readonly name: string;
  readonly gpus: number;
  readonly cpu: number;
  readonly memory: number;
  readonly pools: readonly number[];
  readonly alone: boolean;
}

export function planted(options: PlantedOptions): Planted {
  const next = random(options.seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const pools = options.pools ?? 4;
  const cpu = 128_000;
  const memory = 2048 * gib;
  const nodes = Array.from({ length: options.nodes }, (_, index): NodeFacts => {
    const pool = index % pools;
    const name = `n${index}`;
    return {
      name,
      labels: { pool: `p${pool}`, 'kubernetes.io/hostname': name },
      taints: [{ key: 'pool', value: `p${pool}`, effect: 'NoSchedule' }],
      allocatable: { [gpu]: 8, cpu, memory, pods: 110 },
      pool: `p${pool}`,
    };
  });
  // The pool that is to be overfull takes Pods that may go nowhere else.
  const full = options.over === 'pool' ? 0 : -1;
  const kinds = Array.from({ length: options.workloads }, (_, index): Kind => {
    const gpus = index < 4 ? 1 : pick([1, 1, 2, 2, 4, 8]);
    const choice = next();
    const first = index < 4 ? index % pools : Math.floor(next() * pools);
    const allowed =
      index < 4 || choice < 0.5 || first === full
        ? [first]
        : choice < 0.8
          ? [first, (first + 1) % pools]
          : Array.from({ length: pools }, (_, each) => each);
    const share = options.tight === true ? 0.75 + 0.5 * next() : 0.25 + 0.6 * next();
    return {
      name: `w${index}`,
      gpus,
      cpu: Math.max(100, Math.floor((cpu / 8) * gpus * share)),
      memory: Math.floor((memory / 8) * gpus * (options.tight === true ? 0.75 + 0.5 * next() : 0.25 + 0.6 * next())),
      pools: allowed.filter((pool) => allowed.length === 1 || pool !== full),
      alone: index >= 4 && next() < 0.3,
    };
  });
  const counts = new Map<Kind, number>();
  const placed: { kind: Kind; pool: number }[] = [];
  for (const [index] of nodes.entries()) {
    const pool = index % pools;
    const here = kinds.filter((kind) => kind.pools.includes(pool));
    const on = new Set<Kind>();
    const left = { gpus: 8, cpu, memory };
    for (;;) {
      const fitting = here.filter(
        (kind) =>
          kind.gpus <= left.gpus && kind.cpu <= left.cpu && kind.memory <= left.memory && !(kind.alone && on.has(kind)),
      );
      if (fitting.length === 0) break;
      const kind = pick(fitting);
      left.gpus -= kind.gpus;
      left.cpu -= kind.cpu;
      left.memory -= kind.memory;
      on.add(kind);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      placed.push({ kind, pool });
    }
  }
  let gpus = placed.reduce((sum, { kind }) => sum + kind.gpus, 0);
  const wanted = Math.floor((options.nodes * 8 * options.use) / 100);
  while (gpus > wanted) {
    const index = Math.floor(next() * placed.length);
    const one = placed[index];
    if (one === undefined) break;
    placed[index] = placed.at(-1) as { kind: Kind; pool: number };
    placed.pop();
    if (one.pool === full && placed.length > 0) {
      // The overfull pool stays full: try another Pod. (Where nothing else is left, the loop ends by the guard below.)
      placed.unshift(one);
      if (placed.every((each) => each.pool === full)) break;
      continue;
    }
    gpus -= one.kind.gpus;
    counts.set(one.kind, (counts.get(one.kind) ?? 0) - 1);
  }
  if (options.over === 'sum' || options.over === 'pool') {
    // Fill what is left of the pools that must be full, one GPU at a time, and one more.
    const target = options.over === 'sum' ? Array.from({ length: pools }, (_, each) => each) : [full];
    for (const pool of target) {
      const has = nodes.filter((_, index) => index % pools === pool).length * 8;
      const used = placed.filter((each) => each.pool === pool).reduce((sum, { kind }) => sum + kind.gpus, 0);
      const filler = kinds[pool] as Kind;
      counts.set(filler, (counts.get(filler) ?? 0) + has - used + (pool === target[0] ? 1 : 0));
      gpus += has - used + (pool === target[0] ? 1 : 0);
    }
  }
  const workloads = kinds.map((kind) => workloadOf(kind));
  const replicas = Object.fromEntries(
    kinds.map((kind, index) => [(workloads[index] as WorkloadDemand).id, counts.get(kind) ?? 0]),
  );
  return {
    nodes,
    workloads,
    scenario: { kind: 'steady', title: `seed ${options.seed}`, replicas },
    pods: [...counts.values()].reduce((sum, count) => sum + count, 0),
    gpus,
  };
}

function workloadOf(kind: Kind): WorkloadDemand {
  const pod: PodFacts = {
    namespace: 'llm',
    labels: { app: kind.name },
    requests: { [gpu]: kind.gpus, cpu: kind.cpu, memory: kind.memory, pods: 1 },
    limits: {},
    nodeSelector: {},
    nodeAffinity: [
      { labels: [{ key: 'pool', operator: 'In', values: kind.pools.map((pool) => `p${pool}`) }], fields: [] },
    ],
    tolerations: [{ key: 'pool', operator: 'Exists' }],
    affinity: [],
    antiAffinity: kind.alone
      ? [
          {
            topologyKey: 'kubernetes.io/hostname',
            selector: { requirements: [{ key: 'app', operator: 'In', values: [kind.name] }] },
            namespaces: [],
          },
        ]
      : [],
    spread: [],
    hostPorts: [],
    priority: 0,
  };
  return {
    id: `Deployment/llm/${kind.name}`,
    kind: 'Deployment',
    namespace: 'llm',
    name: kind.name,
    replicas: { steady: 1, maximum: 1 },
    templates: [{ role: 'pod', perReplica: 1, pod }],
    rollout: { style: 'rolling', maxSurge: '25%', maxUnavailable: '25%', name: 'RollingUpdate' },
    unread: [],
  };
}

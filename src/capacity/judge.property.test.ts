import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { planted } from '../../bench/planted.js';
import { loadHighs } from '../io/highs.js';
import {
  judge,
  type NodeFacts,
  type PodFacts,
  type Scenario,
  type Solver,
  verifyCertificate,
  verifyPlacement,
  type WorkloadDemand,
} from './index.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const gpu = 'nvidia.com/gpu';
const hostname = 'kubernetes.io/hostname';

interface Small {
  readonly nodes: readonly NodeFacts[];
  readonly workloads: readonly WorkloadDemand[];
  readonly scenario: Scenario;
}

const rule = fc.constantFrom(
  'none',
  'none',
  'none',
  'alone',
  'apart-zone',
  'spread-host',
  'spread-zone',
  'together',
  'against-next',
);

/** Up to four nodes in two zones, up to seven Pods of up to four workloads with every kind of rule. */
const small: fc.Arbitrary<Small> = fc
  .record({
    nodes: fc.array(
      fc.record({
        gpus: fc.integer({ min: 1, max: 8 }),
        cpu: fc.integer({ min: 2, max: 9 }),
        zone: fc.integer({ min: 0, max: 1 }),
        tainted: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    workloads: fc.array(
      fc.record({
        gpus: fc.integer({ min: 0, max: 5 }),
        cpu: fc.integer({ min: 1, max: 4 }),
        count: fc.integer({ min: 1, max: 3 }),
        zone: fc.constantFrom(undefined, undefined, 0, 1),
        tolerates: fc.boolean(),
        rule,
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ nodes, workloads }) => {
    const kept = workloads
      .map((each, index) => {
        const before = workloads.slice(0, index).reduce((sum, one) => sum + one.count, 0);
        return { ...each, count: Math.max(0, Math.min(each.count, 7 - before)) };
      })
      .filter((each) => each.count > 0);
    return {
      nodes: nodes.map((each, index) => ({
        name: `n${index}`,
        labels: { [hostname]: `n${index}`, zone: `z${each.zone}` },
        taints: each.tainted ? [{ key: 'gpu', value: '', effect: 'NoSchedule' as const }] : [],
        allocatable: { [gpu]: each.gpus, cpu: each.cpu * 1000, pods: 10 },
      })),
      workloads: kept.map((each, index) => workload(`w${index}`, each, `w${(index + 1) % kept.length}`)),
      scenario: {
        kind: 'steady',
        title: 'small',
        replicas: Object.fromEntries(kept.map((each, index) => [`Deployment/ns/w${index}`, each.count])),
      },
    };
  });

function workload(
  name: string,
  shape: { gpus: number; cpu: number; zone?: number | undefined; tolerates: boolean; rule: string },
  next: string,
): WorkloadDemand {
  const selector = (app: string) => ({ requirements: [{ key: 'app', operator: 'In' as const, values: [app] }] });
  const term = (topologyKey: string, app = name) => ({ topologyKey, selector: selector(app), namespaces: [] });
  const spread = (topologyKey: string) => ({
    topologyKey,
    maxSkew: 1,
    selector: selector(name),
    nodeAffinityPolicy: 'Honor' as const,
    nodeTaintsPolicy: 'Ignore' as const,
  });
  const pod: PodFacts = {
    namespace: 'ns',
    labels: { app: name },
    requests: { ...(shape.gpus > 0 ? { [gpu]: shape.gpus } : {}), cpu: shape.cpu * 1000, pods: 1 },
    limits: {},
    nodeSelector: shape.zone === undefined ? {} : { zone: `z${shape.zone}` },
    tolerations: shape.tolerates ? [{ operator: 'Exists' }] : [],
    affinity: shape.rule === 'together' ? [term('zone')] : [],
    antiAffinity:
      shape.rule === 'alone'
        ? [term(hostname)]
        : shape.rule === 'apart-zone'
          ? [term('zone')]
          : shape.rule === 'against-next' && next !== name
            ? [term(hostname, next)]
            : [],
    spread: shape.rule === 'spread-host' ? [spread(hostname)] : shape.rule === 'spread-zone' ? [spread('zone')] : [],
    hostPorts: [],
    priority: 0,
  };
  return {
    id: `Deployment/ns/${name}`,
    kind: 'Deployment',
    namespace: 'ns',
    name,
    replicas: { steady: 1, maximum: 1 },
    templates: [{ role: 'pod', perReplica: 1, pod }],
    rollout: { style: 'rolling', maxSurge: 1, maxUnavailable: 0, name: 'RollingUpdate' },
    unread: [],
  };
}

/** Whether any assignment at all passes the checker: every Pod on every node. */
function anyPlacement({ nodes, workloads, scenario }: Small): boolean {
  const pods = workloads.flatMap((each) =>
    Array.from({ length: scenario.replicas[each.id] ?? 0 }, () => `${each.id}#pod`),
  );
  const visit = (index: number, on: readonly number[]): boolean => {
    if (index === pods.length) {
      const assignments = pods.map((key, pod) => ({ key, node: nodes[on[pod] as number]?.name as string, pods: 1 }));
      return verifyPlacement(nodes, workloads, scenario, { assignments }).length === 0;
    }
    const from = pods[index] === pods[index - 1] ? (on[index - 1] as number) : 0;
    for (let node = from; node < nodes.length; node++) if (visit(index + 1, [...on, node])) return true;
    return false;
  };
  return visit(0, []);
}

describe('a verdict and the truth', () => {
  it('agree on every small instance', () => {
    fc.assert(
      fc.property(small, (instance) => {
        const { nodes, workloads, scenario } = instance;
        const verdict = judge(nodes, workloads, scenario, { solver });
        const truth = anyPlacement(instance);
        expect(
          verdict.status === 'possible' || verdict.status === 'order-safe',
          `${verdict.status}: ${verdict.message}`,
        ).toBe(truth);
        if (!truth) expect(verdict.status).toBe('impossible');
        if (verdict.certificate !== undefined)
          expect(verifyCertificate(nodes, workloads, scenario, verdict.certificate)).toEqual([]);
      }),
      { seed: 7, numRuns: deep ? 20_000 : 600 },
    );
  });

  it('never contradict each other without a solver', () => {
    fc.assert(
      fc.property(small, (instance) => {
        const { nodes, workloads, scenario } = instance;
        const { status } = judge(nodes, workloads, scenario, { maxSteps: 200_000 });
        if (status !== 'unknown') expect(status !== 'impossible').toBe(anyPlacement(instance));
      }),
      { seed: 8, numRuns: deep ? 5_000 : 300 },
    );
  });

  it.each(['none', 'sum', 'pool'] as const)('agree on large planted instances (%s)', (over) => {
    for (let seed = 1; seed <= (deep ? 200 : 6); seed++) {
      for (const use of [70, 95]) {
        const { nodes, workloads, scenario } = planted({
          seed,
          nodes: 200,
          workloads: 40,
          use,
          over,
          tight: seed % 2 === 0,
        });
        const verdict = judge(nodes, workloads, scenario, { solver });
        expect(['unknown', over === 'none' ? 'impossible' : 'possible']).not.toContain(verdict.status);
      }
    }
  });
});

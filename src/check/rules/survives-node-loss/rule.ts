import { type ClusterCapacity, capacityOf, onScenario } from '../../capacity.js';
import type { Rule } from '../../rule.js';

export const survivesNodeLoss: Rule = {
  id: 'survives-node-loss',
  group: 'capacity',
  severity: 'warning',
  summary: 'When one node of a pool is gone (or a zone, on request), what runs there no longer finds a place.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      required: {
        description:
          'Where the loss of a node has to be absorbed: `last-environment` (the last one of the project), `always` or `never`.',
        type: 'string',
        enum: ['last-environment', 'always', 'never'],
        default: 'last-environment',
      },
      singleNodePools: {
        description: 'Whether pools of one node are judged too, which only spare room elsewhere can replace.',
        type: 'boolean',
        default: false,
      },
      zones: {
        description: 'Whether the loss of a whole zone has to be absorbed too, on clusters of several.',
        type: 'boolean',
        default: false,
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    const last = repository.specs?.project?.value.spec.environments?.at(-1)?.name;
    for (const capacity of capacityOf(repository)) {
      const failed = new Set<string>();
      for (const { scenario, status, message } of capacity.assessment.scenarios) {
        const [gone] = scenario.without ?? [];
        const isZone = scenario.kind === 'zone-gone';
        if ((scenario.kind !== 'node-gone' && !isZone) || gone === undefined) continue;
        const { environment } = scenario;
        const { required, singleNodePools, zones } = parameters(environment);
        if (required === 'never' || (required !== 'always' && environment !== last)) continue;
        if (isZone && zones !== true) continue;
        const pool = poolOf(capacity, gone);
        const key = `${capacity.cluster.name} ${environment ?? ''} ${isZone ? scenario.title : pool.name}`;
        if (failed.has(key) || (!isZone && pool.nodes < 2 && singleNodePools !== true)) continue;
        if (status !== 'impossible' && status !== 'unknown') continue;
        // What has no place with every node there is not about the loss of one.
        if (isSteadyOpen(capacity, environment)) continue;
        failed.add(key);
        const finding = onScenario(capacity, scenario, {
          message: `On cluster ${capacity.cluster.name}, with ${scenario.title}: ${message}`,
          hint: isZone
            ? 'Keep room in the other zones for what this one holds: lower replicas, or add nodes there. Where Pods may wait until the zone is back, say zones: false in the policy.'
            : `Keep room for what one node of pool ${pool.name} holds: lower replicas, or add a node. Where Pods may wait until the node is back, say required: never in the policy.`,
        });
        if (finding !== undefined) onFinding({ ...finding, key });
      }
    }
  },
};

/** The pool of a node, and how many nodes it has at most; nodes without a pool count as one. */
function poolOf({ nodes }: ClusterCapacity, name: string): { readonly name: string; readonly nodes: number } {
  const pool = nodes.find((each) => each.name === name)?.pool;
  return { name: pool ?? 'nodes', nodes: nodes.filter((each) => each.pool === pool).length };
}

/** Whether the steady state itself of an environment does not fit, or is not decided, at any wave. */
function isSteadyOpen({ assessment }: ClusterCapacity, environment: string | undefined): boolean {
  return assessment.scenarios.some(
    ({ scenario, status }) =>
      scenario.kind === 'steady' &&
      scenario.environment === environment &&
      (status === 'impossible' || status === 'unknown'),
  );
}

import { objectAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { type ClusterCapacity, capacityOf } from '../../capacity.js';
import {
  countedAt,
  countedAtSchema,
  demandBy,
  type LabelledDemand,
  labelOf,
  onDemand,
  whenCounted,
} from '../../device-demand.js';
import type { Rule } from '../../rule.js';

export const gpuPhaseBudget: Rule = {
  id: 'gpu-phase-budget',
  group: 'capacity',
  severity: 'error',
  summary: 'A phase asks for more GPUs than the policy grants it.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      budgets: {
        description:
          'GPUs in all clusters of an environment, by phase: `foundation` in every family, `llama-3.1/foundation` in one, `*` for phases that are not named. Empty: no budget.',
        type: 'object',
        additionalProperties: { type: 'integer', minimum: 0 },
        default: {},
      },
      at: countedAtSchema,
    },
  },
  check({ repository, parameters }, onFinding) {
    const totals = new Map<string, Total>();
    for (const capacity of capacityOf(repository)) {
      const demands = demandBy(
        capacity,
        (environment) => countedAt(parameters(environment)['at']),
        (each) => phaseOf(capacity, each),
      );
      for (const demand of demands) {
        const key = JSON.stringify([demand.environment ?? null, demand.label]);
        const known = totals.get(key) ?? { capacity, demand, gpus: 0, clusters: [] };
        const clusters = [...known.clusters, capacity.cluster.name];
        totals.set(key, { ...known, gpus: known.gpus + demand.gpus, clusters });
      }
    }
    for (const { capacity, demand, gpus, clusters } of totals.values()) {
      const { environment, label } = demand;
      const set = parameters(environment);
      const budget = budgetOf(objectAt(set, 'budgets'), label);
      if (budget === undefined || gpus <= budget) continue;
      const [family, phase] = label.split('/') as [string, string];
      const where = `${environment === undefined ? '' : ` in ${environment}`} on ${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.join(', ')}`;
      const finding = onDemand(capacity, demand, {
        message: `Phase ${phase}${family === '' ? '' : ` of ${family}`} asks for ${gpus} GPUs ${whenCounted(countedAt(set['at']))}${where}; its budget is ${budget}.`,
        hint: 'Lower replicas, move a model to another phase, or change the budget in the policy.',
        key: `${environment ?? ''} ${label}`,
      });
      if (finding !== undefined) onFinding(finding);
    }
  },
};

interface Total {
  /** Of the first cluster: where the finding stands. */
  readonly capacity: ClusterCapacity;
  readonly demand: LabelledDemand;
  readonly gpus: number;
  readonly clusters: readonly string[];
}

/** `family/phase`; the family is empty where no label names it. */
function phaseOf(capacity: ClusterCapacity, workload: Parameters<typeof labelOf>[1]): string | undefined {
  const phase = labelOf(capacity, workload, 'gitops-gen.io/phase');
  if (phase === undefined) return undefined;
  return `${labelOf(capacity, workload, 'gitops-gen.io/family') ?? ''}/${phase}`;
}

/** The most exact entry: one family's phase, the phase, or every phase. */
function budgetOf(budgets: JsonObject, label: string): number | undefined {
  const found = [label, label.slice(label.indexOf('/') + 1), '*'].find((name) => Object.hasOwn(budgets, name));
  return found === undefined ? undefined : Number(budgets[found]);
}

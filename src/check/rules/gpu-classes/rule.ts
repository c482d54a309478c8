import { admits } from '../../../capacity/match.js';
import { listAt } from '../../../capacity/read.js';
import { findGpu, gpuOfProduct } from '../../../models/index.js';
import { capacityOf, onScenario } from '../../capacity.js';
import type { Rule } from '../../rule.js';

export const gpuClasses: Rule = {
  id: 'gpu-classes',
  group: 'capacity',
  severity: 'error',
  summary: 'A workload may run on GPUs of a class that the policy does not allow in its environment.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      allowed: {
        description: 'GPU classes (gitops-gen gpus lists them) that workloads may use. Empty: every class.',
        type: 'array',
        items: { type: 'string' },
        default: [],
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    for (const capacity of capacityOf(repository)) {
      const classes = new Map(
        capacity.cluster.config.value.spec.nodePools.map((pool) => [
          pool.name,
          pool.gpu === undefined ? undefined : classOf(pool.gpu),
        ]),
      );
      for (const workload of capacity.workloads) {
        const allowed = listAt(parameters(workload.environment), 'allowed').map((each) => classOf(String(each)));
        if (allowed.length === 0) continue;
        const usable = capacity.nodes.filter((node) =>
          workload.templates.some(
            ({ pod }) => asksForDevice(pod.requests) && admits(pod, node) && hasDevice(node.allocatable),
          ),
        );
        const wrong = [...new Set(usable.flatMap((node) => classes.get(node.pool ?? '') ?? []))].filter(
          (each) => !allowed.includes(each),
        );
        if (wrong.length === 0) continue;
        const scenario = {
          kind: 'steady' as const,
          title: '',
          replicas: {},
          ...(workload.environment === undefined ? {} : { environment: workload.environment }),
        };
        const finding = onScenario(capacity, scenario, {
          about: [workload.id],
          message: `${workload.kind} ${workload.name} may run on ${wrong.join(' and ')}${workload.environment === undefined ? '' : ` in ${workload.environment}`}, where the policy allows ${allowed.join(', ')}.`,
          hint: 'Require the allowed product by node affinity (spec.models[].gpu in the family), or change the policy.',
        });
        if (finding !== undefined) onFinding({ ...finding, allowed, key: `${capacity.cluster.name} ${workload.id}` });
      }
    }
  },
};

function classOf(name: string): string {
  return findGpu(name)?.id ?? gpuOfProduct(name)?.id ?? name;
}

function asksForDevice(requests: Readonly<Record<string, number>>): boolean {
  return Object.entries(requests).some(([name, amount]) => amount > 0 && isDevice(name));
}

function hasDevice(allocatable: Readonly<Record<string, number>>): boolean {
  return asksForDevice(allocatable);
}

function isDevice(name: string): boolean {
  return /^(nvidia|amd|habana|intel|gpu\.intel)\.(com|ai)\//.test(name);
}

import { devices, type WorkloadDemand } from '../capacity/index.js';
import { stringAt } from '../capacity/read.js';
import { type ClusterCapacity, onScenario } from './capacity.js';
import type { Finding } from './rule.js';

/** Replicas to count: those that the manifests ask for, or those at the autoscalers' maximum. */
export type CountedAt = 'steady' | 'maximum';

/** GPUs that workloads of one environment, on one cluster, with one label value ask for. */
export interface LabelledDemand {
  readonly environment: string | undefined;
  /** The value of the label. */
  readonly label: string;
  /** Devices of all kinds; the slices of a pool that has slices. */
  readonly gpus: number;
  readonly workloads: readonly WorkloadDemand[];
}

/** GPUs that all replicas of a workload ask for, in devices. DaemonSets have no replicas and are not counted. */
export function gpusOf({ daemon, templates, replicas }: WorkloadDemand, at: CountedAt): number {
  if (daemon === true) return 0;
  return templates.reduce((sum, { perReplica, pod }) => sum + perReplica * devices(pod.requests) * replicas[at], 0);
}

/** A label of a workload's object, or else of the Application that deploys it. */
export function labelOf(capacity: ClusterCapacity, workload: WorkloadDemand, label: string): string | undefined {
  const place = capacity.places.get(workload.id);
  if (place === undefined) return undefined;
  return (
    stringAt(place.object.value, 'metadata', 'labels', label) ??
    (place.application && stringAt(place.application.object.value, 'metadata', 'labels', label))
  );
}

/** What workloads ask for, summed by environment and by what `nameOf` calls them; those without a name or a GPU are left out. */
export function demandBy(
  { workloads }: ClusterCapacity,
  at: (environment: string | undefined) => CountedAt,
  nameOf: (workload: WorkloadDemand) => string | undefined,
): readonly LabelledDemand[] {
  const sums = new Map<string, LabelledDemand>();
  for (const workload of workloads) {
    const { environment } = workload;
    const label = nameOf(workload);
    const gpus = gpusOf(workload, at(environment));
    if (label === undefined || gpus === 0) continue;
    const key = JSON.stringify([environment ?? null, label]);
    const known = sums.get(key) ?? { environment, label, gpus: 0, workloads: [] };
    sums.set(key, { ...known, gpus: known.gpus + gpus, workloads: [...known.workloads, workload] });
  }
  return [...sums.values()];
}

/** The JSON Schema of the parameter that says which replicas count. */
export const countedAtSchema = {
  description: 'Which replicas count: `steady` those that run, `maximum` those at the maximum of all autoscalers.',
  type: 'string',
  enum: ['steady', 'maximum'],
  default: 'steady',
};

/** That parameter, read. */
export function countedAt(value: unknown): CountedAt {
  return value === 'maximum' ? 'maximum' : 'steady';
}

/** When that many replicas run, as a message says it. */
export function whenCounted(at: CountedAt): string {
  return at === 'maximum' ? 'at the maximum of its autoscalers' : 'in steady state';
}

/** A finding on what was summed, at the first of its workloads. Undefined where none of them stands in the repository. */
export function onDemand(
  capacity: ClusterCapacity,
  { environment, workloads }: LabelledDemand,
  { key, ...finding }: Pick<Finding, 'message' | 'hint'> & { readonly key: string },
): Finding | undefined {
  const scenario = {
    kind: 'steady' as const,
    title: '',
    replicas: {},
    ...(environment !== undefined && { environment }),
  };
  const found = onScenario(capacity, scenario, { ...finding, about: workloads.map((each) => each.id) });
  return found === undefined ? undefined : { ...found, key };
}

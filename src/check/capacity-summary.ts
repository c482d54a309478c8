import { devices, type WorkloadDemand } from '../capacity/index.js';
import { stringAt } from '../capacity/read.js';
import type { Repository } from '../repository/index.js';
import type { Application } from '../repository/model.js';
import { type ClusterCapacity, capacityOf } from './capacity.js';
import type { CapacityClusters, CapacityWave, Report, WaveWorkload } from './report.js';

/**
 * The GPUs of every cluster wave by wave, with what arrives at each: as pinned, and as the tree has it where that is another state. Absent
 * where no inventory is declared.
 */
export function capacitySummary(repository: Repository, ahead: Repository | undefined): Pick<Report, 'capacity'> {
  const clusters = clustersOf(repository);
  if (clusters.length === 0) return {};
  const state = repository.hasPins ? 'pinned' : 'tree';
  return { capacity: { state, clusters, ...(ahead === undefined ? {} : { next: { clusters: clustersOf(ahead) } }) } };
}

function clustersOf(repository: Repository): CapacityClusters {
  return capacityOf(repository).map(clusterSummary);
}

function clusterSummary(capacity: ClusterCapacity): CapacityClusters[number] {
  const { cluster, assessment } = capacity;
  const { observedAt } = cluster.config.value.spec;
  return {
    name: cluster.name,
    environments: cluster.environments,
    ...(observedAt === undefined ? {} : { observedAt }),
    verdict: assessment.verdict,
    waves: assessment.waves.map((row): CapacityWave => {
      const here = capacity.workloads.filter(
        (each) => each.environment === row.environment && (each.wave ?? 0) === row.wave,
      );
      return { ...row, workloads: here.filter((each) => gpusOf(each) > 0).map((each) => workloadOf(each, capacity)) };
    }),
  };
}

function workloadOf(workload: WorkloadDemand, { places }: ClusterCapacity): WaveWorkload {
  const { id, name, application, replicas } = workload;
  const labels = (places.get(id)?.application as Application | undefined)?.object.value;
  const phase = labels && stringAt(labels, 'metadata', 'labels', 'gitops-gen.io/phase');
  return {
    name,
    ...(application === undefined ? {} : { application }),
    ...(phase === undefined ? {} : { phase }),
    replicas: { min: replicas.steady, max: replicas.maximum },
    gpus: gpusOf(workload),
  };
}

/** Devices of one replica: of all Pods that it is made of. */
function gpusOf({ templates }: WorkloadDemand): number {
  return templates.reduce((sum, { perReplica, pod }) => sum + perReplica * devices(pod.requests), 0);
}

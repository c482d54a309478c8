import type { Json, JsonObject, OnProblem, Place } from '../diagnostics/diagnostic.js';
import type { ClusterConfig, Replicas } from '../spec/types.generated.js';

export interface ScaleRange {
  readonly min: number;
  readonly max: number;
}

/** A number is a range of one. */
export function rangeOf(replicas: Replicas): ScaleRange {
  return typeof replicas === 'number' ? { min: replicas, max: replicas } : { min: replicas.min, max: replicas.max };
}

/** Requests that may wait per replica before another one is started (production-stack's KEDA default). */
const waitingPerReplica = 5;

export interface AutoscalingRequest {
  readonly range: ScaleRange;
  readonly cluster: ClusterConfig;
  readonly namespace: string;
  /** The name that the engine serves the model under: a label of its metrics. */
  readonly servedName: string;
  readonly prometheusAddress: string;
  readonly runtime: string;
  readonly subject: string;
  readonly at: Place;
}

/** What scales a range of replicas: KEDA, or an HPA on the Prometheus adapter. A range without a source of metrics is an error. */
export function autoscalingOf(request: AutoscalingRequest, onProblem: OnProblem): JsonObject | undefined {
  const { range, cluster } = request;
  if (range.max <= range.min) return undefined;
  const installed = cluster.spec.installed ?? {};
  // A runtime with a controller of its own in the cluster scales what it makes.
  const controller = (installed as Readonly<Record<string, string | undefined>>)[request.runtime];
  if (controller !== undefined) return { controller: { enabled: true, min: range.min, max: range.max } };
  if (installed.keda !== undefined && installed.prometheus !== undefined) return { keda: kedaOf(request) };
  if (installed['prometheus-adapter'] !== undefined) return { hpa: hpaOf(request) };
  onProblem({
    ruleId: 'autoscaler-without-metrics',
    severity: 'error',
    message: `${request.subject} has a range of ${range.min} to ${range.max} replicas, and cluster "${cluster.metadata.name}" has no source of metrics to scale by`,
    at: request.at,
    hint: 'declare keda and prometheus (or prometheus-adapter) under spec.installed of the cluster, or give one number of replicas; CPU says nothing about an engine that is busy on GPUs',
  });
  return undefined;
}

function kedaOf({ range, namespace, servedName, prometheusAddress }: AutoscalingRequest): JsonObject {
  const metadata: Record<string, Json> = {
    serverAddress: prometheusAddress,
    query: `sum(vllm:num_requests_waiting{namespace="${namespace}",model_name="${servedName}"})`,
    threshold: String(waitingPerReplica),
  };
  return { min: range.min, max: range.max, triggers: [{ type: 'prometheus', metricType: 'AverageValue', metadata }] };
}

function hpaOf({ range }: AutoscalingRequest): JsonObject {
  return {
    min: range.min,
    max: range.max,
    metrics: [
      {
        type: 'Pods',
        pods: {
          metric: { name: 'vllm_num_requests_waiting' },
          target: { type: 'AverageValue', averageValue: String(waitingPerReplica) },
        },
      },
    ],
  };
}

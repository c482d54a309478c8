import { groupOf } from '../capacity/demand.js';
import {
  addResources,
  demandOf,
  podsPerReplica,
  type Resources,
  rolloutCounts,
  type WorkloadDemand,
} from '../capacity/index.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { FieldChange } from './field-diff.js';

/** What a change of a workload does to its Pods and GPUs when Argo CD applies it. */
export interface RolloutEffect {
  /** `likely`: a custom resource whose controller decides; every field but its size is taken to matter. */
  readonly restarts: 'yes' | 'likely' | 'no';
  /** Why nothing restarts although the template changed. */
  readonly note?: string;
  /** Pods and GPUs at the declared replicas, before and after. */
  readonly pods: Amount;
  readonly gpus: Amount;
  /** At most so many fewer Pods and GPUs serve at one moment of the rollout; absent where nothing restarts. */
  readonly dip?: { readonly pods: number; readonly gpus: number };
  /** At most so many more are needed at one moment of the rollout. */
  readonly surge?: { readonly pods: number; readonly gpus: number };
  /** How many times the rollout waits for new replicas, one after another; absent where nothing restarts. */
  readonly rounds?: number;
  /** Seconds from the start of one Pod to its first answer, where the model and its storage are known. */
  readonly warmSeconds?: number;
}

/** Seconds until everything that a change starts or restarts answers; undefined where that is not known. */
export function secondsUntilWarm({ restarts, rounds, warmSeconds, pods }: RolloutEffect): number | undefined {
  if (warmSeconds === undefined) return undefined;
  if (restarts !== 'no') return warmSeconds * (rounds ?? 1);
  return pods.after > pods.before ? warmSeconds : undefined;
}

export interface Amount {
  readonly before: number;
  readonly after: number;
}

/** Where the Pod template of a built-in kind (and of two that embed one as it is) stands. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['/spec/template'],
  'apps/StatefulSet': ['/spec/template'],
  'apps/DaemonSet': ['/spec/template'],
  'argoproj.io/Rollout': ['/spec/template'],
  'leaderworkerset.x-k8s.io/LeaderWorkerSet': ['/spec/leaderWorkerTemplate'],
};

/** Kinds whose Pods a change does not replace: new ones, or the next run, get it. */
const LATER: ReadonlySet<string> = new Set(['apps/ReplicaSet', '/ReplicationController', 'batch/CronJob']);

/** The template of a Job cannot change (validation of the API); Argo CD makes hooks anew, and everything else only when told. */
const JOB_NOTES = {
  hook: 'a hook: runs anew at the sync',
  plain:
    'the template of a Job is immutable: the sync fails unless the Job is replaced (sync option Replace=true, Force=true)',
} as const;

/** Fields that only say how many, when, or by what steps. */
const SIZE =
  /^\/spec\/(?:.*\/)?(?:replicas|minReplicas|maxReplicas|scaleMetric|scaleTarget|autoScaling|autoscaling|scaling|scale|strategy|updateStrategy|rolloutStrategy|paused|minReadySeconds|revisionHistoryLimit|progressDeadlineSeconds)(?:\/|$)/u;

/** The effect of going from one state of an object to the other; undefined for objects that make no Pods. */
export function rolloutEffect(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  changes: readonly FieldChange[],
): RolloutEffect | undefined {
  const old = before === undefined ? undefined : demandOf(before);
  const now = after === undefined ? undefined : demandOf(after);
  if (old === undefined && now === undefined) return undefined;
  const sums = { pods: { before: podsOf(old), after: podsOf(now) }, gpus: { before: gpusOf(old), after: gpusOf(now) } };
  if (old === undefined || now === undefined || after === undefined) return { restarts: 'no', ...sums };
  if (kindOf(after) === 'batch/Job') {
    const template = changes.some(({ pointer }) => pointer.startsWith('/spec/template'));
    return { restarts: 'no', ...(template ? { note: JOB_NOTES[isHook(after) ? 'hook' : 'plain'] } : {}), ...sums };
  }
  const restarts = restartsOf(after, changes);
  if (restarts === 'no') return { restarts, ...sums };
  if (now.rollout.name === 'OnDelete')
    return { restarts: 'no', note: 'updateStrategy OnDelete: Pods get it when somebody deletes them', ...sums };
  const counts = rolloutCounts(now, now.replicas.steady);
  const each = { pods: podsPerReplica(now), gpus: gpusPerReplica(now) };
  const times = (count: number) => ({ pods: count * each.pods, gpus: count * each.gpus });
  const atOnce = Math.max(1, counts.unavailable + counts.surge);
  const rounds = Math.ceil(now.replicas.steady / atOnce);
  return { restarts, ...sums, dip: times(counts.unavailable), surge: times(counts.surge), rounds };
}

function restartsOf(object: JsonObject, changes: readonly FieldChange[]): RolloutEffect['restarts'] {
  const kind = kindOf(object);
  if (LATER.has(kind)) return 'no';
  const templates = TEMPLATES[kind];
  const under = (pointer: string, folder: string) => pointer === folder || pointer.startsWith(`${folder}/`);
  if (templates !== undefined)
    return changes.some(({ pointer }) => templates.some((template) => under(pointer, template))) ? 'yes' : 'no';
  return changes.some(({ pointer }) => under(pointer, '/spec') && !SIZE.test(pointer)) ? 'likely' : 'no';
}

/** `group/Kind`. */
function kindOf(object: JsonObject): string {
  return `${groupOf(String(object['apiVersion'] ?? ''))}/${String(object['kind'])}`;
}

/** Whether Argo CD treats the object as a hook (annotations of Argo CD, and of Helm, which it maps). */
function isHook(object: JsonObject): boolean {
  const annotations = (object['metadata'] as JsonObject | undefined)?.['annotations'] as JsonObject | null | undefined;
  return ['argocd.argoproj.io/hook', 'helm.sh/hook'].some((name) => annotations?.[name] !== undefined);
}

function gpusPerReplica(workload: WorkloadDemand): number {
  const requests = workload.templates.reduce(
    (sum, { pod, perReplica }) => addResources(sum, pod.requests, perReplica),
    {} as Resources,
  );
  return Object.entries(requests).reduce((sum, [name, count]) => sum + (isGpu(name) ? count : 0), 0);
}

/** Resource names of the device plugins: `nvidia.com/gpu`, `nvidia.com/mig-1g.10gb`, `amd.com/gpu`, `gpu.intel.com/i915`, `habana.ai/gaudi`. */
function isGpu(resource: string): boolean {
  return /(?:^|[./])gpu(?:[./]|$)|\/mig-|habana\.ai\/gaudi/u.test(resource);
}

function podsOf(workload: WorkloadDemand | undefined): number {
  return workload === undefined ? 0 : workload.replicas.steady * podsPerReplica(workload);
}

function gpusOf(workload: WorkloadDemand | undefined): number {
  return workload === undefined ? 0 : workload.replicas.steady * gpusPerReplica(workload);
}

import type { JsonObject } from '../diagnostics/diagnostic.js';
import { claimsAmong } from './claims.js';
import type { PodTemplate, Rollout, WorkloadDemand } from './facts.js';
import { type KubeaiSettings, kubeaiSettings } from './kubeai.js';
import { type PodContext, podFacts } from './pod.js';
import { at, integerAt, isObject, objectAt, stringAt, stringsAt } from './read.js';
import { type ServingSettings, servingSettings, servingShape } from './serving.js';
import { countOrPercent, deploymentRollout, type Shape } from './shape.js';

/** Where a rendered object comes from, and what it is read with. */
export interface DemandContext {
  /** The namespace of objects that name none. Default `default`. */
  readonly namespace?: string;
  readonly application?: string;
  readonly wave?: number;
  readonly environment?: string;
  readonly family?: string;
  readonly priorities?: Readonly<Record<string, number>>;
  readonly claims?: PodContext['claims'];
  /** The resource profiles of KubeAI, where its installation is known. */
  readonly kubeai?: KubeaiSettings;
  /** Runtimes and configurations that serving objects refer to. */
  readonly serving?: ServingSettings;
}

const noRollout: Rollout = { style: 'none', maxSurge: 0, maxUnavailable: 0, name: 'none' };

type Reader = (object: JsonObject) => Shape;

/** `group/Kind` → reader. The version does not matter to what is read here. */
const readers: Readonly<Record<string, Reader>> = {
  'apps/Deployment': (object) => replicated(object, deploymentRollout(objectAt(object, 'spec', 'strategy'))),
  'apps/ReplicaSet': (object) => replicated(object, { ...noRollout, style: 'replace', name: 'ReplicaSet' }),
  '/ReplicationController': (object) =>
    replicated(object, { ...noRollout, style: 'replace', name: 'ReplicationController' }),
  'apps/StatefulSet': (object) => replicated(object, statefulSetRollout(objectAt(object, 'spec', 'updateStrategy'))),
  'apps/DaemonSet': (object) => ({
    ...replicated(object, daemonSetRollout(objectAt(object, 'spec', 'updateStrategy'))),
    daemon: true,
  }),
  'batch/Job': (object) => job(objectAt(object, 'spec')),
  'batch/CronJob': cronJob,
  '/Pod': (object) => ({
    replicas: 1,
    templates: [{ role: 'pod', perReplica: 1, template: object }],
    rollout: noRollout,
  }),
  'argoproj.io/Rollout': (object) => replicated(object, argoRollout(objectAt(object, 'spec'))),
  'leaderworkerset.x-k8s.io/LeaderWorkerSet': leaderWorkerSet,
};

/**
 * What a rendered object asks of the nodes; undefined for objects that make no Pods. Everything that an autoscaler adds
 * comes by `withScalers`. Of objects that make several sets of Pods only the first: `demandsOf` gives all.
 */
export function demandOf(object: JsonObject, context: DemandContext = {}): WorkloadDemand | undefined {
  return demandsOf(object, context)[0];
}

/** What an object asks of the nodes: one entry for each set of Pods with replicas of its own. */
export function demandsOf(object: JsonObject, context: DemandContext = {}): readonly WorkloadDemand[] {
  const kind = stringAt(object, 'kind');
  const name = stringAt(object, 'metadata', 'name') ?? stringAt(object, 'metadata', 'generateName');
  if (kind === undefined || name === undefined) return [];
  const group = groupOf(stringAt(object, 'apiVersion') ?? '');
  const shape = readers[`${group}/${kind}`]?.(object) ?? servingShape(group, kind, object, context);
  if (shape === undefined) return [];
  return [
    demandOfShape(object, kind, name, shape, context),
    ...(shape.others ?? []).map((each) => demandOfShape(object, kind, `${name}/${each.part}`, each, context)),
  ];
}

function demandOfShape(
  object: JsonObject,
  kind: string,
  name: string,
  shape: Shape,
  context: DemandContext,
): WorkloadDemand {
  const namespace = stringAt(object, 'metadata', 'namespace') ?? context.namespace ?? 'default';
  const unread = new Set(shape.unread ?? []);
  const podContext: PodContext = {
    namespace,
    ...(context.priorities === undefined ? {} : { priorities: context.priorities }),
    ...(context.claims === undefined ? {} : { claims: context.claims }),
    onUnread: (what) => unread.add(what),
  };
  const templates = shape.templates.map(
    ({ role, perReplica, template }): PodTemplate => ({ role, perReplica, pod: podFacts(template, podContext) }),
  );
  const queue = stringAt(object, 'metadata', 'labels', 'kueue.x-k8s.io/queue-name');
  const maximum = Math.max(shape.maximum ?? shape.replicas, shape.replicas);
  return {
    id: `${kind}/${namespace}/${name}`,
    kind,
    namespace,
    name,
    ...pick(context, 'application', 'environment', 'family'),
    ...(context.wave === undefined ? {} : { wave: context.wave }),
    replicas: {
      steady: shape.replicas,
      maximum,
      ...(shape.maximum === undefined || shape.maximum === shape.replicas
        ? {}
        : { scaledBy: `${kind}/${namespace}/${name}` }),
    },
    templates,
    rollout: shape.rollout,
    ...(shape.daemon === true ? { daemon: true } : {}),
    ...(shape.exclusiveTopology === undefined ? {} : { exclusiveTopology: shape.exclusiveTopology }),
    ...(queue === undefined ? {} : { queue }),
    ...(shape.wholeNodes === undefined ? {} : { wholeNodes: shape.wholeNodes }),
    unread: [...unread].sort(),
  };
}

function pick(
  context: DemandContext,
  ...keys: readonly ('application' | 'environment' | 'family')[]
): Partial<DemandContext> {
  return Object.fromEntries(keys.flatMap((key) => (context[key] === undefined ? [] : [[key, context[key]]])));
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

function replicated(object: JsonObject, rollout: Rollout): Shape {
  const spec = objectAt(object, 'spec');
  return {
    replicas: Math.max(0, integerAt(spec, 'replicas') ?? 1),
    templates: [{ role: 'pod', perReplica: 1, template: objectAt(spec, 'template') }],
    rollout,
    ...(isObject(at(spec, 'workloadRef')) && !isObject(at(spec, 'template'))
      ? { unread: ['workloadRef: the Pod template stands in the referenced workload and was not joined'] }
      : {}),
  };
}

/** StatefulSets replace in place, one at a time unless `maxUnavailable` says more. */
function statefulSetRollout(strategy: JsonObject): Rollout {
  const unavailable = countOrPercent(at(strategy, 'rollingUpdate', 'maxUnavailable')) ?? 1;
  return {
    style: 'replace',
    maxSurge: 0,
    maxUnavailable: unavailable,
    name: stringAt(strategy, 'type') ?? 'RollingUpdate',
  };
}

function daemonSetRollout(strategy: JsonObject): Rollout {
  const surge = countOrPercent(at(strategy, 'rollingUpdate', 'maxSurge')) ?? 0;
  return {
    style: surge === 0 || surge === '0%' ? 'replace' : 'rolling',
    maxSurge: surge,
    maxUnavailable: countOrPercent(at(strategy, 'rollingUpdate', 'maxUnavailable')) ?? 1,
    name: stringAt(strategy, 'type') ?? 'RollingUpdate',
  };
}

/**
 * Argo Rollouts. Blue-green keeps both sets until `scaleDownDelaySeconds` are over; a canary behind a router keeps the
 * stable set at full size up to the end, unless `dynamicStableScale` shrinks it as the canary grows; a canary without a
 * router is a rolling update with `maxSurge` and `maxUnavailable` of 25 % (argo-rollouts `utils/defaults`).
 */
export function argoRollout(spec: JsonObject): Rollout {
  const strategy = objectAt(spec, 'strategy');
  if (isObject(at(strategy, 'blueGreen')))
    return { style: 'copy', maxSurge: '100%', maxUnavailable: 0, name: 'blueGreen' };
  const canary = objectAt(strategy, 'canary');
  const maxSurge = countOrPercent(at(canary, 'maxSurge')) ?? '25%';
  const maxUnavailable = countOrPercent(at(canary, 'maxUnavailable')) ?? '25%';
  if (!isObject(at(canary, 'trafficRouting'))) return { style: 'rolling', maxSurge, maxUnavailable, name: 'canary' };
  if (at(canary, 'dynamicStableScale') === true) {
    // The two sets together exceed the replicas by rounding only: by one Pod.
    return { style: 'rolling', maxSurge: 1, maxUnavailable: 0, name: 'canary with dynamicStableScale' };
  }
  return { style: 'copy', maxSurge: '100%', maxUnavailable: 0, name: 'canary behind a router' };
}

function job(spec: JsonObject): Shape {
  const parallelism = Math.max(0, integerAt(spec, 'parallelism') ?? 1);
  const completions = integerAt(spec, 'completions');
  return {
    replicas:
      at(spec, 'suspend') === true ? 0 : completions === undefined ? parallelism : Math.min(parallelism, completions),
    templates: [{ role: 'pod', perReplica: 1, template: objectAt(spec, 'template') }],
    rollout: noRollout,
  };
}

function cronJob(object: JsonObject): Shape {
  const shape = job(objectAt(object, 'spec', 'jobTemplate', 'spec'));
  return { ...shape, replicas: at(object, 'spec', 'suspend') === true ? 0 : shape.replicas };
}

/** LeaderWorkerSet: a replica is a group of `size` Pods, its leader among them; surge counts groups. */
function leaderWorkerSet(object: JsonObject): Shape {
  const spec = objectAt(object, 'spec');
  const group = objectAt(spec, 'leaderWorkerTemplate');
  const size = Math.max(1, integerAt(group, 'size') ?? 1);
  const worker = objectAt(group, 'workerTemplate');
  const leader = isObject(at(group, 'leaderTemplate')) ? objectAt(group, 'leaderTemplate') : worker;
  const rolling = objectAt(spec, 'rolloutStrategy', 'rollingUpdateConfiguration');
  const exclusive = stringsAt(object, 'metadata', 'annotations')['leaderworkerset.sigs.k8s.io/exclusive-topology'];
  return {
    replicas: Math.max(0, integerAt(spec, 'replicas') ?? 1),
    templates: [
      { role: 'leader', perReplica: 1, template: leader },
      ...(size > 1 ? [{ role: 'worker', perReplica: size - 1, template: worker }] : []),
    ],
    rollout: {
      style: 'rolling',
      maxSurge: countOrPercent(at(rolling, 'maxSurge')) ?? 0,
      maxUnavailable: countOrPercent(at(rolling, 'maxUnavailable')) ?? 1,
      name: 'RollingUpdate of groups',
    },
    ...(exclusive === undefined ? {} : { exclusiveTopology: exclusive }),
  };
}

/** Objects among the rendered ones that Pods are read with: priority classes, device claims, profiles and runtimes. */
export function podContextOf(
  objects: Iterable<JsonObject>,
): Pick<DemandContext, 'priorities' | 'claims' | 'kubeai' | 'serving'> {
  const all = [...objects];
  const priorities: Record<string, number> = {};
  for (const object of all.filter((each) => stringAt(each, 'kind') === 'PriorityClass'))
    priorities[stringAt(object, 'metadata', 'name') ?? ''] = integerAt(object, 'value') ?? 0;
  const claims = claimsAmong(all);
  const kubeai = kubeaiSettings(all);
  return { priorities, claims, ...(kubeai === undefined ? {} : { kubeai }), serving: servingSettings(all) };
}

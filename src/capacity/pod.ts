import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { ClaimedDevices } from './claims.js';
import type {
  DeviceClaim,
  LabelSelector,
  NodeSelectorTerm,
  PodFacts,
  PodTerm,
  Requirement,
  Resources,
  SpreadTerm,
  Toleration,
} from './facts.js';
import { amountOf } from './quantity.js';
import { at, integerAt, isObject, listAt, objectAt, objectsAt, stringAt, stringsAt } from './read.js';

/** What a Pod is read with: where it lives, and what its priority class is worth. */
export interface PodContext {
  readonly namespace: string;
  /** Value by PriorityClass name; the two of Kubernetes itself are known. */
  readonly priorities?: Readonly<Record<string, number>>;
  /** What ResourceClaimTemplates and ResourceClaims ask for, by `namespace/name`. */
  readonly claims?: ReadonlyMap<string, ClaimedDevices>;
  /** Told what could not be read; a sentence. */
  readonly onUnread?: (what: string) => void;
}

/** Kubernetes defines these two classes itself (scheduling.k8s.io, `pkg/apis/scheduling/types.go`). */
const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** Reads a Pod template (`metadata`, `spec`) as the scheduler sees the Pods made from it. */
export function podFacts(template: JsonObject, context: PodContext): PodFacts {
  const spec = objectAt(template, 'spec');
  const labels = stringsAt(template, 'metadata', 'labels');
  const affinity = objectAt(spec, 'affinity');
  const required = at(affinity, 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  const priorityClassName = stringAt(spec, 'priorityClassName');
  const schedulerName = stringAt(spec, 'schedulerName');
  const nodeName = stringAt(spec, 'nodeName');
  const claims = claimsOf(spec, context);
  return {
    namespace: context.namespace,
    labels,
    requests: { ...effective(spec, 'requests', context), pods: 1 },
    limits: effective(spec, 'limits', context),
    nodeSelector: stringsAt(spec, 'nodeSelector'),
    ...(isObject(required) ? { nodeAffinity: objectsAt(required, 'nodeSelectorTerms').map(nodeTerm) } : {}),
    tolerations: objectsAt(spec, 'tolerations').map(toleration),
    affinity: podTerms(affinity, 'podAffinity', labels, context),
    antiAffinity: podTerms(affinity, 'podAntiAffinity', labels, context),
    spread: spreadTerms(spec, labels),
    hostPorts: hostPorts(spec),
    priority: integerAt(spec, 'priority') ?? priorityOf(priorityClassName, context),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    ...(schedulerName === undefined || schedulerName === 'default-scheduler' ? {} : { schedulerName }),
    ...(nodeName === undefined || nodeName === '' ? {} : { nodeName }),
    ...(claims.length === 0 ? {} : { claims }),
  };
}

function priorityOf(name: string | undefined, context: PodContext): number {
  if (name === undefined) return 0;
  const value = context.priorities?.[name] ?? systemPriorities[name];
  if (value === undefined)
    context.onUnread?.(`priority class ${name} is not among the manifests: its value is taken as 0`);
  return value ?? 0;
}

/**
 * The request (or limit) of a Pod per resource: the larger of the sum over containers and restartable init containers,
 * and of every init container with the restartable ones before it; a Pod-level value wins; overhead on top.
 * Source: kubernetes `component-helpers/resource/helpers.go`, PodRequests and PodLimits.
 */
function effective(spec: JsonObject, which: 'requests' | 'limits', context: PodContext): Resources {
  let sum: Record<string, number> = {};
  for (const container of objectsAt(spec, 'containers')) sum = add(sum, containerAmounts(container, which, context));
  let sidecars: Record<string, number> = {};
  let peak: Record<string, number> = {};
  for (const container of objectsAt(spec, 'initContainers')) {
    const amounts = containerAmounts(container, which, context);
    if (stringAt(container, 'restartPolicy') === 'Always') {
      sum = add(sum, amounts);
      sidecars = add(sidecars, amounts);
      peak = larger(peak, sidecars);
    } else {
      peak = larger(peak, add(amounts, sidecars));
    }
  }
  return add({ ...larger(sum, peak), ...podLevel(spec, which, context) }, amounts(objectAt(spec, 'overhead'), context));
}

/** A container's own amounts. A limit without a request is the request too (API defaulting). */
function containerAmounts(
  container: JsonObject,
  which: 'requests' | 'limits',
  context: PodContext,
): Record<string, number> {
  const limits = amounts(objectAt(container, 'resources', 'limits'), context);
  return which === 'limits' ? limits : { ...limits, ...amounts(objectAt(container, 'resources', 'requests'), context) };
}

/** Pod-level resources exist for CPU, memory and huge pages. A limit stands in where neither level requests anything. */
function podLevel(spec: JsonObject, which: 'requests' | 'limits', context: PodContext): Record<string, number> {
  const own = objectAt(spec, 'resources');
  const limits = amounts(objectAt(own, 'limits'), context);
  if (which === 'limits') return limits;
  const requests = amounts(objectAt(own, 'requests'), context);
  const asked = new Set(
    objectsAt(spec, 'containers').flatMap((each) => Object.keys(objectAt(each, 'resources', 'requests'))),
  );
  const defaulted = Object.fromEntries(Object.entries(limits).filter(([name]) => !asked.has(name)));
  return { ...defaulted, ...requests };
}

function amounts(map: JsonObject, context: PodContext): Record<string, number> {
  const read: Record<string, number> = {};
  for (const [name, value] of Object.entries(map)) {
    const amount = amountOf(name, value);
    if (amount === undefined)
      context.onUnread?.(`${name}: ${JSON.stringify(value)} is not a quantity and was counted as 0`);
    else if (name !== 'pods') read[name] = amount;
  }
  return read;
}

function add(a: Record<string, number>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = { ...a };
  for (const [name, amount] of Object.entries(b))
    sum[name] = Math.min(Number.MAX_SAFE_INTEGER, (sum[name] ?? 0) + amount);
  return sum;
}

function larger(a: Record<string, number>, b: Readonly<Record<string, number>>): Record<string, number> {
  const most = { ...a };
  for (const [name, amount] of Object.entries(b)) most[name] = Math.max(most[name] ?? 0, amount);
  return most;
}

function claimsOf(spec: JsonObject, context: PodContext): readonly DeviceClaim[] {
  return objectsAt(spec, 'resourceClaims').flatMap((claim): DeviceClaim[] => {
    const template = stringAt(claim, 'resourceClaimTemplateName');
    const name = template ?? stringAt(claim, 'resourceClaimName');
    if (name === undefined) return [];
    const known = context.claims?.get(`${template === undefined ? 'claim' : 'template'} ${context.namespace}/${name}`);
    if (known === undefined) {
      context.onUnread?.(`resource claim ${name} is not among the manifests: its devices were not counted`);
      return [];
    }
    for (const what of known.unread) context.onUnread?.(`resource claim ${name}: ${what}`);
    const { requests, matchAttributes } = known;
    return [{ name: `${context.namespace}/${name}`, shared: template === undefined, requests, matchAttributes }];
  });
}

function nodeTerm(term: JsonObject): NodeSelectorTerm {
  return {
    labels: objectsAt(term, 'matchExpressions').map(requirement),
    fields: objectsAt(term, 'matchFields').map(requirement),
  };
}

function requirement(expression: JsonObject): Requirement {
  return {
    key: stringAt(expression, 'key') ?? '',
    operator: (stringAt(expression, 'operator') ?? 'In') as Requirement['operator'],
    values: listAt(expression, 'values').map(scalar),
  };
}

function scalar(value: Json): string {
  return typeof value === 'object' ? '' : String(value);
}

export function toleration(entry: JsonObject): Toleration {
  const key = stringAt(entry, 'key');
  const value = at(entry, 'value');
  const effect = stringAt(entry, 'effect');
  return {
    ...(key === undefined || key === '' ? {} : { key }),
    operator: (stringAt(entry, 'operator') ?? 'Equal') as Toleration['operator'],
    ...(value === undefined || value === null ? {} : { value: scalar(value) }),
    ...(effect === undefined || effect === '' ? {} : { effect }),
  };
}

/** Reads a label selector; undefined where there is none. */
export function labelSelector(value: Json | undefined, extra: readonly Requirement[] = []): LabelSelector | undefined {
  if (!isObject(value)) return undefined;
  const equal = Object.entries(stringsAt(value, 'matchLabels')).map(
    ([key, wanted]) => ({ key, operator: 'In', values: [wanted] }) satisfies Requirement,
  );
  return { requirements: [...equal, ...objectsAt(value, 'matchExpressions').map(requirement), ...extra] };
}

function podTerms(
  affinity: JsonObject,
  which: 'podAffinity' | 'podAntiAffinity',
  labels: Readonly<Record<string, string>>,
  context: PodContext,
): readonly PodTerm[] {
  return objectsAt(affinity, which, 'requiredDuringSchedulingIgnoredDuringExecution').map((term) => {
    const same = keysOf(term, 'matchLabelKeys', 'In', labels);
    const other = keysOf(term, 'mismatchLabelKeys', 'NotIn', labels);
    const selector = labelSelector(at(term, 'labelSelector'), [...same, ...other]);
    return {
      topologyKey: stringAt(term, 'topologyKey') ?? '',
      ...(selector === undefined ? {} : { selector }),
      namespaces: namespacesOf(term, context),
    };
  });
}

/** `matchLabelKeys` takes the Pod's own value of each key; a key the Pod does not carry is left out. */
function keysOf(
  term: JsonObject,
  field: string,
  operator: 'In' | 'NotIn',
  labels: Readonly<Record<string, string>>,
): readonly Requirement[] {
  return listAt(term, field).flatMap((key) => {
    const value = typeof key === 'string' ? labels[key] : undefined;
    return value === undefined ? [] : [{ key: String(key), operator, values: [value] }];
  });
}

function namespacesOf(term: JsonObject, context: PodContext): readonly string[] {
  const named = listAt(term, 'namespaces').map(scalar);
  const selector = at(term, 'namespaceSelector');
  if (!isObject(selector)) return named;
  const empty =
    objectsAt(selector, 'matchExpressions').length === 0 && Object.keys(objectAt(selector, 'matchLabels')).length === 0;
  if (empty) return ['*'];
  const name = stringAt(selector, 'matchLabels', 'kubernetes.io/metadata.name');
  if (name !== undefined && Object.keys(objectAt(selector, 'matchLabels')).length === 1) return [...named, name];
  context.onUnread?.('a namespaceSelector in Pod (anti-)affinity is judged for the Pod’s own namespace only');
  return named;
}

function spreadTerms(spec: JsonObject, labels: Readonly<Record<string, string>>): readonly SpreadTerm[] {
  const hard = objectsAt(spec, 'topologySpreadConstraints').filter(
    (each) => stringAt(each, 'whenUnsatisfiable') !== 'ScheduleAnyway',
  );
  return hard.map((term) => {
    const selector = labelSelector(at(term, 'labelSelector'), keysOf(term, 'matchLabelKeys', 'In', labels));
    const minDomains = integerAt(term, 'minDomains');
    return {
      topologyKey: stringAt(term, 'topologyKey') ?? '',
      maxSkew: integerAt(term, 'maxSkew') ?? 1,
      ...(minDomains === undefined ? {} : { minDomains }),
      ...(selector === undefined ? {} : { selector }),
      nodeAffinityPolicy: stringAt(term, 'nodeAffinityPolicy') === 'Ignore' ? 'Ignore' : 'Honor',
      nodeTaintsPolicy: stringAt(term, 'nodeTaintsPolicy') === 'Honor' ? 'Honor' : 'Ignore',
    };
  });
}

/** Ports of the host. With `hostNetwork` every container port is one. The address a port is bound to is not looked at. */
function hostPorts(spec: JsonObject): readonly string[] {
  const host = at(spec, 'hostNetwork') === true;
  const containers = [
    ...objectsAt(spec, 'containers'),
    ...objectsAt(spec, 'initContainers').filter((each) => stringAt(each, 'restartPolicy') === 'Always'),
  ];
  const ports = containers.flatMap((container) =>
    objectsAt(container, 'ports').flatMap((port) => {
      const number = integerAt(port, 'hostPort') ?? (host ? integerAt(port, 'containerPort') : undefined);
      return number === undefined || number === 0 ? [] : [`${stringAt(port, 'protocol') ?? 'TCP'}/${number}`];
    }),
  );
  return [...new Set(ports)].sort();
}

import { isObject } from '../capacity/read.js';
import type { Json } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { Deployed } from '../repository/model.js';

/** Whether two objects can stand in one namespace of one cluster. What nobody says counts as possible. */
export function together(a: Deployed, b: Deployed): boolean {
  const sameCluster = a.cluster === '' || b.cluster === '' || a.cluster === b.cluster;
  return sameCluster && (a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace);
}

/** The objects of a kind and name that something at `from` would find. */
export function found(repository: Repository, from: Deployed, id: string): readonly Deployed[] {
  return (repository.byName.get(id) ?? []).filter((each) => together(from, each));
}

interface Knowledge {
  /** cluster and namespace of Applications that could not be rendered whole. */
  readonly open: ReadonlySet<string>;
  readonly anyOpen: boolean;
  /** Scalars of custom resources: names of what an operator may make. */
  readonly custom: ReadonlyMap<string, readonly Deployed[]>;
}

const known = new WeakMap<Repository, Knowledge>();

/**
 * Whether something that is not rendered here goes to the same place: then an object that is missed may well come with it,
 * and nobody can say that it is missing.
 */
export function isOpen(repository: Repository, from: Deployed): boolean {
  if (!from.unit.ok || !from.unit.complete || repository.hasUnknownApplications) return true;
  const { open, anyOpen } = knowledge(repository);
  if (from.application === undefined || from.namespace === undefined) return anyOpen;
  return open.has(`${from.cluster}\n${from.namespace}`) || open.has(`${from.cluster}\n`);
}

/** Custom resources beside `from` that mention a name: their operator may own the object of that name. */
export function mentionedByCustom(repository: Repository, from: Deployed, name: string): boolean {
  return (knowledge(repository).custom.get(name) ?? []).some(
    (each) => each.object !== from.object && together(from, each),
  );
}

function knowledge(repository: Repository): Knowledge {
  const present = known.get(repository);
  if (present !== undefined) return present;
  const incomplete = repository.applications.filter((each) => !each.complete);
  const custom = new Map<string, Deployed[]>();
  for (const each of repository.deployed) {
    if (!isCustom(each.object.group) || isConsumer(each)) continue;
    for (const text of new Set(scalars(each.object.value))) {
      const list = custom.get(text);
      if (list === undefined) custom.set(text, [each]);
      else list.push(each);
    }
  }
  const made = {
    open: new Set(incomplete.map((each) => `${each.cluster}\n${each.destination.namespace ?? ''}`)),
    anyOpen: incomplete.length > 0,
    custom,
  };
  known.set(repository, made);
  return made;
}

/** Groups outside of Kubernetes itself and of Argo CD: an operator acts on their objects. */
export function isCustom(group: string): boolean {
  if (group === '' || group === 'argoproj.io') return false;
  return group.includes('.') && !builtInGroup.test(group);
}

/** Custom resources that only refer to what others make: routes, scalers, monitors, policies. */
function isConsumer({ object }: Deployed): boolean {
  if (object.kind === 'ServiceEntry') return false;
  return /^(gateway\.networking\.k8s\.io|networking\.istio\.io|security\.istio\.io|telemetry\.istio\.io|keda\.sh|monitoring\.coreos\.com|kyverno\.io)$/.test(
    object.group,
  );
}

const builtInGroup =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage)\.k8s\.io$/;

function* scalars(value: Json): Generator<string> {
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'string' && next.length <= 253) yield next;
    else if (Array.isArray(next)) open.push(...(next as readonly Json[]));
    else if (isObject(next)) open.push(...Object.values(next));
  }
}

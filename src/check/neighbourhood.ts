import { isObject, stringAt } from '../capacity/read.js';
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

/** Whether something at `from` may find an object of a build that failed, in the form that its base gives it. */
export function isAside(repository: Repository, from: Deployed, id: string): boolean {
  return repository.aside.some(
    (each) => `${each.object.group}/${each.object.kind}/${each.object.name}` === id && together(from, each),
  );
}

interface Knowledge {
  /** cluster and namespace of Applications that could not be rendered whole. */
  readonly open: ReadonlySet<string>;
  readonly anyOpen: boolean;
  /** Where Helm or an operator installs packages that are not rendered here: each stands for its place. */
  readonly packages: readonly Deployed[];
  /** Scalars of custom resources: names of what an operator may make. */
  readonly custom: ReadonlyMap<string, readonly Deployed[]>;
  /** Custom resources by their own name, without those that are known to make what they name, and nothing else. */
  readonly owners: ReadonlyMap<string, readonly Deployed[]>;
}

const known = new WeakMap<Repository, Knowledge>();

/**
 * Whether something that is not rendered here goes to the same place: then an object that is missed may well come with it,
 * and nobody can say that it is missing.
 */
export function isOpen(repository: Repository, from: Deployed): boolean {
  if (!from.unit.ok || !from.unit.complete || repository.hasUnknownApplications) return true;
  const { open, anyOpen, packages } = knowledge(repository);
  if (packages.some((each) => together(from, each))) return true;
  if (from.application === undefined || from.namespace === undefined) return anyOpen;
  return open.has(`${from.cluster}\n${from.namespace}`) || open.has(`${from.cluster}\n`);
}

/** Custom resources beside `from` that mention a name: their operator may own the object of that name. */
export function mentionedByCustom(repository: Repository, from: Deployed, name: string): boolean {
  return (knowledge(repository).custom.get(name) ?? []).some(
    (each) => each.object !== from.object && together(from, each),
  );
}

/**
 * A custom resource beside `from` that the name is made from: operators call what they make after it, with a suffix (`<cluster>-app` of
 * CloudNativePG, `<name>-default-user` of RabbitMQ, `<name>-es-elastic-user` of Elastic).
 */
export function namedAfterCustom(repository: Repository, from: Deployed, name: string): boolean {
  for (let end = name.lastIndexOf('-'); end > 0; end = name.lastIndexOf('-', end - 1)) {
    if (isNameOfCustom(repository, from, name.slice(0, end))) return true;
  }
  return false;
}

/** Whether a custom resource beside `from` has this name. */
export function isNameOfCustom(repository: Repository, from: Deployed, name: string): boolean {
  const owners = knowledge(repository).owners.get(name) ?? [];
  return owners.some((each) => each.object !== from.object && together(from, each));
}

function knowledge(repository: Repository): Knowledge {
  const present = known.get(repository);
  if (present !== undefined) return present;
  const incomplete = repository.applications.filter((each) => !each.complete);
  const custom = new Map<string, Deployed[]>();
  const owners = new Map<string, Deployed[]>();
  const packages: Deployed[] = [];
  for (const each of [...repository.deployed, ...repository.aside]) {
    if (!isCustom(each.object.group) || isConsumer(each)) continue;
    if (isPackage(each)) packages.push(installed(each));
    if (!makesOneSecret.has(`${each.object.group}/${each.object.kind}`) && !isRoute.test(each.object.kind)) {
      owners.set(each.object.name, [...(owners.get(each.object.name) ?? []), each]);
    }
    for (const text of new Set(scalars(each.object.value))) {
      const list = custom.get(text);
      if (list === undefined) custom.set(text, [each]);
      else list.push(each);
    }
  }
  const made = {
    open: new Set(incomplete.map((each) => `${each.cluster}\n${each.destination.namespace ?? ''}`)),
    anyOpen: incomplete.length > 0,
    packages,
    custom,
    owners,
  };
  known.set(repository, made);
  return made;
}

/** Packages that a controller in the cluster installs: Flux, k3s and Crossplane for Helm charts, OLM for operators. */
function isPackage({ object: { group, kind } }: Deployed): boolean {
  return (
    (group === 'helm.toolkit.fluxcd.io' && kind === 'HelmRelease') ||
    (group === 'helm.cattle.io' && kind === 'HelmChart') ||
    (group === 'helm.crossplane.io' && kind === 'Release') ||
    (group === 'operators.coreos.com' && kind === 'Subscription')
  );
}

/** The place that a package goes to: what it says, else its own namespace. */
function installed(place: Deployed): Deployed {
  const { value } = place.object;
  const target = stringAt(value, 'spec', 'targetNamespace') ?? stringAt(value, 'spec', 'forProvider', 'namespace');
  return target === undefined ? place : { ...place, namespace: target };
}

/** Routes of any controller (Traefik, OpenShift, Contour) refer to what others make. */
const isRoute = /Route|Ingress|Gateway|VirtualService|DestinationRule|HTTPProxy/;

/** What these make has a name that they state. */
const makesOneSecret: ReadonlySet<string> = new Set([
  'external-secrets.io/ExternalSecret',
  'bitnami.com/SealedSecret',
  'cert-manager.io/Certificate',
]);

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

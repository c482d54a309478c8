import { isObject, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed, KubeObject } from '../../../repository/model.js';
import { found, isAside, isOpen, mentionedByCustom, namedAfterCustom } from '../../neighbourhood.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const missingBackend: Rule = {
  id: 'missing-backend',
  group: 'references',
  severity: 'error',
  summary: 'A route leads to a Service that nothing makes, or to a port that it does not have.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.deployed) {
      const said = new Set<string>();
      for (const backend of backendsOf(place.object)) {
        const from = backend.namespace === undefined ? place : { ...place, namespace: backend.namespace };
        const services = found(repository, from, `/Service/${backend.name}`);
        const problem = services.length === 0 ? missing(repository, from, backend) : wrongPort(services, backend);
        // A Service that several paths lead to is missing once.
        const fault = `${backend.namespace ?? ''}/${backend.name} ${problem?.pointer === backend.pointer ? '' : backend.port?.value}`;
        if (problem === undefined || said.has(fault)) continue;
        said.add(fault);
        onFinding(
          onField(place.object, problem.pointer, {
            application: place.application,
            namespace: place.namespace,
            ...(place.application === undefined ? { severity: 'warning' as const } : {}),
            message: `${place.object.kind} ${place.object.name} ${problem.message}`,
            ...(problem.allowed === undefined ? {} : { allowed: problem.allowed }),
            key: backend.name,
          }),
        );
      }
    }
  },
};

interface Backend {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly pointer: string;
  readonly port: { readonly value: number | string; readonly pointer: string } | undefined;
}

function backendsOf(object: KubeObject): Backend[] {
  if (object.kind === 'Ingress' && object.group === 'networking.k8s.io') return ingressBackends(object);
  if (object.group === 'gateway.networking.k8s.io' && /^(HTTP|GRPC|TCP|TLS|UDP)Route$/.test(object.kind))
    return routeBackends(object);
  if (object.group === 'networking.istio.io' && object.kind === 'VirtualService') return virtualServiceBackends(object);
  return [];
}

function ingressBackends({ value }: KubeObject): Backend[] {
  const out: Backend[] = [];
  const add = (backend: JsonObject, pointer: string): void => {
    const name = stringAt(backend, 'service', 'name');
    const port = objectAt(backend, 'service', 'port');
    // The AWS load balancer controller finds such a backend among the Ingress's annotations (`actions.<name>`), and no Service.
    if (name === undefined || port['name'] === 'use-annotation') return;
    const key = port['name'] === undefined ? 'number' : 'name';
    const chosen = port[key];
    out.push({
      name,
      namespace: undefined,
      pointer: `${pointer}/service/name`,
      port:
        typeof chosen === 'number' || typeof chosen === 'string'
          ? { value: chosen, pointer: `${pointer}/service/port/${key}` }
          : undefined,
    });
  };
  add(objectAt(value, 'spec', 'defaultBackend'), '/spec/defaultBackend');
  for (const [r, rule] of objectsAt(value, 'spec', 'rules').entries()) {
    for (const [p, path] of objectsAt(rule, 'http', 'paths').entries()) {
      add(objectAt(path, 'backend'), `/spec/rules/${r}/http/paths/${p}/backend`);
    }
  }
  return out;
}

function routeBackends({ value }: KubeObject): Backend[] {
  return objectsAt(value, 'spec', 'rules').flatMap((rule, r) =>
    objectsAt(rule, 'backendRefs').flatMap((ref, b) => {
      const name = stringAt(ref, 'name');
      const isService = (ref['kind'] ?? 'Service') === 'Service' && (ref['group'] ?? '') === '';
      if (name === undefined || !isService) return [];
      const pointer = `/spec/rules/${r}/backendRefs/${b}`;
      const port = ref['port'];
      return [
        {
          name,
          namespace: stringAt(ref, 'namespace'),
          pointer: `${pointer}/name`,
          port: typeof port === 'number' ? { value: port, pointer: `${pointer}/port` } : undefined,
        },
      ];
    }),
  );
}

/** Hosts of destinations that are Services: short names, and `name.namespace[.svc[.cluster.local]]`. */
function virtualServiceBackends({ value }: KubeObject): Backend[] {
  return ['http', 'tcp', 'tls'].flatMap((protocol) =>
    objectsAt(value, 'spec', protocol).flatMap((route, r) =>
      objectsAt(route, 'route').flatMap((to, i) => {
        const destination = objectAt(to, 'destination');
        const host = stringAt(destination, 'host') ?? '';
        const parts = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?)?$/.exec(host);
        if (parts?.[1] === undefined) return [];
        const pointer = `/spec/${protocol}/${r}/route/${i}/destination`;
        const port = destination['port'];
        const number = isObject(port) ? port['number'] : undefined;
        return [
          {
            name: parts[1],
            namespace: parts[2],
            pointer: `${pointer}/host`,
            port: typeof number === 'number' ? { value: number, pointer: `${pointer}/port/number` } : undefined,
          },
        ];
      }),
    ),
  );
}

interface Fault {
  readonly pointer: string;
  readonly message: string;
  readonly allowed?: readonly string[];
}

function missing(repository: Repository, from: Deployed, backend: Backend): Fault | undefined {
  if (/[{}$<>]/.test(backend.name) || isOpen(repository, from)) return undefined;
  if (isAside(repository, from, `/Service/${backend.name}`)) return undefined;
  // Operators make Services for their objects: named after them, or by a name that stands in them.
  if (mentionedByCustom(repository, from, backend.name) || namedAfterCustom(repository, from, backend.name))
    return undefined;
  const where = from.namespace === undefined ? '' : ` in namespace ${from.namespace}`;
  const there = (repository.byName.get(`/Service/${backend.name}`) ?? []).find((each) => each.namespace !== undefined);
  const elsewhere = there === undefined ? '' : ` There is one in namespace ${there.namespace}.`;
  return {
    pointer: backend.pointer,
    message: `leads to Service ${backend.name}, and nothing in this repository makes that Service${where}.${elsewhere}`,
  };
}

function wrongPort(services: readonly Deployed[], { name, port }: Backend): Fault | undefined {
  if (port === undefined) return undefined;
  const ports = services.flatMap((each) => objectsAt(each.object.value, 'spec', 'ports'));
  const key = typeof port.value === 'number' ? 'port' : 'name';
  if (ports.some((each) => each[key] === port.value)) return undefined;
  if (
    services.some(
      (each) =>
        each.object.value['spec'] === undefined || stringAt(each.object.value, 'spec', 'type') === 'ExternalName',
    )
  ) {
    return undefined;
  }
  const has = [...new Set(ports.flatMap((each) => each[key] ?? each['port'] ?? []).map(String))];
  return {
    pointer: port.pointer,
    message: `leads to port ${port.value} of Service ${name}, which has no such port${has.length === 0 ? '' : `: it has ${has.join(', ')}`}.`,
    allowed: has,
  };
}

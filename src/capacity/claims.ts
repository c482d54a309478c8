import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { Device, DeviceAttribute, DeviceChoice, DeviceRequest, NodeFacts, Taint, Toleration } from './facts.js';
import { amountOf } from './quantity.js';
import { at, integerAt, isObject, objectAt, objectsAt, stringAt } from './read.js';

/**
 * Dynamic resource allocation as it is written down (resource.k8s.io/v1; v1beta1 and v1beta2 read alike): claims, and the devices
 * that drivers publish in ResourceSlices. Read at Kubernetes 1.34.
 */

/** What a ResourceClaim or a template asks for, and what of it was not understood (clauses). */
export interface ClaimedDevices {
  readonly requests: readonly DeviceRequest[];
  readonly matchAttributes: readonly string[];
  readonly unread: readonly string[];
}

/** Claims by `claim namespace/name` and `template namespace/name`. */
export function claimsAmong(objects: Iterable<JsonObject>): ReadonlyMap<string, ClaimedDevices> {
  const found = new Map<string, ClaimedDevices>();
  for (const object of objects) {
    const kind = stringAt(object, 'kind');
    const name = `${stringAt(object, 'metadata', 'namespace') ?? 'default'}/${stringAt(object, 'metadata', 'name') ?? ''}`;
    if (kind === 'ResourceClaimTemplate') found.set(`template ${name}`, claimed(objectAt(object, 'spec', 'spec')));
    if (kind === 'ResourceClaim') found.set(`claim ${name}`, claimed(objectAt(object, 'spec')));
  }
  return found;
}

function claimed(spec: JsonObject): ClaimedDevices {
  const unread = new Set<string>();
  const requests = objectsAt(spec, 'devices', 'requests').map((request): DeviceRequest => {
    const alternatives = objectsAt(request, 'firstAvailable');
    const exact = isObject(at(request, 'exactly')) ? objectAt(request, 'exactly') : request;
    const wanted = alternatives.length > 0 ? alternatives : [exact];
    return {
      name: stringAt(request, 'name') ?? '',
      // Access for administrators uses a device that others use as well: it takes nothing away.
      choices: wanted.filter((each) => at(each, 'adminAccess') !== true).map((each) => choice(each, unread)),
    };
  });
  const constraints = objectsAt(spec, 'devices', 'constraints');
  if (constraints.some((each) => stringAt(each, 'matchAttribute') === undefined))
    unread.add('of its constraints only matchAttribute is judged');
  return {
    requests: requests.filter(({ choices }) => choices.length > 0),
    matchAttributes: constraints.flatMap((each) => stringAt(each, 'matchAttribute') ?? []),
    unread: [...unread],
  };
}

function choice(request: JsonObject, unread: Set<string>): DeviceChoice {
  if (isObject(at(request, 'capacity')))
    unread.add('shares of the capacity of a device are not judged: it was counted whole');
  return {
    deviceClass: stringAt(request, 'deviceClassName') ?? '',
    selectors: objectsAt(request, 'selectors').flatMap((each) => stringAt(each, 'cel', 'expression') ?? []),
    count: stringAt(request, 'allocationMode') === 'All' ? 'all' : (integerAt(request, 'count') ?? 1),
    tolerations: objectsAt(request, 'tolerations').map(toleration),
  };
}

function toleration(entry: JsonObject): Toleration {
  const [key, value, effect] = ['key', 'value', 'effect'].map((name) => stringAt(entry, name));
  return {
    ...(key === undefined || key === '' ? {} : { key }),
    operator: stringAt(entry, 'operator') === 'Exists' ? 'Exists' : 'Equal',
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined || effect === '' ? {} : { effect }),
  };
}

/** Adds to every node the devices that ResourceSlices publish for it by its name. */
export function withResourceSlices(nodes: readonly NodeFacts[], slices: Iterable<JsonObject>): readonly NodeFacts[] {
  const current = newest([...slices].filter((each) => stringAt(each, 'kind') === 'ResourceSlice'));
  const counters = new Map<string, Record<string, Record<string, number>>>();
  for (const slice of current) {
    const sets = counters.get(poolKey(slice)) ?? {};
    for (const set of objectsAt(slice, 'spec', 'sharedCounters'))
      sets[stringAt(set, 'name') ?? ''] = amountsOf(set, 'counters');
    counters.set(poolKey(slice), sets);
  }
  const devices = new Map<string, Device[]>();
  for (const slice of current) {
    const node = stringAt(slice, 'spec', 'nodeName');
    if (node === undefined) continue;
    const own = objectsAt(slice, 'spec', 'devices').map((each) =>
      device(slice, each, counters.get(poolKey(slice)) ?? {}),
    );
    devices.set(node, [...(devices.get(node) ?? []), ...own]);
  }
  return nodes.map((node) => {
    const found = devices.get(node.name);
    return found === undefined ? node : { ...node, devices: [...(node.devices ?? []), ...found] };
  });
}

/** Slices whose devices are not those of one node by its name: network-attached devices. Sentences. */
export function unplacedSlices(slices: Iterable<JsonObject>): readonly string[] {
  const found = [...slices].filter(
    (each) => objectsAt(each, 'spec', 'devices').length > 0 && stringAt(each, 'spec', 'nodeName') === undefined,
  );
  return found.map(
    (each) =>
      `ResourceSlice ${stringAt(each, 'metadata', 'name') ?? ''} offers devices to several nodes: they were not counted`,
  );
}

function poolKey(slice: JsonObject): string {
  return `${stringAt(slice, 'spec', 'driver') ?? ''}/${stringAt(slice, 'spec', 'pool', 'name') ?? stringAt(slice, 'spec', 'nodeName') ?? ''}`;
}

/** Of a pool only the slices of the highest generation hold. */
function newest(slices: readonly JsonObject[]): readonly JsonObject[] {
  const generation = (slice: JsonObject) => integerAt(slice, 'spec', 'pool', 'generation') ?? 0;
  const highest = new Map<string, number>();
  for (const slice of slices)
    highest.set(poolKey(slice), Math.max(highest.get(poolKey(slice)) ?? 0, generation(slice)));
  return slices.filter((slice) => generation(slice) === highest.get(poolKey(slice)));
}

/** v1beta1 keeps what a device is under `basic`. */
function device(slice: JsonObject, entry: JsonObject, sets: Device['counters']): Device {
  const driver = stringAt(slice, 'spec', 'driver') ?? '';
  const body = isObject(at(entry, 'basic')) ? objectAt(entry, 'basic') : entry;
  const qualified = (name: string) => (name.includes('/') ? name : `${driver}/${name}`);
  const consumes: Record<string, Record<string, number>> = {};
  for (const each of objectsAt(body, 'consumesCounters'))
    consumes[stringAt(each, 'counterSet') ?? ''] = amountsOf(each, 'counters');
  return {
    driver,
    pool: stringAt(slice, 'spec', 'pool', 'name') ?? '',
    name: stringAt(entry, 'name') ?? '',
    attributes: Object.fromEntries(
      Object.entries(objectAt(body, 'attributes')).flatMap(([name, value]) => {
        const read = isObject(value) ? attributeOf(value) : undefined;
        return read === undefined ? [] : [[qualified(name), read]];
      }),
    ),
    capacity: Object.fromEntries(
      Object.entries(amountsOf(body, 'capacity')).map(([name, amount]) => [qualified(name), amount]),
    ),
    taints: objectsAt(body, 'taints').map((taint) => ({
      key: stringAt(taint, 'key') ?? '',
      value: stringAt(taint, 'value') ?? '',
      effect: (stringAt(taint, 'effect') ?? 'NoSchedule') as Taint['effect'],
    })),
    consumes,
    counters: Object.fromEntries(Object.keys(consumes).map((set) => [set, sets[set] ?? {}])),
  };
}

function attributeOf(value: JsonObject): DeviceAttribute | undefined {
  const version = stringAt(value, 'version');
  if (version !== undefined) return { version };
  const [plain] = ['string', 'int', 'bool'].flatMap((key) => (value[key] === undefined ? [] : [value[key]]));
  return typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean' ? plain : undefined;
}

/** `{name: {value: quantity}}`; v1beta1 of capacity gives the quantity alone. */
function amountsOf(holder: JsonObject, key: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(objectAt(holder, key)).flatMap(([name, entry]) => {
      const amount = amountOf(name, isObject(entry) ? (at(entry, 'value') ?? 0) : entry);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );
}

/** Devices in use, as `driver/pool/name`, by the claims (`namespace/name`) that hold them. */
export function allocatedDevices(objects: Iterable<JsonObject>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const object of objects) {
    if (stringAt(object, 'kind') !== 'ResourceClaim') continue;
    const claim = `${stringAt(object, 'metadata', 'namespace') ?? 'default'}/${stringAt(object, 'metadata', 'name') ?? ''}`;
    for (const result of objectsAt(object, 'status', 'allocation', 'devices', 'results')) {
      if (at(result, 'adminAccess') === true) continue;
      found.set(['driver', 'pool', 'device'].map((name) => stringAt(result, name) ?? '').join('/'), claim);
    }
  }
  return found;
}

import type { JsonObject } from '../diagnostics/diagnostic.js';
import { allocatedDevices } from './claims.js';
import { mostDevices } from './counters.js';
import { withCards, withImplicitClaims } from './device-sources.js';
import type { Device, DeviceChoice, NodeFacts, PodFacts, PodTemplate, Resources, WorkloadDemand } from './facts.js';
import { addResources } from './facts.js';
import { tolerates } from './match.js';
import { objectsAt, stringAt } from './read.js';

/**
 * Devices by claim, as amounts that nodes have and Pods need, so that the same engine judges them.
 *
 * Every kind of request (class, selectors, tolerations) matches a set of devices. Which requests can be met together on a node
 * is a question of Hall's theorem: of every union of kinds there must be as many devices as are asked for inside it. So each union
 * of kinds that overlap becomes a resource: a node has as much of it as it has devices in it, and a request needs one of
 * every union that contains its kind. Devices that share counters (partitions) bound these amounts further.
 */

/** Whether a device meets a CEL expression; undefined where that cannot be said. */
export type DeviceSelector = (expression: string, device: Device) => boolean | undefined;

export interface DeviceOptions {
  /** DeviceClasses, and ResourceClaims with what they hold already. */
  readonly objects?: Iterable<JsonObject>;
  readonly selector?: DeviceSelector;
}

export interface WithDevices {
  readonly nodes: readonly NodeFacts[];
  readonly workloads: readonly WorkloadDemand[];
}

/** Classes that drivers install with themselves (their Helm charts), by the CEL they have there. */
const knownClasses: Readonly<Record<string, readonly string[]>> = {
  // NVIDIA/k8s-dra-driver-gpu, chart 25.3
  'gpu.nvidia.com': ["device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'gpu'"],
  'mig.nvidia.com': ["device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'mig'"],
};

interface Kind {
  readonly choice: DeviceChoice;
  /** Devices by their index in the list of all. */
  readonly devices: ReadonlySet<number>;
  readonly undecided: boolean;
}

interface Entry {
  readonly device: Device;
  readonly node: number;
}

/** Unions of kinds that overlap are kept up to so many; more are left out, which is said. */
const mostUnions = 64;
/** Ways to meet the claims of one workload. */
const mostWays = 8;
/** More than a node can have Pods: what a request for all devices takes of the resource that keeps others away. */
const everything = 10_000;

export function withDevices(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  options: DeviceOptions = {},
): WithDevices {
  const objects = [...(options.objects ?? [])];
  const classes = new Map(
    objects
      .filter((each) => stringAt(each, 'kind') === 'DeviceClass')
      .map((each) => [stringAt(each, 'metadata', 'name') ?? '', each]),
  );
  const claiming = workloads.some(claimsDevices);
  const implied = claiming ? workloads : withImplicitClaims(nodes, workloads, classes);
  if (!claiming && implied === workloads) return { nodes, workloads };
  const published = nodes.some((node) => (node.devices ?? []).length > 0);
  const equipped = published ? nodes : nodes.map(withCards);
  if (!equipped.some((node) => (node.devices ?? []).length > 0)) return { nodes, workloads: workloads.map(unjudged) };
  return new DeviceTable(equipped, implied, classes, objects, options.selector).result(!published);
}

function claimsDevices(workload: WorkloadDemand): boolean {
  return workload.templates.some(({ pod }) => (pod.claims ?? []).some((claim) => claim.requests.length > 0));
}

function unjudged(workload: WorkloadDemand): WorkloadDemand {
  if (!claimsDevices(workload)) return workload;
  const why =
    'its resource claims are not judged, since nothing says which devices the nodes publish: kubectl get nodes,resourceslices -o json';
  return { ...workload, unread: [...new Set([...workload.unread, why])].sort() };
}

/** All kinds of request on all devices, and what follows for nodes and Pods. */
class DeviceTable {
  private readonly entries: readonly Entry[];
  private readonly kinds = new Map<string, Kind>();
  private readonly unions: ReadonlySet<number>[] = [];
  private readonly names: string[] = [];
  private readonly cutShort: boolean;
  private readonly verdicts = new Map<string, boolean | undefined>();

  constructor(
    private readonly nodes: readonly NodeFacts[],
    private readonly workloads: readonly WorkloadDemand[],
    private readonly classes: ReadonlyMap<string, JsonObject>,
    objects: readonly JsonObject[],
    private readonly selector: DeviceSelector | undefined,
  ) {
    const held = allocatedDevices(objects);
    const ours = new Set(
      workloads.flatMap((each) => each.templates.flatMap(({ pod }) => (pod.claims ?? []).map(({ name }) => name))),
    );
    this.entries = nodes.flatMap((node, index) =>
      (node.devices ?? []).flatMap((device): Entry[] => {
        const by = held.get(`${device.driver}/${device.pool}/${device.name}`);
        return by === undefined || ours.has(by) ? [{ device, node: index }] : [];
      }),
    );
    for (const choice of this.choices()) {
      const key = kindKey(choice);
      if (!this.kinds.has(key)) this.kinds.set(key, this.kindOf(choice));
    }
    this.cutShort = this.join();
  }

  private *choices(): Iterable<DeviceChoice> {
    for (const { templates } of this.workloads)
      for (const { pod } of templates)
        for (const claim of pod.claims ?? []) for (const request of claim.requests) yield* request.choices;
  }

  private kindOf(choice: DeviceChoice): Kind {
    const own = this.classes.get(choice.deviceClass);
    const ofClass =
      own === undefined
        ? (knownClasses[choice.deviceClass] ?? [`device.driver == '${choice.deviceClass.replaceAll("'", '')}'`])
        : objectsAt(own, 'spec', 'selectors').flatMap((each) => stringAt(each, 'cel', 'expression') ?? []);
    const expressions = [...ofClass, ...choice.selectors];
    const devices = new Set<number>();
    let undecided = false;
    this.entries.forEach(({ device }, index) => {
      if (
        !device.taints.every(
          (taint) => taint.effect === 'PreferNoSchedule' || choice.tolerations.some((each) => tolerates(each, taint)),
        )
      )
        return;
      const answers = expressions.map((expression) => this.meets(expression, device));
      if (answers.includes(false)) return;
      if (answers.includes(undefined)) undecided = true;
      devices.add(index);
    });
    return { choice, devices, undecided };
  }

  /** Devices that are alike in what an expression can see get one answer. */
  private meets(expression: string, device: Device): boolean | undefined {
    // Without an evaluator the driver still decides for classes that go by it alone.
    const driver = /^device\.driver == ['"]([^'"]+)['"]$/.exec(expression.trim());
    if (driver !== null) return device.driver === driver[1];
    if (this.selector === undefined)
      return /^device\.driver == ['"]gpu\.nvidia\.com['"]/.test(expression) && device.driver !== 'gpu.nvidia.com'
        ? false
        : undefined;
    const named = (name: string) => expression.includes(name.slice(name.indexOf('/') + 1));
    const seen = [
      expression,
      device.driver,
      Object.entries(device.attributes).filter(([name]) => named(name)),
      Object.entries(device.capacity).filter(([name]) => named(name)),
    ];
    const key = JSON.stringify(seen);
    if (!this.verdicts.has(key)) this.verdicts.set(key, this.selector(expression, device));
    return this.verdicts.get(key);
  }

  /** Closes the sets of devices under union where they overlap; whether that had to stop early. */
  private join(): boolean {
    const known = new Set<string>();
    const add = (set: ReadonlySet<number>, name: string): void => {
      const key = [...set].sort((a, b) => a - b).join(' ');
      if (set.size === 0 || known.has(key)) return;
      known.add(key);
      this.unions.push(set);
      this.names.push(name);
    };
    for (const { choice, devices } of this.kinds.values()) add(devices, nameOf(choice));
    for (let a = 0; a < this.unions.length; a++) {
      for (let b = 0; b < a; b++) {
        const [left, right] = [this.unions[a] as ReadonlySet<number>, this.unions[b] as ReadonlySet<number>];
        if (contains(left, right) || contains(right, left) || ![...left].some((each) => right.has(each))) continue;
        if (this.unions.length >= mostUnions) return true;
        add(new Set([...left, ...right]), `${this.names[a]} or ${this.names[b]}`);
      }
    }
    // The largest of each family bears the name of its class, so that every device is counted once in tables.
    this.unions.forEach((set, index) => {
      const isLargest = !this.unions.some((other, at) => at !== index && other.size > set.size && contains(other, set));
      if (isLargest) this.names[index] = `dra/${this.classOf(set) ?? this.names[index]}`;
    });
    const taken = new Map<string, number>();
    this.names.forEach((name, index) => {
      const times = (taken.get(name) ?? 0) + 1;
      taken.set(name, times);
      if (times > 1) this.names[index] = `${name} (${times})`;
    });
    return false;
  }

  private classOf(set: ReadonlySet<number>): string | undefined {
    const inside = [...this.kinds.values()]
      .filter(({ devices }) => contains(set, devices))
      .map(({ choice }) => choice.deviceClass);
    const different = [...new Set(inside)];
    return different.length === 1 ? different[0] : undefined;
  }

  /** `beside`: devices are the GPUs that the device plugin's resource counts as well. */
  result(beside: boolean): WithDevices {
    const counted = this.nodes.map((node, index) => this.nodeWith(node, index, beside));
    return { nodes: counted, workloads: this.workloads.map((each) => this.workloadWith(each, beside)) };
  }

  private nodeWith(node: NodeFacts, index: number, beside: boolean): NodeFacts {
    const here = this.entries.flatMap((entry, at) => (entry.node === index ? [at] : []));
    if (here.length === 0) return node;
    const amounts: Record<string, number> = {};
    this.unions.forEach((set, at) => {
      const devices = here.filter((each) => set.has(each)).map((each) => (this.entries[each] as Entry).device);
      if (devices.length > 0) amounts[this.resource(at, beside)] = mostDevices(devices);
    });
    for (const kind of this.kinds.values()) {
      if (kind.choice.count === 'all' && here.some((each) => kind.devices.has(each)))
        amounts[allName(kind.choice)] = everything;
    }
    const { devices: _, ...rest } = node;
    return { ...rest, allocatable: addResources(node.allocatable, amounts) };
  }

  /** Where the plugin's resource counts the same cards, only that one is counted in tables. */
  private resource(union: number, beside: boolean): string {
    const name = this.names[union] as string;
    return beside ? name.replace(/^dra\//, 'claimed ') : name;
  }

  private workloadWith(workload: WorkloadDemand, beside: boolean): WorkloadDemand {
    if (!claimsDevices(workload)) return workload;
    const unread = new Set(workload.unread);
    const ways = workload.templates.map((template) => this.waysOf(template.pod, beside, unread));
    const count = ways.reduce((product, each) => product * each.length, 1);
    const combined = Array.from({ length: Math.min(count, mostWays) }, (_, number) => {
      let rest = number;
      return workload.templates.map((template, index): PodTemplate => {
        const own = ways[index] as readonly Resources[];
        const way = own[rest % own.length] as Resources;
        rest = Math.floor(rest / own.length);
        return { ...template, pod: { ...template.pod, requests: addResources(template.pod.requests, way) } };
      });
    });
    const [first = workload.templates, ...others] = combined;
    if (others.length === 0) return { ...workload, templates: first, unread: [...unread].sort() };
    const relaxed = workload.templates.map(
      (template, index): PodTemplate => ({
        ...template,
        pod: {
          ...template.pod,
          requests: addResources(template.pod.requests, least(ways[index] as readonly Resources[])),
        },
      }),
    );
    return { ...workload, templates: first, alternatives: others, relaxed, unread: [...unread].sort() };
  }

  /** What one Pod needs, for each way to meet its claims, the preferred one first. */
  private waysOf(pod: PodFacts, beside: boolean, unread: Set<string>): readonly Resources[] {
    let ways: readonly Resources[] = [{}];
    for (const claim of (pod.claims ?? []).filter((each) => !each.shared)) {
      this.noteConstraints(
        claim.name,
        claim.matchAttributes,
        claim.requests.flatMap(({ choices }) => choices),
        unread,
      );
      for (const request of claim.requests) {
        const usable = request.choices.filter((choice) => this.existsSomewhere(choice));
        const needs = (usable.length > 0 ? usable : request.choices.slice(0, 1)).map((choice) => {
          this.noteChoice(claim.name, choice, unread);
          return this.needOf(choice, beside);
        });
        ways = ways.flatMap((way) => needs.map((need) => addResources(way, need))).slice(0, 64);
      }
    }
    return ways;
  }

  private existsSomewhere(choice: DeviceChoice): boolean {
    const kind = this.kinds.get(kindKey(choice));
    if (kind === undefined) return false;
    const byNode = new Map<number, number>();
    for (const each of kind.devices) {
      const { node } = this.entries[each] as Entry;
      byNode.set(node, (byNode.get(node) ?? 0) + 1);
    }
    const wanted = choice.count === 'all' ? 1 : choice.count;
    return [...byNode.values()].some((count) => count >= wanted);
  }

  needOf(choice: DeviceChoice, beside: boolean): Resources {
    const kind = this.kinds.get(kindKey(choice)) as Kind;
    const need: Record<string, number> = {};
    const add = (name: string, amount: number) => {
      need[name] = (need[name] ?? 0) + amount;
    };
    if (choice.count === 'all') add(allName(choice), everything);
    const count = choice.count === 'all' ? 1 : choice.count;
    if (kind.devices.size === 0) return { [`dra/${choice.deviceClass}`]: count };
    this.unions.forEach((set, index) => {
      if (contains(set, kind.devices)) add(this.resource(index, beside), count);
    });
    if (beside) add('nvidia.com/gpu', count);
    // One who takes all devices of a node shares none of them: others hold a piece of what it needs whole.
    for (const other of this.kinds.values()) {
      if (other.choice.count !== 'all' || kindKey(other.choice) === kindKey(choice)) continue;
      if ([...kind.devices].some((each) => other.devices.has(each))) add(allName(other.choice), 1);
    }
    return need;
  }

  private noteChoice(claim: string, choice: DeviceChoice, unread: Set<string>): void {
    const kind = this.kinds.get(kindKey(choice));
    if (kind?.undecided === true)
      unread.add(
        `resource claim ${claim}: whether devices meet ${choice.selectors.join(' and ') || `class ${choice.deviceClass}`} cannot be said of what is known of them: every device that may meet it was counted. kubectl get nodes,resourceslices -o json shows them`,
      );
    if (this.cutShort)
      unread.add(`resource claim ${claim}: selectors overlap in too many ways: not all were held against each other`);
    const sharing = [...(kind?.devices ?? [])].some(
      (each) => Object.keys((this.entries[each] as Entry).device.consumes).length > 0,
    );
    const other = [...this.kinds.values()].some(
      (each) =>
        each !== kind &&
        [...each.devices].some((one) => Object.keys((this.entries[one] as Entry).device.consumes).length > 0),
    );
    if (sharing && other)
      unread.add(
        `resource claim ${claim}: its devices are cut from what others are cut from too; how many of each go together is bounded for each kind and for their sums, and not searched for`,
      );
  }

  /** A constraint holds by itself where all devices of a node have one value of the attribute. */
  private noteConstraints(
    claim: string,
    attributes: readonly string[],
    choices: readonly DeviceChoice[],
    unread: Set<string>,
  ): void {
    const total = choices.reduce((sum, { count }) => sum + (count === 'all' ? 2 : count), 0);
    if (total < 2) return;
    for (const attribute of attributes) {
      const values = new Map<number, Set<string>>();
      for (const choice of choices) {
        for (const each of this.kinds.get(kindKey(choice))?.devices ?? []) {
          const { device, node } = this.entries[each] as Entry;
          const own = values.get(node) ?? new Set<string>();
          own.add(JSON.stringify(device.attributes[attribute]) ?? device.name);
          values.set(node, own);
        }
      }
      if ([...values.values()].some((own) => own.size > 1))
        unread.add(`resource claim ${claim}: that its devices have ${attribute} in common is not judged`);
    }
  }
}

function least(ways: readonly Resources[]): Resources {
  const [first = {}, ...others] = ways;
  return Object.fromEntries(
    Object.entries(first).flatMap(([name, amount]) => {
      const low = others.reduce((min, each) => Math.min(min, each[name] ?? 0), amount);
      return low > 0 ? [[name, low]] : [];
    }),
  );
}

function contains(whole: ReadonlySet<number>, part: ReadonlySet<number>): boolean {
  if (part.size > whole.size) return false;
  for (const each of part) if (!whole.has(each)) return false;
  return true;
}

function kindKey({ deviceClass, selectors, tolerations, count }: DeviceChoice): string {
  return JSON.stringify([deviceClass, selectors, tolerations, count === 'all']);
}

/** `gpu.nvidia.com`, or with its selectors; without a slash, so that tables count a device once. */
function nameOf({ deviceClass, selectors }: DeviceChoice): string {
  if (selectors.length === 0) return `device of ${deviceClass}`;
  const text = selectors.join(' && ').replace(/\s+/g, ' ').replaceAll('/', '∕');
  return `device of ${deviceClass} where ${text.length > 80 ? `${text.slice(0, 79)}…` : text}`;
}

function allName(choice: DeviceChoice): string {
  return `all of ${nameOf(choice)}`;
}

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { demand, deployment, gpu, node, steady } from '../../test/capacity/kit.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { loadHighs } from '../io/highs.js';
import { meetsSelector } from '../schema/cel/device.js';
import { judge, type NodeFacts, podContextOf, type Solver, settle, withResourceSlices } from './index.js';

/** Claims of `resource.k8s.io/v1` held against ResourceSlices. */
let solver: Solver;
beforeAll(async () => {
  solver = await loadHighs();
});

const domain = 'gpu.nvidia.com';
const device = (name: string, attributes: Record<string, string>, more: JsonObject = {}): JsonObject => ({
  name,
  attributes: {
    type: { string: 'gpu' },
    ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, { string: value }])),
  },
  capacity: { memory: { value: '80Gi' } },
  ...more,
});
const slice = (on: string, devices: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceSlice',
  metadata: { name: `${on}-slice` },
  spec: {
    nodeName: on,
    driver: domain,
    pool: { name: on, generation: 1, resourceSliceCount: 1 },
    devices: devices as Json,
    ...more,
  },
});
const exactly = (more: JsonObject = {}): JsonObject => ({ deviceClassName: domain, ...more });
const where = (expression: string): JsonObject => ({ selectors: [{ cel: { expression } }] });
const product = (name: string) => where(`device.attributes['${domain}'].productName == '${name}'`);
const request = (body: JsonObject, name = 'gpu'): JsonObject => ({ name, exactly: body });

function template(name: string, requests: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name, namespace: 'ns' },
    spec: { spec: { devices: { requests: requests as Json, ...more } } },
  };
}

/** Deployments `a`, `b`, …, one for each claim template of the same place, with so many replicas. */
function judged(
  nodes: readonly NodeFacts[],
  objects: readonly JsonObject[],
  replicas: readonly number[],
  withCel = true,
) {
  const templates = objects.filter(({ kind }) => kind === 'ResourceClaimTemplate' || kind === 'ResourceClaim');
  const workloads = replicas.map((count, index) => {
    const claim = templates[index] as JsonObject;
    const { name } = claim['metadata'] as { name: string };
    const key = claim['kind'] === 'ResourceClaim' ? 'resourceClaimName' : 'resourceClaimTemplateName';
    const spec = {
      containers: [{ name: 'c', resources: { claims: [{ name: 'gpu' }] } }],
      resourceClaims: [{ name: 'gpu', [key]: name }],
    };
    return demand(deployment(`d${index}`, spec, { replicas: count }), podContextOf(objects));
  });
  const settled = settle(withResourceSlices(nodes, objects), workloads, {
    objects,
    ...(withCel ? { selector: meetsSelector } : {}),
  });
  const verdict = judge(settled.nodes, settled.workloads, steady(settled.workloads), { order: false, solver });
  return {
    ...settled,
    verdict,
    status: verdict.status,
    unread: [...new Set(settled.workloads.flatMap((each) => each.unread))],
  };
}

const bare = (name: string) => node(name, { gpus: 0 });
const two = [bare('n'), bare('m')];
const h100 = { productName: 'NVIDIA H100 80GB HBM3' };
const l40s = { productName: 'NVIDIA L40S' };
const mixed = [
  slice('n', [device('0', h100), device('1', h100), device('2', l40s)]),
  slice('m', [device('0', l40s), device('1', l40s)]),
];

describe('selectors', () => {
  it.each<[string, readonly JsonObject[], readonly number[], 'possible' | 'impossible']>([
    ['any device of the class', [template('a', [request(exactly())])], [5], 'possible'],
    ['one more than there are', [template('a', [request(exactly())])], [6], 'impossible'],
    [
      'only those that the selector takes',
      [template('a', [request(exactly(product('NVIDIA H100 80GB HBM3')))])],
      [2],
      'possible',
    ],
    ['and no more', [template('a', [request(exactly(product('NVIDIA H100 80GB HBM3')))])], [3], 'impossible'],
    ['none that the selector takes', [template('a', [request(exactly(product('NVIDIA B200')))])], [1], 'impossible'],
    ['two devices of one node', [template('a', [request(exactly({ count: 2 }))])], [2], 'possible'],
    ['three of one node', [template('a', [request(exactly({ count: 3 }))])], [2], 'impossible'],
    [
      'any, beside some that want the best: all together',
      [template('a', [request(exactly(product('NVIDIA H100 80GB HBM3')))]), template('b', [request(exactly())])],
      [2, 3],
      'possible',
    ],
    [
      'one too many together, though each alone fits',
      [template('a', [request(exactly(product('NVIDIA H100 80GB HBM3')))]), template('b', [request(exactly())])],
      [2, 4],
      'impossible',
    ],
    [
      'several requests of one claim',
      [
        template('a', [
          request(exactly(product('NVIDIA H100 80GB HBM3')), 'big'),
          request(exactly(product('NVIDIA L40S')), 'small'),
        ]),
      ],
      [1],
      'possible',
    ],
    [
      'which must be on one node',
      [
        template('a', [
          request(exactly(product('NVIDIA H100 80GB HBM3')), 'big'),
          request(exactly(product('NVIDIA L40S')), 'small'),
        ]),
      ],
      [2],
      'impossible',
    ],
    [
      'memory by quantity',
      [
        template('a', [
          request(exactly(where(`device.capacity['${domain}'].memory.compareTo(quantity('80Gi')) >= 0`))),
        ]),
      ],
      [5],
      'possible',
    ],
  ])('%s', (_, templates, replicas, expected) => {
    const { status, unread } = judged(two, [...mixed, ...templates], replicas);
    expect(status).toBe(expected);
    expect(unread).toEqual([]);
  });

  it('a class of the cluster says by its own selector what is in it', () => {
    const own = {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      metadata: { name: 'big' },
      spec: { selectors: [{ cel: { expression: `device.attributes['${domain}'].productName.contains('H100')` } }] },
    };
    const wanted = template('a', [request({ deviceClassName: 'big' })]);
    expect(judged(two, [...mixed, own, wanted], [2]).status).toBe('possible');
    expect(judged(two, [...mixed, own, wanted], [3]).status).toBe('impossible');
  });

  it('a selector that cannot be decided counts every device that may meet it, and says so', () => {
    const wanted = template('a', [request(exactly(where(`device.attributes['${domain}'].numa == 0`)))]);
    const { status, unread } = judged(two, [...mixed, wanted], [5]);
    expect(status).toBe('possible');
    expect(unread[0]).toContain(
      "resource claim ns/a: whether devices meet device.attributes['gpu.nvidia.com'].numa == 0 cannot be said",
    );
  });
});

describe('all devices of a node', () => {
  const all = template('a', [request(exactly({ allocationMode: 'All' }))]);
  const any = template('b', [request(exactly())]);
  it.each<[readonly JsonObject[], readonly number[], string]>([
    [[all], [2], 'possible'],
    [[all], [3], 'impossible'],
    [[all, any], [1, 3], 'possible'],
    [[all, any], [1, 4], 'impossible'],
    [[all, any], [2, 1], 'impossible'],
  ])('%#: %j replicas', (templates, replicas, expected) => {
    expect(judged(two, [...mixed, ...templates], replicas).status).toBe(expected);
  });
});

describe('partitions that share counters', () => {
  /** A card of four slices of memory: as a whole, or as halves. */
  const card = (number: number): JsonObject[] => {
    const consumes = (memory: string) => ({
      consumesCounters: [{ counterSet: `gpu-${number}`, counters: { memory: { value: memory } } }],
    });
    return [
      device(`gpu-${number}`, { profile: 'whole' }, consumes('80Gi')),
      ...[0, 1].map((half) => device(`gpu-${number}-half-${half}`, { profile: 'half' }, consumes('40Gi'))),
    ];
  };
  const slices = [
    slice('n', [...card(0), ...card(1)]),
    {
      ...slice('n', [], {
        sharedCounters: [0, 1].map((number) => ({ name: `gpu-${number}`, counters: { memory: { value: '80Gi' } } })),
      }),
      metadata: { name: 'counters' },
    },
  ];
  const profile = (name: string) => where(`device.attributes['${domain}'].profile == '${name}'`);
  const whole = template('a', [request(exactly(profile('whole')))]);
  const half = template('b', [request(exactly(profile('half')))]);
  it.each<[readonly JsonObject[], readonly number[], string]>([
    [[whole], [2], 'possible'],
    [[whole], [3], 'impossible'],
    [[half], [4], 'possible'],
    [[half], [5], 'impossible'],
    // Any device: four halves go together, six devices are published.
    [[template('c', [request(exactly())])], [4], 'possible'],
    [[template('c', [request(exactly())])], [5], 'impossible'],
  ])('%#: %j', (templates, replicas, expected) => {
    expect(judged([bare('n')], [...slices, ...templates], replicas).status).toBe(expected);
  });
  it('says where kinds are cut from the same cards', () => {
    expect(judged([bare('n')], [...slices, whole, half], [1, 2]).unread.join()).toContain(
      'cut from what others are cut from too',
    );
  });
});

describe('what else a claim can say', () => {
  const first = (name: string, choices: readonly JsonObject[]) =>
    template(name, [
      { name: 'gpu', firstAvailable: choices.map((each, index) => ({ name: `c${index}`, ...each })) as Json },
    ]);
  it('of alternatives only those that a node can serve are left', () => {
    const wanted = first('a', [exactly(product('NVIDIA B200')), exactly({ ...product('NVIDIA L40S'), count: 2 })]);
    const { status, workloads } = judged(two, [...mixed, wanted], [1]);
    expect(status).toBe('possible');
    expect(workloads[0]?.alternatives).toBeUndefined();
  });
  it('several that can be served are all kept', () => {
    const wanted = first('a', [
      exactly({ ...product('NVIDIA H100 80GB HBM3') }),
      exactly({ ...product('NVIDIA L40S'), count: 2 }),
    ]);
    const [workload] = judged(two, [...mixed, wanted], [1]).workloads;
    expect(workload?.alternatives).toHaveLength(1);
    expect(Object.keys(workload?.relaxed?.[0]?.pod.requests ?? {})).toEqual(['pods']);
  });
  it.each<[string, readonly string[], number, string]>([
    ['the preferred one where it fits', ['NVIDIA H100 80GB HBM3', 'NVIDIA L40S'], 2, 'possible'],
    ['the other one where only it does', ['NVIDIA H100 80GB HBM3', 'NVIDIA L40S'], 3, 'possible'],
    ['both in sum, though neither alone: not decided', ['NVIDIA H100 80GB HBM3', 'NVIDIA L40S'], 5, 'unknown'],
    ['what no way has', ['NVIDIA H100 80GB HBM3', 'NVIDIA H100 80GB HBM3'], 3, 'impossible'],
  ])('%s', (_, products, replicas, expected) => {
    const wanted = first(
      'a',
      products.map((name) => exactly(product(name))),
    );
    expect(judged(two, [...mixed, wanted], [replicas]).status).toBe(expected);
  });
  it('tainted devices are no devices, unless tolerated', () => {
    const tainted = slice('n', [device('0', h100, { taints: [{ key: 'broken', effect: 'NoSchedule' }] })]);
    const plain = template('a', [request(exactly())]);
    const brave = template('a', [request(exactly({ tolerations: [{ key: 'broken', operator: 'Exists' }] }))]);
    expect(judged([bare('n')], [tainted, plain], [1]).status).toBe('impossible');
    expect(judged([bare('n')], [tainted, brave], [1]).status).toBe('possible');
  });
  it('devices that other claims hold are taken', () => {
    const held = {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: { name: 'other', namespace: 'else' },
      status: { allocation: { devices: { results: [{ driver: domain, pool: 'm', device: '0', request: 'gpu' }] } } },
    };
    const wanted = template('a', [request(exactly())]);
    expect(judged(two, [...mixed, wanted, held], [4]).status).toBe('possible');
    expect(judged(two, [...mixed, wanted, held], [5]).status).toBe('impossible');
  });
  it('access for administrators takes nothing', () => {
    const watch = template('a', [request(exactly({ adminAccess: true, allocationMode: 'All' }))]);
    expect(judged(two, [...mixed, watch], [20]).status).toBe('possible');
  });
  it('of a pool only the newest slices count', () => {
    const old = slice('n', [device('0', h100), device('1', h100)]);
    const now = slice('n', [device('0', h100)], { pool: { name: 'n', generation: 2, resourceSliceCount: 1 } });
    expect(judged([bare('n')], [old, now, template('a', [request(exactly())])], [2]).status).toBe('impossible');
  });
  it('Pods that name one claim share its devices, and stand where they are', () => {
    const claim: JsonObject = {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: { name: 'one', namespace: 'ns' },
      spec: { devices: { requests: [request(exactly({ count: 2 }))] as Json } },
    };
    const { verdict } = judged(two, [...mixed, claim], [6]);
    expect(verdict.status).toBe('possible');
    expect(new Set(verdict.placement?.assignments.map((each) => each.node)).size).toBe(1);
    expect(
      judged(
        [slice('n', [device('0', h100)])].length === 1 ? [bare('n')] : [],
        [slice('n', [device('0', h100)]), claim],
        [2],
      ).status,
    ).toBe('impossible');
  });
  it('a constraint that all devices of a node meet is met; another is said not to be judged', () => {
    const root = (value: string) => device(value, { ...h100, root: value });
    const wanted = template('a', [request(exactly({ count: 2 }))], {
      constraints: [{ matchAttribute: `${domain}/root` }],
    });
    const same = slice('n', [device('0', { ...h100, root: 'a' }), device('1', { ...h100, root: 'a' })]);
    expect(judged([bare('n')], [same, wanted], [1]).unread).toEqual([]);
    expect(judged([bare('n')], [slice('n', [root('a'), root('b')]), wanted], [1]).unread).toEqual([
      'resource claim ns/a: that its devices have gpu.nvidia.com/root in common is not judged',
    ]);
  });
  it('without devices in the listing nothing is judged, and what would is said', () => {
    const { status, unread } = judged([bare('n')], [template('a', [request(exactly())])], [9]);
    expect(status).not.toBe('impossible');
    expect(unread.join()).toContain('kubectl get nodes,resourceslices -o json');
  });
});

describe('without ResourceSlices', () => {
  const labelled = node('n', { gpus: 8, labels: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' } });
  it.each<[string, JsonObject, number, string]>([
    ['the cards of the node are its devices', exactly(), 8, 'possible'],
    ['and no more', exactly(), 9, 'impossible'],
    ['their product is known', exactly(product('NVIDIA H100 80GB HBM3')), 8, 'possible'],
    [
      'and their memory',
      exactly(where(`device.capacity['${domain}'].memory.isGreaterThan(quantity('90Gi'))`)),
      1,
      'impossible',
    ],
  ])('%s', (_, body, replicas, expected) => {
    expect(judged([labelled], [template('a', [request(body)])], [replicas]).status).toBe(expected);
  });
  it('claims and requests of the device plugin take the same cards', () => {
    const objects = [template('a', [request(exactly({ count: 4 }))])];
    const plain = demand(deployment('p', { containers: [{ name: 'c', resources: { limits: { [gpu]: 5 } } }] }));
    const { nodes, workloads } = judged([labelled], objects, [1]);
    const both = [...workloads, plain];
    expect(judge(nodes, both, steady(both), { order: false, solver }).status).toBe('impossible');
  });
});

it('the scheduler makes a claim of a request for a resource that a class stands in for', () => {
  const own = {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'DeviceClass',
    metadata: { name: domain },
    spec: { extendedResourceName: gpu, selectors: [{ cel: { expression: `device.driver == '${domain}'` } }] },
  };
  const plain = (count: number) =>
    demand(deployment('p', { containers: [{ name: 'c', resources: { limits: { [gpu]: count } } }] }));
  for (const [count, expected] of [
    [3, 'possible'],
    [4, 'impossible'],
  ] as const) {
    const settled = settle(
      withResourceSlices([{ ...bare('n'), allocatable: { cpu: 1, memory: 1, pods: 9 } }], mixed),
      [plain(count)],
      { objects: [own], selector: meetsSelector },
    );
    expect(judge(settled.nodes, settled.workloads, steady(settled.workloads), { order: false, solver }).status).toBe(
      expected,
    );
  }
});

it('amounts say the same as matching requests with devices one by one', () => {
  const labels = ['a', 'b', 'c'];
  fc.assert(
    fc.property(
      fc.array(fc.subarray(labels), { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(fc.constantFrom(...labels), fc.integer({ min: 1, max: 2 })), { minLength: 1, maxLength: 4 }),
      (devices, wanted) => {
        const published = devices.map((bears, index) =>
          device(String(index), Object.fromEntries(labels.map((label) => [label, String(bears.includes(label))]))),
        );
        const templates = wanted.map(([label, count], index) =>
          template(`t${index}`, [
            request(exactly({ count, ...where(`device.attributes['${domain}'].${label} == 'true'`) })),
          ]),
        );
        const { status } = judged(
          [bare('n')],
          [slice('n', published), ...templates],
          wanted.map(() => 1),
        );
        const requests = wanted.flatMap(([label, count]) => Array.from({ length: count }, () => label));
        expect(status).toBe(matchable(requests, devices) ? 'possible' : 'impossible');
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

/** Kuhn's algorithm: whether every request gets a device of its own. */
function matchable(requests: readonly string[], devices: readonly (readonly string[])[]): boolean {
  const owner = new Map<number, number>();
  const place = (request: number, seen: Set<number>): boolean =>
    devices.some((bears, index) => {
      if (!bears.includes(requests[request] as string) || seen.has(index)) return false;
      seen.add(index);
      const other = owner.get(index);
      if (other !== undefined && !place(other, seen)) return false;
      owner.set(index, request);
      return true;
    });
  return requests.every((_, request) => place(request, new Set()));
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { call } from '../support/cli.js';

let home: string;

function node(name: string, gpus: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3', 'kubernetes.io/hostname': name } },
    status: {
      allocatable: { cpu: '96', memory: '1000Gi', pods: '110', 'nvidia.com/gpu': String(gpus) },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function deployment(name: string, replicas: number, gpus: number): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      template: { spec: { containers: [{ name: 'a', resources: { limits: { 'nvidia.com/gpu': gpus } } }] } },
    },
  });
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-capacity-'));
  writeFileSync(
    join(home, 'nodes.json'),
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [node('n1', 8), node('n2', 8)] }),
  );
  writeFileSync(join(home, 'fits.yaml'), deployment('small', 3, 4));
  writeFileSync(join(home, 'too-many.yaml'), deployment('big', 3, 8));
  const taken = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'other' },
    spec: { nodeName: 'n1', containers: [{ name: 'a', resources: { limits: { 'nvidia.com/gpu': 8 } } }] },
    status: { phase: 'Running' },
  };
  writeFileSync(join(home, 'taken.json'), JSON.stringify(taken));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const run = (...argv: string[]) => call(argv, { cwd: home });

describe('capacity', () => {
  it('gives a placement where the Pods fit', async () => {
    const { code, stdout } = await run('capacity', '--nodes', 'nodes.json', '--pods', 'fits.yaml', '-o', 'json');
    const report = JSON.parse(stdout);
    const schema = JSON.parse((await run('schema', 'capacity-report')).stdout);
    expect(new Ajv({ strict: false }).validate(schema, report)).toBe(true);
    expect(['possible', 'order-safe']).toContain(report.verdict);
    expect(report.placement).toBeDefined();
    expect(code).toBe(0);
  });

  it('gives a proof where they do not', async () => {
    const { code, stdout } = await run('capacity', '--nodes', 'nodes.json', '--pods', 'too-many.yaml', '-o', 'json');
    const report = JSON.parse(stdout);
    expect(report.verdict).toBe('impossible');
    expect(report.certificate).toBeDefined();
    expect(report.message).toMatch(/3 Pods of big need 8 × nvidia\.com\/gpu/);
    expect(code).toBe(1);
  });

  it('counts what runs already', async () => {
    const free = await run('capacity', '--nodes', 'nodes.json', '--pods', 'fits.yaml');
    expect(free.code).toBe(0);
    const taken = await run('capacity', '--nodes', 'nodes.json', '--pods', 'fits.yaml,taken.json');
    expect(taken.stdout).toContain('does not fit');
    expect(taken.code).toBe(1);
  });

  describe('with nodes that take no new Pods', () => {
    const closed = {
      cordoned: { spec: { unschedulable: true } },
      'cordoned by its taint alone': {
        spec: { taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
      },
      'not ready': { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
      unreachable: { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
      'short of disk': { spec: { taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }] } },
      'being removed by the cluster autoscaler': {
        spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', value: '1', effect: 'NoSchedule' }] },
      },
    };
    const cases = Object.entries(closed).map(
      ([why, { spec, status }]: [string, { spec?: object; status?: object }]) => {
        const base = node('n1', 8) as { status: object };
        return [
          why.replace(/ by its taint alone$/, ''),
          { ...base, spec, status: { ...base.status, ...status } },
        ] as const;
      },
    );
    const files = (first: object) => {
      const items = [first, node('n2', 8)];
      writeFileSync(join(home, 'closed.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
      writeFileSync(join(home, 'half.yaml'), deployment('half', 1, 4));
      writeFileSync(join(home, 'three.yaml'), deployment('three', 3, 4));
    };

    it.each(cases)('%s: counts the other node alone, and says so', async (why, first) => {
      files(first);
      const argv = ['capacity', '--nodes', 'closed.json', '--pods'];
      const fits = await run(...argv, 'half.yaml,taken.json', '-o', 'json');
      const report = JSON.parse(fits.stdout);
      const schema = JSON.parse((await run('schema', 'capacity-report')).stdout);
      expect(new Ajv({ strict: false }).validate(schema, report)).toBe(true);
      expect(report.waves[0].pools).toEqual([
        { pool: 'nodes', have: 8, taken: 0, steady: 4, rollout: 8, nodeGone: 0, free: 4 },
      ]);
      expect(report.closed).toEqual([
        { node: 'n1', pool: 'nodes', why: [why], devices: { 'nvidia.com/gpu': 8 }, taken: { 'nvidia.com/gpu': 8 } },
      ]);
      for (const format of ['text', 'markdown', 'html'])
        expect((await run(...argv, 'half.yaml,taken.json', '-o', format)).stdout).toContain(
          `node n1 is ${why}: 8 × nvidia.com/gpu, 8 of them held by Pods that run there`,
        );
      expect((await run(...argv, 'three.yaml')).code).toBe(1);
    });

    it.each(cases)('%s: the imported inventory comes to the same', async (why, first) => {
      files(first);
      const imported = await run('inventory', 'import', 'closed.json', '--pods', 'taken.json');
      expect(imported.stderr).toContain(`Node n1 takes no Pods now (${why}) and was left out.`);
      writeFileSync(join(home, 'imported.yaml'), imported.stdout);
      const pools = async (nodes: string) => {
        const { stdout } = await run('capacity', '--nodes', nodes, '--pods', 'half.yaml', '-o', 'json');
        return JSON.parse(stdout).waves[0].pools.map(({ pool: _, ...figures }: { pool: string }) => figures);
      };
      expect(await pools('imported.yaml')).toEqual(await pools('closed.json'));
    });

    it('counts the node for Pods that tolerate its state', async () => {
      files(cases[0]?.[1] ?? {});
      const tolerant = JSON.parse(deployment('half', 3, 4));
      tolerant.spec.template.spec.tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }];
      writeFileSync(join(home, 'tolerant.json'), JSON.stringify(tolerant));
      const { stdout } = await run('capacity', '--nodes', 'closed.json', '--pods', 'tolerant.json', '-o', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ waves: [{ pools: [{ have: 16, steady: 12, free: 4 }] }], closed: [] });
    });
  });

  it.each(['text', 'markdown', 'html'])('prints %s', async (format) => {
    const { stdout } = await run('capacity', '--nodes', 'nodes.json', '--pods', 'too-many.yaml', '-o', format);
    expect(stdout).toContain('big');
  });

  const wrong: [string, string[], RegExp][] = [
    ['no nodes', ['--pods', 'fits.yaml'], /no nodes are given/],
    ['no Pods', ['--nodes', 'nodes.json'], /no Pods are given/],
    ['nodes that are none', ['--nodes', 'fits.yaml', '--pods', 'fits.yaml'], /holds no Node and no ClusterConfig/],
    ['Pods that are none', ['--nodes', 'nodes.json', '--pods', 'nodes.json'], /hold no Pod and no workload/],
    ['a folder', ['--nodes', '.', '--pods', 'fits.yaml'], /is not a regular file/],
  ];
  it.each(wrong)('%s is a usage error', async (_title, argv, message) => {
    const { code, stderr, stdout } = await run('capacity', ...argv);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('inventory import', () => {
  it('makes one pool of equal nodes, in a form that capacity takes', async () => {
    const { code, stdout } = await run('inventory', 'import', 'nodes.json', '--name', 'production');
    expect(code).toBe(0);
    const config = parse(stdout);
    expect(config.spec.nodePools).toHaveLength(1);
    expect(config.spec.nodePools[0]).toMatchObject({ gpu: 'h100-80gb', gpusPerNode: 8, nodes: 2 });
    writeFileSync(join(home, 'cluster-config.yaml'), stdout);
    const direct = await run('capacity', '--nodes', 'nodes.json', '--pods', 'too-many.yaml', '-o', 'json');
    const imported = await run('capacity', '--nodes', 'cluster-config.yaml', '--pods', 'too-many.yaml', '-o', 'json');
    expect(JSON.parse(imported.stdout).verdict).toBe(JSON.parse(direct.stdout).verdict);
  });

  it('refuses what holds no node', async () => {
    expect((await run('inventory', 'import', 'fits.yaml')).stderr).toContain('holds no Node');
    expect((await run('inventory', 'imprt', 'nodes.json')).stderr).toContain('Did you mean "import"?');
  });
});

describe('the order of arrival', () => {
  it('is sampled where no condition makes every order safe, and the remedy is named', async () => {
    writeFileSync(join(home, 'fragile.yaml'), `${deployment('small', 4, 2)}\n---\n${deployment('big', 1, 8)}\n`);
    const { stdout } = await run('capacity', '--nodes', 'nodes.json', '--pods', 'fragile.yaml');
    expect(stdout).toMatch(
      /Order of arrival:\n {2}\d+ of 32 sampled orders leave Pods Pending, up to 8 GPUs\. Give big a pool of its own/,
    );
    const without = await run('capacity', '--nodes', 'nodes.json', '--pods', 'fragile.yaml', '--no-replay');
    expect(without.stdout).not.toContain('Order of arrival');
  });
});

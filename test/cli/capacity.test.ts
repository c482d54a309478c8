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

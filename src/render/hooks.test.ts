import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fixture, renderFiles } from '../../test/support/rendering.js';

/**
 * The scripts of the hook Jobs, run by a real Python against a server that answers as the engine and as the Kubernetes API do.
 * Skipped where there is no Python.
 */
const python = spawnSync('python3', ['--version']).status === 0;
const { after } = renderFiles(fixture('specs/llama-3.1'));

interface Job {
  readonly script: string;
  readonly env: Record<string, string>;
}

function jobOf(path: string): Job {
  const [container] = parse(String(after.get(path))).spec.template.spec.containers;
  const env = Object.fromEntries(container.env.map((each: { name: string; value: string }) => [each.name, each.value]));
  return { script: container.command.at(-1), env };
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

async function run(answer: RequestListener, job: (url: string) => Job): Promise<Ended> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { script, env } = job(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return await new Promise<Ended>((resolve) => {
      const child = spawn('python3', ['-u', '-c', script], { env: { PATH: process.env['PATH'] ?? '', ...env } });
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      child.stderr.on('data', (chunk) => {
        text += chunk;
      });
      child.on('close', (code) => resolve({ code, text }));
    });
  } finally {
    server.close();
  }
}

describe.skipIf(!python)('the gate of a phase', () => {
  const gate = jobOf('applications/llama-3.1-8b/overlays/production/gate.yaml');
  const against = (answer: RequestListener, change: Record<string, string> = {}) =>
    run(answer, (url) => ({ ...gate, env: { ...gate.env, ENDPOINT: url, ...change } }));
  const good: RequestListener = (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ choices: [{ text: '1 2 3' }] }));
  };

  it('passes where the engine answers in time', async () => {
    const { code, text } = await against(good);
    expect(text).toMatch(/^20 of 20 requests succeeded/);
    expect(code).toBe(0);
  });

  it('fails where too many requests fail', async () => {
    let count = 0;
    const { code, text } = await against((request, response) => {
      count += 1;
      if (count % 5 !== 0) return good(request, response);
      response.statusCode = 500;
      response.end();
    });
    expect(text).toMatch(/16 of 20 requests succeeded[\s\S]*success rate 80\.0% is below 99\.0%/);
    expect(code).toBe(1);
  });

  it('fails where an answer is none', async () => {
    const { code } = await against((_request, response) => response.end('{}'));
    expect(code).toBe(1);
  });

  it('fails where the 95th percentile is too slow', async () => {
    const { code, text } = await against(good, { MAX_LATENCY_MS: '0.001' });
    expect(text).toMatch(/95th percentile \d+ ms is above 0\.001 ms/);
    expect(code).toBe(1);
  });

  it('does not judge latency where no limit is set', async () => {
    const { MAX_LATENCY_MS: _, ...env } = gate.env;
    const { code } = await run(good, (url) => ({ ...gate, env: { ...env, ENDPOINT: url } }));
    expect(code).toBe(0);
  });
});

describe.skipIf(!python)('the GPU check', () => {
  const check = jobOf('applications/llama-3.1-70b-fp8/overlays/production/gpu-check.yaml');
  const node = (name: string, gpus: number, ready = 'True', unschedulable = false) => ({
    metadata: { name },
    spec: { unschedulable },
    status: { allocatable: { 'nvidia.com/gpu': String(gpus) }, conditions: [{ type: 'Ready', status: ready }] },
  });
  const pod = (nodeName: string | undefined, gpus: number) => ({
    spec: { nodeName, containers: [{ resources: { requests: { 'nvidia.com/gpu': String(gpus) } } }, {}] },
  });

  async function judge(nodes: unknown[], pods: unknown[], own: unknown[], status = 200): Promise<Ended> {
    const account = mkdtempSync(join(tmpdir(), 'gitops-gen-account-'));
    writeFileSync(join(account, 'token'), 'secret');
    try {
      return await run(
        (request, response) => {
          response.statusCode = status;
          const path = String(request.url);
          const all = path.startsWith('/api/v1/nodes') ? nodes : path.startsWith('/api/v1/namespaces/') ? own : pods;
          // Two pages, as a large cluster gives them.
          const second = path.includes('continue=more');
          const half = Math.ceil(all.length / 2);
          const items = second ? all.slice(half) : all.slice(0, half);
          response.end(JSON.stringify({ metadata: second ? {} : { continue: 'more' }, items }));
        },
        (url) => ({
          env: check.env,
          // In place of the cluster's address, its certificate and its account.
          script: check.script
            .replace('https://kubernetes.default.svc', url)
            .replace('ssl.create_default_context(cafile=ACCOUNT + "ca.crt")', 'None')
            .replace('/var/run/secrets/kubernetes.io/serviceaccount/', `${account}/`),
        }),
      );
    } finally {
      rmSync(account, { recursive: true });
    }
  }

  it('passes where the replicas that are missing find places', async () => {
    const { code, text } = await judge([node('a', 8), node('b', 8)], [pod('a', 4)], []);
    expect(text).toMatch(
      /0 replicas hold GPUs, 3 more are wanted with 4 x nvidia\.com\/gpu each;\n2 nodes match .* and have room for 3\./,
    );
    expect(code).toBe(0);
  });

  it('fails where GPUs are free, and nowhere four together', async () => {
    const { code, text } = await judge(
      [node('a', 8), node('b', 8), node('c', 8)],
      [pod('a', 5), pod('b', 5), pod('c', 2)],
      [],
    );
    expect(text).toMatch(/room for 1\.[\s\S]*Too few free GPUs: nothing was changed/);
    expect(code).toBe(1);
  });

  it('counts what the model holds already, so that a release on a full cluster passes', async () => {
    const own = [pod('a', 4), pod('a', 4), pod('b', 4)];
    const { code } = await judge([node('a', 8), node('b', 4)], own, own);
    expect(code).toBe(0);
  });

  it('leaves out nodes that are cordoned or not ready', async () => {
    const { code } = await judge([node('a', 8, 'False'), node('b', 8, 'True', true), node('c', 8)], [], []);
    expect(code).toBe(1);
  });

  it('stops nothing where it may not look', async () => {
    const { code, text } = await judge([], [], [], 403);
    expect(text).toMatch(/^Not checked: HTTP Error 403/);
    expect(code).toBe(0);
  });
});

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

/** An engine as its OpenAI server answers: one model, completions with usage, errors as JSON (vllm/entrypoints/openai). */
function engine(
  answer: (count: number) => { status?: number; text?: string; tokens?: number; body?: string } = () => ({}),
): {
  readonly listener: RequestListener;
  readonly asked: { readonly prompts: string[] };
} {
  const asked = { prompts: [] as string[] };
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const reply = (status: number, value: unknown) => {
        response.statusCode = status;
        response.setHeader('Content-Type', 'application/json');
        response.end(typeof value === 'string' ? value : JSON.stringify(value));
      };
      const wrong = (code: number, message: string) =>
        reply(code, {
          error: { message, type: code === 404 ? 'NotFoundError' : 'BadRequestError', param: null, code },
        });
      if (request.method !== 'POST' || request.url !== '/v1/completions') return reply(404, { detail: 'Not Found' });
      if (request.headers['content-type'] !== 'application/json') return wrong(415, 'Unsupported Media Type');
      const { model, prompt, max_tokens: tokens } = JSON.parse(body);
      if (model !== 'llama-3.1-8b') return wrong(404, `The model \`${model}\` does not exist.`);
      if (typeof prompt !== 'string' || !Number.isInteger(tokens)) return wrong(400, 'prompt and max_tokens');
      asked.prompts.push(prompt);
      const { status = 200, text = ' 1, 2', tokens: made = 16, body: raw } = answer(asked.prompts.length);
      if (status !== 200) return wrong(status, 'EngineCore encountered an issue.');
      if (raw !== undefined) return reply(200, raw);
      const choices = [{ index: 0, text, logprobs: null, finish_reason: 'length' }];
      const usage = { prompt_tokens: 4, total_tokens: 4 + made, completion_tokens: made };
      return reply(200, { id: 'cmpl-1', object: 'text_completion', created: 1, model, choices, usage });
    });
  };
  return { listener, asked };
}

describe.skipIf(!python)('the gate of a phase', () => {
  const gate = jobOf('applications/llama-3.1-8b/overlays/production/gate.yaml');
  const against = (answer: RequestListener, change: Record<string, string> = {}) =>
    run(answer, (url) => ({
      ...gate,
      env: { ...gate.env, ENDPOINT: `${url}${new URL(String(gate.env['ENDPOINT'])).pathname}`, ...change },
    }));

  it('passes where the engine answers in time, after as many completions as the phase asks for', async () => {
    const { listener, asked } = engine();
    const { code, text } = await against(listener);
    expect(text).toMatch(/^20 of 20 requests succeeded, 95 % of them within \d+ ms\.\nGate passed\.\n$/);
    expect(code).toBe(0);
    expect(new Set(asked.prompts).size).toBe(20);
  });

  it('fails where too many requests fail, as soon as that is certain', async () => {
    const { listener, asked } = engine((count) => (count % 5 === 0 ? { status: 500 } : {}));
    const { code, text } = await against(listener);
    expect(text).toContain('request 5: HTTP 500: EngineCore encountered an issue.');
    expect(text).toContain('Gate failed: 1 of 5 requests failed, and 20 of 20 have to succeed.');
    expect(code).toBe(1);
    expect(asked.prompts.length).toBe(5);
  });

  it('lets as many fail as the rate allows', async () => {
    const { listener } = engine((count) => (count <= 4 ? { status: 503 } : {}));
    expect((await against(listener, { MIN_SUCCESS_RATE: '0.8' })).code).toBe(0);
    const stricter = engine((count) => (count <= 5 ? { status: 503 } : {}));
    expect((await against(stricter.listener, { MIN_SUCCESS_RATE: '0.8' })).code).toBe(1);
  });

  it.each([
    ['of another model', {}, { MODEL: 'llama-3.1-70b' }, 'HTTP 404: The model `llama-3.1-70b` does not exist.'],
    ['that is empty', { text: '', tokens: 0 }, {}, 'the completion is empty'],
    ['that is no completion', { body: '{}' }, {}, "'choices'"],
    ['that is no JSON', { body: '<html>' }, {}, 'Expecting value'],
  ])('fails at an answer %s, in words', async (_, answer, change, words) => {
    const { code, text } = await against(engine(() => answer).listener, change);
    expect(text).toContain('The first failure: ');
    expect(text).toContain(words);
    expect(code).toBe(1);
  });

  it('fails where nothing listens', async () => {
    const { code, text } = await against(engine().listener, { ENDPOINT: 'http://127.0.0.1:9/v1/completions' });
    expect(text).toContain('Connection refused');
    expect(code).toBe(1);
  });

  it('fails where the 95th percentile is too slow', async () => {
    const { code, text } = await against(engine().listener, { MAX_LATENCY_MS: '0.001' });
    expect(text).toMatch(/Gate failed: the 95th percentile is \d+ ms, and 0\.001 ms are allowed\./);
    expect(code).toBe(1);
  });

  it('does not judge latency where no limit is set', async () => {
    const { MAX_LATENCY_MS: _, ...env } = gate.env;
    const { code } = await run(engine().listener, (url) => ({
      ...gate,
      env: { ...env, ENDPOINT: `${url}/v1/completions` },
    }));
    expect(code).toBe(0);
  });

  it('may do nothing in the cluster, runs a pinned image, and is judged once', () => {
    const job = parse(String(after.get('applications/llama-3.1-8b/overlays/production/gate.yaml')));
    const pod = job.spec.template.spec;
    expect(job.metadata.annotations).toEqual({
      'argocd.argoproj.io/hook': 'PostSync',
      'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    });
    expect(pod).toMatchObject({ automountServiceAccountToken: false, restartPolicy: 'Never' });
    expect(pod.serviceAccountName).toBeUndefined();
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.containers[0]).toMatchObject({
      terminationMessagePolicy: 'FallbackToLogsOnError',
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    const images = parse(String(after.get('versions/production/kustomization.yaml'))).images;
    const own = images.find((each: { name: string }) => each.name === pod.containers[0].image);
    expect(own.newTag).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(job.spec.podFailurePolicy.rules.map((each: { action: string }) => each.action)).toEqual([
      'Ignore',
      'FailJob',
    ]);
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { call } from '../support/cli.js';
import { edit, emptyFolder, files, inRepository, put, read, succeed, url } from '../support/repositories.js';

const versions = 'versions/production/kustomization.yaml';
let made: ReadonlyMap<string, string>;

/** A model on one L4 with a context that its KV cache just holds, scaled by a metric of the engine. */
beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gitops-gen-bumps-'));
  const init = await call(['init', dir, '--yes', '--repository', url, '--env', 'production', '--inventory', 'l4']);
  expect(init.code).toBe(0);
  edit(dir, 'clusters/production/cluster-config.yaml', '# prometheus:', 'prometheus:');
  edit(dir, 'clusters/production/cluster-config.yaml', '# keda:', 'keda:');
  const model = ['add-model', 'llama-3.1-8b', '--revision', 'a'.repeat(40)];
  await succeed(dir, [...model, '--env', 'production=1..3']);
  edit(dir, versions, /newTag: .*/, `newTag: v0.20.1@sha256:${'a'.repeat(64)}`);
  edit(dir, 'families/llama-3.1.yaml', /( +)replicas:/, '$1context: 27000\n$1replicas:');
  await succeed(dir, ['render', '--replan']);
  // Somebody scales by the share of the KV cache, under the name that the metric had.
  const [scaler] = [...files(dir)].find(([, text]) => text.includes('vllm:num_requests_waiting')) ?? [''];
  edit(dir, scaler, /sum\(vllm:num_requests_waiting\{/, 'avg(vllm:gpu_cache_usage_perc{');
  made = files(dir);
  rmSync(dir, { recursive: true });
}, 60_000);

/** What `validate` finds of these rules with another engine in versions/, as Renovate writes it. */
async function bumpedTo(tag: string, rules: string): Promise<readonly string[]> {
  const dir = emptyFolder();
  for (const [path, text] of made) put(dir, path, text);
  edit(dir, versions, /newTag: .*/, `newTag: ${tag}@sha256:${'b'.repeat(64)}`);
  const { stdout } = await inRepository(dir, ['validate', '--only', rules, '-o', 'json']);
  expect(read(dir, versions)).toContain(tag);
  const found = JSON.parse(stdout).diagnostics as readonly { ruleId: string; severity: string; message: string }[];
  return found.map(({ severity, message }) => `${severity}: ${message}`);
}

it('memory: what the new release takes for CUDA graphs, the KV cache lacks', async () => {
  const rules = 'kv-cache-holds-max-model-len';
  expect(await bumpedTo('v0.20.1', rules)).toEqual([]);
  // From 0.21 on they are counted inside --gpu-memory-utilization.
  expect(await bumpedTo('v0.21.0', rules)).toEqual([
    expect.stringMatching(
      /^warning: One request of 27000 tokens needs 3\.30 GiB of KV cache, and 3\.\d+ GiB are expected/,
    ),
  ]);
});

it('flags: what the release does not know', async () => {
  const rules = 'engine-flag-known';
  expect(await bumpedTo('v0.18.0', rules)).toEqual([]);
  expect(await bumpedTo('v0.17.1', rules)).toEqual([
    expect.stringMatching(/^error: .* starts vLLM 0\.17\.1 with --shutdown-timeout, which came with 0\.18/),
  ]);
});

it('metrics: what the release does not show any more', async () => {
  const rules = 'autoscale-metric-exists';
  expect(await bumpedTo('v0.11.2', rules)).toEqual([]);
  expect(await bumpedTo('v0.21.0', rules)).toEqual([
    expect.stringMatching(/^warning: .* asks for vllm:gpu_cache_usage_perc, which vLLM 0\.21\.0 of .* no longer has/),
  ]);
});

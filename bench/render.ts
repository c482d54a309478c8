// Renders and validates a fleet of N models in three environments, each size in a process of its own, and prints time, peak
// memory and growth side by side. `npx tsx bench/render.ts [sizes]`, default 100 and 1,000 models.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const cli = resolve(import.meta.dirname, '../dist/cli.js');
const sizes = process.argv.slice(2).map(Number);

interface Measured {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Runs the command under a wrapper that reports its own peak memory. */
function measure(dir: string, argv: readonly string[]): Measured {
  const wrapper = join(dir, '..', 'measure.mjs');
  writeFileSync(
    wrapper,
    `process.on('exit', () => require('node:fs').writeFileSync(process.env.PEAK, String(process.resourceUsage().maxRSS)));`.replace(
      "require('node:fs')",
      "process.getBuiltinModule('node:fs')",
    ),
  );
  const peak = join(dir, '..', 'peak');
  const begin = process.hrtime.bigint();
  const done = spawnSync(process.execPath, ['--import', wrapper, cli, ...argv, '-C', dir, '--quiet'], {
    encoding: 'utf8',
    env: { ...process.env, PEAK: peak },
    maxBuffer: 1024 * 1024 * 1024,
  });
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  if (done.status !== 0) throw new Error(`${argv.join(' ')} ended with ${done.status}:\n${done.stderr.slice(0, 2000)}`);
  return { seconds, mebibytes: Number(readFileSync(peak, 'utf8')) / 1024 };
}

function family(models: number): string {
  const names = Array.from({ length: models }, (_, i) => `llama-3.1-8b-${String(i).padStart(5, '0')}`);
  const entry = (name: string) =>
    `    - { name: ${name}, model: llama-3.1-8b, revision: 0e9e39f249a16976918f6564b8830bc894c89659, replicas: { development: 1, staging: 1, production: 2 } }`;
  return [
    'apiVersion: gitops-gen.io/v1alpha1',
    'kind: ModelFamily',
    'metadata: { name: bench }',
    'spec:',
    '  models:',
    ...names.map(entry),
    '  phases:',
    `    - { name: all, models: [${names.join(', ')}] }`,
    '',
  ].join('\n');
}

/** A repository whose pools hold that many models. */
function repository(dir: string, models: number): void {
  spawnSync(process.execPath, [cli, 'init', dir, '--yes', '--quiet', '--repository', 'https://github.com/acme/bench']);
  for (const environment of ['development', 'staging', 'production']) {
    const file = join(dir, 'clusters', environment, 'cluster-config.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/nodes: (\{[^}]*\}|\d+)/g, `nodes: ${models * 4}`));
  }
  spawnSync('mkdir', ['-p', join(dir, 'families')]);
  writeFileSync(join(dir, 'families/bench.yaml'), family(models));
}

const home = mkdtempSync(join(tmpdir(), 'gitops-gen-bench-'));
const rows: { models: number; render: Measured; again: Measured; validate: Measured }[] = [];
for (const models of sizes.length > 0 ? sizes : [100, 1000]) {
  const dir = join(home, `fleet-${models}`);
  repository(dir, models);
  rows.push({
    models,
    render: measure(dir, ['render']),
    again: measure(dir, ['render', '--check']),
    validate: measure(dir, ['validate']),
  });
}
rmSync(home, { recursive: true });

const cell = ({ seconds, mebibytes }: Measured) =>
  `${seconds.toFixed(2).padStart(8)} s ${mebibytes.toFixed(0).padStart(6)} MiB`;
console.log('models × 3 environments        render first          render --check                validate');
for (const { models, render, again, validate } of rows) {
  console.log(`${String(models).padStart(8)}          ${cell(render)}   ${cell(again)}   ${cell(validate)}`);
}
const [small, large] = [rows[0], rows.at(-1)];
if (small && large && small !== large) {
  const growth = (step: 'render' | 'again' | 'validate') => (large[step].seconds / small[step].seconds).toFixed(1);
  console.log(
    `growth for ${(large.models / small.models).toFixed(0)} × the models: render ${growth('render')} ×, check ${growth('again')} ×, validate ${growth('validate')} ×`,
  );
}

// Side by side with the real kubectl in one run: `npx tsx bench/build.ts [folder to keep]`.
// Prints the time of whole processes (build of every overlay), the ratios, the growth, and the peak of memory.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { realKubectl } from '../test/support/real-kubectl.js';
import { fleet, tenants } from './fleet.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'gitops-gen-bench-'));
const script = join(root, 'run.mjs');

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

interface Measured {
  readonly milliseconds: number;
  readonly output: string;
}

function run(command: string, args: readonly string[]): Measured {
  const started = process.hrtime.bigint();
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr.slice(0, 500)}`);
  return { milliseconds, output: result.stdout };
}

function write(name: string, repository: Readonly<Record<string, string>>): string {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(repository)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** Median of whole processes that build all overlays, and their peak of memory in MiB. */
function ours(
  folder: string,
  mode: 'overlays' | 'aggregate',
  times: number,
): { milliseconds: number; peak: number; inside: string } {
  const runs = Array.from({ length: times }, () => run(process.execPath, [script, folder, mode]));
  const last = JSON.parse((runs.at(-1) as Measured).output) as { peak: number; inside: string };
  return { milliseconds: median(runs.map(({ milliseconds }) => milliseconds)), ...last };
}

await build({
  entryPoints: [join(here, 'build-process.ts')],
  outfile: script,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
const empty = join(root, 'empty.mjs');
writeFileSync(empty, '');
const kubectl = realKubectl();
const start = median(Array.from({ length: 7 }, () => run(process.execPath, [empty]).milliseconds));
const small = write('300', fleet(100));
const large = write('3000', fleet(1000));
const line = (text: string) => process.stdout.write(`${text}\n`);
line(`empty Node start ${start.toFixed(0)} ms`);

const overlays = ours(small, 'overlays', 5);
line(
  `300 overlays, 1,500 manifests: ${overlays.milliseconds.toFixed(0)} ms whole process (${((100 * start) / overlays.milliseconds).toFixed(0)} % of it the start of Node), peak ${overlays.peak.toFixed(0)} MiB; ${overlays.inside}`,
);
const ten = ours(large, 'overlays', 3);
line(
  `3,000 overlays: ${ten.milliseconds.toFixed(0)} ms, ${(ten.milliseconds / overlays.milliseconds).toFixed(1)} times the time of 300, peak ${ten.peak.toFixed(0)} MiB`,
);
const shared = write('tenants', tenants(1000));
const aggregate = ours(shared, 'aggregate', 3);
line(
  `one kustomization that aggregates 1,000 overlays: ${aggregate.milliseconds.toFixed(0)} ms, peak ${aggregate.peak.toFixed(0)} MiB`,
);

if (kubectl.path === undefined) line(`no comparison: ${kubectl.skip}`);
else {
  const sample = Array.from(
    { length: 10 },
    (_, i) => run(kubectl.path, ['kustomize', join(small, `overlays/model-${i * 9}/production`)]).milliseconds,
  );
  const each = median(sample);
  line(
    `kubectl kustomize: ${each.toFixed(0)} ms an overlay (median of ${sample.length}); 300 overlays, extrapolated: ${((each * 300) / 1000).toFixed(1)} s`,
  );
  line(`ratio: ${((each * 300) / overlays.milliseconds).toFixed(0)} times as fast on 300 overlays`);
  const hundred = run(kubectl.path, ['kustomize', join(shared, 'aggregate-100')]).milliseconds;
  const threeHundred = run(kubectl.path, ['kustomize', join(shared, 'aggregate-300')]).milliseconds;
  const exponent = Math.log(threeHundred / hundred) / Math.log(3);
  const thousand = threeHundred * (1000 / 300) ** exponent;
  line(
    `kubectl, aggregates of 100 and 300: ${(hundred / 1000).toFixed(1)} s and ${(threeHundred / 1000).toFixed(1)} s (grows with the power ${exponent.toFixed(2)}); 1,000, extrapolated: ${(thousand / 1000).toFixed(0)} s`,
  );
  line(
    `ratio: ${(thousand / aggregate.milliseconds).toFixed(0)} times as fast on one aggregate of 1,000 (extrapolated)`,
  );
}
rmSync(root, { recursive: true, force: true });

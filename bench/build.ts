// Side by side with the real kubectl in one run: `npx tsx bench/build.ts`.
// Prints the time of whole processes (build, strict validation and print of every overlay; kubectl only builds), the ratios, the
// growth, the share of an empty Node start and the peak of memory. GITOPS_GEN_DEEP also lets kubectl build the largest aggregate.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { realKubectl } from '../test/support/real-kubectl.js';
import { fleet, tenants } from './fleet.js';

const here = dirname(fileURLToPath(import.meta.url));
const schemas = fileURLToPath(new URL('../schemas', import.meta.url));
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

/** Median of whole processes that build and validate all overlays, and their peak of memory in MiB. */
function ours(
  folder: string,
  mode: 'overlays' | 'aggregate',
  times: number,
): { milliseconds: number; peak: number; inside: string } {
  const runs = Array.from({ length: times }, () => run(process.execPath, [script, folder, mode, schemas]));
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

/** The parabola through three measured times, at another size: what upstream does with the objects of one build grows with their square. */
function parabola(points: readonly (readonly [size: number, time: number])[], at: number): number {
  return points.reduce((sum, [x, y], i) => {
    const others = points.filter((_, j) => j !== i);
    return sum + others.reduce((product, [other]) => (product * (at - other)) / (x - other), y);
  }, 0);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

// Ours and theirs take turns, so that a busy minute is a busy minute for both.
const theirs: number[] = [];
const builtByKubectl = (folder: string) => {
  if (kubectl.path === undefined) return 0;
  return run(kubectl.path, ['kustomize', folder]).milliseconds;
};
const rounds = Array.from({ length: 5 }, (_, round) => {
  for (let i = 0; i < 4; i += 1)
    theirs.push(builtByKubectl(join(small, `overlays/model-${(round * 4 + i) * 5}/production`)));
  return ours(small, 'overlays', 1);
});
const each = median(theirs);
const overlays = {
  ...(rounds.at(-1) as (typeof rounds)[0]),
  milliseconds: median(rounds.map((one) => one.milliseconds)),
};
line(
  `300 overlays, 1,500 manifests, built and strictly validated: ${overlays.milliseconds.toFixed(0)} ms whole process (${((100 * start) / overlays.milliseconds).toFixed(0)} % of it the start of Node), peak ${overlays.peak.toFixed(0)} MiB; ${overlays.inside}`,
);
if (kubectl.path === undefined) line(`no comparison: ${kubectl.skip}`);
else {
  line(
    `kubectl kustomize alone: ${each.toFixed(0)} ms an overlay (median of ${theirs.length} in between); 300 overlays: ${seconds(each * 300)}`,
  );
  line(`ratio: ${((each * 300) / overlays.milliseconds).toFixed(0)} times as fast on 300 overlays (wanted: 60)`);
}
const ten = ours(large, 'overlays', 3);
line(
  `3,000 overlays: ${ten.milliseconds.toFixed(0)} ms, ${(ten.milliseconds / overlays.milliseconds).toFixed(1)} times the time of 300 (wanted: at most 5), peak ${ten.peak.toFixed(0)} MiB`,
);

const shared = write('tenants', tenants(1000));
const before = ours(shared, 'aggregate', 2);
const one = builtByKubectl(join(shared, 'overlays/app/t0'));
const hundred = builtByKubectl(join(shared, 'aggregate-100'));
const threeHundred = builtByKubectl(join(shared, 'aggregate-300'));
const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const measured = deep ? builtByKubectl(join(shared, 'aggregate-1000')) : undefined;
const after = ours(shared, 'aggregate', 3);
const aggregate = Math.min(before.milliseconds, after.milliseconds);
line(
  `one kustomization that aggregates 1,000 overlays, 5,000 objects, built and strictly validated: ${aggregate.toFixed(0)} ms, peak ${after.peak.toFixed(0)} MiB; ${after.inside}`,
);
if (kubectl.path !== undefined) {
  const thousand = parabola(
    [
      [1, one],
      [100, hundred],
      [300, threeHundred],
    ],
    1000,
  );
  line(
    `kubectl, aggregates of 1, 100 and 300: ${seconds(one)}, ${seconds(hundred)} and ${seconds(threeHundred)}; 1,000, extrapolated by the parabola through them: ${seconds(thousand)}`,
  );
  line(
    `ratio: ${(thousand / aggregate).toFixed(0)} times as fast on one aggregate of 1,000 (extrapolated; wanted: 200)`,
  );
  if (measured !== undefined)
    line(`kubectl, aggregate of 1,000, measured: ${seconds(measured)}; ratio ${(measured / aggregate).toFixed(0)}`);
}
rmSync(root, { recursive: true, force: true });

// Side by side with the real kubectl in one run: `npx tsx bench/build.ts`.
// Prints the time of whole processes (build, strict validation and print of every overlay; kubectl only builds), the ratios, the
// growth, the share of an empty Node start and the peak of memory. GITOPS_GEN_DEEP also lets kubectl build the largest aggregate.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Milliseconds of processor time, where the system says (Linux): on a busy machine the fairer measure. */
  readonly processor: number;
  readonly output: string;
}

/** Processor time of all children that have ended, in milliseconds (`man 5 proc`: cutime and cstime, in ticks of 10 ms). */
function ofChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

function run(command: string, args: readonly string[]): Measured {
  const processor = ofChildren();
  const started = process.hrtime.bigint();
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 });
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${result.stderr.slice(0, 500)}`);
  return { milliseconds, processor: ofChildren() - processor, output: result.stdout };
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

interface Ours extends Measured {
  readonly peak: number;
  readonly inside: string;
}

/** A whole process that builds and validates all overlays (or the largest aggregate), and its peak of memory in MiB. */
function ours(folder: string, mode: 'overlays' | 'aggregate'): Ours {
  const measured = run(process.execPath, [script, folder, mode, schemas]);
  return { ...measured, ...(JSON.parse(measured.output) as { peak: number; inside: string }) };
}

/** The run with the least time of several. */
function best(runs: readonly Ours[]): Ours {
  return runs.reduce((least, one) => (one.milliseconds < least.milliseconds ? one : least));
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

function ratio(theirs: { wall: number; processor: number }, mine: Measured): string {
  const byProcessor = Number.isNaN(mine.processor)
    ? ''
    : ` (${(theirs.processor / mine.processor).toFixed(0)} by processor time)`;
  return `${(theirs.wall / mine.milliseconds).toFixed(0)} times as fast${byProcessor}`;
}

// Ours and theirs take turns, so that a busy minute is a busy minute for both.
const theirs: Measured[] = [];
const nothing: Measured = { milliseconds: 0, processor: 0, output: '' };
const byKubectl = (folder: string) => (kubectl.path === undefined ? nothing : run(kubectl.path, ['kustomize', folder]));
const rounds = Array.from({ length: 5 }, (_, round) => {
  for (let i = 0; i < 4; i += 1)
    theirs.push(byKubectl(join(small, `overlays/model-${(round * 4 + i) * 5}/production`)));
  return ours(small, 'overlays');
});
const overlays = {
  ...best(rounds),
  milliseconds: median(rounds.map(({ milliseconds }) => milliseconds)),
  processor: median(rounds.map(({ processor }) => processor)),
};
line(
  `300 overlays, 1,500 manifests, built and strictly validated: ${overlays.milliseconds.toFixed(0)} ms whole process (${((100 * start) / overlays.milliseconds).toFixed(0)} % of it the start of Node), peak ${overlays.peak.toFixed(0)} MiB; the best of ${rounds.length}: ${overlays.inside}`,
);
if (kubectl.path === undefined) line(`no comparison: ${kubectl.skip}`);
else {
  const each = median(theirs.map(({ milliseconds }) => milliseconds));
  const processor = median(theirs.map((one) => one.processor));
  line(
    `kubectl kustomize alone: ${each.toFixed(0)} ms an overlay (median of ${theirs.length} in between); 300 overlays: ${seconds(each * 300)}`,
  );
  line(`ratio: ${ratio({ wall: each * 300, processor: processor * 300 }, overlays)} on 300 overlays (wanted: 60)`);
}
const ten = best([ours(large, 'overlays'), ours(large, 'overlays')]);
line(
  `3,000 overlays: ${ten.milliseconds.toFixed(0)} ms, ${(ten.milliseconds / overlays.milliseconds).toFixed(1)} times the time of 300 (wanted: at most 5), peak ${ten.peak.toFixed(0)} MiB`,
);

const shared = write('tenants', tenants(1000));
const sizes = [1, 100, 300] as const;
const before = ours(shared, 'aggregate');
const builds = sizes.map((size) => byKubectl(join(shared, size === 1 ? 'overlays/app/t0' : `aggregate-${size}`)));
const measured = process.env['GITOPS_GEN_DEEP'] === undefined ? undefined : byKubectl(join(shared, 'aggregate-1000'));
const aggregate = best([before, ours(shared, 'aggregate'), ours(shared, 'aggregate')]);
line(
  `one kustomization that aggregates 1,000 overlays, 5,000 objects, built and strictly validated: ${aggregate.milliseconds.toFixed(0)} ms, peak ${aggregate.peak.toFixed(0)} MiB; ${aggregate.inside}`,
);
if (kubectl.path !== undefined) {
  const at = (part: (one: Measured) => number) =>
    parabola(
      sizes.map((size, i) => [size, part(builds[i] as Measured)]),
      1000,
    );
  const thousand = { wall: at(({ milliseconds }) => milliseconds), processor: at((one) => one.processor) };
  line(
    `kubectl, aggregates of ${sizes.join(', ')}: ${builds.map(({ milliseconds }) => seconds(milliseconds)).join(', ')}; 1,000, extrapolated by the parabola through them: ${seconds(thousand.wall)}`,
  );
  line(`ratio: ${ratio(thousand, aggregate)} on one aggregate of 1,000 (extrapolated; wanted: 200)`);
  if (measured !== undefined)
    line(
      `kubectl, aggregate of 1,000, measured: ${seconds(measured.milliseconds)}; ${ratio({ wall: measured.milliseconds, processor: measured.processor }, aggregate)}`,
    );
}
rmSync(root, { recursive: true, force: true });

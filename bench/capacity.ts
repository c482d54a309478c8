/**
 * The speed of capacity verdicts on instances whose truth is known. `npx tsx bench/capacity.ts [seeds] [lines]` prints one line per
 * level of use, those whose title matches the regular expression `lines`; a wrong verdict ends it with code 1. Times are of `judge`
 * with its checker, solver loaded: the median and the 99th percentile of the time that the processor worked for it, and the median by
 * the clock on the wall, which is longer where others use the machine.
 */
import { judge, type NodeFacts, type Solver } from '../src/capacity/index.js';
import { compile } from '../src/capacity/problem.js';
import { loadHighs } from '../src/io/highs.js';
import { type Planted, type PlantedOptions, planted } from './planted.js';

interface Line {
  readonly title: string;
  readonly times: number[];
  readonly wall: number[];
  unknown: number;
  wrong: number;
  pods: number;
  readonly stages: Map<string, number>;
}

const seeds = Number(process.argv[2] ?? 50);
const wanted = new RegExp(process.argv[3] ?? '');
const solver = await loadHighs();
warmUp(solver);
let failed = false;

for (const tight of [false, true]) {
  for (const use of [50, 70, 85, 90, 95, 100]) {
    report(
      run(
        `${use} % of GPUs${tight ? ', CPU and memory as scarce' : ''}`,
        { nodes: 1000, workloads: 60, use, tight },
        seeds,
      ),
    );
  }
}
for (const over of ['sum', 'pool'] as const) {
  for (const use of [70, 95]) {
    report(
      run(
        `${use} %, one GPU too many in ${over === 'sum' ? 'the cluster' : 'one pool'}`,
        { nodes: 1000, workloads: 60, use, over },
        seeds,
      ),
    );
  }
}
const few = Math.max(1, Math.floor(seeds / 10));
report(run('10,000 nodes, 500 workloads, 90 %', { nodes: 10_000, workloads: 500, use: 90, pools: 8 }, few));
report(run('5,000 nodes, one GPU too many', { nodes: 5_000, workloads: 300, use: 95, over: 'sum', pools: 8 }, few));
report(
  run(
    '5,000 nodes, one GPU too many in one pool',
    { nodes: 5_000, workloads: 300, use: 95, over: 'pool', pools: 8 },
    few,
  ),
);
console.log('\nGrowth at 90 % of GPUs:');
for (const nodes of [250, 500, 1000, 2000, 4000, 8000]) {
  report(run(`${nodes} nodes`, { nodes, workloads: 60, use: 90 }, Math.min(seeds, 10)));
}
console.log('\nAgainst a plain integer program with a variable for every workload and node (20 workloads, 90 %):');
if (wanted.test('plain')) for (const nodes of [10, 20, 40, 80]) comparePlain(nodes);
process.exitCode = failed ? 1 : 0;

function warmUp(with_: Solver): void {
  for (let seed = 1; seed <= 3; seed++)
    judged(planted({ seed, nodes: 100, workloads: 20, use: 95, tight: true }), with_);
}

function judged(instance: Planted, with_: Solver): { status: string; stage: string; ms: number; wall: number } {
  const start = performance.now();
  const worked = process.cpuUsage();
  const verdict = judge(instance.nodes, instance.workloads, instance.scenario, { solver: with_, order: false });
  const { user, system } = process.cpuUsage(worked);
  return {
    status: verdict.status,
    stage: verdict.decidedBy,
    ms: (user + system) / 1000,
    wall: performance.now() - start,
  };
}

function run(title: string, options: Omit<PlantedOptions, 'seed'>, count: number): Line | undefined {
  if (!wanted.test(title)) return undefined;
  const line: Line = { title, times: [], wall: [], unknown: 0, wrong: 0, pods: 0, stages: new Map() };
  for (let seed = 1; seed <= count; seed++) {
    const instance = planted({ seed, ...options });
    const { status, stage, ms, wall } = judged(instance, solver);
    line.times.push(ms);
    line.wall.push(wall);
    line.pods += instance.pods;
    line.stages.set(stage, (line.stages.get(stage) ?? 0) + 1);
    const feasible = (options.over ?? 'none') === 'none';
    if (status === 'unknown') line.unknown += 1;
    else if ((status !== 'impossible') !== feasible) line.wrong += 1;
  }
  return line;
}

function report(line: Line | undefined): void {
  if (line === undefined) return;
  const { title, times, wall, unknown, wrong, pods, stages } = line;
  if (wrong > 0) failed = true;
  const at = (share: number, list = times) => {
    const sorted = [...list].sort((a, b) => a - b);
    return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1).padStart(7);
  };
  const decided = [...stages].map(([stage, count]) => `${stage} ${count}`).join(', ');
  console.log(
    `${title.padEnd(46)} ${String(Math.round(pods / times.length)).padStart(6)} Pods  median ${at(0.5)} ms  p99 ${at(0.99)} ms  wall ${at(0.5, wall)} ms  unknown ${unknown}  wrong ${wrong}  of ${times.length}  (${decided})`,
  );
}

/** What the engine saves: the same instance as one integer program, node by node. */
function comparePlain(nodes: number): void {
  const instance = planted({ seed: 1, nodes, workloads: 20, use: 90 });
  const problem = compile(instance.nodes as readonly NodeFacts[], instance.workloads, instance.scenario);
  const rows: { low: number; high: number }[] = problem.groups.map((group) => ({
    low: group.count,
    high: group.count,
  }));
  const columns: { cost: number; upper: number; integer: boolean; entries: [number, number][] }[] = problem.groups.map(
    (group) => ({ cost: 1, upper: group.count, integer: true, entries: [[group.index, 1]] }),
  );
  problem.nodes.forEach((_, n) => {
    const c = problem.classOf[n] as number;
    const base = rows.length;
    for (let r = 0; r < problem.resources.length; r++) rows.push({ low: Number.NEGATIVE_INFINITY, high: 1 });
    for (const group of problem.groups) {
      const upper = problem.capacity[group.index]?.[c] ?? 0;
      if (upper === 0) continue;
      const free = problem.classes[c]?.free as Float64Array;
      columns.push({
        cost: 0,
        upper,
        integer: true,
        entries: [
          [group.index, 1],
          ...Array.from(group.need, (need, r): [number, number] => [base + r, need / (free[r] as number)]).filter(
            ([, need]) => need > 0,
          ),
        ],
      });
    }
  });
  const start = performance.now();
  const session = solver.open({ columns, rows });
  const result = session.solve(2_000);
  session.close();
  const plain = performance.now() - start;
  const { wall: ms, status } = judged(instance, solver);
  console.log(
    `${String(nodes).padStart(4)} nodes: ${columns.length} variables, ${result.status} (objective ${result.objective.toFixed(0)}) in ${plain.toFixed(0)} ms; the engine: ${status} in ${ms.toFixed(1)} ms, ${(plain / ms).toFixed(0)} times faster`,
  );
}

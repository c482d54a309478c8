/**
 * Rules beside reading and building: `npx tsx bench/argocd.ts [runs]`. A fleet of Applications under parents with 33 projects, every
 * Application with its overlay of a base of five manifests: once clean, which is what a fleet is on most days, and once untidy. Prints medians
 * of the milliseconds that the processor worked inside one warm process, the share of the rules, the growth from a quarter of the fleet to the whole,
 * and the dearest rules.
 */
import { buildKustomization } from '../src/build/index.js';
import { allRules } from '../src/check/registry.js';
import { check } from '../src/check/run.js';
import { treeOf } from '../src/files/file-map.js';
import { readRepository } from '../src/repository/index.js';
import { argocdFleet, projects, untidyFleet } from './argocd-fleet.js';

interface Measured {
  readonly applications: number;
  readonly read: number;
  readonly rules: number;
  readonly findings: number;
  readonly byRule: ReadonlyMap<string, number>;
}

function measure(files: Readonly<Record<string, string>>): Measured {
  const begun = worked();
  const found = readRepository(
    treeOf(files),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
    () => {},
  );
  const read = worked();
  const byRule = new Map<string, number>();
  const timed = allRules.map((rule) => {
    const run = rule.check;
    if (run === undefined) return rule;
    const check: typeof run = (context, onFinding) => {
      const from = performance.now();
      run(context, onFinding);
      byRule.set(rule.id, performance.now() - from);
    };
    return { ...rule, check };
  });
  const report = check(found, { rules: timed, today: '2026-06-01', tool: { name: 'gitops-gen', version: '0.0.0' } });
  const done = worked();
  return {
    applications: found.applications.length,
    read: read - begun,
    rules: done - read,
    findings: report.diagnostics.length,
    byRule,
  };
}

/** Milliseconds that the processor worked for this process so far, garbage collection on other threads included: a clock on the wall shows the neighbours as well. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const runs = Number(process.argv[2] ?? 5);
for (const [name, files] of [
  ['clean', argocdFleet],
  ['untidy', untidyFleet],
] as const) {
  measure(files(60));
  const lines = [150, 600].map((models) => {
    const all = Array.from({ length: runs }, () => measure(files(models)));
    const read = median(all.map((each) => each.read));
    const rules = median(all.map((each) => each.rules));
    const last = all.at(-1) as Measured;
    const share = ((100 * rules) / (read + rules)).toFixed(0);
    console.log(
      `${name}: ${last.applications} Applications (${models * 3} below parents), ${projects} projects: reading and building ${read.toFixed(0)} ms, rules ${rules.toFixed(0)} ms (${share} %), ${last.findings} findings`,
    );
    return { read, rules, last };
  });
  const [quarter, whole] = lines;
  if (quarter === undefined || whole === undefined) continue;
  console.log(
    `  four times the Applications: reading and building ×${(whole.read / quarter.read).toFixed(1)}, rules ×${(whole.rules / quarter.rules).toFixed(1)}`,
  );
  for (const [id, time] of [...whole.last.byRule].sort((a, b) => b[1] - a[1]).slice(0, 10)) {
    console.log(`  ${id}: ${time.toFixed(0)} ms (a quarter: ${(quarter.last.byRule.get(id) ?? 0).toFixed(0)} ms)`);
  }
}

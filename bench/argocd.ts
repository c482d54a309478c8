/**
 * Rules beside reading and building: `npx tsx bench/argocd.ts [runs]`. A fleet of Applications under parents, one project for each
 * parent, every Application with its overlay of a base of five manifests. Prints medians of wall-clock time in milliseconds inside
 * one warm process, the share of the rules, the growth from a quarter of the fleet to the whole, and the dearest rules.
 */
import { buildKustomization } from '../src/build/index.js';
import { allRules } from '../src/check/registry.js';
import { check } from '../src/check/run.js';
import { treeOf } from '../src/files/file-map.js';
import { readRepository } from '../src/repository/index.js';
import { fleet } from './fleet.js';

const projects = 33;
const environments = ['development', 'staging', 'production'] as const;
const address = 'https://github.com/acme/fleet';
const server = 'https://kubernetes.default.svc';

function application(name: string, project: string, path: string, namespace: string, wave: number): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
  annotations:
    argocd.argoproj.io/sync-wave: "${wave}"
spec:
  project: ${project}
  source:
    repoURL: ${address}
    targetRevision: main
    path: ${path}
  destination:
    server: ${server}
    namespace: ${namespace}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
    - CreateNamespace=true
`;
}

function project(name: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: ${name}
  namespace: argocd
spec:
  sourceRepos:
  - ${address}
  destinations:
  - server: ${server}
    namespace: argocd
  - server: ${server}
    namespace: model-*
  clusterResourceWhitelist:
  - group: ""
    kind: Namespace
`;
}

const settings = `apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
data:
  resource.customizations.health.argoproj.io_Application: |
    local revision = obj.status.sync.comparedTo
`;

/** \`models\` times three Applications in waves of environments. */
function repository(models: number): Record<string, string> {
  const files: Record<string, string> = { ...fleet(models), 'argocd/settings.yaml': settings };
  for (let p = 0; p < projects; p += 1) {
    const name = `family-${p}`;
    files[`argocd/projects/${name}.yaml`] = project(name);
    files[`argocd/roots/${name}.yaml`] = application(name, name, `argocd/children/${name}`, 'argocd', 0);
  }
  for (let i = 0; i < models; i += 1) {
    const family = `family-${i % projects}`;
    for (const [wave, environment] of environments.entries()) {
      const name = `model-${i}-${environment}`;
      const path = `overlays/model-${i}/${environment}`;
      files[`argocd/children/${family}/${name}.yaml`] = application(name, family, path, name, wave);
    }
  }
  return files;
}

interface Measured {
  readonly applications: number;
  readonly read: number;
  readonly rules: number;
  readonly findings: number;
  readonly byRule: ReadonlyMap<string, number>;
}

function measure(files: Readonly<Record<string, string>>): Measured {
  const begun = performance.now();
  const found = readRepository(
    treeOf(files),
    { argocdVersion: '3.3', kubernetesVersion: '1.34', build: buildKustomization },
    () => {},
  );
  const read = performance.now();
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
  const done = performance.now();
  return {
    applications: found.applications.length,
    read: read - begun,
    rules: done - read,
    findings: report.diagnostics.length,
    byRule,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const runs = Number(process.argv[2] ?? 3);
measure(repository(60));
const lines = [150, 600].map((models) => {
  const files = repository(models);
  const all = Array.from({ length: runs }, () => measure(files));
  const read = median(all.map((each) => each.read));
  const rules = median(all.map((each) => each.rules));
  const last = all.at(-1) as Measured;
  const share = ((100 * rules) / (read + rules)).toFixed(0);
  console.log(
    `${last.applications} Applications (${models * 3} and ${projects} parents), ${projects} projects: reading and building ${read.toFixed(0)} ms, rules ${rules.toFixed(0)} ms (${share} %), ${last.findings} findings`,
  );
  return { read, rules, last };
});
const [quarter, whole] = lines;
if (quarter !== undefined && whole !== undefined) {
  console.log(
    `four times the Applications: reading and building ×${(whole.read / quarter.read).toFixed(1)}, rules ×${(whole.rules / quarter.rules).toFixed(1)}`,
  );
  for (const [id, time] of [...whole.last.byRule].sort((a, b) => b[1] - a[1]).slice(0, 8)) {
    console.log(`  ${id}: ${time.toFixed(0)} ms (a quarter: ${(quarter.last.byRule.get(id) ?? 0).toFixed(0)} ms)`);
  }
}

import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildKustomization } from '../../src/build/index.js';
import { type FileContent, treeOf } from '../../src/files/file-map.js';
import type { DeploymentPlan, Plan } from '../../src/plan/plan.js';
import { fixture, planFiles } from './rendering.js';

export type Files = Map<string, FileContent>;
// biome-ignore lint/suspicious/noExplicitAny: the tests read and change parsed YAML freely
export type Loose = any;

/** The bundled Llama 3.1 family, with its project and clusters. */
export const specs = fixture('specs/llama-3.1');
export const family = 'families/llama-3.1.yaml';
export const project = 'gitops-gen.yaml';
export const cluster = (name: string) => `clusters/${name}/cluster-config.yaml`;

/** These files, by default the bundled family, with one of them changed. */
export function changed(
  path: string,
  change: (value: Loose) => void,
  base: ReadonlyMap<string, FileContent> = specs,
): Files {
  const files: Files = new Map(base);
  const value = parse(String(files.get(path)));
  change(value);
  files.set(path, stringify(value));
  return files;
}

/** The plan of files that have no error. */
export function planOf(files: Files): Plan {
  const { plan, problems } = planFiles(files);
  expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  return plan as Plan;
}

export function deployment(plan: Plan, model: string, environment: string): DeploymentPlan {
  const found = plan.families
    .flatMap((each) => each.models)
    .find((each) => each.name === model)
    ?.deployments.find((each) => each.environment === environment);
  expect(found, `${model} in ${environment}`).toBeDefined();
  return found as DeploymentPlan;
}

export function decided(plan: Plan, model: string, environment: string): Loose {
  return deployment(plan, model, environment).decisions['decided'];
}

/** What a folder builds to. */
export function objects(files: ReadonlyMap<string, FileContent>, dir: string): Loose[] {
  return buildKustomization(treeOf(new Map(files)), dir, () => {}).resources.map((resource) => resource.value);
}

import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../../src/diagnostics/diagnostic.js';
import type { FileMap } from '../../src/files/file-map.js';
import { type Defaults, type Plan, type PlanInput, plan } from '../../src/plan/index.js';
import { type Blueprint, loadBlueprints, mergeBlueprints, type Rendering, render } from '../../src/render/index.js';
import { readSpecs } from '../../src/spec/read.js';

const root = resolve(import.meta.dirname, '../..');

/** Every file below a folder as text, by its path from there. */
export function readFolder(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const walk = (under: string) => {
    for (const name of readdirSync(join(folder, under)).sort()) {
      const path = under === '' ? name : `${under}/${name}`;
      if (statSync(join(folder, path)).isDirectory()) walk(path);
      else files.set(path, readFileSync(join(folder, path), 'utf8'));
    }
  };
  walk('');
  return files;
}

/** Replaces a folder by these files. */
export function writeFolder(folder: string, files: FileMap): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The files of a fixture. */
export function fixture(path: string): Map<string, string> {
  return readFolder(join(root, 'fixtures', path));
}

export function fixturePath(path: string): string {
  return join(root, 'fixtures', path);
}

export const defaults: Defaults = JSON.parse(readFileSync(join(root, 'data/defaults.json'), 'utf8'));

export interface Rendered {
  readonly plan: Plan | undefined;
  readonly rendering: Rendering | undefined;
  readonly problems: readonly Problem[];
  /** The tree afterwards. */
  readonly after: Map<string, string | Uint8Array>;
}

let bundled: ReadonlyMap<string, Blueprint> | undefined;

type Options = Partial<Pick<PlanInput, 'pins' | 'replan' | 'defaults'>>;

interface Planned {
  readonly plan: Plan | undefined;
  readonly problems: Problem[];
  readonly blueprints: ReadonlyMap<string, Blueprint>;
}

/** Specs to plan, without rendering. */
export function planFiles(files: FileMap, options: Options = {}): Planned {
  const problems: Problem[] = [];
  const onProblem = (problem: Problem) => {
    problems.push(problem);
  };
  bundled ??= loadBlueprints(readFolder(join(root, 'blueprints')), 'blueprints', onProblem);
  const below = [...files].filter(([path]) => path.startsWith('blueprints/'));
  const own = loadBlueprints(
    new Map(below.map(([path, content]) => [path.slice('blueprints/'.length), content])),
    'blueprints',
    onProblem,
  );
  const blueprints = mergeBlueprints(bundled, own, onProblem);
  const runtimes = new Map(
    [...blueprints].map(([name, blueprint]) => [
      name,
      { version: blueprint.version, infrastructure: blueprint.files.some((file) => file.scope === 'infrastructure') },
    ]),
  );
  const specs = readSpecs(files, onProblem);
  return {
    plan: plan({ specs, files, defaults, runtimes, toolVersion: '0.1.0', ...options }, onProblem),
    problems,
    blueprints,
  };
}

/** Specs to files, as `gitops-gen render` does it, without a disk. */
export function renderFiles(files: FileMap, options: Options = {}): Rendered {
  const { plan: planned, problems, blueprints } = planFiles(files, options);
  const rendering =
    planned === undefined ? undefined : render(planned, blueprints, files, (problem) => problems.push(problem));
  const after = new Map<string, string | Uint8Array>(rendering?.once ?? []);
  for (const [path, content] of files) after.set(path, content);
  for (const [path, content] of rendering?.files ?? []) after.set(path, content);
  return { plan: planned, rendering, problems, after: new Map([...after].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

// Manifests a second of the interpreter and of compiled ajv with the same schemas, in one process:
//   npx tsx bench/schema.ts
// Also: a cold first verdict against an empty Node start, and the memory that 15,000 manifests take.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';
import jsYaml from 'js-yaml';
import type { Resource } from '../src/build/resource.js';
import type { JsonObject } from '../src/diagnostics/diagnostic.js';
import { accepts } from '../src/schema/accept.js';
import { isFound } from '../src/schema/found.js';
import { toJsonSchema } from '../src/schema/json-schema.js';
import { createSchemaStore } from '../src/schema/store.js';
import { validateResource } from '../src/schema/validate.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const load = (name: string): string | undefined => {
  try {
    return readFileSync(`${root}schemas/${name}`, 'utf8');
  } catch {
    return undefined;
  }
};
const store = createSchemaStore(load);

function manifests(): JsonObject[] {
  const folder = `${root}test/schema/manifests`;
  return readdirSync(folder)
    .flatMap(
      (name) =>
        jsYaml.loadAll(readFileSync(`${folder}/${name}`, 'utf8'), null, { schema: jsYaml.CORE_SCHEMA }) as JsonObject[],
    )
    .filter((value) => isFound(store.lookup(String(value['apiVersion']), String(value['kind']))));
}

const all = manifests();
const copies = Array.from({ length: Math.ceil(15_000 / all.length) }, () =>
  all.map((value) => structuredClone(value)),
).flat();

/** Best of several passes, in manifests a second. */
function rate(pass: () => void, passes = 8): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < passes; i += 1) {
    const start = performance.now();
    pass();
    best = Math.min(best, performance.now() - start);
  }
  return (copies.length / best) * 1000;
}

const nodes = copies.map((value) => {
  const found = store.lookup(String(value['apiVersion']), String(value['kind']));
  if (!isFound(found)) throw new Error('no schema');
  return found.node;
});
const ajv = new Ajv({ strict: false, allErrors: false });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
const compileStart = performance.now();
const compiled = new Map(nodes.map((node) => [node, undefined as ((value: unknown) => unknown) | undefined]));
for (const node of compiled.keys()) compiled.set(node, ajv.compile(toJsonSchema(node)));
const compileTime = performance.now() - compileStart;
const validators = nodes.map((node) => compiled.get(node)!);

const interpreter = rate(() => {
  for (const [i, value] of copies.entries()) if (!accepts(nodes[i]!, value)) throw new Error('refused');
});
const judge = rate(() => {
  for (const [i, value] of copies.entries()) if (validators[i]!(value) !== true) throw new Error('refused');
});
const whole = rate(() => {
  for (const value of copies) {
    const place = (pointer: string) => ({ file: 'a.yaml', document: 0, pointer, via: 'resource' });
    const resource: Resource = { value, origin: place(''), changedBy: [], sourceOf: place };
    validateResource(resource, store, () => {});
  }
}, 4);

/** Median of wall times of a process, in milliseconds. */
function median(args: readonly string[]): number {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    const run = spawnSync(process.execPath, [...args], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[4]!;
}

async function coldStart(): Promise<{ empty: number; first: number; memory: number }> {
  const folder = `${root}.cache`;
  const script = `
    import { readFileSync } from 'node:fs';
    import jsYaml from 'js-yaml';
    import { createSchemaStore } from '${root}src/schema/store.js';
    import { validateResource } from '${root}src/schema/validate.js';
    const store = createSchemaStore((name) => readFileSync('${root}schemas/' + name, 'utf8'));
    const count = Number(process.argv[2]);
    const values = jsYaml.loadAll(readFileSync('${root}test/schema/manifests/workloads.yaml', 'utf8'), null, { schema: jsYaml.CORE_SCHEMA });
    const kept = [];
    for (let i = 0; i < count; i += 1) {
      const value = structuredClone(values[i % values.length]);
      kept.push(value);
      const place = (pointer) => ({ file: 'a.yaml', document: 0, pointer, via: 'resource' });
      validateResource({ value, origin: place(''), changedBy: [], sourceOf: place }, store, () => {});
    }
    if (count > 1) console.log(process.resourceUsage().maxRSS);
  `;
  await build({
    stdin: { contents: script, resolveDir: root, loader: 'ts' },
    outfile: `${folder}/schema-bench.mjs`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  });
  const run = spawnSync(process.execPath, [`${folder}/schema-bench.mjs`, '15000'], { encoding: 'utf8' });
  return {
    empty: median(['-e', '0']),
    first: median([`${folder}/schema-bench.mjs`, '1']),
    memory: Number(run.stdout) / 1024,
  };
}

/** The whole command on one file that passes and on one that does not, where it is built (`npm run build`). */
function coldCommand(): { passes: number; refused: number } | undefined {
  if (!existsSync(`${root}dist/cli.js`)) return undefined;
  const run = (name: string, text: string): number => {
    mkdirSync(`${root}.cache`, { recursive: true });
    writeFileSync(`${root}.cache/${name}`, text);
    const args = [`${root}dist/cli.js`, 'validate', '--only', 'schema', '--fail-on', 'never', `${root}.cache/${name}`];
    return median(args);
  };
  const object = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
  return { passes: run('passes.yaml', object), refused: run('refused.yaml', `${object}dada: {}\n`) };
}

const { empty, first, memory } = await coldStart();
const command = coldCommand();
const thousand = (value: number): string => `${(value / 1000).toFixed(0)} k/s`;
console.log(`manifests              ${copies.length} of ${compiled.size} kinds`);
console.log(`interpreter            ${thousand(interpreter)}`);
console.log(`ajv, compiled          ${thousand(judge)} after ${compileTime.toFixed(0)} ms of compiling`);
console.log(`ratio                  ${(interpreter / judge).toFixed(2)} (at least 2)`);
console.log(`with the API rules     ${thousand(whole)}`);
console.log(`empty Node             ${empty.toFixed(0)} ms`);
console.log(`first verdict, cold    ${first.toFixed(0)} ms, ${(first / empty).toFixed(2)} times (at most 2.5)`);
if (command !== undefined) {
  const times = (value: number): string => `${value.toFixed(0)} ms, ${(value / empty).toFixed(2)} times`;
  console.log(`command, file passes   ${times(command.passes)} (at most 2.5)`);
  console.log(`command, file refused  ${times(command.refused)}`);
}
console.log(`memory, 15,000         ${memory.toFixed(0)} MB (under 150)`);

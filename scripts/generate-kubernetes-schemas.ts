// Writes schemas/kubernetes and schemas/crds from published packages, fetched by exact version with npm:
//   npx tsx scripts/generate-kubernetes-schemas.ts [--check] [--cache FOLDER]
// `--check` compares and writes nothing (exit 1 when stale).
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { between, readFieldNames } from './schemas/between.js';
import { type CoreModel, openApiVersion, type Refinements, readClient } from './schemas/client-node.js';
import { type Definitions, definitionLines, reachable, references } from './schemas/compact.js';
import { readModels } from './schemas/kubernetes-models.js';
import { readQuantities } from './schemas/quantities.js';
import { coreSources, crdSources, fetchPackage, quantitySource } from './schemas/sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const cacheAt = process.argv.indexOf('--cache');
const folder = cacheAt > 0 ? process.argv[cacheAt + 1]! : mkdtempSync(join(tmpdir(), 'gitops-gen-schemas-'));
mkdirSync(folder, { recursive: true });

function fetchOnce(spec: string): string {
  const path = join(folder, spec.replaceAll(/[@/]/g, '_'));
  return existsSync(join(path, 'package.json')) ? path : fetchPackage(folder, spec);
}

/** Newest first, so that the formats of the newer clients refine the older ones. */
function readCore(): Map<string, CoreModel> {
  const quantities = readQuantities(fetchOnce(quantitySource));
  const refinements: Refinements = new Map();
  const models = new Map<string, CoreModel>();
  for (const { minor, client } of [...coreSources].reverse()) {
    if (client === undefined) continue;
    const path = fetchOnce(client);
    if (openApiVersion(path) !== minor) throw new Error(`${client} holds ${openApiVersion(path)}, not ${minor}`);
    models.set(minor, readClient(path, quantities, refinements));
  }
  for (const { minor, between: place } of coreSources) {
    if (place === undefined) continue;
    models.set(
      minor,
      between(
        models.get(place.before)!,
        models.get(place.after)!,
        readFieldNames(fetchOnce(place.types)),
        place.own ?? {},
      ),
    );
  }
  return models;
}

const notice = (lines: readonly string[]): string[] => lines.map((line) => `# ${line}`);
const files = new Map<string, string>();

function kindLines(model: CoreModel): string[] {
  return [...model.kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, kind]) => `@${key}\t${kind.definition}\t${kind.plural}\t${kind.namespaced ? 'Namespaced' : 'Cluster'}`);
}

function writeCore(models: ReadonlyMap<string, CoreModel>): { newest: Definitions; base: Map<string, string> } {
  const minors = coreSources.map((source) => source.minor);
  const newest = minors.at(-1)!;
  const linesOf = (minor: string): Map<string, string> => {
    const model = models.get(minor)!;
    const kept = reachable(
      model.definitions,
      [...model.kinds.values()].map((kind) => kind.definition),
    );
    const definitions = new Map([...model.definitions].filter(([name]) => kept.has(name)));
    const lines = [...kindLines(model), ...definitionLines(definitions)];
    return new Map(lines.map((line) => [line.slice(0, line.indexOf('\t')), line]));
  };
  const base = linesOf(newest);
  for (const source of coreSources) {
    const from =
      source.client ?? `${source.between!.before} and ${source.between!.after}, decided by ${source.between!.types}`;
    const own = linesOf(source.minor);
    const head = notice([
      `Kubernetes ${source.minor} API schemas, from ${from} (Apache-2.0), Quantity fields from ${quantitySource} (Apache-2.0).`,
      'Facts of the API in compact form; written by scripts/generate-kubernetes-schemas.ts, do not edit.',
      ...(source.minor === newest
        ? []
        : [`Differences from ${newest}; a name after a minus sign does not exist here.`]),
    ]);
    const body =
      source.minor === newest
        ? [...own.values()]
        : [
            ...[...own].filter(([name, line]) => base.get(name) !== line).map(([, line]) => line),
            ...[...base.keys()].filter((name) => !own.has(name)).map((name) => `-${name}`),
          ];
    files.set(`schemas/kubernetes/${source.minor}.txt`, `${[...head, ...body].join('\n')}\n`);
  }
  const index = coreSources.map((source) => ({
    minor: source.minor,
    source: source.client ?? `${source.between!.types}, between ${source.between!.before} and ${source.between!.after}`,
    ...(source.between !== undefined && { bounded: true }),
  }));
  files.set('schemas/kubernetes/index.json', `${JSON.stringify({ base: newest, minors: index }, null, 1)}\n`);
  return { newest: models.get(newest)!.definitions, base };
}

function writeCrds(core: Definitions, coreNames: ReadonlySet<string>): void {
  const index: Record<string, readonly [string, string]> = {};
  const sources: Record<string, { package: string; standsFor: string; behind?: true }> = {};
  for (const source of crdSources) {
    const model = readModels(fetchOnce(source.package), core, source.skipGroups);
    for (const name of model.unresolved) console.error(`${source.name}: unresolved ${name}`);
    const kept = reachable(model.definitions, model.kinds.values());
    const definitions = new Map([...model.definitions].filter(([name]) => kept.has(name)));
    for (const name of definitions.values()) {
      for (const used of references(name, '^'))
        if (!coreNames.has(used)) throw new Error(`${source.name}: no core ${used}`);
    }
    for (const [key, definition] of model.kinds) index[key] = [source.name, definition];
    sources[source.name] = {
      package: source.package,
      standsFor: source.standsFor,
      ...(source.behind === true && { behind: true as const }),
    };
    const head = notice([
      `Custom resources of ${source.standsFor}, from ${source.package} (MIT).`,
      'Facts of the API in compact form; written by scripts/generate-kubernetes-schemas.ts, do not edit.',
    ]);
    files.set(`schemas/crds/${source.name}.txt`, `${[...head, ...definitionLines(definitions)].join('\n')}\n`);
  }
  const kinds = Object.fromEntries(Object.entries(index).sort(([a], [b]) => (a < b ? -1 : 1)));
  const lines = Object.entries(kinds).map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const text = `{"sources": ${JSON.stringify(sources, null, 1)},\n"kinds": {\n${lines.join(',\n')}\n}}\n`;
  files.set('schemas/crds/index.json', text);
}

const models = readCore();
const { newest, base } = writeCore(models);
writeCrds(newest, new Set(base.keys()));
let stale = 0;
for (const [path, text] of files) {
  const target = join(root, path);
  if (existsSync(target) && readFileSync(target, 'utf8') === text) continue;
  stale += 1;
  console.error(`${check ? 'stale' : 'written'}: ${path} (${text.length} characters)`);
  if (!check) {
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, text);
  }
}
for (const dir of ['schemas/kubernetes', 'schemas/crds']) {
  for (const name of readdirSync(join(root, dir))) {
    if (name.startsWith('partial') || files.has(`${dir}/${name}`)) continue;
    stale += 1;
    console.error(`no longer generated: ${dir}/${name}`);
    if (!check) rmSync(join(root, dir, name));
  }
}
if (cacheAt < 0) rmSync(folder, { recursive: true, force: true });
if (check && stale > 0) process.exitCode = 1;

// Writes data/kustomize/tables.json as TypeScript modules, so that the build needs no file at run time.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Tables {
  readonly notice: string;
  readonly [key: string]: unknown;
}

const full = (spec: Record<string, unknown>) => ({ group: '', version: '', kind: '', create: false, ...spec });

/** The modules under src/build/tables. */
export function writeModules(): void {
  const tables = JSON.parse(readFileSync('data/kustomize/tables.json', 'utf8')) as Tables;
  const head = '// Generated from data/kustomize/tables.json by scripts/kustomize/write-modules.ts; do not edit.\n';
  const write = (name: string, text: string) => writeFileSync(`src/build/tables/${name}.generated.ts`, head + text);
  const json = (value: unknown) => JSON.stringify(value);
  const specs = (key: string) => (tables[key] as Record<string, unknown>[]).map(full);
  const config: Record<string, unknown> = {};
  for (const key of [
    'namePrefix',
    'nameSuffix',
    'namespace',
    'commonLabels',
    'templateLabels',
    'commonAnnotations',
    'varReference',
    'replicas',
  ]) {
    config[key] = specs(key);
  }
  config['labels'] = [];
  config['images'] = [...specs('images'), ...specs('imagesTwice')];
  config['nameReference'] = (tables['nameReference'] as Record<string, unknown>[]).map((reference) => ({
    group: '',
    version: '',
    ...reference,
    fieldSpecs: (reference['fieldSpecs'] as Record<string, unknown>[]).map(full),
  }));
  write(
    'field-specs',
    `import type { Config } from '../config-types.js';\n\nexport const defaultConfig: Config = ${json(config)};\n`,
  );
  write(
    'cluster-scoped',
    `export const clusterScoped: Readonly<Record<string, readonly string[]>> = ${json(tables['clusterScoped'])};\n`,
  );
  write(
    'order',
    `export const orderFirst: readonly string[] = ${json(tables['orderFirst'])};\nexport const orderLast: readonly string[] = ${json(tables['orderLast'])};\n`,
  );
  const { roots, definitions } = tables['mergeKeys'] as { roots: unknown; definitions: unknown };
  write(
    'merge-schemas',
    `import type { MergeDefinitions } from '../merge-schema-types.js';\n\nexport const mergeRoots: Readonly<Record<string, string>> = ${json(roots)};\nexport const mergeDefinitions: MergeDefinitions = ${json(definitions)};\n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeModules();

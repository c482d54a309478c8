/**
 * Bundles `data/models` and `data/gpus` into one TypeScript module, so that nothing is read from disk at run time.
 * `npx tsx scripts/generate-catalogs.ts` writes it; the test of the catalogs fails when it is stale.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));

function readEntries(folder: string): unknown[] {
  const names = readdirSync(join(root, 'data', folder)).filter((name) => name.endsWith('.yaml'));
  names.sort((a, b) => (a < b ? -1 : 1));
  return names.map((name) => parse(readFileSync(join(root, 'data', folder, name), 'utf8')));
}

/** The text of the generated module. */
export function catalogModule(): string {
  return [
    '// Generated from data/models and data/gpus by scripts/generate-catalogs.ts. Do not edit.',
    "import type { GpuClass, ModelFacts } from './facts.js';",
    '',
    `export const MODELS: readonly ModelFacts[] = ${JSON.stringify(readEntries('models'), null, 1)};`,
    '',
    `export const GPUS: readonly GpuClass[] = ${JSON.stringify(readEntries('gpus'), null, 1)};`,
    '',
  ].join('\n');
}

export const CATALOG_MODULE = join(root, 'src', 'models', 'catalog.generated.ts');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(CATALOG_MODULE, catalogModule());
  process.stderr.write(`wrote ${CATALOG_MODULE}\n`);
}

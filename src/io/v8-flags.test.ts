import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { suitShortRuns } from './v8-flags.js';

/** Counts how often a function runs before the engine optimizes it, which on one thread is always the same. */
const count = `
const hot = (n) => { let sum = 0; for (let i = 0; i < n; i += 1) sum += i % 7; return sum; };
let runs = 0;
while ((%GetOptimizationStatus(hot) & 16) === 0 && runs < 100000) { hot(10); runs += 1; }
console.log(runs);
`;

const engine = fileURLToPath(new URL('./v8-flags.ts', import.meta.url));
const [built] = buildSync({
  entryPoints: [engine],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
}).outputFiles;
const called = `${built?.text ?? ''}\nsuitShortRuns();\n`;

function runsBeforeOptimized(before: string, ...flags: string[]): number {
  const args = ['--single-threaded', '--allow-natives-syntax', ...flags, '--input-type=module', '-e', before + count];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

const isV8Of20 = process.versions.v8.startsWith('11.');

describe('an engine that suits short runs', () => {
  const usual = runsBeforeOptimized('');

  test.runIf(isV8Of20)('waits about four times as long before it optimizes', () => {
    expect(usual).toBeGreaterThan(50);
    expect(runsBeforeOptimized(called) / usual).toBeGreaterThan(3);
  });

  test.runIf(isV8Of20)('optimizes as ever where there is much to read', () => {
    expect(runsBeforeOptimized(`${called}suitFiles(6000);\n`) / usual).toBeGreaterThan(3);
    expect(runsBeforeOptimized(`${called}suitFiles(6001);\n`)).toBe(usual);
  });

  test.runIf(isV8Of20)('is left as whoever starts the process wants it', () => {
    const flag = '--interrupt-budget=67584';
    expect(runsBeforeOptimized(called, flag)).toBe(runsBeforeOptimized('', flag));
    const higher = '--interrupt-budget=540672';
    expect(runsBeforeOptimized(`${called}suitFiles(6001);\n`, higher)).toBe(runsBeforeOptimized('', higher));
  });

  test('is left as it is in later versions, which do not know the flag', () => {
    const later = called.replace('suitShortRuns();', 'suitShortRuns("12.4.254.21-node.33", []);');
    expect(later).not.toBe(called);
    expect(runsBeforeOptimized(later)).toBe(usual);
    expect(suitShortRuns('13.6.233.17-node.32', [])).toBeUndefined();
  });
});

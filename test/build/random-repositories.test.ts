import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildKustomization, emitStream } from '../../src/build/index.js';
import { treeOf } from '../../src/files/file-map.js';
import { judge } from '../support/judge.js';
import { realKubectl } from '../support/real-kubectl.js';
import { repository } from './random-repository.js';

const { skip } = realKubectl();
const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const seed = Number(process.env['GITOPS_GEN_SEED'] ?? (deep ? 20_261_121 : 8));

describe.skipIf(skip !== undefined)('random repositories', () => {
  it(`are built as the real kubectl builds them (seed ${seed})`, { timeout: deep ? 3_600_000 : 600_000 }, () => {
    let built = 0;
    fc.assert(
      fc.property(repository, ({ files, dir }) => {
        const problems: string[] = [];
        const ours = buildKustomization(treeOf(files), dir, ({ message }) => problems.push(message));
        const real = judge(files, dir);
        expect(ours.ok, `real: ${real.stderr}\nours: ${problems.join('\n')}`).toBe(real.ok);
        expect(emitStream(ours.resources)).toBe(real.stdout);
        if (real.ok) built += 1;
      }),
      { seed, numRuns: deep ? 1000 : 200, endOnFailure: false },
    );
    // A generator that makes only failures would prove nothing.
    expect(built).toBeGreaterThan(deep ? 500 : 30);
  });
});

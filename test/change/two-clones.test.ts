import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commitAll, fleet, succeed } from '../support/repositories.js';
import { Clones, type Step } from './clones.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('add', 'add', 'edit', 'edit', 'upgrade', 'promote', 'remove', 'respec'),
  at: fc.nat(40),
});
const work = fc.array(step, { maxLength: 3 });

it(
  'whatever two people do in two clones, merged with git and ended with render, is a fresh rendering plus their edits',
  async () => {
    const start = await fleet({ git: true });
    await succeed(start, ['promote', 'llama-3.1', '--to', 'production']);
    commitAll(start, 'promoted');
    const seen = { runs: 0, asked: 0, conflicts: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(work, work), { minLength: 1, maxLength: 2 }), async (rounds) => {
        const clones = new Clones(start);
        try {
          for (const [mine, other] of rounds) {
            for (const each of mine) await clones.step(clones.dirs[0], each);
            for (const each of other) await clones.step(clones.dirs[1], each);
            await clones.meet();
          }
          seen.runs += 1;
          seen.asked += clones.asked;
          seen.conflicts += clones.conflicts;
        } finally {
          clones.remove();
        }
      }),
      {
        seed: Number(process.env['GITOPS_GEN_SEED'] ?? 2026),
        numRuns: deep ? 1000 : 6,
        endOnFailure: !deep,
      },
    );
    if (deep) {
      process.stderr.write(`${JSON.stringify(seen)}\n`);
      expect(seen.asked).toBeGreaterThan(0);
      expect(seen.conflicts).toBeGreaterThan(0);
    }
  },
  deep ? 6 * 3600_000 : 120_000,
);

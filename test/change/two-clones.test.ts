import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commitAll, fleet, succeed } from '../support/repositories.js';
import { Clones, type Step } from './clones.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
/** Fewer where they are spread over several runs, each with a GITOPS_GEN_SEED of its own. */
const sequences = deep ? Number(process.env['GITOPS_GEN_SEQUENCES'] ?? 1000) : 6;
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('add', 'add', 'edit', 'edit', 'upgrade', 'promote', 'remove', 'respec'),
  at: fc.nat(40),
});
const work = fc.array(step, { maxLength: 3 });

/** What one does, and beside it the other, before they meet. */
type Round = readonly [mine: readonly Step[], other: readonly Step[]];

const seen = { runs: 0, asked: 0, conflicts: 0 };

async function promotedFleet(): Promise<string> {
  const dir = await fleet({ git: true });
  await succeed(dir, ['promote', 'llama-3.1', '--to', 'production']);
  commitAll(dir, 'promoted');
  return dir;
}

/** Lives through it; throws where something is lost, carried over, left over or not as it is generated. */
async function live(dir: string, rounds: readonly Round[]): Promise<void> {
  const clones = new Clones(dir);
  try {
    for (const [mine, other] of rounds) {
      for (const each of mine) await clones.step(clones.dirs[0], each);
      for (const each of other) await clones.step(clones.dirs[1], each);
      await clones.meet();
    }
    seen.runs += 1;
    seen.asked += clones.asked;
    seen.conflicts += clones.conflicts;
    if (deep && seen.runs % 50 === 0) process.stderr.write(`${JSON.stringify(seen)}\n`);
  } finally {
    clones.remove();
  }
}

const steps = (...words: readonly string[]): readonly Step[] =>
  words.map((word) => {
    const [what, at] = word.split(' ');
    return { what: what as Step['what'], at: Number(at) };
  });

it.each<readonly [string, readonly Round[]]>([
  [
    'an edit of a model that goes, beside one like it that comes and goes',
    [[steps('upgrade 15', 'add 21', 'remove 24'), steps('upgrade 0', 'edit 4', 'remove 6')]],
  ],
  [
    'the last models go, one on each side, after they were edited',
    [
      [steps('add 2', 'promote 32', 'remove 11'), steps('edit 36', 'add 11')],
      [steps('edit 6', 'respec 37', 'remove 5'), steps('edit 11', 'remove 6', 'edit 33')],
    ],
  ],
  [
    'a model goes on one side, and on the other it changes and one comes: whoever merges takes one side',
    [
      [steps('add 0'), []],
      [steps('remove 0'), steps('add 0', 'respec 0')],
    ],
  ],
  [
    'an edited model goes on one side, and whoever merges takes the side that has it',
    [
      [steps('add 38', 'upgrade 10'), steps('edit 40', 'edit 2', 'upgrade 40')],
      [steps('respec 13'), steps('add 34', 'add 12', 'remove 16')],
    ],
  ],
])('loses nothing: %s', async (_, rounds) => live(await promotedFleet(), rounds), 120_000);

it(
  'whatever two people do in two clones, merged with git and ended with render, is a fresh rendering plus their edits',
  async () => {
    const dir = await promotedFleet();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(work, work), { minLength: 1, maxLength: 2 }), (rounds) => live(dir, rounds)),
      {
        seed: Number(process.env['GITOPS_GEN_SEED'] ?? 2026),
        numRuns: sequences,
        endOnFailure: !deep,
      },
    );
    if (sequences >= 1000) {
      expect(seen.asked).toBeGreaterThan(0);
      expect(seen.conflicts).toBeGreaterThan(0);
    }
  },
  deep ? 6 * 3600_000 : 120_000,
);

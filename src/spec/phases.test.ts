import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderPhases, type PhaseLinks } from './phases.js';

const short = (phases: readonly PhaseLinks[]) =>
  orderPhases(phases).ordered.map(
    ({ phase, position, wave, dependsOn }) => `${phase.name} ${position} ${wave} [${dependsOn.join(' ')}]`,
  );

describe('the order of phases', () => {
  test('is that of the file where nothing else is said, in waves of ten', () => {
    expect(short([{ name: 'a' }, { name: 'b' }, { name: 'c' }])).toEqual(['a 1 10 []', 'b 2 20 [a]', 'c 3 30 [b]']);
  });

  test('follows dependsOn: a diamond shares a wave, repeated edges count once', () => {
    const phases = [
      { name: 'top', dependsOn: ['l', 'r', 'l'] },
      { name: 'l', dependsOn: ['base'] },
      { name: 'r', dependsOn: ['base'] },
      { name: 'base', dependsOn: [] },
    ];
    expect(short(phases)).toEqual(['base 1 10 []', 'l 2 20 [base]', 'r 2 20 [base]', 'top 3 30 [l r]']);
  });

  test('keeps waves that are given, and puts what follows above them', () => {
    expect(short([{ name: 'a', wave: -5 }, { name: 'b' }, { name: 'c', wave: 95 }, { name: 'd' }])).toEqual([
      'a 1 -5 []',
      'b 2 20 [a]',
      'c 3 95 [b]',
      'd 4 100 [c]',
    ]);
  });

  test('names a circle, and orders what is outside it', () => {
    const phases = [
      { name: 'x', dependsOn: [] },
      { name: 'a', dependsOn: ['c'] },
      { name: 'b', dependsOn: ['a'] },
      { name: 'c', dependsOn: ['b', 'x'] },
    ];
    const { ordered, cycle } = orderPhases(phases);
    expect([ordered.map(({ phase }) => phase.name), cycle]).toEqual([['x'], ['a', 'c', 'b', 'a']]);
    expect(orderPhases([{ name: 'a', dependsOn: ['a'] }]).cycle).toEqual(['a', 'a']);
  });

  test('takes a chain of 100,000 without recursion', () => {
    const { ordered, cycle } = orderPhases(Array.from({ length: 100_000 }, (_, i) => ({ name: `p${i}` })));
    expect([ordered.at(-1)?.wave, cycle]).toEqual([1_000_000, undefined]);
  });

  test('puts every dependency first, in a lower wave, or names a circle of real edges', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const phase = (name: string) =>
      fc.record({ name: fc.constant(name), dependsOn: fc.option(fc.subarray([...names, 'gone']), { nil: undefined }) });
    fc.assert(
      fc.property(fc.tuple(...names.map(phase)), (all) => {
        const phases = all.map(({ name, dependsOn }) => (dependsOn === undefined ? { name } : { name, dependsOn }));
        const { ordered, cycle } = orderPhases<PhaseLinks>(phases);
        const place = new Map(ordered.map((one, i) => [one.phase.name, { ...one, i }]));
        for (const one of ordered) {
          for (const before of one.dependsOn) {
            expect(place.get(before)!.i).toBeLessThan(place.get(one.phase.name)!.i);
            expect(place.get(before)!.wave).toBeLessThan(one.wave);
          }
        }
        expect(cycle === undefined).toBe(ordered.length === phases.length);
        for (const [i, name] of (cycle ?? []).slice(0, -1).entries()) {
          const index = phases.findIndex((one) => one.name === name);
          const edges = phases[index]!.dependsOn ?? (index > 0 ? [phases[index - 1]!.name] : []);
          expect(edges).toContain(cycle![i + 1]);
        }
      }),
      { seed: 12, numRuns: 1_000 },
    );
  });
});

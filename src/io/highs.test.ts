import { describe, expect, it } from 'vitest';
import type { LinearProgram, LinearResult } from '../capacity/verdict.js';
import { type Highs, loadHighs, solverFrom } from './highs.js';

const infinity = Number.POSITIVE_INFINITY;

/** Maximise x + 2y (as a minimum) with x + y ≤ 4 and y ≤ 3.5. */
const plain: LinearProgram = {
  columns: [
    { cost: -1, upper: infinity, entries: [[0, 1]] },
    {
      cost: -2,
      upper: 3,
      entries: [
        [0, 1],
        [1, 1],
      ],
    },
  ],
  rows: [
    { low: -infinity, high: 4 },
    { low: -infinity, high: 3.5 },
  ],
};

async function solve(program: LinearProgram, budget = 1000): Promise<LinearResult> {
  const session = (await loadHighs()).open(program);
  try {
    return session.solve(budget);
  } finally {
    session.close();
  }
}

describe('HiGHS behind the port', () => {
  it('solves linear programs, with prices', async () => {
    const result = await solve(plain);
    expect(result).toMatchObject({ status: 'optimal', objective: -7 });
    expect([Array.from(result.x), Array.from(result.duals, (each) => each + 0)]).toEqual([
      [1, 3],
      [-1, 0],
    ]);
  });

  it('goes on with columns that come later', async () => {
    const session = (await loadHighs()).open(plain);
    try {
      session.solve(1000);
      session.addColumns([{ cost: -5, upper: 1, entries: [[0, 1]] }]);
      expect(session.solve(1000)).toMatchObject({ status: 'optimal', objective: -11 });
    } finally {
      session.close();
    }
  });

  it.each<[string, LinearProgram, Partial<LinearResult>]>([
    [
      'whole numbers',
      {
        columns: [
          { cost: -1, upper: 10, integer: true, entries: [[0, 2]] },
          { cost: -2, upper: 3, integer: true, entries: [[0, 3]] },
        ],
        rows: [{ low: -infinity, high: 7 }],
      },
      { status: 'optimal', objective: -4 },
    ],
    [
      'no solution',
      { columns: [{ cost: 0, upper: 1, entries: [[0, 1]] }], rows: [{ low: 2, high: infinity }] },
      { status: 'infeasible' },
    ],
    [
      'no whole solution',
      { columns: [{ cost: 0, upper: 3, integer: true, entries: [[0, 2]] }], rows: [{ low: 3, high: 3 }] },
      { status: 'infeasible' },
    ],
    [
      'no end',
      { columns: [{ cost: -1, upper: infinity, entries: [] }], rows: [{ low: -infinity, high: 1 }] },
      { status: 'unbounded' },
    ],
    ['no row', { columns: [{ cost: 1, upper: 1, entries: [] }], rows: [] }, { status: 'optimal', objective: 0 }],
    ['no column', { columns: [], rows: [] }, { status: 'optimal', objective: 0 }],
  ])('%s', async (_, program, expected) => {
    expect(await solve(program)).toMatchObject(expected);
  });

  it('gives the same answer to the same question', async () => {
    const [a, b] = [await solve(plain), await solve(plain)];
    expect(a).toEqual(b);
  });

  it('is loaded once', () => {
    expect(loadHighs()).toBe(loadHighs());
  });

  it('answers `error` when an instance dies, and goes on with the spare', async () => {
    const { default: load } = (await import('highs')) as unknown as { default: () => Promise<Highs> };
    let made = 0;
    const solver = await solverFrom(async () => {
      const highs = await load();
      made += 1;
      if (made > 1) return highs;
      const dying = Object.create(highs) as Highs;
      dying.createModel = () => {
        throw Object.assign(new Error('Aborted()'), { name: 'RuntimeError' });
      };
      return dying;
    });
    while (made < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    const first = solver.open(plain);
    expect(first.solve(1000)).toMatchObject({ status: 'error', x: [] });
    first.addColumns([]);
    first.close();
    expect(solver.open(plain).solve(1000)).toMatchObject({ status: 'optimal', objective: -7 });
  });
});

import type { LinearColumn, LinearProgram, LinearResult, Solver, SolverSession } from '../capacity/verdict.js';

/** The solver, loaded once for the process: loading takes longer than most programs it solves. */
let loaded: Promise<Solver> | undefined;

/** HiGHS (WebAssembly) behind the port of the capacity room. */
export function loadHighs(): Promise<Solver> {
  loaded ??= start();
  return loaded;
}

/**
 * Instances of the solver. One is enough as long as nothing goes wrong inside it; an exception in compiled code ends an
 * instance for good, and a new one cannot be made without waiting. So a spare is made ready, and another after each failure.
 */
interface Instance {
  readonly highs: Highs;
  dead: boolean;
}

async function start(): Promise<Solver> {
  const module = await import('highs');
  // The package's types speak of its CommonJS form, where the loader is one `default` deeper than in the ES module.
  return solverFrom(module.default as unknown as Load);
}

/** A solver of the instances that `load` makes. */
export async function solverFrom(load: () => Promise<Highs>): Promise<Solver> {
  const instances: Instance[] = [];
  const add = async () => {
    instances.push({ highs: await load(), dead: false });
  };
  const spare = () => void add().catch(() => undefined);
  await add();
  spare();
  return {
    open: (program) => {
      const instance = instances.find((each) => !each.dead);
      if (instance === undefined) return failedSession;
      return guarded(instance, program, spare);
    },
  };
}

const failure: LinearResult = { status: 'error', objective: Number.NaN, bound: Number.NaN, x: [], duals: [] };
const failedSession: SolverSession = { solve: () => failure, addColumns: () => undefined, close: () => undefined };

/** A session in which trouble inside the solver (numbers, memory) is an answer, `error`, and not an exception. */
function guarded(instance: Instance, program: LinearProgram, onDeath: () => void): SolverSession {
  const attempt = <T>(action: () => T, otherwise: T): T => {
    if (instance.dead) return otherwise;
    try {
      return action();
    } catch (error) {
      if (error instanceof instance.highs.errors.HighsError) return otherwise;
      // `WebAssembly.RuntimeError` by its name: its type is not among those of Node.
      if (!(error instanceof Error) || !['RuntimeError', 'RangeError'].includes(error.name)) throw error;
      instance.dead = true;
      onDeath();
      return otherwise;
    }
  };
  const session = attempt(() => openSession(instance.highs, program), failedSession);
  return {
    solve: (budget) => attempt(() => session.solve(budget), failure),
    addColumns: (columns) => attempt(() => session.addColumns(columns), undefined),
    close: () => attempt(() => session.close(), undefined),
  };
}

type Load = typeof import('highs')['default'];
export type Highs = Awaited<ReturnType<Load>>;

/** HiGHS numbers the ends of a run; what is not here is an error of the solver (`HighsModelStatus`). */
const endings: Readonly<Record<number, LinearResult['status']>> = {
  6: 'optimal',
  7: 'optimal',
  8: 'infeasible',
  9: 'infeasible',
  10: 'unbounded',
  13: 'limit',
  14: 'limit',
  16: 'limit',
};

/** Nothing to choose: HiGHS refuses to run such a model. */
function empty(program: LinearProgram): LinearResult {
  const holds = program.rows.every(({ low, high }) => low <= 0 && high >= 0);
  return { status: holds ? 'optimal' : 'infeasible', objective: 0, bound: 0, x: [], duals: program.rows.map(() => 0) };
}

function openSession(highs: Highs, program: LinearProgram): SolverSession {
  const model = highs.createModel({
    numCols: program.columns.length,
    numRows: program.rows.length,
    colCost: program.columns.map((each) => each.cost),
    colLower: program.columns.map(() => 0),
    colUpper: program.columns.map((each) => finite(highs, each.upper)),
    rowLower: program.rows.map((each) => finite(highs, each.low)),
    rowUpper: program.rows.map((each) => finite(highs, each.high)),
    matrix: {
      format: 'csc',
      numRows: program.rows.length,
      numCols: program.columns.length,
      ...sparse(program.columns),
    },
    ...(program.columns.some((each) => each.integer === true)
      ? { integrality: Int32Array.from(program.columns, (each) => (each.integer === true ? 1 : 0)) }
      : {}),
  });
  let columns = program.columns.length;
  const integer = program.columns.some((each) => each.integer === true);
  model.options.set({ output_flag: false, random_seed: 1 });
  return {
    solve: (budget) => {
      if (columns === 0) return empty(program);
      model.options.set(
        integer ? { mip_max_nodes: budget, mip_rel_gap: 0, mip_abs_gap: 0.5 } : { simplex_iteration_limit: budget },
      );
      model.run();
      const status = endings[model.getModelStatus()] ?? 'error';
      const solution = model.getSolution();
      const objective = model.getObjectiveValue();
      return {
        status,
        objective,
        bound: integer ? Number(model.info.get('mip_dual_bound')) : objective,
        x: solution.colValue,
        duals: solution.rowDual,
      };
    },
    addColumns: (more) => {
      columns += more.length;
      const starts = sparse(more);
      model.addCols({
        cost: Float64Array.from(more, (each) => each.cost),
        lower: new Float64Array(more.length),
        upper: Float64Array.from(more, (each) => finite(highs, each.upper)),
        matrix: {
          format: 'csc',
          numRows: program.rows.length,
          numCols: more.length,
          starts: Int32Array.from(starts.starts),
          indices: Int32Array.from(starts.indices),
          values: Float64Array.from(starts.values),
        },
      });
    },
    close: () => model.dispose(),
  };
}

function finite(highs: Highs, value: number): number {
  if (value === Number.POSITIVE_INFINITY) return highs.infinity;
  return value === Number.NEGATIVE_INFINITY ? -highs.infinity : value;
}

/** Columns as compressed sparse columns. */
function sparse(columns: readonly LinearColumn[]): { starts: number[]; indices: number[]; values: number[] } {
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { entries } of columns) {
    for (const [row, value] of entries) {
      indices.push(row);
      values.push(value);
    }
    starts.push(indices.length);
  }
  return { starts, indices, values };
}

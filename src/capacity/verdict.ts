import type { Resources } from './facts.js';

/**
 * One state of the cluster to be judged: which workloads have how many replicas, and which nodes are not there. Plain data;
 * `scenarios` makes them from waves.
 */
export interface Scenario {
  readonly kind: ScenarioKind;
  /** A phrase for people: "steady at wave 20", "node a100-1 gone". */
  readonly title: string;
  readonly environment?: string;
  readonly wave?: number;
  /** Replicas by workload id; what is not named has none. DaemonSets are named with 1 where they exist. */
  readonly replicas: Readonly<Record<string, number>>;
  /** Names of nodes that are gone. */
  readonly without?: readonly string[];
  /** The workloads this scenario is about (those that roll, or that scale), where not all. */
  readonly about?: readonly string[];
}

/**
 * `steady`: every replica runs. `rollout`: everything of the wave rolls at once, at full surge. `progress`: the least a
 * rollout of one workload needs not to deadlock: one surge replica. `copy`: the second set of a blue-green or canary
 * release. `maximum`: every autoscaler at its maximum. `node-gone`, `zone-gone`: steady, on fewer nodes.
 */
export type ScenarioKind = 'steady' | 'rollout' | 'progress' | 'copy' | 'maximum' | 'node-gone' | 'zone-gone';

export type Status = 'possible' | 'impossible' | 'order-safe' | 'unknown';

/** The Pods of one template of one workload in a scenario; `key` is `<workload id>#<role>`. */
export interface PodCount {
  readonly key: string;
  readonly workload: string;
  readonly role: string;
  readonly pods: number;
}

/** Where Pods go. A placement is complete: it has all Pods of the scenario. */
export interface Placement {
  readonly assignments: readonly { readonly key: string; readonly node: string; readonly pods: number }[];
}

/**
 * A proof that a scenario cannot be placed. Prices and bounds are decimal integers in strings, since they exceed what a
 * JSON number holds exactly. `verifyCertificate` checks each without any code of the engine.
 *
 * - `no-node`: one Pod fits no node even when all of the scenario's other Pods are away.
 * - `prices`: every Pod has a price, and no node can hold Pods worth more than its bound; the Pods are worth more than all
 *   bounds together. The bound of a node is either `resources` (a price per unit of each free resource, `each` a price for
 *   every Pod of a template up to as many as one node can hold, `cliques` for templates of which at most one Pod can stand
 *   there) or `search`: the checker finds the best-paid set of Pods for one node itself.
 * - `domains`: more Pods of one template than the domains of a topology key can hold when Pods keep `apart` (one a domain),
 *   are `spread` evenly, must be `together` in one domain, or take a domain alone (`exclusive`).
 * - `exhausted`: no assignment exists; the checker repeats the search.
 * - `quota`: a quota allows less than the scenario asks for.
 */
export type Certificate =
  | { readonly kind: 'no-node'; readonly key: string; readonly node?: string }
  | {
      readonly kind: 'prices';
      readonly prices: Readonly<Record<string, string>>;
      readonly bounds: readonly NodeBound[];
    }
  | {
      readonly kind: 'domains';
      /** A template; with `exclusive` a workload. */
      readonly key: string;
      readonly topologyKey: string;
      readonly rule: 'apart' | 'spread' | 'together' | 'exclusive';
    }
  | { readonly kind: 'exhausted' }
  | {
      readonly kind: 'quota';
      readonly quota: string;
      readonly resource: string;
      readonly asked: number;
      readonly allowed: number;
    };

export interface NodeBound {
  readonly nodes: readonly string[];
  readonly by:
    | {
        readonly kind: 'resources';
        readonly resources: Readonly<Record<string, string>>;
        readonly each: Readonly<Record<string, string>>;
        readonly cliques: readonly { readonly keys: readonly string[]; readonly price: string }[];
      }
    | { readonly kind: 'search' };
}

/** What a scenario uses of one pool, without nodes that take none of the Pods for the state they are in. */
export interface PoolUse {
  readonly pool: string;
  readonly nodes: number;
  /** Of these, how many an autoscaler would have to add, at least in the placement that was found. */
  readonly added: number;
  readonly have: Resources;
  readonly taken: Resources;
  /** What the Pods hold that have a place. */
  readonly used: Resources;
  /** `used`, and what the Pods without a place ask for that might stand here. */
  readonly asked: Resources;
  readonly free: Resources;
}

export interface OrderJudgement {
  readonly safe: boolean;
  /** Why it is safe, or which workload a greedy order could strand. */
  readonly reason: string;
  readonly sampled?: { readonly orders: number; readonly stranded: number; readonly worstGpus: number };
  readonly remedy?: string;
}

export interface Verdict {
  readonly status: Status;
  readonly scenario: Scenario;
  /** One or more sentences with numbers. */
  readonly message: string;
  readonly placement?: Placement;
  readonly certificate?: Certificate;
  readonly pools: readonly PoolUse[];
  readonly order?: OrderJudgement;
  /** What was left out of the judgement, in sentences. */
  readonly unread: readonly string[];
  /** Which stage decided: sums, heuristic, bound, patterns, search. */
  readonly decidedBy: string;
  /** Steps of the search that were used. */
  readonly steps: number;
}

/** A linear or integer program: minimise `objective · x` under rows `low ≤ a · x ≤ high`, `0 ≤ x ≤ upper`. */
export interface LinearProgram {
  readonly columns: readonly LinearColumn[];
  /** `high` may be Infinity, `low` may be -Infinity. */
  readonly rows: readonly { readonly low: number; readonly high: number }[];
}

export interface LinearColumn {
  readonly cost: number;
  readonly upper: number;
  readonly integer?: boolean;
  /** Row index and coefficient. */
  readonly entries: readonly (readonly [number, number])[];
}

export interface LinearResult {
  /** `limit`: the budget of iterations or search nodes ran out; a solution may still be there. */
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'limit' | 'error';
  readonly objective: number;
  readonly x: ArrayLike<number>;
  /** Shadow price by row, empty for integer programs. */
  readonly duals: ArrayLike<number>;
  /** A bound below which no solution can be (integer programs); the objective where it is optimal. */
  readonly bound: number;
}

/** The port to a solver of linear and integer programs; `src/io/highs.ts` is the adapter. Equal calls give equal answers. */
export interface Solver {
  /** Opens a program; it holds memory of the solver until `close`. */
  open(program: LinearProgram): SolverSession;
}

export interface SolverSession {
  /** `budget`: simplex iterations for linear, search nodes for integer programs. */
  solve(budget: number): LinearResult;
  /** Columns that come later (column generation); the next solve starts where the last one ended. */
  addColumns(columns: readonly LinearColumn[]): void;
  close(): void;
}

export interface JudgeOptions {
  /** Without it only sums and the heuristic decide, and what they leave open is `unknown`. */
  readonly solver?: Solver;
  /** Budget of search steps; the same input and budget give the same verdict everywhere. Default 400 million. */
  readonly maxSteps?: number;
  /** Whether to look for order-safety (only where the status is possible). Default true. */
  readonly order?: boolean;
}

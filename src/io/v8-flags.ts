import { setFlagsFromString } from 'node:v8';

/** In units of bytecode that ran, before the engine looks whether a function is worth optimizing: that of V8 11, which Node 20 brings. */
const usualBudget = 67_584;
const shortRunBudget = 4 * usualBudget;

/** With more files than this a run takes some seconds, and optimized code pays. */
const manyFiles = 6_000;

let isShort = false;

/**
 * Lets the JavaScript engine wait longer before it optimizes a function. Most runs last for a second: on Node 20 a third of what the
 * processors do would be the optimizing compiler's work, on threads that take two processors away from the one that builds and judges
 * (`bench/README.md` has the figures). Later engines have a cheaper compiler in between and are left as they are, as is whoever gives
 * the flag themselves.
 */
export function suitShortRuns(engine: string = process.versions.v8, flags: readonly string[] = givenFlags()): void {
  if (!engine.startsWith('11.') || flags.some((flag) => /(?:^|\s)--interrupt[-_]budget=/.test(flag))) return;
  setFlagsFromString(`--interrupt-budget=${shortRunBudget}`);
  isShort = true;
}

/** Takes that back where there are too many files for a short run; told once it is known how many there are. */
export function suitFiles(count: number): void {
  if (!isShort || count <= manyFiles) return;
  setFlagsFromString(`--interrupt-budget=${usualBudget}`);
  isShort = false;
}

function givenFlags(): string[] {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
}

import { setFlagsFromString } from 'node:v8';

/** In units of bytecode that ran; four times what V8 11 has, which Node 20 brings. */
const interruptBudget = 270_336;

/**
 * Lets the JavaScript engine wait longer before it optimizes a function. A run lasts for a second or two: on Node 20 a third of what the
 * processors do would be the optimizing compiler's work, on threads that take two processors away from the one that builds and judges
 * (`bench/README.md` has the figures). Later engines have a cheaper compiler in between and are left as they are, as is whoever gives
 * the flag themselves.
 */
export function suitShortRuns(engine: string = process.versions.v8, flags: readonly string[] = givenFlags()): void {
  if (!engine.startsWith('11.') || flags.some((flag) => /(?:^|\s)--interrupt[-_]budget=/.test(flag))) return;
  setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
}

function givenFlags(): string[] {
  return [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
}

import { atLeast, parseEngineVersion } from '../../../models/index.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers } from '../../workloads.js';

export const engineFlagKnown: Rule = {
  id: 'engine-flag-known',
  group: 'serving',
  severity: 'error',
  summary: 'A flag does not exist in the release of the engine that runs.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { facts, place } = engine;
      const version = parseEngineVersion(facts.engineVersion ?? '');
      for (const [name, flag] of facts.flags) {
        const entry = history.find((each) => each.flag === name);
        const at = engine.pointerOf(flag.source);
        if (entry !== undefined && version !== undefined) {
          const gone = entry.until !== undefined && atLeast(version, ...entry.until);
          const early = entry.since !== undefined && !atLeast(version, ...entry.since);
          if (!gone && !early) continue;
          onFinding(
            onServer(engine, at, {
              key: name,
              message: `${nameOf(place)} starts vLLM ${facts.engineVersion} with --${name}, which ${gone ? `is gone since ${entry.until?.join('.')}` : `came with ${entry.since?.join('.')}`}: the engine ends with "unrecognized arguments".`,
              hint: entry.hint,
            }),
          );
          continue;
        }
        const meant = entry === undefined ? misspelt(name) : undefined;
        if (meant === undefined) continue;
        const prefix = meant.startsWith(name);
        onFinding(
          onServer(engine, at, {
            key: name,
            ...(prefix ? { severity: 'warning' as const } : {}),
            message: prefix
              ? `${nameOf(place)} writes --${name} for --${meant}: the parser completes it as long as no other flag begins so.`
              : `${nameOf(place)} starts vLLM with --${name}, which it does not have: the engine ends with "unrecognized arguments".`,
            hint: `Write --${meant}.`,
          }),
        );
      }
    }
  },
};

interface FlagHistory {
  readonly flag: string;
  readonly since?: readonly [number, number];
  readonly until?: readonly [number, number];
  readonly hint: string;
}

/**
 * Flags that came or went, with the first release that has or lacks them for certain: `--disable-log-requests` is gone in
 * 0.17 (llm-d-benchmark#781), the choice of block manager ended with the first engine (worker-vllm#259 on the way from 0.11
 * to 0.15), `--shutdown-timeout` works from 0.18 on (vllm#43208).
 */
const history: readonly FlagHistory[] = [
  {
    flag: 'disable-log-requests',
    until: [0, 17],
    hint: 'Leave it out: requests are logged only with --enable-log-requests.',
  },
  { flag: 'use-v2-block-manager', until: [0, 15], hint: 'Leave it out.' },
  { flag: 'shutdown-timeout', since: [0, 18], hint: 'Take vLLM 0.18 or newer, or leave it out.' },
];

/** Flags that every release has and that nobody can do without. */
const lasting: readonly string[] = [
  'tensor-parallel-size',
  'pipeline-parallel-size',
  'data-parallel-size',
  'max-model-len',
  'gpu-memory-utilization',
  'max-num-seqs',
  'max-num-batched-tokens',
  'served-model-name',
  'kv-cache-dtype',
  'quantization',
  'trust-remote-code',
  'enforce-eager',
];

/** The flag that somebody meant: one that the name abbreviates, or one at a distance of one letter. */
function misspelt(name: string): string | undefined {
  if (lasting.includes(name) || name.length < 8) return undefined;
  const long = lasting.filter((each) => each.startsWith(name));
  if (long.length === 1 && long[0] !== undefined && name.length >= long[0].length - 4) return long[0];
  return lasting.find((each) => near(name, each));
}

/** Whether one letter was changed, added, left out or two neighbours swapped. */
function near(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let head = 0;
  while (head < a.length && a[head] === b[head]) head += 1;
  const [x, y] = [a.slice(head), b.slice(head)];
  if (x.length === y.length)
    return x.slice(1) === y.slice(1) || (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
  return x.length > y.length ? x.slice(1) === y : x === y.slice(1);
}

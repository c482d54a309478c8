import { joinedTitle, orderSentence, type Status } from '../capacity/index.js';
import type { CapacityView, WaveView, WorkloadView } from './capacity-view.js';

/** What the formats of the view say alike. */

export interface ViewOptions {
  /** Every figure that nobody typed, with its arithmetic. */
  readonly workedOut?: boolean;
}

export const verdictWords: Readonly<Record<Status, string>> = {
  'order-safe': 'fits, in any order',
  possible: 'fits',
  unknown: 'not decided',
  impossible: 'does not fit',
};

export interface ViewProblem {
  readonly status: 'impossible' | 'unknown';
  /** The state of the cluster that is judged, begun with a capital. */
  readonly title: string;
  readonly message: string;
}

/** What does not fit or is not decided, and why; several nodes whose loss has the same outcome are one problem. */
export function problemsOf(wave: WaveView): readonly ViewProblem[] {
  const isShort = wave.scenarios.some(({ kind, status }) => kind === 'steady' && status === 'impossible');
  const found = new Map<string, { status: ViewProblem['status']; titles: string[] }>();
  for (const { kind, status, title, message } of wave.scenarios) {
    if (status !== 'impossible' && status !== 'unknown') continue;
    // What does not fit on all nodes does not fit on fewer.
    if (isShort && (kind === 'node-gone' || kind === 'zone-gone')) continue;
    const known = found.get(message);
    if (known === undefined) found.set(message, { status, titles: [title] });
    else known.titles.push(title);
  }
  return [...found].map(([message, { status, titles }]) => {
    const title = joinedTitle(titles);
    return { status, title: title.charAt(0).toUpperCase() + title.slice(1), message };
  });
}

/** What sampled orders of arrival came to at this wave, the state named where it is not the steady one. */
export function ordersOf(wave: WaveView): readonly string[] {
  const found = wave.scenarios.flatMap(({ kind, title, order }): string[] => {
    const said = orderSentence(order);
    return said === undefined ? [] : [kind === 'steady' ? said : `${title.replace(/ at wave .*$/, '')}: ${said}`];
  });
  return found.map((each) => `Order of arrival, ${each.charAt(0).toLowerCase()}${each.slice(1)}`);
}

/** `5 to 20 x 1 a100-80gb, surge`. */
export function workloadWords({ replicas: { min, max }, gpusPerReplica, gpu, strategy }: WorkloadView): string {
  return `${min === max ? min : `${min} to ${max}`} x ${gpusPerReplica} ${gpu}, ${strategy}`;
}

export const poolColumns = ['have', 'taken', 'steady', 'rollout', 'maximum', 'node gone', 'free'] as const;

/** Whole GPUs (or slices) of a pool at one wave; a state that is not judged has no figure. */
export interface PoolFigures {
  readonly pool: string;
  readonly gpu?: string;
  readonly have: number;
  readonly taken: number;
  readonly steady: number;
  readonly rollout?: number;
  readonly maximum?: number;
  readonly nodeGone?: number;
  readonly free: number;
}

/** The figures of a pool in the order of `poolColumns`. */
export function poolFigures(pool: PoolFigures): readonly string[] {
  const { have, taken, steady, rollout, maximum, nodeGone, free } = pool;
  return [have, taken, steady, rollout, maximum, nodeGone, free].map((each) => String(each ?? '-'));
}

/** `staging on cluster eu-west`. */
export function placeWords(environment: string, cluster: string): string {
  return `${environment} on cluster ${cluster}`;
}

/** Notes as they are told to people: the same sentence once. */
export function notesToTell(notes: CapacityView['notes']): CapacityView['notes'] {
  const told = new Set<string>();
  return notes.filter(({ message, hint }) => {
    const key = JSON.stringify([message, hint]);
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
}

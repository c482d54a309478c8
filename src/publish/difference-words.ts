import type { ObjectDifference } from './rendered-diff.js';
import { duration } from './rendered-diff-text.js';
import { secondsUntilWarm } from './rollout-effect.js';
import type { ApplicationDifference, StateDifference } from './state-difference.js';

/** What is said at the top: how much changes, what restarts, how long it takes. */
export function summaryWords(difference: StateDifference): string[] {
  const { applications, compared, added, changed, removed, restarts, gpus } = difference;
  if (applications.length === 0)
    return [`no difference in what ${count(compared, 'Application and folder', 'Applications and folders')} render to`];
  const lines = [
    `${applications.length} of ${count(compared, 'Application or folder', 'Applications and folders')}: ${count(added, 'object')} added, ${changed} changed, ${removed} removed`,
  ];
  if (restarts.workloads > 0) lines.push(`${count(restarts.workloads, 'workload')} restarted${onGpus(restarts.gpus)}`);
  if (gpus.before !== gpus.after) lines.push(`GPUs of what changes: ${gpus.before} → ${gpus.after}`);
  const warm = longestUntilWarm(difference);
  if (warm !== undefined) lines.push(`the last Pod is warm about ${duration(warm)} after it may start`);
  return lines;
}

/** Seconds until the slowest workload answers everywhere; undefined where nothing starts, or nobody knows. */
export function longestUntilWarm(difference: StateDifference): number | undefined {
  const all = objectsOf(difference).flatMap(({ effect }) =>
    effect === undefined ? [] : (secondsUntilWarm(effect) ?? []),
  );
  return all.length === 0 ? undefined : Math.max(...all);
}

export function objectsOf({ applications }: StateDifference): readonly ObjectDifference[] {
  return applications.flatMap(({ difference }) => difference.objects);
}

/** `Application llama-3-1-8b-production (added)`. */
export function titleOf(
  { kind, name, cluster, change }: ApplicationDifference,
  show: (text: string) => string,
): string {
  const what = kind === 'application' ? 'Application' : 'Folder';
  const where = cluster === '' ? '' : ` on ${show(cluster.replace(/^name:/u, ''))}`;
  return `${what} ${show(name)}${where}${change === 'changed' ? '' : ` (${change})`}`;
}

/** What changes for an Application as a whole, a line each; `show` makes values of the repository harmless. */
export function notesOf(
  { moved, revision, undecided, pending }: ApplicationDifference,
  show: (text: string) => string,
): string[] {
  const fromTo = ({ before, after }: { readonly before: string; readonly after: string }) =>
    `${show(before)} → ${show(after)}`;
  return [
    ...(pending === true ? ['deployed at a pinned commit: takes effect when it is promoted'] : []),
    ...(undecided === undefined ? [] : [`not compared: ${show(undecided)}`]),
    ...(moved === undefined ? [] : [`every object moves: ${fromTo(moved)}`]),
    ...(revision === undefined ? [] : [`revision: ${fromTo(revision)}`]),
  ];
}

export function count(number: number, noun: string, many = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : many}`;
}

function onGpus(gpus: number): string {
  return gpus === 0 ? '' : ` (${count(gpus, 'GPU')})`;
}

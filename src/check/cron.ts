import { stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';

const names: readonly (readonly string[] | undefined)[] = [
  undefined,
  undefined,
  undefined,
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
];
const bounds = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of month', 1, 31],
  ['month', 1, 12],
  ['day of week', 0, 6],
] as const;

/**
 * What is wrong with a schedule of five fields as robfig/cron's parser for them reads it (no seconds, no `@daily`); undefined
 * where it is fine.
 */
export function cronProblem(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty';
  if (text.trim().startsWith('@')) return 'names such as @daily are not among the five fields that Argo CD reads';
  const fields = text
    .trim()
    .replace(/^(CRON_)?TZ=\S+\s+/, '')
    .split(/\s+/);
  if (fields.length !== 5)
    return `it has ${fields.length} fields, and five are read: minute, hour, day of month, month, day of week`;
  for (const [index, field] of fields.entries()) {
    for (const part of field.split(',')) {
      const problem = partProblem(part, index);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function partProblem(part: string, index: number): string | undefined {
  const [what, low, high] = bounds[index] as (typeof bounds)[number];
  const [range = '', step, ...more] = part.split('/');
  const bad = `"${part}" is no ${what}`;
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return bad;
  if (range === '*' || range === '?') return undefined;
  const ends = range.split('-');
  if (ends.length > 2) return bad;
  const numbers = ends.map((end) => numberOf(end, index));
  if (numbers.some((each) => each === undefined)) return bad;
  const [from = 0, to = from] = numbers as number[];
  if (from < low || to > high) return `${what} goes from ${low} to ${high}, and "${part}" leaves it`;
  return from > to ? `"${part}" ends before it starts` : undefined;
}

function numberOf(text: string, index: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const at = names[index]?.indexOf(text.toLowerCase()) ?? -1;
  return at < 0 ? undefined : index === 3 ? at + 1 : at;
}

const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration (`1h30m`); undefined where Go's time.ParseDuration refuses. */
export function goDurationSeconds(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(h|m|s|ms|us|µs|ns)((\d+(\.\d*)?|\.\d+)(h|m|s|ms|us|µs|ns))*$/.test(text))
    return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|us|µs|ns|h|m|s)/g))
    seconds += Number(amount) * (units[unit as string] as number);
  return text.startsWith('-') ? -seconds : seconds;
}

/** Whether a window is open without a gap: it starts at least daily and lasts until it starts again. */
export function isAlways(window: JsonObject): boolean {
  const schedule = (stringAt(window, 'schedule') ?? '').trim().split(/\s+/);
  const seconds = goDurationSeconds(stringAt(window, 'duration') ?? '') ?? 0;
  if (schedule.length !== 5 || schedule.slice(2).some((each) => each !== '*')) return false;
  if (schedule[0] === '*' && schedule[1] === '*') return seconds >= 60;
  if (schedule[1] === '*') return seconds >= 3600;
  return seconds >= 86_400;
}

const minutesOfWeek = 7 * 24 * 60;

/**
 * The minutes of a week, from Sunday 00:00, at which a window is open; undefined where its schedule cannot be read or names days of
 * a month or months. A part of a minute counts as `partial` says.
 */
export function openMinutes(window: JsonObject, partial: 'open' | 'closed'): readonly boolean[] | undefined {
  const schedule = (stringAt(window, 'schedule') ?? '').trim();
  const seconds = goDurationSeconds(stringAt(window, 'duration') ?? '');
  const fields = schedule.split(/\s+/);
  if (cronProblem(schedule) !== undefined || seconds === undefined || fields.length !== 5) return undefined;
  if (![fields[2], fields[3]].every((each) => each === '*' || each === '?')) return undefined;
  const [minute, hour, day] = [0, 1, 4].map((index) => valuesOf(fields[index] as string, index));
  const length = partial === 'open' ? Math.ceil(seconds / 60) : Math.floor(seconds / 60);
  const open = new Array<boolean>(minutesOfWeek).fill(false);
  let left = 0;
  // Twice around: what opens late on Saturday is still open on Sunday.
  for (let at = 0; at < 2 * minutesOfWeek; at += 1) {
    const now = at % minutesOfWeek;
    const starts = minute?.has(now % 60) && hour?.has(Math.floor(now / 60) % 24) && day?.has(Math.floor(now / 1440));
    left = starts ? Math.max(left, length) : left;
    if (left > 0) open[now] = true;
    left -= 1;
  }
  return open;
}

function valuesOf(field: string, index: number): ReadonlySet<number> {
  const [, low, high] = bounds[index] as (typeof bounds)[number];
  const out = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step] = part.split('/');
    const ends =
      range === '*' || range === '?' ? [low, high] : range.split('-').map((end) => numberOf(end, index) ?? low);
    const from = ends[0] ?? low;
    const to = ends[1] ?? (step === undefined ? from : high);
    for (let value = from; value <= to; value += Number(step ?? 1)) out.add(value);
  }
  return out;
}

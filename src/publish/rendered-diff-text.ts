import { diffArrays } from 'diff';
import type { Json } from '../diagnostics/diagnostic.js';
import type { ObjectDifference, RenderedDifference, ShownChange } from './rendered-diff.js';
import { type RolloutEffect, secondsUntilWarm } from './rollout-effect.js';

/**
 * A rendered difference as lines for a terminal: one block an object, one line a field, and last the sum. Values are JSON, so that no
 * text in them can look like another line or move the cursor.
 */
export function renderedDifferenceText(difference: RenderedDifference): string {
  const blocks = difference.objects.map(objectText);
  return [...blocks, `${summary(difference)}\n`].join('\n');
}

/** One object: a line with its name, a line for each field, and what becomes of its Pods. */
export function objectText(one: ObjectDifference): string {
  const { key, change, renamedFrom } = one;
  const place = key.namespace === '' ? '' : `${key.namespace}/`;
  const was = renamedFrom === undefined ? '' : ` (was ${plain(renamedFrom)})`;
  const head = `${SIGNS[change]} ${plain(key.kind)} ${plain(`${place}${key.name}`)}${was}`;
  const effect = one.effect === undefined ? [] : effectLines(one.effect).map((line) => `    ${line}`);
  return `${[head, ...one.fields.flatMap(fieldLines), ...effect].join('\n')}\n`;
}

const SIGNS: Readonly<Record<ObjectDifference['change'], string>> = { added: '+', removed: '-', changed: '~' };

/** A field with its old and new value; each value is JSON on one line. */
export function fieldLines(field: ShownChange): string[] {
  const path = plain(field.path);
  if (field.kind === 'reordered') return [`    ${path}: order changed`];
  if (field.hidden) return [`    ${path}: changed (values hidden)`];
  const { before, after } = field;
  if (isList(before) && isList(after)) return [`    ${path}:`, ...listLines(before, after)];
  if (before === undefined) return [`    ${path}: + ${show(after)}`];
  if (after === undefined) return [`    ${path}: - ${show(before)}`];
  return [`    ${path}: ${show(before)} → ${show(after)}`];
}

function listLines(before: readonly Json[], after: readonly Json[]): string[] {
  return diffArrays(before.map(show), after.map(show)).flatMap(({ added, removed, value }) =>
    value.filter(() => added || removed).map((item) => `      ${added ? '+' : '-'} ${item}`),
  );
}

/** What becomes of the Pods of a workload, in words. */
export function effectLines(effect: RolloutEffect): string[] {
  const { restarts, note, pods, gpus, dip, surge } = effect;
  const lines: string[] = [];
  if (restarts !== 'no')
    lines.push(`${restarts === 'yes' ? 'restarts' : 'may restart'} ${count(pods.after, 'Pod')}${onGpus(gpus.after)}`);
  if (dip !== undefined && dip.pods > 0)
    lines.push(`during the rollout up to ${count(dip.pods, 'Pod')} fewer${onGpus(dip.gpus)}`);
  if (surge !== undefined && surge.pods > 0)
    lines.push(`during the rollout up to ${count(surge.pods, 'Pod')} more${onGpus(surge.gpus)}`);
  const warm = secondsUntilWarm(effect);
  if (warm !== undefined) lines.push(`all of them warm after about ${duration(warm)}`);
  if (note !== undefined) lines.push(note);
  if (gpus.before !== gpus.after) lines.push(`GPUs: ${gpus.before} → ${gpus.after}`);
  return lines;
}

/** `4 min`, `1 h 10 min`; seconds below two minutes. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

function summary({ added, removed, changed, unchanged, restarts, gpus }: RenderedDifference): string {
  if (added + removed + changed === 0) return `no difference in ${count(unchanged, 'object')}`;
  const parts = [`${added} added, ${changed} changed, ${removed} removed, ${unchanged} unchanged`];
  if (restarts.workloads > 0) parts.push(`${count(restarts.workloads, 'workload')} restarted${onGpus(restarts.gpus)}`);
  if (gpus.before !== gpus.after) parts.push(`GPUs ${gpus.before} → ${gpus.after}`);
  return parts.join('; ');
}

function onGpus(gpus: number): string {
  return gpus === 0 ? '' : ` (${count(gpus, 'GPU')})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** JSON escapes what is below U+0020; what else can steer a terminal or turn text around is escaped as well. */
function show(value: Json | undefined): string {
  return visible(JSON.stringify(value) ?? '');
}

function plain(text: string): string {
  return visible(text);
}

function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

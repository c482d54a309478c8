import type { JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { asNumber, asObject, asString, at, type RuleContext } from './context.js';

/** Job and CronJob of batch/v1. */
export function checkJobs(context: RuleContext): void {
  if (context.apiVersion !== 'batch/v1') return;
  const spec = asObject(context.value['spec']);
  if (spec === undefined) return;
  if (context.kind === 'Job') checkJob(context, spec, ['spec']);
  if (context.kind !== 'CronJob') return;
  const schedule = asString(spec['schedule']);
  const fault = schedule === undefined ? undefined : cronFault(schedule);
  if (fault !== undefined) context.fail('api-job', ['spec', 'schedule'], `"${schedule}" is no schedule: ${fault}`);
  const job = asObject(at(spec, 'jobTemplate', 'spec'));
  if (job !== undefined) checkJob(context, job, ['spec', 'jobTemplate', 'spec']);
}

function checkJob(context: RuleContext, spec: JsonObject, path: Path): void {
  if (spec['completionMode'] === 'Indexed' && asNumber(spec['completions']) === undefined) {
    context.fail('api-job', path, 'an Indexed Job needs `completions`', { part: 'key' });
  }
  if (spec['manualSelector'] !== true && asObject(spec['selector']) !== undefined) {
    context.fail(
      'api-job',
      [...path, 'selector'],
      'is made by the API server; write it only with `manualSelector: true`',
      { part: 'key' },
    );
  }
  if (spec['backoffLimitPerIndex'] !== undefined && spec['completionMode'] !== 'Indexed') {
    context.fail('api-job', [...path, 'backoffLimitPerIndex'], 'needs `completionMode: Indexed`', { part: 'key' });
  }
}

const macros = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/;
const fields: readonly (readonly [name: string, least: number, most: number, words?: string])[] = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of month', 1, 31],
  ['month', 1, 12, 'jan feb mar apr may jun jul aug sep oct nov dec'],
  ['day of week', 0, 6, 'sun mon tue wed thu fri sat'],
];

/** What is wrong with a schedule in the form that the CronJob controller reads (github.com/robfig/cron/v3, standard parser). */
export function cronFault(schedule: string): string | undefined {
  if (/^\s*(?:CRON_)?TZ=/.test(schedule)) return 'a time zone belongs into `spec.timeZone`';
  const text = schedule.trim();
  if (text.startsWith('@')) return macros.test(text) ? undefined : 'unknown macro';
  const parts = text.split(/\s+/);
  if (parts.length !== 5)
    return `it has ${parts.length} fields, five are needed (minute, hour, day of month, month, day of week)`;
  for (const [i, part] of parts.entries()) {
    const [name, least, most, words] = fields[i]!;
    for (const range of part.split(',')) {
      if (!isCronRange(range, least, most, words)) return `\`${range}\` is no ${name} (${least} to ${most})`;
    }
  }
  return undefined;
}

function isCronRange(range: string, least: number, most: number, words = ''): boolean {
  const match = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i.exec(range);
  if (match === null) return false;
  const [, from, to, step] = match;
  if (step !== undefined && Number(step) === 0) return false;
  if (from === '*' || from === '?') return to === undefined;
  const number = (text: string): number => {
    const word = words.split(' ').indexOf(text.toLowerCase());
    return word >= 0 && words !== '' ? word + least : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const start = number(from!);
  const end = to === undefined ? start : number(to);
  return start >= least && end <= most && start <= end;
}

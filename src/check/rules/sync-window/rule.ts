import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { KubeObject } from '../../../repository/model.js';
import { cronProblem, goDurationSeconds, isAlways, openMinutes } from '../../cron.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';

export const syncWindow: Rule = {
  id: 'sync-window',
  group: 'argocd',
  severity: 'error',
  summary: 'A sync window cannot be read or applies to nothing, or windows together never let a sync through.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object, spec, name } of repository.projects.values()) {
      const windows = objectsAt(spec, 'syncWindows');
      const seen = new Map<string, number>();
      for (const [index, window] of windows.entries()) {
        const pointer = `/spec/syncWindows/${index}`;
        for (const { field, message } of faults(window)) {
          onFinding(
            onField(object, `${pointer}${field}`, {
              message: `${message}; one window that cannot be read blocks every sync of the Applications it matches.`,
              key: `${index} ${field}`,
            }),
          );
        }
        if (['applications', 'namespaces', 'clusters'].every((key) => listAt(window, key).length === 0)) {
          onFinding(
            onField(object, pointer, {
              message: 'The window names no applications, namespaces or clusters, and applies to nothing.',
              key: `${index}`,
            }),
          );
        }
        const negated = ['applications', 'namespaces', 'clusters']
          .flatMap((key) => listAt(window, key))
          .find((each) => String(each).startsWith('!'));
        if (negated !== undefined) {
          onFinding(
            onField(object, pointer, {
              severity: 'warning',
              message: `A window has no negation: ${String(negated)} matches only a name that starts with an exclamation mark.`,
              key: `! ${index}`,
            }),
          );
        }
        const { manualSync: _, description: __, syncOverrun: ___, ...identity } = window;
        const same = seen.get(JSON.stringify(identity));
        if (same !== undefined) {
          onFinding(
            onField(object, pointer, {
              message: 'The window stands twice in this project; Argo CD refuses the second.',
              key: `twice ${index}`,
              related: [{ message: 'the first', at: placeOf(object, `/spec/syncWindows/${same}`) }],
            }),
          );
        } else seen.set(JSON.stringify(identity), index);
      }
      const closed = windows.findIndex((each) => each['kind'] === 'deny' && isAlways(each) && everything(each));
      if (closed >= 0) {
        onFinding(
          onField(object, `/spec/syncWindows/${closed}/schedule`, {
            message: `The window denies every Application of project ${name} at all times: nothing is ever synced.`,
            key: 'never',
          }),
        );
      } else neverOpen(object, windows, onFinding);
    }
  },
};

/** Windows that allow, every minute of which is denied. Only those of one time zone can be compared. */
function neverOpen(object: KubeObject, windows: readonly JsonObject[], onFinding: OnFinding): void {
  for (const [index, window] of windows.entries()) {
    if (window['kind'] !== 'allow') continue;
    const open = openMinutes(window, 'open');
    if (open === undefined) continue;
    const denials = windows.filter(
      (each) =>
        each['kind'] === 'deny' && everything(each) && each['andOperator'] !== true && zone(each) === zone(window),
    );
    const denied = denials.flatMap((each) => openMinutes(each, 'closed') ?? []);
    const length = open.length;
    const isDenied = (minute: number) => {
      for (let at = minute; at < denied.length; at += length) if (denied[at]) return true;
      return false;
    };
    if (!open.includes(true) || !open.every((isOpen, minute) => !isOpen || isDenied(minute))) continue;
    onFinding(
      onField(object, `/spec/syncWindows/${index}/schedule`, {
        message:
          'The windows that deny every Application cover this one at all times: an Application that it matches is never synced automatically.',
        hint: 'Move one of them: a denial wins over every window that allows.',
        key: `covered ${index}`,
      }),
    );
  }
}

function zone(window: JsonObject): string {
  return stringAt(window, 'timeZone') || 'UTC';
}

function faults(window: JsonObject): { readonly field: string; readonly message: string }[] {
  const out: { field: string; message: string }[] = [];
  const kind = stringAt(window, 'kind') ?? '';
  if (kind !== 'allow' && kind !== 'deny')
    out.push({ field: '/kind', message: `The kind of a window is allow or deny, and not "${kind}"` });
  const schedule = stringAt(window, 'schedule') ?? '';
  const cron = cronProblem(schedule);
  if (cron !== undefined)
    out.push({ field: '/schedule', message: `The schedule "${schedule}" cannot be read: ${cron}` });
  const duration = stringAt(window, 'duration') ?? '';
  if (goDurationSeconds(duration) === undefined) {
    out.push({
      field: '/duration',
      message: `The duration "${duration}" cannot be read: it is a number with h, m or s, such as 8h or 1h30m, and has no days`,
    });
  }
  return out;
}

function everything(window: JsonObject): boolean {
  return ['applications', 'namespaces', 'clusters'].some((key) => listAt(window, key).includes('*'));
}

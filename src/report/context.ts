import type { Report } from '../check/report.js';
import { shown } from '../diagnostics/show.js';
import { count } from './words.js';

/** What the findings were held against, a sentence each: for people, in every format. */
export function contextLines({ change, baseline, trusted }: Report): readonly string[] {
  const lines: string[] = [];
  if (change !== undefined) {
    const names = change.applications.slice(0, 10).map((name) => shown(name));
    const more = change.applications.length - names.length;
    const which = names.length === 0 ? '' : ` (${names.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
    const left = change.elsewhere === 0 ? '' : `; ${count(change.elsewhere, 'finding')} elsewhere not told`;
    lines.push(
      `since ${short(change.since)}: ${count(change.files, 'file')} changed, ${count(change.applications.length, 'Application')} affected${which}${left}`,
    );
  }
  if (baseline !== undefined) {
    const gone = baseline.gone === 0 ? '' : `; ${count(baseline.gone, 'finding')} of it gone`;
    lines.push(
      `baseline ${short(baseline.name)}: ${count(baseline.known, 'finding')} known before and not counted${gone}`,
    );
  }
  if (trusted !== undefined) lines.push(`policies and exemptions of ${short(trusted)} judged, not those of the change`);
  return lines;
}

/** A commit by its first twelve digits; a path as it is. */
function short(name: string): string {
  return /^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 12) : shown(name, 200);
}

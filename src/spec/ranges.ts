import type { Cursor } from './draft.js';
import { type Findings, report } from './findings.js';

/** The cursors on one field of every entry of a list. */
export function namesOf(list: Cursor, field = 'name'): Cursor[] {
  return list.items().map((item) => item.get(field));
}

/** A range whose minimum is above its maximum: both lines. */
export function checkRange(range: Cursor, what: string, findings: Findings): void {
  const [min, max] = [range.get('min').number, range.get('max').number];
  if (min === undefined || max === undefined || min <= max) return;
  report(
    findings,
    'spec-range',
    range.get('min'),
    `The minimum of ${what}, ${min}, is above the maximum, ${max}.`,
    'Swap or correct them.',
    {
      related: [{ message: `The maximum is ${max}.`, at: range.get('max').at() }],
    },
  );
}

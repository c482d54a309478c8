import type { Place } from '../diagnostics/diagnostic.js';
import type { Entries } from './accumulator.js';
import { placeOf } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import { absorb } from './generators.js';
import { describe } from './ids.js';
import { sameUpstream } from './refusals.js';
import { nodesIn } from './work.js';

/** Adds what a generator made, or merges it into what is there, as its behavior says. */
export function absorbGenerated(entries: Entries, entry: Entry, at: Place): void {
  const matches = entries.withAnyId(entry.id);
  const old = matches[0];
  if (old === undefined) {
    if (entry.behavior === 'merge' || entry.behavior === 'replace') {
      fail('kustomize-generator', `${describe(entry.id)} does not exist; it cannot be merged or replaced.`, at);
    }
    entries.append(entry);
    return;
  }
  if (matches.length > 1) {
    fail('kustomize-generator', `Several objects could take what is generated for ${describe(entry.id)}.`, at);
  }
  if (entry.behavior !== 'merge' && entry.behavior !== 'replace') {
    fail(
      'kustomize-duplicate-id',
      `${describe(entry.id)} exists; the behavior of its generator must be merge or replace.`,
      at,
      {
        allowed: ['merge', 'replace'],
        hint: sameUpstream,
        related: [{ message: 'it exists here', at: placeOf(old.origin) }],
      },
    );
  }
  entries.spend(10 * nodesIn(old.root));
  entries.list[entries.list.indexOf(old)] = absorb(old, entry);
  entries.changed();
}

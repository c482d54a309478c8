import { type Changeset, isEmptyChangeset } from '../publish/changeset.js';
import type { CommandContext } from './command.js';

/** Says what becomes of files that people edited or deleted: merged, kept, in conflict, and where nothing is known to merge from. */
export async function sayHandEdits(context: CommandContext, changeset: Changeset): Promise<void> {
  const { merged, kept, conflicts } = changeset;
  const edited = merged.filter(({ changed }) => !changed);
  for (const { path } of merged.filter(({ changed }) => changed))
    await context.say(`  merged   ${path} (your edits, and what is new)`);
  for (const { path } of edited) await context.say(`  kept     ${path} (edited by hand)`);
  for (const { path, reason } of kept)
    await context.say(
      reason === 'deleted'
        ? `  deleted  ${path} (by hand; it stays deleted: git restore brings it back, or --force)`
        : `  kept     ${path} (generated no more, edited by hand: it is yours now)`,
    );
  for (const { path, sides } of conflicts)
    await context.say(
      sides?.base === undefined
        ? `  conflict ${path} (no text is known that it was generated as, so every difference is one)`
        : `  conflict ${path} (edited by hand where something else is generated now)`,
    );
}

/** Says which files were written and removed. */
export async function sayChanges(context: CommandContext, changeset: Changeset): Promise<void> {
  if (isEmptyChangeset(changeset)) {
    await context.say('nothing changed: the repository is what the specs say');
    return;
  }
  for (const { path, previous, role } of changeset.writes) {
    if (role !== 'record') await context.say(`  ${previous === undefined ? 'created' : 'changed'}  ${path}`);
  }
  for (const { path, role } of changeset.deletes) if (role !== 'record') await context.say(`  removed  ${path}`);
  await context.say(summary(changeset));
}

/** Numbers of files, records left out. */
export function summary({ writes, deletes, unchanged, conflicts }: Changeset): string {
  const shown = writes.filter(({ role }) => role !== 'record');
  const created = shown.filter(({ previous }) => previous === undefined).length;
  const removed = deletes.filter(({ role }) => role !== 'record').length;
  const clash = conflicts.length === 0 ? '' : `, ${conflicts.length} in conflict`;
  return `${created} created, ${shown.length - created} changed, ${removed} removed, ${unchanged.length} unchanged${clash}`;
}

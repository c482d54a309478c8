import type { Report } from '../check/report.js';
import { applyChangeset } from '../io/apply.js';
import { commitChangeset } from '../io/commit.js';
import { findGit } from '../io/git.js';
import {
  blockingError,
  type Changeset,
  changesetDifference,
  isBlocked,
  isEmptyChangeset,
} from '../publish/changeset.js';
import type { CommandContext, OptionDefinition } from './command.js';
import { type Generated, type GenerateOptions, generate } from './generate.js';
import { type ExitCode, exitCode } from './io.js';
import { judge } from './judge.js';
import { wholeNumber } from './options.js';
import { describeProblems, hasErrors } from './problems.js';
import { textOfReport } from './reports.js';
import { today } from './today.js';
import type { Workspace } from './workspace.js';

/** Flags of every command that writes. */
export const writeOptions: readonly OptionDefinition[] = [
  { flags: '--dry-run', description: 'show the difference and write nothing' },
  { flags: '--commit', description: 'make one git commit of it' },
  { flags: '-m, --message <text>', description: 'the message of that commit' },
  { flags: '--force', description: 'overwrite generated files that somebody edited' },
  {
    flags: '--allow-delete <n>',
    description: 'that many Applications may be removed',
    parse: wholeNumber(0),
  },
];

export interface WriteRequest extends GenerateOptions {
  /** The message of the commit, where no flag gives one. */
  readonly message: string;
  /** Said when it is done. */
  readonly done: string;
}

/**
 * Generates, judges in memory, shows and writes. Nothing is written where the specs are wrong (2), where what would come
 * out has errors (1), or where somebody's edits stand in the way (3).
 */
export async function write(context: CommandContext, workspace: Workspace, request: WriteRequest): Promise<ExitCode> {
  const { options, io, global } = context;
  const allowDelete = options['allowDelete'] as number | undefined;
  await context.progress('planning and rendering');
  const generated = generate(workspace, {
    ...request,
    force: options['force'] === true,
    ...(allowDelete === undefined ? {} : { allowDelete }),
  });
  const { changeset, problems } = generated;
  await context.progress(undefined);
  await io.stderr(describeProblems(problems, generated.workspace.tree.files, global.color.stderr));
  if (hasErrors(problems)) {
    await context.say(
      `${count(problems.filter(({ severity }) => severity === 'error').length, 'error')}: nothing was written`,
    );
    return exitCode.usage;
  }
  if (isBlocked(changeset)) {
    for (const { difference } of changeset.conflicts) await io.stderr(difference);
    throw blockingError(changeset);
  }
  await context.progress('judging what would come out');
  if (!(await isSound(context, generated))) return exitCode.findings;
  if (options['dryRun'] === true) {
    await context.progress(undefined);
    await io.stdout(changesetDifference(changeset));
    await context.say(`${summary(changeset)}; nothing was written (dry run)`);
    return exitCode.ok;
  }
  await context.progress(`writing ${count(changeset.writes.length, 'file')}`);
  const commit = options['commit'] === true ? String(options['message'] ?? request.message) : undefined;
  const result =
    commit === undefined
      ? await applyChangeset(workspace.root, changeset)
      : await commitChangeset(workspace.root, changeset, { message: commit });
  await context.say(request.done);
  await report(context, changeset);
  if (result.commit !== undefined)
    await context.say(`committed as ${result.commit.slice(0, 12)}: ${commit?.split('\n')[0]}`);
  await notes(context, generated);
  return exitCode.ok;
}

/** Judges the tree as it would stand. Errors in what this run writes stop it; errors elsewhere are said. */
async function isSound(context: CommandContext, { after, workspace, changeset }: Generated): Promise<boolean> {
  const git = await findGit(workspace.root);
  const { report } = await judge({
    tree: after,
    specs: workspace.specs,
    problems: [],
    today: today(context.io),
    ...(git === undefined ? {} : { git }),
  });
  const ours = (file: string): boolean => changeset.result.has(file);
  const errors = report.diagnostics.filter((each) => each.severity === 'error' && each.suppressed === undefined);
  const mine = errors.filter((each) => ours(each.file));
  if (mine.length > 0) {
    const only: Report = { ...report, diagnostics: mine, unchecked: [] };
    await context.progress(undefined);
    await context.io.stderr(textOfReport(only, after.files, context.global.color.stderr));
    await context.say(`${count(mine.length, 'error')} in what would be written: nothing was written`);
    return false;
  }
  if (errors.length > 0)
    await context.say(`${count(errors.length, 'error')} elsewhere in this repository: see gitops-gen validate`);
  return true;
}

async function report(context: CommandContext, changeset: Changeset): Promise<void> {
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

async function notes(context: CommandContext, { plan }: Generated): Promise<void> {
  for (const note of plan?.notes ?? []) {
    await context.say(`note: ${note.message}${note.hint === undefined ? '' : `\n  ${note.hint}`}`);
  }
}

function summary({ writes, deletes, unchanged }: Changeset): string {
  const shown = writes.filter(({ role }) => role !== 'record');
  const created = shown.filter(({ previous }) => previous === undefined).length;
  const removed = deletes.filter(({ role }) => role !== 'record').length;
  return `${created} created, ${shown.length - created} changed, ${removed} removed, ${unchanged.length} unchanged`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

import type { Report } from '../check/report.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type ApplyResult, applyChangeset } from '../io/apply.js';
import { commitChangeset } from '../io/commit.js';
import { findGit } from '../io/git.js';
import { blockingError, type Changeset, changesetDifference } from '../publish/changeset.js';
import { StateError } from '../publish/errors.js';
import { type CommandContext, type OptionDefinition, UsageError } from './command.js';
import { applyConflicts, conflictsOf, missingBase, stageResolved } from './conflicts.js';
import { type Generated, type GenerateOptions, generate } from './generate.js';
import { type ExitCode, exitCode } from './io.js';
import { judge } from './judge.js';
import { wholeNumber } from './options.js';
import { openOptions, refuseIdle, wantsPullRequest } from './pr-options.js';
import { describeProblems, hasErrors } from './problems.js';
import { textOfReport } from './reports.js';
import { today } from './today.js';
import { lockOptions, type Workspace } from './workspace.js';
import { sayChanges, sayHandEdits, summary } from './write-words.js';

/** Flags of every command that writes. */
export const writeOptions: readonly OptionDefinition[] = [
  { flags: '--dry-run', description: 'show the difference and write nothing' },
  { flags: '--commit', description: 'make one git commit of it' },
  { flags: '-m, --message <text>', description: 'the message of that commit' },
  { flags: '--no-sign', description: 'do not sign that commit, even where commit.gpgsign is set' },
  { flags: '--force', description: 'overwrite generated files that somebody edited, and bring back deleted ones' },
  {
    flags: '--lock-timeout <seconds>',
    description: 'how long to wait for another run in this repository (default: 10)',
    parse: wholeNumber(0, 86_400),
  },
  {
    flags: '--allow-delete <n>',
    description: 'that many Applications may be removed',
    parse: wholeNumber(0),
  },
  ...openOptions,
];

/** Those of a command that moves a pin: it removes no Application. */
export const pinOptions: readonly OptionDefinition[] = writeOptions.filter(
  ({ flags }) => !flags.startsWith('--allow-delete'),
);

/** Some of these flags, for a command that writes without rendering. */
export function writeFlags(names: readonly string[]): readonly OptionDefinition[] {
  return writeOptions.filter(({ flags }) => names.some((name) => flags.split(/[ ,]+/).includes(name)));
}

export interface WriteRequest extends GenerateOptions {
  /** Which errors of the tree as it would stand stop this run. Default: those in files that it speaks for. */
  readonly isOurs?: (diagnostic: Diagnostic, changeset: Changeset) => boolean;
  /** Judge what Applications pin, and not what the tree has in its place: for changes of pins. */
  readonly asPinned?: boolean;
  /** Shows what is about to happen, once it was judged; a dry run too. */
  readonly beforeWriting?: (generated: Generated) => Promise<void>;
  /** Which change it is, for the branch of a pull request, and what is said of it there. */
  readonly change?: string;
  readonly words?: readonly string[];
  readonly rollback?: readonly string[];
  /** A commit that the base of a pull request must hold. */
  readonly released?: string;
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
  refuseIdle(context);
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
    // What people made of generated files may be the very reason.
    if (generated.plan !== undefined) await sayHandEdits(context, changeset);
    await context.say(
      `${count(problems.filter(({ severity }) => severity === 'error').length, 'error')}: nothing was written`,
    );
    return exitCode.usage;
  }
  const conflicts = conflictsOf(changeset);
  if (conflicts === undefined) {
    for (const { difference } of changeset.conflicts) await io.stderr(difference);
    throw blockingError(changeset);
  }
  await sayHandEdits(context, changeset);
  if (wantsPullRequest(context)) {
    if (conflicts.stages.size > 0) throw uncommittable(changeset);
    if (request.asPinned === true && !(await isSound(context, generated, request))) return exitCode.findings;
    await request.beforeWriting?.(generated);
    const { openPullRequest } = await import('./pr.js');
    return openPullRequest(context, workspace, generated, request);
  }
  const why = await missingBase(workspace.root, changeset);
  if (why !== undefined) await context.say(`  ${why}`);
  await context.progress('judging what would come out');
  if (!(await isSound(context, generated, request))) return exitCode.findings;
  await request.beforeWriting?.(generated);
  await context.progress(undefined);
  if (options['dryRun'] === true) return showOnly(context, changeset);
  if (conflicts.stages.size > 0 && options['commit'] === true) throw uncommittable(changeset);
  await context.progress(`writing ${count(changeset.writes.length, 'file')}`);
  if (conflicts.stages.size > 0) {
    await applyConflicts(workspace.root, conflicts, lockOptions(options));
    const rest = (workspace.settled ?? []).filter((path) => !conflicts.stages.has(path));
    if (workspace.settled !== undefined) await stageResolved(workspace.root, changeset, rest);
    await sayChanges(context, changeset);
    await context.say(
      `${count(conflicts.stages.size, 'file')} in conflict: resolve the markers (git mergetool, or an editor), then run gitops-gen render`,
    );
    return exitCode.refused;
  }
  const { commit } = await applyOrCommit(context, workspace.root, changeset, request.message);
  if (workspace.settled !== undefined && options['commit'] !== true)
    await stageResolved(workspace.root, changeset, workspace.settled);
  await context.say(request.done);
  await sayChanges(context, changeset);
  if (commit !== undefined) await context.say(`committed as ${commit.slice(0, 12)}: ${subjectOf(context, request)}`);
  await notes(context, generated);
  return exitCode.ok;
}

/** The conflicts first, then everything else that would change. */
export async function showOnly(context: CommandContext, changeset: Changeset): Promise<ExitCode> {
  for (const { difference } of changeset.conflicts) await context.io.stdout(difference);
  await context.io.stdout(changesetDifference(changeset));
  await context.say(`${summary(changeset)}; nothing was written (dry run)`);
  return changeset.conflicts.length > 0 ? exitCode.refused : exitCode.ok;
}

/** Writes a changeset; with `--commit` as one commit, signed and dated as the flags and the environment say. */
export async function applyOrCommit(
  { options, io }: CommandContext,
  root: string,
  changeset: Changeset,
  message: string,
): Promise<ApplyResult> {
  const lock = lockOptions(options);
  if (options['commit'] !== true) return applyChangeset(root, changeset, lock);
  const epoch = epochOf(io.env['SOURCE_DATE_EPOCH']);
  return commitChangeset(root, changeset, {
    ...lock,
    message: messageOf(options['message'], message),
    ...(options['sign'] === false ? { sign: false } : {}),
    ...(epoch === undefined ? {} : { epoch }),
  });
}

/** A message of one's own takes the place of the first line; what the commit has to keep beside it (why an order was skipped) stays. */
function messageOf(given: unknown, message: string): string {
  return given === undefined ? message : [String(given), ...message.split('\n').slice(1)].join('\n');
}

function subjectOf({ options }: CommandContext, request: WriteRequest): string {
  return String(options['message'] ?? request.message).split('\n')[0] ?? '';
}

/** SOURCE_DATE_EPOCH, seconds since 1970 (reproducible-builds.org); anything else than a whole number is a mistake that is said. */
function epochOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new UsageError(
    `SOURCE_DATE_EPOCH is '${text}', which is not a number of seconds`,
    'It is the time of the commit, in seconds since 1970: date +%s prints one.',
  );
}

function uncommittable({ conflicts }: Changeset): StateError {
  return new StateError(
    'unresolved',
    `${count(conflicts.length, 'edited file')} would be in conflict, and a commit must hold none: nothing was written`,
    'Run gitops-gen render without --commit, resolve the markers it writes, and run this again.',
    conflicts.map(({ path }) => path),
  );
}

/** Judges the tree as it would stand. Errors in what this run writes stop it; errors elsewhere are said. */
async function isSound(
  context: CommandContext,
  { after, workspace, changeset }: Generated,
  { isOurs = (each) => changeset.result.has(each.file), asPinned = false }: WriteRequest,
): Promise<boolean> {
  const git = await findGit(workspace.root);
  const { report } = await judge({
    tree: after,
    specs: workspace.specs,
    problems: [],
    today: today(context.io),
    asPinned,
    ...(git === undefined ? {} : { git }),
  });
  const errors = report.diagnostics.filter((each) => each.severity === 'error' && each.suppressed === undefined);
  const mine = errors.filter((each) => isOurs(each, changeset));
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

async function notes(context: CommandContext, { plan }: Generated): Promise<void> {
  for (const note of plan?.notes ?? []) {
    await context.say(`note: ${note.message}${note.hint === undefined ? '' : `\n  ${note.hint}`}`);
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

import { changesetDifference, isUpToDate } from '../../publish/changeset.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { generate } from '../generate.js';
import { exitCode } from '../io.js';
import { continueMerge } from '../merge-state.js';
import { refuseIdle } from '../pr-options.js';
import { describeProblems, hasErrors } from '../problems.js';
import { openWorkspace } from '../workspace.js';
import { write, writeOptions } from '../write.js';
import { sayHandEdits } from '../write-words.js';

export const command: CommandDefinition = {
  name: 'render',
  description:
    'Writes the files that the specs demand. A file that is already equal is not touched, a second run changes nothing, and nothing is written where anything is wrong.',
  arguments: [],
  options: [
    {
      flags: '--check',
      description:
        'say whether the files are what the specs demand, with the edits that people made; exit 1 where they are not',
    },
    { flags: '--replan', description: 'decide anew what the lock records' },
    ...writeOptions,
  ],
  examples: [
    { command: 'render', does: 'after a spec was edited' },
    { command: 'render --dry-run', does: 'what would change' },
    { command: 'render --check', does: 'in CI: are the files up to date' },
  ],
  async run(context) {
    const { options, io, global } = context;
    refuseIdle(context);
    if (options['check'] === true) refuseBesideCheck(context);
    const { workspace, edits } = await continueMerge(context, await openWorkspace(context));
    const replan = options['replan'] === true;
    if (options['check'] === true) {
      const { problems, changeset, plan } = generate(workspace, { replan, edits });
      await io.stderr(describeProblems(problems, workspace.tree.files, global.color.stderr));
      if (plan !== undefined) await sayHandEdits(context, changeset);
      if (hasErrors(problems)) return exitCode.usage;
      const isStale = !isUpToDate(changeset);
      if (isStale)
        await io.stdout(
          `${changesetDifference(changeset)}${changeset.conflicts.map(({ difference }) => difference).join('')}`,
        );
      await context.say(isStale ? 'stale: run gitops-gen render' : 'up to date');
      return isStale ? exitCode.findings : exitCode.ok;
    }
    const name = workspace.specs.project?.value.metadata.name ?? 'the repository';
    return write(context, workspace, { replan, edits, message: `Render ${name}`, done: `rendered ${name}` });
  },
};

/** `--check` writes nothing, so what says how to write has nothing to say; `--dry-run` is what it does anyway. */
function refuseBesideCheck({ options }: CommandContext): void {
  const flags = { commit: '--commit', force: '--force', allowDelete: '--allow-delete' };
  const publishing = { pr: '--pr', pushOnly: '--push-only', patch: '--patch' };
  const given = Object.entries({ ...flags, ...publishing }).find(([name]) => options[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--check writes nothing: leave ${given[1]} out`);
}

import { recover } from '../../io/apply.js';
import { type Git, openGit } from '../../io/git.js';
import { mergeBase } from '../../io/git-refs.js';
import { packageVersion } from '../../io/package-data.js';
import { readTree } from '../../io/read-tree.js';
import { differenceHtml } from '../../publish/difference-html.js';
import { differenceJson, type StateName } from '../../publish/difference-json.js';
import { differenceMarkdown } from '../../publish/difference-markdown.js';
import { differenceText } from '../../publish/difference-text.js';
import { count } from '../../publish/difference-words.js';
import type { Compared } from '../../publish/state-difference.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { compareTrees } from '../diff.js';
import { type ExitCode, exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { painter } from '../problems.js';
import { repositoryRoot } from '../roots.js';

const formats = ['text', 'markdown', 'json', 'html'] as const;

export const command: CommandDefinition = {
  name: 'diff',
  description:
    'Shows what will change in the cluster: both states are rendered and compared object by object, without touching the work tree. Order and formatting do not count, and values of Secrets are not shown.',
  arguments: [
    {
      name: '[from]',
      description: 'a commit, tag or branch; or two of them as A..B, or A...B for what B did since it left A',
    },
    { name: '[to]', description: 'another one (default: the work tree)' },
  ],
  options: [
    formatOption(formats),
    { flags: '--exit-code', description: 'exit with 1 where there is a difference' },
    { flags: '--build-all', description: 'build every Application, also those whose inputs did not change' },
  ],
  examples: [
    { command: 'diff', does: 'the work tree against the last commit' },
    { command: 'diff main', does: 'against a branch' },
    { command: 'diff v1.3.0..v1.4.0 -o markdown', does: 'two pinned revisions, for a pull request' },
    { command: 'diff --exit-code -o json origin/main HEAD', does: 'for a script' },
  ],
  run: diff,
};

async function diff(context: CommandContext): Promise<ExitCode> {
  const { options, io, global } = context;
  const root = repositoryRoot(global.directory) ?? global.directory;
  const git = await openGit(root);
  const [from, to] = await revisionsOf(context, git);
  await context.progress('reading both states');
  if (to === undefined) await recover(root);
  const before = await git.readTreeAt(from.commit as string);
  const after = to === undefined ? await readTree(root) : await git.readTreeAt(to.commit as string);
  await context.progress('rendering both states');
  const everything = options['buildAll'] === true;
  const compared = await compareTrees(root, before, after, git, { everything });
  await context.progress(undefined);
  await context.detail(`${count(compared.builds.length, 'kustomization')} built`);
  await io.stdout(show(context, compared, from, to ?? { name: 'work tree' }));
  const undecided = compared.applications.filter((each) => each.undecided !== undefined);
  if (undecided.length > 0) await context.say(`${count(undecided.length, 'Application')} could not be compared`);
  return options['exitCode'] === true && compared.applications.length > 0 ? exitCode.findings : exitCode.ok;
}

function show({ options, global }: CommandContext, compared: Compared, from: StateName, to: StateName): string {
  const tool = `gitops-gen ${packageVersion()}`;
  const as = {
    text: () => differenceText(compared, painter(global.color.stdout)),
    markdown: () => differenceMarkdown(compared),
    json: () => printJson(differenceJson(compared, from, to)),
    html: () => differenceHtml(compared, { before: from.name, after: to.name, tool }),
  } satisfies Record<(typeof formats)[number], () => string>;
  return as[options['format'] as (typeof formats)[number]]();
}

/** The two states that are asked for; the second is undefined for the work tree. */
async function revisionsOf(context: CommandContext, git: Git): Promise<[StateName, StateName | undefined]> {
  const [first = 'HEAD', second] = context.arguments as readonly (string | undefined)[];
  const range = /^(.*?)(\.{2,3})(.*)$/u.exec(first);
  if (range === null) return [await named(git, first), second === undefined ? undefined : await named(git, second)];
  if (second !== undefined) throw new UsageError(`'${first}' names two states already`, 'Leave the second one out.');
  const [, left = '', dots, right = ''] = range;
  const [from, to] = [await named(git, left || 'HEAD'), await named(git, right || 'HEAD')];
  if (dots === '..') return [from, to];
  const base = await mergeBase(git, from.commit as string, to.commit as string);
  if (base === undefined)
    throw new UsageError(`${left} and ${right} have no common commit`, 'Write A..B to compare them.');
  return [{ name: `${left || 'HEAD'} where ${right || 'HEAD'} left it`, commit: base }, to];
}

async function named(git: Git, name: string): Promise<StateName> {
  return { name, commit: await git.commitId(name) };
}

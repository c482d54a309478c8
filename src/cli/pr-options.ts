import { type CommandContext, type OptionDefinition, UsageError } from './command.js';
import { list } from './options.js';

/** Flags of every command that can open a pull request. */
export const pullRequestOptions: readonly OptionDefinition[] = [
  { flags: '--title <text>', description: 'of the pull request (default: what changes)' },
  { flags: '--base <branch>', description: 'what it goes into (default: the branch of gitops-gen.yaml)' },
  { flags: '--branch <name>', description: 'what it comes from (default: gitops-gen/<the change>)' },
  { flags: '--remote <name>', description: 'the git remote (default: origin, or the only one)' },
  { flags: '--label <names>', description: 'labels; may be repeated', parse: list },
  { flags: '--reviewer <names>', description: 'reviewers besides those of CODEOWNERS, teams as org/team', parse: list },
  { flags: '--draft', description: 'as a draft' },
  {
    flags: '--auto-merge <method>',
    description: 'merge it when its checks pass',
    choices: ['merge', 'squash', 'rebase'],
  },
  {
    flags: '--fail-on <severity>',
    description: 'the lowest severity of findings that stops it',
    choices: ['error', 'warning', 'info', 'never'],
    default: 'error',
  },
  { flags: '--draft-on-findings', description: 'open it as a draft where there are such findings' },
  { flags: '--artifact <file>', description: 'write the whole rendered difference to this file, as a page' },
  { flags: '--push-only', description: 'push the branch and print the address to open it by hand' },
  { flags: '--patch <file>', description: 'write it as a mail for git am instead, - for standard output' },
];

/** `--pr` and those that stand in its place; for commands that do something else without them. */
export const openOptions: readonly OptionDefinition[] = [
  { flags: '--pr', description: 'open a pull request with it; files, index and branch here stay as they are' },
  ...pullRequestOptions,
];

/** Whether a command is to publish what it makes instead of writing it here. */
export function wantsPullRequest({ options }: Pick<CommandContext, 'options'>): boolean {
  const wanted = options['pr'] === true || options['pushOnly'] === true || typeof options['patch'] === 'string';
  if (wanted && options['commit'] === true)
    throw new UsageError('--commit and --pr contradict each other', '--pr makes its commit on a branch of its own.');
  return wanted;
}

/** What says nothing without a pull request; `--branch` and `--fail-on` mean something else in other commands. */
const onlyWithPullRequest: readonly string[] = [
  ...['title', 'base', 'remote', 'label', 'reviewer', 'draft', 'autoMerge', 'draftOnFindings', 'artifact'],
];

/** Refuses flags that say something of a pull request where none is asked for: they would do nothing. */
export function refuseIdle({ options }: Pick<CommandContext, 'options'>): void {
  const idle = onlyWithPullRequest.find((name) => options[name] !== undefined);
  if (idle !== undefined)
    throw new UsageError(
      `--${idle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is about a pull request, and none is asked for`,
      'Add --pr, --push-only or --patch <file>.',
    );
}

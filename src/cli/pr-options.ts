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

/** What says nothing without a pull request. */
const onlyWithPullRequest: readonly string[] = [
  ...['title', 'base', 'branch', 'remote', 'label', 'reviewer', 'draft', 'autoMerge', 'draftOnFindings', 'artifact'],
];

/**
 * Refuses flags of a command that writes which say something of a pull request or of a commit where none is asked for: they would do
 * nothing. Which commands can open one is told by `--fail-on`, which has a default there; elsewhere `--branch` means something else.
 */
export function refuseIdle(context: Pick<CommandContext, 'options'>): void {
  const { options } = context;
  if (typeof options['message'] === 'string' && options['message'].trim() === '')
    throw new UsageError('--message takes a text', 'Leave it out for a message that says what was done.');
  if (wantsPullRequest(context)) return;
  const { failOn } = options;
  const canPublish = failOn !== undefined;
  const given = canPublish ? onlyWithPullRequest.filter((name) => options[name] !== undefined) : [];
  const [idle] = canPublish && failOn !== 'error' ? [...given, 'failOn'] : given;
  if (idle !== undefined)
    throw new UsageError(
      `--${idle.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is about a pull request, and none is asked for`,
      'Add --pr, --push-only or --patch <file>.',
    );
  if (options['commit'] === true) return;
  const flag = options['message'] !== undefined ? '--message' : options['sign'] === false ? '--no-sign' : undefined;
  if (flag !== undefined)
    throw new UsageError(
      `${flag} is about a commit, and none is asked for`,
      canPublish ? 'Add --commit or --pr.' : 'Add --commit.',
    );
}

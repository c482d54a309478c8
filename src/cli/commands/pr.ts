import type { CommandDefinition } from '../command.js';
import { continueMerge } from '../merge-state.js';
import { pullRequestOptions } from '../pr-options.js';
import { composed } from '../pr-start.js';
import { basesOf, openWorkspace, workspaceOf } from '../workspace.js';
import { write, writeOptions } from '../write.js';

const own = new Set(pullRequestOptions.map(({ flags }) => flags));

export const command: CommandDefinition = {
  name: 'pr',
  description:
    'Takes the specs as they stand here to a pull request: renders, judges, and publishes just what was judged, on a branch of its own. A pull request that is there for the same change is updated; where there is nothing to change, nothing happens. The token comes from GITHUB_TOKEN, GH_TOKEN or gh.',
  arguments: [],
  options: [
    ...pullRequestOptions,
    ...writeOptions.filter(({ flags }) => !own.has(flags) && !/^--(?:pr|commit)\b/u.test(flags)),
  ],
  examples: [
    { command: 'pr', does: 'what was edited here and is not on the main branch yet' },
    { command: 'pr --draft-on-findings --label capacity', does: 'also with findings, then as a draft' },
    { command: 'pr --auto-merge squash --reviewer octocat', does: 'merged when its checks pass' },
    { command: 'pr --push-only', does: 'only the branch, and the address to open it by hand' },
    { command: 'pr --patch change.patch', does: 'no forge at all: a mail for git am' },
    { command: 'pr --dry-run', does: 'what the pull request would say' },
  ],
  async run(context) {
    // The work tree is what this command takes, whatever the flags say of where it goes.
    const { pushOnly: _pushOnly, patch: _patch, ...rest } = context.options;
    const here = await openWorkspace({ ...context, options: rest });
    const { commit, tree } = await composed(here.root, here.tree);
    const made = { ...workspaceOf(here.root, tree, await basesOf(here.root, tree)), start: commit };
    const { workspace } = await continueMerge(context, made);
    const name = workspace.specs.project?.value.metadata.name ?? 'the repository';
    const wanted = { ...context, options: { ...context.options, pr: true } };
    return write(wanted, workspace, { message: `Update ${name}`, done: `published ${name}` });
  },
};

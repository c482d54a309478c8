import { recover } from '../../io/apply.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { findRoot } from '../roots.js';
import { lockOptions, recoveryWords } from '../workspace.js';
import { writeFlags } from '../write.js';

export const command: CommandDefinition = {
  name: 'recover',
  description:
    'Ends what an interrupted run left behind: finishes it where it had passed its point of no return, else removes its traces. Every other command does so first; this one does nothing else.',
  arguments: [],
  options: [...writeFlags(['--lock-timeout'])],
  examples: [{ command: 'recover', does: 'after a run was killed' }],
  async run({ global, options, say }) {
    const root = findRoot(global.directory);
    if (root === undefined) throw new UsageError(`there is no gitops-gen.yaml in ${global.directory} or above it`);
    await say(recoveryWords[await recover(root, lockOptions(options))] ?? 'nothing is left of an earlier run');
    return exitCode.ok;
  },
};

import { unlock } from '../../io/lock.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { findRoot } from '../roots.js';

export const command: CommandDefinition = {
  name: 'unlock',
  description:
    'Removes the lock that a run on another machine left behind. The message of the run that found it names the id. A lock of a process of this machine that is gone needs nothing: the next run takes it over.',
  arguments: [{ name: '<id>', description: 'the id of the lock, as the message names it' }],
  options: [],
  examples: [
    { command: 'unlock 3f1c0f4e-7d1a-4f0e-9a55-2f6d0c1b8e77', does: 'where it is certain that its run is gone' },
  ],
  async run({ arguments: [id], global, say }) {
    const root = findRoot(global.directory);
    if (root === undefined) throw new UsageError(`there is no gitops-gen.yaml in ${global.directory} or above it`);
    unlock(root, String(id));
    await say(`unlocked ${root}`);
    return exitCode.ok;
  },
};

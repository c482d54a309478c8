import { type CommandDefinition, globalOptions, UsageError } from '../command.js';
import { completionScript, type Shell, shells } from '../completion.js';
import { exitCode } from '../io.js';

export const command: CommandDefinition = {
  name: 'completion',
  description: 'Prints a script that completes commands, flags and their values.',
  arguments: [{ name: '<shell>', description: shells.join(', ') }],
  options: [],
  examples: [
    { command: 'completion bash > /etc/bash_completion.d/gitops-gen', does: 'bash, for everybody on this machine' },
    { command: 'completion zsh > "${fpath[1]}/_gitops-gen"', does: 'zsh' },
    { command: 'completion fish > ~/.config/fish/completions/gitops-gen.fish', does: 'fish' },
  ],
  async run({ arguments: [shell], io, program }) {
    if (!shells.includes(shell as Shell))
      throw new UsageError(`there is no completion for '${shell}'`, `There are: ${shells.join(', ')}.`);
    const commands = await Promise.all(
      program.map(async (entry) => {
        const { command: definition } = await entry.load();
        return { name: entry.name, summary: entry.summary, options: [...definition.options, ...globalOptions] };
      }),
    );
    await io.stdout(completionScript(shell as Shell, commands));
    return exitCode.ok;
  },
};

import { didYouMean } from '../../diagnostics/closest.js';
import { readPackageDir } from '../../io/package-data.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';

const suffix = '.schema.json';

export const command: CommandDefinition = {
  name: 'schema',
  description:
    'Prints the JSON Schema (draft-07) of a file that people write or of a report; without a name, lists them.',
  arguments: [{ name: '[name]', description: 'such as project, model-family, cluster-config' }],
  options: [],
  examples: [
    { command: 'schema', does: 'which schemas there are' },
    { command: 'schema model-family > model-family.schema.json', does: 'one of them, for another editor or tool' },
  ],
  async run({ arguments: [name], io }) {
    const files = readPackageDir('schemas');
    const texts = new Map([...files].filter(([path]) => path.endsWith(suffix) && !path.includes('/')));
    const names = [...texts.keys()].map((path) => path.slice(0, -suffix.length));
    if (typeof name !== 'string') {
      const lines = names.map((each) => {
        const { title = '' } = JSON.parse(String(texts.get(each + suffix))) as { title?: string };
        return `${each.padEnd(24)}${title}`;
      });
      await io.stdout(`${lines.join('\n')}\n`);
      return exitCode.ok;
    }
    // Files call themselves ModelFamily, their schema model-family.
    const text =
      texts.get(name + suffix) ?? texts.get(name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase() + suffix);
    if (text === undefined) {
      const near = didYouMean(name, names);
      throw new UsageError(`there is no schema '${name}'`, `${near ? `${near} ` : ''}There are: ${names.join(', ')}.`);
    }
    await io.stdout(String(text));
    return exitCode.ok;
  },
};

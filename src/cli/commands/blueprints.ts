import type { Problem } from '../../diagnostics/diagnostic.js';
import { treeOf } from '../../files/file-map.js';
import { readTree } from '../../io/read-tree.js';
import type { Blueprint } from '../../render/blueprint.js';
import { blueprintsOf } from '../blueprints.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { describeProblems } from '../problems.js';
import { findRoot } from '../roots.js';
import { table } from '../table.js';

export const command: CommandDefinition = {
  name: 'blueprints',
  description:
    'Lists the runtimes that can be rendered, those of this repository among them, or shows one: its kinds, files and values.',
  arguments: [{ name: '[name]', description: 'such as vllm' }],
  options: [formatOption(['text', 'json'])],
  examples: [
    { command: 'blueprints', does: 'what `runtime:` may say' },
    { command: 'blueprints vllm', does: 'what one of them renders' },
  ],
  async run({ arguments: [name], options, io, global }) {
    const root = findRoot(global.directory);
    const { files } = root === undefined ? treeOf({}) : await readTree(root, { only: ['blueprints'] });
    const problems: Problem[] = [];
    const all = blueprintsOf(files, (problem) => problems.push(problem));
    await io.stderr(describeProblems(problems, files, global.color.stderr));
    const json = options['format'] === 'json';
    if (typeof name === 'string') {
      const blueprint = all.get(name);
      if (blueprint === undefined)
        throw new UsageError(`there is no blueprint '${name}'`, `There are: ${[...all.keys()].join(', ')}.`);
      await io.stdout(json ? printJson(facts(blueprint)) : describe(blueprint));
    } else {
      const rows = [...all.values()].map((each) => [each.name, each.version, each.description]);
      await io.stdout(
        json ? printJson([...all.values()].map(facts)) : table([['BLUEPRINT', 'VERSION', 'WHAT IT IS'], ...rows]),
      );
    }
    return problems.some(({ severity }) => severity === 'error') ? exitCode.usage : exitCode.ok;
  },
};

function facts({ name, version, description, kinds, values, files, file }: Blueprint): object {
  return { name, version, description, kinds, values, files: files.map(({ text: _, ...rest }) => rest), file };
}

function describe({ name, version, description, kinds, files }: Blueprint): string {
  return [
    `${name} ${version}: ${description}\n\n`,
    `Kinds it may render: ${kinds.join(', ')}\n\n`,
    table([['FILE', 'SCOPE', 'WHEN'], ...files.map((file) => [file.path, file.scope, file.when ?? ''])]),
  ].join('');
}

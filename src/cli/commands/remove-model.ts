import { didYouMean } from '../../diagnostics/closest.js';
import { removeModel, retireModel } from '../../plan/edit.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { openToWrite } from '../merge-state.js';
import { refusesFaults } from '../problems.js';
import { write, writeOptions } from '../write.js';

export const command: CommandDefinition = {
  name: 'remove-model',
  description:
    'Takes a model out in two steps, so that no request is cut off: the first call takes its Service away and leaves the workload, the second removes what is left. Each is a release of its own: let the first reach every environment before the second.',
  arguments: [{ name: '<model>', description: 'its name in this repository' }],
  options: [
    { flags: '--at-once', description: 'both steps in one: requests in flight are cut off' },
    { flags: '--family <name>', description: 'the family, where two have a model of that name' },
    ...writeOptions,
  ],
  examples: [
    { command: 'remove-model llama-3.1-8b --dry-run', does: 'what the next step would change' },
    { command: 'remove-model llama-3.1-8b --commit', does: 'the next step, as one commit' },
  ],
  async run(context) {
    const { options } = context;
    const workspace = await openToWrite(context);
    if (await refusesFaults(context, workspace)) return exitCode.usage;
    const name = String(context.arguments[0]);
    const { families } = workspace.specs;
    const holding = families.filter(
      ({ value }) =>
        value.spec.models.some((model) => model.name === name) &&
        (options['family'] === undefined || value.metadata.name === options['family']),
    );
    const [found] = holding;
    if (found === undefined) {
      const known = families.flatMap(({ value }) => value.spec.models.map((model) => model.name));
      throw new UsageError(
        `there is no model '${name}'`,
        didYouMean(name, known) ?? `There are: ${known.join(', ') || 'none'}.`,
      );
    }
    if (holding.length > 1) {
      throw new UsageError(
        `${holding.length} families have a model '${name}'`,
        `Say which: --family ${holding.map(({ value }) => value.metadata.name).join(' or --family ')}.`,
      );
    }
    const before = workspace.tree.files.get(found.file);
    const family = found.value.metadata.name;
    if (typeof before !== 'string') throw new UsageError(`${found.file} is not text`);
    const model = found.value.spec.models.find((each) => each.name === name);
    if (model?.retiring !== true && options['atOnce'] !== true) {
      return write(context, workspace, {
        edits: new Map([[found.file, retireModel(before, name)]]),
        change: `retire-${name}`,
        message: `Retire ${name} of ${family}: its route goes`,
        done: `step 1 of 2: the route of ${name} goes, its workload stays. When this has reached every environment: gitops-gen remove-model ${name}`,
      });
    }
    return write(context, workspace, {
      edits: new Map([[found.file, removeModel(before, name)]]),
      allowDelete: (options['allowDelete'] as number | undefined) ?? applicationsOf(model),
      change: `remove-${name}`,
      message: `Remove ${name} from ${family}`,
      done: `removed ${name} from ${family}`,
    });
  },
};

/** Its Applications may go: that is what was asked for. */
function applicationsOf(model: { readonly replicas: Readonly<Record<string, unknown>> } | undefined): number {
  return Object.keys(model?.replicas ?? {}).length;
}

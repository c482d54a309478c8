import type { SpecSet } from '../../spec/spec-set.js';
import type { Model, Replicas } from '../../spec/types.generated.js';
import type { CommandDefinition } from '../command.js';
import { environmentsOf } from '../environments.js';

import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { describeProblems, hasErrors } from '../problems.js';
import { table } from '../table.js';
import { openWorkspace } from '../workspace.js';

interface Row {
  readonly family: string;
  readonly phase: string;
  readonly model: string;
  readonly tier: string;
  /** By environment: `2`, `5..20`, or `-` where the model does not run; `(reserved)` where its phase is not enabled. */
  readonly replicas: Readonly<Record<string, string>>;
}

export const command: CommandDefinition = {
  name: 'list',
  description: 'Lists the models of this repository by family and phase, with their replicas in every environment.',
  arguments: [],
  options: [formatOption(['text', 'json'])],
  examples: [{ command: 'list', does: 'what runs where' }],
  async run(context) {
    const { io, options, global } = context;
    const { specs, problems, tree } = await openWorkspace(context);
    await io.stderr(describeProblems(problems, tree.files, global.color.stderr));
    const environments = environmentsOf(specs).map(({ name }) => name);
    const rows = rowsOf(specs, environments);
    const head = ['FAMILY', 'PHASE', 'MODEL', 'TIER', ...environments.map((name) => name.toUpperCase())];
    const cells = rows.map((row) => [
      row.family,
      row.phase,
      row.model,
      row.tier,
      ...environments.map((name) => row.replicas[name] ?? '-'),
    ]);
    if (options['format'] === 'json') await io.stdout(printJson(rows));
    else if (rows.length === 0) await context.say('no models yet: gitops-gen add-model llama-3.1-8b');
    else await io.stdout(table([head, ...cells]));
    return hasErrors(problems) ? exitCode.usage : exitCode.ok;
  },
};

function rowsOf(specs: SpecSet, environments: readonly string[]): Row[] {
  return specs.families.flatMap(({ value }) =>
    value.spec.phases.flatMap((phase) =>
      phase.models.flatMap((name) => {
        const model = value.spec.models.find((each) => each.name === name);
        if (model === undefined) return [];
        const enabled = new Set(phase.enabledIn ?? environments);
        const entries = environments.map((environment) => [
          environment,
          cell(model, environment, enabled.has(environment)),
        ]);
        return [
          {
            family: value.metadata.name,
            phase: phase.name,
            model: name,
            tier: model.tier ?? '',
            replicas: Object.fromEntries(entries),
          },
        ];
      }),
    ),
  );
}

function cell(model: Model, environment: string, enabled: boolean): string {
  const replicas: Replicas | undefined = model.replicas[environment];
  if (replicas === undefined) return '-';
  const text = typeof replicas === 'number' ? String(replicas) : `${replicas.min}..${replicas.max}`;
  return enabled ? text : `${text} (reserved)`;
}

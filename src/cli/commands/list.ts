import type { SpecSet } from '../../spec/spec-set.js';
import type { Replicas } from '../../spec/types.generated.js';
import type { CommandDefinition } from '../command.js';
import { environmentsOf } from '../environments.js';

import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { describeProblems, hasErrors } from '../problems.js';
import { table } from '../table.js';
import { openWorkspace } from '../workspace.js';

/** A model in its phase. In JSON as it stands: figures, and no words for people among them. */
interface Row {
  readonly family: string;
  readonly phase: string;
  readonly model: string;
  readonly tier?: string;
  /** By environment, where the model has replicas; `enabled` is false where its phase is reserved there. */
  readonly environments: Readonly<Record<string, { readonly replicas: Replicas; readonly enabled: boolean }>>;
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
      row.tier ?? '',
      ...environments.map((name) => cell(row.environments[name])),
    ]);
    if (options['format'] === 'json') await io.stdout(printJson({ schemaVersion: 1, models: rows }));
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
        const entries = environments.flatMap((environment) => {
          const replicas = model.replicas[environment];
          return replicas === undefined ? [] : [[environment, { replicas, enabled: enabled.has(environment) }]];
        });
        return [
          {
            family: value.metadata.name,
            phase: phase.name,
            model: name,
            ...(model.tier === undefined ? {} : { tier: model.tier }),
            environments: Object.fromEntries(entries),
          },
        ];
      }),
    ),
  );
}

/** `2`, `5..20`, or `-` where the model does not run; `(reserved)` where its phase is not enabled. */
function cell(entry: Row['environments'][string] | undefined): string {
  if (entry === undefined) return '-';
  const { replicas, enabled } = entry;
  const text = typeof replicas === 'number' ? String(replicas) : `${replicas.min}..${replicas.max}`;
  return enabled ? text : `${text} (reserved)`;
}

import { findModel, listModels, type ModelFacts, suggestModels } from '../../models/index.js';
import { type CommandDefinition, UsageError } from '../command.js';
import { exitCode } from '../io.js';
import { formatOption, printJson } from '../options.js';
import { table } from '../table.js';

export const command: CommandDefinition = {
  name: 'models',
  description: 'Lists the models of the catalog, or shows all that is known of one, with its sources.',
  arguments: [{ name: '[name]', description: 'an id, an alias or a Hugging Face id' }],
  options: [formatOption(['text', 'json'])],
  examples: [
    { command: 'models', does: 'the catalog' },
    { command: 'models llama-3.1-70b', does: 'one model: shape, checkpoints, licence, sources' },
    { command: 'models -o json | jq -r .[].id', does: 'ids, for a script' },
  ],
  async run({ arguments: [name], options, io }) {
    if (typeof name === 'string') {
      const model = known(name);
      await io.stdout(options['format'] === 'json' ? printJson(model) : describe(model));
      return exitCode.ok;
    }
    await io.stdout(options['format'] === 'json' ? printJson(listModels()) : overview(listModels()));
    return exitCode.ok;
  },
};

function known(name: string): ModelFacts {
  const model = findModel(name);
  if (model !== undefined) return model;
  const near = suggestModels(name);
  throw new UsageError(
    `the catalog has no model '${name}'`,
    near.length > 0
      ? `Did you mean ${near.join(' or ')}?`
      : 'gitops-gen models lists them; gitops-gen fit takes a config.json too.',
  );
}

function overview(models: readonly ModelFacts[]): string {
  const rows = models.map((model) => [
    model.id,
    `${billions(model.parameters)} B`,
    model.precision,
    String(model.maxContext),
    `${(model.checkpoints[0]?.sizeGiB ?? 0).toFixed(1)} GiB`,
    model.license.gated ? 'gated' : '',
    model.checkpoints[0]?.id ?? '',
  ]);
  return table(
    [['MODEL', 'PARAMETERS', 'PRECISION', 'CONTEXT', 'DOWNLOAD', 'ACCESS', 'CHECKPOINT'], ...rows],
    [1, 3, 4],
  );
}

function billions(parameters: number): string {
  return (parameters / 1e9).toFixed(parameters < 1e10 ? 2 : 1);
}

function describe(model: ModelFacts): string {
  const { attention, experts } = model;
  const rows = [
    ['id', [model.id, ...(model.aliases ?? [])].join(', ')],
    ['family', model.family],
    ['licence', `${model.license.id}${model.license.gated ? ' (gated: a token is needed)' : ''}`],
    [
      'parameters',
      `${billions(model.parameters)} B (${model.parametersBasis})${model.activeParameters ? `, ${billions(model.activeParameters)} B active` : ''}`,
    ],
    ['layers', `${model.layers}, hidden ${model.hiddenSize}`],
    [
      'attention',
      `${attention.kind}, ${model.attentionHeads} heads, ${model.keyValueHeads} for keys and values, of ${model.headDimension}`,
    ],
    ...(experts ? [['experts', `${experts.count}, ${experts.perToken} a token, in ${experts.layers} layers`]] : []),
    ['vocabulary', String(model.vocabularySize)],
    ['longest context', `${model.maxContext} tokens`],
    ...model.checkpoints.map((checkpoint) => [
      'checkpoint',
      `${checkpoint.id} (${checkpoint.precision}, ${checkpoint.sizeGiB.toFixed(2)} GiB)`,
    ]),
    ['source', model.source],
    ...(model.note ? [['note', model.note]] : []),
  ];
  return table(rows);
}

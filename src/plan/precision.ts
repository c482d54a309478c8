import type { OnProblem, Place } from '../diagnostics/diagnostic.js';
import { checkpointFor, type ModelFacts, type Precision } from '../models/index.js';
import type { ModelSettings } from './settings.js';

/** The precision that is served, and what the checkpoint has. Undefined where nothing fits together (reported). */
export function precisionOf(
  settings: ModelSettings,
  model: ModelFacts | undefined,
  subject: string,
  at: Place,
  onProblem: OnProblem,
): { precision: Precision; checkpoint: string | undefined } | undefined {
  const wanted = normal(settings.precision);
  const precision = wanted ?? precisionOfSource(settings, model) ?? model?.precision ?? 'bf16';
  const checkpoint = model === undefined ? undefined : checkpointFor(model, precision);
  if (settings.source !== undefined || model === undefined) return { precision, checkpoint: checkpoint?.id };
  if (checkpoint !== undefined) return { precision, checkpoint: checkpoint.id };
  if (settings.quantizeAtLoad === true) return { precision, checkpoint: model.checkpoints[0]?.id };
  onProblem({
    ruleId: 'precision-without-checkpoint',
    severity: 'error',
    message: `${subject} is to run in ${precision}, and no ${precision} checkpoint of ${model.id} is known`,
    at,
    allowed: [...new Set(model.checkpoints.map((each) => each.precision))],
    hint: 'give a `source` whose checkpoint has that precision, or say `quantizeAtLoad: true`',
  });
  return undefined;
}

function precisionOfSource(settings: ModelSettings, model: ModelFacts | undefined): Precision | undefined {
  const id = /^hf:\/\/([^@]+)/.exec(settings.source ?? '')?.[1];
  return id === undefined
    ? undefined
    : model?.checkpoints.find((each) => each.id.toLowerCase() === id.toLowerCase())?.precision;
}

function normal(precision: ModelSettings['precision']): Precision | undefined {
  return precision === 'awq' || precision === 'gptq' ? 'int4' : precision;
}

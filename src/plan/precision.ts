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

/** What the engine calls the precisions that it computes in itself, without quantisation. */
const dtypes: Partial<Readonly<Record<Precision, string>>> = { fp32: 'float32', fp16: 'float16', bf16: 'bfloat16' };

/** The value of `--quantization` where the engine is to quantise while it loads; a precision that is a dtype is no quantisation. */
export function quantizationOf(settings: ModelSettings, precision: Precision): string | undefined {
  return settings.quantizeAtLoad === true && dtypes[precision] === undefined ? precision : undefined;
}

/**
 * The value of `--dtype` where the spec asks for another one than that of the checkpoint, which the engine would take by itself:
 * a T4 has no bf16, and serves a bf16 checkpoint in fp16.
 */
export function dtypeOf(
  settings: ModelSettings,
  model: ModelFacts | undefined,
  checkpoint: string,
  precision: Precision,
): string | undefined {
  const stored = model?.checkpoints.find(({ id }) => id.toLowerCase() === checkpoint.toLowerCase())?.precision;
  const isAsked = settings.precision !== undefined && settings.engine?.args?.['dtype'] === undefined;
  return isAsked && stored !== undefined && stored !== precision ? dtypes[precision] : undefined;
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

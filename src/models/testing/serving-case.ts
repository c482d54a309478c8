import { findGpu, findModel, type ServingContext, servingFacts } from '../index.js';

export interface Setting extends Partial<Omit<ServingContext, 'facts' | 'gpu' | 'model'>> {
  readonly gpu?: string;
  readonly model?: string;
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** A container as somebody would write it: `model` is looked up as the caller of the rules would. */
export function context(
  args: string,
  { gpu, model, image = 'vllm/vllm-openai:v0.11.0', env = [], ...more }: Setting = {},
): ServingContext {
  const facts = servingFacts({ image, args: args.split(' ').filter((word) => word !== ''), env });
  if (!facts) throw new Error(`no engine in ${args}`);
  const found = findModel(model ?? facts.model ?? '');
  const card = gpu === undefined ? undefined : findGpu(gpu);
  if (gpu !== undefined && !card) throw new Error(gpu);
  return { ...more, facts, ...(found ? { model: found } : {}), ...(card ? { gpu: card } : {}) };
}

export const pinned = '--max-num-seqs 256 --max-num-batched-tokens 2048 --gpu-memory-utilization 0.9';
export const llama8 = 'meta-llama/Llama-3.1-8B-Instruct';
export const llama70 = 'meta-llama/Llama-3.1-70B-Instruct';
export const request = (count: number, resource = 'nvidia.com/gpu') => ({ request: { resource, count } });

export type Row = readonly [
  rule: string,
  args: string,
  setting: Setting,
  severity: 'error' | 'warning' | 'info' | undefined,
  message?: RegExp | string,
];

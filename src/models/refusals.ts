import type { GpuClass, KvCacheDtype, ModelFacts, Precision } from './facts.js';
import type { Parallelism } from './weights.js';

/** Why the engine would not start at all, or start and then not serve as meant. */
export interface Objection {
  /** Words joined by dashes, permanent. */
  readonly code: string;
  /** `refusal`: the engine does not start. `caution`: it may, and the verdict is at best `tight`. `note`: to know. */
  readonly weight: 'refusal' | 'caution' | 'note';
  readonly message: string;
}

export interface ObjectionInput {
  readonly model: ModelFacts;
  readonly gpu: GpuClass;
  readonly gpusPerNode: number | undefined;
  readonly parallelism: Parallelism;
  readonly precision: Precision;
  readonly kvCacheDtype: KvCacheDtype;
  readonly context: number;
}

/** `8.9` as 8.9; undefined for vendors without compute capability. */
export function capability(gpu: GpuClass): number | undefined {
  return gpu.computeCapability === undefined ? undefined : Number(gpu.computeCapability);
}

/**
 * Least CUDA compute capability by precision. bf16: vLLM refuses below 8.0 (vllm#1157). fp8 and 4-bit floats: Marlin's
 * weight-only kernels begin at 8.0, native arithmetic at 8.9 and 10.0. int4 AWQ kernels begin at 7.5, int8 at 7.5.
 */
const LEAST_CAPABILITY: Partial<Record<Precision, number>> = {
  bf16: 8,
  fp8: 8,
  int8: 7.5,
  int4: 7.5,
  mxfp4: 8,
  nvfp4: 8,
};

function tensorObjections({ model, parallelism, precision }: ObjectionInput): Objection[] {
  const found: Objection[] = [];
  const { tensor } = parallelism;
  if (model.attentionHeads % tensor !== 0) {
    found.push({
      code: 'tp-divides-heads',
      weight: 'refusal',
      message: `tensor ${tensor} does not divide the ${model.attentionHeads} attention heads of ${model.id}; possible are ${validTensorSizes(model).join(', ')}`,
    });
  } else if (!dividesKeyValueHeads(model, tensor)) {
    found.push({
      code: 'tp-divides-kv-heads',
      weight: 'refusal',
      message: `tensor ${tensor} and ${model.keyValueHeads} key-value heads of ${model.id}: one must divide the other; possible are ${validTensorSizes(model).join(', ')}`,
    });
  } else if (tensor > model.keyValueHeads && model.attention.kind !== 'mla') {
    found.push({
      code: 'tp-above-kv-heads',
      weight: 'note',
      message: `tensor ${tensor} is above the ${model.keyValueHeads} key-value heads: they are copied, and the KV cache of a GPU shrinks no further`,
    });
  }
  if (model.attention.kind === 'mla' && tensor > 1) {
    found.push({
      code: 'tp-above-kv-heads',
      weight: 'note',
      message:
        'latent attention: every tensor rank keeps the whole KV cache; data parallelism saves memory, more tensor ranks do not',
    });
  }
  const width = model.experts?.intermediateSize ?? model.intermediateSize;
  const cut = model.experts && parallelism.expert ? 1 : tensor;
  if (precision === 'int4' && width !== undefined && (width / cut) % 128 !== 0) {
    found.push({
      code: 'tp-cuts-quantisation-group',
      weight: 'caution',
      message: `a feed-forward width of ${width} cut by ${cut} is no multiple of 128: checkpoints in groups of 128 are refused with this tensor size`,
    });
  }
  return found;
}

function dividesKeyValueHeads(model: ModelFacts, tensor: number): boolean {
  if (model.attention.kind === 'mla') return true;
  return model.keyValueHeads % tensor === 0 || tensor % model.keyValueHeads === 0;
}

/** Tensor sizes up to `limit` that the engine accepts for this model. */
export function validTensorSizes(model: ModelFacts, limit = 16): number[] {
  const sizes: number[] = [];
  for (let tensor = 1; tensor <= limit; tensor += 1) {
    if (model.attentionHeads % tensor === 0 && dividesKeyValueHeads(model, tensor)) sizes.push(tensor);
  }
  return sizes;
}

function parallelObjections({ model, gpu, gpusPerNode, parallelism }: ObjectionInput): Objection[] {
  const found: Objection[] = [];
  const { tensor, pipeline, data } = parallelism;
  if (pipeline > model.layers) {
    found.push({
      code: 'pp-divides-layers',
      weight: 'refusal',
      message: `pipeline ${pipeline} is above the ${model.layers} layers of ${model.id}`,
    });
  }
  if (gpusPerNode !== undefined && tensor > gpusPerNode) {
    found.push({
      code: 'tp-within-one-node',
      weight: 'refusal',
      message: `tensor ${tensor} is above the ${gpusPerNode} GPUs of a node: a Pod cannot get them; use a pipeline over nodes`,
    });
  }
  if (parallelism.expert && !model.experts) {
    found.push({
      code: 'ep-needs-experts',
      weight: 'note',
      message: `${model.id} has no experts: expert parallelism has no effect`,
    });
  }
  const ranks = tensor * data;
  if (parallelism.expert && model.experts && model.experts.count % ranks !== 0) {
    found.push({
      code: 'moe-expert-parallel-shape',
      weight: 'caution',
      message: `${model.experts.count} experts on ${ranks} ranks (tensor x data) are not spread evenly`,
    });
  }
  if (tensor > 2 && gpu.products.every((product) => product.interconnect === 'pcie')) {
    const slowest = Math.min(...gpu.products.map((product) => product.linkGBs));
    found.push({
      code: 'tp-needs-fast-link',
      weight: 'note',
      message: `tensor ${tensor} over PCIe (${slowest} GB/s one way) works and is slow; a pipeline or a smaller tensor size is faster`,
    });
  }
  return found;
}

function precisionObjections({ gpu, precision, kvCacheDtype }: ObjectionInput): Objection[] {
  const found: Objection[] = [];
  const has = capability(gpu);
  const least = LEAST_CAPABILITY[precision];
  if (precision === 'bf16' && !gpu.supports.bf16) {
    found.push({
      code: 'quantisation-matches-gpu',
      weight: 'refusal',
      message: `bf16 needs compute capability 8.0, ${gpu.id} has ${gpu.computeCapability ?? 'none'}: the engine refuses to start; fp16 works`,
    });
  } else if (least !== undefined && has !== undefined && has < least) {
    found.push({
      code: 'quantisation-matches-gpu',
      weight: 'refusal',
      message: `${precision} needs compute capability ${least.toFixed(1)}, ${gpu.id} has ${gpu.computeCapability}`,
    });
  } else if (precision === 'fp8' && !gpu.supports.fp8) {
    found.push({
      code: 'quantisation-matches-gpu',
      weight: 'note',
      message: `${gpu.id} has no fp8 arithmetic: fp8 weights save memory there and no time`,
    });
  } else if ((precision === 'mxfp4' || precision === 'nvfp4') && !gpu.supports.fp4) {
    found.push({
      code: 'quantisation-matches-gpu',
      weight: 'note',
      message: `${gpu.id} has no 4-bit float arithmetic: ${precision} weights save memory there and are converted as they are used`,
    });
  }
  if (kvCacheDtype === 'fp8' && has !== undefined && has < 8) {
    found.push({
      code: 'kv-cache-dtype-matches-gpu',
      weight: 'refusal',
      message: `an fp8 KV cache needs compute capability 8.0, ${gpu.id} has ${gpu.computeCapability}`,
    });
  }
  return found;
}

/** Everything that speaks against a combination before any memory is counted. */
export function objections(input: ObjectionInput): Objection[] {
  const found = [...precisionObjections(input), ...tensorObjections(input), ...parallelObjections(input)];
  if (input.context > input.model.maxContext) {
    found.push({
      code: 'max-model-len-within-model',
      weight: 'refusal',
      message: `a context of ${input.context} tokens is above the ${input.model.maxContext} that ${input.model.id} was made for`,
    });
  }
  return found;
}

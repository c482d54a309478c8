import type { Attention, Experts, ModelFacts, Precision } from './facts.js';
import { GIB } from './weights.js';

/** What is wrong with a `config.json`: which key, and why it is needed. */
export interface ConfigProblem {
  /** JSON pointer to the key. */
  readonly pointer: string;
  readonly message: string;
}

export type ConfigResult =
  | { readonly ok: true; readonly model: ModelFacts }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

type Config = Readonly<Record<string, unknown>>;

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Larger than any published figure by far; keeps sums exact. */
const LARGEST = 1e9;

class Reader {
  readonly problems: ConfigProblem[] = [];
  constructor(
    readonly config: Config,
    readonly prefix: string,
  ) {}

  /** A whole number above zero, under the first of `keys` that is present. */
  optional(...keys: readonly string[]): number | undefined {
    for (const key of keys) {
      const value = this.config[key];
      if (value === undefined || value === null) continue;
      if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST) return value;
      if (value === 0) return undefined;
      this.problems.push({
        pointer: `${this.prefix}/${key}`,
        message: `${key} must be a whole number from 1 to ${LARGEST}, not ${JSON.stringify(value)?.slice(0, 40)}`,
      });
      return undefined;
    }
    return undefined;
  }

  required(why: string, ...keys: readonly string[]): number {
    const before = this.problems.length;
    const value = this.optional(...keys);
    if (value === undefined && this.problems.length === before) {
      this.problems.push({ pointer: `${this.prefix}/${keys[0]}`, message: `${keys.join(' or ')} is missing: ${why}` });
    }
    return value ?? 1;
  }

  text(key: string): string {
    const value = this.config[key];
    return typeof value === 'string' ? value : '';
  }

  list(key: string): readonly unknown[] | undefined {
    const value = this.config[key];
    return Array.isArray(value) ? value : undefined;
  }
}

interface Shape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headDimension: number;
  readonly intermediate: number;
  readonly vocabulary: number;
}

function readShape(reader: Reader): Shape {
  const layers = reader.required('the number of layers decides weights and KV cache', 'num_hidden_layers', 'n_layer');
  const hidden = reader.required('the hidden size decides weights', 'hidden_size', 'n_embd');
  const heads = reader.required('the heads decide which tensor sizes are possible', 'num_attention_heads', 'n_head');
  const keyValueHeads = reader.optional('num_key_value_heads') ?? heads;
  const latent = reader.optional('kv_lora_rank') !== undefined;
  const latentHead = (reader.optional('qk_nope_head_dim') ?? 128) + (reader.optional('qk_rope_head_dim') ?? 64);
  const headDimension = latent ? latentHead : (reader.optional('head_dim') ?? Math.floor(hidden / heads));
  const intermediate =
    reader.optional('intermediate_size', 'n_inner', 'intermediate_size_mlp') ??
    reader.optional('moe_intermediate_size') ??
    4 * hidden;
  const vocabulary = reader.required('the vocabulary decides embeddings and the sampler', 'vocab_size');
  return { layers, hidden, heads, keyValueHeads, headDimension, intermediate, vocabulary };
}

/** Layers by their declared type, or by the pattern that a family states instead. */
function layerTypes(reader: Reader, layers: number): { full: number; sliding: number; linear: number } {
  const declared = reader.list('layer_types');
  if (declared) {
    const count = (type: string) => declared.filter((entry) => entry === type).length;
    const sliding = count('sliding_attention') + count('chunked_attention');
    const linear = count('linear_attention');
    return { full: Math.max(0, layers - sliding - linear), sliding, linear };
  }
  const interval = reader.optional('full_attention_interval');
  if (interval !== undefined) {
    const full = Math.floor(layers / interval);
    return { full, sliding: 0, linear: layers - full };
  }
  const window = reader.optional('sliding_window');
  if (window === undefined || reader.config['use_sliding_window'] === false)
    return { full: layers, sliding: 0, linear: 0 };
  const type = reader.text('model_type');
  const pattern =
    reader.optional('sliding_window_pattern') ??
    (type.startsWith('gemma3') ? 6 : type === 'gemma2' || type === 'gpt_oss' ? 2 : undefined);
  if (pattern === undefined) return { full: 0, sliding: layers, linear: 0 };
  const full = Math.floor(layers / pattern);
  return { full, sliding: layers - full, linear: 0 };
}

function readAttention(reader: Reader, shape: Shape): Attention {
  const latentRank = reader.optional('kv_lora_rank');
  if (latentRank !== undefined) {
    const indexDimension = reader.optional('index_head_dim');
    return {
      kind: 'mla',
      latentRank,
      ropeDimension: reader.optional('qk_rope_head_dim') ?? 64,
      ...(indexDimension === undefined ? {} : { indexDimension }),
    };
  }
  const { full, sliding, linear } = layerTypes(reader, shape.layers);
  if (linear > 0) {
    return { kind: 'linear-hybrid', fullLayers: full, linearLayers: linear, stateBytes: linearStateBytes(reader) };
  }
  if (sliding > 0) {
    const window = reader.optional('sliding_window', 'attention_chunk_size') ?? 4096;
    const fullKeyValueHeads = reader.optional('num_global_key_value_heads');
    const fullHeadDimension = reader.optional('global_head_dim');
    return {
      kind: 'sliding-hybrid',
      fullLayers: full,
      slidingLayers: sliding,
      window,
      ...(fullKeyValueHeads === undefined ? {} : { fullKeyValueHeads }),
      ...(fullHeadDimension === undefined ? {} : { fullHeadDimension }),
    };
  }
  return { kind: 'full' };
}

interface LinearShape {
  readonly keyHeads: number;
  readonly valueHeads: number;
  readonly keyDimension: number;
  readonly valueDimension: number;
  readonly kernel: number;
}

function linearShape(reader: Reader): LinearShape {
  return {
    keyHeads: reader.optional('linear_num_key_heads') ?? 16,
    valueHeads: reader.optional('linear_num_value_heads') ?? 32,
    keyDimension: reader.optional('linear_key_head_dim') ?? 128,
    valueDimension: reader.optional('linear_value_head_dim') ?? 128,
    kernel: reader.optional('linear_conv_kernel_dim') ?? 4,
  };
}

/** A gated delta network keeps one key x value matrix a value head in float32, and the tail of its convolution. */
function linearStateBytes(reader: Reader): number {
  const { keyHeads, valueHeads, keyDimension, valueDimension, kernel } = linearShape(reader);
  const convolution = (2 * keyHeads * keyDimension + valueHeads * valueDimension) * (kernel - 1) * 2;
  return valueHeads * keyDimension * valueDimension * 4 + convolution;
}

function readExperts(reader: Reader, shape: Shape): Experts | undefined {
  const count = reader.optional('num_local_experts', 'n_routed_experts', 'num_experts');
  if (count === undefined || count < 2) return undefined;
  const step = reader.optional('interleave_moe_layer_step', 'decoder_sparse_step') ?? 1;
  const dense = reader.optional('first_k_dense_replace') ?? reader.list('mlp_only_layers')?.length ?? 0;
  const shared = sharedExperts(reader);
  return {
    count,
    perToken: reader.optional('num_experts_per_tok', 'top_k_experts', 'moe_topk') ?? 1,
    intermediateSize: reader.optional('moe_intermediate_size') ?? shape.intermediate,
    layers: Math.max(1, Math.floor((shape.layers - dense) / step)),
    ...(shared === undefined ? {} : { shared }),
  };
}

function sharedExperts(reader: Reader): number | undefined {
  const stated = reader.optional('n_shared_experts', 'num_shared_experts');
  if (stated !== undefined) return stated;
  return reader.text('model_type').startsWith('llama4') ? 1 : undefined;
}

function attentionParameters(reader: Reader, shape: Shape): number {
  const { hidden, heads, keyValueHeads, headDimension } = shape;
  const latent = reader.optional('kv_lora_rank');
  if (latent === undefined) {
    const gate = reader.config['attn_output_gate'] === true ? 2 : 1;
    return hidden * headDimension * (heads * (1 + gate) + 2 * keyValueHeads);
  }
  const rope = reader.optional('qk_rope_head_dim') ?? 64;
  const nope = headDimension - rope;
  const value = reader.optional('v_head_dim') ?? nope;
  const queryRank = reader.optional('q_lora_rank');
  const query = queryRank === undefined ? hidden * heads * headDimension : queryRank * (hidden + heads * headDimension);
  return query + hidden * (latent + rope) + latent * heads * (nope + value) + heads * value * hidden;
}

function linearParameters(reader: Reader, hidden: number): number {
  const { keyHeads, valueHeads, keyDimension, valueDimension } = linearShape(reader);
  const values = valueHeads * valueDimension;
  return hidden * (2 * keyHeads * keyDimension + 2 * values + 2 * valueHeads) + values * hidden;
}

/** Parameters of the language part from the dimensions. Biases and norms (well under 0.1 %) are left out. */
function countParameters(
  reader: Reader,
  shape: Shape,
  attention: Attention,
  experts: Experts | undefined,
  tied: boolean,
): number {
  const { layers, hidden, intermediate, vocabulary } = shape;
  const linearLayers = attention.kind === 'linear-hybrid' ? attention.linearLayers : 0;
  const mixing =
    (layers - linearLayers) * attentionParameters(reader, shape) + linearLayers * linearParameters(reader, hidden);
  const denseLayers = layers - (experts?.layers ?? 0);
  const denseWidth = reader.optional('intermediate_size_mlp') ?? intermediate;
  const dense = denseLayers * 3 * hidden * denseWidth;
  const each = experts ? 3 * hidden * experts.intermediateSize : 0;
  const sharedWidth = reader.optional('shared_expert_intermediate_size');
  const shared = experts ? (sharedWidth === undefined ? (experts.shared ?? 0) * each : 3 * hidden * sharedWidth) : 0;
  const routed = experts ? experts.layers * (experts.count * each + shared + hidden * experts.count) : 0;
  return mixing + dense + routed + vocabulary * hidden * (tied ? 1 : 2);
}

const DTYPES: Readonly<Record<string, Precision>> = { bfloat16: 'bf16', float16: 'fp16', float32: 'fp32' };

/** The precision of the files: what `quantization_config` says, else the type. */
function readPrecision(root: Config, text: Config): Precision {
  const quantisation = root['quantization_config'] ?? text['quantization_config'];
  if (isConfig(quantisation)) {
    const method = String(quantisation['quant_method'] ?? '').toLowerCase();
    const bits = Number(quantisation['bits'] ?? quantisation['w_bit'] ?? firstGroupBits(quantisation) ?? 0);
    if (method === 'mxfp4') return 'mxfp4';
    if (method.includes('modelopt') && JSON.stringify(quantisation).toUpperCase().includes('NVFP4')) return 'nvfp4';
    if (method.includes('fp8') || JSON.stringify(quantisation).includes('"float"')) return bits === 4 ? 'nvfp4' : 'fp8';
    if (method === 'bitsandbytes') return quantisation['load_in_4bit'] === true ? 'int4' : 'int8';
    if (bits === 8) return 'int8';
    if (bits === 4 || method === 'awq' || method === 'gptq') return 'int4';
  }
  const dtype = String(root['torch_dtype'] ?? root['dtype'] ?? text['torch_dtype'] ?? text['dtype'] ?? 'bfloat16');
  return DTYPES[dtype] ?? 'bf16';
}

/** `config_groups.group_0.weights.num_bits` of compressed-tensors. */
function firstGroupBits(quantisation: Config): unknown {
  const groups = quantisation['config_groups'];
  if (!isConfig(groups)) return undefined;
  const group = Object.values(groups)[0];
  if (!isConfig(group) || !isConfig(group['weights'])) return undefined;
  return group['weights']['num_bits'];
}

function visionParameters(root: Config): number {
  const vision = root['vision_config'];
  if (!isConfig(vision)) return 0;
  const reader = new Reader(vision, '/vision_config');
  const hidden = reader.optional('hidden_size', 'embed_dim');
  const layers = reader.optional('num_hidden_layers', 'depth', 'n_layers');
  if (hidden === undefined || layers === undefined) return 0;
  return layers * (4 * hidden * hidden + 2 * hidden * (reader.optional('intermediate_size') ?? 4 * hidden));
}

const BYTES: Partial<Record<Precision, number>> = { fp32: 4, bf16: 2, fp16: 2, fp8: 1, int8: 1 };

/**
 * Facts of a model from its Hugging Face `config.json`. `name` becomes id and checkpoint. What the file leaves out takes the
 * default of the architecture; what the sum cannot do without is a problem. Nothing is read from disk or network.
 */
export function modelFromHfConfig(json: unknown, name: string): ConfigResult {
  if (!isConfig(json))
    return { ok: false, problems: [{ pointer: '', message: 'a config.json holds one JSON object' }] };
  const nested = ['text_config', 'llm_config', 'language_config'].find((key) => isConfig(json[key]));
  const text = nested === undefined ? json : (json[nested] as Config);
  const reader = new Reader(text, nested === undefined ? '' : `/${nested}`);
  const shape = readShape(reader);
  const attention = readAttention(reader, shape);
  const experts = readExperts(reader, shape);
  const type = reader.text('model_type') || (typeof json['model_type'] === 'string' ? json['model_type'] : 'unknown');
  const tiedValue = text['tie_word_embeddings'] ?? json['tie_word_embeddings'];
  const tiedEmbeddings = typeof tiedValue === 'boolean' ? tiedValue : /^(gemma|cohere)/.test(type);
  const maxContext = reader.required(
    'the longest context decides the KV cache',
    'max_position_embeddings',
    'n_positions',
    'max_seq_len',
  );
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems };
  const precision = readPrecision(json, text);
  const parameters = countParameters(reader, shape, attention, experts, tiedEmbeddings);
  const extraParameters = visionParameters(json);
  const sizeGiB = Number(((parameters * (BYTES[precision] ?? 0.55) + extraParameters * 2) / GIB).toFixed(2));
  return {
    ok: true,
    model: {
      id: name,
      family: type,
      license: { id: 'unknown', gated: false, source: 'a config.json does not say' },
      parameters,
      parametersBasis: 'computed',
      ...(extraParameters > 0 ? { extraParameters } : {}),
      ...(isConfig(json['vision_config']) ? { vision: true } : {}),
      layers: shape.layers,
      hiddenSize: shape.hidden,
      intermediateSize: shape.intermediate,
      attentionHeads: shape.heads,
      keyValueHeads: shape.keyValueHeads,
      headDimension: shape.headDimension,
      vocabularySize: shape.vocabulary,
      maxContext,
      tiedEmbeddings,
      attention,
      ...(experts ? { experts } : {}),
      precision,
      checkpoints: [{ id: name, precision, sizeGiB, source: 'computed from config.json' }],
      source: 'config.json',
    },
  };
}

import { engineDefaults } from './engine.js';
import type { FitResult } from './fit.js';
import { objections } from './refusals.js';
import {
  about,
  precisionInName,
  type ServingProblem,
  type ServingQuestion,
  type ServingRule,
} from './serving-context.js';
import { smallestChange } from './smallest.js';

function gib(value: number): string {
  return `${value.toFixed(2)} GiB`;
}

function setup({ facts, gpu }: ServingQuestion): string {
  const ranks = [`tensor ${facts.tensor}`, ...(facts.pipeline > 1 ? [`pipeline ${facts.pipeline}`] : [])].join(', ');
  return `${gpu?.id ?? 'the GPU'} at ${ranks}`;
}

/** The remedy that `fit` would name. */
function remedy(question: ServingQuestion): { readonly hint?: string } {
  const { fitRequest, result } = question;
  const change = fitRequest && result ? smallestChange(fitRequest, result) : null;
  return change ? { hint: `would fit with ${change.description}` } : {};
}

/** The engine starts at all: what follows is about memory alone. */
function startable(question: ServingQuestion): FitResult | undefined {
  const { result } = question;
  return result && result.refusals.length === 0 ? result : undefined;
}

const weightsFit: ServingRule = {
  id: 'gpu-memory-weights-fit',
  category: 'memory',
  severity: 'error',
  summary: 'the weights leave room on the GPU',
  evidence: ['vllm#23278', 'vllm#13882', 'llm-d-planner: DeepSeek-R1 in fp8 and Llama 3.3 70B in fp8 on one card'],
  check(question) {
    const result = startable(question);
    if (!result || result.terms.kvAvailableMostGiB > 0) return [];
    const { terms } = result;
    return [
      about(question, 'tensor-parallel-size', {
        ruleId: this.id,
        severity: 'error',
        message: `the weights of ${result.model} (${result.precision}) take ${gib(terms.weightsGiB)} a GPU, and ${setup(question)} offers ${gib(terms.availableGiB)} (${terms.usableGiB.toFixed(2)} x ${terms.gpuMemoryUtilization}): no KV cache is left, the engine does not start`,
        ...remedy(question),
      }),
    ];
  },
};

const cacheHoldsContext: ServingRule = {
  id: 'kv-cache-holds-max-model-len',
  category: 'memory',
  severity: 'error',
  summary: 'one request of the whole context fits into the KV cache',
  evidence: ['vllm#10517', 'vllm#6746', 'vllm#27508', 'vllm#13061', 'vllm#5248', 'vllm#44376'],
  check(question) {
    const result = startable(question);
    if (!result || question.facts.context === 'auto' || result.terms.kvAvailableMostGiB <= 0) return [];
    const { terms, context, maxContext } = result;
    const short = terms.kvAvailableMostGiB < terms.kvCacheGiB;
    if (!short && terms.kvAvailableGiB >= terms.kvCacheGiB) return [];
    const stated =
      question.facts.context === undefined
        ? `${context} tokens, the model's own maximum because --max-model-len is absent,`
        : `${context} tokens`;
    const left = short
      ? `at best ${gib(terms.kvAvailableMostGiB)} are`
      : `${gib(terms.kvAvailableGiB)} are expected to be`;
    const longest = maxContext > 0 ? `; ${maxContext} tokens fit` : '';
    return [
      about(question, 'max-model-len', {
        ruleId: this.id,
        severity: short ? 'error' : 'warning',
        message: `one request of ${stated} needs ${gib(terms.kvCacheGiB)} of KV cache, and ${left} left on ${setup(question)}${longest}`,
        ...remedy(question),
      }),
    ];
  },
};

const DEFAULT_CONCURRENCY = 2;

const concurrencyFloor: ServingRule = {
  id: 'kv-cache-concurrency-floor',
  category: 'memory',
  severity: 'warning',
  summary: 'the KV cache holds the expected number of whole requests at once',
  evidence: ['vllm#51041', 'vllm#54662', 'vllm#40691', 'vllm#43308'],
  check(question) {
    const result = startable(question);
    const wanted = question.concurrency ?? DEFAULT_CONCURRENCY;
    if (!result || question.facts.context === 'auto') return [];
    if (result.maxConcurrency < 1 || result.maxConcurrency >= wanted) return [];
    return [
      about(question, 'max-model-len', {
        ruleId: this.id,
        severity: 'warning',
        message: `the KV cache holds ${result.maxConcurrency} requests of ${result.context} tokens at once, ${wanted} are expected: the server starts, and puts requests off under load`,
        hint: 'lower --max-model-len, or add GPUs',
      }),
    ];
  },
};

const samplerWarmup: ServingRule = {
  id: 'sampler-warmup-memory',
  category: 'memory',
  severity: 'warning',
  summary: 'the sampler of the default batch does not take the margin',
  evidence: ['vllm#15105', 'vllm#14452', 'vllm#27508', 'llm-d-planner, column activation'],
  check(question) {
    const result = startable(question);
    if (!result || question.facts.maxNumSeqs !== undefined || result.verdict === 'no-fit') return [];
    const { terms, maxNumSeqs } = result;
    const margin = terms.kvAvailableGiB - terms.kvCacheGiB;
    if (margin >= terms.activationGiB) return [];
    const left =
      margin >= 0
        ? `beyond one whole request ${gib(margin)} are left`
        : `one whole request then lacks ${gib(-margin)} of KV cache`;
    return [
      about(question, 'max-num-seqs', {
        ruleId: this.id,
        severity: 'warning',
        message: `--max-num-seqs is absent, so the engine warms up with ${maxNumSeqs} requests and reserves ${gib(terms.activationGiB)} for it; ${left}`,
        hint: 'write --max-num-seqs, for example 256 or less',
      }),
    ];
  },
};

const pinBatch: ServingRule = {
  id: 'pin-batch-defaults',
  category: 'memory',
  severity: 'warning',
  summary: 'batch sizes are written down, not left to the card and the release',
  evidence: ['vllm engine/arg_utils.py', 'vllm#53961', 'vllm#17073', 'vllm#51726'],
  check(question) {
    const { facts, gpu } = question;
    if (facts.configFile) return [];
    const absent = ['max-num-seqs', 'max-num-batched-tokens'].filter((flag) => !facts.flags.has(flag));
    const first = absent[0];
    if (first === undefined) return [];
    const defaults = gpu ? engineDefaults(facts.engineVersion, gpu) : undefined;
    const here =
      defaults && gpu
        ? ` (here ${defaults.maxNumSeqs} requests and ${defaults.maxNumBatchedTokens} tokens on ${gpu.id})`
        : '';
    return [
      about(question, first, {
        ruleId: this.id,
        severity: 'warning',
        message: `${absent.map((flag) => `--${flag}`).join(' and ')} absent: the engine chooses by GPU memory and release${here}, so another card or image changes memory and latency`,
        hint: `write ${absent.map((flag) => `--${flag}`).join(' and ')}`,
      }),
    ];
  },
};

const pinUtilization: ServingRule = {
  id: 'pin-gpu-memory-utilization',
  category: 'memory',
  severity: 'warning',
  summary: 'the share of GPU memory is written down',
  evidence: ['vllm config/cache.py', 'vllm#38284', 'vllm#33155'],
  check(question) {
    if (question.facts.configFile || question.facts.flags.has('gpu-memory-utilization')) return [];
    if (question.facts.flags.has('kv-cache-memory-bytes') || question.facts.flags.has('kv-cache-memory')) return [];
    return [
      about(question, 'gpu-memory-utilization', {
        ruleId: this.id,
        severity: 'warning',
        message:
          '--gpu-memory-utilization is absent: its default moved from 0.90 to 0.92, so a new image changes the KV cache',
        hint: 'write --gpu-memory-utilization 0.9',
      }),
    ];
  },
};

const roomForGraphs: ServingRule = {
  id: 'util-leaves-room-for-cudagraphs',
  category: 'memory',
  severity: 'warning',
  summary: 'CUDA graphs find room outside the utilisation',
  evidence: ['vllm#7553', 'llm-d-planner, column CUDA graphs', 'vllm#21489'],
  check(question) {
    const caution = startable(question)?.cautions.find((one) => one.code === this.id);
    if (!caution) return [];
    return [
      about(question, 'gpu-memory-utilization', {
        ruleId: this.id,
        severity: 'warning',
        message: caution.message,
        hint: 'lower --gpu-memory-utilization, or cap --cuda-graph-sizes',
      }),
    ];
  },
};

/** CUDA context of one process beside its share, GiB (lower end of what logs show outside torch, rounded up). */
const CONTEXT_GIB = 0.5;

const shareOfTotal: ServingRule = {
  id: 'util-is-fraction-of-total',
  category: 'memory',
  severity: 'error',
  summary: 'engines that share a card leave each other room',
  evidence: ['NVIDIA/k8s-device-plugin README, sharing', 'NVIDIA/k8s-device-plugin#461'],
  check(question) {
    const { facts, gpu, sharedBy = 1 } = question;
    if (!gpu || sharedBy < 2 || question.unknown('gpu-memory-utilization')) return [];
    const utilization = facts.gpuMemoryUtilization ?? engineDefaults(facts.engineVersion, gpu).gpuMemoryUtilization;
    const most = 1 / sharedBy - CONTEXT_GIB / gpu.usableGiB;
    if (utilization <= most) return [];
    return [
      about(question, 'gpu-memory-utilization', {
        ruleId: this.id,
        severity: 'error',
        message: `${sharedBy} containers share one ${gpu.id}, and gpu-memory-utilization ${utilization} is a share of the whole card: together they ask for ${(utilization * sharedBy * 100).toFixed(0)} %`,
        hint: `write --gpu-memory-utilization ${Math.max(0, Math.floor(most * 100) / 100)} or less, or use MIG`,
      }),
    ];
  },
};

const quantisationMatches: ServingRule = {
  id: 'quantisation-matches-gpu',
  category: 'memory',
  severity: 'error',
  summary: 'the card can compute with the weights and the cache',
  evidence: ['vllm#1157', 'vllm#946', 'substratusai/vllm-docker#37', 'gpustack#1774'],
  check(question) {
    const { facts, model, gpu, precision } = question;
    if (!model || !gpu || precision === undefined || question.unknown('dtype', 'quantization', 'kv-cache-dtype'))
      return [];
    const found = objections({
      model,
      gpu,
      gpusPerNode: undefined,
      parallelism: { tensor: 1, pipeline: 1, data: 1, expert: false },
      precision,
      kvCacheDtype: /^fp8/.test(facts.kvCacheDtype ?? '') ? 'fp8' : 'auto',
      context: 1,
    });
    return found.flatMap((objection): ServingProblem[] => {
      if (objection.code !== this.id && objection.code !== 'kv-cache-dtype-matches-gpu') return [];
      // Weights that are stored in a format and computed in a wider one are a choice that the engine supports (vLLM's weight-only
      // kernels on Ampere): it saves memory, and `fit` says that it saves no time. Only what the engine refuses is a fault.
      if (objection.weight !== 'refusal') return [];
      const flag =
        objection.code === this.id ? (facts.quantization === undefined ? 'dtype' : 'quantization') : 'kv-cache-dtype';
      return [
        about(question, flag, {
          ruleId: this.id,
          severity: 'error',
          message: objection.message,
          ...(precision === 'bf16' ? { hint: 'write --dtype float16' } : {}),
          key: objection.code,
        }),
      ];
    });
  },
};

/** Quantised formats that need files of their own; with others vLLM refuses to load. */
const NEEDS_FILES = /^(?:awq|gptq|modelopt|compressed-tensors|fbgemm_fp8|mxfp4)/;

const reallyQuantised: ServingRule = {
  id: 'quantised-checkpoint-is-really-quantised',
  category: 'memory',
  severity: 'warning',
  summary: 'the name of the checkpoint and the flags speak of the same weights',
  evidence: ['vllm#6746', 'KAITO model_catalog.yaml, modelFileSize'],
  check(question) {
    const { facts, model } = question;
    const { quantization } = facts;
    if (facts.model === undefined || question.unknown('quantization', 'model')) return [];
    const named = precisionInName(facts.model);
    const files = model?.checkpoints.find(
      (checkpoint) => checkpoint.id.toLowerCase() === facts.model?.toLowerCase(),
    )?.precision;
    const wide = named === undefined && files !== undefined && (files === 'bf16' || files === 'fp16');
    if (quantization !== undefined && wide && NEEDS_FILES.test(quantization)) {
      return [
        about(question, 'quantization', {
          ruleId: this.id,
          severity: 'warning',
          message: `--quantization ${quantization} needs files in that format, and ${facts.model} holds ${files} weights`,
          hint: 'name a checkpoint in that format, or leave the flag out',
        }),
      ];
    }
    const other =
      quantization === undefined
        ? undefined
        : /awq|gptq/.test(quantization)
          ? 'int4'
          : /fp8/.test(quantization)
            ? 'fp8'
            : undefined;
    if (named === undefined || other === undefined || named === other) return [];
    return [
      about(question, 'quantization', {
        ruleId: this.id,
        severity: 'warning',
        message: `--quantization ${quantization} and the name ${facts.model} (${named}) speak of different weights`,
        hint: 'leave --quantization out: the engine reads it from the files',
      }),
    ];
  },
};

const withinModel: ServingRule = {
  id: 'max-model-len-within-model',
  category: 'memory',
  severity: 'error',
  summary: 'the context is not above what the model was made for',
  evidence: ['vllm max_model_len validation', 'llm-d-benchmark capacity_validator'],
  check(question) {
    const { facts, model } = question;
    if (!model || typeof facts.context !== 'number' || facts.stretchesContext || facts.context <= model.maxContext)
      return [];
    return [
      about(question, 'max-model-len', {
        ruleId: this.id,
        severity: 'error',
        message: `--max-model-len ${facts.context} is above the ${model.maxContext} tokens that ${model.id} was made for: the engine refuses to start`,
        hint: `write ${model.maxContext} or less`,
      }),
    ];
  },
};

const pipelineCheck: ServingRule = {
  id: 'pp-kv-check-bug',
  category: 'memory',
  severity: 'info',
  summary: 'the start-up check of some releases counts the KV cache of every pipeline stage on one',
  evidence: ['vllm#32105', 'vllm#34076'],
  check(question) {
    const result = startable(question);
    if (!result || result.pipeline < 2 || result.verdict === 'no-fit') return [];
    const { terms } = result;
    const whole = terms.kvCacheGiB * result.pipeline;
    if (whole <= terms.kvAvailableGiB) return [];
    return [
      about(question, 'max-model-len', {
        ruleId: this.id,
        severity: 'info',
        message: `each stage holds ${gib(terms.kvCacheGiB)} of ${gib(terms.kvAvailableGiB)}, but releases that check all ${result.pipeline} stages at once (${gib(whole)}) refuse to start`,
        hint: 'lower --max-model-len to what the engine prints, or take a release with the fix',
      }),
    ];
  },
};

const multimodalLimit: ServingRule = {
  id: 'multimodal-limit',
  category: 'memory',
  severity: 'warning',
  summary: 'a model that takes images says how many',
  evidence: ['vllm#18124', 'vllm documentation, conserving memory'],
  check(question) {
    const { facts, model } = question;
    if (model?.vision !== true || facts.configFile) return [];
    const said = ['limit-mm-per-prompt', 'language-model-only', 'skip-mm-profiling', 'mm-processor-kwargs'];
    if ([...facts.flags.keys()].some((flag) => said.some((name) => flag === name || flag.startsWith(`${name}.`))))
      return [];
    return [
      about(question, 'limit-mm-per-prompt', {
        ruleId: this.id,
        severity: 'warning',
        message: `${model.id} takes images, and the profiling run includes its encoder with the default number of them: memory that the text part does not need`,
        hint: `write --limit-mm-per-prompt '{"image": 1}', or 0 for text alone`,
      }),
    ];
  },
};

/** Rules about memory, in the order in which they are reported. */
export const memoryRules: readonly ServingRule[] = [
  weightsFit,
  cacheHoldsContext,
  concurrencyFloor,
  samplerWarmup,
  pinBatch,
  pinUtilization,
  roomForGraphs,
  shareOfTotal,
  quantisationMatches,
  reallyQuantised,
  withinModel,
  pipelineCheck,
  multimodalLimit,
];

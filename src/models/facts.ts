/**
 * What is known of models and GPUs. Every value comes from `data/models` and `data/gpus` (with its source) or from a
 * model's own `config.json`. Sizes: GiB is 2^30 bytes, MiB is 2^20 bytes, GB is the vendor's 10^9.
 */

/** How the weights are stored on the GPU. `int4` covers AWQ and GPTQ, `mxfp4` quantises the experts only. */
export type Precision = 'fp32' | 'bf16' | 'fp16' | 'fp8' | 'int8' | 'int4' | 'mxfp4' | 'nvfp4';

export const PRECISIONS: readonly Precision[] = ['fp32', 'bf16', 'fp16', 'fp8', 'int8', 'int4', 'mxfp4', 'nvfp4'];

/** How a layer's K and V are stored. `auto` follows the model's 16-bit type. */
export type KvCacheDtype = 'auto' | 'fp8';

/** Which layers remember how much. */
export type Attention =
  /** Every layer keeps K and V of every token (multi-head or grouped-query). */
  | { readonly kind: 'full'; readonly note?: string }
  /** Some layers keep only a window of tokens; full layers may have another head shape. */
  | {
      readonly kind: 'sliding-hybrid';
      readonly fullLayers: number;
      readonly slidingLayers: number;
      /** Tokens that a sliding layer looks back. */
      readonly window: number;
      readonly fullKeyValueHeads?: number;
      readonly fullHeadDimension?: number;
      readonly note?: string;
    }
  /** Multi-head latent attention: one compressed vector a token and layer, the same on every tensor rank. */
  | {
      readonly kind: 'mla';
      readonly latentRank: number;
      readonly ropeDimension: number;
      /** Elements of the sparse indexer's key, one byte each. */
      readonly indexDimension?: number;
      readonly note?: string;
    }
  /** Linear-attention or state-space layers with a constant state a sequence; only the full layers grow. */
  | {
      readonly kind: 'linear-hybrid';
      readonly fullLayers: number;
      readonly linearLayers: number;
      /** Bytes of state of one linear layer for one sequence, before tensor parallelism. */
      readonly stateBytes?: number;
      readonly note?: string;
    };

/** Mixture of experts. All experts occupy memory, whatever a token activates. */
export interface Experts {
  readonly count: number;
  readonly perToken: number;
  /** Feed-forward width of one expert. */
  readonly intermediateSize: number;
  /** How many layers have experts. */
  readonly layers: number;
  /** Experts that every token passes; sharded like dense layers. */
  readonly shared?: number;
}

/** A repository of weights for one precision. */
export interface Checkpoint {
  /** Hugging Face id. */
  readonly id: string;
  readonly precision: Precision;
  /** What is downloaded, in GiB. */
  readonly sizeGiB: number;
  /** What the engine holds in GPU memory in sum, where that was measured or where only the files tell it. */
  readonly loadedGiB?: number;
  readonly source: string;
}

/** One published model. */
export interface ModelFacts {
  /** The short name that people type. */
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly family: string;
  readonly license: { readonly id: string; readonly gated: boolean; readonly source: string };
  /** Parameters of the language part, embeddings included. */
  readonly parameters: number;
  /** Where `parameters` comes from: dimensions, file size, loaded size, or the rounded figure in the model's name. */
  readonly parametersBasis: 'computed' | 'files' | 'loaded' | 'name';
  readonly activeParameters?: number;
  /** Parameters beside the language part (vision tower), kept at 16 bit and not sharded by experts. */
  readonly extraParameters?: number;
  /** The model takes images: the profiling run includes its encoder. */
  readonly vision?: boolean;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly intermediateSize?: number;
  readonly attentionHeads: number;
  readonly keyValueHeads: number;
  readonly headDimension: number;
  readonly vocabularySize: number;
  /** Longest context in tokens that the model was made for. */
  readonly maxContext: number;
  readonly tiedEmbeddings: boolean;
  readonly attention: Attention;
  readonly experts?: Experts;
  /** Precision of the first checkpoint. */
  readonly precision: Precision;
  /** The default comes first. */
  readonly checkpoints: readonly Checkpoint[];
  readonly source: string;
  readonly note?: string;
}

/** One product that a node announces in `nvidia.com/gpu.product` (or the vendor's own label). */
export interface GpuProduct {
  readonly label: string;
  readonly interconnect: 'nvlink' | 'pcie' | 'infinity-fabric';
  /** One direction between two cards of a node, in GB/s. */
  readonly linkGBs: number;
  /** Memory bandwidth in TB/s. */
  readonly bandwidthTBs?: number;
  readonly source: string;
}

export interface GpuNodeType {
  readonly cloud: string;
  readonly type: string;
  readonly gpus: number;
  readonly allocatableCpu?: string;
  readonly allocatableMemory?: string;
  readonly product?: string;
}

/** Cards that are equal for the question whether a model fits. */
export interface GpuClass {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly vendor: string;
  readonly nominalGB: number;
  /** What nvidia-smi and the node label say, in MiB. */
  readonly memoryMiB?: number;
  /** What the engine sees, in GiB; `gpuMemoryUtilization` is a fraction of this. */
  readonly usableGiB: number;
  /** CUDA compute capability, as `major.minor`. Absent for other vendors. */
  readonly computeCapability?: string;
  /** Native arithmetic. fp8 weights also run without it, as storage only. */
  readonly supports: { readonly bf16: boolean; readonly fp8: boolean; readonly fp4: boolean };
  /** Extended resource that a Pod requests. */
  readonly resource: string;
  readonly products: readonly GpuProduct[];
  /** Other node labels that mean this class, by key. */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** MIG profiles that this card can be cut into. */
  readonly mig?: readonly string[];
  readonly nodeTypes?: readonly GpuNodeType[];
  readonly sources: Readonly<Record<string, string>>;
  readonly notes?: readonly string[];
}

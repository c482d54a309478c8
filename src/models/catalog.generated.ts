// Generated from data/models and data/gpus by scripts/generate-catalogs.ts. Do not edit.
import type { GpuClass, ModelFacts } from './facts.js';

export const MODELS: readonly ModelFacts[] = [
 {
  "id": "codellama-13b",
  "family": "codellama",
  "license": {
   "id": "llama2",
   "gated": false,
   "source": "https://huggingface.co/codellama/CodeLlama-13b-hf (model card)"
  },
  "parameters": 13016000000,
  "parametersBasis": "computed",
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 13824,
  "attentionHeads": 40,
  "keyValueHeads": 40,
  "headDimension": 128,
  "vocabularySize": 32016,
  "maxContext": 16384,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "codellama/CodeLlama-13b-hf",
    "precision": "bf16",
    "sizeGiB": 24.24,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config codellama/CodeLlama-13b-hf)"
 },
 {
  "id": "codellama-34b",
  "family": "codellama",
  "license": {
   "id": "llama2",
   "gated": false,
   "source": "https://huggingface.co/codellama/CodeLlama-34b-hf (model card)"
  },
  "parameters": 33744000000,
  "parametersBasis": "computed",
  "layers": 48,
  "hiddenSize": 8192,
  "intermediateSize": 22016,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 16384,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "codellama/CodeLlama-34b-hf",
    "precision": "bf16",
    "sizeGiB": 62.85,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config codellama/CodeLlama-34b-hf)"
 },
 {
  "id": "deepseek-r1-distill-llama-8b",
  "family": "deepseek-r1-distill",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Llama-8B (model card)"
  },
  "parameters": 8030000000,
  "parametersBasis": "files",
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "vocabularySize": 128256,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "deepseek-ai/DeepSeek-R1-Distill-Llama-8B",
    "precision": "bf16",
    "sizeGiB": 14.96,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-R1-Distill-Llama-8B), v0.12.0"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-R1-Distill-Llama-8B), v0.12.0",
  "note": "shape of the base model Llama-3.1-8B"
 },
 {
  "id": "deepseek-r1-distill-qwen-14b",
  "family": "deepseek-r1-distill",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-14B (model card)"
  },
  "parameters": 14770000000,
  "parametersBasis": "files",
  "layers": 48,
  "hiddenSize": 5120,
  "intermediateSize": 13824,
  "vocabularySize": 152064,
  "attentionHeads": 40,
  "keyValueHeads": 8,
  "headDimension": 128,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B",
    "precision": "bf16",
    "sizeGiB": 27.51,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-R1-Distill-Qwen-14B), v0.12.0"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-R1-Distill-Qwen-14B), v0.12.0",
  "note": "shape of the base model Qwen2.5-14B"
 },
 {
  "id": "deepseek-r1",
  "family": "deepseek",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/deepseek-ai/DeepSeek-R1 (model card)"
  },
  "parameters": 671026000000,
  "parametersBasis": "computed",
  "activeParameters": 37552000000,
  "layers": 61,
  "hiddenSize": 7168,
  "intermediateSize": 18432,
  "attentionHeads": 128,
  "keyValueHeads": 128,
  "headDimension": 192,
  "vocabularySize": 129280,
  "maxContext": 163840,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 2048,
   "layers": 58,
   "shared": 1
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "deepseek-ai/DeepSeek-R1",
    "precision": "fp8",
    "sizeGiB": 641.3,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-R1-0528), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/deepseek-ai--DeepSeek-R1_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "same shape as V3; fp8 checkpoint"
 },
 {
  "id": "deepseek-v2-lite",
  "family": "deepseek",
  "license": {
   "id": "deepseek",
   "gated": false,
   "source": "https://huggingface.co/deepseek-ai/DeepSeek-V2-Lite (model card)"
  },
  "parameters": 15706000000,
  "parametersBasis": "computed",
  "activeParameters": 2661000000,
  "layers": 27,
  "hiddenSize": 2048,
  "intermediateSize": 10944,
  "attentionHeads": 16,
  "keyValueHeads": 16,
  "headDimension": 192,
  "vocabularySize": 102400,
  "maxContext": 163840,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64
  },
  "experts": {
   "count": 64,
   "perToken": 6,
   "intermediateSize": 1408,
   "layers": 26,
   "shared": 2
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "deepseek-ai/DeepSeek-V2-Lite",
    "precision": "bf16",
    "sizeGiB": 29.25,
    "source": "parameters x bytes"
   }
  ],
  "source": "mlc-ai/mlc-llm python/mlc_llm/model/model_preset.py (key deepseek_v2_lite)",
  "note": "vLLM before MLA support (<=0.6.x) cached full heads: 2*27*16*192*2 B/token padded"
 },
 {
  "id": "deepseek-v3.2",
  "family": "deepseek",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/deepseek-ai/DeepSeek-V3.2 (model card)"
  },
  "parameters": 671026000000,
  "parametersBasis": "computed",
  "layers": 61,
  "hiddenSize": 7168,
  "intermediateSize": 18432,
  "attentionHeads": 128,
  "keyValueHeads": 128,
  "headDimension": 192,
  "vocabularySize": 129280,
  "maxContext": 163840,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64,
   "indexDimension": 128
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 2048,
   "layers": 58,
   "shared": 1
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "deepseek-ai/DeepSeek-V3.2",
    "precision": "fp8",
    "sizeGiB": 642.14,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-V3.2), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/deepseek-ai--DeepSeek-V3.2_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "deepseek-v3",
  "family": "deepseek",
  "license": {
   "id": "deepseek",
   "gated": false,
   "source": "https://huggingface.co/deepseek-ai/DeepSeek-V3 (model card)"
  },
  "parameters": 671026000000,
  "parametersBasis": "computed",
  "activeParameters": 37552000000,
  "layers": 61,
  "hiddenSize": 7168,
  "intermediateSize": 18432,
  "attentionHeads": 128,
  "keyValueHeads": 128,
  "headDimension": 192,
  "vocabularySize": 129280,
  "maxContext": 163840,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 2048,
   "layers": 58,
   "shared": 1
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "deepseek-ai/DeepSeek-V3",
    "precision": "fp8",
    "sizeGiB": 641.3,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry deepseek-ai/DeepSeek-V3-0324), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/deepseek-ai--DeepSeek-V3_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "671B without the MTP layer; fp8 checkpoint"
 },
 {
  "id": "gemma-2-27b",
  "family": "gemma-2",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-2-27b-it (model card)"
  },
  "parameters": 27227000000,
  "parametersBasis": "computed",
  "layers": 46,
  "hiddenSize": 4608,
  "intermediateSize": 36864,
  "attentionHeads": 32,
  "keyValueHeads": 16,
  "headDimension": 128,
  "vocabularySize": 256000,
  "maxContext": 8192,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 23,
   "slidingLayers": 23,
   "window": 4096
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-2-27b-it",
    "precision": "bf16",
    "sizeGiB": 50.71,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-2-27b-it)"
 },
 {
  "id": "gemma-2-2b",
  "family": "gemma-2",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-2-2b-it (model card)"
  },
  "parameters": 2614000000,
  "parametersBasis": "computed",
  "layers": 26,
  "hiddenSize": 2304,
  "intermediateSize": 9216,
  "attentionHeads": 8,
  "keyValueHeads": 4,
  "headDimension": 256,
  "vocabularySize": 256000,
  "maxContext": 8192,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 13,
   "slidingLayers": 13,
   "window": 4096
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-2-2b-it",
    "precision": "bf16",
    "sizeGiB": 4.87,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-2-2b-it)"
 },
 {
  "id": "gemma-2-9b",
  "family": "gemma-2",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-2-9b-it (model card)"
  },
  "parameters": 9242000000,
  "parametersBasis": "computed",
  "layers": 42,
  "hiddenSize": 3584,
  "intermediateSize": 14336,
  "attentionHeads": 16,
  "keyValueHeads": 8,
  "headDimension": 256,
  "vocabularySize": 256000,
  "maxContext": 8192,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 21,
   "slidingLayers": 21,
   "window": 4096
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-2-9b-it",
    "precision": "bf16",
    "sizeGiB": 17.21,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-2-9b-it)"
 },
 {
  "id": "gemma-3-12b",
  "family": "gemma-3",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-3-12b-it (model card)"
  },
  "parameters": 11766000000,
  "parametersBasis": "computed",
  "extraParameters": 420000000,
  "vision": true,
  "layers": 48,
  "hiddenSize": 3840,
  "intermediateSize": 15360,
  "attentionHeads": 16,
  "keyValueHeads": 8,
  "headDimension": 256,
  "vocabularySize": 262144,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 8,
   "slidingLayers": 40,
   "window": 1024
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-3-12b-it",
    "precision": "bf16",
    "sizeGiB": 21.92,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-3-12b-it)",
  "note": "language part; the vision tower of 4b/12b/27b adds about 0.4B"
 },
 {
  "id": "gemma-3-1b",
  "family": "gemma-3",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-3-1b-it (model card)"
  },
  "parameters": 1000000000,
  "parametersBasis": "computed",
  "layers": 26,
  "hiddenSize": 1152,
  "intermediateSize": 6912,
  "attentionHeads": 4,
  "keyValueHeads": 1,
  "headDimension": 256,
  "vocabularySize": 262144,
  "maxContext": 32768,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 4,
   "slidingLayers": 22,
   "window": 512
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-3-1b-it",
    "precision": "bf16",
    "sizeGiB": 1.86,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-3-1b-it)",
  "note": "language part; the vision tower of 4b/12b/27b adds about 0.4B"
 },
 {
  "id": "gemma-3-27b",
  "family": "gemma-3",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-3-27b-it (model card)"
  },
  "parameters": 27009000000,
  "parametersBasis": "computed",
  "extraParameters": 420000000,
  "vision": true,
  "layers": 62,
  "hiddenSize": 5376,
  "intermediateSize": 21504,
  "attentionHeads": 32,
  "keyValueHeads": 16,
  "headDimension": 128,
  "vocabularySize": 262144,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 10,
   "slidingLayers": 52,
   "window": 1024
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-3-27b-it",
    "precision": "bf16",
    "sizeGiB": 51.1,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry google/gemma-3-27b-it), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-3-27b-it)",
  "note": "language part; the vision tower of 4b/12b/27b adds about 0.4B"
 },
 {
  "id": "gemma-3-4b",
  "family": "gemma-3",
  "license": {
   "id": "gemma",
   "gated": true,
   "source": "https://huggingface.co/google/gemma-3-4b-it (model card)"
  },
  "parameters": 3880000000,
  "parametersBasis": "computed",
  "extraParameters": 420000000,
  "vision": true,
  "layers": 34,
  "hiddenSize": 2560,
  "intermediateSize": 10240,
  "attentionHeads": 8,
  "keyValueHeads": 4,
  "headDimension": 256,
  "vocabularySize": 262144,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 5,
   "slidingLayers": 29,
   "window": 1024
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-3-4b-it",
    "precision": "bf16",
    "sizeGiB": 8.01,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry google/gemma-3-4b-it), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config google/gemma-3-4b-it)",
  "note": "language part; the vision tower of 4b/12b/27b adds about 0.4B"
 },
 {
  "id": "gemma-4-26b-a4b",
  "family": "gemma-4",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/google/gemma-4-26B-A4B (model card)"
  },
  "parameters": 25807000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 30,
  "hiddenSize": 2816,
  "intermediateSize": 2112,
  "attentionHeads": 16,
  "keyValueHeads": 8,
  "headDimension": 256,
  "vocabularySize": 262144,
  "maxContext": 262144,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 5,
   "slidingLayers": 25,
   "window": 1024,
   "fullKeyValueHeads": 2,
   "fullHeadDimension": 512,
   "note": "attention_k_eq_v=true; whether K and V are both stored is engine-dependent"
  },
  "experts": {
   "count": 128,
   "perToken": 8,
   "intermediateSize": 704,
   "layers": 30
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-4-26B-A4B",
    "precision": "bf16",
    "sizeGiB": 48.07,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry google/gemma-4-26B-A4B-it), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/google--gemma-4-26B-A4B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "gemma-4-31b",
  "family": "gemma-4",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/google/gemma-4-31B-it (model card)"
  },
  "parameters": 31273000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 60,
  "hiddenSize": 5376,
  "intermediateSize": 21504,
  "attentionHeads": 32,
  "keyValueHeads": 16,
  "headDimension": 256,
  "vocabularySize": 262144,
  "maxContext": 262144,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 10,
   "slidingLayers": 50,
   "window": 1024,
   "fullKeyValueHeads": 4,
   "fullHeadDimension": 512,
   "note": "attention_k_eq_v=true; whether K and V are both stored is engine-dependent"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "google/gemma-4-31B-it",
    "precision": "bf16",
    "sizeGiB": 58.25,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry google/gemma-4-31B-it), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/nvidia--Gemma-4-31B-IT-NVFP4_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "dimensions read from the NVFP4 checkpoint config of the same model"
 },
 {
  "id": "glm-5.2",
  "family": "glm",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/zai-org/GLM-5.2 (model card)"
  },
  "parameters": 753740000000,
  "parametersBasis": "files",
  "layers": 78,
  "hiddenSize": 6144,
  "intermediateSize": 12288,
  "attentionHeads": 64,
  "keyValueHeads": 64,
  "headDimension": 256,
  "vocabularySize": 154880,
  "maxContext": 1048576,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64,
   "indexDimension": 128
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 2048,
   "layers": 75,
   "shared": 1
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "zai-org/GLM-5.2-FP8",
    "precision": "fp8",
    "sizeGiB": 703.75,
    "loadedGiB": 703.75,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry zai-org/GLM-5.2-FP8), v0.12.0 (file size)"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/zai-org--GLM-5.2_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "gpt-oss-120b",
  "family": "gpt-oss",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/openai/gpt-oss-120b (model card)"
  },
  "parameters": 116829000000,
  "parametersBasis": "computed",
  "activeParameters": 5712000000,
  "layers": 36,
  "hiddenSize": 2880,
  "intermediateSize": 2880,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 64,
  "vocabularySize": 201088,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 18,
   "slidingLayers": 18,
   "window": 128
  },
  "experts": {
   "count": 128,
   "perToken": 4,
   "intermediateSize": 2880,
   "layers": 36
  },
  "precision": "mxfp4",
  "checkpoints": [
   {
    "id": "openai/gpt-oss-120b",
    "precision": "mxfp4",
    "sizeGiB": 121.54,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry openai/gpt-oss-120b), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/openai--gpt-oss-120b_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "loads 64.38 GiB (vLLM 0.11) to 65.97 GiB (0.10); repo size includes duplicates"
 },
 {
  "id": "gpt-oss-20b",
  "family": "gpt-oss",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/openai/gpt-oss-20b (model card)"
  },
  "parameters": 20915000000,
  "parametersBasis": "computed",
  "activeParameters": 4187000000,
  "layers": 24,
  "hiddenSize": 2880,
  "intermediateSize": 2880,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 64,
  "vocabularySize": 201088,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "sliding-hybrid",
   "fullLayers": 12,
   "slidingLayers": 12,
   "window": 128
  },
  "experts": {
   "count": 32,
   "perToken": 4,
   "intermediateSize": 2880,
   "layers": 24
  },
  "precision": "mxfp4",
  "checkpoints": [
   {
    "id": "openai/gpt-oss-20b",
    "precision": "mxfp4",
    "sizeGiB": 25.63,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry openai/gpt-oss-20b), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/openai--gpt-oss-20b_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "loads 13.47 GiB in vLLM (measured); repo size includes duplicate weight files"
 },
 {
  "id": "granite-4.1-8b",
  "family": "granite",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/ibm-granite/granite-4.1-8b (model card)"
  },
  "parameters": 8790000000,
  "parametersBasis": "files",
  "layers": 40,
  "hiddenSize": 4096,
  "vocabularySize": 100352,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "ibm-granite/granite-4.1-8b",
    "precision": "bf16",
    "sizeGiB": 16.38,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry ibm-granite/granite-4.1-8b), v0.12.0"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry ibm-granite/granite-4.1-8b), v0.12.0",
  "note": "the catalog of KAITO has every dimension but the vocabulary, which is that of the Granite 4 tokenizer (100,352), and the feed-forward width, which the sum does not need: the weights are those of the files"
 },
 {
  "id": "kimi-k2.5",
  "family": "kimi",
  "license": {
   "id": "modified-mit",
   "gated": false,
   "source": "https://huggingface.co/moonshotai/Kimi-K2.5 (model card)"
  },
  "parameters": 1026408000000,
  "parametersBasis": "computed",
  "activeParameters": 32861000000,
  "vision": true,
  "layers": 61,
  "hiddenSize": 7168,
  "intermediateSize": 18432,
  "attentionHeads": 64,
  "keyValueHeads": 64,
  "headDimension": 192,
  "vocabularySize": 163840,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64
  },
  "experts": {
   "count": 384,
   "perToken": 8,
   "intermediateSize": 2048,
   "layers": 60,
   "shared": 1
  },
  "precision": "int4",
  "checkpoints": [
   {
    "id": "moonshotai/Kimi-K2.5",
    "precision": "int4",
    "sizeGiB": 554.32,
    "loadedGiB": 554.32,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry moonshotai/Kimi-K2.5), v0.12.0 (file size)"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/moonshotai--Kimi-K2.5_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "kimi-k2",
  "family": "kimi",
  "license": {
   "id": "modified-mit",
   "gated": false,
   "source": "https://huggingface.co/moonshotai/Kimi-K2-Instruct (model card)"
  },
  "parameters": 1026408000000,
  "parametersBasis": "computed",
  "activeParameters": 32861000000,
  "layers": 61,
  "hiddenSize": 7168,
  "intermediateSize": 18432,
  "attentionHeads": 64,
  "keyValueHeads": 64,
  "headDimension": 192,
  "vocabularySize": 163840,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64
  },
  "experts": {
   "count": 384,
   "perToken": 8,
   "intermediateSize": 2048,
   "layers": 60,
   "shared": 1
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "moonshotai/Kimi-K2-Instruct",
    "precision": "fp8",
    "sizeGiB": 958.1,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/moonshotai--Kimi-K2-Instruct_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "llama-2-13b",
  "family": "llama-2",
  "license": {
   "id": "llama2",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-2-13b-hf (model card)"
  },
  "parameters": 13016000000,
  "parametersBasis": "computed",
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 13824,
  "attentionHeads": 40,
  "keyValueHeads": 40,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 4096,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "fp16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-2-13b-hf",
    "precision": "fp16",
    "sizeGiB": 24.24,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Llama-2-13b-hf)",
  "note": "dtype float16 per the HF repo convention for -hf checkpoints; not in the source read"
 },
 {
  "id": "llama-2-70b",
  "family": "llama-2",
  "license": {
   "id": "llama2",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-2-70b-hf (model card)"
  },
  "parameters": 68977000000,
  "parametersBasis": "computed",
  "layers": 80,
  "hiddenSize": 8192,
  "intermediateSize": 28672,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 4096,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "fp16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-2-70b-hf",
    "precision": "fp16",
    "sizeGiB": 128.48,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Llama-2-70b-hf)",
  "note": "dtype float16 per the HF repo convention for -hf checkpoints; not in the source read"
 },
 {
  "id": "llama-2-7b",
  "family": "llama-2",
  "license": {
   "id": "llama2",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-2-7b-hf (model card)"
  },
  "parameters": 6738000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 11008,
  "attentionHeads": 32,
  "keyValueHeads": 32,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 4096,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "fp16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-2-7b-hf",
    "precision": "fp16",
    "sizeGiB": 12.55,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Llama-2-7b-hf)",
  "note": "dtype float16 per the HF repo convention for -hf checkpoints; not in the source read"
 },
 {
  "id": "llama-3-70b",
  "family": "llama-3",
  "license": {
   "id": "llama3",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Meta-Llama-3-70B-Instruct (model card)"
  },
  "parameters": 70554000000,
  "parametersBasis": "computed",
  "layers": 80,
  "hiddenSize": 8192,
  "intermediateSize": 28672,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 8192,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Meta-Llama-3-70B-Instruct",
    "precision": "bf16",
    "sizeGiB": 131.42,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Meta-Llama-3-70B-Instruct)"
 },
 {
  "id": "llama-3-8b",
  "family": "llama-3",
  "license": {
   "id": "llama3",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Meta-Llama-3-8B-Instruct (model card)"
  },
  "parameters": 8030000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 8192,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Meta-Llama-3-8B-Instruct",
    "precision": "bf16",
    "sizeGiB": 14.96,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Meta-Llama-3-8B-Instruct)"
 },
 {
  "id": "llama-3.1-405b",
  "family": "llama-3.1",
  "license": {
   "id": "llama3.1",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-3.1-405B-Instruct (model card)"
  },
  "parameters": 405853000000,
  "parametersBasis": "computed",
  "layers": 126,
  "hiddenSize": 16384,
  "intermediateSize": 53248,
  "attentionHeads": 128,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-3.1-405B-Instruct",
    "precision": "bf16",
    "sizeGiB": 755.96,
    "source": "parameters x bytes"
   },
   {
    "id": "meta-llama/Llama-3.1-405B-Instruct-FP8",
    "precision": "fp8",
    "sizeGiB": 462,
    "loadedGiB": 462,
    "source": "vllm-project/vllm issue #6746 (57.75 GiB a GPU at tensor 8: attention and edge layers stay 16-bit)"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/meta-llama--Meta-Llama-3.1-405B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "llama-3.1-70b",
  "family": "llama-3.1",
  "license": {
   "id": "llama3.1",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-3.1-70B-Instruct (model card)"
  },
  "parameters": 70554000000,
  "parametersBasis": "computed",
  "layers": 80,
  "hiddenSize": 8192,
  "intermediateSize": 28672,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-3.1-70B-Instruct",
    "precision": "bf16",
    "sizeGiB": 131.42,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry meta-llama/Llama-3.3-70B-Instruct), v0.12.0"
   },
   {
    "id": "RedHatAI/Meta-Llama-3.1-70B-Instruct-FP8",
    "precision": "fp8",
    "sizeGiB": 67.67,
    "loadedGiB": 67.72,
    "source": "vllm-project/vllm issue #12569 (67.72 GiB loaded with 8-bit weights); size computed"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/meta-llama--Meta-Llama-3.1-70B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "llama-3.1-8b",
  "aliases": [
   "llama-3.1-8b-instruct"
  ],
  "family": "llama-3.1",
  "license": {
   "id": "llama3.1",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-3.1-8B-Instruct (model card)"
  },
  "parameters": 8030000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-3.1-8B-Instruct",
    "precision": "bf16",
    "sizeGiB": 14.96,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry meta-llama/Llama-3.1-8B-Instruct), v0.12.0"
   },
   {
    "id": "RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8",
    "precision": "fp8",
    "sizeGiB": 8.46,
    "source": "Hugging Face repository name; size computed"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/meta-llama--Meta-Llama-3.1-8B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "llama-3.2-1b",
  "family": "llama-3.2",
  "license": {
   "id": "llama3.2",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-3.2-1B-Instruct (model card)"
  },
  "parameters": 1236000000,
  "parametersBasis": "computed",
  "layers": 16,
  "hiddenSize": 2048,
  "intermediateSize": 8192,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 64,
  "vocabularySize": 128256,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-3.2-1B-Instruct",
    "precision": "bf16",
    "sizeGiB": 2.3,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Llama-3.2-1B-Instruct)"
 },
 {
  "id": "llama-3.2-3b",
  "family": "llama-3.2",
  "license": {
   "id": "llama3.2",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-3.2-3B-Instruct (model card)"
  },
  "parameters": 3213000000,
  "parametersBasis": "computed",
  "layers": 28,
  "hiddenSize": 3072,
  "intermediateSize": 8192,
  "attentionHeads": 24,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-3.2-3B-Instruct",
    "precision": "bf16",
    "sizeGiB": 5.98,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Llama-3.2-3B-Instruct)"
 },
 {
  "id": "llama-3.3-70b",
  "family": "llama-3.3",
  "license": {
   "id": "llama3.3",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-3.3-70B-Instruct (model card)"
  },
  "parameters": 70554000000,
  "parametersBasis": "computed",
  "layers": 80,
  "hiddenSize": 8192,
  "intermediateSize": 28672,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 128256,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-3.3-70B-Instruct",
    "precision": "bf16",
    "sizeGiB": 131.42,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry meta-llama/Llama-3.3-70B-Instruct), v0.12.0"
   },
   {
    "id": "RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic",
    "precision": "fp8",
    "sizeGiB": 67.72,
    "loadedGiB": 67.72,
    "source": "llm-d-incubation/llm-d-planner docs/empirical-vllm-memory-results.md (67.72 GiB loaded at tensor 1)"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config meta-llama/Llama-3.3-70B-Instruct)"
 },
 {
  "id": "llama-4-maverick",
  "family": "llama-4",
  "license": {
   "id": "llama4",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-4-Maverick-17B-128E-Instruct (model card)"
  },
  "parameters": 400712000000,
  "parametersBasis": "computed",
  "activeParameters": 17185000000,
  "vision": true,
  "layers": 48,
  "hiddenSize": 5120,
  "intermediateSize": 8192,
  "attentionHeads": 40,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 202048,
  "maxContext": 1048576,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full",
   "note": "3 of 4 layers use chunked local attention (attention_chunk_size 8192); vLLM 0.8+ can bound those layers, treat full as upper bound"
  },
  "experts": {
   "count": 128,
   "perToken": 1,
   "intermediateSize": 8192,
   "layers": 24,
   "shared": 1
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-4-Maverick-17B-128E-Instruct",
    "precision": "bf16",
    "sizeGiB": 746.38,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/meta-llama--Llama-4-Maverick-17B-128E-Instruct_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "params are the language part only (vision tower not counted)"
 },
 {
  "id": "llama-4-scout",
  "family": "llama-4",
  "license": {
   "id": "llama4",
   "gated": true,
   "source": "https://huggingface.co/meta-llama/Llama-4-Scout-17B-16E-Instruct (model card)"
  },
  "parameters": 107770000000,
  "parametersBasis": "computed",
  "activeParameters": 17173000000,
  "vision": true,
  "layers": 48,
  "hiddenSize": 5120,
  "intermediateSize": 8192,
  "attentionHeads": 40,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 202048,
  "maxContext": 10485760,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full",
   "note": "3 of 4 layers use chunked local attention (attention_chunk_size 8192); vLLM 0.8+ can bound those layers, treat full as upper bound"
  },
  "experts": {
   "count": 16,
   "perToken": 1,
   "intermediateSize": 8192,
   "layers": 48,
   "shared": 1
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "meta-llama/Llama-4-Scout-17B-16E-Instruct",
    "precision": "bf16",
    "sizeGiB": 200.74,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/meta-llama--Llama-4-Scout-17B-16E-Instruct_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "params are the language part only (vision tower not counted)"
 },
 {
  "id": "minimax-m2.7",
  "family": "minimax",
  "license": {
   "id": "modified-mit",
   "gated": false,
   "source": "https://huggingface.co/MiniMaxAI/MiniMax-M2.7 (model card)"
  },
  "parameters": 228689000000,
  "parametersBasis": "computed",
  "activeParameters": 11030000000,
  "layers": 62,
  "hiddenSize": 3072,
  "intermediateSize": 1536,
  "attentionHeads": 48,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 200064,
  "maxContext": 204800,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 1536,
   "layers": 62
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "MiniMaxAI/MiniMax-M2.7",
    "precision": "fp8",
    "sizeGiB": 214.34,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry MiniMaxAI/MiniMax-M2.7), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/MiniMaxAI--MiniMax-M2.7_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "ministral-3-14b",
  "family": "ministral",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/mistralai/Ministral-3-14B-Instruct-2512 (model card)"
  },
  "parameters": 15730000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 16384,
  "vocabularySize": 131072,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "mistralai/Ministral-3-14B-Instruct-2512",
    "precision": "fp8",
    "sizeGiB": 14.65,
    "loadedGiB": 14.65,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Ministral-3-14B-Instruct-2512), v0.12.0 (file size)"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Ministral-3-14B-Instruct-2512), v0.12.0",
  "note": "vocabulary of the Tekken tokenizer; includes the vision tower"
 },
 {
  "id": "ministral-3-8b",
  "family": "ministral",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/mistralai/Ministral-3-8B-Instruct-2512 (model card)"
  },
  "parameters": 10415000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 34,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "vocabularySize": 131072,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "mistralai/Ministral-3-8B-Instruct-2512",
    "precision": "fp8",
    "sizeGiB": 9.7,
    "loadedGiB": 9.7,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Ministral-3-8B-Instruct-2512), v0.12.0 (file size)"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Ministral-3-8B-Instruct-2512), v0.12.0",
  "note": "vocabulary of the Tekken tokenizer; includes the vision tower"
 },
 {
  "id": "mistral-7b-v0.2",
  "family": "mistral",
  "license": {
   "id": "apache-2.0",
   "gated": true,
   "source": "https://huggingface.co/mistralai/Mistral-7B-Instruct-v0.2 (model card)"
  },
  "parameters": 7242000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "mistralai/Mistral-7B-Instruct-v0.2",
    "precision": "bf16",
    "sizeGiB": 13.49,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config mistralai/Mistral-7B-Instruct-v0.2)"
 },
 {
  "id": "mistral-7b",
  "aliases": [
   "mistral-7b-v0.3"
  ],
  "family": "mistral",
  "license": {
   "id": "apache-2.0",
   "gated": true,
   "source": "https://huggingface.co/mistralai/Mistral-7B-Instruct-v0.3 (model card)"
  },
  "parameters": 7248000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32768,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "mistralai/Mistral-7B-Instruct-v0.3",
    "precision": "bf16",
    "sizeGiB": 13.5,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Mistral-7B-Instruct-v0.3), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config mistralai/Mistral-7B-Instruct-v0.3)"
 },
 {
  "id": "mistral-large-2407",
  "family": "mistral-large",
  "license": {
   "id": "mrl",
   "gated": true,
   "source": "https://huggingface.co/mistralai/Mistral-Large-Instruct-2407 (model card)"
  },
  "parameters": 122610000000,
  "parametersBasis": "computed",
  "layers": 88,
  "hiddenSize": 12288,
  "intermediateSize": 28672,
  "attentionHeads": 96,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32768,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "mistralai/Mistral-Large-Instruct-2407",
    "precision": "bf16",
    "sizeGiB": 228.38,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config mistralai/Mistral-Large-Instruct-2407)"
 },
 {
  "id": "mistral-large-3",
  "family": "mistral-large",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/mistralai/Mistral-Large-3-675B-Instruct-2512 (model card)"
  },
  "parameters": 681504000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 61,
  "hiddenSize": 7168,
  "vocabularySize": 131072,
  "attentionHeads": 128,
  "keyValueHeads": 128,
  "headDimension": 192,
  "maxContext": 294912,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "mla",
   "latentRank": 512,
   "ropeDimension": 64
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "mistralai/Mistral-Large-3-675B-Instruct-2512",
    "precision": "fp8",
    "sizeGiB": 634.7,
    "loadedGiB": 634.7,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Mistral-Large-3-675B-Instruct-2512), v0.12.0 (file size)"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Mistral-Large-3-675B-Instruct-2512), v0.12.0",
  "note": "vocabulary of the Tekken tokenizer; weights from the repository files"
 },
 {
  "id": "mistral-medium-3.5",
  "family": "mistral",
  "license": {
   "id": "modified-mit",
   "gated": false,
   "source": "https://huggingface.co/mistralai/Mistral-Medium-3.5-128B (model card); docs.nvidia.com/nemo/automodel, Mistral Medium 3.5"
  },
  "parameters": 133606000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 88,
  "hiddenSize": 12288,
  "vocabularySize": 131072,
  "attentionHeads": 96,
  "keyValueHeads": 8,
  "headDimension": 128,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "fp8",
  "checkpoints": [
   {
    "id": "mistralai/Mistral-Medium-3.5-128B",
    "precision": "fp8",
    "sizeGiB": 124.43,
    "loadedGiB": 124.43,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Mistral-Medium-3.5-128B), v0.12.0 (file size)"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry mistralai/Mistral-Medium-3.5-128B), v0.12.0",
  "note": "vocabulary of the Tekken tokenizer; weights from the repository files"
 },
 {
  "id": "mistral-small-3.2-24b",
  "family": "mistral-small",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/mistralai/Mistral-Small-3.2-24B-Instruct-2506 (model card)"
  },
  "parameters": 24030000000,
  "parametersBasis": "loaded",
  "vision": true,
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 32768,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 131072,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "mistralai/Mistral-Small-3.2-24B-Instruct-2506",
    "precision": "bf16",
    "sizeGiB": 44.76,
    "source": "parameters x bytes"
   }
  ],
  "source": "llm-d-incubation/llm-d-planner docs/empirical-vllm-memory-results.md",
  "note": "28.20 GiB = 184,832 tokens = 163,840 B/token exactly; vocabulary (Tekken tokenizer, 131K) and context (128k) from Mistral's model cards of Small 3 and 3.2"
 },
 {
  "id": "mixtral-8x22b",
  "family": "mixtral",
  "license": {
   "id": "apache-2.0",
   "gated": true,
   "source": "https://huggingface.co/mistralai/Mixtral-8x22B-v0.1 (model card)"
  },
  "parameters": 140621000000,
  "parametersBasis": "computed",
  "activeParameters": 39152000000,
  "layers": 56,
  "hiddenSize": 6144,
  "intermediateSize": 16384,
  "attentionHeads": 48,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 65536,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "experts": {
   "count": 8,
   "perToken": 2,
   "intermediateSize": 16384,
   "layers": 56
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "mistralai/Mixtral-8x22B-v0.1",
    "precision": "bf16",
    "sizeGiB": 261.93,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/mistralai--Mixtral-8x22B-v0.1_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "mixtral-8x7b",
  "family": "mixtral",
  "license": {
   "id": "apache-2.0",
   "gated": true,
   "source": "https://huggingface.co/mistralai/Mixtral-8x7B-v0.1 (model card)"
  },
  "parameters": 46703000000,
  "parametersBasis": "computed",
  "activeParameters": 12880000000,
  "layers": 32,
  "hiddenSize": 4096,
  "intermediateSize": 14336,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 32000,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "experts": {
   "count": 8,
   "perToken": 2,
   "intermediateSize": 14336,
   "layers": 32
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "mistralai/Mixtral-8x7B-v0.1",
    "precision": "bf16",
    "sizeGiB": 86.99,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/mistralai--Mixtral-8x7B-v0.1_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "phi-3-medium-128k",
  "family": "phi-3",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/microsoft/Phi-3-medium-128k-instruct (model card)"
  },
  "parameters": 13960000000,
  "parametersBasis": "files",
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 17920,
  "vocabularySize": 32064,
  "attentionHeads": 40,
  "keyValueHeads": 10,
  "headDimension": 128,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "microsoft/Phi-3-medium-128k-instruct",
    "precision": "bf16",
    "sizeGiB": 26,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry microsoft/Phi-3-medium-128k-instruct), v0.12.0"
   }
  ],
  "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry microsoft/Phi-3-medium-128k-instruct), v0.12.0",
  "note": "feed-forward width and vocabulary of the Phi-3 family"
 },
 {
  "id": "phi-3-mini-128k",
  "family": "phi-3",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/microsoft/Phi-3-mini-128k-instruct (model card)"
  },
  "parameters": 3821000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 3072,
  "intermediateSize": 8192,
  "attentionHeads": 32,
  "keyValueHeads": 32,
  "headDimension": 96,
  "vocabularySize": 32064,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "microsoft/Phi-3-mini-128k-instruct",
    "precision": "bf16",
    "sizeGiB": 7.12,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry microsoft/Phi-3-mini-128k-instruct), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config microsoft/Phi-3-mini-128k-instruct)"
 },
 {
  "id": "phi-3.5-mini",
  "family": "phi-3",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/microsoft/Phi-3.5-mini-instruct (model card)"
  },
  "parameters": 3821000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 3072,
  "intermediateSize": 8192,
  "attentionHeads": 32,
  "keyValueHeads": 32,
  "headDimension": 96,
  "vocabularySize": 32064,
  "maxContext": 131072,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "microsoft/Phi-3.5-mini-instruct",
    "precision": "bf16",
    "sizeGiB": 7.12,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry microsoft/Phi-3.5-mini-instruct), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config microsoft/Phi-3.5-mini-instruct)"
 },
 {
  "id": "phi-4-mini",
  "family": "phi-4",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/microsoft/Phi-4-mini-instruct (model card)"
  },
  "parameters": 3836000000,
  "parametersBasis": "computed",
  "layers": 32,
  "hiddenSize": 3072,
  "intermediateSize": 8192,
  "attentionHeads": 24,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 200064,
  "maxContext": 131072,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "microsoft/Phi-4-mini-instruct",
    "precision": "bf16",
    "sizeGiB": 7.15,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry microsoft/Phi-4-mini-instruct), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config microsoft/Phi-4-mini-instruct)"
 },
 {
  "id": "phi-4",
  "family": "phi-4",
  "license": {
   "id": "mit",
   "gated": false,
   "source": "https://huggingface.co/microsoft/phi-4 (model card)"
  },
  "parameters": 14660000000,
  "parametersBasis": "computed",
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 17920,
  "attentionHeads": 40,
  "keyValueHeads": 10,
  "headDimension": 128,
  "vocabularySize": 100352,
  "maxContext": 16384,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "microsoft/phi-4",
    "precision": "bf16",
    "sizeGiB": 27.31,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry microsoft/phi-4), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config microsoft/phi-4)"
 },
 {
  "id": "qwen-72b",
  "family": "qwen",
  "license": {
   "id": "tongyi-qianwen",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen-72B (model card)"
  },
  "parameters": 72288000000,
  "parametersBasis": "computed",
  "layers": 80,
  "hiddenSize": 8192,
  "intermediateSize": 24576,
  "attentionHeads": 64,
  "keyValueHeads": 64,
  "headDimension": 128,
  "vocabularySize": 152064,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen-72B",
    "precision": "bf16",
    "sizeGiB": 134.65,
    "source": "parameters x bytes"
   }
  ],
  "source": "microsoft/vidur vidur/config/model_config.py @01f216fe8559c0eac076b157b19125a9c370d100 (class Qwen72BModelConfig)",
  "note": "dtype not in the source"
 },
 {
  "id": "qwen2-7b",
  "family": "qwen2",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2-7B-Instruct (model card)"
  },
  "parameters": 7616000000,
  "parametersBasis": "computed",
  "layers": 28,
  "hiddenSize": 3584,
  "intermediateSize": 18944,
  "attentionHeads": 28,
  "keyValueHeads": 4,
  "headDimension": 128,
  "vocabularySize": 152064,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2-7B-Instruct",
    "precision": "bf16",
    "sizeGiB": 14.19,
    "source": "parameters x bytes"
   }
  ],
  "source": "mlc-ai/mlc-llm python/mlc_llm/model/model_preset.py (key qwen2_7b)"
 },
 {
  "id": "qwen2.5-0.5b",
  "family": "qwen2.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-0.5B-Instruct (model card)"
  },
  "parameters": 494000000,
  "parametersBasis": "computed",
  "layers": 24,
  "hiddenSize": 896,
  "intermediateSize": 4864,
  "attentionHeads": 14,
  "keyValueHeads": 2,
  "headDimension": 64,
  "vocabularySize": 151936,
  "maxContext": 32768,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-0.5B-Instruct",
    "precision": "bf16",
    "sizeGiB": 0.92,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-0.5B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen2.5-1.5b",
  "family": "qwen2.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-1.5B-Instruct (model card)"
  },
  "parameters": 1544000000,
  "parametersBasis": "computed",
  "layers": 28,
  "hiddenSize": 1536,
  "intermediateSize": 8960,
  "attentionHeads": 12,
  "keyValueHeads": 2,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 32768,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-1.5B-Instruct",
    "precision": "bf16",
    "sizeGiB": 2.88,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-1.5B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen2.5-14b",
  "family": "qwen2.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-14B-Instruct (model card)"
  },
  "parameters": 14770000000,
  "parametersBasis": "computed",
  "layers": 48,
  "hiddenSize": 5120,
  "intermediateSize": 13824,
  "attentionHeads": 40,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 152064,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-14B-Instruct",
    "precision": "bf16",
    "sizeGiB": 27.51,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-14B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen2.5-32b",
  "family": "qwen2.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-32B-Instruct (model card)"
  },
  "parameters": 32764000000,
  "parametersBasis": "computed",
  "layers": 64,
  "hiddenSize": 5120,
  "intermediateSize": 27648,
  "attentionHeads": 40,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 152064,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-32B-Instruct",
    "precision": "bf16",
    "sizeGiB": 61.03,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry Qwen/Qwen2.5-Coder-32B-Instruct), v0.12.0"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-32B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen2.5-3b",
  "family": "qwen2.5",
  "license": {
   "id": "qwen-research",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-3B-Instruct (model card)"
  },
  "parameters": 3086000000,
  "parametersBasis": "computed",
  "layers": 36,
  "hiddenSize": 2048,
  "intermediateSize": 11008,
  "attentionHeads": 16,
  "keyValueHeads": 2,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 32768,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-3B-Instruct",
    "precision": "bf16",
    "sizeGiB": 5.75,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-3B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen2.5-72b",
  "family": "qwen2.5",
  "license": {
   "id": "qwen",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-72B-Instruct (model card)"
  },
  "parameters": 72706000000,
  "parametersBasis": "computed",
  "layers": 80,
  "hiddenSize": 8192,
  "intermediateSize": 29568,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 152064,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-72B-Instruct",
    "precision": "bf16",
    "sizeGiB": 135.43,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-72B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen2.5-7b",
  "family": "qwen2.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen2.5-7B-Instruct (model card)"
  },
  "parameters": 7616000000,
  "parametersBasis": "computed",
  "layers": 28,
  "hiddenSize": 3584,
  "intermediateSize": 18944,
  "attentionHeads": 28,
  "keyValueHeads": 4,
  "headDimension": 128,
  "vocabularySize": 152064,
  "maxContext": 32768,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen2.5-7B-Instruct",
    "precision": "bf16",
    "sizeGiB": 14.19,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry Qwen/Qwen2.5-Coder-7B-Instruct), v0.12.0"
   },
   {
    "id": "Qwen/Qwen2.5-7B-Instruct-AWQ",
    "precision": "int4",
    "sizeGiB": 5.29,
    "loadedGiB": 5.29,
    "source": "public vLLM log (5.29 GiB loaded)"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen2.5-7B-Instruct)",
  "note": "litgpt lists block_size 131072 for 7B+ (YaRN); the stock max_position_embeddings is 32768 (KAITO modelTokenLimit for Qwen2.5-Coder-7B/32B)"
 },
 {
  "id": "qwen3-0.6b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-0.6B (model card)"
  },
  "parameters": 596000000,
  "parametersBasis": "computed",
  "layers": 28,
  "hiddenSize": 1024,
  "intermediateSize": 3072,
  "attentionHeads": 16,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-0.6B",
    "precision": "bf16",
    "sizeGiB": 1.11,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-0.6B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3-1.7b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-1.7B (model card)"
  },
  "parameters": 1721000000,
  "parametersBasis": "computed",
  "layers": 28,
  "hiddenSize": 2048,
  "intermediateSize": 6144,
  "attentionHeads": 16,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-1.7B",
    "precision": "bf16",
    "sizeGiB": 3.21,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-1.7B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3-14b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-14B (model card)"
  },
  "parameters": 14768000000,
  "parametersBasis": "computed",
  "layers": 40,
  "hiddenSize": 5120,
  "intermediateSize": 17408,
  "attentionHeads": 40,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-14B",
    "precision": "bf16",
    "sizeGiB": 27.51,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen3-14B)"
 },
 {
  "id": "qwen3-235b-a22b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-235B-A22B (model card)"
  },
  "parameters": 235094000000,
  "parametersBasis": "computed",
  "activeParameters": 22191000000,
  "layers": 94,
  "hiddenSize": 4096,
  "intermediateSize": 12288,
  "attentionHeads": 64,
  "keyValueHeads": 4,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "experts": {
   "count": 128,
   "perToken": 8,
   "intermediateSize": 1536,
   "layers": 94
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-235B-A22B",
    "precision": "bf16",
    "sizeGiB": 437.9,
    "source": "parameters x bytes"
   },
   {
    "id": "Qwen/Qwen3-235B-A22B-FP8",
    "precision": "fp8",
    "sizeGiB": 220.11,
    "source": "Hugging Face repository name; size computed"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-235B-A22B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3-30b-a3b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-30B-A3B (model card)"
  },
  "parameters": 30532000000,
  "parametersBasis": "computed",
  "activeParameters": 3353000000,
  "layers": 48,
  "hiddenSize": 2048,
  "intermediateSize": 6144,
  "attentionHeads": 32,
  "keyValueHeads": 4,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "experts": {
   "count": 128,
   "perToken": 8,
   "intermediateSize": 768,
   "layers": 48
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-30B-A3B",
    "precision": "bf16",
    "sizeGiB": 56.87,
    "source": "parameters x bytes"
   },
   {
    "id": "Qwen/Qwen3-30B-A3B-FP8",
    "precision": "fp8",
    "sizeGiB": 29.01,
    "source": "Hugging Face repository name; size computed"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-30B-A3B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3-32b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-32B (model card)"
  },
  "parameters": 32762000000,
  "parametersBasis": "computed",
  "layers": 64,
  "hiddenSize": 5120,
  "intermediateSize": 25600,
  "attentionHeads": 64,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-32B",
    "precision": "bf16",
    "sizeGiB": 61.02,
    "source": "parameters x bytes"
   },
   {
    "id": "Qwen/Qwen3-32B-FP8",
    "precision": "fp8",
    "sizeGiB": 31.96,
    "source": "Hugging Face repository name; size computed"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-32B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3-4b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-4B (model card)"
  },
  "parameters": 4022000000,
  "parametersBasis": "computed",
  "layers": 36,
  "hiddenSize": 2560,
  "intermediateSize": 9728,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": true,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-4B",
    "precision": "bf16",
    "sizeGiB": 7.49,
    "source": "parameters x bytes"
   }
  ],
  "source": "Lightning-AI/litgpt litgpt/config.py (entry hf_config Qwen/Qwen3-4B)"
 },
 {
  "id": "qwen3-8b",
  "family": "qwen3",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-8B (model card)"
  },
  "parameters": 8191000000,
  "parametersBasis": "computed",
  "layers": 36,
  "hiddenSize": 4096,
  "intermediateSize": 12288,
  "attentionHeads": 32,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 40960,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-8B",
    "precision": "bf16",
    "sizeGiB": 15.26,
    "source": "parameters x bytes"
   },
   {
    "id": "Qwen/Qwen3-8B-AWQ",
    "precision": "int4",
    "sizeGiB": 5.68,
    "loadedGiB": 5.68,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry Qwen/Qwen3-8B-AWQ), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-8B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3-coder-480b-a35b",
  "family": "qwen3-coder",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3-Coder-480B-A35B-Instruct (model card)"
  },
  "parameters": 480155000000,
  "parametersBasis": "computed",
  "activeParameters": 35475000000,
  "layers": 62,
  "hiddenSize": 6144,
  "intermediateSize": 8192,
  "attentionHeads": 96,
  "keyValueHeads": 8,
  "headDimension": 128,
  "vocabularySize": 151936,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "full"
  },
  "experts": {
   "count": 160,
   "perToken": 8,
   "intermediateSize": 2560,
   "layers": 62
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3-Coder-480B-A35B-Instruct",
    "precision": "bf16",
    "sizeGiB": 894.36,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3-Coder-480B-A35B-Instruct_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce"
 },
 {
  "id": "qwen3.5-122b-a10b",
  "family": "qwen3.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3.5-122B-A10B (model card)"
  },
  "parameters": 125086000000,
  "parametersBasis": "files",
  "vision": true,
  "layers": 48,
  "hiddenSize": 3072,
  "attentionHeads": 32,
  "keyValueHeads": 2,
  "headDimension": 256,
  "vocabularySize": 248320,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "linear-hybrid",
   "fullLayers": 12,
   "linearLayers": 36,
   "stateBytes": 4268032
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 1024,
   "layers": 48
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3.5-122B-A10B",
    "precision": "bf16",
    "sizeGiB": 232.99,
    "source": "kaito-project/kaito presets/workspace model_catalog.yaml (entry Qwen/Qwen3.5-122B-A10B), v0.12.0"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3.5-122B-A10B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "hybrid linear attention: only the full_attention layers grow with context; parameters from the name where no file size is known"
 },
 {
  "id": "qwen3.5-27b",
  "family": "qwen3.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3.5-27B (model card)"
  },
  "parameters": 27800000000,
  "parametersBasis": "name",
  "vision": true,
  "layers": 64,
  "hiddenSize": 5120,
  "intermediateSize": 17408,
  "attentionHeads": 24,
  "keyValueHeads": 4,
  "headDimension": 256,
  "vocabularySize": 248320,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "linear-hybrid",
   "fullLayers": 16,
   "linearLayers": 48,
   "stateBytes": 3207168
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3.5-27B",
    "precision": "bf16",
    "sizeGiB": 50.29,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3.5-27B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "hybrid linear attention: only the full_attention layers grow with context; parameters from the name where no file size is known"
 },
 {
  "id": "qwen3.5-35b-a3b",
  "family": "qwen3.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3.5-35B-A3B (model card)"
  },
  "parameters": 35000000000,
  "parametersBasis": "name",
  "vision": true,
  "layers": 40,
  "hiddenSize": 2048,
  "attentionHeads": 16,
  "keyValueHeads": 2,
  "headDimension": 256,
  "vocabularySize": 248320,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "linear-hybrid",
   "fullLayers": 10,
   "linearLayers": 30,
   "stateBytes": 2146304
  },
  "experts": {
   "count": 256,
   "perToken": 8,
   "intermediateSize": 512,
   "layers": 40
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3.5-35B-A3B",
    "precision": "bf16",
    "sizeGiB": 65.19,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3.5-35B-A3B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "hybrid linear attention: only the full_attention layers grow with context; parameters from the name where no file size is known"
 },
 {
  "id": "qwen3.5-397b-a17b",
  "family": "qwen3.5",
  "license": {
   "id": "apache-2.0",
   "gated": false,
   "source": "https://huggingface.co/Qwen/Qwen3.5-397B-A17B (model card)"
  },
  "parameters": 397000000000,
  "parametersBasis": "name",
  "vision": true,
  "layers": 60,
  "hiddenSize": 4096,
  "attentionHeads": 32,
  "keyValueHeads": 2,
  "headDimension": 256,
  "vocabularySize": 248320,
  "maxContext": 262144,
  "tiedEmbeddings": false,
  "attention": {
   "kind": "linear-hybrid",
   "fullLayers": 15,
   "linearLayers": 45,
   "stateBytes": 4268032
  },
  "experts": {
   "count": 512,
   "perToken": 10,
   "intermediateSize": 1024,
   "layers": 60
  },
  "precision": "bf16",
  "checkpoints": [
   {
    "id": "Qwen/Qwen3.5-397B-A17B",
    "precision": "bf16",
    "sizeGiB": 739.47,
    "source": "parameters x bytes"
   }
  ],
  "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/model_configs/Qwen--Qwen3.5-397B-A17B_config.json @095f58a51c4ca8e61b66ec108d86f223f8d559ce",
  "note": "hybrid linear attention: only the full_attention layers grow with context; parameters from the name where no file size is known"
 }
];

export const GPUS: readonly GpuClass[] = [
 {
  "id": "a10",
  "title": "NVIDIA A10 24 GB",
  "vendor": "nvidia",
  "nominalGB": 24,
  "memoryMiB": 23028,
  "usableGiB": 22,
  "computeCapability": "8.6",
  "supports": {
   "bf16": true,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-A10",
    "interconnect": "pcie",
    "linkGBs": 32,
    "source": "GPU feature discovery writes the driver's product name with dashes for spaces (NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md); the driver's name is NVIDIA A10"
   }
  ],
  "nodeTypes": [
   {
    "cloud": "azure",
    "type": "Standard_NV36ads_A10_v5",
    "gpus": 1
   },
   {
    "cloud": "azure",
    "type": "Standard_NV72ads_A10_v5",
    "gpus": 2
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 22.03 to 22.15 GiB on cards of 23028 MiB; the lower end, rounded down",
   "memoryMiB": "23028 MiB: modal-labs/modal-client pull request #2797 (nvidia-smi totals of every card they run)",
   "nodeTypes": "kaito-project/kaito pkg/sku/azure_sku_handler.go"
  }
 },
 {
  "id": "a100-40gb",
  "title": "NVIDIA A100 40 GB",
  "vendor": "nvidia",
  "nominalGB": 40,
  "memoryMiB": 40960,
  "usableGiB": 39.38,
  "computeCapability": "8.0",
  "supports": {
   "bf16": true,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-A100-SXM4-40GB",
    "interconnect": "nvlink",
    "linkGBs": 300,
    "source": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-tesla-a100"
   ],
   "karpenter.k8s.aws/instance-gpu-memory": [
    "40960"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "a100"
   ],
   "nvidia.com/gpu.memory": [
    "40960"
   ]
  },
  "mig": [
   "1g.5gb",
   "1g.10gb",
   "2g.10gb",
   "3g.20gb",
   "4g.20gb",
   "7g.40gb"
  ],
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p4d.24xlarge",
    "gpus": 8,
    "allocatableCpu": "95690m",
    "allocatableMemory": "1082712Mi"
   },
   {
    "cloud": "azure",
    "type": "Standard_ND96asr_A100_v4",
    "gpus": 8
   },
   {
    "cloud": "gcp",
    "type": "a2-highgpu-1g",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "a2-highgpu-2g",
    "gpus": 2
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 39.38 to 39.56 GiB",
   "labels": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml",
   "memoryMiB": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml; GFD example on an older driver prints 39538/40536",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)",
   "nodeTypes": "GoogleCloudPlatform/accelerated-platforms platforms/gke/base/core/custom_compute_class/templates/manifests/gpu; aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md; kaito-project/kaito pkg/sku/azure_sku_handler.go"
  },
  "notes": [
   "memory label differs by driver: 39538, 40536, 40960 all seen"
  ]
 },
 {
  "id": "a100-80gb",
  "aliases": [
   "a100"
  ],
  "title": "NVIDIA A100 80 GB",
  "vendor": "nvidia",
  "nominalGB": 80,
  "memoryMiB": 81920,
  "usableGiB": 79.15,
  "computeCapability": "8.0",
  "supports": {
   "bf16": true,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-A100-SXM4-80GB",
    "interconnect": "nvlink",
    "linkGBs": 300,
    "bandwidthTBs": 2.039,
    "source": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml"
   },
   {
    "label": "NVIDIA-A100-80GB-PCIe",
    "interconnect": "pcie",
    "linkGBs": 32,
    "bandwidthTBs": 1.935,
    "source": "both NVIDIA-A100-80GB-PCIe and NVIDIA-A100-PCIE-80GB seen in public manifests; match both"
   },
   {
    "label": "NVIDIA-A100-PCIE-80GB",
    "interconnect": "pcie",
    "linkGBs": 32,
    "bandwidthTBs": 1.935,
    "source": "both NVIDIA-A100-80GB-PCIe and NVIDIA-A100-PCIE-80GB seen in public manifests; match both"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-a100-80gb"
   ],
   "karpenter.k8s.aws/instance-gpu-memory": [
    "81920"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "a100"
   ],
   "nvidia.com/gpu.memory": [
    "81920"
   ]
  },
  "mig": [
   "1g.10gb",
   "1g.20gb",
   "2g.20gb",
   "3g.40gb",
   "4g.40gb",
   "7g.80gb"
  ],
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p4de.24xlarge",
    "gpus": 8,
    "allocatableCpu": "95690m",
    "allocatableMemory": "1082712Mi",
    "product": "NVIDIA-A100-SXM4-80GB"
   },
   {
    "cloud": "azure",
    "type": "Standard_ND96amsr_A100_v4",
    "gpus": 8,
    "product": "NVIDIA-A100-SXM4-80GB"
   },
   {
    "cloud": "gcp",
    "type": "a2-ultragpu-1g",
    "gpus": 1,
    "product": "NVIDIA-A100-SXM4-80GB"
   },
   {
    "cloud": "azure",
    "type": "Standard_NC24ads_A100_v4",
    "gpus": 1,
    "product": "NVIDIA-A100-80GB-PCIe"
   },
   {
    "cloud": "azure",
    "type": "Standard_NC48ads_A100_v4",
    "gpus": 2,
    "product": "NVIDIA-A100-80GB-PCIe"
   },
   {
    "cloud": "azure",
    "type": "Standard_NC96ads_A100_v4",
    "gpus": 4,
    "product": "NVIDIA-A100-80GB-PCIe"
   }
  ],
  "sources": {
   "usableGiB": "vLLM issue logs (79.15 to 79.25)",
   "bandwidth": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/a100_sxm.yaml @095f58a; ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/a100_pcie.yaml @095f58a",
   "labels": "both NVIDIA-A100-80GB-PCIe and NVIDIA-A100-PCIE-80GB seen in public manifests; match both",
   "memoryMiB": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)",
   "nodeTypes": "GoogleCloudPlatform/accelerated-platforms platforms/gke/base/core/custom_compute_class/templates/manifests/gpu; aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md; kaito-project/kaito pkg/sku/azure_sku_handler.go"
  },
  "notes": [
   "FP8 weights run through Marlin weight-only kernels: memory saved, no FP8 compute"
  ]
 },
 {
  "id": "a10g",
  "title": "NVIDIA A10G 24 GB",
  "vendor": "nvidia",
  "nominalGB": 24,
  "memoryMiB": 23028,
  "usableGiB": 22,
  "computeCapability": "8.6",
  "supports": {
   "bf16": true,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-A10G",
    "interconnect": "pcie",
    "linkGBs": 32,
    "source": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
   }
  ],
  "labels": {
   "karpenter.k8s.aws/instance-gpu-memory": [
    "22888"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "a10g"
   ]
  },
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "g5.xlarge",
    "gpus": 1,
    "allocatableCpu": "3920m",
    "allocatableMemory": "14162Mi"
   },
   {
    "cloud": "aws",
    "type": "g5.12xlarge",
    "gpus": 4,
    "allocatableCpu": "47810m",
    "allocatableMemory": "173400Mi"
   },
   {
    "cloud": "aws",
    "type": "g5.24xlarge",
    "gpus": 4,
    "allocatableCpu": "95690m",
    "allocatableMemory": "355262Mi"
   },
   {
    "cloud": "aws",
    "type": "g5.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "723299Mi"
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 22.03 to 22.15 GiB on L4 and A10G; the lower end, rounded down",
   "labels": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md",
   "memoryMiB": "NVIDIA/DCGM#232 (nvidia-smi: 23028MiB)",
   "nodeTypes": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  },
  "notes": [
   "newer drivers show 23028 MiB; EC2 API (Karpenter) says 22888"
  ]
 },
 {
  "id": "b200",
  "aliases": [
   "b200-180gb"
  ],
  "title": "NVIDIA B200 180 GB",
  "vendor": "nvidia",
  "nominalGB": 180,
  "memoryMiB": 183359,
  "usableGiB": 178.36,
  "computeCapability": "10.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": true
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-B200",
    "interconnect": "nvlink",
    "linkGBs": 900,
    "bandwidthTBs": 7.7,
    "source": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
   }
  ],
  "labels": {
   "karpenter.k8s.aws/instance-gpu-memory": [
    "183359"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "b200"
   ]
  },
  "mig": [
   "1g.23gb",
   "1g.45gb",
   "2g.45gb",
   "3g.90gb",
   "4g.90gb",
   "7g.180gb"
  ],
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p6-b200.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "1937332Mi"
   }
  ],
  "sources": {
   "usableGiB": "vllm-project/vllm pull request #21489 (free memory 177.66/178.36 GiB at start)",
   "bandwidth": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/b200_sxm.yaml @095f58a",
   "memoryMiB": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)",
   "nodeTypes": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  }
 },
 {
  "id": "b300",
  "aliases": [
   "b300-288gb"
  ],
  "title": "NVIDIA B300 288 GB",
  "vendor": "nvidia",
  "nominalGB": 288,
  "memoryMiB": 275040,
  "usableGiB": 266.98,
  "computeCapability": "10.3",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": true
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-B300-SXM6-AC",
    "interconnect": "nvlink",
    "linkGBs": 900,
    "bandwidthTBs": 7.75,
    "source": "NIM 2.0.1 support matrix"
   }
  ],
  "labels": {
   "karpenter.k8s.aws/instance-gpu-memory": [
    "275040"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "b300"
   ]
  },
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p6-b300.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "3877198Mi"
   }
  ],
  "sources": {
   "usableGiB": "nvidia-smi MiB / 1024 x 0.994 (the ratio torch sees on the cards where both are known)",
   "labels": "NIM 2.0.1 support matrix",
   "memoryMiB": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/b300_sxm.yaml @095f58a and aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md",
   "nodeTypes": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  }
 },
 {
  "id": "gb200",
  "title": "NVIDIA GB200 186 GB",
  "vendor": "nvidia",
  "nominalGB": 186,
  "memoryMiB": 189471,
  "usableGiB": 183.92,
  "computeCapability": "10.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": true
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-GB200",
    "interconnect": "nvlink",
    "linkGBs": 900,
    "bandwidthTBs": 8,
    "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/gb200.yaml @095f58a"
   }
  ],
  "nodeTypes": [
   {
    "cloud": "any",
    "type": "GB200 NVL72 compute tray",
    "gpus": 4
   }
  ],
  "sources": {
   "usableGiB": "nvidia-smi MiB / 1024 x 0.994 (the ratio torch sees on the cards where both are known)",
   "memoryMiB": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/gb200.yaml @095f58a",
   "nodeTypes": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/gb200.yaml @095f58a"
  },
  "notes": [
   "arm64 nodes: image must be multi-arch; multi-node NVLink needs a ComputeDomain (resource.nvidia.com/v1beta1)"
  ]
 },
 {
  "id": "gb300",
  "title": "NVIDIA GB300 288 GB",
  "vendor": "nvidia",
  "nominalGB": 288,
  "memoryMiB": 284208,
  "usableGiB": 275.88,
  "computeCapability": "10.3",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": true
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-GB300",
    "interconnect": "nvlink",
    "linkGBs": 900,
    "bandwidthTBs": 8,
    "source": "GPU feature discovery writes the driver's product name with dashes for spaces (NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md)"
   }
  ],
  "sources": {
   "usableGiB": "nvidia-smi MiB / 1024 x 0.994 (the ratio torch sees on the cards where both are known)",
   "memoryMiB": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/gb300.yaml @095f58a"
  }
 },
 {
  "id": "gh200-96gb",
  "aliases": [
   "gh200"
  ],
  "title": "NVIDIA GH200 96 GB",
  "vendor": "nvidia",
  "nominalGB": 96,
  "memoryMiB": 97871,
  "usableGiB": 95,
  "computeCapability": "9.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-GH200-480GB",
    "interconnect": "nvlink",
    "linkGBs": 450,
    "source": "NVIDIA GPU feature discovery on GH200 480GB superchips (96 GB HBM3)"
   }
  ],
  "labels": {
   "nvidia.com/gpu.memory": [
    "97871"
   ]
  },
  "mig": [
   "3g.48gb",
   "4g.48gb",
   "7g.96gb"
  ],
  "sources": {
   "usableGiB": "nvidia-smi MiB / 1024 x 0.994 (the ratio torch sees on the cards where both are known)",
   "memoryMiB": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)"
  }
 },
 {
  "id": "h100-80gb",
  "aliases": [
   "h100"
  ],
  "title": "NVIDIA H100 80 GB",
  "vendor": "nvidia",
  "nominalGB": 80,
  "memoryMiB": 81559,
  "usableGiB": 79.18,
  "computeCapability": "9.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-H100-80GB-HBM3",
    "interconnect": "nvlink",
    "linkGBs": 450,
    "bandwidthTBs": 3.35,
    "source": "kubeai-project/kubeai docs (labels of an H100 node: gpu.product=NVIDIA-H100-80GB-HBM3, gpu.memory=81559)"
   },
   {
    "label": "NVIDIA-H100-PCIe",
    "interconnect": "pcie",
    "linkGBs": 64,
    "bandwidthTBs": 2,
    "source": "llmariner/inference-manager (node label NVIDIA-H100-PCIe-MIG-2g.20gb); the driver's name is NVIDIA H100 PCIe"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-h100-80gb",
    "nvidia-h100-mega-80gb"
   ],
   "karpenter.k8s.aws/instance-gpu-memory": [
    "81920"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "h100"
   ],
   "nvidia.com/gpu.memory": [
    "81559"
   ]
  },
  "mig": [
   "1g.10gb",
   "1g.20gb",
   "2g.20gb",
   "3g.40gb",
   "4g.40gb",
   "7g.80gb"
  ],
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p5.4xlarge",
    "gpus": 1,
    "allocatableCpu": "15890m",
    "allocatableMemory": "240830Mi",
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "aws",
    "type": "p5.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "1938410Mi",
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "azure",
    "type": "Standard_ND96isr_H100_v5",
    "gpus": 8,
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "gcp",
    "type": "a3-highgpu-1g",
    "gpus": 1,
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "gcp",
    "type": "a3-highgpu-2g",
    "gpus": 2,
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "gcp",
    "type": "a3-highgpu-4g",
    "gpus": 4,
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "gcp",
    "type": "a3-highgpu-8g",
    "gpus": 8,
    "product": "NVIDIA-H100-80GB-HBM3"
   },
   {
    "cloud": "gcp",
    "type": "a3-megagpu-8g",
    "gpus": 8,
    "product": "NVIDIA-H100-80GB-HBM3"
   }
  ],
  "sources": {
   "usableGiB": "llm-d-planner 79.18; vllm#10511 79.22",
   "bandwidth": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/h100_sxm.yaml @095f58a; ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/h100_pcie.yaml @095f58a",
   "memoryMiB": "81559 MiB: modal-labs/modal-client pull request #2797 (nvidia-smi totals of every card they run); wilicc/gpu-burn#114",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)",
   "nodeTypes": "GoogleCloudPlatform/accelerated-platforms platforms/gke/base/core/custom_compute_class/templates/manifests/gpu; aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md; kaito-project/kaito pkg/sku/azure_sku_handler.go"
  },
  "notes": [
   "KubeAI selects gpu.memory=81920 for H100 but nodes report 81559: an exact-match selector that never matches"
  ]
 },
 {
  "id": "h100-94gb",
  "aliases": [
   "h100-nvl"
  ],
  "title": "NVIDIA H100 NVL 94 GB",
  "vendor": "nvidia",
  "nominalGB": 94,
  "memoryMiB": 95830,
  "usableGiB": 93.02,
  "computeCapability": "9.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-H100-NVL",
    "interconnect": "pcie",
    "linkGBs": 64,
    "source": "NIM 2.0.1 support matrix \"NVIDIA-H100-NVL\""
   }
  ],
  "mig": [
   "1g.12gb",
   "1g.24gb",
   "2g.24gb",
   "3g.47gb",
   "4g.47gb",
   "7g.94gb"
  ],
  "nodeTypes": [
   {
    "cloud": "azure",
    "type": "Standard_NC40ads_H100_v5",
    "gpus": 1
   },
   {
    "cloud": "azure",
    "type": "Standard_NC80adis_H100_v5",
    "gpus": 2
   },
   {
    "cloud": "azure",
    "type": "Standard_NCC40ads_H100_v5",
    "gpus": 1
   }
  ],
  "sources": {
   "usableGiB": "nvidia-smi MiB / 1024 x 0.994 (the ratio torch sees on the cards where both are known)",
   "labels": "NIM 2.0.1 support matrix \"NVIDIA-H100-NVL\"",
   "memoryMiB": "NVIDIA/gpu-admin-tools#4 (nvidia-smi: 95830MiB)",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)",
   "nodeTypes": "kaito-project/kaito pkg/sku/azure_sku_handler.go"
  }
 },
 {
  "id": "h20-96gb",
  "aliases": [
   "h20"
  ],
  "title": "NVIDIA H20 96 GB",
  "vendor": "nvidia",
  "nominalGB": 96,
  "memoryMiB": 97871,
  "usableGiB": 95,
  "computeCapability": "9.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-H20",
    "interconnect": "nvlink",
    "linkGBs": 450,
    "source": "labels of H20 nodes in public cluster notes (gpu.product: NVIDIA-H20, gpu.memory: 97871)"
   }
  ],
  "sources": {
   "usableGiB": "nvidia-smi MiB / 1024 x 0.994 (the ratio torch sees on the cards where both are known)",
   "memoryMiB": "labels of H20 nodes in public cluster notes (gpu.memory: 97871); nvidia-smi prints the same",
   "nominalGB": "docs.nvidia.com/nim/large-language-models/1.13.0/supported-models.html"
  }
 },
 {
  "id": "h200-141gb",
  "aliases": [
   "h200"
  ],
  "title": "NVIDIA H200 141 GB",
  "vendor": "nvidia",
  "nominalGB": 141,
  "memoryMiB": 143771,
  "usableGiB": 139.72,
  "computeCapability": "9.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-H200",
    "interconnect": "nvlink",
    "linkGBs": 450,
    "bandwidthTBs": 4.8,
    "source": "vllm-project/recipes#381 (143,771 MiB)"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-h200-141gb"
   ],
   "karpenter.k8s.aws/instance-gpu-memory": [
    "144384"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "h200"
   ],
   "nvidia.com/gpu.memory": [
    "143771"
   ]
  },
  "mig": [
   "1g.18gb",
   "1g.35gb",
   "2g.35gb",
   "3g.71gb",
   "4g.71gb",
   "7g.141gb"
  ],
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p5e.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "1938410Mi"
   },
   {
    "cloud": "aws",
    "type": "p5en.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "1937332Mi"
   },
   {
    "cloud": "azure",
    "type": "Standard_ND96isr_H200_v5",
    "gpus": 8
   },
   {
    "cloud": "gcp",
    "type": "a3-ultragpu-8g",
    "gpus": 8
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 139.72 to 139.81 GiB",
   "bandwidth": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/h200_sxm.yaml @095f58a",
   "memoryMiB": "vllm-project/recipes#381 (143,771 MiB)",
   "mig": "kaito-project/kaito pkg/utils/mig/mig.go (knownProfiles, which cites NVIDIA MIG user guide)",
   "nodeTypes": "GoogleCloudPlatform/accelerated-platforms platforms/gke/base/core/custom_compute_class/templates/manifests/gpu; aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md; kaito-project/kaito pkg/sku/azure_sku_handler.go"
  }
 },
 {
  "id": "l4",
  "title": "NVIDIA L4 24 GB",
  "vendor": "nvidia",
  "nominalGB": 24,
  "memoryMiB": 23034,
  "usableGiB": 22,
  "computeCapability": "8.9",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-L4",
    "interconnect": "pcie",
    "linkGBs": 32,
    "bandwidthTBs": 0.3,
    "source": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml (gpu.memory: \"23034\")"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-l4"
   ],
   "karpenter.k8s.aws/instance-gpu-memory": [
    "22888"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "l4"
   ],
   "nvidia.com/gpu.memory": [
    "23034"
   ]
  },
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "g6.xlarge",
    "gpus": 1,
    "allocatableCpu": "3920m",
    "allocatableMemory": "14162Mi"
   },
   {
    "cloud": "aws",
    "type": "g6.12xlarge",
    "gpus": 4,
    "allocatableCpu": "47810m",
    "allocatableMemory": "178933Mi"
   },
   {
    "cloud": "aws",
    "type": "g6.24xlarge",
    "gpus": 4,
    "allocatableCpu": "95690m",
    "allocatableMemory": "355262Mi"
   },
   {
    "cloud": "aws",
    "type": "g6.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "718987Mi"
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-4",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-8",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-12",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-16",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-32",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-24",
    "gpus": 2
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-48",
    "gpus": 4
   },
   {
    "cloud": "gcp",
    "type": "g2-standard-96",
    "gpus": 8
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 22.03 to 22.15 GiB on L4 and A10G; the lower end, rounded down",
   "bandwidth": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/l4.yaml @095f58a",
   "memoryMiB": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml (gpu.memory: \"23034\")",
   "nodeTypes": "GoogleCloudPlatform/accelerated-platforms platforms/gke/base/core/custom_compute_class/templates/manifests/gpu; aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  },
  "notes": [
   "g6f/gr6f are fractional L4 with count 0 in Karpenter labels: no nvidia.com/gpu resource"
  ]
 },
 {
  "id": "l40s",
  "title": "NVIDIA L40S 48 GB",
  "vendor": "nvidia",
  "nominalGB": 48,
  "memoryMiB": 46068,
  "usableGiB": 44.42,
  "computeCapability": "8.9",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-L40S",
    "interconnect": "pcie",
    "linkGBs": 32,
    "bandwidthTBs": 0.864,
    "source": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/l40s.yaml @095f58a"
   }
  ],
  "labels": {
   "karpenter.k8s.aws/instance-gpu-memory": [
    "45776"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "l40s"
   ]
  },
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "g6e.xlarge",
    "gpus": 1,
    "allocatableCpu": "3920m",
    "allocatableMemory": "29317Mi"
   },
   {
    "cloud": "aws",
    "type": "g6e.12xlarge",
    "gpus": 4,
    "allocatableCpu": "47810m",
    "allocatableMemory": "360157Mi"
   },
   {
    "cloud": "aws",
    "type": "g6e.24xlarge",
    "gpus": 4,
    "allocatableCpu": "95690m",
    "allocatableMemory": "721682Mi"
   },
   {
    "cloud": "aws",
    "type": "g6e.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "1449132Mi"
   }
  ],
  "sources": {
   "usableGiB": "vLLM log of an L40S (total 44.42 GiB)",
   "bandwidth": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/l40s.yaml @095f58a",
   "memoryMiB": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/l40s.yaml @095f58a",
   "nodeTypes": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  }
 },
 {
  "id": "mi300x",
  "title": "AMD Instinct MI300X 192 GB",
  "vendor": "amd",
  "nominalGB": 192,
  "usableGiB": 191.98,
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "amd.com/gpu",
  "products": [
   {
    "label": "AMD_Instinct_MI300X_OAM",
    "interconnect": "infinity-fabric",
    "linkGBs": 448,
    "source": "ROCm k8s-device-plugin node labeller, label amd.com/gpu.product-name"
   },
   {
    "label": "AMD_Instinct_MI300X",
    "interconnect": "infinity-fabric",
    "linkGBs": 448,
    "source": "ROCm k8s-device-plugin node labeller, label amd.com/gpu.product-name"
   }
  ],
  "sources": {
   "usableGiB": "vllm#53961 (191.98 GiB)"
  }
 },
 {
  "id": "mi325x",
  "title": "AMD Instinct MI325X 256 GB",
  "vendor": "amd",
  "nominalGB": 256,
  "usableGiB": 255.98,
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "amd.com/gpu",
  "products": [
   {
    "label": "AMD_Instinct_MI325X_OAM",
    "interconnect": "infinity-fabric",
    "linkGBs": 448,
    "bandwidthTBs": 6,
    "source": "ROCm k8s-device-plugin node labeller, label amd.com/gpu.product-name (the name that amdgpu reports, underscores for spaces)"
   },
   {
    "label": "AMD_Instinct_MI325_OAM",
    "interconnect": "infinity-fabric",
    "linkGBs": 448,
    "bandwidthTBs": 6,
    "source": "ROCm k8s-device-plugin node labeller, label amd.com/gpu.product-name (the name that amdgpu reports, underscores for spaces)"
   }
  ],
  "sources": {
   "usableGiB": "vllm-project/vllm#41963 (255.98 GiB HBM each)",
   "nominalGB": "SemiAnalysisAI/InferenceX#3247 (a 256 GB card); vllm-project/vllm#41963"
  }
 },
 {
  "id": "rtx-3090",
  "title": "NVIDIA GeForce RTX 3090 24 GB",
  "vendor": "nvidia",
  "nominalGB": 24,
  "memoryMiB": 24576,
  "usableGiB": 23.58,
  "computeCapability": "8.6",
  "supports": {
   "bf16": true,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-GeForce-RTX-3090",
    "interconnect": "pcie",
    "linkGBs": 32,
    "source": "GPU feature discovery writes the driver's product name with dashes for spaces (NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md)"
   }
  ],
  "sources": {
   "usableGiB": "vllm#10517",
   "memoryMiB": "noonghunna/club-3090#747 (nvidia-smi: 24576MiB)"
  }
 },
 {
  "id": "rtx-4090",
  "title": "NVIDIA GeForce RTX 4090 24 GB",
  "vendor": "nvidia",
  "nominalGB": 24,
  "memoryMiB": 24564,
  "usableGiB": 23.6,
  "computeCapability": "8.9",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-GeForce-RTX-4090",
    "interconnect": "pcie",
    "linkGBs": 32,
    "source": "GPU feature discovery writes the driver's product name with dashes for spaces (NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md)"
   }
  ],
  "labels": {
   "nvidia.com/gpu.memory": [
    "24564"
   ]
  },
  "sources": {
   "usableGiB": "vllm#13061 (23.6 GiB)",
   "memoryMiB": "kubeai-project/kubeai charts/kubeai/values-{nvidia-k8s-device-plugin,gke,eks}.yaml"
  }
 },
 {
  "id": "rtx-5090",
  "title": "NVIDIA GeForce RTX 5090 32 GB",
  "vendor": "nvidia",
  "nominalGB": 32,
  "memoryMiB": 32607,
  "usableGiB": 31.36,
  "computeCapability": "12.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": true
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-GeForce-RTX-5090",
    "interconnect": "pcie",
    "linkGBs": 64,
    "source": "GPU feature discovery writes the driver's product name with dashes for spaces (NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md)"
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 31.36 GiB",
   "memoryMiB": "vllm#34076"
  }
 },
 {
  "id": "rtx-pro-6000",
  "title": "NVIDIA RTX PRO 6000 Blackwell Server 96 GB",
  "vendor": "nvidia",
  "nominalGB": 96,
  "memoryMiB": 97887,
  "usableGiB": 95,
  "computeCapability": "12.0",
  "supports": {
   "bf16": true,
   "fp8": true,
   "fp4": true
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "NVIDIA-RTX-PRO-6000-Blackwell-Server-Edition",
    "interconnect": "pcie",
    "linkGBs": 64,
    "bandwidthTBs": 1.792,
    "source": "NIM 2.0.1 support matrix"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-rtx-pro-6000"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "rtx-pro-server-6000"
   ]
  },
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "g7e.2xlarge",
    "gpus": 1,
    "allocatableCpu": "7910m",
    "allocatableMemory": "57471Mi"
   },
   {
    "cloud": "aws",
    "type": "g7e.12xlarge",
    "gpus": 2,
    "allocatableCpu": "47810m",
    "allocatableMemory": "477659Mi"
   },
   {
    "cloud": "aws",
    "type": "g7e.24xlarge",
    "gpus": 4,
    "allocatableCpu": "95690m",
    "allocatableMemory": "962625Mi"
   },
   {
    "cloud": "aws",
    "type": "g7e.48xlarge",
    "gpus": 8,
    "allocatableCpu": "191450m",
    "allocatableMemory": "1932558Mi"
   },
   {
    "cloud": "gcp",
    "type": "g4-standard-48",
    "gpus": 1
   },
   {
    "cloud": "gcp",
    "type": "g4-standard-96",
    "gpus": 2
   },
   {
    "cloud": "gcp",
    "type": "g4-standard-192",
    "gpus": 4
   },
   {
    "cloud": "gcp",
    "type": "g4-standard-384",
    "gpus": 8
   }
  ],
  "sources": {
   "usableGiB": "torch totals reported for the card (95.0 to 95.6)",
   "labels": "NIM 2.0.1 support matrix",
   "memoryMiB": "ai-dynamo/aiconfigurator aic-core/src/aiconfigurator_core/systems/rtx_pro_6000_server.yaml @095f58a",
   "nodeTypes": "GoogleCloudPlatform/accelerated-platforms platforms/gke/base/core/custom_compute_class/templates/manifests/gpu; aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  },
  "notes": [
   "GKE g4-standard-6 / -12 / -24 are 1/8, 1/4, 1/2 of one card but their ComputeClass still says count: 1, type nvidia-rtx-pro-6000 (accelerated-platforms ...-x1-8/-x1-4/-x1-2.yaml): capacity maths must use the fraction, not the card"
  ]
 },
 {
  "id": "t4",
  "aliases": [
   "tesla-t4"
  ],
  "title": "NVIDIA T4 16 GB",
  "vendor": "nvidia",
  "nominalGB": 16,
  "memoryMiB": 15360,
  "usableGiB": 14.74,
  "computeCapability": "7.5",
  "supports": {
   "bf16": false,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "Tesla-T4",
    "interconnect": "pcie",
    "linkGBs": 16,
    "source": "NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md"
   }
  ],
  "labels": {
   "cloud.google.com/gke-accelerator": [
    "nvidia-tesla-t4"
   ],
   "karpenter.k8s.aws/instance-gpu-name": [
    "t4"
   ],
   "nvidia.com/gpu.memory": [
    "15360"
   ]
  },
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "g4dn.xlarge",
    "gpus": 1,
    "allocatableCpu": "3920m",
    "allocatableMemory": "14481Mi"
   },
   {
    "cloud": "aws",
    "type": "g4dn.12xlarge",
    "gpus": 4,
    "allocatableCpu": "47810m",
    "allocatableMemory": "178933Mi"
   },
   {
    "cloud": "aws",
    "type": "g4dn.metal",
    "gpus": 8,
    "allocatableCpu": "95690m",
    "allocatableMemory": "355262Mi"
   }
  ],
  "sources": {
   "usableGiB": "HF cookbook log: \"total_gpu_memory (14.74GiB)\"",
   "labels": "NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md",
   "memoryMiB": "NVIDIA/k8s-device-plugin docs/gpu-feature-discovery/README.md (gpu.memory example 15360; older driver example 15109)",
   "nodeTypes": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  },
  "notes": [
   "no bf16: vLLM refuses --dtype bfloat16 below CC 8.0",
   "KubeAI selects gpu.memory=16384 for T4, which does not equal the 15360 GFD prints"
  ]
 },
 {
  "id": "v100-32gb",
  "aliases": [
   "v100"
  ],
  "title": "NVIDIA V100 32 GB",
  "vendor": "nvidia",
  "nominalGB": 32,
  "memoryMiB": 32768,
  "usableGiB": 31.7,
  "computeCapability": "7.0",
  "supports": {
   "bf16": false,
   "fp8": false,
   "fp4": false
  },
  "resource": "nvidia.com/gpu",
  "products": [
   {
    "label": "Tesla-V100-SXM2-32GB",
    "interconnect": "nvlink",
    "linkGBs": 150,
    "source": "user documentation of a shared research cluster, list of nvidia.com/gpu.product values (Tesla-V100-SXM2-32GB, 32G)"
   }
  ],
  "nodeTypes": [
   {
    "cloud": "aws",
    "type": "p3dn.24xlarge",
    "gpus": 8,
    "allocatableCpu": "95690m",
    "allocatableMemory": "718987Mi"
   }
  ],
  "sources": {
   "usableGiB": "torch's out-of-memory messages in public logs: 31.73 GiB, rounded down",
   "labels": "user documentation of a shared research cluster",
   "memoryMiB": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md (Karpenter label; not nvidia-smi)",
   "nodeTypes": "aws/karpenter-provider-aws website/content/en/docs/reference/instance-types.md"
  }
 }
];

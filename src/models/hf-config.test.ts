import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGpu, findModel, fit as judgeFit, type ModelFacts, modelFromHfConfig } from './index.js';

const { configs } = JSON.parse(readFileSync(new URL('../../fixtures/hf-configs.json', import.meta.url), 'utf8')) as {
  readonly configs: Readonly<Record<string, Record<string, unknown>>>;
};

function read(name: string): ModelFacts {
  const result = modelFromHfConfig(configs[name], name);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.model;
}

describe('facts from a config.json', () => {
  it.each(Object.keys(configs))('%s comes out as the catalog has it', (name) => {
    const known = findModel(name)!;
    const read_ = read(name);
    const dimensions = (model: ModelFacts) => ({
      layers: model.layers,
      hidden: model.hiddenSize,
      heads: model.attentionHeads,
      keyValueHeads: model.keyValueHeads,
      headDimension: model.headDimension,
      vocabulary: model.vocabularySize,
      context: model.maxContext,
      tied: model.tiedEmbeddings,
      precision: model.precision,
      attention: { ...model.attention, note: undefined },
      experts: model.experts,
    });
    // Chunked attention is kept as the upper bound in both.
    expect(dimensions(read_)).toEqual(dimensions(known));
    expect(Math.abs(read_.parameters / known.parameters - 1)).toBeLessThan(0.005);
  });

  it('counts a vision tower apart, at 16 bit', () => {
    const { extraParameters } = read('gemma-3-27b');
    // SigLIP so400m has about 0.41 B parameters in its layers.
    expect(extraParameters! / 1e9).toBeGreaterThan(0.38);
    expect(extraParameters! / 1e9).toBeLessThan(0.45);
  });

  it.each([
    [{ quant_method: 'awq', bits: 4 }, 'int4'],
    [{ quant_method: 'gptq', bits: 8 }, 'int8'],
    [{ quant_method: 'fp8', weight_block_size: [128, 128] }, 'fp8'],
    [{ quant_method: 'fbgemm_fp8' }, 'fp8'],
    [
      { quant_method: 'compressed-tensors', config_groups: { group_0: { weights: { num_bits: 8, type: 'float' } } } },
      'fp8',
    ],
    [
      { quant_method: 'compressed-tensors', config_groups: { group_0: { weights: { num_bits: 8, type: 'int' } } } },
      'int8',
    ],
    [
      { quant_method: 'compressed-tensors', config_groups: { group_0: { weights: { num_bits: 4, type: 'int' } } } },
      'int4',
    ],
    [{ quant_method: 'modelopt', quant_algo: 'NVFP4' }, 'nvfp4'],
    [{ quant_method: 'bitsandbytes', load_in_4bit: true }, 'int4'],
    [{ quant_method: 'mxfp4' }, 'mxfp4'],
  ])('quantization_config %j is %s', (quantization_config, precision) => {
    const result = modelFromHfConfig({ ...configs['llama-3.1-8b'], quantization_config }, 'x');
    expect(result.ok && result.model.precision).toBe(precision);
  });

  it('reads a linear hybrid: only the full layers grow', () => {
    const layer_types = Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 'full_attention' : 'linear_attention'));
    const result = modelFromHfConfig(
      {
        model_type: 'qwen3_5',
        text_config: {
          ...{
            hidden_size: 5120,
            intermediate_size: 17408,
            num_hidden_layers: 64,
            num_attention_heads: 24,
            num_key_value_heads: 4,
            head_dim: 256,
          },
          ...{
            vocab_size: 248320,
            max_position_embeddings: 262144,
            layer_types,
            attn_output_gate: true,
            linear_num_value_heads: 48,
          },
        },
      },
      'hybrid',
    );
    const known = findModel('qwen3.5-27b')!;
    expect(result.ok && { ...result.model.attention }).toEqual({ ...known.attention, note: undefined });
    if (result.ok) expect(Math.abs(result.model.parameters / known.parameters - 1)).toBeLessThan(0.05);
  });

  it('reports everything that is missing at once, with where and why', () => {
    const result = modelFromHfConfig({ model_type: 'llama', hidden_size: '4096', num_attention_heads: 32 }, 'broken');
    expect(result.ok).toBe(false);
    const problems = result.ok ? [] : result.problems;
    expect(problems.map((problem) => problem.pointer)).toEqual([
      '/num_hidden_layers',
      '/hidden_size',
      '/vocab_size',
      '/max_position_embeddings',
    ]);
    expect(problems[1]!.message).toBe('hidden_size must be a whole number from 1 to 1000000000, not "4096"');
  });

  it.each([[null], [[]], ['text'], [7]])('refuses %j', (json) => {
    expect(modelFromHfConfig(json, 'x').ok).toBe(false);
  });

  it('never throws and never gives a figure that is not finite', () => {
    const keys = Object.keys({
      ...configs['deepseek-v3'],
      ...configs['gpt-oss-20b'],
      layer_types: 1,
      sliding_window: 1,
      full_attention_interval: 1,
    });
    const value = fc.oneof(
      fc.constant(0),
      fc.constant(-1),
      fc.constant(1e30),
      fc.nat(200_000),
      fc.string(),
      fc.constant(null),
      fc.object(),
    );
    const gpu = findGpu('h100-80gb')!;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...keys), value),
        fc.constantFrom(...Object.keys(configs)),
        (changes, base) => {
          const result = modelFromHfConfig({ ...configs[base], ...changes }, 'x');
          if (!result.ok) return;
          const verdict = judgeFit({ model: result.model, gpu });
          for (const term of Object.values(verdict.terms)) expect(Number.isFinite(term)).toBe(true);
        },
      ),
      { seed: 6, numRuns: 300 },
    );
  });
});

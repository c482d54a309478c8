import { readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CATALOG_MODULE, catalogModule } from '../../scripts/generate-catalogs.js';
import {
  findGpu,
  findModel,
  gpuOfLabel,
  gpuOfProduct,
  listGpus,
  listModels,
  precisionOfCheckpoint,
  suggestGpus,
  suggestModels,
} from './index.js';
import { splitParameters } from './weights.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

function validator(schema: string): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false });
  return ajv.compile(JSON.parse(read(`schemas/${schema}`)));
}

describe.each([
  ['models', 'model-catalog.schema.json'],
  ['gpus', 'gpu-catalog.schema.json'],
])('data/%s', (folder, schema) => {
  const validate = validator(schema);
  const files = readdirSync(new URL(`data/${folder}`, root));

  it.each(files)('%s follows the schema and is named by its id', (file) => {
    const text = read(`data/${folder}/${file}`);
    const entry = parse(text) as { id: string };
    expect(validate(entry) ? [] : validate.errors).toEqual([]);
    expect(file).toBe(`${entry.id}.yaml`);
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../../schemas/${schema}`);
  });

  it('has a schema whose every property is described', () => {
    const properties = (
      JSON.parse(read(`schemas/${schema}`)) as { properties: Record<string, { description?: string }> }
    ).properties;
    expect(Object.entries(properties).filter(([, property]) => !property.description)).toEqual([]);
  });

  it("accepts the schema's own examples", () => {
    const { examples } = JSON.parse(read(`schemas/${schema}`)) as { examples: unknown[] };
    for (const example of examples) expect(validate(example) ? [] : validate.errors).toEqual([]);
  });
});

describe('the bundled catalog', () => {
  it('is what data/ says (npx tsx scripts/generate-catalogs.ts)', () => {
    expect(readFileSync(CATALOG_MODULE, 'utf8')).toBe(catalogModule());
  });

  it('gives every name to one model, and every name and product to one GPU class', () => {
    const modelNames = listModels().flatMap((model) => [
      model.id,
      ...(model.aliases ?? []),
      ...model.checkpoints.map((checkpoint) => checkpoint.id.toLowerCase()),
    ]);
    expect(modelNames.filter((name, at) => modelNames.indexOf(name) !== at)).toEqual([]);
    const gpuNames = listGpus().flatMap((gpu) => [
      gpu.id,
      ...(gpu.aliases ?? []),
      ...gpu.products.map((product) => product.label),
    ]);
    expect(gpuNames.filter((name, at) => gpuNames.indexOf(name) !== at)).toEqual([]);
  });

  it('has models whose parts add up', () => {
    for (const model of listModels()) {
      const parts = splitParameters(model);
      expect(parts.embedding * parts.embeddingMatrices + parts.experts + parts.dense, model.id).toBe(model.parameters);
      expect(parts.dense, model.id).toBeGreaterThan(0);
      const attention = model.attention;
      if (attention.kind === 'sliding-hybrid')
        expect(attention.fullLayers + attention.slidingLayers, model.id).toBe(model.layers);
      if (attention.kind === 'linear-hybrid')
        expect(attention.fullLayers + attention.linearLayers, model.id).toBe(model.layers);
      expect(model.checkpoints[0]?.precision, model.id).toBe(model.precision);
    }
  });

  it('has dense models whose dimensions give their parameters', () => {
    for (const model of listModels()) {
      if (
        model.experts ||
        model.parametersBasis !== 'computed' ||
        model.attention.kind === 'mla' ||
        !model.intermediateSize
      )
        continue;
      const attention = model.hiddenSize * model.headDimension * (2 * model.attentionHeads + 2 * model.keyValueHeads);
      const computed =
        model.layers * (attention + 3 * model.hiddenSize * model.intermediateSize) +
        model.vocabularySize * model.hiddenSize * (model.tiedEmbeddings ? 1 : 2);
      expect(Math.abs(computed / model.parameters - 1), model.id).toBeLessThan(0.005);
    }
  });

  it('has no GPU that offers the engine more than its memory', () => {
    for (const gpu of listGpus()) {
      if (gpu.memoryMiB) expect(gpu.usableGiB, gpu.id).toBeLessThanOrEqual(gpu.memoryMiB / 1024);
      for (const type of gpu.nodeTypes ?? []) {
        if (type.product) expect(gpu.products.map((product) => product.label)).toContain(type.product);
      }
    }
  });

  it.each([
    ['llama-3.1-8b', 'llama-3.1-8b'],
    ['Llama-3.1-8B-Instruct', 'llama-3.1-8b'],
    ['meta-llama/Llama-3.1-70B-Instruct', 'llama-3.1-70b'],
    ['redhatai/llama-3.3-70b-instruct-fp8-dynamic', 'llama-3.3-70b'],
    [' qwen3-32b ', 'qwen3-32b'],
  ])('finds model %j', (name, id) => {
    expect(findModel(name)?.id).toBe(id);
  });

  it.each(['', 'constructor', '__proto__', 'llama'])('finds no model for %j', (name) => {
    expect(findModel(name)).toBeUndefined();
    expect(findGpu(name)).toBeUndefined();
  });

  it.each([
    ['NVIDIA-H100-80GB-HBM3', 'h100-80gb'],
    ['NVIDIA-H100-PCIe', 'h100-80gb'],
    ['NVIDIA-A100-80GB-PCIe', 'a100-80gb'],
    ['NVIDIA-A100-PCIE-80GB', 'a100-80gb'],
    ['NVIDIA-A100-SXM4-80GB-MIG-1g.10gb', 'a100-80gb'],
    ['NVIDIA-A100-SXM4-40GB', 'a100-40gb'],
    ['Tesla-T4-SHARED', 't4'],
    ['NVIDIA-A10G', 'a10g'],
    ['NVIDIA-L40S', 'l40s'],
    ['NVIDIA-B200', 'b200'],
    ['NVIDIA-H200', 'h200-141gb'],
    ['NVIDIA-Unheard-Of', undefined],
  ])('takes product %s for class %s', (label, id) => {
    expect(gpuOfProduct(label)?.id).toBe(id);
  });

  it.each([
    ['cloud.google.com/gke-accelerator', 'nvidia-l4', 'l4'],
    ['cloud.google.com/gke-accelerator', 'nvidia-h100-mega-80gb', 'h100-80gb'],
    ['karpenter.k8s.aws/instance-gpu-name', 'l40s', 'l40s'],
    // 40 and 80 GB cards share the name: the label alone does not decide.
    ['karpenter.k8s.aws/instance-gpu-name', 'a100', undefined],
    ['example.com/none', 'l4', undefined],
  ])('takes label %s=%s for class %s', (key, value, id) => {
    expect(gpuOfLabel(key, value)?.id).toBe(id);
  });

  it('knows the precision that a checkpoint names', () => {
    expect(precisionOfCheckpoint('RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic')).toBe('fp8');
    expect(precisionOfCheckpoint('openai/gpt-oss-20b')).toBe('mxfp4');
    expect(precisionOfCheckpoint('llama-3.1-8b')).toBeUndefined();
    expect(precisionOfCheckpoint('nobody/nothing')).toBeUndefined();
  });

  it('suggests what was meant', () => {
    expect(suggestModels('lama-3.1-8b')[0]).toBe('llama-3.1-8b');
    expect(suggestModels('llama-3.1-80b')).toContain('llama-3.1-8b');
    expect(suggestModels('qwen3-23b')[0]).toBe('qwen3-32b');
    expect(suggestGpus('h100-90gb')[0]).toBe('h100-80gb');
    expect(suggestGpus('a100')).toContain('a100-40gb');
    expect(suggestModels('llama-3.1')).toEqual(['llama-3.1-405b', 'llama-3.1-70b', 'llama-3.1-8b']);
    expect(suggestModels('zzzzzzzzzzzzzzzzzz')).toEqual([]);
    expect(suggestModels('x'.repeat(100_000))).toEqual([]);
  });
});

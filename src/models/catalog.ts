import { closest } from '../diagnostics/closest.js';
import { GPUS, MODELS } from './catalog.generated.js';
import type { GpuClass, ModelFacts, Precision } from './facts.js';

interface Named {
  readonly id: string;
  readonly aliases?: readonly string[];
}

function index<T extends Named>(entries: readonly T[], more: (entry: T) => readonly string[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const entry of entries) {
    for (const name of [entry.id, ...(entry.aliases ?? []), ...more(entry)]) {
      const key = name.toLowerCase();
      if (!found.has(key)) found.set(key, entry);
    }
  }
  return found;
}

// Built once from constants; the order of the catalog decides where two entries claim one name.
const models = index(MODELS, (model) => model.checkpoints.map((checkpoint) => checkpoint.id));
const gpus = index(GPUS, () => []);
const products = index(
  GPUS.flatMap((gpu) => gpu.products.map((product) => ({ id: product.label, gpu }))),
  () => [],
);

/** A model by its id, an alias, or the Hugging Face id of one of its checkpoints; case does not matter. */
export function findModel(id: string): ModelFacts | undefined {
  return models.get(id.trim().toLowerCase());
}

/** The precision of the checkpoint that a Hugging Face id names; undefined where the name is a model's own, or unknown. */
export function precisionOfCheckpoint(id: string): Precision | undefined {
  const wanted = id.trim().toLowerCase();
  return findModel(id)?.checkpoints.find((checkpoint) => checkpoint.id.toLowerCase() === wanted)?.precision;
}

/** Every model of the catalog, by id. */
export function listModels(): readonly ModelFacts[] {
  return MODELS;
}

/** A GPU class by its id or an alias; case does not matter. */
export function findGpu(id: string): GpuClass | undefined {
  return gpus.get(id.trim().toLowerCase());
}

/** Every GPU class of the catalog, by id. */
export function listGpus(): readonly GpuClass[] {
  return GPUS;
}

/**
 * The class of a product label (`nvidia.com/gpu.product`). The suffixes that GPU feature discovery adds for sharing and
 * MIG are ignored: `NVIDIA-A100-SXM4-80GB-MIG-1g.10gb` is a slice of `a100-80gb`.
 */
export function gpuOfProduct(label: string): GpuClass | undefined {
  const bare = label
    .trim()
    .toLowerCase()
    .replace(/-shared$/, '')
    .replace(/-mig-[0-9a-z.+]+$/, '');
  return products.get(bare)?.gpu;
}

/** The class that another node label means, for example `cloud.google.com/gke-accelerator: nvidia-l4`. Undefined where two classes share the value. */
export function gpuOfLabel(key: string, value: string): GpuClass | undefined {
  if (key === 'nvidia.com/gpu.product' || key === 'amd.com/gpu.product-name') return gpuOfProduct(value);
  const found = GPUS.filter((gpu) => gpu.labels?.[key]?.includes(value));
  return found.length === 1 ? found[0] : undefined;
}

/** The class and number of GPUs of a cloud's machine type, such as `p5.48xlarge`; case does not matter. */
export function gpuOfMachine(type: string): { readonly gpu: GpuClass; readonly gpus: number } | undefined {
  const wanted = type.trim().toLowerCase();
  const found = GPUS.flatMap((gpu) =>
    (gpu.nodeTypes ?? []).flatMap((each) => (each.type.toLowerCase() === wanted ? [{ gpu, gpus: each.gpus }] : [])),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** Entries whose id contains the word first (somebody left out the size), then near spellings. */
function suggest(entries: readonly Named[], id: string): string[] {
  const wanted = id.trim().toLowerCase();
  const owner = new Map(
    entries.flatMap((entry) => [entry.id, ...(entry.aliases ?? [])].map((name) => [name, entry.id] as const)),
  );
  const near = closest(wanted, owner.keys()).map((name) => owner.get(name)!);
  const inside = wanted.length < 4 ? [] : entries.filter((entry) => entry.id.includes(wanted)).map((entry) => entry.id);
  return [...new Set([...inside, ...near])].slice(0, 3);
}

/** Up to three model ids that somebody may have meant, the nearest first. */
export function suggestModels(id: string): string[] {
  return suggest(MODELS, id);
}

/** Up to three GPU classes that somebody may have meant, the nearest first. */
export function suggestGpus(id: string): string[] {
  return suggest(GPUS, id);
}

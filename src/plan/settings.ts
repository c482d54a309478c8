import type { Model, ModelOverride, Defaults as ProjectDefaults } from '../spec/types.generated.js';

/** A model as it is wanted in one environment: the project's defaults, the model, what the environment overrides. */
export type ModelSettings = Omit<Model, 'environments' | 'replicas'>;

/** Mappings are merged key by key, everything else is replaced; the later wins. */
export function settingsOf(model: Model, environment: string, defaults: ProjectDefaults | undefined): ModelSettings {
  const { environments, replicas: _, ...own } = model;
  const override = environments?.[environment] ?? {};
  const shared = pick(defaults);
  return merge(merge(shared, own), override) as unknown as ModelSettings;
}

function pick(defaults: ProjectDefaults | undefined): ModelOverride {
  const { runtime: _, hookImage: __, ...rest } = defaults ?? {};
  return rest;
}

type Mapping = Readonly<Record<string, unknown>>;

function merge(below: object, above: object): Mapping {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isMapping(under) && isMapping(value) ? merge(under, value) : value;
  }
  return merged;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Resource } from '../build/resource.js';
import { at, isObject } from '../capacity/read.js';
import { enginesOf } from '../check/serving.js';
import { hostNeeds, servers, weightsOf } from '../check/workloads.js';
import type { Json } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';

/** Seconds from the start of a Pod to its first answer, by the object that makes it: from the size of the weights and where they lie. */
export function warmSecondsOf(repository: Repository): ReadonlyMap<Resource, number> {
  const found = new Map<Resource, number>();
  for (const engine of servers(repository)) {
    const needs = hostNeeds(engine);
    const weights = weightsOf(repository, engine);
    if (needs === undefined || weights === undefined) continue;
    const seconds = needs.warmSeconds[weights.prepared ? 'node-cache' : weights.storage];
    const { resource } = engine.place.object;
    // Of several engines in one workload, and of one object in several places, the slowest counts.
    found.set(resource, Math.max(seconds, found.get(resource) ?? 0));
  }
  return found;
}

/** Names of claims and ConfigMaps that engines refer to and that their own Application does not render. */
export function namesBeside(repository: Repository): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { place, template } of enginesOf(repository)) {
    const own = new Set(place.unit.objects.map((object) => object.name));
    for (const name of referencesIn(template.spec)) if (!own.has(name)) names.add(name);
  }
  return names;
}

function* referencesIn(value: Json): Generator<string> {
  if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* referencesIn(item);
  else if (isObject(value)) {
    const named = [
      at(value, 'claimName'),
      at(value, 'configMap', 'name'),
      at(value, 'configMapRef', 'name'),
      at(value, 'configMapKeyRef', 'name'),
    ];
    for (const name of named) if (typeof name === 'string' && name !== '') yield name;
    for (const item of Object.values(value)) yield* referencesIn(item);
  }
}

import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { PRECISIONS, type Precision } from '../models/index.js';
import { writeYaml } from '../yaml/write.js';
import type { FamilyPlan } from './plan.js';
import type { PlacementChoice } from './pools.js';
import type { Sizing } from './sizing.js';
import type { Strategy } from './strategy.js';

/**
 * What was decided before, and for which question. A decision holds as long as the question is the same: a new release of this
 * tool or a new node pool alone changes nothing, a changed spec does.
 */
export interface Locked {
  readonly given: JsonObject;
  readonly sizing: Sizing;
  readonly strategy: Strategy;
  /** Absent in a lock that somebody cut it out of. */
  readonly placement: PlacementChoice | undefined;
  /** What the model catalog said where the spec does not: the format, the checkpoint, whether its publisher asks for a token. */
  readonly catalog: LockedCatalog | undefined;
}

export interface LockedCatalog {
  readonly precision: Precision;
  /** Id of the checkpoint; absent where the spec says a source. */
  readonly checkpoint?: string;
  readonly gated: boolean;
  /** How many a prompt may bring, where the model takes images and the spec does not say. */
  readonly imagesPerPrompt?: number;
}

function catalogIn(value: Json | undefined): LockedCatalog | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { precision, checkpoint, gated, imagesPerPrompt } = value as JsonObject;
  const known = PRECISIONS.find((each) => each === precision);
  if (known === undefined || typeof gated !== 'boolean') return undefined;
  return {
    precision: known,
    gated,
    ...(typeof checkpoint === 'string' ? { checkpoint } : {}),
    ...(typeof imagesPerPrompt === 'number' ? { imagesPerPrompt } : {}),
  };
}

/** The blueprint that a family was rendered with. */
export function lockedBlueprint(
  lock: JsonObject | undefined,
): { readonly name: string; readonly version: string } | undefined {
  const blueprint = child(lock, 'blueprint');
  const [name, version] = [blueprint?.['name'], blueprint?.['version']];
  return typeof name === 'string' && typeof version === 'string' ? { name, version } : undefined;
}

/** The locked decision of a model on one cluster of an environment. */
export function lockedOf(
  lock: JsonObject | undefined,
  model: string,
  environment: string,
  cluster: string,
): Locked | undefined {
  const entry = child(child(child(child(lock, 'models'), model), environment), cluster);
  const given = child(entry, 'given');
  const decided = child(entry, 'decided');
  if (given === undefined || decided === undefined) return undefined;
  const { strategy, nodes, tolerations, catalog, ...sizing } = decided;
  if (!isSizing(sizing) || !isStrategy(strategy)) return undefined;
  return {
    given,
    sizing: { ...sizing, cpuLimit: (sizing as { cpuLimit?: number }).cpuLimit } as Sizing,
    strategy,
    placement: placementIn(nodes, tolerations),
    catalog: catalogIn(catalog),
  };
}

const integers = [
  'tensor',
  'pipeline',
  'data',
  'gpusPerPod',
  'context',
  'maxNumSeqs',
  'maxNumBatchedTokens',
  'cpuRequest',
  'memoryRequest',
  'memoryLimit',
  'sharedMemory',
  'startupSeconds',
  'downloadBytes',
];

/** A lock that somebody edited into nonsense counts as none: it is worked out anew. */
function isSizing(value: JsonObject): boolean {
  return (
    typeof value['gpu'] === 'string' &&
    typeof value['expert'] === 'boolean' &&
    typeof value['gpuMemoryUtilization'] === 'number' &&
    integers.every((key) => Number.isSafeInteger(value[key]) && (value[key] as number) >= 0)
  );
}

function placementIn(nodes: Json | undefined, tolerations: Json | undefined): PlacementChoice | undefined {
  if (typeof nodes !== 'object' || nodes === null || Array.isArray(nodes) || !Array.isArray(tolerations))
    return undefined;
  const { key, values } = nodes as JsonObject;
  if (typeof key !== 'string' || !Array.isArray(values) || values.some((value: Json) => typeof value !== 'string'))
    return undefined;
  if (tolerations.some((each: Json) => typeof each !== 'object' || each === null || Array.isArray(each)))
    return undefined;
  return { choice: { key, values: values as readonly string[] }, tolerations: tolerations as readonly JsonObject[] };
}

function isStrategy(value: Json | undefined): value is Strategy {
  return value === 'surge' || value === 'in-place' || value === 'recreate';
}

/** The text of a family's lock file. */
export function writeLock(family: FamilyPlan): string {
  const models: Record<string, Json> = {};
  for (const model of [...family.models].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const environments: Record<string, Record<string, Json>> = {};
    for (const deployment of model.deployments) {
      const clusters = environments[deployment.environment] ?? {};
      clusters[deployment.cluster] = deployment.decisions;
      environments[deployment.environment] = clusters;
    }
    models[model.name] = environments;
  }
  return (
    `# What gitops-gen decided for ${family.file}, and for which question. \`gitops-gen render\` keeps to it,\n` +
    '# `gitops-gen render --replan` decides anew. CPU in milli-cores, memory in bytes.\n' +
    writeYaml({
      lockVersion: 1,
      family: family.name,
      blueprint: { name: family.runtime, version: family.blueprint },
      models,
    })
  );
}

function child(value: Json | undefined, key: string): JsonObject | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  const found = (value as JsonObject)[key];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as JsonObject) : undefined;
}

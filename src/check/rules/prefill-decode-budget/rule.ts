import { demandsOf } from '../../../capacity/index.js';
import { integerAt, isObject, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { together } from '../../neighbourhood.js';
import { type Finding, noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { type Engine, enginesOf } from '../../serving.js';
import { nameOf } from '../../workloads.js';

/** The two halves of a service that is split: prompts are worked on in one, answers made in the other. */
interface Split {
  readonly prefill: readonly Engine[];
  readonly decode: readonly Engine[];
}

type Role = 'prefill' | 'decode';

export const prefillDecodeBudget: Rule = {
  id: 'prefill-decode-budget',
  group: 'serving',
  severity: 'error',
  summary: 'The halves of a service that is split into prefill and decode do not go together.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { prefill, decode } of splitsOf(repository)) {
      for (const one of prefill) {
        for (const other of decode) differences(one, other, onFinding);
        unreachable(one, onFinding);
      }
    }
    for (const finding of withoutDecode(repository)) onFinding(finding);
  },
};

/** Halves within one object, and workloads whose Pods bear the roles of llm-d and stand in one namespace. */
function splitsOf(repository: Repository): readonly Split[] {
  const byObject = new Map<Deployed, { prefill: Engine[]; decode: Engine[] }>();
  const labelled: { engine: Engine; role: Role }[] = [];
  for (const engine of enginesOf(repository)) {
    const role = roleWithin(engine);
    if (role !== undefined) {
      const own = byObject.get(engine.place) ?? { prefill: [], decode: [] };
      own[role].push(engine);
      byObject.set(engine.place, own);
      continue;
    }
    const label = roleOfLabels(engine.template.labels);
    if (label !== undefined) labelled.push({ engine, role: label });
  }
  const pairs = labelled
    .filter(({ role }) => role === 'prefill')
    .map(({ engine }): Split => {
      const halves = (wanted: Role) =>
        labelled.filter(
          (each) =>
            each.role === wanted &&
            together(each.engine.place, engine.place) &&
            sameService(each.engine.template.labels, engine.template.labels),
        );
      // With several of a kind nobody says which goes with which.
      const decode = halves('decode');
      const prefill = halves('prefill');
      return decode.length === 1 && prefill.length === 1
        ? { prefill: [engine], decode: decode.map((each) => each.engine) }
        : { prefill: [engine], decode: [] };
    });
  return [...byObject.values(), ...pairs];
}

/** `spec.prefill` of an LLMInferenceService against the rest of it, and roles of these names in a StormService. */
function roleWithin({ place, template }: Engine): Role | undefined {
  const { object } = place;
  if (object.kind === 'LLMInferenceService') {
    if (!isObject(objectAt(object.value, 'spec')['prefill'])) return undefined;
    return template.pointer.startsWith('/spec/prefill/') ? 'prefill' : 'decode';
  }
  if (object.kind !== 'StormService') return undefined;
  const index = /^\/spec\/template\/spec\/roles\/(\d+)\//.exec(template.pointer)?.[1];
  const name = stringAt(objectsAt(object.value, 'spec', 'template', 'spec', 'roles')[Number(index)], 'name');
  return name === 'prefill' || name === 'decode' ? name : undefined;
}

/** The label by which the router of llm-d tells them apart. */
const roleKey = 'llm-d.ai/role';

function roleOfLabels(labels: Engine['template']['labels']): Role | undefined {
  const role = labels[roleKey];
  return role === 'prefill' || role === 'decode' ? role : undefined;
}

/** Other labels of llm-d (model, guide, …) that both bear are the same. */
function sameService(a: Engine['template']['labels'], b: Engine['template']['labels']): boolean {
  return Object.keys(a).every(
    (key) =>
      !/^llm-d\.ai\/(model|guide|inference-serving|inferenceServing)$/.test(key) ||
      b[key] === undefined ||
      a[key] === b[key],
  );
}

/**
 * What both halves must agree on (vLLM `kv_connector/v1/nixl`: the compatibility hash has the model, its type and the type of the cache;
 * block sizes must divide one another). What one half leaves to a file, a variable or a template is not compared.
 */
function differences(prefill: Engine, decode: Engine, onFinding: (finding: Finding) => void): void {
  if (!isWhole(prefill) || !isWhole(decode)) return;
  const pairs: readonly [flag: string, prefill: string | undefined, decode: string | undefined][] = [
    ['model', prefill.facts.model, decode.facts.model],
    ['dtype', statedType(prefill), statedType(decode)],
    ['kv-cache-dtype', prefill.facts.kvCacheDtype ?? 'auto', decode.facts.kvCacheDtype ?? 'auto'],
    ['kv_connector', connectorOf(prefill), connectorOf(decode)],
  ];
  for (const [flag, left, right] of pairs) {
    if (left === undefined || right === undefined || left === right) continue;
    report(prefill, decode, flag, onFinding, {
      message: `${nameOf(prefill.place)} (prefill) has ${flag} ${left}, ${nameOf(decode.place)} (decode) has ${right}: the decode half refuses the KV cache of the other, and every request fails.`,
      hint: `Give both halves the same ${flag}.`,
    });
  }
  const [small, large] = [blockSize(prefill), blockSize(decode)].sort((a, b) => (a ?? 0) - (b ?? 0));
  if (small !== undefined && large !== undefined && large % small !== 0)
    report(prefill, decode, 'block-size', onFinding, {
      message: `${nameOf(prefill.place)} (prefill) has block-size ${blockSize(prefill)}, ${nameOf(decode.place)} (decode) has ${blockSize(decode)}: neither is a multiple of the other, and the transfer of the KV cache fails.`,
      hint: 'Give both halves the same block-size.',
    });
}

/** The type of the model; `auto` is whatever the checkpoint has, and may be the same as what the other half states. */
function statedType({ facts }: Engine): string | undefined {
  const type = facts.dtype === 'half' ? 'float16' : facts.dtype;
  return type === 'auto' ? undefined : type;
}

function isWhole({ facts }: Engine): boolean {
  return !facts.configFile && facts.unresolved.length === 0;
}

function report(
  prefill: Engine,
  decode: Engine,
  flag: string,
  onFinding: (finding: Finding) => void,
  text: Pick<Finding, 'message' | 'hint'>,
): void {
  const name = flag === 'kv_connector' ? 'kv-transfer-config' : flag;
  const at = (engine: Engine) => {
    const stated = engine.facts.flags.get(name);
    return stated === undefined ? `${engine.container.pointer}/args` : engine.pointerOf(stated.source);
  };
  onFinding(
    onField(decode.place.object, at(decode), {
      application: decode.place.application,
      namespace: decode.place.namespace,
      key: `${flag} ${nameOf(prefill.place)}`,
      ...text,
      related: [{ message: `the prefill half`, at: placeOf(prefill.place.object, at(prefill)) }],
    }),
  );
}

/** `kv_connector` of `--kv-transfer-config`, where that is JSON that can be read. */
function connectorOf({ facts }: Engine): string | undefined {
  try {
    const value: unknown = JSON.parse(facts.flags.get('kv-transfer-config')?.value ?? '');
    const name =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['kv_connector'] : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function blockSize({ facts }: Engine): number | undefined {
  const value = facts.flags.get('block-size')?.value;
  return value !== undefined && /^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined;
}

/**
 * NIXL tells the decode half where to shake hands: `VLLM_NIXL_SIDE_CHANNEL_HOST`, which is localhost unless it is set. Kinds whose
 * controller adds variables are left out.
 */
function unreachable(prefill: Engine, onFinding: (finding: Finding) => void): void {
  const { object } = prefill.place;
  if (!['apps', 'leaderworkerset.x-k8s.io', 'argoproj.io'].includes(object.group)) return;
  if (connectorOf(prefill) !== 'NixlConnector' || !isWhole(prefill)) return;
  const { value, pointer } = prefill.container;
  const command = [value['command'], value['args']].flat().map(String).join(' ');
  const host = objectsAt(value, 'env').find((each) => stringAt(each, 'name') === hostVariable);
  const elsewhere = objectsAt(value, 'envFrom').length > 0 || command.includes(hostVariable);
  const stated = stringAt(host, 'value');
  if (elsewhere || (host !== undefined && !['localhost', '127.0.0.1'].includes(stated ?? ''))) return;
  onFinding(
    onField(object, host === undefined ? pointer : `${pointer}/env`, {
      part: 'key',
      application: prefill.place.application,
      namespace: prefill.place.namespace,
      key: hostVariable,
      message: `${nameOf(prefill.place)} (prefill) gives localhost as the address for the transfer of its KV cache: the decode half stands in another Pod and cannot reach it.`,
      hint: `Set ${hostVariable} from the Pod's own address: valueFrom: {fieldRef: {fieldPath: status.podIP}}.`,
    }),
  );
}

const hostVariable = 'VLLM_NIXL_SIDE_CHANNEL_HOST';

/** Services with a prefill half and no Pod that decodes. */
function* withoutDecode(repository: Repository): Iterable<Finding> {
  for (const place of repository.byKind.get('serving.kserve.io/LLMInferenceService') ?? []) {
    const spec = objectAt(place.object.value, 'spec');
    const prefill = objectAt(spec, 'prefill');
    if (!isObject(spec['prefill']) || integerAt(prefill, 'replicas') === 0 || isObject(spec['scaling'])) continue;
    if (integerAt(spec, 'replicas') === 0) yield noDecode(place, '/spec/replicas');
  }
  for (const place of repository.byKind.get('orchestration.aibrix.ai/StormService') ?? []) {
    const roles = objectsAt(place.object.value, 'spec', 'template', 'spec', 'roles');
    const count = (name: string) => roles.find((role) => stringAt(role, 'name') === name);
    const decode = roles.findIndex((role) => stringAt(role, 'name') === 'decode');
    if ((integerAt(count('prefill'), 'replicas') ?? 1) > 0 && decode >= 0 && integerAt(roles[decode], 'replicas') === 0)
      yield noDecode(place, `/spec/template/spec/roles/${decode}/replicas`);
  }
  const seen = new Set<Deployed>();
  for (const { place, template } of enginesOf(repository)) {
    if (
      roleOfLabels(template.labels) !== 'decode' ||
      seen.has(place) ||
      demandsOf(place.object.value)[0]?.replicas.steady !== 0
    )
      continue;
    seen.add(place);
    const scaled = [...repository.byKind.entries()].some(
      ([kind, places]) =>
        /\/(HorizontalPodAutoscaler|ScaledObject|PodAutoscaler|VariantAutoscaling)$/.test(kind) &&
        places.some(
          (each) =>
            together(each, place) &&
            stringAt(each.object.value, 'spec', 'scaleTargetRef', 'name') === place.object.name,
        ),
    );
    const feeds = enginesOf(repository).some(
      (each) =>
        roleOfLabels(each.template.labels) === 'prefill' &&
        together(each.place, place) &&
        (demandsOf(each.place.object.value)[0]?.replicas.steady ?? 0) > 0,
    );
    if (!scaled && feeds) yield noDecode(place, '/spec/replicas');
  }
}

function noDecode(place: Deployed, pointer: string): Finding {
  return onField(place.object, pointer, {
    application: place.application,
    namespace: place.namespace,
    message: `${nameOf(place)} has no replica that decodes, and prefill runs: prompts are worked on, and nobody answers.`,
    hint: 'Give the decode half at least one replica, or take the prefill half away.',
  });
}

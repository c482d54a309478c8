import { at, integerAt, isObject, listAt, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { Deployed } from '../repository/model.js';
import { together } from './neighbourhood.js';
import { serversSelected } from './selected.js';
import type { Engine } from './serving.js';

/** Where a rule of a route sends requests. */
export interface RouteTarget {
  readonly pointer: string;
  readonly kind: 'Service' | 'InferencePool';
  readonly name: string;
  /** Undefined: that of the route. */
  readonly namespace: string | undefined;
  /** As written; undefined where it is left out. */
  readonly weight: number | undefined;
  /** As the route calls it. */
  readonly label: string;
  /** Everything that tells it from other targets. */
  readonly text: string;
}

/** One rule of an HTTPRoute or one `http` entry of a VirtualService. */
export interface RouteRule {
  readonly place: Deployed;
  readonly pointer: string;
  readonly value: JsonObject;
  readonly istio: boolean;
  readonly targets: readonly RouteTarget[];
}

/** Every rule of the HTTPRoutes and VirtualServices of the repository. */
export function routeRules(repository: Repository): readonly RouteRule[] {
  const gateway = (repository.byKind.get('gateway.networking.k8s.io/HTTPRoute') ?? []).flatMap((place) =>
    objectsAt(place.object.value, 'spec', 'rules').map((value, index): RouteRule => {
      const pointer = `/spec/rules/${index}`;
      return {
        place,
        pointer,
        value,
        istio: false,
        targets: objectsAt(value, 'backendRefs').flatMap((ref, at) =>
          gatewayTarget(ref, `${pointer}/backendRefs/${at}`),
        ),
      };
    }),
  );
  const istio = (repository.byKind.get('networking.istio.io/VirtualService') ?? []).flatMap((place) =>
    objectsAt(place.object.value, 'spec', 'http').map((value, index): RouteRule => {
      const pointer = `/spec/http/${index}`;
      return {
        place,
        pointer,
        value,
        istio: true,
        targets: objectsAt(value, 'route').flatMap((route, at) => istioTarget(route, `${pointer}/route/${at}`)),
      };
    }),
  );
  return [...gateway, ...istio];
}

function gatewayTarget(ref: JsonObject, pointer: string): RouteTarget[] {
  const kind = stringAt(ref, 'kind') ?? 'Service';
  const name = stringAt(ref, 'name');
  if (name === undefined || (kind !== 'Service' && kind !== 'InferencePool')) return [];
  const namespace = stringAt(ref, 'namespace');
  return [
    {
      pointer,
      kind,
      name,
      namespace,
      weight: integerAt(ref, 'weight'),
      label: name,
      text: `${namespace ?? ''}/${name}:${String(at(ref, 'port') ?? '')}`,
    },
  ];
}

function istioTarget(route: JsonObject, pointer: string): RouteTarget[] {
  const host = stringAt(route, 'destination', 'host');
  const parts = host?.split('.') ?? [];
  // `llama`, `llama.serving`, `llama.serving.svc.cluster.local`; other names with dots are hosts of the outside world.
  const local = parts.length <= 2 || parts[2] === 'svc';
  if (host === undefined || !local) return [];
  const destination = objectAt(route, 'destination');
  return [
    {
      pointer,
      kind: 'Service',
      name: parts[0] as string,
      namespace: parts[1],
      weight: integerAt(route, 'weight'),
      label: host,
      text: `${host}:${String(at(destination, 'port', 'number') ?? '')}:${stringAt(destination, 'subset') ?? ''}`,
    },
  ];
}

/** The engines whose Pods answer at a target; none where the target is not in the repository. */
export function enginesBehind(repository: Repository, from: Deployed, target: RouteTarget): readonly Engine[] {
  const ids =
    target.kind === 'Service'
      ? [`/Service/${target.name}`]
      : ['inference.networking.k8s.io', 'inference.networking.x-k8s.io'].map(
          (group) => `${group}/InferencePool/${target.name}`,
        );
  return ids
    .flatMap((id) => repository.byName.get(id) ?? [])
    .filter((each) =>
      target.namespace === undefined
        ? together(from, each)
        : each.namespace === undefined || each.namespace === target.namespace,
    )
    .flatMap((each) => enginesSelected(repository, each));
}

/** The engines whose Pods a Service or an InferencePool selects. */
export function enginesSelected(repository: Repository, place: Deployed): readonly Engine[] {
  const selector = at(place.object.value, 'spec', 'selector');
  if (!isObject(selector) || Object.keys(selector).length === 0) return [];
  const wanted = isObject(selector['matchLabels']) ? selector : { matchLabels: selector };
  return serversSelected(repository, wanted).filter((engine) => together(engine.place, place));
}

/** The port that an engine listens on; undefined where it is not known. */
export function portOf({ facts }: Engine): number | undefined {
  const flag = facts.flags.get('port');
  if (flag === undefined) return facts.configFile ? undefined : 8000;
  return flag.value !== undefined && /^\d{1,5}$/.test(flag.value) ? Number(flag.value) : undefined;
}

/**
 * The name under which an engine serves its model: that of `--served-model-name`, else the model itself. Undefined where there
 * may be more: several names, adapters, a file of settings, a value from elsewhere.
 */
export function servedNames({ facts, container }: Engine): readonly string[] | undefined {
  const flag = facts.flags.get('served-model-name');
  if (facts.configFile || facts.flags.has('lora-modules') || facts.flags.has('enable-lora')) return undefined;
  if (flag === undefined) return facts.model === undefined ? undefined : [facts.model];
  const words = listAt(container.value, flag.source.list).map(String);
  const [own, next] = [words[flag.source.index] ?? '', words[flag.source.index + 1]];
  const many = /\s/.test(own)
    ? /served-model-name[= ]+\S+\s+[^-\s\\]/.test(own)
    : next !== undefined && !next.startsWith('-');
  return flag.value === undefined || many ? undefined : [flag.value];
}

/** Seconds of `30s`, `5m`, `1h30m`, `500ms`; undefined for anything else. */
export function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text)) return undefined;
  const unit: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, n, u]) => sum + Number(n) * (unit[u ?? 's'] ?? 1),
    0,
  );
}

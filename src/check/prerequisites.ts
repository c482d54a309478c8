import { at, objectAt, stringAt } from '../capacity/read.js';
import type { Deployed } from '../repository/model.js';
import { podReferences, podTemplates } from '../repository/pods.js';
import { targetOf } from './scalers.js';

/** An object that another one cannot work without. */
export interface Need {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** '' for kinds of the whole cluster. */
  readonly namespace: string;
  /** Where it is asked for. */
  readonly pointer: string;
  /** `blocks`: what asks never becomes healthy without it; `fails`: it reports an error until the other one is there. */
  readonly effect: 'blocks' | 'fails';
}

/** The key under which `providedBy` and `needKey` meet. */
export function needKey({ group, kind, namespace, name }: Omit<Need, 'pointer' | 'effect'>): string {
  return [group, kind, namespace, name].join('\n');
}

/** What an object needs in its own cluster, apart from its namespace and the definition of its kind. */
export function needsOf(place: Deployed): Need[] {
  const { object } = place;
  const namespace = place.namespace ?? '';
  const pods = podTemplates(object).flatMap((template) =>
    podReferences(template).map(
      ({ kind, name, pointer }): Need => ({ group: '', kind, name, namespace, pointer, effect: 'blocks' }),
    ),
  );
  const target = targetOf(object);
  const scaled: Need[] = target === undefined ? [] : [{ ...target, namespace, effect: 'fails' }];
  return [...pods, ...queues(place, namespace), ...secretStores(place, namespace), ...scaled];
}

const kueue = 'kueue.x-k8s.io';
const queueLabel = 'kueue.x-k8s.io/queue-name';

/** Kueue admits nothing while the LocalQueue of the label, or the ClusterQueue behind that, is not there. */
function queues({ object }: Deployed, namespace: string): Need[] {
  if (object.group === kueue && object.kind === 'LocalQueue') {
    const name = stringAt(object.value, 'spec', 'clusterQueue');
    if (name === undefined) return [];
    return [
      { group: kueue, kind: 'ClusterQueue', name, namespace: '', pointer: '/spec/clusterQueue', effect: 'fails' },
    ];
  }
  const name = stringAt(object.value, 'metadata', 'labels', queueLabel);
  if (name === undefined) return [];
  const pointer = `/metadata/labels/${queueLabel.replace('/', '~1')}`;
  return [{ group: kueue, kind: 'LocalQueue', name, namespace, pointer, effect: 'blocks' }];
}

/** An ExternalSecret without its store has the status SecretSyncedError, which Argo CD's health calls Degraded. */
function secretStores({ object }: Deployed, namespace: string): Need[] {
  if (object.group !== 'external-secrets.io' || object.kind !== 'ExternalSecret') return [];
  const reference = objectAt(object.value, 'spec', 'secretStoreRef');
  const name = stringAt(reference, 'name');
  if (name === undefined) return [];
  const kind = stringAt(reference, 'kind') ?? 'SecretStore';
  const where = kind === 'ClusterSecretStore' ? '' : namespace;
  return [{ group: object.group, kind, name, namespace: where, pointer: '/spec/secretStoreRef/name', effect: 'fails' }];
}

/** The keys of what an object brings: itself, and the Secret that a controller makes from it. */
export function providedBy(place: Deployed): string[] {
  const { object } = place;
  const namespace = place.namespace ?? '';
  const own = needKey({ group: object.group, kind: object.kind, namespace, name: object.name });
  const secret = secretOf(place);
  return secret === undefined ? [own] : [own, needKey({ group: '', kind: 'Secret', namespace, name: secret })];
}

function secretOf({ object }: Deployed): string | undefined {
  if (object.group === 'external-secrets.io' && object.kind === 'ExternalSecret') {
    return stringAt(object.value, 'spec', 'target', 'name') ?? object.name;
  }
  if (object.group === 'bitnami.com' && object.kind === 'SealedSecret') {
    return stringAt(object.value, 'spec', 'template', 'metadata', 'name') ?? object.name;
  }
  return undefined;
}

/** The group and kind that a CustomResourceDefinition defines. */
export function definedBy({ object }: Deployed): string | undefined {
  if (object.kind !== 'CustomResourceDefinition') return undefined;
  const group = stringAt(object.value, 'spec', 'group');
  const kind = at(object.value, 'spec', 'names', 'kind');
  return group === undefined || typeof kind !== 'string' ? undefined : `${group}/${kind}`;
}

import { amountOf } from '../capacity/quantity.js';
import { at, objectAt, stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { ObjectDifference } from './rendered-diff.js';

/** Something that going back to an earlier release does not bring back, or does not undo. */
export interface Irreversible {
  /** `PersistentVolumeClaim ns/name`. */
  readonly object: string;
  readonly why: string;
  /** `fails`: the API server refuses the change, and with it the sync. `lost`: data goes. `stays`: it is left as it is. */
  readonly effect: 'fails' | 'lost' | 'stays';
}

/** What of a difference Git alone cannot undo: volumes, definitions of kinds, and fields that the API server never changes. */
export function irreversibleChanges(objects: readonly ObjectDifference[]): readonly Irreversible[] {
  return objects.flatMap((one) => {
    const found = ofKind[`${one.key.group}/${one.key.kind}`]?.(one) ?? [];
    const { namespace, kind, name } = one.key;
    return found.map((each) => ({ object: `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`, ...each }));
  });
}

type Reader = (one: ObjectDifference) => readonly Omit<Irreversible, 'object'>[];

/** A field that may change, by its pointer; everything else below `root` may not. */
function frozen(root: string, mutable: readonly string[], words: string): Reader {
  return (one) => {
    if (one.change !== 'changed') return [];
    const held = one.fields.filter(
      ({ pointer }) =>
        (pointer === root || pointer.startsWith(`${root}/`)) &&
        !mutable.some((free) => pointer === `${root}/${free}` || pointer.startsWith(`${root}/${free}/`)),
    );
    const [first] = held;
    return first === undefined
      ? []
      : [{ effect: 'fails', why: `${first.path} ${words}, so the object has to be deleted first` }];
  };
}

/** Kinds of which the API server refuses some changes (validation of Kubernetes 1.30 and later). */
const ofKind: Readonly<Record<string, Reader>> = {
  '/PersistentVolumeClaim': claim,
  'apiextensions.k8s.io/CustomResourceDefinition': definition,
  '/Namespace': (one) =>
    one.change === 'removed' ? [{ effect: 'lost', why: 'everything in it goes with the Namespace' }] : [],
  'apps/Deployment': frozen('/spec/selector', [], 'never changes'),
  'apps/DaemonSet': frozen('/spec/selector', [], 'never changes'),
  'apps/StatefulSet': frozen(
    '/spec',
    [
      ...['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit'],
      ...['persistentVolumeClaimRetentionPolicy', 'minReadySeconds'],
    ],
    'never changes',
  ),
  'batch/Job': (one) => (isHook(one) ? [] : frozen('/spec/template', [], 'never changes')(one)),
  'rbac.authorization.k8s.io/RoleBinding': frozen('/roleRef', [], 'never changes'),
  'rbac.authorization.k8s.io/ClusterRoleBinding': frozen('/roleRef', [], 'never changes'),
};

/** Of a claim only the requested size changes, and only upwards; what is on the volume is no part of Git. */
function claim(one: ObjectDifference): readonly Omit<Irreversible, 'object'>[] {
  if (one.change === 'added')
    return [{ effect: 'lost', why: 'comes back empty: what was on the volume before went with the claim' }];
  if (one.change === 'removed') {
    return stays(one)
      ? [
          {
            effect: 'stays',
            why: 'is not pruned (Prune=false): the claim and its volume stay until somebody deletes them',
          },
        ]
      : [{ effect: 'lost', why: 'Argo CD prunes the claim, and the volume goes by its reclaim policy' }];
  }
  const size = one.fields.some(({ pointer }) => pointer.startsWith('/spec/resources/requests/storage'));
  const rest = frozen('/spec', ['resources', 'volumeAttributesClassName'], 'of a claim never changes')(one);
  return size && shrinks(one) ? [...rest, { effect: 'fails', why: 'a claim never gets smaller' }] : rest;
}

function shrinks(one: ObjectDifference): boolean {
  const size = (value: JsonObject | undefined) =>
    amountOf('storage', at(objectAt(value, 'spec', 'resources', 'requests'), 'storage'));
  const [before, after] = [size(one.before?.value), size(one.after?.value)];
  return before !== undefined && after !== undefined && after < before;
}

function definition(one: ObjectDifference): readonly Omit<Irreversible, 'object'>[] {
  if (one.change === 'removed')
    return stays(one)
      ? [{ effect: 'stays', why: 'is not pruned (Prune=false): the definition stays as the newer release left it' }]
      : [{ effect: 'lost', why: 'every object of its kind goes with the definition' }];
  if (one.change === 'added') return [];
  const versions = one.fields.some(({ pointer }) => pointer.startsWith('/spec/versions'));
  return versions
    ? [
        {
          effect: 'fails',
          why: 'objects that are stored in a version, or with fields, that the earlier one does not have',
        },
      ]
    : [];
}

function stays(one: ObjectDifference): boolean {
  const options = stringAt(one.before?.value, 'metadata', 'annotations', 'argocd.argoproj.io/sync-options') ?? '';
  return options.split(',').some((each) => each.trim() === 'Prune=false');
}

function isHook(one: ObjectDifference): boolean {
  const annotations = objectAt(one.after?.value, 'metadata', 'annotations');
  return ['argocd.argoproj.io/hook', 'helm.sh/hook'].some((name) => annotations[name] !== undefined);
}

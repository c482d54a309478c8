import { describe, expect, it } from 'vitest';
import type { Resource } from '../build/resource.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { irreversibleChanges } from './irreversible.js';
import { renderedDifference } from './rendered-diff.js';

function resource(value: JsonObject): Resource {
  const place = { file: 'a.yaml', document: 0, pointer: '', via: 'resource' };
  return { value, origin: place, changedBy: [], sourceOf: () => place };
}

const object = (apiVersion: string, kind: string, spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace: 'ns', annotations },
  spec,
});
const claim = (spec: JsonObject, annotations: JsonObject = {}) =>
  object('v1', 'PersistentVolumeClaim', spec, annotations);
const size = (storage: string): JsonObject => ({
  accessModes: ['ReadWriteMany'],
  resources: { requests: { storage } },
});
const crd = (versions: string[], annotations: JsonObject = {}) =>
  object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    { versions: versions.map((name) => ({ name })) },
    annotations,
  );
const kept = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };
const workload = (kind: string, spec: JsonObject) => object('apps/v1', kind, spec);
const template = (image: string): JsonObject => ({ template: { spec: { containers: [{ name: 'c', image }] } } });

describe('what going back cannot undo', () => {
  it.each<[string, JsonObject | undefined, JsonObject | undefined, string[]]>([
    ['a claim that only the newer release has is pruned', claim(size('1Gi')), undefined, ['lost']],
    ['unless it is kept', claim(size('1Gi'), kept), undefined, ['stays']],
    ['a claim that only the earlier release has comes back empty', undefined, claim(size('1Gi')), ['lost']],
    ['a claim never shrinks', claim(size('2Gi')), claim(size('1Gi')), ['fails']],
    ['but it grows', claim(size('1Gi')), claim(size('2Gi')), []],
    ['and figures in other units are compared', claim(size('1024Mi')), claim(size('1Gi')), []],
    [
      'its class never changes',
      claim({ ...size('1Gi'), storageClassName: 'a' }),
      claim({ ...size('1Gi'), storageClassName: 'b' }),
      ['fails'],
    ],
    ['objects go with their definition', crd(['v1']), undefined, ['lost']],
    ['unless it is kept', crd(['v1'], kept), undefined, ['stays']],
    ['stored versions may be unknown to the earlier definition', crd(['v1', 'v2']), crd(['v1']), ['fails']],
    [
      'a selector never changes',
      workload('Deployment', { selector: { matchLabels: { a: '1' } } }),
      workload('Deployment', { selector: { matchLabels: { a: '2' } } }),
      ['fails'],
    ],
    ['a template does', workload('Deployment', template('a:1')), workload('Deployment', template('a:2')), []],
    [
      'of a StatefulSet little does',
      workload('StatefulSet', { serviceName: 'a' }),
      workload('StatefulSet', { serviceName: 'b' }),
      ['fails'],
    ],
    ['its replicas do', workload('StatefulSet', { replicas: 1 }), workload('StatefulSet', { replicas: 2 }), []],
    [
      'the template of a Job never changes',
      object('batch/v1', 'Job', template('a:1')),
      object('batch/v1', 'Job', template('a:2')),
      ['fails'],
    ],
    [
      'a hook is made anew',
      object('batch/v1', 'Job', template('a:1'), { 'argocd.argoproj.io/hook': 'PostSync' }),
      object('batch/v1', 'Job', template('a:2'), { 'argocd.argoproj.io/hook': 'PostSync' }),
      [],
    ],
  ])('%s', (_, now, then, effects) => {
    const { objects } = renderedDifference(
      now === undefined ? [] : [resource(now)],
      then === undefined ? [] : [resource(then)],
    );
    expect(objects.length).toBeGreaterThan(effects.length === 0 ? -1 : 0);
    expect(irreversibleChanges(objects).map(({ effect }) => effect)).toEqual(effects);
  });
});

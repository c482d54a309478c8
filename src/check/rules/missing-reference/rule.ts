import { listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import { clustersMeant } from '../../../repository/inventory.js';
import type { Deployed } from '../../../repository/model.js';
import { type PodReference, podReferences, podTemplates } from '../../../repository/pods.js';
import { annotation } from '../../../repository/waves.js';
import { madeElsewhere, namespacesOfMade } from '../../made-elsewhere.js';
import { found, isAside, isOpen, mentionedByCustom, namedAfterCustom, together } from '../../neighbourhood.js';
import { type Finding, named, onField, type Rule } from '../../rule.js';

export const missingReference: Rule = {
  id: 'missing-reference',
  group: 'references',
  severity: 'error',
  summary:
    'Pods need a ServiceAccount, ConfigMap, Secret or volume claim that the repository neither holds nor declares external.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      provided: {
        description: 'Names that every namespace of the clusters has without this repository, as Kind/name.',
        type: 'array',
        items: { type: 'string' },
        default: [
          'ServiceAccount/default',
          'ConfigMap/kube-root-ca.crt',
          'ConfigMap/openshift-service-ca.crt',
          'ConfigMap/istio-ca-root-cert',
        ],
      },
    },
  },
  check({ repository, parameters }, onFinding) {
    const provided = new Set(listAt(parameters(), 'provided'));
    for (const place of repository.deployed) {
      for (const template of podTemplates(place.object)) {
        const said = new Set<string>();
        for (const reference of podReferences(template)) {
          // A Secret that five variables read is missing once.
          const id = `${reference.kind}/${reference.name}`;
          if (said.has(id)) continue;
          said.add(id);
          if (provided.has(id)) continue;
          const finding = judge(repository, place, reference);
          if (finding !== undefined) {
            const { application, namespace } = place;
            onFinding(onField(place.object, reference.pointer, { ...finding, application, namespace }));
          }
        }
      }
    }
  },
};

function judge(
  repository: Repository,
  from: Deployed,
  reference: PodReference,
): Omit<Finding, 'at' | 'object'> | undefined {
  const { kind, name } = reference;
  if (/[{}$<>]/.test(name) || isOfCluster(from, reference)) return undefined;
  if (found(repository, from, `/${kind}/${name}`).length > 0) return undefined;
  if (isAside(repository, from, `/${kind}/${name}`)) return undefined;
  if (isDeclaredExternal(repository, from, reference)) return undefined;
  if (mentionedByCustom(repository, from, name) || namedAfterCustom(repository, from, name)) return undefined;
  if (isServingCertificate(repository, from, reference)) return undefined;
  if (kind === 'PersistentVolumeClaim' && isClaimOfStatefulSet(repository, from, name)) return undefined;
  if (isOpen(repository, from) || madeElsewhere(repository, kind, name, from.namespace)) return undefined;
  if (isCopiedHere(repository, from, reference)) return undefined;
  const elsewhere = repository.byName.get(`/${kind}/${name}`) ?? [];
  const where = from.namespace === undefined ? '' : ` in namespace ${from.namespace}`;
  const there = elsewhere[0]?.namespace ?? namespacesOfMade(repository, kind, name)[0];
  return {
    severity: severityOf(repository, from, kind),
    message: `${named(from.object)} needs ${kind} ${name}${where}, which nothing in this repository makes: its Pods will not start.${there === undefined ? '' : ` There is one in namespace ${there}, and Pods see only their own namespace.`}`,
    hint:
      kind === 'Secret'
        ? 'Add what makes it (an ExternalSecret or SealedSecret), or declare it in cluster-config.yaml under spec.externalSecrets.'
        : `Add the ${kind}, correct the name, or set optional where Kubernetes has it.`,
    key: `${kind} ${name}`,
  };
}

/**
 * Secrets are often made by hand and never in Git: without an inventory that could declare them, nobody can say that one
 * is missing. The other kinds are an error where an Application deploys the Pods and all beside them is known.
 */
function severityOf(repository: Repository, from: Deployed, kind: PodReference['kind']): 'error' | 'warning' {
  if (kind === 'Secret') return repository.inventory.length > 0 ? 'error' : 'warning';
  return from.application === undefined ? 'warning' : 'error';
}

/** `externalSecrets` of the cluster's inventory; of any cluster where it is not known which one is meant. */
function isDeclaredExternal(repository: Repository, from: Deployed, { kind, name }: PodReference): boolean {
  if (kind !== 'Secret') return false;
  return clustersMeant(repository.inventory, repository.clusters, from.cluster).some(({ config }) =>
    (config.value.spec.externalSecrets ?? []).some(
      (secret) =>
        secret.name === name &&
        (secret.namespaces === undefined || from.namespace === undefined || secret.namespaces.includes(from.namespace)),
    ),
  );
}

/** The Secret that OpenShift makes for the certificate of a Service (service CA operator, its annotation in both of its names). */
function isServingCertificate(repository: Repository, from: Deployed, { kind, name }: PodReference): boolean {
  if (kind !== 'Secret') return false;
  return (repository.byKind.get('/Service') ?? []).some(
    (each) =>
      together(from, each) &&
      ['beta', 'alpha'].some(
        (stage) => annotation(each.object.value, `service.${stage}.openshift.io/serving-cert-secret-name`) === name,
      ),
  );
}

/** `<template>-<StatefulSet>-<ordinal>`: claims that a StatefulSet of the repository makes. */
function isClaimOfStatefulSet(repository: Repository, from: Deployed, name: string): boolean {
  return (repository.byKind.get('apps/StatefulSet') ?? [])
    .filter((each) => together(from, each))
    .some(({ object }) =>
      objectsAt(object.value, 'spec', 'volumeClaimTemplates').some((claim) =>
        name.startsWith(`${stringAt(claim, 'metadata', 'name') ?? ''}-${object.name}-`),
      ),
    );
}

/** Whether a controller (Reflector, Kubernetes Replicator, kubed) copies an object of this name from another namespace to the Pods'. */
function isCopiedHere(repository: Repository, from: Deployed, { kind, name }: PodReference): boolean {
  const sources = (repository.byName.get(`/${kind}/${name}`) ?? []).map((place) => ({
    place,
    annotations: objectAt(place.object.value, 'metadata', 'annotations'),
  }));
  const secrets = kind === 'Secret' ? madeSecrets(repository, name) : [];
  return [...sources, ...secrets].some(
    ({ place, annotations }) =>
      (place.cluster === '' || from.cluster === '' || place.cluster === from.cluster) &&
      reaches(annotations, from.namespace),
  );
}

/** Secrets of this name that another object makes, with the annotations that it gives them. */
function madeSecrets(repository: Repository, name: string): { place: Deployed; annotations: JsonObject }[] {
  const made = (kind: string, nameAt: readonly string[], annotationsAt: readonly string[]) =>
    (repository.byKind.get(kind) ?? [])
      .filter(({ object }) => (stringAt(object.value, ...nameAt) ?? object.name) === name)
      .map((place) => ({ place, annotations: objectAt(place.object.value, ...annotationsAt) }));
  return [
    ...made('bitnami.com/SealedSecret', ['metadata', 'name'], ['spec', 'template', 'metadata', 'annotations']),
    ...made(
      'external-secrets.io/ExternalSecret',
      ['spec', 'target', 'name'],
      ['spec', 'target', 'template', 'metadata', 'annotations'],
    ),
    ...made('cert-manager.io/Certificate', ['spec', 'secretName'], ['spec', 'secretTemplate', 'annotations']),
  ];
}

/**
 * Whether annotations have their object copied into a namespace. Reflector and Replicator take names and regular expressions, with
 * commas between them (their READMEs); an expression counts as a match, and so does what is not known here.
 */
function reaches(annotations: JsonObject, namespace: string | undefined): boolean {
  const reflector = 'reflector.v1.k8s.emberstack.com';
  const list =
    stringAt(annotations, `${reflector}/reflection-auto-namespaces`) ??
    stringAt(annotations, `${reflector}/reflection-allowed-namespaces`) ??
    stringAt(annotations, 'replicator.v1.mittwald.de/replicate-to');
  if (list === undefined || list.trim() === '' || namespace === undefined) return isCopied(annotations);
  return list.split(',').some((each) => each.trim() === namespace || !/^[a-z0-9-]*$/.test(each.trim()));
}

function isCopied(annotations: JsonObject): boolean {
  return Object.keys(annotations).some(
    (name) => /reflector|replicat|kubed|sync/.test(name) && !name.startsWith('argocd.argoproj.io'),
  );
}

/** What comes with the cluster or with Argo CD itself, by whoever installed them. */
function isOfCluster(from: Deployed, { kind, name }: PodReference): boolean {
  return from.namespace === 'kube-system' || (kind === 'ServiceAccount' && argocdAccount.test(name));
}

/** Service accounts of Argo CD's manifests, charts and operator, the latter two with the instance's name before them. */
const argocdAccount =
  /^([a-z0-9-]+-)?argocd-(application-controller|applicationset-controller|dex-server|notifications-controller|redis(-ha)?|repo-server|server)$/;

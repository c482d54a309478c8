import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import { clustersMeant } from '../../../repository/inventory.js';
import type { Deployed } from '../../../repository/model.js';
import { type PodReference, podReferences, podTemplates } from '../../../repository/pods.js';
import { annotation } from '../../../repository/waves.js';
import { found, isOpen, mentionedByCustom, namedAfterCustom, together } from '../../neighbourhood.js';
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
  if (isDeclaredExternal(repository, from, reference)) return undefined;
  if (mentionedByCustom(repository, from, name) || namedAfterCustom(repository, from, name)) return undefined;
  if (isServingCertificate(repository, from, reference)) return undefined;
  if (kind === 'PersistentVolumeClaim' && isClaimOfStatefulSet(repository, from, name)) return undefined;
  if (isOpen(repository, from)) return undefined;
  const elsewhere = (repository.byName.get(`/${kind}/${name}`) ?? []).filter((each) => !isReflected(each));
  if (elsewhere.length === 0 && (repository.byName.get(`/${kind}/${name}`) ?? []).length > 0) return undefined;
  const where = from.namespace === undefined ? '' : ` in namespace ${from.namespace}`;
  const there = elsewhere[0];
  return {
    severity: severityOf(repository, from, kind),
    message: `${named(from.object)} needs ${kind} ${name}${where}, which nothing in this repository makes: its Pods will not start.${there === undefined ? '' : ` There is one in namespace ${there.namespace}, and Pods see only their own namespace.`}`,
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

/** Copied into other namespaces by a controller (reflector, replicator, kubed). */
function isReflected({ object }: Deployed): boolean {
  const annotations = object.value['metadata'];
  const names = Object.keys((annotations as { annotations?: object } | undefined)?.annotations ?? {});
  return names.some((name) => /reflector|replicat|kubed|sync/.test(name) && !name.startsWith('argocd.argoproj.io'));
}

/** What comes with the cluster or with Argo CD itself, by whoever installed them. */
function isOfCluster(from: Deployed, { kind, name }: PodReference): boolean {
  return from.namespace === 'kube-system' || (kind === 'ServiceAccount' && argocdAccount.test(name));
}

/** Service accounts of Argo CD's manifests, charts and operator, the latter two with the instance's name before them. */
const argocdAccount =
  /^([a-z0-9-]+-)?argocd-(application-controller|applicationset-controller|dex-server|notifications-controller|redis(-ha)?|repo-server|server)$/;

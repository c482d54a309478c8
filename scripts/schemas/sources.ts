import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OwnFacts } from './between.js';

/** One npm package of which a minor of Kubernetes is read. */
export interface CoreSource {
  readonly minor: string;
  /** The official client whose generated models are read. */
  readonly client?: string;
  /** Where no client exists: the two neighbours, and a package whose types decide field by field between them. */
  readonly between?: {
    readonly before: string;
    readonly after: string;
    readonly types: string;
    readonly own?: OwnFacts;
  };
}

/**
 * `@kubernetes/client-node` writes the OpenAPI version it was generated from in the head of its models: 2.0.0 and 2.0.1
 * both say 1.36, so no version holds 1.35, and none holds 1.31. For these two the types of `@pulumi/kubernetes` say
 * which fields of the neighbours exist. They keep removed APIs, so `own` names what the minor itself removed and
 * what only it had, found by comparing with the OpenAPI descriptions of Kubernetes 1.31 and 1.35.
 */
export const coreSources: readonly CoreSource[] = [
  { minor: '1.29', client: '@kubernetes/client-node@0.21.0' },
  { minor: '1.30', client: '@kubernetes/client-node@0.22.3' },
  {
    minor: '1.31',
    between: {
      before: '1.30',
      after: '1.32',
      types: '@pulumi/kubernetes@4.18.1',
      own: {
        gone: /^resource\.k8s\.io\/v1alpha2\//,
        only: [
          'V1ResourceAttributes.fieldSelector',
          'V1ResourceAttributes.labelSelector',
          'V1alpha3DeviceClassSpec.suitableNodes',
          'V1alpha3ResourceClaimSpec.controller',
        ],
        without: ['V1PodResourceClaim.source'],
        kinds: [
          'coordination.k8s.io/v1alpha1/LeaseCandidate leasecandidates Namespaced',
          'resource.k8s.io/v1alpha3/PodSchedulingContext podschedulingcontexts Namespaced',
          'resource.k8s.io/v1alpha3/ResourceSlice resourceslices Cluster',
        ],
      },
    },
  },
  { minor: '1.32', client: '@kubernetes/client-node@1.1.2' },
  { minor: '1.33', client: '@kubernetes/client-node@1.3.0' },
  { minor: '1.34', client: '@kubernetes/client-node@1.4.0' },
  {
    minor: '1.35',
    between: {
      before: '1.34',
      after: '1.36',
      types: '@pulumi/kubernetes@4.28.0',
      own: {
        only: ['V1PodSpec.workloadRef'],
        kinds: ['scheduling.k8s.io/v1alpha1/Workload workloads Namespaced'],
      },
    },
  },
  { minor: '1.36', client: '@kubernetes/client-node@2.0.1' },
];

/** Tells Quantity apart from string, which the client's models do not. */
export const quantitySource = 'cdk8s-plus-34@2.0.54';

/** One npm package of custom resources. */
export interface CrdSource {
  /** File name under `schemas/crds/`, without its extension. */
  readonly name: string;
  readonly package: string;
  /** The release of the project that the package was generated from (its `go.mod`, or the address of its CRDs). */
  readonly standsFor: string;
  /** The newest package is far behind the releases in use: what it does not know is a warning. */
  readonly behind?: boolean;
  /** Groups that are not taken: internal to a controller, or long gone. */
  readonly skipGroups?: readonly string[];
}

/** The releases were read from the `go.mod` files of github.com/tommy351/kubernetes-models-ts (May 2026). */
export const crdSources: readonly CrdSource[] = [
  { name: 'argo-cd', package: '@kubernetes-models/argo-cd@4.0.0', standsFor: 'Argo CD 3.3.9' },
  { name: 'argo-rollouts', package: '@kubernetes-models/argo-rollouts@2.0.0', standsFor: 'Argo Rollouts 1.9.0' },
  { name: 'argo-workflows', package: '@kubernetes-models/argo-workflows@2.0.0', standsFor: 'Argo Workflows 4.0.5' },
  {
    name: 'istio',
    package: '@kubernetes-models/istio@3.0.1',
    standsFor: 'Istio 1.29.2',
    skipGroups: ['install.istio.io'],
  },
  { name: 'keda', package: '@kubernetes-models/keda@2.0.0', standsFor: 'KEDA 2.19.0' },
  { name: 'gateway-api', package: '@kubernetes-models/gateway-api@2.0.0', standsFor: 'Gateway API 1.5.1' },
  {
    name: 'prometheus-operator',
    package: '@kubernetes-models/prometheus-operator@6.0.0',
    standsFor: 'Prometheus Operator 0.91.0',
  },
  {
    name: 'external-secrets',
    package: '@kubernetes-models/external-secrets@2.0.0',
    standsFor: 'External Secrets 0.16.2',
    behind: true,
  },
  { name: 'cert-manager', package: '@kubernetes-models/cert-manager@6.0.0', standsFor: 'cert-manager 1.20.2' },
  {
    name: 'knative',
    package: '@kubernetes-models/knative@4.0.0',
    standsFor: 'Knative Serving and Eventing 0.49.0',
    skipGroups: ['autoscaling.internal.knative.dev', 'networking.internal.knative.dev', 'caching.internal.knative.dev'],
  },
  { name: 'karpenter', package: '@kubernetes-models/karpenter@2.0.0', standsFor: 'Karpenter 1.12' },
];

/** Needed to resolve what the packages of custom resources refer to. */
export const apimachinerySource = '@kubernetes-models/apimachinery@3.0.2';

/** Fetches a package by exact version into `folder` with the user's own npm, and gives the path of its contents. */
export function fetchPackage(folder: string, spec: string): string {
  const target = join(folder, spec.replaceAll(/[@/]/g, '_'));
  mkdirSync(target, { recursive: true });
  const out = execFileSync('npm', ['pack', spec, '--json', '--ignore-scripts', '--pack-destination', target], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(out) as { filename: string; version: string }[];
  if (packed === undefined) throw new Error(`npm pack ${spec} gave nothing`);
  const file = packed.filename.replace(/^@/, '').replaceAll('/', '-');
  execFileSync('tar', ['xzf', join(target, file), '-C', target, '--strip-components=1', '--no-same-owner']);
  const { version } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as { version: string };
  if (!spec.endsWith(`@${version}`)) throw new Error(`${spec} unpacked as ${version}`);
  return target;
}

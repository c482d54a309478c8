import type { Universe, Value } from './universe.js';

/**
 * Names of objects in maps of strings, which no API description lists: Kubernetes, "Storage Classes"
 * (https://kubernetes.io/docs/concepts/storage/storage-classes/), and the annotations of Ingress NGINX
 * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/) with the prefix that it had at first.
 */
const parameters: Readonly<Record<string, readonly string[]>> = {
  StorageClass: [
    'adminSecretName',
    'adminSecretNamespace',
    'clusterID',
    'csi.storage.k8s.io/provisioner-secret-name',
    'csi.storage.k8s.io/node-stage-secret-name',
    'csi.storage.k8s.io/node-publish-secret-name',
    'csi.storage.k8s.io/controller-expand-secret-name',
    'secretName',
    'secretNamespace',
    'secretRef',
    'userSecretName',
    'userSecretNamespace',
  ],
};

const annotations: Readonly<Record<string, readonly string[]>> = {
  Ingress: ['nginx.ingress.kubernetes.io', 'ingress.kubernetes.io'].flatMap((prefix) =>
    ['auth-secret', 'auth-tls-secret', 'auth-proxy-set-headers', 'fastcgi-params-configmap', 'proxy-ssl-secret'].map(
      (name) => `${prefix}/${name}`,
    ),
  ),
};

/** The documented names for a definition, each holding the text; empty for most. */
export function documentedFields(definition: string, text: string): { [key: string]: Value } {
  const kind = definition.split('.').at(-1) ?? '';
  const filled = (names: readonly string[] | undefined) =>
    names === undefined ? undefined : Object.fromEntries(names.map((name) => [name, text]));
  const own = filled(parameters[kind]);
  const metadata = filled(annotations[kind]);
  return {
    ...(own === undefined ? {} : { parameters: own }),
    ...(metadata === undefined ? {} : { metadata: { annotations: metadata } }),
  };
}

/** Kinds that are not of Kubernetes and hold Pod templates as their documentation says (https://knative.dev/docs/serving/). */
export function withDocumentedKinds(universe: Universe): Universe {
  const template = [...universe.definitions.keys()].filter((name) => name.endsWith('.core.v1.PodTemplateSpec')).at(-1);
  const definition = 'dev.knative.serving.v1.Service';
  const definitions = new Map(universe.definitions);
  definitions.set(definition, {
    properties: { spec: { properties: { template: { $ref: `#/definitions/${template}` } } } },
  });
  const kinds = new Map(universe.kinds);
  kinds.set('serving.knative.dev/v1/Service', {
    gvk: { group: 'serving.knative.dev', version: 'v1', kind: 'Service' },
    definition,
  });
  return { ...universe, definitions, kinds };
}

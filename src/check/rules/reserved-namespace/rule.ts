import { listAt } from '../../../capacity/read.js';
import { slug } from '../../../spec/names.js';
import type { Rule } from '../../rule.js';

/** Namespaces that belong to Kubernetes itself. */
const ofKubernetes = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

export const reservedNamespace: Rule = {
  id: 'reserved-namespace',
  group: 'security',
  severity: 'error',
  summary: 'A model is put into a namespace that belongs to Kubernetes or to Argo CD.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      allowed: {
        description: 'Reserved namespaces that models may use all the same.',
        type: 'array',
        items: { type: 'string' },
        default: [],
      },
    },
  },
  check({ repository: { specs }, parameters }, onFinding) {
    const instances = specs?.project?.value.spec.argocd?.instances ?? [{ namespace: 'argocd' }];
    const reserved = new Set([...ofKubernetes, ...instances.map(({ namespace = 'argocd' }) => namespace)]);
    for (const family of specs?.families ?? []) {
      for (const [index, model] of family.value.spec.models.entries()) {
        const places: [pointer: string, namespace: string | undefined, environment: string][] = [
          ['/namespace', model.namespace, ''],
          ...Object.entries(model.environments ?? {}).map(
            ([environment, override]): [string, string | undefined, string] => [
              `/environments/${environment}/namespace`,
              override.namespace,
              environment,
            ],
          ),
        ];
        for (const [pointer, namespace, environment] of places) {
          if (namespace === undefined || !reserved.has(namespace)) continue;
          if (listAt(parameters(environment), 'allowed').includes(namespace)) continue;
          onFinding({
            message: `Model ${model.name} goes into ${namespace}, which ${ofKubernetes.includes(namespace) ? 'is a namespace of Kubernetes' : 'holds Argo CD'}: whoever may deploy the model may change what lives there.`,
            hint: `Leave namespace out (it becomes ${slug(family.value.metadata.name)}-<environment>), name one of your own, or allow it in policies/.`,
            at: family.place(`/spec/models/${index}${pointer}`),
            ...(environment === '' ? {} : { environment }),
            key: `${model.name} ${namespace}`,
          });
        }
      }
    }
  },
};

import { at, isObject, listAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const namespaceMetadataWithoutCreate: Rule = {
  id: 'namespace-metadata-without-create',
  group: 'argocd',
  severity: 'warning',
  summary: 'The field managedNamespaceMetadata is set, and nothing applies it.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object } of repository.applications) {
      if (!isObject(at(object.value, 'spec', 'syncPolicy', 'managedNamespaceMetadata'))) continue;
      if (listAt(object.value, 'spec', 'syncPolicy', 'syncOptions').includes('CreateNamespace=true')) continue;
      onFinding(
        onField(object, '/spec/syncPolicy/managedNamespaceMetadata', {
          part: 'key',
          message:
            'managedNamespaceMetadata does nothing without the sync option CreateNamespace=true: labels for Pod Security or Kueue are not set.',
          hint: 'Add CreateNamespace=true, or deploy the Namespace with its labels.',
        }),
      );
    }
  },
};

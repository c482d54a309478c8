import { yamlRules } from '../yaml/rules.js';
import { noParameters, type Rule, type RuleGroup } from './rule.js';

/**
 * Rules whose findings come up while files are read, kustomizations are built and objects are held against schemas.
 * They have no folder: one sentence says what each is about, and the finding itself says what to do.
 */
const sentences: readonly (readonly [RuleGroup, Readonly<Record<string, string>>])[] = [
  ['files', yamlRules],
  [
    'files',
    {
      'nothing-checked': 'Nothing that can be judged was found.',
      'policy-invalid': 'A policy names a rule or a parameter that does not exist, or a value the rule refuses.',
    },
  ],
  [
    'kustomize',
    {
      'kustomize-ambiguous-reference':
        'A name in a reference can mean several objects, and Kustomize refuses to choose.',
      'kustomize-budget': 'A build takes more steps than any real one.',
      'kustomize-conflicting-field-specs': 'Two field specifications of a transformer contradict each other.',
      'kustomize-cycle': 'A kustomization includes itself.',
      'kustomize-deprecated': 'A field of a kustomization is deprecated.',
      'kustomize-duplicate-id': 'Two resources of one build have one identity, and Kustomize refuses.',
      'kustomize-empty': 'A kustomization is empty or builds to nothing.',
      'kustomize-field-kind': 'A field of a kustomization has a value of the wrong kind.',
      'kustomize-generator': 'A generator cannot make its ConfigMap or Secret.',
      'kustomize-helm': 'A kustomization inflates a Helm chart, which is not done here.',
      'kustomize-invalid-field': 'A field of a kustomization has a value that Kustomize refuses.',
      'kustomize-json-patch': 'A JSON patch cannot be applied.',
      'kustomize-kind': 'A kustomization has an apiVersion or kind that Kustomize refuses.',
      'kustomize-missing-file': 'A kustomization names a file or folder that does not exist.',
      'kustomize-not-an-object': 'A resource file holds something that is no Kubernetes object.',
      'kustomize-outside-root': 'A kustomization reaches outside of the repository.',
      'kustomize-patch': 'A patch cannot be read or applied.',
      'kustomize-patch-no-target': 'A patch matches nothing, so that it changes nothing.',
      'kustomize-remote': 'A kustomization includes another repository, which is not fetched here.',
      'kustomize-replacement': 'A replacement cannot find its source or its targets.',
      'kustomize-replicas-no-target': 'An entry of replicas matches nothing, so that it changes nothing.',
      'kustomize-selector': 'A selector of a patch or replacement cannot be read.',
      'kustomize-symbolic-link': 'A kustomization reaches a file through a symbolic link.',
      'kustomize-unknown-field': 'A kustomization has a field that Kustomize does not know.',
      'kustomize-unreadable': 'A file of a kustomization cannot be read.',
      'kustomize-var': 'A variable of a kustomization cannot be resolved.',
    },
  ],
  [
    'schema',
    {
      'api-deprecated': 'An object uses an API version that is deprecated.',
      'api-removed': 'An object uses an API version that the target version of Kubernetes no longer serves.',
      'api-unknown': 'An object has a kind or version that Kubernetes does not serve.',
      'schema-bad-format': 'A value has not the format that its field demands.',
      'schema-duplicate-entry': 'A list that is a set or a map by key holds an entry twice.',
      'schema-missing-required': 'A required field is missing.',
      'schema-no-alternative': 'A value matches none of the forms that its field takes.',
      'schema-not-allowed-value': 'A value is not among those that its field takes.',
      'schema-not-available': 'No schema is known for a custom kind.',
      'schema-out-of-bounds': 'A number, text or list is smaller or larger than its field takes.',
      'schema-partial': 'Only a part of the schema of a custom kind is known.',
      'schema-pattern-mismatch': 'A text does not match the pattern of its field.',
      'schema-unknown-field':
        'An object has a field that its kind does not have; the API server drops it without a word.',
      'schema-wrong-type': 'A value is of another type than its field takes.',
    },
  ],
  [
    'exemptions',
    {
      'exemption-expired': 'An exemption is past its date.',
      'exemption-unused': 'An exemption matches no finding.',
    },
  ],
];

export const readingRules: readonly Rule[] = sentences.flatMap(([group, ids]) =>
  Object.entries(ids).map(([id, summary]) => ({
    id,
    group,
    severity: 'error' as const,
    summary,
    parameters: noParameters,
  })),
);

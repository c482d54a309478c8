import { ruleDocs } from '../schema/rules.js';
import { specRules } from '../spec/rules.js';
import { yamlRules } from '../yaml/rules.js';
import { noParameters, type Rule, type RuleGroup } from './rule.js';

/**
 * Rules whose findings come up while files are read, kustomizations are built and objects are held against schemas.
 * They have no folder: one sentence says what each is about, and the finding itself says what to do.
 */
const sentences: readonly (readonly [RuleGroup, Readonly<Record<string, string>>])[] = [
  ['files', yamlRules],
  ['specs', specRules],
  [
    'specs',
    {
      'autoscaler-without-metrics':
        'A model has a range of replicas, and its cluster no source of metrics to scale by.',
      'blueprint-expression': 'An expression of a blueprint cannot be read or filled in.',
      'blueprint-invalid': 'A blueprint is incomplete or contradicts itself.',
      'blueprint-shadows': 'A blueprint of the repository has the name of a bundled one.',
      'blueprint-syntax': 'A template of a blueprint is no single YAML document.',
      'cluster-without-argocd': 'No Argo CD instance manages a cluster that an environment uses.',
      'engine-argument': 'An argument of the engine contradicts what is worked out.',
      'engine-version': 'A version of the engine is not known.',
      'gated-model-without-token': 'The licence of a model needs a token, and none is declared.',
      'gpus-per-node': 'A Pod needs more GPUs than any node has.',
      'model-does-not-fit': 'A model does not fit the GPUs that it is given.',
      'lock-unreadable': 'What was decided for a family before cannot be read.',
      'spec-unreadable': 'A spec is no regular file of text, or too large to be read.',
      'model-without-source': 'Nobody says where the weights of a model come from.',
      'name-claimed-twice': 'Two objects that would be rendered claim one name.',
      'no-gpu-pool': 'No node pool of a cluster suits a model.',
      'path-written-twice': 'Two parts of the plan write one file.',
      'precision-without-checkpoint': 'A precision is asked for that the checkpoint does not have.',
      'source-without-revision': 'The weights of a model follow the newest commit of their source.',
      'storage-and-source': 'The storage of models does not go with the source of the weights.',
      'storage-class-missing': 'No storage class offers the access that the storage of models needs.',
      'unknown-model': 'A model is not in the catalog.',
      'unknown-runtime': 'There is no blueprint of the name of a runtime.',
      'versions-revision': 'A file under versions/ does not say which revision of the weights runs.',
      'versions-without-image': 'No image is stated under versions/ for an engine that is rendered.',
    },
  ],
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
      'kustomize-crds': 'A file that crds names does not hold definitions by their names, or one of them holds itself.',
      'kustomize-cycle': 'A kustomization includes itself.',
      'kustomize-deprecated-field': 'A field of a kustomization is deprecated.',
      'kustomize-equal-selectors':
        'A transformer gives several selectors one value, so that they select the same Pods.',
      'kustomize-illegal-name': 'A prefix, suffix or label makes a name that Kubernetes refuses.',
      'kustomize-image-no-match': 'An entry of images matches no image, so that it changes nothing.',
      'kustomize-json-patch-missing': 'A JSON patch replaces a field that is not there, so that it is added instead.',
      'kustomize-json-patch-overwrites-map':
        'A JSON patch adds a whole map where one stands, and what it held is lost.',
      'kustomize-key':
        'A key of an object is a number, a boolean or null without quotes, and the build cannot print it.',
      'kustomize-no-kustomization': 'A folder that is included has no kustomization.',
      'kustomize-openapi': 'The API description that openapi names cannot be read, or is not the one of the root.',
      'kustomize-patch-no-match': 'A patch matches nothing, so that it changes nothing.',
      'kustomize-patch-overmatch': 'The target of a patch matches more objects than its author can have meant.',
      'kustomize-plain-secret': 'The value of a Secret stands in the repository.',
      'kustomize-plugin': 'A kustomization uses a plugin, which is not run here.',
      'kustomize-repeated-key': 'A key of a kustomization stands twice, and only the last of the two counts.',
      'kustomize-replacement-no-match': 'A replacement changes nothing.',
      'kustomize-several-kustomizations': 'A folder has several kustomization files, and Kustomize refuses.',
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
      'kustomize-unsupported': 'A kustomization asks for something that this build does not do.',
      'kustomize-var': 'A variable of a kustomization cannot be resolved.',
    },
  ],
  [
    'exemptions',
    {
      'exemption-invalid': 'A comment that accepts findings names no rule, or gives no reason.',
      'exemption-expired': 'An exemption is past its date.',
      'exemption-unused': 'An exemption matches no finding.',
      'policy-loosened': 'A change lowers a severity, sets parameters anew, or accepts findings.',
    },
  ],
];

export const readingRules: readonly Rule[] = [
  ...sentences.flatMap(([group, ids]) =>
    Object.entries(ids).map(([id, summary]) => ({
      id,
      group,
      severity: 'error' as const,
      summary,
      parameters: noParameters,
    })),
  ),
  ...ruleDocs.map(({ id, severity, title, docs }) => ({
    id,
    group: 'schema' as const,
    severity,
    summary: `${title}.`,
    docs,
    parameters: noParameters,
  })),
];

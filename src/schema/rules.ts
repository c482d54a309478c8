import type { Severity } from '../diagnostics/diagnostic.js';

/** What `explain` prints of a rule. */
export interface RuleDoc {
  readonly id: string;
  /** The severity it usually has; a warning may be all that is certain in a single case. */
  readonly severity: Severity;
  readonly title: string;
  /** One paragraph. */
  readonly docs: string;
}

/** Every rule of schemas and of the API server, sorted by id. */
export const ruleDocs: readonly RuleDoc[] = [
  {
    id: 'api-annotation',
    severity: 'error',
    title: 'Keys of annotations are legal',
    docs: 'The key of an annotation is a name of at most 63 characters with an optional DNS prefix before one slash, and all annotations of an object together hold at most 256 KiB. The API server refuses anything else.',
  },
  {
    id: 'api-autoscaler',
    severity: 'error',
    title: 'An autoscaler is consistent',
    docs: 'maxReplicas is not below minReplicas, every metric carries the block of its type and the target value of its target type, and a minimum of zero needs a metric from outside the Pods, because none of them runs to be measured.',
  },
  {
    id: 'api-config-data',
    severity: 'error',
    title: 'ConfigMaps and Secrets hold what they may',
    docs: 'Keys are letters, digits, dash, underscore and dot; no key stands in `data` and `binaryData` at once; a typed Secret has the keys of its type (tls.crt and tls.key, .dockerconfigjson, …); all together stay below 1 MiB.',
  },
  {
    id: 'api-container',
    severity: 'error',
    title: 'Containers are complete',
    docs: 'A Pod has at least one container; each has a name of its own that is a DNS label, and an image whose repository is in lower case, since a registry cannot be asked for anything else. Deadlines belong into Jobs only.',
  },
  {
    id: 'api-crd',
    severity: 'error',
    title: 'CustomResourceDefinitions are accepted',
    docs: 'A definition is called `<plural>.<group>`, stores exactly one of its versions, and gives every version a schema whose root is an object, with validation rules that are expressions of CEL. Anything else is refused before a single object of the kind exists.',
  },
  {
    id: 'api-deprecated',
    severity: 'warning',
    title: 'The API version is deprecated',
    docs: 'The version is still served by the target Kubernetes, but is marked deprecated by Kubernetes or by the CRD. The message names the replacement and, where it is known, the release in which the old version disappears.',
  },
  {
    id: 'api-disruption-budget',
    severity: 'error',
    title: 'A disruption budget says one thing',
    docs: '`minAvailable` and `maxUnavailable` exclude each other; both are a count or a percentage from 0% to 100%. A budget that says both is refused by the API server.',
  },
  {
    id: 'api-env',
    severity: 'error',
    title: 'Environment variables are well formed',
    docs: 'A variable has a legal name, a value or a source but not both, and exactly one source. A name that is set twice is a warning: the last one wins, which is seldom what was meant.',
  },
  {
    id: 'api-extended-resource',
    severity: 'error',
    title: 'Extended resources are whole and equal',
    docs: 'GPUs and other resources of device plugins cannot be overcommitted: they are asked for in whole units, with a limit, and a request that is written must equal the limit. Kubernetes refuses Pods that say otherwise.',
  },
  {
    id: 'api-ingress',
    severity: 'error',
    title: 'An Ingress routes somewhere',
    docs: 'There are rules or a default backend; a host is a DNS name, where a wildcard is the whole first label; a path of type Exact or Prefix begins with a slash; a backend names one Service port, by number or by name.',
  },
  {
    id: 'api-job',
    severity: 'error',
    title: 'Jobs and schedules are consistent',
    docs: 'A schedule has five fields in the ranges of cron and no time zone of its own; an Indexed Job says how many completions it has; the selector of a Job is made by the API server unless manualSelector is set.',
  },
  {
    id: 'api-label',
    severity: 'error',
    title: 'Labels are legal',
    docs: 'Keys are names of at most 63 characters with an optional DNS prefix; values are at most 63 letters, digits, dashes, underscores and dots, beginning and ending with a letter or digit. The same holds in selectors, node selectors and tolerations, whose operators also take the right number of values.',
  },
  {
    id: 'api-name',
    severity: 'error',
    title: 'Names have the form of their kind',
    docs: 'Most objects are named by a DNS-1123 subdomain; Namespaces by a label; Services by a DNS-1035 label before Kubernetes 1.36 and a DNS-1123 label since, never with dots; StatefulSets and CronJobs by at most 52 characters, because their Pods and Jobs carry the name with a suffix as a label; roles and bindings by a path segment.',
  },
  {
    id: 'api-network-policy',
    severity: 'error',
    title: 'Network policies are consistent',
    docs: 'A peer is a pair of selectors or an address block, not both; a block is a network in CIDR form; endPort is not below port and needs port as a number. A policy that says otherwise is refused, and nothing is isolated.',
  },
  {
    id: 'api-port',
    severity: 'error',
    title: 'Ports are numbers and names that exist',
    docs: 'Port numbers are 1 to 65535, names of container ports have at most 15 characters; a number in quotes is read as a name. A Service with several ports names each of them, and no two have one port and protocol.',
  },
  {
    id: 'api-probe',
    severity: 'error',
    title: 'Probes and hooks can work',
    docs: 'A probe has exactly one handler; a port that it names is a port of its container; liveness and startup probes succeed after one success; init containers that run to their end have no probes.',
  },
  {
    id: 'api-quantity',
    severity: 'error',
    title: 'Requests and limits make sense',
    docs: 'A request is not above its limit and no amount is below zero. `512m` of memory, or a bare `64`, is legal and means a few bytes; that is a warning with the unit that was probably meant.',
  },
  {
    id: 'api-rbac',
    severity: 'error',
    title: 'Roles and bindings are complete',
    docs: 'Every rule has verbs, API groups (the core is the empty string) and resources, or paths outside the resources in a ClusterRole; a binding refers to a role of a kind that it may refer to, and a ServiceAccount has its namespace.',
  },
  {
    id: 'api-removed',
    severity: 'error',
    title: 'The API version no longer exists',
    docs: 'The target Kubernetes does not serve this version of the API any more, or the CRD lists it as not served, so that the object cannot be applied. The message names the replacement; fields that changed with it are in the hint.',
  },
  {
    id: 'api-resource',
    severity: 'error',
    title: 'Resources of containers have legal names',
    docs: 'A container asks for cpu, memory, ephemeral-storage, huge pages, or an extended resource with a domain such as nvidia.com/gpu. A bare `gpu` is refused by the API server.',
  },
  {
    id: 'api-restart-policy',
    severity: 'error',
    title: 'The restart policy fits the controller',
    docs: 'Pods of Deployments, StatefulSets and DaemonSets are always restarted; Pods of Jobs say OnFailure or Never, and have to say it, because the default is not allowed there.',
  },
  {
    id: 'api-scheduling',
    severity: 'error',
    title: 'Scheduling rules are well formed',
    docs: 'A toleration without key needs the operator Exists, one with Exists has no value, and seconds belong to NoExecute; node affinity has at least one term; topology keys are not empty and constraints do not repeat each other.',
  },
  {
    id: 'api-security-context',
    severity: 'error',
    title: 'Security contexts do not contradict themselves',
    docs: 'A privileged container cannot forbid privilege escalation, a container that must not run as root cannot have user 0, and a local seccomp profile has to be named.',
  },
  {
    id: 'api-selector',
    severity: 'error',
    title: 'A workload selects its own Pods',
    docs: 'The selector of a Deployment, StatefulSet, DaemonSet, ReplicaSet or Rollout is not empty and matches the labels of its template; the API server refuses it otherwise. It cannot be changed later, so it should hold stable labels only.',
  },
  {
    id: 'api-service',
    severity: 'error',
    title: 'A Service fits its type',
    docs: 'A Service has ports unless it is headless or an alias of a host name; an alias has that name; a headless Service opens no node ports; traffic policies for traffic from outside belong to types that take such traffic.',
  },
  {
    id: 'api-storage',
    severity: 'error',
    title: 'A claim says how much and for whom',
    docs: 'A PersistentVolumeClaim, alone or as a template of a StatefulSet, has at least one access mode and a request for storage; ReadWriteOncePod stands alone.',
  },
  {
    id: 'api-strategy',
    severity: 'error',
    title: 'An update strategy can proceed',
    docs: 'Recreate excludes rollingUpdate, which a patch has to remove explicitly; maxSurge and maxUnavailable are counts or percentages and not both zero; a DaemonSet uses one of them; the progress deadline is longer than minReadySeconds.',
  },
  {
    id: 'api-unknown',
    severity: 'error',
    title: 'Kubernetes serves no such kind',
    docs: 'The group belongs to Kubernetes itself, and the target version has no such version or kind in it, so that the object cannot be applied. The message gives the nearest one that exists.',
  },
  {
    id: 'api-volume',
    severity: 'error',
    title: 'Volumes and their mounts fit together',
    docs: 'Every mount names a volume of the Pod or a claim template of its StatefulSet; volumes have names of their own and one source; no two mounts of a container share a path; sub-paths stay inside the volume.',
  },
  {
    id: 'schema-bad-format',
    severity: 'error',
    title: 'A value has another form than its field',
    docs: 'The value has the right type and not the right form: a quantity with an unknown suffix, a time that RFC 3339 does not know, text that is not base64, an integer that does not fit into 32 or 64 bits.',
  },
  {
    id: 'schema-cel-rule',
    severity: 'error',
    title: 'A validation rule of the CRD is broken',
    docs: 'The CustomResourceDefinition has a rule in CEL (x-kubernetes-validations) that the object does not satisfy, or that fails on it, so the API server refuses it. Rules are evaluated as when the object is created: those on a change (`oldSelf`) hold for every new object and are left out, or see no earlier state where the rule says optionalOldSelf.',
  },
  {
    id: 'schema-cel-unchecked',
    severity: 'info',
    title: 'A validation rule could not be evaluated',
    docs: 'The CustomResourceDefinition has a rule in CEL that does not compile, calls something that only a running API server has, or compares values for which no comparison is known here. Nothing is said about it; the API server will.',
  },
  {
    id: 'schema-duplicate-entry',
    severity: 'error',
    title: 'A list repeats an entry',
    docs: 'The list is a map or a set to the API server (x-kubernetes-list-type), and two entries have the same key or are equal, which is refused.',
  },
  {
    id: 'schema-missing-required',
    severity: 'error',
    title: 'A required field is missing',
    docs: 'The schema requires the field, and it is absent or null. The place is the object that lacks it. The message names the schema and its version: a newer CRD may have dropped the requirement, in which case give that CRD with --crd.',
  },
  {
    id: 'schema-no-alternative',
    severity: 'error',
    title: 'A value fits none of its alternatives',
    docs: 'The schema lists alternatives (anyOf, oneOf) or a forbidden form (not), and the value satisfies none, more than one, or the forbidden one. Often exactly one of several fields has to be set.',
  },
  {
    id: 'schema-not-allowed-value',
    severity: 'error',
    title: 'A value is none of the allowed ones',
    docs: 'The field takes one of a fixed set of values, upper and lower case being different. The message lists them and gives the nearest one.',
  },
  {
    id: 'schema-not-available',
    severity: 'warning',
    title: 'There is no schema for the kind',
    docs: 'Neither Kubernetes, nor the bundled custom resources, nor a CRD of the repository describes this kind and version, so its fields were not checked and it does not count as valid. Keep its CRD in the repository, or give it with --crd PATH or --schema-location TEMPLATE.',
  },
  {
    id: 'schema-out-of-bounds',
    severity: 'error',
    title: 'A value is outside its bounds',
    docs: 'A number is below its minimum or above its maximum, or a text, list or map is shorter or longer than the API allows.',
  },
  {
    id: 'schema-partial',
    severity: 'info',
    title: 'Only some fields were checked',
    docs: 'No published package holds the complete schema of this kind, so only the fields that are known were checked: those that gitops-gen itself writes, and the first level of the specification. Keep its CRD in the repository for a complete check.',
  },
  {
    id: 'schema-pattern-mismatch',
    severity: 'error',
    title: 'A text does not match its pattern',
    docs: 'The schema gives a regular expression in the syntax of RE2, and the text does not match it. Expressions are evaluated in linear time.',
  },
  {
    id: 'schema-rejected-kind',
    severity: 'error',
    title: 'A kind that is rejected is there',
    docs: 'The kind was named with --reject-kind, so that no object of it may be in what is judged. Take the object out, or the kind out of the flag.',
  },
  {
    id: 'schema-unknown-field',
    severity: 'error',
    title: 'The field does not exist',
    docs: 'The schema has no such field: the API server drops it or, as kubectl and Argo CD ask it to, refuses the object. It is usually a misspelling or one level too high or too low. The message names the schema and its version: for a field that a newer CRD added, give that CRD with --crd.',
  },
  {
    id: 'schema-version-not-bundled',
    severity: 'warning',
    title: 'The version of Kubernetes is not bundled',
    docs: 'Schemas of the version that was asked for are not part of this release, so those of the nearest version judged. Name a bundled version, or give schemas with --schema-location.',
  },
  {
    id: 'schema-wrong-type',
    severity: 'error',
    title: 'A value has the wrong type',
    docs: 'The field takes another type: a number or boolean without quotes where text is needed (environment variables, labels, annotations), a text where a number is needed, one object where a list is needed.',
  },
  {
    id: 'yaml-ambiguous-word',
    severity: 'warning',
    title: 'A word that YAML 1.1 reads differently',
    docs: 'Kubernetes reads the plain words `yes`, `no`, `on`, `off`, `y` and `n` as booleans, as YAML 1.1 has them; tools that read YAML 1.2 see text. A label or an environment variable with such a value is refused by the API server although it looks like text. Quote the word, or write true or false, so that all of them agree.',
  },
];

import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { SchemaIssue } from './explain.js';
import { plainText } from './text.js';

/** Fields that do not exist and that people write nevertheless, with what they wanted. */
interface KnownMistake {
  readonly kind: RegExp;
  /** The end of the path, joined with dots, list indices left out. */
  readonly path: RegExp;
  readonly hint: string;
}

const mistakes: readonly KnownMistake[] = [
  {
    kind: /^Application$/,
    path: /^spec\.(?:preSync|postSync|sync|hooks?)$/,
    hint: 'Argo CD takes hooks from annotations: put the Job into the source with `argocd.argoproj.io/hook: PreSync` and `argocd.argoproj.io/hook-delete-policy`.',
  },
  {
    kind: /^Application$/,
    path: /^spec\.(?:dependencies|dependsOn)$/,
    hint: 'Applications have no dependencies. Order the children of one parent with `argocd.argoproj.io/sync-wave`, and have argocd-cm report the health of Application, or waves do not wait.',
  },
  {
    kind: /^(?:Deployment|StatefulSet|DaemonSet|Job|ReplicaSet)$/,
    path: /^spec\.template\.(?:containers|volumes|nodeSelector|tolerations|restartPolicy|serviceAccountName)$/,
    hint: 'Fields of the Pod stand under `spec.template.spec`.',
  },
  {
    kind: /^CronJob$/,
    path: /^spec\.jobTemplate\.spec\.template\.(?:containers|volumes|nodeSelector|tolerations|restartPolicy|serviceAccount(?:Name)?|terminationGracePeriodSeconds)$/,
    hint: 'Fields of the Pod stand under `spec.jobTemplate.spec.template.spec`.',
  },
  {
    kind: /./,
    path: /volumes\.secret\.name$/,
    hint: 'A Secret volume says `secretName`; `name` is how a ConfigMap volume says it.',
  },
  {
    kind: /./,
    path: /volumes\.persistentVolumeClaim\.name$/,
    hint: 'A claim is named by `claimName`.',
  },
  {
    kind: /^Deployment$/,
    path: /^spec\.(?:containers|volumes|nodeSelector|tolerations|serviceAccountName)$/,
    hint: 'Fields of the Pod stand under `spec.template.spec`.',
  },
  {
    kind: /^Deployment$/,
    path: /^spec\.(?:maxSurge|maxUnavailable|rollingUpdate)$/,
    hint: 'These stand under `spec.strategy.rollingUpdate`.',
  },
  {
    kind: /^Service$/,
    path: /^spec\.selector\.matchLabels$/,
    hint: 'The selector of a Service is a plain map of labels, without `matchLabels`.',
  },
  {
    kind: /^Ingress$/,
    path: /\.backend\.(?:serviceName|servicePort)$/,
    hint: 'Since networking.k8s.io/v1 it is `backend.service.name` and `backend.service.port.number` or `.name`.',
  },
  {
    kind: /./,
    path: /containers\.(?:cpu|memory|limits|requests|gpu)$/,
    hint: 'Resources stand under `resources.requests` and `resources.limits`.',
  },
];

/** What the writer of an unknown or mistyped field probably wanted. */
export function knownMistake(value: JsonObject, issue: SchemaIssue): string | undefined {
  if (issue.ruleId !== 'schema-unknown-field' && issue.ruleId !== 'schema-wrong-type') return undefined;
  const path = issue.path.filter((part) => typeof part === 'string').join('.');
  const kind = plainText(value['kind']);
  return mistakes.find((mistake) => mistake.kind.test(kind) && mistake.path.test(path))?.hint;
}

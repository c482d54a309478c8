import { isObject, listAt } from '../../../capacity/read.js';
import { closest } from '../../../diagnostics/closest.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import { shown } from '../../../diagnostics/show.js';
import { isApplication } from '../../../repository/applications.js';
import { annotation, commaList, syncOptionsAnnotation } from '../../../repository/waves.js';
import { type Finding, noParameters, onField, type Rule } from '../../rule.js';

/** Options of an Application; compared letter by letter (controller/sync.go, SyncOptions.HasOption). */
const applicationOptions = [
  'CreateNamespace=true',
  'CreateNamespace=false',
  'Validate=false',
  'Validate=true',
  'ApplyOutOfSyncOnly=true',
  'ApplyOutOfSyncOnly=false',
  'PruneLast=true',
  'PruneLast=false',
  'Replace=true',
  'Replace=false',
  'ServerSideApply=true',
  'ServerSideApply=false',
  'ClientSideApplyMigration=false',
  'ClientSideApplyMigration=true',
  'FailOnSharedResource=true',
  'FailOnSharedResource=false',
  'RespectIgnoreDifferences=true',
  'RespectIgnoreDifferences=false',
  'SkipDryRunOnMissingResource=true',
  'SkipDryRunOnMissingResource=false',
  'PrunePropagationPolicy=foreground',
  'PrunePropagationPolicy=background',
  'PrunePropagationPolicy=orphan',
  'Prune=false',
  'Prune=true',
  'Prune=confirm',
  'Delete=false',
  'Delete=true',
  'Delete=confirm',
  'Force=true',
];

/** Options that Argo CD reads from the annotation of an object (gitops-engine/pkg/sync). */
const objectOptions = [
  'Prune=false',
  'Prune=true',
  'Prune=confirm',
  'Delete=false',
  'Delete=true',
  'Delete=confirm',
  'PruneLast=true',
  'Replace=true',
  'Replace=false',
  'Force=true',
  'ServerSideApply=true',
  'ServerSideApply=false',
  'ClientSideApplyMigration=false',
  'SkipDryRunOnMissingResource=true',
  'Validate=false',
];

export const syncOption: Rule = {
  id: 'sync-option',
  group: 'argocd',
  severity: 'error',
  summary: 'A sync option is misspelt, and Argo CD silently passes it over.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      if (isApplication(object)) {
        const path = '/spec/syncPolicy/syncOptions';
        for (const [index, option] of listAt(object.value, 'spec', 'syncPolicy', 'syncOptions').entries()) {
          const problem = applicationOption(option);
          if (problem !== undefined) onFinding(onField(object, `${path}/${index}`, problem));
        }
      }
      for (const option of commaList(annotation(object.value, syncOptionsAnnotation))) {
        if (objectOptions.includes(option)) continue;
        const elsewhere = applicationOptions.includes(option);
        onFinding(
          onField(object, '/metadata/annotations/argocd.argoproj.io~1sync-options', {
            message: elsewhere
              ? `Argo CD reads ${option} from an Application only, not from the annotation of an object.`
              : `Argo CD has no sync option "${shown(option)}" and passes it over.`,
            ...(elsewhere ? { severity: 'warning' as const } : { allowed: objectOptions }),
            ...meant(option, objectOptions),
            key: option,
          }),
        );
      }
    }
  },
};

function applicationOption(option: Json): Omit<Finding, 'at'> | undefined {
  if (isObject(option)) {
    const [name, value] = Object.entries(option)[0] ?? ['', ''];
    const written = `${name}=${String(value)}`;
    return { message: `A sync option is one text: "${shown(written)}", not a mapping.`, fix: written, key: name };
  }
  if (typeof option !== 'string' || applicationOptions.includes(option)) return undefined;
  return {
    message: `Argo CD has no sync option "${shown(option)}" and passes it over.`,
    allowed: applicationOptions,
    ...meant(option, applicationOptions),
    key: option,
  };
}

/** What people look for among the options and is a field of the Application (application/v1alpha1, SyncPolicy). */
const fields: Readonly<Record<string, string>> = {
  AllowEmpty: 'spec.syncPolicy.automated.allowEmpty',
  Automated: 'spec.syncPolicy.automated',
  Manual: 'spec.syncPolicy without automated',
  Retry: 'spec.syncPolicy.retry',
  SelfHeal: 'spec.syncPolicy.automated.selfHeal',
};

function meant(option: string, options: readonly string[]): { readonly hint?: string } {
  const name = option.split('=')[0] as string;
  const field = Object.entries(fields).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
  if (field !== undefined) return { hint: `That is no option; an Application has ${field} for it.` };
  const near = closest(option, options)[0];
  return near === undefined ? {} : { hint: `Did you mean "${near}"? Options are compared letter by letter.` };
}

import type { Resource } from '../build/resource.js';
import type { Json, JsonObject, OnProblem, Problem } from '../diagnostics/diagnostic.js';
import { accepts } from './accept.js';
import { RuleContext } from './api-rules/context.js';
import { checkApiRules } from './api-rules/index.js';
import { compareMinors } from './api-version.js';
import { checkRules, faultyRules } from './cel/check.js';
import { explain, type SchemaIssue } from './explain.js';
import { type FoundSchema, isFound, type NoSchema } from './found.js';
import { knownMistake } from './known-mistakes.js';
import { isCoreGroup, lifecycleOf } from './lifecycle.js';
import { listItems } from './objects.js';
import { placeOf, referenceOf, showPath } from './place.js';
import type { SchemaStore } from './store.js';
import { nearest } from './suggest.js';
import { plainText } from './text.js';

/** `partial`: nothing is wrong with the fields that a partial schema knows. */
export type Verdict = 'valid' | 'invalid' | 'partial' | 'no-schema';

/**
 * Says whether the API server of the store's version of Kubernetes, and the controllers in use, would accept the fields
 * of a resource. Every problem is at the line that somebody wrote.
 */
export function validateResource(resource: Resource, store: SchemaStore, onProblem: OnProblem): Verdict {
  let errors = 0;
  const report: OnProblem = (problem) => {
    if (problem.severity === 'error') errors += 1;
    onProblem(problem);
  };
  const items = listItems(resource);
  if (items !== undefined) return worst(items.map((item) => validateResource(item, store, onProblem)));
  const { apiVersion, kind } = resource.value;
  const unnamed = (['apiVersion', 'kind'] as const).filter(
    (name) => typeof resource.value[name] !== 'string' || resource.value[name] === '',
  );
  if (unnamed.length > 0) {
    for (const name of unnamed) report(unnamedProblem(resource, name));
    return 'invalid';
  }
  reportLifecycle(resource, store, report);
  const found = store.lookup(apiVersion as string, kind as string);
  if (!isFound(found)) {
    const known = reportNoSchema(resource, found, store, report);
    return known || errors > 0 ? 'invalid' : 'no-schema';
  }
  if (found.notice !== undefined) report(noticeProblem(resource, found));
  if (!accepts(found.node, resource.value)) {
    for (const issue of explain(found.node, resource.value)) {
      if (!isWrittenLater(resource.value, issue)) report(schemaProblem(resource, issue, found));
    }
  } else if (found.hasRules === true) reportRules(resource, found, store, report);
  checkApiRules(new RuleContext(resource, store.kubernetesVersion, report));
  if (kind === 'CustomResourceDefinition') reportFaultyRules(resource, store, report);
  if (found.partial === true) report(partialProblem(resource, found));
  return errors > 0 ? 'invalid' : found.partial === true ? 'partial' : 'valid';
}

/**
 * What is not there yet when a manifest is written: `status`, which controllers write (some published schemas demand it all the same), and
 * the `{{…}}` of a workflow, which Argo Workflows fills in before it looks at the field.
 */
function isWrittenLater(object: JsonObject, { ruleId, path, key }: SchemaIssue): boolean {
  if (ruleId === 'schema-missing-required') return path.length === 0 && key === 'status';
  if (
    ruleId !== 'schema-not-allowed-value' ||
    !workflowKinds.test(`${plainText(object['apiVersion'] ?? '')}/${plainText(object['kind'] ?? '')}`)
  )
    return false;
  const value = path.reduce<Json | undefined>(
    (inside, part) => (inside as Record<string, Json> | undefined)?.[part],
    object,
  );
  return typeof value === 'string' && value.includes('{{');
}

const workflowKinds = /^argoproj\.io\/v1alpha1\/(Workflow|WorkflowTemplate|ClusterWorkflowTemplate|CronWorkflow)$/;

/** The verdict of a list: that of its worst item; an empty list is valid. */
function worst(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict[] = ['invalid', 'no-schema', 'partial'];
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'valid';
}

function schemaProblem(resource: Resource, issue: SchemaIssue, found: FoundSchema): Problem {
  const known = knownMistake(resource.value, issue);
  const meant = issue.suggestion === undefined ? '' : ` Did you mean \`${issue.suggestion}\`?`;
  const hint = known ?? issue.hint ?? (isBundledCrd(found) ? newerHint(issue) : undefined);
  // The alternatives are named in what is wrong.
  const isListed = issue.suggestion === undefined && issue.ruleId !== 'schema-no-alternative';
  const listed = issue.allowed !== undefined && isListed ? allowedText(issue) : '';
  return {
    ruleId: issue.ruleId,
    severity: severityOf(issue, found),
    message: `${showPath(issue.path)}: ${issue.what}.${meant}${listed} (${sourceText(found)})`,
    at: placeOf(resource, issue.path, issue.part),
    object: referenceOf(resource.value),
    ...(issue.allowed !== undefined && { allowed: issue.allowed }),
    ...(hint !== undefined && { hint }),
    ...(issue.fix !== undefined && { fix: issue.fix }),
    key: issue.key ?? showPath(issue.path),
  };
}

/** Custom resources come from a package of a certain release, and a younger one may be installed. */
function isBundledCrd({ from }: FoundSchema): boolean {
  return from.startsWith('@kubernetes-models/');
}

function newerHint({ ruleId, suggestion }: SchemaIssue): string | undefined {
  if (ruleId !== 'schema-unknown-field' || suggestion !== undefined) return undefined;
  return 'If the release you run has this field, keep its CRD in the repository or give it with --crd PATH.';
}

function severityOf(issue: SchemaIssue, found: FoundSchema): 'error' | 'warning' {
  const unknown = issue.ruleId === 'schema-unknown-field';
  const news = unknown || issue.ruleId === 'schema-not-allowed-value' || issue.ruleId === 'schema-missing-required';
  const doubtful = issue.perhaps === true || (found.partial === true && unknown) || (found.behind === true && news);
  return doubtful ? 'warning' : 'error';
}

/** So many allowed words fit into a message; all of them are in `allowed`. */
const shownAllowed = 12;

function allowedText({ allowed = [], ruleId }: SchemaIssue): string {
  const words = allowed.length > shownAllowed ? [...allowed.slice(0, shownAllowed), '…'] : allowed;
  if (words.length === 0) return ' No field is known here.';
  return ` ${ruleId === 'schema-unknown-field' ? 'Known fields' : 'Allowed'}: ${words.join(', ')}.`;
}

/** "schema: Argo CD 3.3.9, @kubernetes-models/argo-cd@4.0.0". */
function sourceText({ source, from, partial }: FoundSchema): string {
  return `${partial === true ? 'partial schema' : 'schema'}: ${source}${from === source || from === '' ? '' : `, ${from}`}`;
}

function unnamedProblem(resource: Resource, name: 'apiVersion' | 'kind'): Problem {
  const value = resource.value[name];
  return {
    ruleId: 'schema-missing-required',
    severity: 'error',
    message:
      value === undefined || value === null || value === ''
        ? `${name}: required field \`${name}\` is missing, so nothing can be said of this object.`
        : `${name}: expected string, so nothing can be said of this object.`,
    at: placeOf(resource, value === undefined ? [] : [name]),
    object: referenceOf(resource.value),
    key: name,
  };
}

function reportLifecycle(resource: Resource, store: SchemaStore, report: OnProblem): void {
  const { apiVersion, kind } = resource.value as { apiVersion: string; kind: string };
  const entry = lifecycleOf(apiVersion, kind);
  if (entry === undefined) return;
  const gone = entry.removed !== undefined && compareMinors(entry.removed, store.kubernetesVersion) <= 0;
  if (!gone && compareMinors(entry.deprecated, store.kubernetesVersion) > 0) return;
  const instead = entry.replacement === undefined ? '' : ` Use ${entry.replacement}.`;
  const state = gone
    ? `was removed in Kubernetes ${entry.removed}; the target is ${store.kubernetesVersion}`
    : `is deprecated since Kubernetes ${entry.deprecated}${entry.removed === undefined ? '' : ` and gone in ${entry.removed}`}`;
  report({
    ruleId: gone ? 'api-removed' : 'api-deprecated',
    severity: gone ? 'error' : 'warning',
    message: `apiVersion: ${apiVersion} ${kind} ${state}.${instead}`,
    at: placeOf(resource, ['apiVersion']),
    object: referenceOf(resource.value),
    ...(entry.note !== undefined && { hint: `${entry.note[0]!.toUpperCase()}${entry.note.slice(1)}.` }),
    ...(entry.replacement?.includes(' ') === false && { fix: entry.replacement, allowed: [entry.replacement] }),
  });
}

/** Tells that there is no schema; true where that is an error by itself (a kind that Kubernetes would have). */
function reportNoSchema(resource: Resource, found: NoSchema, store: SchemaStore, report: OnProblem): boolean {
  const { apiVersion, kind } = resource.value as { apiVersion: string; kind: string };
  const base = { object: referenceOf(resource.value), ...(found.known.length > 0 && { allowed: found.known }) };
  const known = found.known.length === 0 ? '' : ` Known: ${found.known.slice(0, shownAllowed).join(', ')}.`;
  if (isCoreGroup(apiVersion)) {
    if (lifecycleOf(apiVersion, kind) !== undefined) return true;
    const wrongKind = found.reason === 'no-such-kind';
    const suggestion = nearest(wrongKind ? kind : apiVersion, found.known);
    const meant = suggestion === undefined ? known : ` Did you mean \`${suggestion}\`?`;
    report({
      ruleId: 'api-unknown',
      severity: 'error',
      message: `${wrongKind ? 'kind' : 'apiVersion'}: Kubernetes ${store.kubernetesVersion} serves no ${kind} of ${apiVersion}.${meant}`,
      at: placeOf(resource, [wrongKind ? 'kind' : 'apiVersion']),
      ...base,
      ...(suggestion !== undefined && { fix: suggestion }),
    });
    return true;
  }
  const from = found.source === undefined ? '' : ` (${found.source} defines other versions)`;
  // Other kinds of the group say nothing about this one, unless its name may be a slip of one of them.
  const suggestion = found.reason === 'no-such-kind' ? nearest(kind, found.known) : undefined;
  const versions = found.reason === 'no-such-kind' ? '' : known;
  const meant = suggestion === undefined ? versions : ` Did you mean \`${suggestion}\`?`;
  report({
    ruleId: 'schema-not-available',
    severity: 'warning',
    message: `kind: no schema is known for ${kind} of ${apiVersion}${from}, so its fields were not checked.${meant}`,
    at: placeOf(resource, ['kind']),
    object: referenceOf(resource.value),
    ...(versions !== '' && { allowed: found.known }),
    hint: 'Keep its CustomResourceDefinition in the repository, or give it with --crd PATH or --schema-location TEMPLATE.',
  });
  return false;
}

function reportRules(resource: Resource, found: FoundSchema, store: SchemaStore, report: OnProblem): void {
  const base = { object: referenceOf(resource.value) };
  if (store.cel === undefined) {
    const message = `kind: the rules of its CRD were not evaluated. (${sourceText(found)})`;
    report({ ruleId: 'schema-cel-unchecked', severity: 'info', message, at: placeOf(resource, ['kind']), ...base });
    return;
  }
  for (const { path, rule, broken, error } of checkRules(store.cel, found.node, resource.value)) {
    const at = placeOf(resource, path);
    const where = showPath(path);
    if (broken !== undefined) {
      const message = `${where}: ${broken.replace(/\.$/, '')}. (rule of ${found.source}: ${rule})`;
      report({ ruleId: 'schema-cel-rule', severity: 'error', message, at, ...base, key: rule });
    } else {
      const message = `${where}: a rule could not be evaluated (${error}). (rule of ${found.source}: ${rule})`;
      report({ ruleId: 'schema-cel-unchecked', severity: 'info', message, at, ...base, key: rule });
    }
  }
}

/** Rules of a definition that no API server would take, or that are not known here. */
function reportFaultyRules(resource: Resource, store: SchemaStore, report: OnProblem): void {
  if (store.cel === undefined) return;
  for (const { path, fault } of faultyRules(store.cel, resource.value)) {
    const said = fault.isSyntax ? 'is no expression of CEL' : 'is not evaluated here';
    report({
      ruleId: fault.isSyntax ? 'api-crd' : 'schema-cel-unchecked',
      severity: fault.isSyntax ? 'error' : 'info',
      message: `${showPath(path)}: the rule ${said}: ${fault.error}.`,
      at: placeOf(resource, path),
      object: referenceOf(resource.value),
      key: showPath(path),
    });
  }
}

function noticeProblem(resource: Resource, found: FoundSchema): Problem {
  const { state, message } = found.notice!;
  return {
    ruleId: state === 'not-served' ? 'api-removed' : 'api-deprecated',
    severity: state === 'not-served' ? 'error' : 'warning',
    message: `apiVersion: ${message}. (${sourceText(found)})`,
    at: placeOf(resource, ['apiVersion']),
    object: referenceOf(resource.value),
  };
}

function partialProblem(resource: Resource, found: FoundSchema): Problem {
  return {
    ruleId: 'schema-partial',
    severity: 'info',
    message: `kind: only some fields of ${plainText(resource.value['kind'])} were checked. (${sourceText(found)})`,
    at: placeOf(resource, ['kind']),
    object: referenceOf(resource.value),
    hint: 'Keep its CustomResourceDefinition in the repository, or give it with --crd PATH, for a complete check.',
  };
}

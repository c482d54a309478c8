import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { plainText } from '../text.js';
import { asNumber, asObject, asString, at, objectsIn, type RuleContext } from './context.js';
import { checkSelector } from './metadata.js';
import { nameFault } from './syntax.js';
import { checkClaim } from './volumes.js';

/** Deployment, StatefulSet, DaemonSet, ReplicaSet: selector, strategy, claims. */
export function checkWorkload(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (spec === undefined) return;
  // The controller of Argo Rollouts refuses what the API server refuses of a Deployment.
  const isRollout = context.kind === 'Rollout' && asObject(spec['template']) !== undefined;
  if (isRollout) checkTemplateSelector(context, spec);
  if (!context.apiVersion.startsWith('apps/')) return;
  if (/^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet)$/.test(context.kind)) checkTemplateSelector(context, spec);
  if (context.kind === 'Deployment') checkDeployment(context, spec);
  if (context.kind === 'DaemonSet') checkDaemonSet(context, spec);
  if (context.kind === 'StatefulSet') checkStatefulSet(context, spec);
}

function checkTemplateSelector(context: RuleContext, spec: JsonObject): void {
  const selector = asObject(spec['selector']);
  if (selector === undefined) return;
  checkSelector(context, selector, ['spec', 'selector']);
  const labels = asObject(at(spec, 'template', 'metadata', 'labels')) ?? {};
  const wanted = asObject(selector['matchLabels']) ?? {};
  const expressions = objectsIn(selector['matchExpressions']);
  if (Object.keys(wanted).length === 0 && expressions.length === 0) {
    context.fail('api-selector', ['spec', 'selector'], 'an empty selector is not allowed', { part: 'key' });
  }
  for (const [key, value] of Object.entries(wanted)) {
    const label = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (label === value) continue;
    const got = label === undefined ? 'the template has no such label' : `the template says ${JSON.stringify(label)}`;
    context.fail(
      'api-selector',
      ['spec', 'selector', 'matchLabels', key],
      `selects ${JSON.stringify(value)}, but ${got}; a ${context.kind} must select its own Pods`,
      {
        hint: 'The selector cannot be changed later: give the template the label, or delete and create the object anew.',
      },
    );
  }
  for (const [i, item] of expressions) {
    if (matches(item, labels)) continue;
    context.fail(
      'api-selector',
      ['spec', 'selector', 'matchExpressions', i],
      'does not match the labels of the template',
      { part: 'key' },
    );
  }
}

function matches(item: JsonObject, labels: JsonObject): boolean {
  const key = plainText(item['key']);
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const values = Array.isArray(item['values']) ? (item['values'] as readonly Json[]) : [];
  switch (item['operator']) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return true;
  }
}

function checkDeployment(context: RuleContext, spec: JsonObject): void {
  const path = ['spec', 'strategy'];
  const strategy = asObject(spec['strategy']);
  const rolling = asObject(strategy?.['rollingUpdate']);
  if (strategy?.['type'] === 'Recreate' && rolling !== undefined) {
    context.fail('api-strategy', [...path, 'rollingUpdate'], 'is forbidden when the type is Recreate', {
      part: 'key',
      hint: 'A patch that sets the type has to remove it: `rollingUpdate: null`.',
    });
  }
  checkShares(context, rolling, [...path, 'rollingUpdate']);
  const ready = asNumber(spec['minReadySeconds']) ?? 0;
  // Defaulted to 600 where it is absent.
  const deadline = asNumber(spec['progressDeadlineSeconds']) ?? 600;
  if (deadline <= ready) {
    context.fail(
      'api-strategy',
      ['spec', spec['progressDeadlineSeconds'] === undefined ? 'minReadySeconds' : 'progressDeadlineSeconds'],
      `progressDeadlineSeconds (${deadline}) must be greater than minReadySeconds (${ready})`,
    );
  }
}

function checkDaemonSet(context: RuleContext, spec: JsonObject): void {
  const rolling = asObject(at(spec, 'updateStrategy', 'rollingUpdate'));
  if (rolling === undefined) return;
  const path = ['spec', 'updateStrategy', 'rollingUpdate'];
  checkShares(context, rolling, path);
  const surge = share(rolling['maxSurge']) ?? 0;
  const unavailable = share(rolling['maxUnavailable']) ?? 1;
  if (surge !== 0 && unavailable !== 0) {
    context.fail('api-strategy', path, 'a DaemonSet may have maxSurge or maxUnavailable above zero, not both', {
      part: 'key',
    });
  }
}

function checkShares(context: RuleContext, rolling: JsonObject | undefined, path: Path): void {
  if (rolling === undefined) return;
  for (const key of ['maxSurge', 'maxUnavailable'] as const) {
    const value = rolling[key];
    if (value === undefined || value === null) continue;
    const amount = share(value);
    if (amount === undefined || amount < 0) {
      context.fail(
        'api-strategy',
        [...path, key],
        `${JSON.stringify(value)} is neither a count nor a percentage such as "25%"`,
      );
    } else if (key === 'maxUnavailable' && typeof value === 'string' && amount > 1) {
      context.fail('api-strategy', [...path, key], `${value} is more than 100%`);
    }
  }
  if (rolling['maxSurge'] === undefined || rolling['maxUnavailable'] === undefined) return;
  if (share(rolling['maxSurge']) === 0 && share(rolling['maxUnavailable']) === 0) {
    context.fail(
      'api-strategy',
      [...path, 'maxUnavailable'],
      'may not be 0 when maxSurge is 0: nothing could be replaced',
    );
  }
}

/** A count as itself, a percentage as a fraction. */
function share(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? undefined : Number(percent) / 100;
}

function checkStatefulSet(context: RuleContext, spec: JsonObject): void {
  const service = asString(spec['serviceName']);
  const fault = service === undefined || service === '' ? undefined : nameFault('label', service);
  if (fault !== undefined) context.fail('api-name', ['spec', 'serviceName'], `\`${service}\` ${fault}`);
  for (const [i, claim] of objectsIn(spec['volumeClaimTemplates'])) {
    checkClaim(context, asObject(claim['spec']), ['spec', 'volumeClaimTemplates', i, 'spec']);
    const name = asString(at(claim, 'metadata', 'name'));
    const wrong = name === undefined ? undefined : nameFault('label', name);
    if (wrong !== undefined)
      context.fail('api-volume', ['spec', 'volumeClaimTemplates', i, 'metadata', 'name'], `\`${name}\` ${wrong}`);
  }
  const strategy = asObject(spec['updateStrategy']);
  if (strategy?.['type'] === 'OnDelete' && asObject(strategy['rollingUpdate']) !== undefined) {
    context.fail(
      'api-strategy',
      ['spec', 'updateStrategy', 'rollingUpdate'],
      'is forbidden when the type is OnDelete',
      { part: 'key' },
    );
  }
}

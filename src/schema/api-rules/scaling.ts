import type { JsonObject } from '../../diagnostics/diagnostic.js';
import { plainText } from '../text.js';
import { asNumber, asObject, asString, objectsIn, present, type RuleContext } from './context.js';
import { checkSelector } from './metadata.js';

/** The block that each type of metric needs. */
const blocks: ReadonlyMap<string, string> = new Map([
  ['ContainerResource', 'containerResource'],
  ['External', 'external'],
  ['Object', 'object'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
]);

/** The value that each type of target needs. */
const targets: ReadonlyMap<string, string> = new Map([
  ['Utilization', 'averageUtilization'],
  ['AverageValue', 'averageValue'],
  ['Value', 'value'],
]);

/** HorizontalPodAutoscaler v1 and v2. */
export function checkAutoscaler(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (context.kind !== 'HorizontalPodAutoscaler' || spec === undefined) return;
  const least = asNumber(spec['minReplicas']) ?? 1;
  const most = asNumber(spec['maxReplicas']);
  if (most !== undefined && most < least) {
    context.fail('api-autoscaler', ['spec', 'maxReplicas'], `${most} is below minReplicas (${least})`);
  }
  const metrics = objectsIn(spec['metrics']);
  for (const [i, metric] of metrics) checkMetric(context, metric, i);
  const outside = metrics.some(([, metric]) => metric['type'] === 'Object' || metric['type'] === 'External');
  if (least === 0 && spec['minReplicas'] === 0 && !outside) {
    context.fail('api-autoscaler', ['spec', 'minReplicas'], '0 needs a metric of type Object or External', {
      hint: 'The feature gate HPAScaleToZero has to be on as well; KEDA scales to zero without it.',
    });
  }
}

function checkMetric(context: RuleContext, metric: JsonObject, i: number): void {
  const path = ['spec', 'metrics', i];
  const type = asString(metric['type']);
  const block = type === undefined ? undefined : blocks.get(type);
  if (block === undefined) return;
  const written = present(metric, [...blocks.values()]);
  if (!written.includes(block))
    context.fail('api-autoscaler', path, `type ${type} needs the block \`${block}\``, { part: 'key' });
  for (const other of written.filter((name) => name !== block)) {
    context.fail('api-autoscaler', [...path, other], `does not belong to a metric of type ${type}`, { part: 'key' });
  }
  const target = asObject(asObject(metric[block])?.['target']);
  if (target === undefined) return;
  const field = targets.get(plainText(target['type']));
  if (field !== undefined && target[field] === undefined) {
    context.fail('api-autoscaler', [...path, block, 'target'], `type ${plainText(target['type'])} needs \`${field}\``, {
      part: 'key',
    });
  }
}

/** PodDisruptionBudget of policy/v1. */
export function checkDisruptionBudget(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (context.kind !== 'PodDisruptionBudget' || spec === undefined) return;
  checkSelector(context, spec['selector'], ['spec', 'selector']);
  if (present(spec, ['minAvailable', 'maxUnavailable']).length > 1) {
    context.fail(
      'api-disruption-budget',
      ['spec', 'maxUnavailable'],
      '`minAvailable` and `maxUnavailable` exclude each other',
      { part: 'key' },
    );
  }
  for (const key of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec[key];
    const legal =
      typeof value === 'number' ? value >= 0 : typeof value === 'string' ? /^(?:\d{1,2}|100)%$/.test(value) : true;
    if (!legal)
      context.fail(
        'api-disruption-budget',
        ['spec', key],
        `${JSON.stringify(value)} is neither a count nor a percentage from 0% to 100%`,
      );
  }
}

import type { Json, JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { plainText } from '../text.js';
import { asObject, asString, at, objectsIn, type RuleContext } from './context.js';
import { checkExpression, checkLabels, checkSelector } from './metadata.js';
import { keyFault, labelValueFault } from './syntax.js';

/** Node selection, affinities, spreading and tolerations of a Pod. */
export function checkScheduling(context: RuleContext, pod: JsonObject, path: Path): void {
  checkLabels(context, pod['nodeSelector'], [...path, 'nodeSelector']);
  checkNodeAffinity(context, at(pod, 'affinity', 'nodeAffinity'), [...path, 'affinity', 'nodeAffinity']);
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    checkPodAffinity(context, at(pod, 'affinity', kind), [...path, 'affinity', kind]);
  }
  checkTolerations(context, pod, path);
  checkSpread(context, pod, path);
}

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function checkNodeAffinity(context: RuleContext, affinity: Json | undefined, path: Path): void {
  const object = asObject(affinity);
  const terms = at(object, required, 'nodeSelectorTerms');
  const place = [...path, required, 'nodeSelectorTerms'];
  if (Array.isArray(terms) && terms.length === 0) {
    context.fail('api-scheduling', place, 'needs at least one term; without one no node matches', { part: 'key' });
  }
  const check = (term: JsonObject, where: Path): void => {
    for (const [i, item] of objectsIn(term['matchExpressions'])) {
      checkExpression(context, item, [...where, 'matchExpressions', i], false);
    }
  };
  for (const [i, term] of objectsIn(terms)) check(term, [...place, i]);
  for (const [i, item] of objectsIn(object?.[preferred])) {
    const preference = asObject(item['preference']);
    if (preference !== undefined) check(preference, [...path, preferred, i, 'preference']);
  }
}

function checkPodAffinity(context: RuleContext, affinity: Json | undefined, path: Path): void {
  const object = asObject(affinity);
  const check = (term: JsonObject, where: Path): void => {
    const key = asString(term['topologyKey']);
    if (key === '') context.fail('api-scheduling', [...where, 'topologyKey'], 'must not be empty');
    const fault = key === undefined || key === '' ? undefined : keyFault(key);
    if (fault !== undefined) context.fail('api-label', [...where, 'topologyKey'], `\`${key}\` is not legal: ${fault}`);
    checkSelector(context, term['labelSelector'], [...where, 'labelSelector']);
  };
  for (const [i, term] of objectsIn(object?.[required])) check(term, [...path, required, i]);
  for (const [i, item] of objectsIn(object?.[preferred])) {
    const term = asObject(item['podAffinityTerm']);
    if (term !== undefined) check(term, [...path, preferred, i, 'podAffinityTerm']);
  }
}

function checkTolerations(context: RuleContext, pod: JsonObject, path: Path): void {
  for (const [i, item] of objectsIn(pod['tolerations'])) {
    const where = [...path, 'tolerations', i];
    const { key, operator = 'Equal', value, effect, tolerationSeconds } = item;
    const named = typeof key === 'string' && key !== '';
    if (!named && operator !== 'Exists') {
      context.fail('api-scheduling', where, 'without `key` the operator must be Exists', {
        part: 'key',
        hint: 'Exists without key tolerates every taint.',
      });
    }
    const fault = named ? keyFault(key) : undefined;
    if (fault !== undefined)
      context.fail('api-label', [...where, 'key'], `\`${plainText(key)}\` is not legal: ${fault}`);
    if (operator === 'Exists' && typeof value === 'string' && value !== '') {
      context.fail('api-scheduling', [...where, 'value'], 'must be empty when the operator is Exists', {
        hint: 'Use `operator: Equal` to compare the value.',
      });
    }
    const wrong = operator === 'Equal' && typeof value === 'string' ? labelValueFault(value) : undefined;
    if (wrong !== undefined) context.fail('api-label', [...where, 'value'], `\`${plainText(value)}\` ${wrong}`);
    if (typeof tolerationSeconds === 'number' && effect !== 'NoExecute') {
      context.fail('api-scheduling', [...where, 'tolerationSeconds'], 'means something for the effect NoExecute only', {
        part: 'key',
      });
    }
  }
}

function checkSpread(context: RuleContext, pod: JsonObject, path: Path): void {
  const seen = new Set<string>();
  for (const [i, item] of objectsIn(pod['topologySpreadConstraints'])) {
    const where = [...path, 'topologySpreadConstraints', i];
    checkSelector(context, item['labelSelector'], [...where, 'labelSelector']);
    const key = `${plainText(item['topologyKey'])} ${plainText(item['whenUnsatisfiable'])}`;
    if (typeof item['topologyKey'] === 'string' && typeof item['whenUnsatisfiable'] === 'string' && seen.has(key))
      context.fail(
        'api-scheduling',
        where,
        `repeats topologyKey and whenUnsatisfiable of an earlier constraint (${key})`,
        { part: 'key' },
      );
    seen.add(key);
    if (item['topologyKey'] === '') context.fail('api-scheduling', [...where, 'topologyKey'], 'must not be empty');
    if (typeof item['minDomains'] === 'number' && item['whenUnsatisfiable'] !== 'DoNotSchedule') {
      context.fail('api-scheduling', [...where, 'minDomains'], 'needs `whenUnsatisfiable: DoNotSchedule`', {
        part: 'key',
      });
    }
  }
}

import { at, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import { type RouteRule, routeRules } from '../../routes.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const routesLeadToDistinctBackends: Rule = {
  id: 'routes-lead-to-distinct-backends',
  group: 'serving',
  severity: 'warning',
  summary: 'Requests of different tiers are told apart and then sent to the same place.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const byObject = new Map<object, RouteRule[]>();
    for (const rule of routeRules(repository)) byObject.set(rule.place, [...(byObject.get(rule.place) ?? []), rule]);
    for (const rules of byObject.values()) {
      const seen = new Map<string, { readonly value: string; readonly rule: RouteRule }>();
      for (const rule of rules) {
        const header = onlyHeader(rule);
        if (header === undefined || rule.targets.length === 0) continue;
        const key = JSON.stringify([
          header.name,
          header.rest,
          rule.targets.map(({ text, weight }) => [text, weight ?? null]),
        ]);
        const first = seen.get(key);
        if (first === undefined) {
          seen.set(key, { value: header.value, rule });
          continue;
        }
        if (first.value === header.value) continue;
        const { place, pointer } = rule;
        onFinding(
          onField(place.object, rule.targets[0]?.pointer ?? pointer, {
            application: place.application,
            namespace: place.namespace,
            key: `${header.name} ${header.value}`,
            message: `${nameOf(place)} sends ${header.name} "${header.value}" where "${first.value}" goes as well (${rule.targets.map((each) => each.label).join(', ')}): the two are told apart without effect.`,
            hint: 'Give each its own backend, or join the two matches.',
          }),
        );
      }
    }
  },
};

interface Header {
  readonly name: string;
  readonly value: string;
  /** Everything else of the rule: what two rules must have in common to be comparable. */
  readonly rest: string;
}

/** The one header that a rule matches exactly; undefined where it matches otherwise or changes requests besides. */
function onlyHeader({ value, istio }: RouteRule): Header | undefined {
  const matches = objectsAt(value, istio ? 'match' : 'matches');
  const [match] = matches;
  if (match === undefined || matches.length !== 1) return undefined;
  const { [istio ? 'match' : 'matches']: _, [istio ? 'route' : 'backendRefs']: __, name: ___, ...others } = value;
  const { headers: ____, ...around } = match;
  const rest = JSON.stringify([others, around]);
  if (istio) {
    const entries = Object.entries(objectAt(match, 'headers'));
    const exact = entries.length === 1 ? at(entries[0]?.[1], 'exact') : undefined;
    return typeof exact === 'string' ? { name: entries[0]?.[0] as string, value: exact, rest } : undefined;
  }
  const headers = objectsAt(match, 'headers');
  const [only] = headers;
  if (headers.length !== 1 || (stringAt(only, 'type') ?? 'Exact') !== 'Exact') return undefined;
  const [name, exact] = [stringAt(only, 'name'), stringAt(only, 'value')];
  return name === undefined || exact === undefined ? undefined : { name, value: exact, rest };
}

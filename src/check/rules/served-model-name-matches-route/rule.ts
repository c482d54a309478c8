import { objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { toPointer } from '../../../yaml/range.js';
import { enginesBehind, routeRules, servedNames } from '../../routes.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import type { Engine } from '../../serving.js';
import { nameOf } from '../../workloads.js';

export const servedModelNameMatchesRoute: Rule = {
  id: 'served-model-name-matches-route',
  group: 'serving',
  severity: 'warning',
  summary: 'A route asks an engine for a model that it serves under another name.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const rule of routeRules(repository)) {
      const { place, pointer, value, istio } = rule;
      const asked = objectsAt(value, istio ? 'match' : 'matches').flatMap((match, index) =>
        modelHeaders(match, istio, `${pointer}/${istio ? 'match' : 'matches'}/${index}`),
      );
      if (asked.length === 0) continue;
      const engines = rule.targets.flatMap((target) => enginesBehind(repository, place, target));
      const names = engines.map(servedNames);
      if (engines.length === 0 || names.some((each) => each === undefined)) continue;
      const served = new Set(names.flatMap((each) => each ?? []));
      for (const { name, at } of asked) {
        if (served.has(name)) continue;
        onFinding(
          onField(place.object, at, {
            application: place.application,
            namespace: place.namespace,
            key: `${pointer} ${name}`,
            message: `${nameOf(place)} sends requests for the model "${name}" to ${nameOf((engines[0] as Engine).place)}, which serves ${[...served].map((each) => `"${each}"`).join(', ')}: they are answered with 404.`,
            allowed: [...served],
          }),
        );
      }
    }
  },
};

/** Headers into which gateways put the model of the body: llm-d and the inference extension, Envoy AI Gateway. */
const headers: ReadonlySet<string> = new Set(['x-gateway-model-name', 'x-ai-eg-model']);

interface Asked {
  readonly name: string;
  readonly at: string;
}

function modelHeaders(match: JsonObject, istio: boolean, pointer: string): Asked[] {
  if (istio)
    return Object.entries(objectAt(match, 'headers')).flatMap(([key, value]) => {
      const exact = stringAt(value, 'exact');
      return headers.has(key.toLowerCase()) && exact !== undefined
        ? [{ name: exact, at: `${pointer}/headers${toPointer([key])}/exact` }]
        : [];
    });
  return objectsAt(match, 'headers').flatMap((header, index) => {
    const name = stringAt(header, 'value');
    const known =
      headers.has((stringAt(header, 'name') ?? '').toLowerCase()) && (stringAt(header, 'type') ?? 'Exact') === 'Exact';
    return known && name !== undefined ? [{ name, at: `${pointer}/headers/${index}/value` }] : [];
  });
}

import { at, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { Deployed } from '../../../repository/model.js';
import { containersOf, isWorkload } from '../../../repository/pods.js';
import { together } from '../../neighbourhood.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { serversSelected, servicesSelected, templatesSelected } from '../../selected.js';
import { nameOf } from '../../workloads.js';

export const metricsActuallyScraped: Rule = {
  id: 'metrics-actually-scraped',
  group: 'serving',
  severity: 'error',
  summary: 'A monitor asks for metrics on a port or a path that nothing serves.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.byKind.get('monitoring.coreos.com/ServiceMonitor') ?? []) {
      const services = servicesSelected(repository, objectAt(place.object.value, 'spec', 'selector')).filter((each) =>
        watches(place, each),
      );
      for (const [index, endpoint] of objectsAt(place.object.value, 'spec', 'endpoints').entries()) {
        const port = stringAt(endpoint, 'port');
        const names = services.map((each) =>
          objectsAt(each.object.value, 'spec', 'ports').map((one) => stringAt(one, 'name')),
        );
        if (port === undefined || services.length === 0 || names.some((each) => each.includes(port))) continue;
        onFinding(
          onField(place.object, `/spec/endpoints/${index}/port`, {
            application: place.application,
            namespace: place.namespace,
            key: String(index),
            message: `ServiceMonitor ${place.object.name} asks port ${port}, which ${services.map(nameOf).join(' and ')} ${services.length === 1 ? 'does' : 'do'} not name: nothing is scraped, and what scales or alerts by it stays silent.`,
            allowed: [...new Set(names.flat().filter((each) => each !== undefined))],
          }),
        );
      }
    }
    for (const place of repository.byKind.get('monitoring.coreos.com/PodMonitor') ?? []) {
      const selector = objectAt(place.object.value, 'spec', 'selector');
      const pods = templatesSelected(repository, selector).filter(
        (each) => isWorkload(each.place.object) && watches(place, each.place),
      );
      const engines = serversSelected(repository, selector).filter((engine) => watches(place, engine.place));
      for (const [index, endpoint] of objectsAt(place.object.value, 'spec', 'podMetricsEndpoints').entries()) {
        const port = stringAt(endpoint, 'port');
        const named = pods.map(({ template }) =>
          containersOf(template.spec, '').flatMap(({ value }) =>
            objectsAt(value, 'ports').map((one) => stringAt(one, 'name')),
          ),
        );
        const common = { application: place.application, namespace: place.namespace, key: String(index) };
        if (port !== undefined && pods.length > 0 && !named.some((each) => each.includes(port))) {
          onFinding(
            onField(place.object, `/spec/podMetricsEndpoints/${index}/port`, {
              ...common,
              message: `PodMonitor ${place.object.name} asks port ${port}, which no container of ${pods.map((each) => nameOf(each.place)).join(' and ')} names: nothing is scraped, and what scales or alerts by it stays silent.`,
              allowed: [...new Set(named.flat().filter((each) => each !== undefined))],
            }),
          );
          continue;
        }
        const path = stringAt(endpoint, 'path') ?? '/metrics';
        const engine = engines.find(({ container }) =>
          objectsAt(container.value, 'ports').some((each) => stringAt(each, 'name') === port),
        );
        if (engine === undefined || path === '/metrics' || engine.facts.flags.has('root-path')) continue;
        onFinding(
          onField(place.object, `/spec/podMetricsEndpoints/${index}/path`, {
            ...common,
            message: `PodMonitor ${place.object.name} asks ${path}, and vLLM in ${nameOf(engine.place)} has its metrics at /metrics.`,
            hint: 'Write path: /metrics, or leave it out.',
          }),
        );
      }
    }
  },
};

/** Whether a monitor looks where something stands: its own namespace, unless it selects others. */
function watches(monitor: Deployed, other: Deployed): boolean {
  const everywhere = at(monitor.object.value, 'spec', 'namespaceSelector') !== undefined;
  return everywhere ? monitor.cluster === other.cluster : together(monitor, other);
}

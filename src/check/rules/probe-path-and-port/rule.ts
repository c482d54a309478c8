import { at, integerAt, isObject, objectsAt, stringAt } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers, takesMoreVariables } from '../../workloads.js';

export const probePathAndPort: Rule = {
  id: 'probe-path-and-port',
  group: 'serving',
  severity: 'error',
  summary: 'A probe asks a path or a port that the engine does not serve.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { container, facts, place } = engine;
      const port = facts.flags.has('port') ? Number(facts.flags.get('port')?.value ?? Number.NaN) : 8000;
      if (
        facts.configFile ||
        facts.flags.has('root-path') ||
        facts.flags.has('uds') ||
        takesMoreVariables(container.value)
      )
        continue;
      const others = objectsAt(engine.template.spec, 'containers').filter((each) => each !== container.value);
      const elsewhere = [...others, ...objectsAt(engine.template.spec, 'initContainers')].flatMap((each) =>
        objectsAt(each, 'ports').map((one) => integerAt(one, 'containerPort')),
      );
      for (const name of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const get = at(container.value, name, 'httpGet');
        if (!isObject(get) || get['host'] !== undefined) continue;
        const pointer = `${container.pointer}/${name}/httpGet`;
        const named = typeof get['port'] === 'string' && !/^\d+$/.test(get['port']) ? get['port'] : undefined;
        const declared = objectsAt(container.value, 'ports').find((each) => stringAt(each, 'name') === named);
        const asked = named === undefined ? integerAt(get, 'port') : integerAt(declared, 'containerPort');
        if (named !== undefined && asked === undefined) {
          onFinding(
            onServer(engine, `${pointer}/port`, {
              key: name,
              message: `The ${name} of ${nameOf(place)} asks port ${named}, and the container has no port of that name: every probe fails.`,
              hint: 'Name a port of the container, or write its number.',
            }),
          );
          continue;
        }
        if (asked === undefined || elsewhere.includes(asked)) continue;
        if (Number.isFinite(port) && asked !== port) {
          onFinding(
            onServer(engine, `${pointer}/port`, {
              key: name,
              message: `The ${name} of ${nameOf(place)} asks port ${asked}, and the engine listens on ${port}${facts.flags.has('port') ? '' : ' (the default of vLLM)'}: every probe fails.`,
              hint: `Ask port ${port}, or start the engine with --port ${asked}.`,
            }),
          );
          continue;
        }
        const path = (stringAt(get, 'path') ?? '/').replace(/[?#].*$/, '');
        if (!unknownPaths.test(path)) continue;
        onFinding(
          onServer(engine, `${pointer}/path`, {
            key: name,
            message: `The ${name} of ${nameOf(place)} asks ${path}, which vLLM answers with 404: every probe fails.`,
            hint: 'Ask /health.',
            allowed: ['/health', '/ping', '/v1/models'],
          }),
        );
      }
    }
  },
};

/** Paths of other servers (NIM, Triton, Kubernetes' own components, Spring) that vLLM's API server does not have. */
const unknownPaths =
  /^\/(healthz|livez|readyz|ready|live|readiness|liveness|health\/(live|ready|liveness|readiness)|v1\/health(\/(live|ready))?|v2\/health\/(live|ready)|api\/health|status|actuator\/health)\/?$/;

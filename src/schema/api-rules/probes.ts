import type { JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { asObject, asString, objectsIn, present, type RuleContext } from './context.js';
import { nameFault } from './syntax.js';

const handlers = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

/** Probes and lifecycle hooks of a container. */
export function checkProbes(context: RuleContext, container: JsonObject, path: Path): void {
  const ports = new Set(objectsIn(container['ports']).flatMap(([, port]) => asString(port['name']) ?? []));
  for (const kind of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = asObject(container[kind]);
    if (probe === undefined) continue;
    const at = [...path, kind];
    checkHandler(context, probe, at, handlers, ports);
    if (kind !== 'readinessProbe' && typeof probe['successThreshold'] === 'number' && probe['successThreshold'] > 1) {
      context.fail('api-probe', [...at, 'successThreshold'], `must be 1 for a ${kind}`, { fix: '1' });
    }
    if (kind === 'readinessProbe' && typeof probe['terminationGracePeriodSeconds'] === 'number') {
      context.fail(
        'api-probe',
        [...at, 'terminationGracePeriodSeconds'],
        'a readinessProbe ends no container, so it takes none',
        { part: 'key' },
      );
    }
  }
  const lifecycle = asObject(container['lifecycle']);
  for (const kind of ['postStart', 'preStop'] as const) {
    const hook = asObject(lifecycle?.[kind]);
    if (hook !== undefined)
      checkHandler(context, hook, [...path, 'lifecycle', kind], ['exec', 'httpGet', 'tcpSocket', 'sleep'], ports);
  }
}

function checkHandler(
  context: RuleContext,
  value: JsonObject,
  path: Path,
  known: readonly string[],
  ports: ReadonlySet<string>,
): void {
  const written = present(value, known);
  if (written.length === 0)
    context.fail('api-probe', path, `needs one of ${known.join(', ')}`, { part: 'key', allowed: known });
  if (written.length > 1)
    context.fail('api-probe', path, `has ${written.join(' and ')}; only one is allowed`, { part: 'key' });
  for (const kind of ['httpGet', 'tcpSocket'] as const) {
    const port = asObject(value[kind])?.['port'];
    if (typeof port === 'number' && (port < 1 || port > 65535)) {
      context.fail('api-port', [...path, kind, 'port'], `${port} is no port: 1 to 65535`);
    } else if (typeof port === 'string' && !/^\d+$/.test(port))
      namedPort(context, port, [...path, kind, 'port'], ports);
    else if (typeof port === 'string') {
      context.fail(
        'api-port',
        [...path, kind, 'port'],
        `"${port}" is read as the name of a port; write the number without quotes`,
        { fix: port },
      );
    }
  }
  const exec = asObject(value['exec']);
  if (exec !== undefined && (!Array.isArray(exec['command']) || exec['command'].length === 0)) {
    context.fail('api-probe', [...path, 'exec'], '`command` must not be empty', { part: 'key' });
  }
}

function namedPort(context: RuleContext, name: string, path: Path, ports: ReadonlySet<string>): void {
  const fault = nameFault('port', name);
  if (fault !== undefined) context.fail('api-port', path, `\`${name}\` is no legal name of a port: it ${fault}`);
  else if (!ports.has(name)) {
    context.fail('api-probe', path, `no port of the container is called \`${name}\`, so the probe never succeeds`, {
      severity: 'error',
      allowed: [...ports],
    });
  }
}

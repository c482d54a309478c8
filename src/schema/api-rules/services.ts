import type { JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { isIpv4, isIpv6 } from '../ip-text.js';
import { plainText } from '../text.js';
import { asObject, asString, objectsIn, present, type RuleContext } from './context.js';
import { checkLabels } from './metadata.js';
import { nameFault } from './syntax.js';

/** Service of the core. */
export function checkService(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (context.kind !== 'Service' || context.apiVersion !== 'v1' || spec === undefined) return;
  const type = asString(spec['type']) ?? 'ClusterIP';
  const headless = spec['clusterIP'] === 'None';
  const ports = objectsIn(spec['ports']);
  checkLabels(context, spec['selector'], ['spec', 'selector']);
  if (type === 'ExternalName') checkExternalName(context, spec);
  else if (ports.length === 0 && !headless) {
    context.fail('api-service', ['spec'], `a Service of type ${type} needs at least one port`, {
      part: 'key',
      key: 'ports',
    });
  }
  if (headless && (type === 'NodePort' || type === 'LoadBalancer')) {
    context.fail('api-service', ['spec', 'clusterIP'], `None is not allowed for a Service of type ${type}`);
  }
  if (
    spec['externalTrafficPolicy'] !== undefined &&
    type !== 'NodePort' &&
    type !== 'LoadBalancer' &&
    !Array.isArray(spec['externalIPs'])
  ) {
    context.fail(
      'api-service',
      ['spec', 'externalTrafficPolicy'],
      `applies to NodePort and LoadBalancer only, not to ${type}`,
      { part: 'key' },
    );
  }
  checkServicePorts(context, ports, type);
}

function checkExternalName(context: RuleContext, spec: JsonObject): void {
  const name = asString(spec['externalName'])?.replace(/\.$/, '');
  const fault = name === undefined || name === '' ? 'is missing' : nameFault('subdomain', name);
  if (fault !== undefined)
    context.fail(
      'api-service',
      ['spec', 'externalName'],
      `a Service of type ExternalName needs a host name: \`${name ?? ''}\` ${fault}`,
    );
}

function checkServicePorts(
  context: RuleContext,
  ports: readonly (readonly [number, JsonObject])[],
  type: string,
): void {
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [i, port] of ports) {
    const at = ['spec', 'ports', i];
    const name = asString(port['name']) ?? '';
    const fault = name === '' ? undefined : nameFault('label', name);
    if (fault !== undefined) context.fail('api-port', [...at, 'name'], `\`${name}\` ${fault}`);
    if (name === '' && ports.length > 1) {
      context.fail('api-port', at, 'needs a `name`, because the Service has several ports', { part: 'key' });
    }
    if (name !== '' && names.has(name))
      context.fail('api-port', [...at, 'name'], `another port is called \`${name}\` already`);
    names.add(name);
    const key = `${plainText(port['port'])}/${plainText(port['protocol'] ?? 'TCP')}`;
    if (typeof port['port'] === 'number' && seen.has(key))
      context.fail('api-port', [...at, 'port'], `${key} is listed twice`);
    seen.add(key);
    checkTargetPort(context, port, at);
    if (
      typeof port['nodePort'] === 'number' &&
      port['nodePort'] > 0 &&
      type !== 'NodePort' &&
      type !== 'LoadBalancer'
    ) {
      context.fail('api-port', [...at, 'nodePort'], `is not allowed for a Service of type ${type}`, { part: 'key' });
    }
  }
}

function checkTargetPort(context: RuleContext, port: JsonObject, path: Path): void {
  const target = port['targetPort'];
  if (typeof target === 'number' && (target < 1 || target > 65535)) {
    context.fail('api-port', [...path, 'targetPort'], `${target} is no port: 1 to 65535`);
  } else if (typeof target === 'string') {
    const fault = nameFault('port', target);
    if (fault === undefined) return;
    const number = /^\d+$/.test(target);
    const what = number
      ? `"${target}" is read as the name of a port; write the number without quotes`
      : `\`${target}\` is no legal name of a port: it ${fault}`;
    context.fail('api-port', [...path, 'targetPort'], what, { ...(number && { fix: target }) });
  }
}

/** Ingress of networking.k8s.io/v1. */
export function checkIngress(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (context.kind !== 'Ingress' || context.apiVersion !== 'networking.k8s.io/v1' || spec === undefined) return;
  const rules = objectsIn(spec['rules']);
  if (rules.length === 0 && asObject(spec['defaultBackend']) === undefined) {
    context.fail('api-ingress', ['spec'], 'needs `rules` or a `defaultBackend`', { part: 'key' });
  }
  const fallback = asObject(spec['defaultBackend']);
  if (fallback !== undefined) checkBackend(context, fallback, ['spec', 'defaultBackend']);
  for (const [i, rule] of rules) {
    checkHost(context, rule['host'], ['spec', 'rules', i, 'host']);
    for (const [j, item] of objectsIn(asObject(rule['http'])?.['paths'])) {
      const at = ['spec', 'rules', i, 'http', 'paths', j];
      checkPath(context, item, at);
      const backend = asObject(item['backend']);
      if (backend !== undefined) checkBackend(context, backend, [...at, 'backend']);
    }
  }
  for (const [i, tls] of objectsIn(spec['tls'])) {
    if (!Array.isArray(tls['hosts'])) continue;
    for (const [j, host] of tls['hosts'].entries()) checkHost(context, host, ['spec', 'tls', i, 'hosts', j]);
  }
}

function checkHost(context: RuleContext, host: unknown, path: Path): void {
  if (typeof host !== 'string' || host === '') return;
  if (isIpv4(host) || isIpv6(host)) {
    context.fail('api-ingress', path, `\`${host}\` is an address; a host is a DNS name`);
    return;
  }
  const fault = nameFault('subdomain', host.replace(/^\*\./, ''));
  if (fault !== undefined)
    context.fail('api-ingress', path, `\`${host}\` ${fault}; a wildcard is the whole first label, as in *.example.com`);
}

function checkPath(context: RuleContext, item: JsonObject, path: Path): void {
  const type = item['pathType'];
  const written = asString(item['path']);
  if (type !== 'Exact' && type !== 'Prefix') return;
  if (written === undefined || !written.startsWith('/')) {
    context.fail(
      'api-ingress',
      written === undefined ? path : [...path, 'path'],
      `pathType ${type} needs a path that begins with /`,
      { part: written === undefined ? 'key' : 'value' },
    );
  } else if (/\/\/|\/\.{1,2}(?:\/|$)|%2f/i.test(written)) {
    context.fail('api-ingress', [...path, 'path'], `\`${written}\` must hold no //, /./, /../ or %2f`);
  }
}

function checkBackend(context: RuleContext, backend: JsonObject, path: Path): void {
  const written = present(backend, ['service', 'resource']);
  if (written.length !== 1) {
    context.fail(
      'api-ingress',
      path,
      written.length === 0 ? 'needs `service` or `resource`' : 'has both `service` and `resource`; only one is allowed',
      { part: 'key' },
    );
  }
  const service = asObject(backend['service']);
  if (service === undefined) return;
  const name = asString(service['name']);
  const fault = name === undefined ? undefined : nameFault(context.since('1.36') ? 'label' : 'service', name);
  if (fault !== undefined)
    context.fail('api-ingress', [...path, 'service', 'name'], `\`${name}\` is no legal name of a Service: it ${fault}`);
  const port = asObject(service['port']);
  const said =
    port === undefined ? [] : present(port, ['name', 'number']).filter((key) => port[key] !== 0 && port[key] !== '');
  if (said.length !== 1) {
    context.fail(
      'api-ingress',
      [...path, 'service'],
      said.length === 0 ? 'needs `port.number` or `port.name`' : '`port.number` and `port.name` exclude each other',
      { part: 'key' },
    );
  }
}

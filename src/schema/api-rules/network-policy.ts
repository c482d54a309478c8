import type { JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { isIpv4, isIpv6 } from '../ip-text.js';
import { plainText } from '../text.js';
import { asObject, asString, objectsIn, present, type RuleContext } from './context.js';
import { checkSelector } from './metadata.js';
import { nameFault } from './syntax.js';

/** NetworkPolicy of networking.k8s.io/v1. */
export function checkNetworkPolicy(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (context.kind !== 'NetworkPolicy' || spec === undefined) return;
  checkSelector(context, spec['podSelector'], ['spec', 'podSelector']);
  for (const [list, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [i, rule] of objectsIn(spec[list])) {
      for (const [j, peer] of objectsIn(rule[peers])) checkPeer(context, peer, ['spec', list, i, peers, j]);
      for (const [j, port] of objectsIn(rule['ports'])) checkPolicyPort(context, port, ['spec', list, i, 'ports', j]);
    }
  }
}

function checkPeer(context: RuleContext, peer: JsonObject, path: Path): void {
  const written = present(peer, ['podSelector', 'namespaceSelector', 'ipBlock']);
  if (written.length === 0) {
    context.fail('api-network-policy', path, 'needs podSelector, namespaceSelector or ipBlock', { part: 'key' });
  }
  if (written.includes('ipBlock') && written.length > 1) {
    context.fail('api-network-policy', path, 'ipBlock cannot stand beside selectors', {
      part: 'key',
      hint: 'Make two peers of it: either may match.',
    });
  }
  checkSelector(context, peer['podSelector'], [...path, 'podSelector']);
  checkSelector(context, peer['namespaceSelector'], [...path, 'namespaceSelector']);
  const block = asObject(peer['ipBlock']);
  const cidr = asString(block?.['cidr']);
  if (cidr !== undefined && !isCidr(cidr))
    context.fail('api-network-policy', [...path, 'ipBlock', 'cidr'], `\`${cidr}\` is no network such as 10.0.0.0/8`);
  if (!Array.isArray(block?.['except'])) return;
  for (const [i, except] of block['except'].entries()) {
    if (typeof except === 'string' && !isCidr(except)) {
      context.fail(
        'api-network-policy',
        [...path, 'ipBlock', 'except', i],
        `\`${except}\` is no network such as 10.0.0.0/8`,
      );
    }
  }
}

function checkPolicyPort(context: RuleContext, port: JsonObject, path: Path): void {
  const { port: from, endPort: to } = port;
  if (typeof to === 'number' && typeof from !== 'number') {
    context.fail('api-network-policy', [...path, 'endPort'], 'needs `port` as a number', { part: 'key' });
  } else if (typeof to === 'number' && typeof from === 'number' && to < from) {
    context.fail('api-network-policy', [...path, 'endPort'], `${to} is below port ${from}`);
  }
  if (typeof from === 'number' && (from < 1 || from > 65535))
    context.fail('api-port', [...path, 'port'], `${from} is no port: 1 to 65535`);
  const fault = typeof from === 'string' ? nameFault('port', from) : undefined;
  if (fault !== undefined)
    context.fail('api-port', [...path, 'port'], `\`${plainText(from)}\` is no legal name of a port: it ${fault}`);
}

/** Whether a text is a network in CIDR form. */
export function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash < 0) return false;
  const bits = text.slice(slash + 1);
  const address = text.slice(0, slash);
  if (!/^\d{1,3}$/.test(bits)) return false;
  return isIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

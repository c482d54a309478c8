import type { Json } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { plainText } from '../text.js';
import { asObject, type RuleContext } from './context.js';
import { keyFault, quantityValue } from './syntax.js';

/** Requests and limits of a container: names, integers, requests at most limits, extended resources equal. */
export function checkResources(context: RuleContext, resources: Json | undefined, path: Path): void {
  const object = asObject(resources);
  if (object === undefined) return;
  const requests = asObject(object['requests']) ?? {};
  const limits = asObject(object['limits']) ?? {};
  for (const [name, list] of [
    ['requests', requests],
    ['limits', limits],
  ] as const) {
    for (const [key, value] of Object.entries(list)) checkAmount(context, key, value, [...path, name, key]);
  }
  for (const [key, value] of Object.entries(requests)) comparePair(context, key, value, limits[key], path);
}

/** A resource that a device plugin or an administrator adds: it has a domain that is not Kubernetes' own. */
export function isExtended(name: string): boolean {
  return (
    name.includes('/') &&
    !name.startsWith('kubernetes.io/') &&
    !name.includes('.kubernetes.io/') &&
    !name.startsWith('requests.')
  );
}

const standard: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

function checkAmount(context: RuleContext, name: string, value: Json, path: Path): void {
  const amount = typeof value === 'string' || typeof value === 'number' ? quantityValue(value) : undefined;
  const huge = name.startsWith('hugepages-');
  if (!standard.has(name) && !huge && !name.includes('/')) {
    const hint = /^(?:gpu|nvidia)/i.test(name)
      ? 'GPUs of NVIDIA are `nvidia.com/gpu`, of AMD `amd.com/gpu`.'
      : undefined;
    context.fail(
      'api-resource',
      path,
      `\`${name}\` is no resource of a container: cpu, memory, ephemeral-storage, hugepages-<size>, or an extended resource with its domain`,
      {
        part: 'key',
        allowed: [...standard],
        ...(hint !== undefined && { hint }),
      },
    );
    return;
  }
  const fault = keyFault(name);
  if (fault !== undefined) context.fail('api-resource', path, `\`${name}\` is not legal: ${fault}`, { part: 'key' });
  if (amount === undefined) return;
  if (amount < 0) context.fail('api-quantity', path, `${plainText(value)} is below zero`);
  if ((isExtended(name) || huge) && !Number.isInteger(amount)) {
    context.fail('api-extended-resource', path, `${plainText(value)} of ${name}: only whole units can be asked for`, {
      hint: 'A share of a GPU is a resource of its own (MIG, time-slicing) or a ResourceClaim.',
    });
  }
  if (name === 'memory' && typeof value === 'string' && /\d[mun]$/.test(value)) {
    const meant = value.replace(/[mun]$/, 'Mi');
    context.fail('api-quantity', path, `${value} is ${amount} bytes: \`m\` means a thousandth`, {
      severity: 'warning',
      hint: `Write ${meant} for mebibytes.`,
      fix: meant,
    });
  } else if ((name === 'memory' || name === 'ephemeral-storage') && amount > 0 && amount < 1024) {
    context.fail('api-quantity', path, `${plainText(value)} is ${amount} bytes of ${name}`, {
      severity: 'warning',
      hint: `Write ${plainText(value)}Mi or ${plainText(value)}Gi.`,
    });
  }
}

function comparePair(context: RuleContext, name: string, request: Json, limit: Json | undefined, path: Path): void {
  const asked = scalarAmount(request);
  if (asked === undefined) return;
  const overcommit = !isExtended(name) && !name.startsWith('hugepages-');
  if (limit === undefined || limit === null) {
    if (!overcommit) {
      context.fail(
        'api-extended-resource',
        [...path, 'requests', name],
        `${name} is requested without a limit: both must be set and equal`,
        {
          hint: 'The limit alone suffices; the request follows it.',
        },
      );
    }
    return;
  }
  const most = scalarAmount(limit);
  if (most === undefined) return;
  if (!overcommit && asked !== most) {
    context.fail(
      'api-extended-resource',
      [...path, 'requests', name],
      `${name} is requested ${plainText(request)} times and limited to ${plainText(limit)}: both must be equal`,
    );
  } else if (asked > most) {
    context.fail(
      'api-quantity',
      [...path, 'requests', name],
      `${plainText(request)} of ${name} is requested, more than its limit of ${plainText(limit)}`,
    );
  }
}

function scalarAmount(value: Json): number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? quantityValue(value) : undefined;
}

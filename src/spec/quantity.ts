import { shown } from '../diagnostics/show.js';
import type { Refusal } from './names.js';

/** Bytes per unit (k8s.io/apimachinery, resource.Quantity: binarySI and decimalSI). Only a small k exists. */
const byteUnits: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
]);

/** Longest text that is looked at; nobody writes a longer quantity. */
const longest = 32;

/** Bytes of a memory quantity, or undefined where it is none. */
export function bytesOf(text: string): number | undefined {
  if (text.length > longest) return undefined;
  const match = text.match(/^([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)$/);
  const unit = match && byteUnits.get(match[2]!);
  return unit === undefined || unit === null ? undefined : Number(match![1]) * unit;
}

/** Thousandths of a core of a CPU quantity, or undefined where it is none. */
export function milliOf(value: string | number): number | undefined {
  if (typeof value === 'number')
    return Number.isFinite(value) && value >= 0 ? Math.ceil(value * 1000 - 1e-6) : undefined;
  if (value.length > longest) return undefined;
  if (/^[0-9]+m$/.test(value)) return Number(value.slice(0, -1));
  return /^[0-9]+(?:\.[0-9]{1,3})?$/.test(value) ? Math.round(Number(value) * 1000) : undefined;
}

/** Why a text is no amount of memory; undefined where it is one. */
export function refuseMemory(text: string): Refusal | undefined {
  const written = `"${shown(text)}"`;
  const plain = {
    hint: 'Write bytes with a unit: Ki, Mi, Gi, Ti (powers of 1024) or k, M, G, T (powers of 1000), for example 16Gi.',
  };
  if (text.length > longest)
    return {
      message: `${written} is too long for a quantity: ${text.length} characters, the limit is ${longest}.`,
      ...plain,
    };
  const match = text.match(/^\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*$/);
  if (!match) return { message: `${written} is no amount of memory.`, ...plain };
  const [, amount, unit] = match as unknown as [string, string, string];
  const spaced = text !== amount + unit;
  const value = bytesOf(amount + unit);
  if (value !== undefined && !spaced) {
    if (value === 0) return { message: `${written} is no memory at all.`, ...plain };
    if (unit === '' && value < 2 ** 20) {
      return { message: `${written} is ${amount} bytes.`, hint: `Did you mean ${amount}Gi?` };
    }
    return undefined;
  }
  if (value !== undefined)
    return { message: `${written} has a space in it.`, hint: `Write ${amount}${unit}.`, fix: amount + unit };
  if (unit === 'm')
    return {
      message: `${written} is thousandths of a byte in Kubernetes.`,
      hint: `Did you mean ${amount}Mi?`,
      fix: `${amount}Mi`,
    };
  const prefix = unit[0]!.toUpperCase();
  if ('KMGTP'.includes(prefix) && /^[kmgtp](?:i?b?)$/i.test(unit)) {
    const decimal = prefix === 'K' ? 'k' : prefix;
    const binary = `${prefix}i`;
    return {
      message: `${written} has the unknown unit "${unit}".`,
      hint: /i/i.test(unit)
        ? `Did you mean ${amount}${binary}?`
        : `Did you mean ${amount}${binary} or ${amount}${decimal}?`,
    };
  }
  return { message: `${written} has the unknown unit "${shown(unit)}".`, ...plain };
}

/** Why a text is no amount of CPU; undefined where it is one. */
export function refuseCpu(text: string): Refusal | undefined {
  const written = `"${shown(text)}"`;
  const plain = { hint: 'Write cores, such as 8 or 0.5, or thousandths of a core, such as 500m.' };
  if (text.length > longest)
    return {
      message: `${written} is too long for a quantity: ${text.length} characters, the limit is ${longest}.`,
      ...plain,
    };
  if (milliOf(text) !== undefined) return undefined;
  const match = text.match(/^\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)\s*$/);
  if (!match) return { message: `${written} is no amount of CPU.`, ...plain };
  const [, amount, unit] = match as unknown as [string, string, string];
  if (/^(?:[KMGTP]i?b?|k)$/i.test(unit) && unit !== 'm') {
    return {
      message: `${written} has a unit of memory; CPU is counted in cores.`,
      hint: unit === 'Mi' || unit === 'M' ? `Did you mean ${amount}m?` : plain.hint,
    };
  }
  if (/^(?:c|cpus?|cores?|vcpus?)$/i.test(unit))
    return { message: `${written} has a unit that Kubernetes does not know.`, hint: `Write ${amount}.`, fix: amount };
  if (unit === 'm' || unit === '') return { message: `${written} is finer than a thousandth of a core.`, ...plain };
  return { message: `${written} has the unknown unit "${shown(unit)}".`, ...plain };
}

/** Why a text is no Kubernetes quantity of any kind; undefined where it is one. */
export function refuseQuantity(text: string): Refusal | undefined {
  if (text.length <= longest && (milliOf(text) !== undefined || bytesOf(text) !== undefined)) return undefined;
  return (
    refuseMemory(text) ?? {
      message: `"${shown(text)}" is no quantity.`,
      hint: 'Write a number, or a number with a unit such as 500m or 16Gi.',
    }
  );
}

const plainResources = new Set(['cpu', 'memory', 'ephemeral-storage', 'storage', 'pods']);
const countable =
  /^(?:count\/[a-z0-9.-]+|services(?:\.[a-z]+)?|secrets|configmaps|persistentvolumeclaims|replicationcontrollers|resourcequotas)$/;
const known = ['nvidia.com/gpu', 'amd.com/gpu', 'habana.ai/gaudi', 'google.com/tpu', 'gpu.intel.com/i915'];

/** Why a text is no name of a resource; undefined where it is one. */
export function refuseResourceName(text: string): Refusal | undefined {
  if (text.length > 253)
    return { message: 'The name of the resource is longer than 253 characters.', hint: 'Shorten it.' };
  const [, prefix, name] = text.match(/^(requests\.|limits\.)?(.*)$/s) as unknown as [
    string,
    string | undefined,
    string,
  ];
  if (
    plainResources.has(name) ||
    /^hugepages-[0-9]+[KMG]i$/.test(name) ||
    (prefix === undefined && countable.test(name))
  )
    return undefined;
  const bare = name.toLowerCase().split('/').at(-1)!;
  const vendor = name.toLowerCase().split(/[./]/)[0]!;
  const isGpu = bare === 'gpu' || bare === 'gpus';
  const ofVendor = name.includes('/') ? known.find((one) => one.startsWith(`${vendor}.`)) : undefined;
  const near = known.find((one) => one === name.toLowerCase()) ?? (isGpu ? (ofVendor ?? known[0]) : undefined);
  if (near !== undefined && near !== name) {
    const fix = `${prefix ?? ''}${near}`;
    return { message: `No device plugin offers the resource "${shown(text)}".`, hint: `Did you mean "${fix}"?`, fix };
  }
  // Most domains have a dot; that of the RDMA plugins (rdma/hca_shared_devices_a) has none.
  if (
    /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name) &&
    (ofVendor === undefined || name.startsWith(`${vendor}.`))
  )
    return undefined;
  return {
    message: `"${shown(text)}" is no name of a resource.`,
    hint: 'Write cpu, memory, pods, or an extended resource with its domain such as nvidia.com/gpu; quotas count requests.<resource>.',
  };
}

/**
 * Kubernetes quantities, read exactly.
 *
 * Grammar and rounding follow `k8s.io/apimachinery/pkg/api/resource` (quantity.go): a signed decimal number and a suffix
 * of one of three families: binary (Ki … Ei), decimal (n u m, none, k M G T P E), or a decimal exponent (e3, E-2). What
 * does not divide evenly is rounded up, as `Value()` and `MilliValue()` do.
 */

/** A quantity as an exact fraction: `numerator / denominator`, denominator a power of ten. */
export interface Quantity {
  readonly numerator: bigint;
  readonly denominator: bigint;
  /** The suffix as written. */
  readonly suffix: string;
}

export type QuantityResult =
  | { readonly ok: true; readonly quantity: Quantity }
  | { readonly ok: false; readonly reason: string; readonly didYouMean: readonly string[] };

const binary: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};

const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

/** The exponents a quantity may carry; larger ones only serve to exhaust memory. */
const largestExponent = 64;

const shape = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)([A-Za-z]*|[eE][+-]?\d+)$/;

/** Reads one quantity. YAML gives numbers where no quotes stand (`cpu: 4`), so both forms are accepted. */
export function parseQuantity(input: unknown): QuantityResult {
  const text = typeof input === 'number' && Number.isFinite(input) ? numberText(input) : input;
  if (typeof text !== 'string') return refuse(`a quantity is a number or a string, not ${kindOf(input)}`);
  if (text === '') return refuse('the quantity is empty');
  if (text.length > 128) return refuse('the quantity is longer than 128 characters');
  const match = shape.exec(text);
  if (match === null) return refuse(...explain(text));
  const [, sign = '', digits = '', suffix = ''] = match;
  const scale = scaleOf(suffix);
  if (scale === undefined) return refuse(...explainSuffix(digits, suffix));
  const [whole = '', fraction = ''] = digits.split('.');
  let numerator = BigInt(`${whole}${fraction}` || '0') * scale.numerator;
  const denominator = 10n ** BigInt(fraction.length) * scale.denominator;
  if (sign === '-') numerator = -numerator;
  return { ok: true, quantity: { numerator, denominator, suffix } };
}

/** The quantity in whole units (bytes, devices, Pods), rounded up. */
export function units(quantity: Quantity): bigint {
  return ceilDivide(quantity.numerator, quantity.denominator);
}

/** The quantity in thousandths (milli CPU), rounded up. */
export function milli(quantity: Quantity): bigint {
  return ceilDivide(quantity.numerator * 1000n, quantity.denominator);
}

/** Whether the quantity has no fraction. */
export function isWhole(quantity: Quantity): boolean {
  return quantity.numerator % quantity.denominator === 0n;
}

/** What is wrong with a quantity for the resource it stands under; `error` is what the API refuses or what cannot be meant. */
export interface QuantityProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly didYouMean: readonly string[];
}

/**
 * Judges a quantity against the resource it is given for: dimension (`cpu: 500Mi`), thousandths of a byte
 * (`memory: 16m`), fractions of a device, negative amounts.
 */
export function judgeQuantity(resource: string, input: unknown): QuantityProblem | undefined {
  const parsed = parseQuantity(input);
  if (!parsed.ok) return { severity: 'error', message: `${resource}: ${parsed.reason}`, didYouMean: parsed.didYouMean };
  const { quantity } = parsed;
  const text = String(input);
  if (quantity.numerator < 0n) return bad(`${resource}: ${text} is negative`, []);
  if (resource === 'cpu') {
    if (quantity.suffix in binary) {
      return bad(`cpu: ${text} is a size in bytes, CPU is counted in cores (4) or thousandths of a core (500m)`, [
        text.replace(/[A-Za-z]+$/, 'm'),
      ]);
    }
    if (quantity.numerator * 1000n < quantity.denominator && quantity.numerator > 0n) {
      return bad(`cpu: ${text} is less than a thousandth of a core, the smallest amount there is`, ['1m']);
    }
    return undefined;
  }
  if (isByteResource(resource)) {
    if (quantity.suffix === 'm' || quantity.suffix === 'u' || quantity.suffix === 'n') {
      const number = text.slice(0, -1);
      return bad(`${resource}: ${text} means ${number} thousandths of a byte or less`, [`${number}Mi`, `${number}M`]);
    }
    return undefined;
  }
  if (!isWhole(quantity)) return bad(`${resource}: ${text} is not a whole number, and devices are not divisible`, []);
  return undefined;
}

function bad(message: string, didYouMean: readonly string[]): QuantityProblem {
  return { severity: 'error', message, didYouMean };
}

/** Resources counted in bytes. */
export function isByteResource(resource: string): boolean {
  return (
    resource === 'memory' ||
    resource === 'ephemeral-storage' ||
    resource === 'storage' ||
    resource.startsWith('hugepages-')
  );
}

/** Extended resources are integers that a device plugin advertises: a domain other than `kubernetes.io`, then a name. */
export function isExtendedResource(resource: string): boolean {
  const slash = resource.indexOf('/');
  return slash > 0 && !/(^|\.)kubernetes\.io$/.test(resource.slice(0, slash));
}

/**
 * The amount of `resource` as this room counts it: milli CPU, bytes, or whole devices. Undefined for what cannot be read.
 * Amounts beyond 2^53 - 1 (8 PiB) are cut there: no node is larger, so no comparison changes.
 */
export function amountOf(resource: string, input: unknown): number | undefined {
  const parsed = parseQuantity(input);
  if (!parsed.ok) return undefined;
  const amount = resource === 'cpu' ? milli(parsed.quantity) : units(parsed.quantity);
  if (amount < 0n) return undefined;
  return amount > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(amount);
}

/** An amount as people read it: `1.5` cores, `64 GiB`, `8`. Exact where it is short, else rounded to three digits. */
export function showAmount(resource: string, amount: number): string {
  if (resource === 'cpu') return `${trim(amount / 1000)} CPU`;
  if (!isByteResource(resource)) return String(amount);
  for (const [unit, size] of [
    ['TiB', 2 ** 40],
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ] as const) {
    if (Math.abs(amount) >= size) return `${trim(amount / size)} ${unit}`;
  }
  return `${amount} B`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(Math.max(4, Math.trunc(Math.abs(value)).toString().length))));
}

function scaleOf(suffix: string): { numerator: bigint; denominator: bigint } | undefined {
  const power = binary[suffix];
  if (power !== undefined) return { numerator: power, denominator: 1n };
  const exponent = decimal[suffix] ?? exponentOf(suffix);
  if (exponent === undefined || Math.abs(exponent) > largestExponent) return undefined;
  const ten = 10n ** BigInt(Math.abs(exponent));
  return exponent >= 0 ? { numerator: ten, denominator: 1n } : { numerator: 1n, denominator: ten };
}

function exponentOf(suffix: string): number | undefined {
  return /^[eE][+-]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : undefined;
}

const closest: Readonly<Record<string, readonly string[]>> = {
  K: ['k', 'Ki'],
  KB: ['k', 'Ki'],
  kB: ['k', 'Ki'],
  kb: ['k', 'Ki'],
  KiB: ['Ki'],
  ki: ['Ki'],
  MB: ['Mi', 'M'],
  Mb: ['Mi', 'M'],
  mb: ['Mi', 'M'],
  MiB: ['Mi'],
  mi: ['Mi'],
  GB: ['Gi', 'G'],
  Gb: ['Gi', 'G'],
  gb: ['Gi', 'G'],
  GiB: ['Gi'],
  gi: ['Gi'],
  g: ['Gi', 'G'],
  TB: ['Ti', 'T'],
  Tb: ['Ti', 'T'],
  tb: ['Ti', 'T'],
  TiB: ['Ti'],
  ti: ['Ti'],
  t: ['Ti', 'T'],
};

function explainSuffix(digits: string, suffix: string): [string, readonly string[]] {
  const better = closest[suffix] ?? [];
  return [
    `"${digits}${suffix}" has a suffix Kubernetes does not know: "${suffix}"`,
    better.map((each) => `${digits}${each}`),
  ];
}

function explain(text: string): [string, readonly string[]] {
  const spaced = /^\s*([+-]?[\d.]+)\s+([A-Za-z]*)\s*$|^\s+|\s+$/.test(text);
  const joined = text.replace(/\s+/g, '');
  if (spaced && parseQuantity(joined).ok) return [`"${text}" has a space in it`, [joined]];
  if (/^[+-]?\d+,\d/.test(text)) return [`"${text}" has a comma in it`, [text.replace(',', '.')]];
  return [`"${text}" is not a quantity: a number and at most one suffix (500m, 4, 16Gi)`, []];
}

function refuse(reason: string, didYouMean: readonly string[] = []): QuantityResult {
  return { ok: false, reason, didYouMean };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** JavaScript writes 1e21 and 1e-7 with an exponent, which is a quantity as well; nothing else needs care. */
function numberText(value: number): string {
  return String(value).replace('e+', 'e');
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator !== 0n && numerator > 0n ? quotient + 1n : quotient;
}

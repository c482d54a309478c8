/**
 * Quantities as rules see them: exact to a billionth, as `k8s.io/apimachinery/pkg/api/resource` keeps them.
 * `scale` is the decimal place down to which a quantity is kept in 64 bits; absent where it is kept as a big number.
 */
export interface Quantity {
  readonly nanos: bigint;
  readonly scale?: number;
}

const billion = 1_000_000_000n;
const largest = 2n ** 63n - 1n;
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
/** Longer numbers and larger exponents are nobody's resources; they are refused so that no rule takes long. */
const longestText = 400;

/** Reads a quantity as `resource.ParseQuantity` does: rounded away from zero to a billionth, binary ones capped. */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (parts === null || text.length > longestText) return undefined;
  const [, sign, whole = '', afterWhole, alone, unit = '', exponent] = parts;
  const number = whole.replace(/^0+/, '');
  const fraction = afterWhole ?? alone ?? '';
  const power = binary[unit];
  const shift = power === undefined ? (exponent === undefined ? decimal[unit]! : Number(exponent)) : 0;
  const digits = BigInt(number + fraction || '0') * (power === undefined ? 1n : 2n ** BigInt(power));
  let nanos = atNano(digits, shift - fraction.length);
  const scale = power === undefined ? shift - fraction.length : 0;
  const places = number.length + fraction.length;
  const small =
    power === undefined ? places <= 18 : fraction === '' && 14 - number.length - Math.trunc((power * 3) / 10) >= 0;
  const fast = small && scale >= -9 && digits <= largest;
  if (!fast && power !== undefined && nanos > largest * billion) nanos = largest * billion;
  const signed = sign === '-' ? -nanos : nanos;
  return fast || text === '0' ? { nanos: signed, scale } : { nanos: signed };
}

/** A number of units of `10^exponent` in billionths, rounded up. */
function atNano(digits: bigint, exponent: number): bigint {
  const power = exponent + 9;
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor - 1n) / divisor;
}

export function quantityOf(whole: bigint): Quantity {
  return { nanos: whole * billion, scale: 0 };
}

export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** The sum, or with `sign` -1 the difference. */
export function addQuantities(a: Quantity, b: Quantity, sign: 1n | -1n): Quantity {
  const nanos = a.nanos + sign * b.nanos;
  if (a.scale === undefined || b.scale === undefined) return { nanos };
  const scale = a.nanos === 0n ? b.scale : b.nanos === 0n ? a.scale : Math.min(a.scale, b.scale);
  return { nanos, scale };
}

/** The quantity as a 64-bit integer; undefined where it has a fraction, or was written with one, or is too large. */
export function asInteger({ nanos, scale }: Quantity): bigint | undefined {
  if (scale === undefined || scale < 0) return undefined;
  const whole = nanos / billion;
  return whole >= -largest - 1n && whole <= largest ? whole : undefined;
}

export function asFloat({ nanos }: Quantity): number {
  // Whole and fraction apart, so that a large amount keeps all the digits that a double has.
  return Number(nanos / billion) + Number(nanos % billion) / 1e9;
}

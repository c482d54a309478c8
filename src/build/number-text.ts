const maxUint64 = 2 ** 64;
const minInt64 = -(2 ** 63);

/** A number after its way through Go's JSON: integers in full, floats in the shortest `g` form. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) {
    if (Object.is(value, -0)) return '-0';
    if (Math.abs(value) < 1e21 && value < maxUint64 && value >= minInt64) return BigInt(value).toString();
  }
  return floatText(value);
}

function floatText(value: number): string {
  if (value === Infinity) return '.inf';
  if (value === -Infinity) return '-.inf';
  if (Number.isNaN(value)) return '.nan';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace(/[-.]/g, '').length;
  // Go: %e below 10^-4 and from 10^21; for the shortest form from 10^6 unless more digits are needed.
  const limit = digits > 6 && digits >= exponent + 1 ? digits : 21 > digits ? Math.max(digits, 6) : 21;
  if (exponent < -4 || exponent >= Math.min(limit, 21)) {
    const sign = exponent < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return value.toFixed(Math.max(0, digits - 1 - exponent));
}

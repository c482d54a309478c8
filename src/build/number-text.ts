const maxUint64 = 2 ** 64;
const minInt64 = -(2 ** 63);

/** A number after its way through Go's JSON: integers in full, floats in the shortest `g` form. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21 && value < maxUint64 && value >= minInt64) {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  return floatText(value);
}

function floatText(value: number): string {
  if (value === Infinity) return '.inf';
  if (value === -Infinity) return '-.inf';
  if (Number.isNaN(value)) return '.nan';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  // Go's shortest form has an exponent below 10^-4 and from 10^6.
  if (exponent < -4 || exponent >= 6) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const digits = mantissa.replace(/[-.]/g, '').length;
  return value.toFixed(Math.max(0, digits - 1 - exponent));
}

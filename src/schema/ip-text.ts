const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}(?<!\.)$/;
const ipv6Part = /^[0-9a-f]{1,4}$/i;

/** Whether a string is an IPv6 address (RFC 4291 text form, no zone). */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  const parts = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = parts.at(-1);
  const mapped = last?.includes('.') === true;
  if (mapped && !ipv4.test(last!)) return false;
  const plain = mapped ? parts.slice(0, -1) : parts;
  const count = plain.length + (mapped ? 2 : 0);
  return plain.every((part) => ipv6Part.test(part)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** Whether a string is an IPv4 address without leading zeros. */
export function isIpv4(text: string): boolean {
  return ipv4.test(text);
}

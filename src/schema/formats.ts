import type { Json } from '../diagnostics/diagnostic.js';
import type { Format } from './node.js';

/**
 * Quantity of Kubernetes: digits, then a binary suffix, a decimal suffix or an exponent
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
 */
const quantity = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const timestamp =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:[.,]\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const date = /^(\d{4})-(\d\d)-(\d\d)$/;
/** Go's time.ParseDuration, as the formats of `k8s.io/kube-openapi/pkg/validation/strfmt` accept it. */
const duration = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}(?<!\.)$/;
const ipv6Part = /^[0-9a-f]{1,4}$/i;

/** Whether a string is a quantity. */
export function isQuantity(text: string): boolean {
  return quantity.test(text);
}

/** Whether a string is an RFC 3339 time as Go parses it: capital T and Z, an existing day. */
export function isTimestamp(text: string): boolean {
  const parts = timestamp.exec(text);
  return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && day >= 1 && day <= (days[month - 1] ?? 0);
}

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

const int32 = 2 ** 31;
const int64 = 2 ** 63;

/** Whether a value of an allowed kind has this format. Formats of other kinds do not apply. */
export function hasFormat(format: Format, value: Json): boolean {
  if (typeof value === 'number') {
    if (format === 'int32' || format === 'int-or-string') return value >= -int32 && value < int32;
    return format !== 'int64' || (value >= -int64 && value < int64);
  }
  if (typeof value !== 'string') return true;
  switch (format) {
    case 'quantity':
      return quantity.test(value);
    case 'date-time':
      return isTimestamp(value);
    case 'byte':
      // Go's decoder skips line breaks.
      return base64.test(value.includes('\n') ? value.replaceAll(/[\r\n]/g, '') : value);
    case 'date': {
      const parts = date.exec(value);
      return parts !== null && isDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
    }
    case 'duration':
      return duration.test(value);
    case 'uuid':
      return uuid.test(value);
    case 'ipv4':
      return isIpv4(value);
    case 'ipv6':
      return isIpv6(value);
    case 'hostname':
      return (
        value.length <= 253 && /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?$/.test(value)
      );
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(value);
    case 'uri':
      return /^[A-Za-z][A-Za-z0-9+.-]*:\S+$|^\/\S*$/.test(value);
    default:
      return true;
  }
}

/** What a message says about a format. */
export const formatNames: Readonly<Record<Format, string>> = {
  'date-time': 'a time such as 2026-01-31T12:00:00Z (RFC 3339)',
  int32: 'an integer of 32 bits',
  int64: 'an integer of 64 bits',
  quantity: 'a quantity such as 500m, 16Gi or 2',
  byte: 'base64',
  'int-or-string': 'an integer of 32 bits or a string',
  date: 'a date such as 2026-01-31',
  duration: 'a duration such as 30s or 1h30m',
  uuid: 'a UUID',
  email: 'an e-mail address',
  uri: 'a URI',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

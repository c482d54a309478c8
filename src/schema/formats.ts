import type { Json } from '../diagnostics/diagnostic.js';
import { type CrdFormat, crdFormats } from './crd-formats.js';
import { isIpv6 } from './ip-text.js';
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
    case 'ipv6':
      return isIpv6(value);
    case 'int32':
    case 'int64':
    case 'int-or-string':
      return true;
    default:
      return crdFormats[format].test(value);
  }
}

/** What a message says about a format. */
export const formatNames: Readonly<Record<Format, string>> = {
  ...(Object.fromEntries(Object.entries(crdFormats).map(([format, { name }]) => [format, name])) as Record<
    CrdFormat,
    string
  >),
  'date-time': 'a time such as 2026-01-31T12:00:00Z (RFC 3339)',
  int32: 'an integer of 32 bits',
  int64: 'an integer of 64 bits',
  quantity: 'a quantity such as 500m, 16Gi or 2',
  byte: 'base64',
  'int-or-string': 'an integer of 32 bits or a string',
  date: 'a date such as 2026-01-31',
  ipv6: 'an IPv6 address',
};

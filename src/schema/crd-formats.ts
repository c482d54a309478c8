import { formatDuration } from './go-duration.js';
import { isRequestUri } from './go-url.js';
import { isIpv6 } from './ip-text.js';
import { linearRegex } from './regex.js';

/**
 * The rarer formats of CRDs, as the API server checks them
 * (`supportedVersionedFormats` in `k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go`, and
 * `k8s.io/kube-openapi/pkg/validation/strfmt` for what they mean).
 */
export type CrdFormat =
  | 'duration'
  | 'uuid'
  | 'uuid3'
  | 'uuid4'
  | 'uuid5'
  | 'email'
  | 'uri'
  | 'hostname'
  | 'ipv4'
  | 'cidr'
  | 'mac'
  | 'isbn'
  | 'isbn10'
  | 'isbn13'
  | 'creditcard'
  | 'ssn'
  | 'hexcolor'
  | 'rgbcolor'
  | 'bsonobjectid'
  | 'k8s-short-name'
  | 'k8s-long-name';

interface Definition {
  readonly test: (text: string) => boolean;
  /** What a message says is expected. */
  readonly name: string;
}

const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

/** A UUID whose third group begins with its version, where that is fixed. */
const uuid = (version: string, variant: string): Definition => ({
  test: matches(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}-?${variant}-?[0-9a-f]{12}$`, 'i')),
  name: 'a UUID',
});

const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const part = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])';
const hostname = String.raw`^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z\p{L}]){2,63})$`;

export const crdFormats: Readonly<Record<CrdFormat, Definition>> = {
  duration: { test: (text) => formatDuration(text) !== undefined, name: 'a duration such as 30s or 1h30m' },
  uuid: uuid('[0-9a-f]{4}', '[0-9a-f]{4}'),
  uuid3: uuid('3[0-9a-f]{3}', '[0-9a-f]{4}'),
  uuid4: uuid('4[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
  uuid5: uuid('5[0-9a-f]{3}', '[89ab][0-9a-f]{3}'),
  email: { test: isEmail, name: 'an e-mail address' },
  uri: { test: isRequestUri, name: 'an absolute URI or an absolute path' },
  hostname: { test: isHostname, name: 'a host name' },
  ipv4: { test: isLooseIpv4, name: 'an IPv4 address' },
  cidr: { test: isCidr, name: 'a network such as 10.0.0.0/8' },
  mac: { test: isMac, name: 'a MAC address' },
  isbn: { test: (text) => isIsbn10(text) || isIsbn13(text), name: 'an ISBN' },
  isbn10: { test: isIsbn10, name: 'an ISBN of 10 digits' },
  isbn13: { test: isIsbn13, name: 'an ISBN of 13 digits' },
  creditcard: { test: isCreditCard, name: 'the number of a credit card' },
  ssn: { test: matches(/^(?=.{11}$)\d{3}[- ]?\d{2}[- ]?\d{4}$/), name: 'a U.S. social security number' },
  hexcolor: { test: matches(/^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i), name: 'a colour such as #ff8800' },
  rgbcolor: {
    test: matches(new RegExp(`^rgb\\(\\s*${part}\\s*,\\s*${part}\\s*,\\s*${part}\\s*\\)$`)),
    name: 'a colour such as rgb(255, 136, 0)',
  },
  bsonobjectid: { test: matches(/^[0-9a-f]{24}$/i), name: 'an object id of 24 hexadecimal digits' },
  'k8s-short-name': {
    test: (text) => text.length <= 63 && new RegExp(`^${label}$`).test(text),
    name: 'a name of at most 63 lower-case letters, digits and `-`',
  },
  'k8s-long-name': {
    test: (text) => text.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(text),
    name: 'a name of at most 253 lower-case letters, digits, `-` and `.`',
  },
};

/** `net/mail.ParseAddress`, for what people write: an address, or a name and an address in `<>`. */
function isEmail(text: string): boolean {
  const inner = /^[^<>]*<([^<>]*)>\s*$/.exec(text)?.[1] ?? text.trim();
  return /^[^\s@<>(),;:\\[\]]+@[^\s@<>(),;:\\]+$/.test(inner);
}

function isHostname(text: string): boolean {
  return (
    text.length <= 255 && linearRegex(hostname)?.test(text) === true && text.split('.').every((one) => one.length <= 63)
  );
}

/** Leading zeros are tolerated here, as they were before Go 1.17. */
function isLooseIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((one) => /^\d{1,3}$/.test(one) && Number(one) <= 255);
}

function isCidr(text: string): boolean {
  const [, address, bits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  if (address === undefined) return false;
  if (isLooseIpv4(address)) return Number(bits) <= 32;
  return isIpv6(address) && Number(bits) <= 128;
}

/** `net.ParseMAC`: 6, 8 or 20 bytes with one kind of separator. */
function isMac(text: string): boolean {
  const bytes = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2})*$/i.test(text) ? (text.length + 1) / 3 : 0;
  const groups = /^[0-9a-f]{4}(?:\.[0-9a-f]{4})+$/i.test(text) ? ((text.length + 1) / 5) * 2 : 0;
  return [6, 8, 20].includes(bytes) || [6, 8, 20].includes(groups);
}

function isIsbn10(text: string): boolean {
  const bare = text.replaceAll(/[\s-]+/g, '');
  if (!/^(?:\d{9}X|\d{10})$/.test(bare)) return false;
  return [...bare].reduce((sum, digit, i) => sum + (i + 1) * (digit === 'X' ? 10 : Number(digit)), 0) % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const bare = text.replaceAll(/[\s-]+/g, '');
  if (!/^\d{13}$/.test(bare)) return false;
  return [...bare].reduce((sum, digit, i) => sum + (i % 2 === 0 ? 1 : 3) * Number(digit), 0) % 10 === 0;
}

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D+/g, '');
  const issued =
    /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;
  if (!issued.test(digits)) return false;
  const sum = [...digits].reverse().reduce((all, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** The format of a CRD by the name that it writes: dashes count for nothing (`date-time`, `datetime`). */
export function crdFormat(written: string): CrdFormat | undefined {
  return byName.get(written.replaceAll('-', ''));
}

const byName: ReadonlyMap<string, CrdFormat> = new Map(
  (Object.keys(crdFormats) as CrdFormat[]).map((name) => [name.replaceAll('-', ''), name]),
);

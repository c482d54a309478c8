import { isIpv4, isIpv6 } from './ip-text.js';

/** An IP address as Go's `net/netip` has it, without zone. */
export interface IpAddress {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

export interface IpPrefix {
  readonly address: IpAddress;
  /** Bits of the network. */
  readonly length: number;
}

/** An address without a zone that is no IPv4 address in the clothes of IPv6, as rules take them; or why it is none. */
export function parseIp(text: string): IpAddress | { readonly error: string } {
  if (isIpv4(text)) return { family: 4, bits: ipv4Bits(text) };
  if (text.includes('%')) return { error: `IP address ${JSON.stringify(text)} with zone value is not allowed` };
  if (!isIpv6(text)) return { error: `IP Address ${JSON.stringify(text)} parse error during conversion from string` };
  const bits = ipv6Bits(text);
  if (bits >> 32n === 0xffffn) return { error: `IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed` };
  return { family: 6, bits };
}

/** A network such as `10.0.0.0/8`; bits behind the mask are legal (`netip.ParsePrefix`). */
export function parsePrefix(text: string): IpPrefix | { readonly error: string } {
  const slash = text.lastIndexOf('/');
  const error = `network address parse error during conversion from string: ${JSON.stringify(text)}`;
  const length = text.slice(slash + 1);
  if (slash < 0 || !/^(?:0|[1-9]\d{0,2})$/.test(length)) return { error };
  const address = parseIp(text.slice(0, slash));
  if ('error' in address) return address;
  return Number(length) > width(address) ? { error } : { address, length: Number(length) };
}

/** The one canonical text of an address (RFC 5952). */
export function ipText({ family, bits }: IpAddress): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bits >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

export function prefixText({ address, length }: IpPrefix): string {
  return `${ipText(address)}/${length}`;
}

/** The network of a prefix: no bits behind the mask. */
export function masked({ address, length }: IpPrefix): IpPrefix {
  const behind = BigInt(width(address) - length);
  return { address: { ...address, bits: (address.bits >> behind) << behind }, length };
}

export function contains(prefix: IpPrefix, address: IpAddress): boolean {
  if (prefix.address.family !== address.family) return false;
  const behind = BigInt(width(address) - prefix.length);
  return prefix.address.bits >> behind === address.bits >> behind;
}

export function containsPrefix(outer: IpPrefix, inner: IpPrefix): boolean {
  return outer.length <= inner.length && contains(outer, inner.address);
}

export const isUnspecified = ({ bits }: IpAddress): boolean => bits === 0n;

export function isLoopback({ family, bits }: IpAddress): boolean {
  return family === 4 ? bits >> 24n === 127n : bits === 1n;
}

function isMulticast({ family, bits }: IpAddress): boolean {
  return family === 4 ? bits >> 28n === 0xen : bits >> 120n === 0xffn;
}

export function isLinkLocalMulticast({ family, bits }: IpAddress): boolean {
  // Of an IPv6 multicast address the scope counts, and not the flags.
  return family === 4 ? bits >> 8n === 0xe00000n : ((bits >> 112n) & 0xff0fn) === 0xff02n;
}

export function isLinkLocalUnicast({ family, bits }: IpAddress): boolean {
  return family === 4 ? bits >> 16n === 0xa9fen : bits >> 118n === 0x3fan;
}

export function isGlobalUnicast(address: IpAddress): boolean {
  if (address.family === 4 && (address.bits === 0n || address.bits === 0xffffffffn)) return false;
  return !(isUnspecified(address) || isLoopback(address) || isMulticast(address) || isLinkLocalUnicast(address));
}

function width({ family }: IpAddress): number {
  return family === 4 ? 32 : 128;
}

function ipv4Bits(text: string): bigint {
  return text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6Bits(text: string): bigint {
  const groups = (part: string): bigint[] =>
    part === ''
      ? []
      : part.split(':').flatMap((group) => {
          if (!group.includes('.')) return [BigInt(`0x${group}`)];
          const low = ipv4Bits(group);
          return [low >> 16n, low & 0xffffn];
        });
  const [head = '', tail] = text.split('::');
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const all = [...first, ...Array<bigint>(8 - first.length - last.length).fill(0n), ...last];
  return all.reduce((sum, group) => (sum << 16n) | group, 0n);
}

function longestZeroRun(groups: readonly string[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let i = 0; i < groups.length; i += 1) {
    let end = i;
    while (end < groups.length && groups[end] === '0') end += 1;
    if (end - i > best[1]) best = [i, end - i];
    if (end > i) i = end;
  }
  return best;
}

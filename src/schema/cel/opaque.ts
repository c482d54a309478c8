import { type CelInput, type CelType, type CelValue, isCelType, objectType } from '@bufbuild/cel';
import type { GoUrl } from '../go-url.js';
import type { IpAddress, IpPrefix } from '../ip-address.js';
import type { Quantity } from './library/quantity.js';
import type { Version } from './library/semver.js';

/** Values of types that the engine does not have: those of Kubernetes, and optionals. */
export type Opaque =
  | { readonly kind: 'url'; readonly value: GoUrl }
  | { readonly kind: 'ip'; readonly value: IpAddress }
  | { readonly kind: 'cidr'; readonly value: IpPrefix }
  | { readonly kind: 'semver'; readonly value: Version }
  | { readonly kind: 'quantity'; readonly value: Quantity }
  | { readonly kind: 'format'; readonly value: string }
  /** `undefined`: optional.none(). */
  | { readonly kind: 'optional'; readonly value: CelValue | undefined }
  /** What `?` marks in a list or a map literal, until the literal is put together. */
  | { readonly kind: 'entry'; readonly value: CelValue };

type OpaqueOf<K extends Opaque['kind']> = Extract<Opaque, { kind: K }>;

/** The names that rules know these types by. */
const typeNames: Readonly<Record<Opaque['kind'], string>> = {
  url: 'kubernetes.URL',
  ip: 'net.IP',
  cidr: 'net.CIDR',
  semver: 'kubernetes.Semver',
  quantity: 'kubernetes.Quantity',
  format: 'kubernetes.NamedFormat',
  optional: 'optional_type',
  entry: 'entry',
};

/**
 * The engine passes numbers, texts, collections, messages and types, and refuses any other object. So an opaque value
 * travels as a type of its own, which nothing looks into, and this map knows what it stands for.
 */
const carried = new WeakMap<CelType, Opaque>();

export function wrap<K extends Opaque['kind']>(kind: K, value: OpaqueOf<K>['value']): CelType {
  const carrier = objectType(typeNames[kind]);
  carried.set(carrier, { kind, value } as Opaque);
  return carrier;
}

/** What a value carries; undefined for everything that is no opaque value. */
export function opaque(value: CelInput): Opaque | undefined {
  return isCelType(value) ? carried.get(value) : undefined;
}

/** The value of an opaque of this kind. Throws where it is something else, as an overload that does not exist would. */
export function unwrap<K extends Opaque['kind']>(kind: K, value: CelInput): OpaqueOf<K>['value'] {
  const found = opaque(value);
  if (found?.kind !== kind) throw new Error(`no such overload: ${typeNames[kind]} is needed`);
  return found.value as OpaqueOf<K>['value'];
}

/** The type that `type()` gives for an opaque value. */
export function typeOfOpaque({ kind }: Opaque): CelType {
  return typesByName.get(typeNames[kind])!;
}

/** The types by the names that a rule may write. */
export const typesByName: ReadonlyMap<string, CelType> = new Map(
  Object.values(typeNames).map((name) => [name, objectType(name)]),
);

import { type CelFunc, CelScalar, type CelType, celFunc, celMethod, celType } from '@bufbuild/cel';
import { ipText, prefixText } from '../../ip-address.js';
import { opaque, typeOfOpaque, unwrap, wrap } from '../opaque.js';
import {
  addQuantities,
  asFloat,
  asInteger,
  compareQuantities,
  parseQuantity,
  type Quantity,
  quantityOf,
} from './quantity.js';
import { compareVersions, parseVersion, type Version } from './semver.js';

const { BOOL, DOUBLE, DYN, INT, STRING, TYPE } = CelScalar;

function quantity(text: string): Quantity {
  const value = parseQuantity(text);
  if (value === undefined)
    throw new Error(`quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`);
  return value;
}

function version(text: string, normalize: boolean): Version {
  const value = parseVersion(text, normalize);
  if (value === undefined) throw new Error(`${JSON.stringify(text)} is no semantic version`);
  return value;
}

/** Quantities and versions have the same comparisons. */
function compare(a: CelType, b: CelType): number {
  return opaque(a)?.kind === 'semver'
    ? compareVersions(unwrap('semver', a), unwrap('semver', b))
    : compareQuantities(unwrap('quantity', a), unwrap('quantity', b));
}

function versionPart(name: 'major' | 'minor' | 'patch'): CelFunc {
  return celMethod(name, TYPE, [], INT, function () {
    return unwrap('semver', this)[name];
  });
}

function arithmetic(name: 'add' | 'sub', sign: 1n | -1n): readonly CelFunc[] {
  return [
    celMethod(name, TYPE, [TYPE], TYPE, function (other) {
      return wrap('quantity', addQuantities(unwrap('quantity', this), unwrap('quantity', other), sign));
    }),
    celMethod(name, TYPE, [INT], TYPE, function (other) {
      return wrap('quantity', addQuantities(unwrap('quantity', this), quantityOf(other), sign));
    }),
  ];
}

function sign(value: CelType): bigint {
  const { nanos } = unwrap('quantity', value);
  return nanos > 0n ? 1n : nanos < 0n ? -1n : 0n;
}

/** `string()` of an address or a network; quantities and versions have none. */
function textOf(value: CelType): string {
  const found = opaque(value);
  if (found?.kind === 'ip') return ipText(found.value);
  if (found?.kind === 'cidr') return prefixText(found.value);
  throw new Error('no such overload: string');
}

/**
 * `library.Quantity` and `library.SemverLib` of the API server
 * (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library and the semver library), and the
 * conversions of the types that Kubernetes adds.
 */
export const amountFunctions: readonly CelFunc[] = [
  celFunc('quantity', [STRING], TYPE, (text) => wrap('quantity', quantity(text))),
  celFunc('isQuantity', [STRING], BOOL, (text) => parseQuantity(text) !== undefined),
  celFunc('sign', [TYPE], INT, sign),
  celMethod('sign', TYPE, [], INT, function () {
    return sign(this);
  }),
  celMethod('isInteger', TYPE, [], BOOL, function () {
    return asInteger(unwrap('quantity', this)) !== undefined;
  }),
  celMethod('asInteger', TYPE, [], INT, function () {
    const value = asInteger(unwrap('quantity', this));
    if (value === undefined) throw new Error('cannot convert value to integer');
    return value;
  }),
  celMethod('asApproximateFloat', TYPE, [], DOUBLE, function () {
    return asFloat(unwrap('quantity', this));
  }),
  ...arithmetic('add', 1n),
  ...arithmetic('sub', -1n),
  celFunc('semver', [STRING], TYPE, (text) => wrap('semver', version(text, false))),
  celFunc('semver', [STRING, BOOL], TYPE, (text, normalize) => wrap('semver', version(text, normalize))),
  celFunc('isSemver', [STRING], BOOL, (text) => parseVersion(text) !== undefined),
  celFunc('isSemver', [STRING, BOOL], BOOL, (text, normalize) => parseVersion(text, normalize) !== undefined),
  versionPart('major'),
  versionPart('minor'),
  versionPart('patch'),
  celMethod('isGreaterThan', TYPE, [TYPE], BOOL, function (other) {
    return compare(this, other) > 0;
  }),
  celMethod('isLessThan', TYPE, [TYPE], BOOL, function (other) {
    return compare(this, other) < 0;
  }),
  celMethod('compareTo', TYPE, [TYPE], INT, function (other) {
    return BigInt(Math.sign(compare(this, other)));
  }),
  celFunc('string', [TYPE], STRING, textOf),
  celFunc('type', [DYN], TYPE, (value) => {
    const found = opaque(value);
    return found === undefined ? celType(value) : typeOfOpaque(found);
  }),
];

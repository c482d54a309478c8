import {
  type CelFunc,
  type CelInput,
  CelScalar,
  type CelValue,
  celFunc,
  celMethod,
  isCelList,
  listType,
} from '@bufbuild/cel';
import { isCidr } from '../api-rules/network-policy.js';
import { quantityValue } from '../api-rules/syntax.js';
import { isIpv4, isIpv6, isQuantity } from '../formats.js';
import { linearRegex, regexMatches } from '../regex.js';

/**
 * The functions that Kubernetes adds to CEL (https://kubernetes.io/docs/reference/using-api/cel/#cel-options-language-features-and-libraries):
 * lists, regular expressions, sets, quantities, and tests for addresses and URLs. A quantity is its value as a double.
 * Not here: the objects of `url()`, `ip()`, `cidr()`, `semver()` and named formats; a rule that uses them is reported as
 * not evaluated.
 */
const { BOOL, DOUBLE, DYN, INT, STRING } = CelScalar;
const list = listType(DYN);

function itemsOf(value: CelValue): CelValue[] {
  return isCelList(value) ? [...value] : [];
}

function compare(a: CelValue, b: CelValue): number {
  const [left, right] = [a, b] as [number | bigint | string, number | bigint | string];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Equality of values as far as sets need it: scalars by value, collections by their content. */
function same(a: CelValue, b: CelValue): boolean {
  if (isCelList(a) && isCelList(b)) {
    const [left, right] = [itemsOf(a), itemsOf(b)];
    return left.length === right.length && left.every((item, i) => same(item, right[i]!));
  }
  return (
    a === b ||
    ((typeof a === 'bigint' || typeof a === 'number') &&
      (typeof b === 'bigint' || typeof b === 'number') &&
      Number(a) === Number(b))
  );
}

function sum(items: readonly CelValue[]): CelInput {
  if (items.length === 0) return 0n;
  return typeof items[0] === 'bigint'
    ? (items as bigint[]).reduce((total, item) => total + item, 0n)
    : items.reduce<number>((total, item) => total + Number(item), 0);
}

function extreme(items: readonly CelValue[], sign: number): CelInput {
  if (items.length === 0) throw new Error('min and max of an empty list');
  return items.reduce((best, item) => (compare(item, best) * sign < 0 ? item : best)) as CelInput;
}

function contains(all: CelValue, some: CelValue): boolean {
  const items = itemsOf(all);
  return itemsOf(some).every((wanted) => items.some((item) => same(item, wanted)));
}

function amount(text: string): number {
  const value = quantityValue(text);
  if (value === undefined) throw new Error(`${text} is no quantity`);
  return value;
}

function isUrl(text: string): boolean {
  // Go's url.ParseRequestURI: absolute, or a path from the root.
  return /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/?#][^\s]*|\/[^\s]*)$/.test(text);
}

const lists: CelFunc[] = [
  celMethod('isSorted', list, [], BOOL, function () {
    const items = itemsOf(this);
    return items.every((item, i) => i === 0 || compare(items[i - 1]!, item) <= 0);
  }),
  celMethod('sum', list, [], DYN, function () {
    return sum(itemsOf(this));
  }),
  celMethod('min', list, [], DYN, function () {
    return extreme(itemsOf(this), 1);
  }),
  celMethod('max', list, [], DYN, function () {
    return extreme(itemsOf(this), -1);
  }),
  celMethod('indexOf', list, [DYN], INT, function (wanted) {
    return BigInt(itemsOf(this).findIndex((item) => same(item, wanted)));
  }),
  celMethod('lastIndexOf', list, [DYN], INT, function (wanted) {
    return BigInt(itemsOf(this).findLastIndex((item) => same(item, wanted)));
  }),
  celFunc('sets.contains', [list, list], BOOL, (all, some) => contains(all, some)),
  celFunc('sets.equivalent', [list, list], BOOL, (a, b) => contains(a, b) && contains(b, a)),
  celFunc('sets.intersects', [list, list], BOOL, (a, b) => {
    const items = itemsOf(b);
    return itemsOf(a).some((item) => items.some((other) => same(item, other)));
  }),
];

const texts: CelFunc[] = [
  celMethod('find', STRING, [STRING], STRING, function (pattern) {
    return regexMatches(pattern, this, 1)[0] ?? '';
  }),
  celMethod('findAll', STRING, [STRING], listType(STRING), function (pattern) {
    return regexMatches(pattern, this);
  }),
  celMethod('findAll', STRING, [STRING, INT], listType(STRING), function (pattern, limit) {
    return regexMatches(pattern, this, Number(limit));
  }),
  celFunc('isURL', [STRING], BOOL, isUrl),
  celFunc('isIP', [STRING], BOOL, (text) => isIpv4(text) || isIpv6(text)),
  celFunc('isCIDR', [STRING], BOOL, isCidr),
];

const quantities: CelFunc[] = [
  celFunc('isQuantity', [STRING], BOOL, isQuantity),
  celFunc('quantity', [STRING], DOUBLE, amount),
  celMethod('isGreaterThan', DOUBLE, [DOUBLE], BOOL, function (other) {
    return this > other;
  }),
  celMethod('isLessThan', DOUBLE, [DOUBLE], BOOL, function (other) {
    return this < other;
  }),
  celMethod('compareTo', DOUBLE, [DOUBLE], INT, function (other) {
    return BigInt(compare(this, other));
  }),
  celMethod('sign', DOUBLE, [], INT, function () {
    return BigInt(Math.sign(this));
  }),
  celMethod('isInteger', DOUBLE, [], BOOL, function () {
    return Number.isInteger(this);
  }),
  celMethod('asInteger', DOUBLE, [], INT, function () {
    return BigInt(Math.trunc(this));
  }),
  celMethod('asApproximateFloat', DOUBLE, [], DOUBLE, function () {
    return this;
  }),
  celMethod('add', DOUBLE, [DOUBLE], DOUBLE, function (other) {
    return this + other;
  }),
  celMethod('sub', DOUBLE, [DOUBLE], DOUBLE, function (other) {
    return this - other;
  }),
];

/** Everything that is registered beside CEL's own functions and its strings extension. */
export const kubernetesFunctions: readonly CelFunc[] = [...lists, ...texts, ...quantities];

/** The engine of regular expressions for `matches`. */
export const re2 = {
  compile: (pattern: string) => {
    const regex = linearRegex(pattern);
    if (regex === undefined) throw new Error(`${pattern} is no regular expression of RE2`);
    return regex;
  },
};

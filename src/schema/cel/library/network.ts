import { type CelFunc, type CelMap, CelScalar, type CelType, celFunc, celMap, celMethod, mapType } from '@bufbuild/cel';
import { hostAndPort, parseRequestUri, queryParameters } from '../../go-url.js';
import {
  contains,
  containsPrefix,
  type IpAddress,
  type IpPrefix,
  ipText,
  isGlobalUnicast,
  isLinkLocalMulticast,
  isLinkLocalUnicast,
  isLoopback,
  isUnspecified,
  masked,
  parseIp,
  parsePrefix,
} from '../../ip-address.js';
import { unwrap, wrap } from '../opaque.js';

const { BOOL, DYN, INT, STRING, TYPE } = CelScalar;

function orThrow<T extends object>(value: T | { readonly error: string }): T {
  if ('error' in value) throw new Error(value.error);
  return value;
}

const ip = (text: string): IpAddress => orThrow(parseIp(text));
const cidr = (text: string): IpPrefix => orThrow(parsePrefix(text));

/** A method of an address without arguments that gives true or false. */
function addressTest(name: string, test: (address: IpAddress) => boolean): CelFunc {
  return celMethod(name, TYPE, [], BOOL, function () {
    return test(unwrap('ip', this));
  });
}

function urlPart(name: string, part: (url: ReturnType<typeof urlOf>) => string): CelFunc {
  return celMethod(name, TYPE, [], STRING, function () {
    return part(urlOf(this));
  });
}

function urlOf(value: CelType) {
  return unwrap('url', value);
}

function query(rawQuery: string): CelMap {
  return celMap(new Map([...queryParameters(rawQuery)].map(([name, values]) => [name, [...values]])));
}

/**
 * `library.URLs`, `library.IP` and `library.CIDR` of the API server
 * (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library and the two after it).
 */
export const networkFunctions: readonly CelFunc[] = [
  celFunc('url', [STRING], TYPE, (text) => wrap('url', orThrow(parseRequestUri(text)))),
  celFunc('isURL', [STRING], BOOL, (text) => !('error' in parseRequestUri(text))),
  urlPart('getScheme', ({ scheme }) => scheme),
  urlPart('getHost', ({ host }) => host),
  urlPart('getHostname', ({ host }) => hostAndPort(host).hostname),
  urlPart('getPort', ({ host }) => hostAndPort(host).port),
  urlPart('getEscapedPath', ({ escapedPath }) => escapedPath),
  celMethod('getQuery', TYPE, [], mapType(STRING, DYN), function () {
    return query(urlOf(this).rawQuery);
  }),
  celFunc('ip', [STRING], TYPE, (text) => wrap('ip', ip(text))),
  celFunc('isIP', [STRING], BOOL, (text) => !('error' in parseIp(text))),
  celFunc('ip.isCanonical', [STRING], BOOL, (text) => ipText(ip(text)) === text),
  celMethod('family', TYPE, [], INT, function () {
    return BigInt(unwrap('ip', this).family);
  }),
  addressTest('isUnspecified', isUnspecified),
  addressTest('isLoopback', isLoopback),
  addressTest('isLinkLocalMulticast', isLinkLocalMulticast),
  addressTest('isLinkLocalUnicast', isLinkLocalUnicast),
  addressTest('isGlobalUnicast', isGlobalUnicast),
  celFunc('cidr', [STRING], TYPE, (text) => wrap('cidr', cidr(text))),
  celFunc('isCIDR', [STRING], BOOL, (text) => !('error' in parsePrefix(text))),
  celMethod('ip', TYPE, [], TYPE, function () {
    return wrap('ip', unwrap('cidr', this).address);
  }),
  celMethod('prefixLength', TYPE, [], INT, function () {
    return BigInt(unwrap('cidr', this).length);
  }),
  celMethod('masked', TYPE, [], TYPE, function () {
    return wrap('cidr', masked(unwrap('cidr', this)));
  }),
  celMethod('containsIP', TYPE, [TYPE], BOOL, function (address) {
    return contains(unwrap('cidr', this), unwrap('ip', address));
  }),
  celMethod('containsIP', TYPE, [STRING], BOOL, function (text) {
    return contains(unwrap('cidr', this), ip(text));
  }),
  celMethod('containsCIDR', TYPE, [TYPE], BOOL, function (inner) {
    return containsPrefix(unwrap('cidr', this), unwrap('cidr', inner));
  }),
  celMethod('containsCIDR', TYPE, [STRING], BOOL, function (text) {
    return containsPrefix(unwrap('cidr', this), cidr(text));
  }),
];

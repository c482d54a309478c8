import { beforeAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/diagnostics/diagnostic.js';
import { type CelEngine, checkRules, loadCelEngine } from '../../src/schema/cel/check.js';
import { withoutOptionalSyntax } from '../../src/schema/cel/syntax.js';
import { readSchema } from '../../src/schema/open-api.js';
import { judgeText, storeFor } from './helpers.js';

let cel: CelEngine;
beforeAll(async () => {
  cel = await loadCelEngine();
});

const schema = readSchema(
  {
    type: 'object',
    properties: {
      a: { type: 'object', properties: { b: { type: 'object', properties: { c: { type: 'integer' } } } } },
      none: { type: 'object', properties: { b: { type: 'object', properties: { c: { type: 'integer' } } } } },
      list: { type: 'array', items: { type: 'integer' } },
      map: { type: 'object', additionalProperties: { type: 'string' } },
      set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      other: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      entries: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', properties: { name: { type: 'string' }, n: { type: 'integer' } } },
      },
      port: { 'x-kubernetes-int-or-string': true },
      bytes: { type: 'string', format: 'byte' },
      wait: { type: 'string', format: 'duration' },
    },
  },
  { form: 'structural' },
);
const self: Json = {
  a: { b: { c: 7 } },
  list: [3, 1, 2],
  map: { x: '1', y: '2' },
  set: ['p', 'q'],
  other: ['q', 'p'],
  entries: [
    { name: 'one', n: 1 },
    { name: 'two', n: 2 },
  ],
  port: 80,
  bytes: 'aGVsbG8=',
  wait: '3 minutes',
};
const outcome = (rule: string): unknown => {
  const found = cel.evaluate(rule, schema, self);
  return 'result' in found ? found.result : found.error;
};

describe('the functions of Kubernetes', () => {
  // Examples of the documentation: https://kubernetes.io/docs/reference/using-api/cel/ and the libraries' own.
  it.each([
    // URLs
    ["url('https://user:pass@example.com:80/path?query=val#fragment').getHost() == 'example.com:80'"],
    ["isURL('https://user:pass@example.com:80/path?query=val#fragment') && isURL('/absolute-path')"],
    ["!isURL('https://a:b:c/') && !isURL('../relative-path') && !isURL('')"],
    ["url('/path').getScheme() == '' && url('HTTPS://example.com/').getScheme() == 'https'"],
    ["url('https://[::1]:80/').getHost() == '[::1]:80' && url('https://[::1]:80/').getHostname() == '::1'"],
    ["url('https://example.com:80/').getPort() == '80' && url('https://example.com/').getPort() == ''"],
    ["url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'"],
    ["url('https://example.com').getEscapedPath() == ''"],
    ["url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}"],
    ["url('https://example.com/p?key with spaces=a+b').getQuery() == {'key with spaces': ['a b']}"],
    ["url('https://example.com/path?').getQuery() == {}"],
    ["url('/a') == url('/a') && url('/a') != url('/b')"],
    // Addresses
    ["ip('127.0.0.1').family() == 4 && ip('::1').family() == 6"],
    ["!isIP('127.0.0.256') && !isIP(':::1') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0') && !isIP('010.0.0.1')"],
    ["ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && ip.isCanonical('127.0.0.1')"],
    ["!ip.isCanonical('2001:db8::0:0:0:abcd')"],
    ["ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified() && !ip('::1').isUnspecified()"],
    ["ip('127.0.0.1').isLoopback() && !ip('192.168.0.1').isLoopback() && ip('::1').isLoopback()"],
    ["ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast()"],
    ["ip('ff02::1').isLinkLocalMulticast() && !ip('fd00::1').isLinkLocalMulticast()"],
    ["ip('169.254.169.254').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast()"],
    ["!ip('192.168.0.1').isLinkLocalUnicast() && !ip('fd80::1').isLinkLocalUnicast()"],
    ["ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()"],
    ["ip('2001:db8::abcd').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()"],
    ["string(ip('2001:DB8:0:0:1::1')) == '2001:db8::1:0:0:1'"],
    ["type(ip('::1')) == net.IP && type(cidr('::/0')) == net.CIDR && type(ip('::1')) != net.CIDR"],
    ["cidr('192.168.0.0/24').containsIP(ip('192.168.0.1')) && !cidr('192.168.0.0/24').containsIP('192.168.1.1')"],
    ["cidr('192.168.0.0/16').containsCIDR(cidr('192.168.10.0/24'))"],
    ["!cidr('192.168.1.0/24').containsCIDR('192.168.2.0/24') && !cidr('10.0.0.0/24').containsCIDR('10.0.0.0/8')"],
    ["cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && cidr('::1/128').ip().family() == 6"],
    ["cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('192.168.0.1/24') != cidr('192.168.0.0/24')"],
    ["cidr('192.168.0.0/16').prefixLength() == 16 && string(cidr('::1/128')) == '::1/128'"],
    ["!isCIDR('192.168.0.0/33') && !isCIDR('::1/129') && isCIDR('::1/128') && !isCIDR('10.0.0.0')"],
    // Versions
    ["semver('1.2.3').compareTo(semver('1.2.3')) == 0 && semver('1.2.3').isLessThan(semver('2.0.0'))"],
    ["semver('1.10.0').isGreaterThan(semver('1.9.0')) && semver('1.2.3').minor() == 2"],
    ["semver('1.0.0-alpha.1').isLessThan(semver('1.0.0')) && semver('1.0.0-2').isLessThan(semver('1.0.0-10'))"],
    ["semver('1.0.0+a') == semver('1.0.0+b')"],
    ["!isSemver('v1.0') && isSemver('v1.0', true) && isSemver('01.01.01', true) && !isSemver('hello')"],
    ["semver('v1.0', true) == semver('1.0.0') && semver('01.01.01', true) == semver('1.1.1')"],
    // Quantities
    ["quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')"],
    ["quantity('50k').asInteger() == 50000 && quantity('50000000G').isInteger()"],
    ["!quantity('9999999999999999999999999999999999999G').isInteger()"],
    ["quantity('50k').sub(20000).asApproximateFloat() == 30000.0"],
    ["quantity('200M').compareTo(quantity('0.2G')) == 0 && quantity('50M').compareTo(quantity('50Mi')) == -1"],
    ["quantity('-1').sign() == -1 && quantity('0').sign() == 0"],
    ["quantity('9007199254740993').isGreaterThan(quantity('9007199254740992'))"],
    ["!isQuantity('200K') && !isQuantity('Three') && !isQuantity('Mi') && !isQuantity('1,3G') && isQuantity('1.3Gi')"],
    // Named formats
    ["!format.dns1123Label().validate('my-label-name').hasValue()"],
    ["format.dns1123Label().validate('My.Label').hasValue()"],
    ["format.dns1123Label().validate('A').value().size() == 1"],
    ["!format.dns1123Subdomain().validate('apiextensions.k8s.io').hasValue()"],
    ["!format.qualifiedName().validate('apiextensions.k8s.io/v1beta1').hasValue()"],
    ["!format.dns1123LabelPrefix().validate('my-label-prefix-').hasValue()"],
    ["format.dns1035Label().validate('1abc').hasValue() && format.labelValue().validate('-').hasValue()"],
    ["format.named('uri').value().validate('not a uri').hasValue() && !format.named('unknown').hasValue()"],
    ["!format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()"],
    ["!format.byte().validate('aGVsbG8=').hasValue() && !format.date().validate('2021-01-01').hasValue()"],
    ["!format.datetime().validate('2021-01-01T00:00:00Z').hasValue()"],
    // Lists, texts, regular expressions
    ['[5, 3, 1, 2].reverse() == [2, 1, 3, 5] && [1, 2, 2, 3, 3].distinct() == [1, 2, 3]'],
    [
      '[1,2,3,4].slice(1, 3) == [2, 3] && [1,[2,[3,4]]].flatten() == [1, 2, [3, 4]] && [1,[2,[3]]].flatten(2) == [1,2,3]',
    ],
    ["['b', 'c', 'a'].sort() == ['a', 'b', 'c'] && lists.range(3) == [0, 1, 2]"],
    ["self.entries.sortBy(e, -e.n).map(e, e.name) == ['two', 'one']"],
    ["[duration('1m'), duration('1s')].sum() == duration('1m1s') && [].sum() == 0 && [1.0, 3.0].sum() == 4.0"],
    ["'hello hello hello'.split(' ', 2) == ['hello', 'hello hello'] && 'hello'.split(' ', 0) == []"],
    ["'hello'.charAt(4) == 'o' && 'tacocat'.substring(0, 4) == 'taco' && 'gums'.reverse() == 'smug'"],
    ["strings.quote('a') == '\"a\"' && '%s has %d'.format(['x', 3]) == 'x has 3'"],
    ["'123 abc 456'.findAll('[0-9]+', 1) == ['123'] && 'abc 123'.find('xyz') == ''"],
    ['sets.equivalent([1], [1u, 1.0]) && sets.intersects([[1], [2, 3]], [[1, 2], [2, 3.0]])'],
    ["int('-12') == -12 && double('1.5') == 1.5 && type(self.port) == int"],
    ["self.bytes == b'hello' && self.wait == duration('180s')"],
    // Sets and maps of a schema are equal whatever their order, and are joined by their keys.
    ['self.set == self.other && self.set + self.other == self.set && (self.set + ["z"]).size() == 3'],
    ["(self.entries + [{'name': 'two', 'n': 5}]).map(e, e.n) == [1, 5]"],
  ])('%s', (rule) => {
    expect(outcome(rule)).toBe(true);
  });

  it.each([
    ["url('https://a:b:c/')", 'invalid port'],
    ["ip('fe80::1%eth0')", 'zone'],
    ["cidr('10.0.0.0/40')", 'network address'],
    ["semver('200K')", 'no semantic version'],
    ["quantity('200K')", 'regular expression'],
    ["quantity('0.5').asInteger()", 'cannot convert'],
    ['[].min()', 'empty list'],
    ['self.list[9]', 'out of bounds'],
    ['self.none.b', 'none'],
    ["int('x')", 'type conversion'],
    ["double('')", 'type conversion'],
    ['optional.none().value()', 'dereference'],
    ['lists.range(100000000)', 'out of bounds'],
  ])('%s is an error', (rule, message) => {
    const found = cel.evaluate(rule, schema, self);
    expect(found).toHaveProperty('error');
    expect(found).not.toHaveProperty('unsupported');
    expect((found as { error: string }).error).toContain(message);
  });

  it.each([
    ['self.n +', 'end of input'],
    ['authorizer.path("/x").check("get").allowed()', 'authorizer'],
    ['self.list.unheardOf()', '`unheardOf`'],
    ["self.list + 'a'", 'overload'],
    ["'a' < 1", 'overload'],
    ['[1].all(i, i, true)', 'duplicate variable'],
  ])('%s is not evaluated', (rule, message) => {
    const found = cel.evaluate(rule, schema, self) as { error: string; unsupported?: boolean };
    expect(found.unsupported).toBe(true);
    expect(found.error).toContain(message);
  });
});

describe('optional values', () => {
  it.each([
    ['self.?a.hasValue() && !self.?none.hasValue()'],
    ['self.?a.b.c.orValue(0) == 7 && self.?none.b.c.orValue(0) == 0 && self.a.?b.?c.value() == 7'],
    ["self.map[?'x'].value() == '1' && !self.map[?'z'].hasValue() && self.list[?0].value() == 3"],
    ['!self.list[?3].hasValue() && self.?list[0] == optional.of(3) && self.?list[9] == optional.none()'],
    ['self.?none.or(self.?a).hasValue() && self.?none.or(optional.none()) == optional.none()'],
    ['self.?a.optMap(v, v.b.c + 1) == optional.of(8) && !self.?none.optMap(v, v.b.c).hasValue()'],
    ['self.?a.optFlatMap(v, v.?b).hasValue() && !self.?a.optFlatMap(v, optional.none()).hasValue()'],
    ['optional.ofNonZeroValue(0) == optional.none() && optional.ofNonZeroValue([]) == optional.none()'],
    ["optional.ofNonZeroValue('x').value() == 'x' && optional.of(1) != optional.of(2)"],
    ['[?self.?none, ?optional.of(1), 2] == [1, 2] && [1, ?optional.none()] == [1]'],
    ["{?'k': self.?none, 'l': 1, ?'m': optional.of(2)} == {'l': 1, 'm': 2}"],
    ['has(self.?a.b) && !has(self.?none.b)'],
    ['[1, 2].first() == optional.of(1) && [].last() == optional.none()'],
    ['optional.unwrap([optional.of(42), optional.none()]) == [42] && [optional.of(1)].unwrapOpt() == [1]'],
    ['cel.bind(x, self.?a, x.b.c) == optional.of(7)'],
    ["'?' in ['?', 'a.?b'] && (self.list.size() > 1 ? true : false)"],
    ['self.list.all(i, self.list[?i].hasValue() || i == 3)'],
  ])('%s', (rule) => {
    expect(outcome(rule)).toBe(true);
  });

  it('only what is optional syntax is rewritten', () => {
    const same = "a ? b : c.d['?'] // e.?f\n";
    expect(withoutOptionalSyntax(same)).toBe(same);
    expect(withoutOptionalSyntax("x in [?a] || r'\\.?b'.c[?d[?e]]")).toBe(
      "x in [__optEntry(a)] || r'\\.?b'.c.__optIndex(d.__optIndex(e))",
    );
  });
});

describe('comprehensions', () => {
  it.each([
    ['[1, 2, 3].all(i, j, i < j)'],
    ["!{'hello': 'world', 'taco': 'taco'}.all(k, v, k != v)"],
    ["{'h': ['hello', 'hi'], 'j': ['joke', 'jog']}.all(k, vals, vals.all(v, v.startsWith(k)))"],
    ["{'greeting': 'hello', 'farewell': 'goodbye'}.exists(k, v, k.startsWith('good') || v.endsWith('bye'))"],
    ['![1, 2, 1, 3, 1, 4].existsOne(i, v, i == 1 || v == 1) && [1, 1, 2, 2].exists_one(i, v, i == 2 && v == 2)'],
    ['[1, 2, 3].transformList(i, v, (i * v) + v) == [1, 4, 9]'],
    ['[1, 2, 3].transformList(i, v, i % 2 == 0, (i * v) + v) == [1, 9]'],
    ["{'greeting': 'hello'}.transformMap(k, v, v + '!') == {'greeting': 'hello!'}"],
    ['[1, 2, 3].transformMap(i, v, i % 2 == 0, v) == {0: 1, 2: 3}'],
    ["{'greeting': 'hello'}.transformMapEntry(k, v, {v: k}) == {'hello': 'greeting'}"],
    ['cel.bind(x, 2, cel.bind(y, 3, x * y)) == 6'],
    ["self.map.all(k, self.map[k] in ['1', '2']) && self.entries.exists(e, e.name == 'two')"],
    ['[1, 2].all(i, v, [3, 4].exists(j, w, i == j && w == v + 2))'],
    // An error in one entry does not count where another decides.
    ['[0, 1].exists(i, v, 1 / v == 1)'],
  ])('%s', (rule) => {
    expect(outcome(rule)).toBe(true);
  });

  it('a repeated key is an error', () => {
    expect(outcome("{'a': 'x', 'b': 'x'}.transformMapEntry(k, v, {v: k})")).toContain('already exists');
  });
});

describe('a definition whose rules are wrong', () => {
  const definition = (rule: string) =>
    `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: as.example.com}, spec: {group: example.com, scope: Cluster, names: {kind: A, plural: as, singular: a}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, x-kubernetes-validations: [{rule: ${JSON.stringify(rule)}}]}}}}}]}}`;
  const pointer = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/x-kubernetes-validations/0/rule';

  it.each([
    ['self.a == 1', []],
    ['self.a = 1', [['api-crd', 'error', pointer]]],
    ['self.all(1, true', [['api-crd', 'error', pointer]]],
    ['self.a.fromTheFuture()', [['schema-cel-unchecked', 'info', pointer]]],
  ])('%s', (rule, expected) => {
    const { problems } = judgeText(definition(rule), storeFor(undefined, { cel }));
    expect(problems.map(({ ruleId, severity, at }) => [ruleId, severity, at.pointer])).toEqual(expected);
  });
});

describe('a rule that takes too long', () => {
  it('is given up, and said not to be evaluated', () => {
    const list = 'lists.range(300)';
    const rule = `${list}.all(a, ${list}.all(b, ${list}.all(c, a + b + c >= 0)))`;
    expect(cel.evaluate(rule, schema, self)).toEqual({
      error: expect.stringContaining('more than 1000000 steps'),
      unsupported: true,
    });
    expect(outcome('1 + 1 == 2')).toBe(true);
  });
});

describe('the rules of a schema', () => {
  const findings = (properties: JsonObject, rules: Json, value: Json) =>
    checkRules(
      cel,
      readSchema({ type: 'object', properties, 'x-kubernetes-validations': rules }, { form: 'structural' }),
      value,
    );

  it('a rule on a change is left out, as when the object is created', () => {
    expect(findings({ n: { type: 'integer' } }, [{ rule: 'self.n == oldSelf.n' }], { n: 1 })).toEqual([]);
    expect(findings({ n: { type: 'integer' } }, [{ rule: "self.n == 2 || 'oldSelf' == ''" }], { n: 1 })).toHaveLength(
      1,
    );
  });

  it('with optionalOldSelf it is evaluated without an earlier state', () => {
    const rule = { rule: 'self.n >= oldSelf.n.orValue(5)', optionalOldSelf: true };
    expect(
      findings({ n: { type: 'integer' } }, [{ ...rule, rule: 'self.n >= oldSelf.optMap(o, o.n).orValue(5)' }], {
        n: 1,
      }),
    ).toHaveLength(1);
    expect(
      findings({ n: { type: 'integer' } }, [{ ...rule, rule: '!oldSelf.hasValue() || self.n == oldSelf.value().n' }], {
        n: 1,
      }),
    ).toEqual([]);
  });

  it('sees defaults, and evaluates the rules of what they bring', () => {
    const properties = {
      mode: { type: 'string', default: 'slow' },
      deep: {
        type: 'object',
        default: {},
        properties: { n: { type: 'integer', default: 3 } },
        'x-kubernetes-validations': [{ rule: 'self.n < 3', message: 'too many' }],
      },
    };
    expect(findings(properties, [{ rule: "self.mode == 'slow'" }], {}).map(({ broken }) => broken)).toEqual([
      'too many',
    ]);
  });

  it('an error of the rule refuses the object, as in the API server', () => {
    const rules = [{ rule: 'self.n > 0', message: 'n is positive' }];
    const [finding] = findings({ n: { type: 'integer' } }, rules, {});
    expect(finding!.broken).toBe('no such key: n evaluating rule: n is positive');
  });

  it('the rules within allOf count', () => {
    const schema = readSchema(
      {
        type: 'object',
        properties: { n: { type: 'integer' } },
        allOf: [{ 'x-kubernetes-validations': [{ rule: 'self.n > 1' }] }],
      },
      { form: 'structural' },
    );
    expect(checkRules(cel, schema, { n: 1 })).toHaveLength(1);
    expect(checkRules(cel, schema, { n: 2 })).toEqual([]);
  });
});

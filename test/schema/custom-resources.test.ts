import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/diagnostics/diagnostic.js';
import { accepts } from '../../src/schema/accept.js';
import { type CelEngine, loadCelEngine } from '../../src/schema/cel/check.js';
import { celName, celValue } from '../../src/schema/cel/value.js';
import { haveRules, readCrd } from '../../src/schema/crd.js';
import { formatDuration, goDuration } from '../../src/schema/go-duration.js';
import { readSchema } from '../../src/schema/open-api.js';
import { judgeText, resourcesOf, storeFor } from './helpers.js';

const crd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Cluster
  names: { kind: Widget, plural: widgets }
  versions:
    - name: v1alpha1
      served: false
      storage: false
      schema: { openAPIV3Schema: { type: object } }
    - name: v1beta1
      served: true
      storage: false
      deprecated: true
      schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } }
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [size]
              x-kubernetes-validations:
                - { rule: "!has(self.min) || self.min <= self.max", message: min must not exceed max }
                - { rule: "self.size != oldSelf.size", message: a transition }
                - { rule: "self.name.matches('^(a+)+$') || self.size > 0", messageExpression: "'bad ' + self.name", fieldPath: .name }
              properties:
                size: { type: integer, minimum: 1, format: int32 }
                min: { type: integer }
                max: { type: integer, default: 5 }
                name: { type: string, maxLength: 40, pattern: "^[a-z]+$", default: aaa }
                mode: { type: string, enum: [fast, slow] }
                port: { x-kubernetes-int-or-string: true, anyOf: [{ type: integer }, { type: string }] }
                anything: { type: object, x-kubernetes-preserve-unknown-fields: true }
                template: { type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true }
                nothing: { type: string, nullable: true }
                since: { type: string, format: date-time }
                share: { type: number, exclusiveMinimum: true, minimum: 0, multipleOf: 0.1 }
                labels: { type: object, additionalProperties: { type: string } }
                either: { type: object, properties: { a: { type: string }, b: { type: string } }, oneOf: [{ required: [a] }, { required: [b] }] }
                items:
                  type: array
                  maxItems: 3
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items:
                    type: object
                    required: [name]
                    properties: { name: { type: string }, cost: { type: integer } }
                    x-kubernetes-validations: [{ rule: "!has(self.cost) || self.cost >= 0", message: cost is negative }]
`;
const definitions = resourcesOf('crds/widgets.yaml', crd).flatMap(({ value }) => readCrd(value, 'crds/widgets.yaml'));
let cel: CelEngine;
beforeAll(async () => {
  cel = await loadCelEngine();
});
const widget = (spec: string, version = 'v1') =>
  judgeText(
    `{apiVersion: example.com/${version}, kind: Widget, metadata: {name: w}, spec: ${spec}}`,
    storeFor(undefined, { userCrds: definitions, cel }),
  );

describe('a CRD of the repository', () => {
  it('defines its versions', () => {
    expect(definitions.map(({ apiVersion, scope }) => [apiVersion, scope])).toEqual([
      ['example.com/v1alpha1', 'Cluster'],
      ['example.com/v1beta1', 'Cluster'],
      ['example.com/v1', 'Cluster'],
    ]);
    expect(haveRules(definitions)).toBe(true);
  });

  it.each([
    ['{size: 1, min: 2, max: 3, port: 80, share: 0.3, since: "2026-01-31T12:00:00.5+01:00"}'],
    ['{size: 1, port: http, anything: {a: [1]}, nothing: null, mode: null, labels: {a: b}, either: {a: x}}'],
    [
      '{size: 1, template: {apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {}}, items: [{name: a}, {name: b, cost: 0}]}',
    ],
  ])('accepts %s', (spec) => {
    const { verdict, problems } = widget(spec);
    expect(problems).toEqual([]);
    expect(verdict).toBe('valid');
  });

  it.each([
    ['{}', 'schema-missing-required', '/spec', '`size`'],
    ['{size: 0}', 'schema-out-of-bounds', '/spec/size', 'minimum of 1'],
    ['{size: 1, sise: 2}', 'schema-unknown-field', '/spec/sise', 'Did you mean `size`? (schema: crds/widgets.yaml)'],
    ['{size: 1, mode: fats}', 'schema-not-allowed-value', '/spec/mode', 'Did you mean `fast`?'],
    ['{size: 1, name: A1}', 'schema-pattern-mismatch', '/spec/name', '^[a-z]+$'],
    ['{size: 1, port: true}', 'schema-wrong-type', '/spec/port', 'string or integer'],
    ['{size: 1, template: {kind: Pod}}', 'schema-missing-required', '/spec/template', '`apiVersion`'],
    ['{size: 1, share: 0}', 'schema-out-of-bounds', '/spec/share', 'above 0'],
    ['{size: 1, share: 0.25}', 'schema-out-of-bounds', '/spec/share', 'multiple of 0.1'],
    ['{size: 1, labels: {a: 1}}', 'schema-wrong-type', '/spec/labels/a', 'expected string'],
    ['{size: 1, either: {a: x, b: y}}', 'schema-no-alternative', '/spec/either', 'exactly one of a, b, has a and b'],
    ['{size: 1, items: [{name: a}, {name: a}]}', 'schema-duplicate-entry', '/spec/items/1', 'repeats an earlier entry'],
    ['{size: 1, items: [null]}', 'schema-wrong-type', '/spec/items/0', 'expected object, got null'],
    ['{size: 1, min: 6}', 'schema-cel-rule', '/spec', 'min must not exceed max'],
    ['{size: 1, items: [{name: a, cost: -1}]}', 'schema-cel-rule', '/spec/items/0', 'cost is negative'],
  ])('refuses %s', (spec, rule, pointer, message) => {
    const { verdict, problems } = widget(spec);
    expect(problems.map(({ ruleId, at }) => [ruleId, at.pointer])).toEqual([[rule, pointer]]);
    expect(problems[0]!.message).toContain(message);
    expect(verdict).toBe('invalid');
  });

  it('says what its versions have become', () => {
    expect(widget('{}', 'v1alpha1').problems.map(({ ruleId }) => ruleId)).toContain('api-removed');
    expect(widget('{size: x}', 'v1beta1').problems.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
      ['api-deprecated', 'warning'],
    ]);
    const { verdict, problems } = widget('{}', 'v2');
    expect(verdict).toBe('no-schema');
    expect(problems[0]!.allowed).toEqual(['example.com/v1alpha1', 'example.com/v1beta1', 'example.com/v1']);
  });

  it('says that rules were not evaluated where no engine was given', () => {
    const { problems } = judgeText(
      '{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}, spec: {size: 1}}',
      storeFor(undefined, { userCrds: definitions }),
    );
    expect(problems.map(({ ruleId }) => ruleId)).toEqual(['schema-cel-unchecked']);
  });

  it('wins over what is bundled', () => {
    const own = crd
      .replaceAll('example.com', 'keda.sh')
      .replaceAll('Widget', 'ScaledObject')
      .replaceAll('name: v1alpha1', 'name: v1alpha0');
    const userCrds = resourcesOf('crds/own.yaml', own).flatMap(({ value }) => readCrd(value, 'crds/own.yaml'));
    const { problems } = judgeText(
      '{apiVersion: keda.sh/v1, kind: ScaledObject, metadata: {name: w}, spec: {}}',
      storeFor(undefined, { userCrds }),
    );
    expect(problems[0]!.message).toContain('crds/own.yaml');
  });
});

describe('what a schema of a CRD asks for', () => {
  it('a required field with a default may be absent, as the default is filled in first', () => {
    const properties = { a: { type: 'string', default: 'x' }, b: { type: 'string' } };
    const node = readSchema({ type: 'object', required: ['a', 'b'], properties }, { form: 'structural' });
    expect(accepts(node, { b: 'y' })).toBe(true);
    expect(accepts(node, { a: 'y' })).toBe(false);
  });

  it('an integer or text of a CRD is not bound to 32 bits: quantities are written so', () => {
    const node = readSchema({ 'x-kubernetes-int-or-string': true }, { form: 'json-schema' });
    expect(accepts(node, 8_589_934_592)).toBe(true);
    expect(accepts(node, 0.5)).toBe(false);
  });

  it.each([
    [
      'cidr',
      ['10.0.0.0/8', '2001:db8::/32', '010.0.0.0/8'],
      ['10.0.0.0/33', 'fe80::1%eth0/64', '2001:db8::/129', '10.0.0.0'],
    ],
    [
      'mac',
      ['01:23:45:67:89:ab', '01-23-45-67-89-AB', '0123.4567.89ab'],
      ['GG:GG:GG:GG:GG:GG', '01:23-45:67:89:ab', '01:23'],
    ],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123E4567E89B12D3A456426614174000'], ['123e4567']],
    ['uuid4', ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-12d3-a456-426614174000']],
    ['duration', ['1h30m', '-1.5s', '0', '3 days', '22 ns'], ['5', 'soon', '']],
    ['hostname', ['example.com', 'a', 'node-1.example.org'], ['-a.com', 'a_b.com', `${'a'.repeat(64)}.com`]],
    ['email', ['a@b.example', 'A B <a@b.example>'], ['a', 'a@', '@b']],
    ['uri', ['https://example.com/a?b#c', '/a', 'mailto:a@b'], ['a/b', '', 'https://a:b:c/', 'http://a b/']],
    ['ipv4', ['10.0.0.1', '010.0.0.1'], ['10.0.0', '256.0.0.1', '::1']],
    ['ipv6', ['::1', '2001:db8::'], ['1', '10.0.0.1', ':::']],
    ['isbn10', ['0321751043'], ['0321751044']],
    ['isbn13', ['978-0321751041'], ['978-0321751042']],
    ['isbn', ['0321751043', '978-0321751041'], ['12']],
    ['creditcard', ['4111 1111 1111 1111'], ['4111 1111 1111 1112']],
    ['ssn', ['111-11-1111'], ['111-111-111']],
    ['hexcolor', ['#FFFFFF', 'fff'], ['#FFFF', 'red']],
    ['rgbcolor', ['rgb(255, 0, 9)'], ['rgb(256,0,0)', 'rgb(1,2)']],
    ['bsonobjectid', ['507f1f77bcf86cd799439011'], ['507f']],
    ['k8s-short-name', ['a-b'], ['a.b', 'A', 'a-', 'a'.repeat(64)]],
    ['k8s-long-name', ['a-b.c', 'a'.repeat(100)], ['a..b', 'A']],
    ['byte', ['aGVsbG8='], ['aGVsbG8']],
    ['datetime', ['2026-01-31T12:00:00Z'], ['2026-01-32T12:00:00Z']],
    ['date', ['2026-02-28'], ['2026-02-30', '28.2.2026']],
    ['unknown-format', ['anything'], []],
  ])('the format %s', (format, good, bad) => {
    const node = readSchema({ properties: { it: { type: 'string', format } } }, { form: 'structural' });
    for (const it of good) expect([it, accepts(node, { it })]).toEqual([it, true]);
    for (const it of bad) expect([it, accepts(node, { it })]).toEqual([it, false]);
  });
});

describe('fields that exclude each other in Istio', () => {
  const rule = (spec: string) =>
    judgeText(
      `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a}, spec: {host: a, trafficPolicy: {loadBalancer: ${spec}}}}`,
      storeFor(),
    ).problems;

  it.each([
    '{}',
    '{simple: RANDOM}',
    '{simple: RANDOM, consistentHash: null}',
    '{consistentHash: {useSourceIp: true}}',
  ])('%s is accepted', (spec) => expect(rule(spec)).toEqual([]));

  it.each([
    [
      '{simple: RANDOM, consistentHash: {useSourceIp: true}}',
      '/spec/trafficPolicy/loadBalancer',
      'takes at most one of simple, consistentHash, has simple and consistentHash',
    ],
    [
      '{consistentHash: {useSourceIp: true, httpHeaderName: x}}',
      '/spec/trafficPolicy/loadBalancer/consistentHash',
      'has useSourceIp and httpHeaderName',
    ],
  ])('%s is refused', (spec, pointer, message) => {
    const [problem, ...more] = rule(spec);
    expect(more).toEqual([]);
    expect([problem!.ruleId, problem!.at.pointer]).toEqual(['schema-no-alternative', pointer]);
    expect(problem!.message).toContain(message);
  });
});

describe('CEL with the functions of Kubernetes', () => {
  const schema = readSchema(
    {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: {
        n: { type: 'integer' },
        d: { type: 'number' },
        s: { type: 'string' },
        l: { type: 'array', items: { type: 'integer' } },
        t: { type: 'string', format: 'date-time' },
        p: { type: 'string', format: 'duration' },
        'a-b.c': { type: 'string' },
        in: { type: 'integer' },
      },
    },
    { form: 'json-schema' },
  );
  const self: Json = {
    n: 3,
    d: 0.5,
    s: 'abcabc',
    l: [1, 2, 3],
    t: '2026-01-31T00:00:00Z',
    p: '1h30m',
    'a-b.c': 'x',
    in: 1,
  };
  it.each([
    ['self.n == 3 && self.d < 1.0 && type(self.n) == int', true],
    ['self.l.sum() == 6 && self.l.min() == 1 && self.l.max() == 3 && self.l.isSorted()', true],
    ['self.l.indexOf(2) == 1 && self.l.lastIndexOf(9) == -1', true],
    ["self.s.find('b.') == 'bc' && self.s.findAll('a').size() == 2", true],
    ["self.s.matches('^(a|b|c)+$')", true],
    ['sets.contains(self.l, [1, 2]) && sets.intersects(self.l, [3, 9]) && !sets.equivalent(self.l, [1])', true],
    ["quantity('1Gi').isGreaterThan(quantity('1000Mi')) && quantity('500m').compareTo(quantity('0.5')) == 0", true],
    ["isQuantity('12x')", false],
    ["isIP('10.0.0.1') && isIP('::1') && !isIP('10.0.0') && isCIDR('10.0.0.0/8') && isURL('https://a.b/c')", true],
    ["self.t > timestamp('2025-01-01T00:00:00Z') && self.p > duration('1h')", true],
    ["self.a__dash__b__dot__c == 'x' && self.__in__ == 1", true],
    ["self.s.lowerAscii().split('b').size() == 3", true],
  ])('%s is %s', (rule, result) => {
    expect(cel.evaluate(rule, schema, self)).toEqual({ result });
  });

  it.each(['self.missing == 1', 'self.n +', "quantity('x') == 1.0", "self.s.matches('(?=a)')", 'self.n'])(
    '%s is not evaluated',
    (rule) => {
      expect(cel.evaluate(rule, schema, self)).toHaveProperty('error');
    },
  );

  it('matches in linear time', () => {
    const evil = `${'a'.repeat(5000)}!`;
    expect(cel.evaluate("self.s.matches('^(a+)+$')", schema, { s: evil })).toEqual({ result: false });
    const pattern = readSchema({ type: 'string', pattern: '^(([a-z])+.)+[A-Z]([a-z])+$' }, { form: 'json-schema' });
    expect(pattern.pattern).toBeDefined();
  });

  it('names fields and reads durations as Kubernetes does', () => {
    expect(celName('a__b')).toBe('a__underscores__b');
    expect(celName('namespace')).toBe('__namespace__');
    expect(goDuration('1h30m')).toBe(5_400_000_000_000n);
    expect(goDuration('-1.5s')).toBe(-1_500_000_000n);
    expect(goDuration('5')).toBeUndefined();
    expect(goDuration('2 days')).toBeUndefined();
    expect(formatDuration('2 days')).toBe(172_800_000_000_000n);
    expect(celValue(readSchema({ type: 'integer' }, { form: 'json-schema' }), 3)).toBe(3n);
  });
});

describe('what is written later', () => {
  it('is no field that a manifest has to have: the status', () => {
    const binding =
      'apiVersion: sources.knative.dev/v1\nkind: SinkBinding\nmetadata: {name: b}\nspec:\n  subject: {apiVersion: batch/v1, kind: Job, name: j}\n  sink: {ref: {apiVersion: v1, kind: Service, name: s}}\n';
    expect(judgeText(binding, storeFor()).problems).toEqual([]);
  });

  it('is filled in by Argo Workflows, in its own kinds alone', () => {
    const template = (action: string) =>
      `apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\nmetadata: {name: w}\nspec:\n  templates:\n    - name: t\n      inputs: {parameters: [{name: action}]}\n      resource: {action: '${action}', manifest: ''}\n`;
    expect(judgeText(template('{{inputs.parameters.action}}'), storeFor()).problems).toEqual([]);
    expect(judgeText(template('make'), storeFor()).problems.map((each) => each.ruleId)).toEqual([
      'schema-not-allowed-value',
    ]);
  });
});

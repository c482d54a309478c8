import fc from 'fast-check';
import jsYaml from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../diagnostics/diagnostic.js';
import { readYaml } from './read.js';
import { flowYaml, writeYaml } from './write.js';

const none = (): never => {
  throw new Error('no problem is expected');
};

/** Texts that some parser takes for something else, and ordinary ones. */
const text = fc.oneof(
  fc.constantFrom(
    'yes',
    'No',
    'on',
    'y',
    'n',
    'null',
    '~',
    '',
    '0644',
    '0o17',
    '0x1F',
    '0b11',
    '1_000',
    '12:30:45',
    '1e3',
    '.5',
    '-.inf',
    '.NaN',
    '=',
    '<<',
  ),
  fc.constantFrom(
    '2026-11-21',
    '2026-11-21T09:30:00Z',
    '1.10',
    'v1.2.3@sha256:ab',
    'a: b',
    'a #b',
    '- a',
    '? a',
    '{a}',
    '[a]',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '`a',
  ),
  fc.constantFrom(
    ' a',
    'a ',
    'a\n',
    '\na',
    'a\nb',
    'a\n\nb\n',
    'a\tb',
    '\ta',
    '---',
    '...',
    '--- a',
    '"a"',
    "'a'",
    'a: |',
    '#',
    ':',
    '-',
    '?',
    ',',
    'é',
    '日本',
    '😀',
    '$(NAME)',
    '{{ x }}',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const key = fc.oneof(text, fc.constantFrom('a', 'b', 'app.kubernetes.io/name')).filter((name) => name !== '__proto__');
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
// YAML has one zero.
const plain = (json: unknown): Json => JSON.parse(JSON.stringify(json)) as Json;

describe('whoever reads what is written reads the same', () => {
  const readers: readonly (readonly [string, (yaml: string) => unknown])[] = [
    ['YAML 1.2 (js-yaml, core schema)', (yaml) => jsYaml.load(yaml, { schema: jsYaml.CORE_SCHEMA })],
    ['dates and merge keys (js-yaml, default schema)', (yaml) => jsYaml.load(yaml)],
    ['YAML 1.2 (yaml)', (yaml) => parse(yaml)],
    ['YAML 1.1 (yaml)', (yaml) => parse(yaml, { version: '1.1' })],
    ['as Kubernetes reads it', (yaml) => readYaml('f', yaml, none)[0]?.value],
  ];
  for (const [name, read] of readers) {
    test(name, () => {
      fc.assert(
        fc.property(value, (json) => {
          const wanted = plain(json);
          expect(read(writeYaml(wanted))).toEqual(wanted);
          expect(read(flowYaml(wanted))).toEqual(wanted);
        }),
        { seed: 11, numRuns: process.env['GITOPS_GEN_DEEP'] ? 20_000 : 1_500 },
      );
    });
  }
});

test('one object in two places is written twice, without an anchor', () => {
  const shared = { one: 1 };
  expect(writeYaml({ a: shared, b: shared })).toBe('a:\n  one: 1\nb:\n  one: 1\n');
});

test('no line is folded, and text of several lines stands as a block', () => {
  const long = `${'word '.repeat(60)}end`;
  expect(writeYaml({ long, script: 'a\nb\n' })).toBe(`long: ${long}\nscript: |\n  a\n  b\n`);
});

test('compact writing puts small mappings on one line', () => {
  const model = {
    name: 'llama-3.1-8b',
    replicas: { development: 1, production: { min: 5, max: 20 } },
    notes: 'x'.repeat(90),
  };
  expect(writeYaml(model, { compact: true })).toBe(
    `name: llama-3.1-8b\nreplicas: { development: 1, production: { min: 5, max: 20 } }\nnotes: ${'x'.repeat(90)}\n`,
  );
});

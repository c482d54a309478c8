import { describe, expect, test } from 'vitest';
import type { Problem } from '../diagnostics/diagnostic.js';
import { rangeOf } from './range.js';
import { readYaml } from './read.js';

function read(text: string) {
  const problems: Problem[] = [];
  const values = readYaml('f.yaml', text, (problem) => problems.push(problem)).map(({ value }) => value);
  return {
    values,
    problems: problems.map((one) => `${one.ruleId} ${rangeOf(text, one.at).start.line}`),
    first: problems[0],
  };
}

describe('manifests are read as Kubernetes and Kustomize read them', () => {
  const same: readonly (readonly [what: string, text: string, values: readonly unknown[]])[] = [
    ['several documents, an empty one counted', 'a: 1\n---\n---\nb: 2\n', [{ a: 1 }, null, { b: 2 }]],
    ['a leading zero is octal, as Go reads it', 'defaultMode: 0644\n', [{ defaultMode: 420 }]],
    ['an octal that is none', 'a: 089\n', [{ a: 89 }]],
    ['underscores in numbers', 'a: 1_000\n', [{ a: 1000 }]],
    ['anchors', 'a: &x { b: 1 }\nc: *x\n', [{ a: { b: 1 }, c: { b: 1 } }]],
    ['merge keys', 'a: &x { b: 1, d: 2 }\nc:\n  <<: *x\n  d: 3\n', [{ a: { b: 1, d: 2 }, c: { b: 1, d: 3 } }]],
    ['dates stay text', 'a: 2026-11-21\n', [{ a: '2026-11-21' }]],
    ['a script that says __proto__', 'a: |\n  ({ __proto__: null })\n', [{ a: '({ __proto__: null })\n' }]],
    ['nothing', '', []],
  ];
  for (const [what, text, values] of same) {
    test(what, () => expect(read(text)).toEqual({ values, problems: [], first: undefined }));
  }
});

describe('what no parser of manifests accepts is refused, with its line', () => {
  const bomb = `a: &a [x, x]\n${'bcdefgh'
    .split('')
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]\n`)
    .join('')}`;
  const refused: readonly (readonly [what: string, text: string, problems: readonly string[], message?: string])[] = [
    ['duplicate keys, every one', 'a: 1\nb:\n  c: 1\n  c: 2\na: 2\n', ['yaml-duplicate-key 5', 'yaml-duplicate-key 4']],
    ['duplicate keys in a later document', 'a: 1\n---\nb: 1\nb: 2\n', ['yaml-duplicate-key 4']],
    ['an unclosed quote, where it opens', 'a: "x\nb: 1\n', ['yaml-syntax 1'], 'never closed'],
    ['a tag of somebody', 'a: !Ref x\n', ['yaml-tag 1']],
    ['a bomb of aliases', bomb, ['yaml-limit 1'], 'expand to more than'],
    ['a circle of aliases', 'a: &a [*a]\n', ['yaml-alias 1'], 'contains its own alias'],
    ['nesting without end', '['.repeat(100_000), ['yaml-limit 1'], 'more than 100 deep'],
    ['a key __proto__', 'a:\n  __proto__: { x: 1 }\n', ['yaml-key 2']],
  ];
  for (const [what, text, problems, message = ''] of refused) {
    test(what, () => {
      const { values, problems: found, first } = read(text);
      expect({ values, found }).toEqual({ values: [], found: problems });
      expect(first?.message).toContain(message);
    });
  }

  test('the first of two duplicates is named too', () => {
    const text = 'a: 1\nb: 2\na: 3\n';
    expect(read(text).first?.related?.map(({ at }) => rangeOf(text, at).start.line)).toEqual([1]);
  });
});

describe('a placeholder of a template without quotes is said in words of what somebody wrote', () => {
  const said = (text: string) => {
    const problems: Problem[] = [];
    const documents = readYaml('a.yaml', text, (problem) => problems.push(problem));
    return {
      documents,
      problems: problems.map(({ ruleId, message, at }) => [
        ruleId,
        message,
        text.slice(at.offset, (at.offset ?? 0) + (at.length ?? 0)),
      ]),
    };
  };

  test.each([
    ['a value', 'a: b\nspec:\n  replicas: {{ replicas }}\n', '{{ replicas }}', ''],
    ['an item', 'args:\n  - {{ .Values.a }}\n', '{{ .Values.a }}', ''],
    ['within brackets', 'source: {path: {{path}}, repoURL: x}\n', '{{path}}', ''],
    ['with a pipe', 'a: {{ $x | quote }}\n', '{{ $x | quote }}', ''],
    ['several', 'a: {{ x }}\nb: {{ y }}\n---\nc: [{{ z }}]\n', '{{ x }}', ' 2 more in this file are like it.'],
    ['two', 'a: {{ x }}\nb: {{ y }}\n', '{{ x }}', ' One more in this file is like it.'],
  ])('%s', (_, text, written, more) => {
    expect(said(text)).toEqual({
      documents: [],
      problems: [
        [
          'yaml-template',
          `${written} is a placeholder of a template. Without quotes YAML reads it as a map whose key is a map, and Kubernetes refuses that.${more}`,
          written,
        ],
      ],
    });
  });

  test.each([
    ['beside text', 'name: {{ x }}-b\n', '{{ x }}'],
    ['an action of its own line', 'data:\n{{- if .x }}\n  a: b\n{{- end }}\n', '{{- if .x }}'],
    ['of Jinja', 'data:\n{% if x %}\n  a: b\n', '{% if x %}'],
  ])('where it leaves no YAML: %s', (_, text, written) => {
    expect(said(text).problems).toEqual([
      [
        'yaml-template',
        `${written} is a placeholder of a template, and what stands around it is no YAML until it is filled in.`,
        written,
      ],
    ]);
  });

  test.each([
    ['in quotes', 'a: "{{ x }}"\n'],
    ['in a block', 'a: |\n  {{ x }}\n'],
    ['within a text', 'a: b {{ x }}\n'],
  ])('and not %s', (_, text) => {
    expect(said(text)).toMatchObject({ documents: [{}], problems: [] });
  });
});

import { describe, expect, test } from 'vitest';
import { renderGoText } from './go-template.js';
import { MissingParameter, Undecidable } from './undecidable.js';

const params = {
  name: 'llama',
  n: 3,
  big: 1500000,
  half: 2.5,
  small: 0.00001,
  on: true,
  off: false,
  empty: '',
  zones: ['a', 'b'],
  none: [],
  deep: { x: 'y' },
  a: { b: { c: 'd' } },
};

describe('what text/template of Go, with Sprig 3.3, makes of a text', () => {
  test.each([
    ['{{ .name }}-{{ .n }}', 'llama-3'],
    ['{{ .name | upper | quote }}', '"LLAMA"'],
    ['{{ .big }} {{ .half }} {{ .small }}', '1.5e+06 2.5 1e-05'],
    ['{{- .name -}} x', 'llamax'],
    ['a {{- .name -}} b', 'allamab'],
    ['{{ if .on }}yes{{ else }}no{{ end }}', 'yes'],
    ['{{ if and .on (eq .name "llama") }}a{{ else if .off }}b{{ else }}c{{ end }}', 'a'],
    ['{{ if or .off .empty }}a{{ else if eq .name "x" "llama" }}b{{ end }}', 'b'],
    ['{{ range .zones }}[{{ . }}]{{ end }}', '[a][b]'],
    ['{{ range $i, $z := .zones }}{{ $i }}={{ $z }},{{ end }}', '0=a,1=b,'],
    ['{{ range $k, $v := .deep }}{{ $k }}:{{ $v }};{{ end }}', 'x:y;'],
    ['{{ range .none }}x{{ else }}nothing{{ end }}', 'nothing'],
    ['{{ with .deep }}{{ .x }}-{{ $.name }}{{ end }}', 'y-llama'],
    ['{{ $a := .name }}{{ $a }}{{ if .on }}{{ $a = "changed" }}{{ end }}{{ $a }}', 'llamachanged'],
    ['{{ index .zones 1 }}', 'b'],
    ['{{ index .deep "x" }}', 'y'],
    ['{{ (index .zones 0) | upper }}', 'A'],
    ['{{ (dict "k" .name).k }}', 'llama'],
    ['{{ printf "%s-%03d-%v-%q" .name 7 .on "z" }}', 'llama-007-true-"z"'],
    ['{{ .missing | default "d" }}', 'd'],
    ['{{ default "d" .name }}', 'llama'],
    ['{{ .tier.level | default "none" }}', 'none'],
    ['{{ hasKey .deep "x" }}/{{ hasKey .deep "q" }}', 'true/false'],
    ['{{ ternary "t" "f" .on }}', 't'],
    ['{{ .zones | join "+" }}', 'a+b'],
    ['{{ splitList "/" "a/b/c" | last }}', 'c'],
    ['{{ (split "/" "a/b/c")._1 }}', 'b'],
    [
      '{{ trimPrefix "ll" .name }} {{ trimSuffix "ma" .name }} {{ trunc 3 .name }} {{ trunc -2 .name }} {{ substr 1 3 .name }}',
      'ama lla lla ma la',
    ],
    ['{{ replace "l" "L" .name }} {{ contains "am" .name }} {{ hasPrefix "ll" .name }}', 'LLama true true'],
    ['{{ "a b-C_d" | kebabcase }} {{ "aB cD" | snakecase }}', 'a-b-c-d a_b_c_d'],
    ['{{ "hello world" | title }}', 'Hello World'],
    ['{{ indent 2 "a\\nb" }}|{{ nindent 1 "c" }}', '  a\n  b|\n c'],
    ['{{ add 1 2 .n }} {{ sub 5 2 }} {{ mul 2 3 }} {{ div 7 2 }} {{ mod 7 2 }} {{ max 1 5 3 }}', '6 3 6 3 1 5'],
    ['{{ list 1 2 | toJson }} {{ .deep | toJson }}', '[1,2] {"x":"y"}'],
    ['{{ first .zones }}{{ last .zones }}{{ rest .zones | len }}', 'ab1'],
    ['{{ has "b" .zones }}', 'true'],
    ['{{ list "b" "a" "b" | uniq | sortAlpha | join "," }}', 'a,b'],
    ['{{ regexMatch "^ll.*a$" .name }} {{ regexReplaceAll "l(l)" .name "${1}x" }}', 'true lxama'],
    ['{{ "x" | b64enc }}{{ "eA==" | b64dec }}', 'eA==x'],
    ['{{ dig "x" "fallback" .deep }}/{{ dig "q" "z" "fallback" .deep }}', 'y/fallback'],
    ['{{ coalesce .missing .empty .name }}', 'llama'],
    ['{{ empty .empty }} {{ not .on }} {{ len .name }}', 'true false 5'],
    ['{{ cat "a" .name }} {{ trim "  x " }} {{ trimAll "-" "--x-" }}', 'a llama x x'],
    ['{{ squote .name }}', "'llama'"],
    ['{{ if gt .n 2.0 }}more{{ else }}less{{ end }}', 'more'],
    ['{{ ne .name "x" }}', 'true'],
    ['{{/* a comment */}}x{{- /* another */ -}} y', 'xy'],
    ['{{ `raw "}}" text` }}', 'raw "}}" text'],
    ['{{ "}}" }}', '}}'],
    ['{{ (.deep).x }}', 'y'],
    ['{{ .name | printf "%s-%s" "p" }}', 'p-llama'],
    ['{{ int .half }} {{ atoi "12" }} {{ toString .n }}', '2 12 3'],
    ['{{ eq .n 3.0 }}', 'true'],
    ['{{ .a.b.c }}', 'd'],
    ['{{ (splitList "-" "x-y") | first }}', 'x'],
    ['{{ get .deep "x" }}', 'y'],
    ['{{ with .missing }}a{{ else }}b{{ end }}', 'b'],
    ['{{ range until 3 }}{{ . }}{{ end }}', '012'],
    ['{{ compact (list "" "a") | join "," }}', 'a'],
    [
      '{{ append .zones "c" | join "" }} {{ concat .zones (list "z") | len }} {{ reverse .zones | join "" }} {{ initial .zones | join "" }}',
      'abc 3 ba a',
    ],
  ])('%s', (text, expected) => {
    expect(renderGoText(text, params, false)).toBe(expected);
  });
});

describe('parameters that are not there', () => {
  test.each([
    ['{{ .missing }}', false],
    ['{{ .deep.missing }}', false],
    ['{{ .missing }}', true],
    ['{{ if .missing }}a{{ end }}', true],
    ['{{ default "d" .missing }}', true],
    ['{{ .name.x }}', false],
  ])('%s, with missingkey=error: %s', (text, strict) => {
    expect(() => renderGoText(text, params, strict)).toThrow(MissingParameter);
  });

  test('index and hasKey may ask for what is not there, in either mode', () => {
    for (const strict of [false, true]) {
      expect(renderGoText('{{ default "d" (index .deep "q") }}{{ hasKey .deep "q" }}', params, strict)).toBe('dfalse');
    }
  });
});

test.each([
  '{{ template "x" . }}',
  '{{ include "x" . }}',
  '{{ randAlpha 3 }}',
  '{{ .zones }}',
  '{{ if .on }}a',
  '{{ end }}',
  '{{ .name',
  '{{ .name | }}',
  '{{ index .zones 7 }}',
  '{{ regexMatch "(?=a)" .name }}',
])('%s is not decided here', (text) => {
  expect(() => renderGoText(text, params, false)).toThrow(Undecidable);
});

test('texts without braces, and whatever else is written, end', () => {
  for (const text of ['', 'plain', '{', '}}', '{ { .name } }']) expect(renderGoText(text, params, true)).toBe(text);
});

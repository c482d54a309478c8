import type { Case } from './case.js';

const inText = (text: string, paths: readonly string[], more: { value?: string; options?: string } = {}) => ({
  'kustomization.yaml': `resources: [a.yaml]\nreplacements:\n- sourceValue: "${more.value ?? 'new'}"\n  targets:\n  - select: {kind: ConfigMap}\n    fieldPaths: ${JSON.stringify(paths.map((path) => `data.cfg.${path}`))}\n${more.options === undefined ? '' : `    options: ${more.options}\n`}`,
  'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  cfg: |\n${text.replace(/^(?=.)/gm, '    ')}`,
});
const nested = `server:
    host: old
    port: 80

    quoted: 'a'
    double: "b"
list:
  - name: x
    items:
    - a
  - - b
    - c
empty: {}
none: []
nothing:
text: |
    two

    lines
long: aaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbb cccccccccccccccccc ddddddddddddddddddddd eeeeeeeeeeeeeeeee ffffffffff
`;

/** Replacements that reach into YAML or JSON in a string. */
export const structuredTexts: readonly Case[] = [
  { name: 'YAML in a string: a plain value', files: inText(nested, ['server.host']) },
  {
    name: 'YAML in a string: several, in quotes and in lists',
    files: inText(nested, ['server.quoted', 'server.double', 'list.0.name', 'list.1.0', 'list.0.items.0']),
  },
  { name: 'YAML in a string: a number', files: inText(nested, ['server.port'], { value: '8080' }) },
  { name: 'YAML in a string: a number for a word', files: inText(nested, ['server.host'], { value: '8080' }) },
  { name: 'YAML in a string: a boolean for a word', files: inText(nested, ['server.host'], { value: 'true' }) },
  { name: 'YAML in a string: yes for a word', files: inText(nested, ['server.host'], { value: 'yes' }) },
  {
    name: 'YAML in a string: a part of a value',
    files: inText('image: repo/app:1.0\n', ['image'], { options: '{delimiter: ":", index: 1}' }),
  },
  {
    name: 'JSON in a string: a part of a value',
    files: inText('{"image": "repo/app:1.0"}\n', ['image'], { options: '{delimiter: ":", index: 1}' }),
  },
  ...[
    'a: b',
    '8 #x',
    "it's",
    '- x',
    '[x',
    'two words',
    '{x}',
    'a,b',
    '@x',
    'x: ',
    '&x',
    '!x',
    '%x',
    '#x',
    '*x',
    'x#y',
    '"q"',
    '~x',
    '=',
    '<<',
    '?',
    '-',
    ': x',
  ]
    .filter((value) => !value.endsWith(' ') && !value.includes('"'))
    .flatMap((value) =>
      ['server.host', 'server.quoted', 'server.double'].map((path) => ({
        name: `YAML in a string: ${value} at ${path}`,
        files: inText(nested, [path], { value }),
      })),
    ),
  {
    name: 'YAML in a string: an item of a list by a condition',
    files: inText('names:\n- name: x\n  v: old\n- name: z\n  v: old\n', ['names.[name=z].v']),
  },
  {
    name: 'YAML in a string: an item of a list that no condition finds',
    files: inText('names:\n- name: x\n  v: old\n', ['names.[name=z].v']),
    fails: 'kustomize-replacement',
  },
  {
    name: 'YAML in a string: maps and lists in brackets',
    files: inText(
      'server: {host: old, port: 80, list: [a, {b: "c", d: [e, []]}], "x": {}}\nother:\n- [a,   b]\n- {a: 1,\n   b: 2}\nargs: [ --port, \'8080\', true ]\n',
      ['server.host', 'server.list.0', 'server.list.1.b', 'other.0.1', 'args.1'],
    ),
  },
  {
    name: 'YAML in a string: a field that is not there',
    files: inText(nested, ['server.nowhere']),
    fails: 'kustomize-replacement',
  },
  {
    name: 'a path into a string that is just text',
    files: inText('just text\n', ['server.host']),
    fails: 'kustomize-replacement',
  },
  { name: 'YAML in a string: every item', files: inText('names:\n- v: old\n- v: b\n  w: c\n', ['names.*.v']) },
  { name: 'YAML in a string: every word of a list', files: inText('names:\n- old\n- b\n', ['names.*']) },
  {
    name: 'YAML in a string: a wildcard for a map',
    files: inText('names:\n  a: old\n', ['names.*']),
    fails: 'kustomize-replacement',
  },
  {
    name: 'YAML in a string: the last item by a dash',
    files: inText('names:\n- old\n', ['names.-']),
    fails: 'kustomize-replacement',
  },
  {
    name: 'YAML in a string: a condition that several items meet',
    files: inText('names:\n- name: x\n  v: old\n- name: x\n  v: old\n', ['names.[name=x].v']),
  },
  ...['a\\nb', 'a\\nb\\n', 'one line\\nand another\\n'].flatMap((value) =>
    ['server.host', 'list.0.name', 'list.0.items.0', 'list.1.0', 'text'].map((path) => ({
      name: `YAML in a string: lines at ${path}, ${value}`,
      files: inText(nested, [path], { value }),
    })),
  ),
  ...[
    '# why\nhost: old # x\nport: 80\n',
    'port: 80\n# why\n# and why\nhost: old\nlist:\n# first\n- x: 1 # one\n# second\n- x: 2\n',
    'a:\n  # inner\n  b: c # more\n  # last\n  d: e\nhost: old\n',
    'url: http://x#y\nhost: old # z\n',
  ].map((text, i) => ({ name: `YAML in a string: comments ${i}`, files: inText(text, ['host']) })),
];

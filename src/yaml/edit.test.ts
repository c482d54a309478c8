import { describe, expect, test } from 'vitest';
import { editYaml, type YamlEdit } from './edit.js';

const family = `# The family
apiVersion: v1
spec:
  models:
    - name: a # first
      replicas: { development: 1 }

    # second, for later
    - name: b
      context: 8192
  phases:
    - { name: one, models: [a], gate: { requests: 20 } }   # keep me
    - { name: two, models: [ b ] }
  empty: []
  nothing:
# the end
`;

const cases: readonly (readonly [
  what: string,
  before: string,
  edit: YamlEdit | readonly YamlEdit[],
  after: string | undefined,
])[] = [
  [
    'a model behind the others, in block style, with an empty line between as the others have',
    family,
    {
      op: 'append',
      path: ['spec', 'models'],
      value: { name: 'c', replicas: { development: 1, production: { min: 2, max: 4 } } },
    },
    family.replace(
      '      context: 8192\n',
      '      context: 8192\n\n    - name: c\n      replicas: { development: 1, production: { min: 2, max: 4 } }\n',
    ),
  ],
  [
    'a phase in flow style as the others, behind a line with its own spacing',
    family,
    { op: 'append', path: ['spec', 'phases'], value: { name: 'three', models: ['c'] } },
    family.replace('models: [ b ] }\n', 'models: [ b ] }\n    - { name: three, models: [c] }\n'),
  ],
  [
    'an item of a flow list',
    family,
    { op: 'append', path: ['spec', 'phases', 1, 'models'], value: 'c' },
    family.replace('[ b ]', '[ b, c ]'),
  ],
  [
    'the first item of an empty list',
    family,
    { op: 'append', path: ['spec', 'empty'], value: 'x' },
    family.replace('empty: []', 'empty: [x]'),
  ],
  [
    'a list where the key has no value',
    family,
    { op: 'append', path: ['spec', 'nothing'], value: 'x' },
    family.replace('nothing:', 'nothing: [x]'),
  ],
  [
    'a list where there is no key',
    family,
    { op: 'append', path: ['spec', 'phases', 0, 'enabledIn'], value: 'dev' },
    family.replace('requests: 20 } }', 'requests: 20 }, enabledIn: [dev] }'),
  ],
  [
    'a scalar',
    family,
    { op: 'set', path: ['spec', 'models', 1, 'context'], value: 4096 },
    family.replace('8192', '4096'),
  ],
  [
    'text that needs quotes',
    family,
    { op: 'set', path: ['apiVersion'], value: '1.10' },
    family.replace('v1', '"1.10"'),
  ],
  [
    'a new field of a block mapping',
    family,
    { op: 'set', path: ['spec', 'models', 0, 'tier'], value: 'premium' },
    family.replace('{ development: 1 }\n', '{ development: 1 }\n      tier: premium\n'),
  ],
  [
    'a new field of a flow mapping',
    family,
    { op: 'set', path: ['spec', 'models', 0, 'replicas', 'staging'], value: { min: 1, max: 2 } },
    family.replace('{ development: 1 }', '{ development: 1, staging: { min: 1, max: 2 } }'),
  ],
  [
    'a block mapping by a small one',
    family,
    { op: 'set', path: ['spec', 'models', 1], value: { name: 'x' } },
    family.replace('name: b\n      context: 8192', 'name: x'),
  ],
  [
    'a model, with its lines; the comment above stays',
    family,
    { op: 'remove', path: ['spec', 'models', 1] },
    family.replace('    - name: b\n      context: 8192\n', ''),
  ],
  [
    'the first model, with the comment on its own line',
    family,
    { op: 'remove', path: ['spec', 'models', 0] },
    family.replace('    - name: a # first\n      replicas: { development: 1 }\n', ''),
  ],
  [
    'a field that shares its line with the dash',
    family,
    { op: 'remove', path: ['spec', 'models', 1, 'name'] },
    family.replace('- name: b\n      context', '- context'),
  ],
  [
    'a field',
    family,
    { op: 'remove', path: ['spec', 'models', 1, 'context'] },
    family.replace('      context: 8192\n', ''),
  ],
  [
    'an item of a flow list, which leaves an empty one',
    family,
    { op: 'remove', path: ['spec', 'phases', 0, 'models', 0] },
    family.replace('models: [a]', 'models: []'),
  ],
  [
    'a field of a flow mapping',
    family,
    { op: 'remove', path: ['spec', 'phases', 0, 'models'] },
    family.replace('models: [a], ', ''),
  ],
  [
    'the last field of a flow mapping',
    family,
    { op: 'remove', path: ['spec', 'phases', 0, 'gate'] },
    family.replace(', gate: { requests: 20 }', ''),
  ],
  [
    'everything of a list, one by one',
    'a:\n  - x\n  - y\nb: 1\n',
    [
      { op: 'remove', path: ['a', 0] },
      { op: 'remove', path: ['a', 0] },
    ],
    'a: []\nb: 1\n',
  ],
  [
    'a file without a line break at its end',
    'a:\n  - x',
    { op: 'append', path: ['a'], value: 'z' },
    'a:\n  - x\n  - z',
  ],
  [
    'a list that is not indented',
    'a:\n- x: 1\n- x: 2\nb: 1\n',
    { op: 'append', path: ['a'], value: { x: 3, k: { z: 1 } } },
    'a:\n- x: 1\n- x: 2\n- x: 3\n  k: { z: 1 }\nb: 1\n',
  ],
  [
    'line ends of Windows',
    'a:\r\n  - x\r\nb: 1\r\n',
    { op: 'append', path: ['a'], value: 'z' },
    'a:\r\n  - x\r\n  - z\r\nb: 1\r\n',
  ],
  ['a path that leads nowhere', family, { op: 'set', path: ['spec', 'nobody', 'x'], value: 1 }, undefined],
  ['an item that is not there', family, { op: 'remove', path: ['spec', 'models', 7] }, undefined],
  ['a list by name of a field', family, { op: 'append', path: ['apiVersion'], value: 1 }, undefined],
  ['a text of several documents', 'a: 1\n---\nb: 1\n', { op: 'set', path: ['a'], value: 2 }, undefined],
];

describe('an edit changes its place and nothing else', () => {
  for (const [what, before, edit, after] of cases) {
    test(what, () => expect(editYaml(before, Array.isArray(edit) ? edit : [edit as YamlEdit])).toBe(after));
  }
});

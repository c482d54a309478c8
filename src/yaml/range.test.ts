import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCounter, parseAllDocuments } from 'yaml';
import { measured } from '../../test/support/processor-time.js';
import type { Json, Place } from '../diagnostics/diagnostic.js';
import { rangeOf, sourceAt, toPointer } from './range.js';
import { writeYaml } from './write.js';

const text = `# head
a:
  b: "x y"   # why
  c: [1, {d: e}, [f]]
  list:
    - name: n1
      v: |
        two
        lines
    - n2
  base: &base
    k: 1
  copy: *base
  merged:
    <<: *base
    own: 2
  "quoted/key": q
  nothing:
---
second: doc
`;

describe('the place of a pointer', () => {
  const cases: readonly (readonly [pointer: string, found: string, line: number, more?: Partial<Place>])[] = [
    ['/a/b', '"x y"', 3],
    ['/a/b', 'b', 3, { part: 'key' }],
    ['/a', 'a', 2],
    ['/a/c', '[1, {d: e}, [f]]', 4],
    ['/a/c/0', '1', 4],
    ['/a/c/1/d', 'e', 4],
    ['/a/c/2/0', 'f', 4],
    ['/a/list', 'list', 5],
    ['/a/list/0', 'name: n1', 6],
    ['/a/list/0/name', 'n1', 6],
    ['/a/list/0/v', '|\n        two\n        lines', 7],
    ['/a/list/1', 'n2', 10],
    ['/a/copy/k', '1', 12],
    ['/a/merged/k', '1', 12],
    ['/a/merged/own', '2', 16],
    ['/a/quoted~1key', 'q', 17],
    ['/a/nothing', 'nothing', 18],
    ['/a/absent/deeper', 'a', 2],
    ['/second', 'doc', 20, { document: 1 }],
  ];
  for (const [pointer, found, line, more] of cases) {
    test(`${pointer}${more?.part ? ' (key)' : ''}`, () => {
      const place = { file: 'f', pointer, ...more };
      expect([sourceAt(text, place), rangeOf(text, place).start.line]).toEqual([found, line]);
    });
  }

  test('offsets win over pointers, and a place without either is the start of the file', () => {
    expect(rangeOf(text, { file: 'f', pointer: '/a', offset: 9, length: 2 })).toEqual({
      start: { line: 2, column: 3, offset: 9 },
      end: { line: 3, column: 2, offset: 11 },
    });
    expect(rangeOf(text, { file: 'f' }).start).toEqual({ line: 1, column: 1, offset: 0 });
    expect(rangeOf('a: "', { file: 'f', pointer: '/a', document: 4 }).start.offset).toBe(0);
  });
});

test('scalars of any document stand where the yaml library finds them', () => {
  const name = fc.constantFrom('a', 'b', 'c/d', 'e~f', 'yes', '1');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.string({ maxLength: 8 }), fc.integer(), tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  }));
  fc.assert(
    fc.property(value, (json) => {
      const yaml = writeYaml(JSON.parse(JSON.stringify(json)) as Json);
      const document = parseAllDocuments(yaml, { lineCounter: new LineCounter() })[0]!;
      const walk = (at: unknown, path: (string | number)[]): void => {
        if (typeof at === 'object' && at !== null) {
          for (const [key, item] of Object.entries(at)) walk(item, [...path, Array.isArray(at) ? Number(key) : key]);
          return;
        }
        const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
        if (node?.range && !/^[|>]/.test(yaml.slice(node.range[0]))) {
          const { start, end } = rangeOf(yaml, { file: 'f', pointer: toPointer(path) });
          expect([start.offset, end.offset]).toEqual(node.range.slice(0, 2));
        }
      };
      walk(json, []);
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('ten thousand places of one file cost one parse', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `k${i}: ${i}\n`).join('');
  const { milliseconds } = measured(() => {
    for (let i = 0; i < 10_000; i += 1) expect(rangeOf(many, { file: 'f', pointer: `/k${i}` }).start.line).toBe(i + 1);
  });
  expect(milliseconds).toBeLessThan(5_000);
});

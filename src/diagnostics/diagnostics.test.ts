import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { closest, didYouMean, editDistance } from './closest.js';
import type { Diagnostic, Problem, Range } from './diagnostic.js';
import { excerpt } from './excerpt.js';
import { fingerprint } from './fingerprint.js';
import { atLeast, compareDiagnostics, inOrder } from './order.js';
import { findSecrets, hidesLine, redactSecrets } from './secrets.js';
import { describeValue, escapeInvisible, shown } from './show.js';
import { type ExemptionEntry, suppress, wildcard } from './suppress.js';

describe('did you mean', () => {
  const fields = ['cpu', 'memory', 'gpus', 'replicas', 'context', 'nodePools', 'min', 'max'];
  const cases: readonly (readonly [word: string, near: readonly string[]])[] = [
    ['memroy', ['memory']],
    ['Memory', ['memory']],
    ['node-pools', ['nodePools']],
    ['node_pool', ['nodePools']],
    ['contxt', ['context']],
    ['mix', ['max', 'min']],
    ['node', ['nodePools']],
    ['foo', []],
    ['', []],
    ['cpu', []],
    ['x'.repeat(100), []],
  ];
  for (const [word, near] of cases)
    test(`${word.slice(0, 20)} → ${near.join(', ') || 'nothing'}`, () => expect(closest(word, fields)).toEqual(near));

  test('in words', () => {
    expect(didYouMean('memroy', fields)).toBe('Did you mean "memory"?');
    expect(didYouMean('mix', fields)).toBe('Did you mean "max" or "min"?');
    expect(didYouMean('foo', fields)).toBeUndefined();
  });

  test('the distance is symmetric, zero for equal words alone, and cut off at its limit', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b, 10);
        expect(editDistance(b, a, 10)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(editDistance(a, b, 1)).toBe(Math.min(distance, 2));
      }),
      { seed: 2, numRuns: 500 },
    );
    expect([editDistance('ab', 'ba', 3), editDistance('memroy', 'memory', 3)]).toEqual([1, 1]);
  });
});

describe('secrets', () => {
  test.each([
    ['secrets-not-in-git', 'Secret k holds the value of password.', true],
    ['kustomize-plain-secret', 'The secret stands here.', true],
    // The line is the targetRevision of an Application, which a reader needs.
    ['secrets-not-in-git', 'Secret k holds the value of password. (out/secret.yaml at revision stage/west)', false],
    ['floating-image-tags', 'Image nginx has no tag.', false],
  ])('%s: %s hides its line: %s', (ruleId, message, expected) => {
    expect(hidesLine({ ruleId, message })).toBe(expected);
  });

  const secrets = [
    `ghp_${'a1B2'.repeat(9)}`,
    `github_pat_${'a1B2_'.repeat(6)}`,
    `hf_${'a1B2'.repeat(8)}`,
    'AKIAIOSFODNN7EXAMPLE',
    `glpat-${'a1B2'.repeat(5)}`,
    `xoxb-${'12345-'.repeat(4)}`,
    `sk-proj-${'a1B2'.repeat(10)}`,
    `npm_${'a1B2'.repeat(9)}`,
    `AIza${'a1B2_'.repeat(7)}`,
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA\n',
  ];
  for (const secret of secrets) {
    test(secret.slice(0, 12), () => {
      const text = `token: ${secret}`;
      expect(findSecrets(text).map(({ offset }) => offset)).toEqual([7]);
      expect(redactSecrets(text)).not.toContain(secret.slice(-12).trim());
      expect(shown(text, 500)).not.toContain(secret.slice(-12).trim());
    });
  }

  test('names, digests and prose are none', () => {
    const harmless = [
      'hf_token',
      'hf-token',
      'sha256:'.concat('ab12'.repeat(16)),
      'ghp_ is a prefix',
      'sk-learn',
      'meta-llama/Llama-3.1-8B-Instruct',
      '-----BEGIN CERTIFICATE-----',
    ];
    expect(harmless.flatMap((text) => findSecrets(text))).toEqual([]);
  });
});

test('what is shown hides nothing and stays short', () => {
  expect(escapeInvisible('a\u202eb\u00a0c\ufeff\ud800')).toBe('a\\u{202E}b\\u{A0}c\\u{FEFF}\\u{D800}');
  expect(escapeInvisible('naïve 😀 日本')).toBe('naïve 😀 日本');
  expect(shown('a\nb\tc')).toBe('a\\nb\\tc');
  expect(shown('x'.repeat(1_000_000))).toBe(`${'x'.repeat(60)}…`);
  expect([null, 'two', 8, true, [], {}].map(describeValue)).toEqual([
    'null',
    'the string "two"',
    'the number 8',
    'the boolean true',
    'a list',
    'a mapping',
  ]);
});

describe('an excerpt', () => {
  const text = `a: 1\nresources:\n  memroy: 16Gi\nlast: ${'x'.repeat(300)} END\ntoken: hf_${'a1B2'.repeat(8)} # c\n\ttab: 1\r\n`;
  const rangeOf = (part: string): Range => {
    const offset = text.indexOf(part);
    const before = text.slice(0, offset).split('\n');
    const start = { line: before.length, column: before.at(-1)!.length + 1, offset };
    return { start, end: { line: start.line, column: start.column + part.length, offset: offset + part.length } };
  };

  test('has the line, the one above, and a caret under every character', () => {
    expect(excerpt(text, rangeOf('memroy'))).toBe('2 | resources:\n3 |   memroy: 16Gi\n  |   ^^^^^^');
    expect(excerpt(text, rangeOf('a: 1'), { before: 3 })).toBe('1 | a: 1\n  | ^^^^');
  });

  test('cuts long lines around the place', () => {
    const [line, caret] = excerpt(text, rangeOf('END'), { before: 0 }).split('\n') as [string, string];
    expect(line.length).toBeLessThan(130);
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('END');
  });

  test('shows no secret and no tab', () => {
    expect(excerpt(text, rangeOf('hf_'), { before: 0 })).toMatch(
      /^5 \| token: \[Hugging Face token removed\] # c\n {2}\| {8}\^+$/,
    );
    expect(excerpt(text, rangeOf('tab'), { before: 0 })).toBe('6 |   tab: 1\n  |   ^^^');
  });

  test('survives any place in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\t', ' ', '\r', 'é', '\u202e'), maxLength: 30 }),
        fc.nat(40),
        fc.nat(10),
        (any, from, length) => {
          const start = Math.min(from, any.length);
          const lines = any.slice(0, start).split('\n');
          const place = { line: lines.length, column: lines.at(-1)!.length + 1, offset: start };
          const out = excerpt(any, {
            start: place,
            end: { ...place, column: place.column + length, offset: start + length },
          });
          expect(out).toMatch(/\^/);
          expect(out).not.toContain('\u202e');
        },
      ),
      { seed: 9, numRuns: 500 },
    );
  });
});

const problem: Problem = { ruleId: 'r', severity: 'error', message: 'm', at: { file: 'a.yaml', pointer: '/x/0' } };
const at = (line: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  ruleId: 'r',
  severity: 'error',
  message: 'm',
  file: 'a.yaml',
  range: { start: { line, column: 1, offset: 0 }, end: { line, column: 2, offset: 1 } },
  related: [],
  fingerprint: 'f',
  ...more,
});

test('a fingerprint stays with its finding and tells findings apart', () => {
  const same = [
    problem,
    { ...problem, message: 'better words' },
    { ...problem, severity: 'warning' as const },
    { ...problem, at: { ...problem.at, offset: 9, length: 2 } },
  ];
  expect(new Set(same.map(fingerprint)).size).toBe(1);
  const object = { apiVersion: 'v1', kind: 'Service', name: 'a' };
  const others: Problem[] = [
    problem,
    { ...problem, ruleId: 's' },
    { ...problem, key: 'k' },
    { ...problem, object },
    { ...problem, object: { ...object, namespace: 'n' } },
    { ...problem, object: { ...object, application: 'n' } },
    { ...problem, at: { ...problem.at, file: 'b.yaml' } },
    { ...problem, at: { ...problem.at, pointer: '/x/1' } },
    { ...problem, at: { ...problem.at, document: 1 } },
  ];
  expect(new Set(others.map(fingerprint)).size).toBe(others.length);
  expect(fingerprint(problem)).toMatch(/^[0-9a-f]{16}$/);
});

test('order is by file, line, severity and rule, the same whatever the order of arrival, without repetition', () => {
  const wanted = [at(2), at(2, { severity: 'warning' }), at(10), at(1, { file: 'b.yaml' }), at(1, { file: 'é.yaml' })];
  fc.assert(
    fc.property(fc.shuffledSubarray([...wanted, ...wanted], { minLength: 10, maxLength: 10 }), (shuffled) => {
      expect(inOrder(shuffled)).toEqual(wanted);
    }),
    { seed: 4, numRuns: 50 },
  );
  expect(compareDiagnostics(at(1), at(1))).toBe(0);
  expect([atLeast('error', 'warning'), atLeast('info', 'warning'), atLeast('warning', 'warning')]).toEqual([
    true,
    false,
    true,
  ]);
});

describe('exemptions', () => {
  const finding = at(1, {
    path: '/spec/containers/0/image',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'n', name: 'router' },
    fingerprint: 'abc',
  });
  const entry = (match: ExemptionEntry['match'], more: Partial<ExemptionEntry> = {}): ExemptionEntry => ({
    rule: 'r',
    match,
    reason: 'because',
    at: { file: 'exemptions.yaml', pointer: '/spec/exemptions/0' },
    ...more,
  });
  const run = (exemption: ExemptionEntry, today = '2026-11-21') => {
    const problems: Problem[] = [];
    const [out] = suppress([finding], [exemption], today, (one) => problems.push(one));
    return { suppressed: out!.suppressed, rules: problems.map(({ ruleId, severity }) => `${ruleId} ${severity}`) };
  };

  const matches: readonly (readonly [ExemptionEntry['match'], boolean])[] = [
    [{ kind: 'Deployment' }, true],
    [{ kind: 'Deployment', name: 'rout*' }, true],
    [{ kind: 'Deployment', name: 'other' }, false],
    [{ file: '*.yaml' }, true],
    [{ file: 'a.yaml', path: '/spec/containers' }, true],
    [{ path: '/spec/containers/0/image' }, true],
    [{ path: '/spec/cont' }, false],
    [{ fingerprint: 'abc' }, true],
    [{ application: '*' }, false],
    [{}, false],
  ];
  for (const [match, accepted] of matches) {
    test(JSON.stringify(match), () => {
      expect(run(entry(match))).toEqual(
        accepted
          ? { suppressed: { reason: 'because' }, rules: [] }
          : { suppressed: undefined, rules: ['exemption-unused warning'] },
      );
    });
  }

  test('hold to the end of their last day, and are errors afterwards', () => {
    const until = entry({ kind: 'Deployment' }, { expires: '2026-11-21', owner: 'me' });
    expect(run(until)).toEqual({ suppressed: { reason: 'because', owner: 'me', expires: '2026-11-21' }, rules: [] });
    expect(run(until, '2026-11-22')).toEqual({ suppressed: undefined, rules: ['exemption-expired error'] });
    expect(run(entry({ kind: 'Job' }, { expires: '2026-01-01' }))).toEqual({
      suppressed: undefined,
      rules: ['exemption-expired warning'],
    });
  });

  test('of a rule that did not run are not unused', () => {
    const problems: Problem[] = [];
    suppress(
      [],
      [entry({ kind: 'Job' })],
      '2026-11-21',
      (one) => problems.push(one),
      () => false,
    );
    expect(problems).toEqual([]);
  });

  test('a wildcard is any run of characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }),
        (pattern, text) => {
          expect(wildcard(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
        },
      ),
      { seed: 6, numRuns: 2_000 },
    );
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { measured } from '../../test/support/processor-time.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { excerpt } from '../diagnostics/excerpt.js';
import { toDiagnostics } from '../yaml/locate.js';
import { yamlRules } from '../yaml/rules.js';
import { readSpecs } from './read.js';
import { checkReferences, knownNames } from './references.js';
import { specRules } from './rules.js';

interface Expectation {
  readonly file: string;
  readonly ruleId: string;
  readonly line?: number;
  readonly column?: number;
  /** The text at the place, so that a reader of the row sees what is meant. */
  readonly text?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly relatedLine?: number;
}

interface Variant {
  readonly edits?: readonly { readonly file: string; readonly from: string; readonly to: string }[];
  readonly file?: string;
  readonly content?: string;
  readonly parts?: readonly (readonly [text: string, times: number])[];
  readonly unknownKeys?: number;
  readonly chain?: number;
  readonly expect: readonly Expectation[];
  readonly value?: { readonly pointer: readonly (string | number)[]; readonly is: unknown };
  /** May stand nowhere in what is printed. */
  readonly secret?: string;
}

interface Row {
  readonly id: string;
  readonly what: string;
  readonly exit: 0 | 1 | 2 | 3;
  readonly variants?: readonly Variant[];
  /** The room that decides it (or the rest of it), with the reason. */
  readonly where?: string;
  readonly reason?: string;
}

const fixtures = new URL('../../fixtures/', import.meta.url);
const groups = ['spec-yaml', 'names', 'quantities', 'phases'].map(
  (name) =>
    JSON.parse(readFileSync(new URL(`bad-inputs/${name}.json`, fixtures), 'utf8')) as {
      readonly group: string;
      readonly rows: readonly Row[];
    },
);
const base = readBase();

function readBase(): ReadonlyMap<string, string> {
  const root = new URL('specs/llama/', fixtures);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  return new Map(files.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]));
}

/** `«x*140000»` stands for that many times x. */
const grow = (text: string): string =>
  text.replace(/«(.)\*([0-9]+)»/gu, (_, char: string, times: string) => char.repeat(Number(times)));

function filesOf(variant: Variant): Map<string, string> {
  const files = new Map(base);
  for (const { file, from, to } of variant.edits ?? []) {
    const text = files.get(file)!;
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    files.set(
      file,
      text.replace(from, () => grow(to)),
    );
  }
  const header = 'apiVersion: gitops-gen.io/v1alpha1\nkind: ModelFamily\nmetadata: { name: x }\n';
  const { file, content, parts, unknownKeys, chain } = variant;
  if (file && content !== undefined) files.set(file, content);
  if (file && parts) files.set(file, parts.map(([text, times]) => text.repeat(times)).join(''));
  if (file && unknownKeys) {
    files.set(
      file,
      `${header}spec: { models: [], phases: [] }\n${Array.from({ length: unknownKeys }, (_, i) => `k${i}:`).join('\n')}\n`,
    );
  }
  if (file && chain) {
    const models = Array.from({ length: chain }, (_, i) => `  - {name: m${i}, model: llama-3.1-8b, replicas: {}}\n`);
    const phases = Array.from({ length: chain }, (_, i) => `  - {name: p${i}, models: [m${i}]}\n`);
    files.set(file, `${header}spec:\n  models:\n${models.join('')}  phases:\n${phases.join('')}`);
  }
  return files;
}

function judge(files: ReadonlyMap<string, string>) {
  const problems: Parameters<Parameters<typeof readSpecs>[1]>[0][] = [];
  const specs = readSpecs(files, (problem) => problems.push(problem));
  checkReferences(
    specs,
    { models: knownNames(['llama-3.1-8b', 'llama-3.1-70b']), gpus: knownNames(['l4', 'h100-80gb']) },
    (problem) => problems.push(problem),
  );
  return { specs, diagnostics: toDiagnostics(problems, files) };
}

const fits = (wanted: Expectation, found: Diagnostic): boolean =>
  found.ruleId === wanted.ruleId &&
  found.file === wanted.file &&
  found.message.includes(wanted.message ?? '') &&
  (wanted.hint === undefined || (found.hint ?? '').includes(wanted.hint)) &&
  (wanted.line === undefined || found.range?.start.line === wanted.line) &&
  (wanted.column === undefined || found.range?.start.column === wanted.column) &&
  (wanted.relatedLine === undefined || found.related.some(({ range }) => range?.start.line === wanted.relatedLine));

test('the files that the rows start from have no finding', () => {
  const { specs, diagnostics } = judge(base);
  expect(diagnostics).toEqual([]);
  expect([specs.project, specs.exemptions].every(Boolean)).toBe(true);
  expect([specs.families, specs.clusters, specs.policies].map((list) => list.length)).toEqual([1, 3, 1]);
});

test('every row is decided here, or says where and why', () => {
  for (const { rows } of groups) {
    for (const row of rows) {
      expect(row.variants !== undefined || (row.where !== undefined && (row.reason ?? '').length > 20), row.id).toBe(
        true,
      );
    }
  }
  expect(groups.map(({ group, rows }) => [group, new Set(rows.map(({ id }) => id.slice(0, 3))).size])).toEqual([
    ['Spec YAML', 44],
    ['Names', 21],
    ['Quantities', 9],
    ['Phases and waves', 13],
  ]);
});

for (const { group, rows } of groups) {
  describe(group, () => {
    for (const row of rows) {
      for (const [i, variant] of (row.variants ?? []).entries()) {
        test(`${row.id} ${row.what}${i > 0 ? ` (${i + 1})` : ''}`, () => check(row, variant));
      }
    }
  });
}

function check(row: Row, variant: Variant): void {
  const files = filesOf(variant);
  const { value, milliseconds } = measured(() => judge(files));
  expect(milliseconds).toBeLessThan(5_000);
  const { specs, diagnostics } = value;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  // Files of ours that are invalid are exit 2; without an error the run goes on.
  expect(errors.length > 0 ? 2 : 0, JSON.stringify(errors.slice(0, 3), null, 1)).toBe(row.exit);
  for (const wanted of variant.expect) {
    const found = diagnostics.find((one) => fits(wanted, one));
    expect(
      found,
      `${JSON.stringify(wanted)}\n is not among\n${diagnostics
        .map((one) => JSON.stringify(one))
        .slice(0, 10)
        .join('\n')}`,
    ).toBeDefined();
    if (wanted.text !== undefined) {
      expect(files.get(wanted.file)!.startsWith(wanted.text, found!.range!.start.offset)).toBe(true);
    }
    expect({ ...yamlRules, ...specRules }).toHaveProperty(found!.ruleId);
  }
  for (const { message, hint = '', range, file } of diagnostics) {
    expect(message.length + hint.length).toBeLessThan(3_000);
    const printed = `${message}${hint}${range ? excerpt(files.get(file)!, range) : ''}`;
    expect(printed).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069\ufeff]/);
    if (variant.secret) expect(printed).not.toContain(variant.secret);
  }
  if (variant.value) {
    const at = variant.value.pointer.reduce<unknown>(
      (value, part) => (value as Record<string | number, unknown>)[part],
      specs.families[0]!.value,
    );
    expect(at).toBe(variant.value.is);
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}

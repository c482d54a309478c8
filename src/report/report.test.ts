import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { specsOf } from '../../test/support/specs-of.js';
import { parseCase } from '../check/case.js';
import { allRules } from '../check/registry.js';
import type { Report } from '../check/report.js';
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
  expect(validate(JSON.parse(jsonReport(report))) ? [] : validate.errors).toEqual([]);
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

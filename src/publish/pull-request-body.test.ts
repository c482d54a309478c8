import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { type BodyFacts, bodyLimit, pullRequestBody } from './pull-request-body.js';
import type { ApplicationDifference, StateDifference } from './state-difference.js';

const NO_DIFFERENCE: StateDifference = {
  applications: [],
  compared: 3,
  added: 0,
  removed: 0,
  changed: 0,
  restarts: { workloads: 0, gpus: 0 },
  gpus: { before: 0, after: 0 },
};

const FACTS: BodyFacts = {
  words: ['Adds a model'],
  models: [],
  capacity: { before: undefined, after: undefined },
  difference: NO_DIFFERENCE,
  findings: [],
  knownFindings: 0,
  rollback: ['git revert X'],
  range: { before: 'a'.repeat(40), after: 'b'.repeat(40) },
  tool: 'gitops-gen 1.0.0',
};

function application(name: string, fields: number, value = 'x'): ApplicationDifference {
  const object = {
    key: { group: 'apps', kind: 'Deployment', namespace: 'n', name },
    change: 'changed' as const,
    fields: Array.from({ length: fields }, (_, index) => ({
      kind: 'changed' as const,
      path: `spec.field${index}`,
      pointer: `/spec/field${index}`,
      hidden: false,
      before: value,
      after: `${value}2`,
    })),
  };
  const difference = {
    objects: [object],
    added: 0,
    removed: 0,
    changed: 1,
    unchanged: 0,
    restarts: { workloads: 0, gpus: 0 },
    gpus: { before: 0, after: 0 },
  };
  return { kind: 'application', name, cluster: '', change: 'changed', difference };
}

function finding(message: string, file = 'a.yaml'): Diagnostic {
  return {
    ruleId: 'a-rule',
    severity: 'error',
    message,
    file,
    docUrl: '',
    related: [],
    fingerprint: message,
  } as unknown as Diagnostic;
}

const withApplications = (applications: readonly ApplicationDifference[]): StateDifference => ({
  ...NO_DIFFERENCE,
  applications,
  compared: applications.length,
  changed: applications.length,
});

describe('a body', () => {
  it.each([
    ['few', 3, 5],
    ['many', 400, 5],
    ['large ones', 5, 4000],
    ['far too many', 20_000, 1],
  ])('is never longer than GitHub takes, and says what is missing: %s Applications', (_, count, fields) => {
    const applications = Array.from({ length: count }, (_each, index) => application(`application-${index}`, fields));
    const body = pullRequestBody({ ...FACTS, difference: withApplications(applications), artifact: 'diff.html' });
    expect(body.length).toBeLessThanOrEqual(bodyLimit);
    for (const heading of [
      '## What changes',
      '### What changes in the cluster',
      '### Findings',
      '### How to roll back',
    ])
      expect(body).toContain(heading);
    const listed = applications.filter(
      ({ name }) => body.includes(`\`${name}\``) || body.includes(`<code>${name}</code>`),
    ).length;
    const more = Number(/…and (\d+) more$/mu.exec(body)?.[1] ?? 0);
    expect(listed + more).toBe(count);
    if (count < 1000) expect(more).toBe(0);
    expect(
      body.includes('All of it: `gitops-gen diff aaaaaaaaaaaa..bbbbbbbbbbbb`, and in the artifact `diff.html`'),
    ).toBe(count * fields > 100);
  });

  it('stays within the limit whatever is long in it', () => {
    const long = Array.from({ length: 3000 }, (_, index) => `Changes model ${index} ${'x'.repeat(100)}`);
    const findings = Array.from({ length: 3000 }, (_, index) => finding(`${index} ${'y'.repeat(5000)}`));
    const body = pullRequestBody({ ...FACTS, words: long, findings, rollback: long });
    expect(body.length).toBeLessThanOrEqual(bodyLimit);
    expect(body).toMatch(/…and \d+ more lines\./u);
    expect(body).toContain('### Findings');
    expect((body.match(/^`{3,}/gmu) ?? []).length % 2).toBe(0);
  });

  it('folds what is long, and shows what is short', () => {
    const body = pullRequestBody({
      ...FACTS,
      difference: withApplications([application('short', 3), application('long', 60)]),
    });
    expect(body).toContain('**Application `short`**');
    expect(body).toContain('<details><summary>Application <code>long</code>');
    expect(body.match(/<details>/gu)?.length).toBe(body.match(/<\/details>/gu)?.length);
  });

  it('says that it is a draft because of findings', () => {
    expect(pullRequestBody({ ...FACTS, draftBecause: 'warning' })).toContain(
      '> A draft: there are findings at or above warning.',
    );
  });
});

/** What a reader of Markdown may act on: everything outside of code. */
function active(body: string): string {
  return body
    .replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gmu, '')
    .replace(/<code>[^<\n]*<\/code>/gu, '')
    .replace(/(?<![`\\])(`+)(?!`)[\s\S]*?[^`]\1(?!`)/gu, '');
}

const HOSTILE = [
  '@everyone',
  'cc @acme/admins #1 GH-2',
  '![x](https://evil.example/p.png)',
  '[click](javascript:alert(1))',
  '<img src=x onerror=alert(1)>',
  '</details></summary><script>',
  '```\n# heading\n```',
  '`` ` `` @x',
  '| cell | cell |',
  '-->',
  'https://evil.example www.evil.example',
  '\u202egnp.exe',
  'a\n\n## What changes\n\n- nothing',
  '&lt;b&gt; &#64;x',
];

describe('text of strangers', () => {
  it.each(HOSTILE)('becomes no markup, mention, reference or link: %j', (text) => {
    const difference = withApplications([application(text, 30, text), application(`${text}2`, 2, text)]);
    const model = {
      family: text,
      model: text,
      phase: text,
      wave: 10,
      environment: text,
      cluster: text,
      change: 'added' as const,
      replicas: { after: '1' },
      gpus: { before: 0, after: 1 },
      gpu: text,
    };
    const body = pullRequestBody({
      ...FACTS,
      words: [text],
      models: [model],
      difference,
      findings: [finding(text, text)],
      rollback: [text],
      artifact: text,
    });
    expectInert(body);
  });

  it('whatever it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(fc.constantFrom(...HOSTILE, '`', '\n', '|', ' ', '@a', '<b>'), { maxLength: 8 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, text, (one, two) => {
        const difference = withApplications([application(one, 2, two)]);
        expectInert(
          pullRequestBody({ ...FACTS, words: [one], difference, findings: [finding(two, one)], rollback: [two] }),
        );
      }),
      { seed: 5, numRuns: process.env['GITOPS_GEN_DEEP'] ? 20_000 : 300 },
    );
  });
});

function expectInert(body: string): void {
  const text = active(body);
  expect(text).not.toMatch(/(?:^|\W)@[a-z0-9]/iu);
  expect(text).not.toMatch(/&#64;(?!&#8203;)/u);
  expect(
    text
      .replace(/<\/?(?:details|summary|sub|br)>/gu, '')
      .replace('<!-- gitops-gen: a draft because of findings -->', ''),
  ).not.toMatch(/<[a-z/!]/iu);
  expect(text).not.toMatch(/(?<!\\)\]\(|(?<!\\)!\[/u);
  expect(text).not.toMatch(/https?:\/\/|www\.|(?<!&)#\d|GH-\d/iu);
  expect(text.match(/^## /gmu)).toHaveLength(1);
  expect(body).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
}

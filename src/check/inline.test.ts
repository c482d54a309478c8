import { expect, test } from 'vitest';
import { allRules } from './registry.js';
import { judgeCase } from './testing.js';

const service = (name: string, comment: string, above = '') => `apiVersion: v1
kind: Service
metadata:
${above}  name: ${name}${comment}
spec: {ports: [{port: 80}]}
`;

function judge(files: Record<string, string>, skip = false) {
  const text = Object.entries(files)
    .map(([path, content]) => `-- ${path} --\n${content}`)
    .join('');
  const rules = skip ? allRules.filter((rule) => rule.id !== 'service-name') : allRules;
  return judgeCase(text, rules).diagnostics.map(
    (each) => `${each.file}:${each.range?.start.line} ${each.ruleId} ${each.suppressed?.reason ?? each.severity}`,
  );
}

test('a comment behind the line or above it accepts a finding, with its reason', () => {
  expect(
    judge({
      'a/a.yaml': service('a.b', ' # gitops-gen-ignore service-name: made by "hand": until May'),
      'b/b.yaml': service('a.b', '', '  # gitops-gen-ignore service-name: old name\n'),
    }),
  ).toEqual(['a/a.yaml:4 service-name made by "hand": until May', 'b/b.yaml:5 service-name old name']);
});

test('without reason, without rule, or with an unknown one it accepts nothing and is an error', () => {
  expect(
    judge({
      'a/a.yaml': service('a.b', ' # gitops-gen-ignore service-name'),
      'b/b.yaml': service('a.b', ' # gitops-gen-ignore'),
      'c/c.yaml': service('a.b', ' # gitops-gen-ignore service-nam: x'),
    }),
  ).toEqual([
    'a/a.yaml:4 service-name error',
    'a/a.yaml:4 exemption-invalid error',
    'b/b.yaml:4 service-name error',
    'b/b.yaml:4 exemption-invalid error',
    'c/c.yaml:4 service-name error',
    'c/c.yaml:4 exemption-invalid error',
  ]);
});

test('one that nothing matches is a warning', () => {
  expect(judge({ 'a/a.yaml': service('a', ' # gitops-gen-ignore service-name: was needed once') })).toEqual([
    'a/a.yaml:4 exemption-unused warning',
  ]);
});

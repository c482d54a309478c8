import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeRule } from '../../../../test/support/rule-cases.js';
import { specsOf } from '../../../../test/support/specs-of.js';
import { parseCase } from '../../case.js';
import { judgeCase } from '../../testing.js';
import { survivesNodeLoss } from './rule.js';

describeRule(survivesNodeLoss, import.meta.dirname);

test('an exemption accepts the finding, which the report still shows', () => {
  const { head } = parseCase(readFileSync(join(import.meta.dirname, 'cases', 'fail.txtar'), 'utf8'));
  const text = `${head}-- exemptions.yaml --
apiVersion: gitops-gen.io/v1alpha1
kind: Exemptions
metadata: {name: exemptions}
spec:
  exemptions:
    - rule: survives-node-loss
      match: {application: llama-production}
      reason: Two nodes come in July; until then Pods wait.
      expires: "2026-07-31"
-- expected --
`;
  const report = judgeCase(text, [survivesNodeLoss], specsOf(parseCase(text).files));
  expect(report.diagnostics.map(({ ruleId, suppressed }) => [ruleId, suppressed?.reason])).toEqual([
    ['survives-node-loss', 'Two nodes come in July; until then Pods wait.'],
  ]);
  expect(report.summary).toMatchObject({ errors: 0, warnings: 0, suppressed: 1 });
});

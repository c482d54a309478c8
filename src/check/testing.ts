import { buildKustomization } from '../build/index.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { treeOf } from '../files/file-map.js';
import { readRepository } from '../repository/index.js';
import type { SpecSet } from '../spec/spec-set.js';
import { parseCase } from './case.js';
import type { Report } from './report.js';
import type { Rule } from './rule.js';
import { check } from './run.js';

/** Judges the repository of a case by the given rules. */
export function judgeCase(text: string, rules: readonly Rule[], specs?: SpecSet): Report {
  const problems: Problem[] = [];
  const repository = readRepository(
    treeOf(parseCase(text).files),
    {
      argocdVersion: '3.3',
      kubernetesVersion: '1.34',
      build: buildKustomization,
      ...(specs === undefined ? {} : { specs }),
    },
    (problem) => problems.push(problem),
  );
  return check(repository, { rules, problems, today: '2026-06-01', tool: { name: 'gitops-gen', version: '0.0.0' } });
}

/** The findings of one rule as a case states them: one a line, place first. */
export function findingsText(report: Report, ruleId: string): string {
  return report.diagnostics
    .filter((each) => each.ruleId === ruleId)
    .map(({ file, range, severity, message, hint }) => {
      const place = range === undefined ? file : `${file}:${range.start.line}:${range.start.column}`;
      return `${place} ${severity}: ${message}${hint === undefined ? '' : `\n    ${hint}`}\n`;
    })
    .join('');
}

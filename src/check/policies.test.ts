import { describe, expect, it } from 'vitest';
import type { Problem } from '../diagnostics/diagnostic.js';
import { judgePolicies, type PolicyEntry } from './policies.js';
import type { Rule } from './rule.js';

const rule: Rule = {
  id: 'enough-replicas',
  group: 'files',
  severity: 'warning',
  summary: 'A rule with parameters of several kinds.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      least: { type: 'integer', minimum: 1, default: 2 },
      mode: { type: 'string', enum: ['strict', 'lax'] },
      names: { type: 'array', items: { type: 'string', minLength: 1 } },
    },
  },
};

const entry = (policy: Omit<PolicyEntry, 'place'>): PolicyEntry => ({
  ...policy,
  place: (pointer) => ({ file: 'policies/own.yaml', pointer: `/spec/policies/0${pointer}` }),
});

function judged(policy: Omit<PolicyEntry, 'place'>): readonly Problem[] {
  const problems: Problem[] = [];
  judgePolicies([entry(policy)], [rule], (problem) => problems.push(problem));
  return problems;
}

describe('the parameters of policies', () => {
  it.each([{}, { least: 3 }, { mode: 'lax', names: ['a'] }])('%j is accepted', (parameters) => {
    expect(judged({ id: rule.id, parameters, environments: { production: { parameters } } })).toEqual([]);
  });

  it.each([
    [{ lest: 3 }, '/parameters/lest', 'Rule enough-replicas has no parameter lest.', ['least', 'mode', 'names']],
    [
      { least: '3' },
      '/parameters/least',
      'Parameter least of enough-replicas: expected integer, got string "3".',
      undefined,
    ],
    [{ least: 0 }, '/parameters/least', 'Parameter least of enough-replicas: 0 is below the minimum of 1.', undefined],
    [
      { mode: 'stric' },
      '/parameters/mode',
      'Parameter mode of enough-replicas: "stric" is not one of the allowed values.',
      ['strict', 'lax'],
    ],
    [
      { names: ['a', ''] },
      '/parameters/names/1',
      'Parameter names.1 of enough-replicas: has 0 characters, at least 1 are needed.',
      undefined,
    ],
  ])('%j is refused at its place', (parameters, pointer, message, allowed) => {
    const [problem, ...more] = judged({ id: rule.id, parameters });
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ ruleId: 'policy-invalid', severity: 'error', message });
    expect(problem!.at).toEqual({ file: 'policies/own.yaml', pointer: `/spec/policies/0${pointer}` });
    expect(problem!.allowed).toEqual(allowed);
  });

  it('those of an environment are judged too', () => {
    const [problem] = judged({ id: rule.id, environments: { production: { parameters: { least: -1 } } } });
    expect(problem!.at.pointer).toBe('/spec/policies/0/environments/production/parameters/least');
  });

  it('a rule that does not exist is named, with the nearest one', () => {
    const [problem] = judged({ id: 'enough-replica' });
    expect(problem).toMatchObject({ message: 'There is no rule enough-replica.' });
    expect(problem!.hint).toContain('enough-replicas');
  });
});

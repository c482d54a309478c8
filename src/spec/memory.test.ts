import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * Runs in a process of its own, whose heap is bounded: a reader that keeps too much dies there. What is printed are the
 * rules that were reported, text by text.
 */
const script = `
  const { readSpecs } = await import('./read.ts');
  const { checkReferences } = await import('./references.ts');
  const { toDiagnostics } = await import('../yaml/locate.ts');
  const head = 'apiVersion: gitops-gen.io/v1alpha1\\nkind: ModelFamily\\nmetadata: { name: x }\\n';
  const texts = {
    nulls: head + 'spec:\\n  phases: []\\n  models:\\n' + '    -\\n'.repeat(98000),
    keys: head + 'spec: { models: [], phases: [] }\\n' + Array.from({ length: 98000 }, (_, i) => 'k' + i + ':\\n').join(''),
    replicas: head + 'spec:\\n  phases: []\\n  models:\\n    - name: a\\n      replicas: {' + Array.from({ length: 45000 }, (_, i) => 'e' + i + ': x').join(', ') + '}\\n',
    brackets: '['.repeat(1048576),
    duplicates: 'a: 1\\n'.repeat(49000),
  };
  const out = {};
  for (const [name, text] of Object.entries(texts)) {
    const problems = [];
    const files = new Map([['families/x.yaml', text]]);
    const specs = readSpecs(files, (problem) => problems.push(problem));
    checkReferences(specs, {}, (problem) => problems.push(problem));
    out[name] = [...new Set(toDiagnostics(problems, files).map(({ ruleId }) => ruleId))].sort();
  }
  console.log(JSON.stringify(out));
`;

test('hostile files are decided within a heap of 192 MB', () => {
  const args = ['--max-old-space-size=192', '--import', 'tsx', '--input-type=module', '-e', script];
  const stdout = execFileSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(JSON.parse(stdout)).toEqual({
    nulls: ['spec-range', 'spec-type'],
    keys: ['spec-unknown-field'],
    replicas: ['spec-phase-membership', 'spec-range', 'spec-type'],
    brackets: ['yaml-limit'],
    duplicates: ['yaml-duplicate-key'],
  });
});

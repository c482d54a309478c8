import { describe, expect, it } from 'vitest';
import { changed, type Files, family, objects } from '../../test/support/plans.js';
import { renderFiles } from '../../test/support/rendering.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { loadBlueprints } from './blueprint.js';

describe('a blueprint of the repository', () => {
  const blueprint = [
    'name: echo',
    'version: 0.1.0',
    'description: Echo',
    'kinds: [v1/ConfigMap]',
    'settings:',
    '  data:',
    '    model: "{{modelName}}"',
    '    replicas: "n{{replicas}}"',
    'files:',
    '  - { path: config.yaml, template: config.yaml, scope: base }',
    '  - { path: config.yaml, template: patch.yaml, scope: patch, when: patch.data }',
    '',
  ].join('\n');
  const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "{{name}}"\ndata: "{{base.data}}"\n';
  const patch = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "{{name}}"\ndata: "{{patch.data}}"\n';

  function own(files: Record<string, string>, name = 'echo'): Files {
    const all = changed(family, (value) => (value.spec.runtime = name));
    for (const [path, text] of Object.entries(files)) all.set(`blueprints/${name}/${path}`, text);
    return all;
  }

  it('works as a bundled one', () => {
    const { after, problems } = renderFiles(
      own({ 'blueprint.yaml': blueprint, 'config.yaml': template, 'patch.yaml': patch }),
    );
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
    const [config] = objects(after, 'applications/llama-3.1-8b/overlays/staging').filter(
      (each) => each.kind === 'ConfigMap',
    );
    expect(config.data).toEqual({ model: 'llama-3.1-8b', replicas: 'n2' });
  });

  const refused: [title: string, files: Record<string, string>, message: RegExp][] = [
    [
      'a kind outside its list',
      { 'blueprint.yaml': blueprint, 'config.yaml': template.replace('ConfigMap', 'Secret'), 'patch.yaml': patch },
      /kind v1\/Secret is not in the list/,
    ],
    [
      'a template that is no text',
      {
        'blueprint.yaml': blueprint.replace('template: config.yaml', 'template: { a: 1 }'),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /template \{"a":1\} is not in the folder/,
    ],
    [
      'a template outside its folder',
      {
        'blueprint.yaml': blueprint.replace('template: config.yaml', 'template: ../other.yaml'),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /is not in the folder of the blueprint/,
    ],
    [
      'a path that climbs',
      {
        'blueprint.yaml': blueprint.replace(
          'path: config.yaml, template: config',
          'path: ../../x.yaml, template: config',
        ),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /no path that a blueprint may write/,
    ],
    [
      'an absolute path',
      {
        'blueprint.yaml': blueprint.replace('path: config.yaml, template: config', 'path: /x.yaml, template: config'),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /no path that a blueprint may write/,
    ],
    [
      'a workflow',
      {
        'blueprint.yaml': blueprint.replace(
          'path: config.yaml, template: config',
          'path: .github/workflows/x.yaml, template: config',
        ),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /no path that a blueprint may write/,
    ],
    [
      'a kustomization',
      {
        'blueprint.yaml': blueprint.replace(
          'path: config.yaml, template: config',
          'path: kustomization.yaml, template: config',
        ),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /no path that a blueprint may write/,
    ],
    [
      'a helper that prints',
      { 'blueprint.yaml': blueprint, 'config.yaml': `${template}x: "{{log name}}"\n`, 'patch.yaml': patch },
      /helper "log" is not available/,
    ],
    [
      'a partial',
      { 'blueprint.yaml': blueprint, 'config.yaml': `${template}x: "{{> config}}"\n`, 'patch.yaml': patch },
      /partial is not available/,
    ],
    [
      'two documents',
      { 'blueprint.yaml': blueprint, 'config.yaml': `${template}---\nkind: x\n`, 'patch.yaml': patch },
      /exactly one document/,
    ],
    [
      'a wave that is a number',
      {
        'blueprint.yaml': blueprint,
        'config.yaml': template.replace(
          'metadata:\n',
          'metadata:\n  annotations:\n    argocd.argoproj.io/sync-wave: 5\n',
        ),
        'patch.yaml': patch,
      },
      /annotations are text/,
    ],
    [
      'a template over 1 MiB',
      { 'blueprint.yaml': blueprint, 'config.yaml': `${template}#${'x'.repeat(1024 * 1024)}\n`, 'patch.yaml': patch },
      /the limit is 1048576/,
    ],
    [
      'ten thousand files',
      {
        'blueprint.yaml': `${blueprint}${'  - { path: a.yaml, template: config.yaml, scope: base }\n'.repeat(10_000)}`,
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /the limit is 200/,
    ],
    [
      'a path that no plan fills',
      { 'blueprint.yaml': blueprint, 'config.yaml': template.replace('{{name}}', '{{nmae}}'), 'patch.yaml': patch },
      /\{\{nmae\}\} is nothing that a plan publishes/,
    ],
    [
      'a setting that no plan fills',
      {
        'blueprint.yaml': blueprint.replace('{{modelName}}', '{{modlName}}'),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /\{\{modlName\}\} is nothing that a plan publishes/,
    ],
    [
      'values that are not there',
      {
        'blueprint.yaml': blueprint.replace('settings:', 'values: { required: [tier, autoscaling] }\nsettings:'),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /must have required property 'autoscaling'/,
    ],
    [
      'values that are no schema',
      {
        'blueprint.yaml': blueprint.replace('settings:', 'values: { type: nonsense }\nsettings:'),
        'config.yaml': template,
        'patch.yaml': patch,
      },
      /is no JSON Schema/,
    ],
    [
      'an unknown field',
      { 'blueprint.yaml': `${blueprint}command: rm\n`, 'config.yaml': template, 'patch.yaml': patch },
      /"command" is not a field/,
    ],
  ];
  it.each(refused)('may not have %s', (_title, files, message) => {
    const { problems } = renderFiles(own(files));
    const errors = problems.filter((problem) => problem.severity === 'error');
    expect(errors.map((problem) => problem.message).join('\n')).toMatch(message);
  });

  it('may not take the place of a bundled one in silence', () => {
    const { problems } = renderFiles(
      own(
        {
          'blueprint.yaml': blueprint.replace('name: echo', 'name: vllm'),
          'config.yaml': template,
          'patch.yaml': patch,
        },
        'vllm',
      ),
    );
    expect(problems.map((problem) => problem.ruleId)).toContain('blueprint-shadows');
  });

  it('is read without running anything', () => {
    const problems: Problem[] = [];
    loadBlueprints(new Map([['a/blueprint.yaml', 'name: !!js/function "function(){}"\n']]), 'blueprints', (problem) =>
      problems.push(problem),
    );
    expect(problems).not.toEqual([]);
  });
});

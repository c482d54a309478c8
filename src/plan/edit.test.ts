import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fixture } from '../../test/support/rendering.js';
import { readSpecs } from '../spec/read.js';
import { addImage, addModel, addRevision, removeModel, retireModel, setEnabledIn } from './edit.js';
import { clusterPresets, initialFiles } from './init.js';

const text = String(fixture('specs/llama-3.1').get('families/llama-3.1.yaml'));
const model = { name: 'llama-3.2-3b', replicas: { development: 1, production: { min: 2, max: 4 } } };

/** Lines that are in one text and not in the other, in order. */
function added(before: string, after: string): string[] {
  const lines = before.split('\n');
  let at = 0;
  return after.split('\n').filter((line) => {
    if (line === lines[at]) {
      at += 1;
      return false;
    }
    return true;
  });
}

describe('adding a model', () => {
  it('adds its lines and its name to the phase, and touches nothing else', () => {
    const after = addModel(text, { family: 'llama-3.1', phase: 'enterprise', model });
    expect(added(text, addModel(text, { family: 'llama-3.1', phase: 'new', model }))).toEqual([
      '    - name: llama-3.2-3b',
      '      replicas:',
      '        development: 1',
      '        production:',
      '          min: 2',
      '          max: 4',
      '    - name: new',
      '      models:',
      '        - llama-3.2-3b',
    ]);
    expect(after).toContain('models: [llama-3.1-70b, llama-3.2-3b]');
    expect(parse(after).spec.models.at(-1)).toEqual(model);
  });

  it('makes a family where there was none', () => {
    const made = addModel(undefined, { family: 'small', runtime: 'vllm', phase: 'first', model });
    expect(parse(made)).toMatchObject({
      metadata: { name: 'small' },
      spec: { models: [model], phases: [{ name: 'first', models: ['llama-3.2-3b'] }] },
    });
  });

  it('fills an empty list', () => {
    const empty = text
      .replace(/ {2}models:\n(?: {4}.*\n)+/, '  models: []\n')
      .replace(/ {2}phases:\n(?: {4}.*\n)+/, '  phases: []\n');
    expect(parse(addModel(empty, { family: 'llama-3.1', phase: 'p', model })).spec).toMatchObject({
      models: [model],
      phases: [{ name: 'p' }],
    });
  });

  it('is undone by removing it, byte for byte', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
    fc.assert(
      fc.property(name, fc.constantFrom('foundation', 'scale-up', 'enterprise', 'another'), (fresh, phase) => {
        fc.pre(!text.includes(`name: ${fresh}\n`));
        const after = addModel(text, { family: 'llama-3.1', phase, model: { ...model, name: fresh } });
        expect(removeModel(after, fresh)).toBe(text);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe('removing a model', () => {
  it('takes its phase along where it was the only one, and what waits for that phase by name', () => {
    const waiting = text.replace(
      '    - name: enterprise\n',
      '    - name: enterprise\n      dependsOn: [foundation, scale-up]\n',
    );
    const after = parse(removeModel(waiting, 'llama-3.1-70b-fp8'));
    expect(after.spec.models.map((each: { name: string }) => each.name)).toEqual(['llama-3.1-8b', 'llama-3.1-70b']);
    expect(after.spec.phases.map((each: { name: string }) => each.name)).toEqual(['foundation', 'enterprise']);
    expect(after.spec.phases[1].dependsOn).toEqual(['foundation']);
  });

  it('takes the comment above it along', () => {
    const commented = text.replace('    - name: llama-3.1-70b\n', '    # the large one\n    - name: llama-3.1-70b\n');
    expect(removeModel(commented, 'llama-3.1-70b')).not.toContain('the large one');
  });

  it('leaves empty lists where it was the last, and the text alone where it is unknown', () => {
    const only = removeModel(removeModel(text, 'llama-3.1-70b'), 'llama-3.1-70b-fp8');
    expect(parse(removeModel(only, 'llama-3.1-8b')).spec).toMatchObject({ models: [], phases: [] });
    expect(removeModel(text, 'nobody')).toBe(text);
  });
});

describe('versions', () => {
  it('gain an entry once', () => {
    const images = '# ours\nimages:\n  - name: a\n    newTag: "1"\n';
    const after = addImage(images, { name: 'b', tag: '2@sha256:0' });
    expect(after).toBe('# ours\nimages:\n  - name: a\n    newTag: "1"\n  - name: b\n    newTag: 2@sha256:0\n');
    expect(addImage(after, { name: 'b', tag: '3' })).toBe(after);
    expect(addRevision('revisions:\n  a: "1"\n', 'b', '2')).toBe('revisions:\n  a: "1"\n  b: "2"\n');
    expect(parse(addRevision('revisions: {}\n', 'b', '2'))).toEqual({ revisions: { b: '2' } });
  });
});

describe('what init writes', () => {
  it.each(Object.keys(clusterPresets))('is valid with the preset %s', (preset) => {
    const problems: unknown[] = [];
    const files = initialFiles({
      name: 'My Fleet',
      repositoryUrl: 'https://github.com/acme/llm',
      today: '2026-11-21',
      clusterPreset: preset as keyof typeof clusterPresets,
      owners: ['@acme/ml'],
      configOwner: 'helm',
      argocdVersion: '3.5.3',
      kubernetesVersion: '1.35',
      path: 'platform/llm',
    });
    const specs = readSpecs(files, (problem) => problems.push(problem));
    expect(problems).toEqual([]);
    expect(specs.clusters).toHaveLength(3);
    expect(specs.project?.value.metadata.name).toBe('my-fleet');
  });

  it('is valid with nothing but what has no default, and comments teach', () => {
    const problems: unknown[] = [];
    const files = initialFiles({
      name: 'x',
      repositoryUrl: 'git@github.com:acme/llm.git',
      today: '2026-11-21',
      environments: ['live'],
    });
    readSpecs(files, (problem) => problems.push(problem));
    expect(problems).toEqual([]);
    expect([...files.keys()]).toEqual(['gitops-gen.yaml', 'clusters/live/cluster-config.yaml', 'exemptions.yaml']);
    for (const [path, content] of files)
      expect(
        String(content)
          .split('\n')
          .filter((line) => line.trimStart().startsWith('#')).length,
        path,
      ).toBeGreaterThan(2);
  });
});

describe('setEnabledIn', () => {
  const family = (phase: string) => `spec:
  models: []
  phases:
    # the first
    - { name: first, models: [a] } # stays
${phase}
# the end
`;
  it.each([
    [
      'a flow list',
      '    - { name: x, models: [b], enabledIn: [dev] } # mine',
      ['dev', 'prod'],
      'enabledIn: [dev, prod] } # mine',
    ],
    [
      'a flow list that loses one',
      '    - { name: x, models: [b], enabledIn: [dev, prod] }',
      ['dev'],
      'enabledIn: [dev] }',
    ],
    ['an empty list', '    - { name: x, models: [b], enabledIn: [] }', ['prod'], 'enabledIn: [prod] }'],
    [
      'a flow phase without one',
      '    - { name: x, models: [b] }',
      ['dev'],
      '{ name: x, models: [b], enabledIn: [dev] }',
    ],
    [
      'a block phase without one',
      '    - name: x\n      models: [b]',
      ['dev', 'prod'],
      'models: [b]\n      enabledIn: [dev, prod]',
    ],
    [
      'a block list',
      '    - name: x\n      enabledIn:\n        # first\n        - dev\n        - stage\n      models: [b]',
      ['dev', 'prod'],
      'enabledIn:\n        # first\n        - dev\n        - prod\n      models: [b]',
    ],
    [
      'a block list that loses all',
      '    - name: x\n      enabledIn:\n        - dev\n        - stage\n      models: [b]',
      [],
      'enabledIn: []\n      models: [b]',
    ],
  ])('writes into %s and nothing else', (_, phase, environments, expected) => {
    const text = setEnabledIn(family(phase), 'x', environments);
    expect(text).toContain(expected);
    expect(
      text.startsWith('spec:\n  models: []\n  phases:\n    # the first\n    - { name: first, models: [a] } # stays\n'),
    ).toBe(true);
    expect(text.endsWith('\n# the end\n')).toBe(true);
    const found = parse(text).spec.phases[1];
    expect(found).toEqual({ name: 'x', models: ['b'], enabledIn: environments });
  });

  it('changes nothing where there is no such phase', () => {
    expect(setEnabledIn(family(''), 'x', ['dev'])).toBe(family(''));
  });
});

describe('line ends', () => {
  it('stay as they are on Windows, whatever is edited', () => {
    const windows = text.replaceAll('\n', '\r\n');
    const edits: readonly ((before: string) => string)[] = [
      (before) => addModel(before, { family: 'llama-3.1', phase: 'enterprise', model }),
      (before) => addModel(before, { family: 'llama-3.1', phase: 'new', model }),
      (before) => removeModel(before, 'llama-3.1-8b'),
      (before) => retireModel(before, 'llama-3.1-8b'),
      (before) => setEnabledIn(before, 'enterprise', ['development']),
    ];
    for (const edit of edits) {
      expect(edit(text)).not.toBe(text);
      expect(edit(windows)).toBe(edit(text).replaceAll('\n', '\r\n'));
    }
  });
});

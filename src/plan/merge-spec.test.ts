import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addModel, removeModel, retireModel } from './edit.js';
import { mergeSpec } from './merge-spec.js';

const family = `# The family of the small ones.
apiVersion: gitops-gen.io/v1alpha1
kind: ModelFamily
metadata: { name: llama-3.1 }
spec:
  runtime: vllm
  models:
    - name: llama-3.1-8b   # ours
      context: 8192
      replicas: { development: 1, production: 2 }
    # The large one.
    - name: llama-3.1-70b
      replicas:
        production: 1
  phases:
    - { name: foundation, models: [llama-3.1-8b] }
    - { name: scale-up, models: [llama-3.1-70b], enabledIn: [development] }
`;

const model = (name: string) => ({ name, tier: 'standard', replicas: { production: 1 } });
const adds = (text: string, name: string, phase = 'scale-up') =>
  addModel(text, { family: 'llama-3.1', model: model(name), phase });

function merged(ours: string, theirs: string, base = family): string {
  const { text, conflicts } = mergeSpec(base, ours, theirs);
  expect(conflicts).toEqual([]);
  return text ?? '';
}

describe('two people change one file', () => {
  it('both add a model at the same place: both are there, each with its comments', () => {
    const ours = adds(family, 'a').replace('    - name: a', '    # Mine.\n    - name: a');
    const theirs = adds(family, 'b').replace('    - name: b', '    # Yours.\n    - name: b # with a word');
    const text = merged(ours, theirs);
    const { spec } = parse(text);
    expect(spec.models.map((each: { name: string }) => each.name)).toEqual(['llama-3.1-8b', 'llama-3.1-70b', 'b', 'a']);
    expect(spec.phases[1].models).toEqual(['llama-3.1-70b', 'b', 'a']);
    for (const words of [
      '# Mine.\n    - name: a',
      '# Yours.\n    - name: b # with a word',
      '# The large one.',
      '# ours',
    ])
      expect(text).toContain(words);
  });

  it('one adds, the other removes its neighbour', () => {
    const { spec } = parse(merged(adds(family, 'a'), removeModel(family, 'llama-3.1-70b')));
    expect(spec.models.map((each: { name: string }) => each.name)).toEqual(['llama-3.1-8b', 'a']);
    expect(spec.phases[1]).toEqual({ name: 'scale-up', models: ['a'], enabledIn: ['development'] });
  });

  it('each removes one of the two models of a phase: the phase goes, and what waits for it by name waits no more', () => {
    const two = adds(family, 'a').replace(
      'enabledIn: [development] }',
      'enabledIn: [development] }\n    - { name: last, models: [z], dependsOn: [scale-up] }',
    );
    const base = two.replace('  phases:', '    - name: z\n      replicas: { production: 1 }\n  phases:');
    const text = merged(removeModel(base, 'llama-3.1-70b'), removeModel(base, 'a'), base);
    expect(parse(text).spec.phases).toEqual([
      { name: 'foundation', models: ['llama-3.1-8b'] },
      { name: 'last', models: ['z'], dependsOn: [] },
    ]);
    const only = adds(removeModel(family, 'llama-3.1-70b'), 'b', 'foundation');
    const none = parse(merged(removeModel(only, 'llama-3.1-8b'), removeModel(only, 'b'), only)).spec;
    expect([none.models, none.phases]).toEqual([[], []]);
  });

  it('one changes a field, the other retires the model; a phase is enabled', () => {
    const theirs = retireModel(family, 'llama-3.1-8b').replace('[development]', '[development, production]');
    const text = merged(family.replace('8192', '4096'), theirs);
    expect(parse(text).spec.models[0]).toMatchObject({ context: 4096, retiring: true });
    expect(parse(text).spec.phases[1].enabledIn).toEqual(['development', 'production']);
  });

  it('the order of phases, which says what waits for what, is kept', () => {
    const theirs = family.replace(
      '    - { name: scale-up',
      '    - { name: middle, models: [m] }\n    - { name: scale-up',
    );
    const { spec } = parse(merged(adds(family, 'z', 'last'), theirs));
    expect(spec.phases.map((each: { name: string }) => each.name)).toEqual([
      'foundation',
      'middle',
      'scale-up',
      'last',
    ]);
  });

  it('both make the same phase, or the same file', () => {
    const { spec } = parse(merged(adds(family, 'a', 'new'), adds(family, 'b', 'new')));
    expect(spec.phases.at(-1)).toEqual({ name: 'new', models: ['a', 'b'] });
    const made = (name: string) => addModel(undefined, { family: 'qwen', model: model(name), phase: 'first' });
    const both = parse(merged(made('a'), made('b'), ''));
    expect(both.spec.models.map((each: { name: string }) => each.name)).toEqual(['a', 'b']);
    expect(both.spec.phases).toEqual([{ name: 'first', models: ['a', 'b'] }]);
  });

  it('both change one field differently: a conflict that says where', () => {
    const result = mergeSpec(family, family.replace('8192', '4096'), family.replace('8192', '2048'));
    expect(result).toEqual({ text: undefined, conflicts: ['spec.models.llama-3.1-8b.context'] });
    const ours = mergeSpec(family, family.replace('8192', '4096'), adds(family.replace('8192', '2048'), 'b'), {
      prefer: 'ours',
    });
    expect(parse(ours.text ?? '').spec.models.map((each: { context?: number }) => each.context)).toEqual([
      4096,
      undefined,
      undefined,
    ]);
  });

  it('one removes what the other changes: a conflict', () => {
    expect(mergeSpec(family, removeModel(family, 'llama-3.1-8b'), family.replace('8192', '4096')).conflicts).toEqual([
      'spec.models.llama-3.1-8b',
    ]);
  });

  it('a file that is no YAML is nothing to merge', () => {
    expect(mergeSpec(family, 'a: [', family).text).toBeUndefined();
  });
});

it('any two runs of additions and removals come together, and say the same whoever merges', () => {
  const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'retire', 'phase'), at: fc.nat(3) });
  const edited = (who: string, steps: readonly { kind: string; at: number }[]) =>
    steps.reduce((text, { kind, at }, index) => {
      const names = (parse(text).spec.models as { name: string }[]).map(({ name }) => name);
      const name = names[at % Math.max(1, names.length)] ?? '';
      if (kind === 'add') return adds(text, `${who}${index}`);
      if (kind === 'phase') return adds(text, `${who}${index}`, `${who}-phase`);
      if (kind === 'retire') return text.includes('retiring') ? text : retireModel(text, name);
      return names.length > 1 ? removeModel(text, name) : text;
    }, family);
  const sorted = (text: string | undefined) => {
    const { models, phases } = parse(text ?? '').spec;
    const names = (list: { name: string }[]) => list.map(({ name }) => name).sort();
    return { models: names(models), phases: names(phases) };
  };
  let clean = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 4 }), fc.array(step, { maxLength: 4 }), (mine, other) => {
      const [ours, theirs] = [edited('a', mine), edited('b', other)];
      const [one, two] = [mergeSpec(family, ours, theirs), mergeSpec(family, theirs, ours)];
      expect(one.conflicts).toEqual(two.conflicts);
      // It is always said where; a merge that could not be put into the text would say ''.
      expect(one.conflicts).not.toContain('');
      if (one.conflicts.length > 0) return;
      clean += 1;
      expect(sorted(one.text)).toEqual(sorted(two.text));
      for (const { models } of parse(one.text ?? '').spec.phases as { models: string[] }[])
        expect(models).not.toEqual([]);
      for (const name of sorted(ours).models.filter((each) => each.startsWith('a')))
        expect(sorted(one.text).models).toContain(name);
    }),
    { seed: 83, numRuns: process.env['GITOPS_GEN_DEEP'] ? 3000 : 150 },
  );
  expect(clean).toBeGreaterThan(50);
});

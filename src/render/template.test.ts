import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { JsonObject, Problem } from '../diagnostics/diagnostic.js';
import { renderTemplate, templatePaths } from './template.js';
import { renderText } from './text.js';

function render(text: string, values: JsonObject): { out: string | undefined; problems: Problem[] } {
  const problems: Problem[] = [];
  return { out: renderTemplate('t.yaml', text, values, (problem) => problems.push(problem)), problems };
}

describe('structure-first templates', () => {
  const cases: [title: string, template: string, values: JsonObject, expected: string][] = [
    ['a number keeps its type', 'replicas: "{{replicas}}"\n', { replicas: 3 }, 'replicas: 3\n'],
    ['a string that looks like a number is quoted', 'wave: "{{wave}}"\n', { wave: '10' }, 'wave: "10"\n'],
    ['a YAML 1.1 word is quoted', 'a: "{{a}}"\n', { a: 'yes' }, 'a: "yes"\n'],
    ['a list is placed', 'args: "{{args}}"\n', { args: ['--a', '--b=1'] }, 'args:\n  - --a\n  - --b=1\n'],
    ['a map is placed', 'm: "{{m}}"\n', { m: { k: 'v' } }, 'm:\n  k: v\n'],
    ['text around an expression', 'k: a-{{x.y}}-b\n', { x: { y: 'z' } }, 'k: a-z-b\n'],
    ['an absent value drops its key', 'a: 1\nb: "{{no}}"\n', {}, 'a: 1\n'],
    ['an absent value drops its item', 'a:\n  - --x={{no}}\n  - --y\n', {}, 'a:\n  - --y\n'],
    ['an emptied map drops too', 'a:\n  b:\n    c: "{{no}}"\nd: 1\n', {}, 'd: 1\n'],
    ['a map that was empty stays', 'a: {}\n', {}, 'a: {}\n'],
    ['comments stay', '# why\na: "{{x}}" # here\n', { x: 1 }, '# why\na: 1 # here\n'],
    [
      'the comment of a dropped key goes',
      'm:\n  # of b\n  b: "{{no}}"\n  # of c\n  c: 1\n',
      {},
      'm:\n  # of c\n  c: 1\n',
    ],
    ['a comment may hold a value', '# takes {{n}} GiB\na: 1\n', { n: 4 }, '# takes 4 GiB\na: 1\n'],
    ['a comment with an absent value goes', '# takes {{n}} GiB\na: 1\n', {}, 'a: 1\n'],
    ['a block scalar stays one', 's: |\n  echo {{x}}\n  exit\n', { x: 'hi' }, 's: |\n  echo hi\n  exit\n'],
    ['an escaped expression stays text', 's: a \\{{x}}\n', { x: 'no' }, 's: a {{x}}\n'],
    ['false is a value', 'a: "{{x}}"\n', { x: false }, 'a: false\n'],
  ];
  it.each(cases)('%s', (_title, template, values, expected) => {
    const { out, problems } = render(template, values);
    expect(problems).toEqual([]);
    expect(out).toBe(expected);
  });

  const refused: [title: string, template: string, message: RegExp][] = [
    ['an expression as a key', '"{{k}}": 1\n', /cannot be a key/],
    ['a block', 'a: "{{#if x}}y{{/if}}"\n', /blocks are not allowed/],
    ['a helper', 'a: "{{log x}}"\n', /helper "log" is not available/],
    ['a partial', 'a: "{{> p}}"\n', /partial is not available/],
    ['bare braces', 'a: {{x}}\n', /cannot be a key|not valid YAML/],
    ['a list inside text', 'a: x{{l}}\n', /cannot stand inside a text/],
    ['two documents', 'a: 1\n---\nb: 1\n', /exactly one document/],
    ['a parent path', 'a: "{{../x}}"\n', /looks outside its block/],
    ['a duplicate key', 'a: 1\na: 2\n', /unique/],
  ];
  it.each(refused)('refuses %s and renders nothing', (_title, template, message) => {
    const { out, problems } = render(template, { x: 1, l: [1] });
    expect(out).toBeUndefined();
    expect(problems[0]?.message).toMatch(message);
  });

  it('no string can change the structure', () => {
    const template =
      'kind: A\nmetadata:\n  # about {{v}}\n  name: "{{v}}"\n  label: x-{{v}}\nspec:\n  script: |\n    run {{v}}\n    end\n';
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('a\nkind: B', '---\n', '}}', '{{x}}', '*a', '&a', '!t x'),
        ),
        (v) => {
          const { out } = render(template, { v });
          const documents = parseAllDocuments(out ?? '');
          expect(documents).toHaveLength(1);
          const value = (documents as unknown as { toJS(): unknown }[])[0]?.toJS();
          expect(value).toEqual({
            kind: 'A',
            metadata: { name: v, label: `x-${v}` },
            spec: { script: `run ${v}\nend\n` },
          });
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('does not read through prototypes', () => {
    expect(render('a: "{{constructor.name}}"\nb: 1\n', {}).out).toBe('b: 1\n');
    expect(render('a: "{{__proto__}}"\nb: 1\n', {}).out).toBe('b: 1\n');
  });

  it('lists the paths it reads', () => {
    expect(templatePaths('# {{c}}\na: "{{x.y}}"\nb:\n  - p-{{z}}\n').sort()).toEqual(['c', 'x.y', 'z']);
  });
});

describe('prose', () => {
  const text =
    '# {{title}}\n{{#each models}}\n- {{name}}{{#if gpu}} on {{gpu}}{{else}} anywhere{{/if}} {{@index}} of {{@root.title}}\n{{/each}}\n{{#unless none}}end{{/unless}}\n';
  const values = { title: 'T <&', models: [{ name: 'a', gpu: 'l4' }, { name: 'b' }] };

  it('is what Handlebars itself renders', () => {
    const expected = Handlebars.compile(text, { noEscape: true })(values);
    expect(renderText('README.md', text, values, () => {})).toBe(expected);
  });

  it('ends an output bomb', () => {
    const problems: Problem[] = [];
    const items = Array.from({ length: 300 }, () => ({}));
    const bomb = '{{#each @root.l}}{{#each @root.l}}{{#each @root.l}}x{{/each}}{{/each}}{{/each}}';
    expect(renderText('README.md', bomb, { l: items }, (problem) => problems.push(problem))).toBeUndefined();
    expect(problems[0]?.message).toMatch(/more than 200000 steps/);
  });
});

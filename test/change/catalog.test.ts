import { expect, it, vi } from 'vitest';
import type { ModelFacts } from '../../src/models/index.js';

/** A release of the catalog in which every fact of a model is another one. */
let release = 1;
vi.mock('../../src/models/index.js', async (original) => {
  const models = await original<typeof import('../../src/models/index.js')>();
  const changed = (facts: ModelFacts): ModelFacts => ({
    ...facts,
    id: `${facts.id}-renamed`,
    parameters: facts.parameters * 1.1,
    maxContext: Math.floor(facts.maxContext / 2),
    layers: facts.layers + 4,
    precision: 'fp8',
    license: { ...facts.license, gated: !facts.license.gated },
    checkpoints: facts.checkpoints.map((one) => ({ ...one, id: `elsewhere/${one.id.split('/')[1]}` })),
  });
  return {
    ...models,
    findModel: (id: string) => {
      const facts = models.findModel(id);
      return facts === undefined || release === 1 ? facts : changed(facts);
    },
  };
});

it('another catalog changes no file of an application, and plan says what planning anew would bring', async () => {
  const { fixture, renderFiles } = await import('../support/rendering.js');
  // Nothing is said that the catalog can answer.
  const specs = new Map(
    [...fixture('specs/llama-3.1')].map(([path, text]) => [
      path,
      path.startsWith('families/')
        ? String(text)
            .replaceAll(/^ +(?:source|precision|quantizeAtLoad|context|gpu): .*\n/gm, '')
            .replaceAll(/^ +parallelism: .*\n/gm, '')
        : text,
    ]),
  );
  release = 1;
  const before = renderFiles(specs);
  expect(before.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  release = 2;
  const after = renderFiles(before.after);
  expect(after.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const applications = (all: ReadonlyMap<string, string | Uint8Array>) =>
    Object.fromEntries([...all].filter(([path]) => /^applications\/|\/lock\//.test(path)));
  expect(applications(after.after)).toEqual(applications(before.after));
  expect(Object.keys(applications(after.after)).length).toBeGreaterThan(20);
  const notes = after.plan?.notes.filter(({ kind }) => kind === 'replan').map(({ message }) => message) ?? [];
  expect(notes.join('\n')).toMatch(/precision: bf16.*→.*precision: fp8/);
  const anew = renderFiles(before.after, { replan: true });
  expect(applications(anew.after)).not.toEqual(applications(before.after));
});

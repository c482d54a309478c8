import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { edit, emptyFolder } from '../support/repositories.js';
import { Year } from './year.js';

/**
 * A year in the life of one repository: fixtures/year/<step>.txt holds what is typed and printed, and the difference that a reviewer
 * reads. `UPDATE_GOLDEN=1` writes them anew, to be read before they are committed.
 */
const folder = resolve(import.meta.dirname, '../../fixtures/year');
const revision = '0e9e39f249a16976918f6564b8830bc894c89659';
const family = 'families/llama-3.1.yaml';

it('is what fixtures/year tells, step by step', { timeout: 1_800_000 }, async () => {
  const year = new Year(emptyFolder());
  const steps: [string, string][] = [];
  const done = (name: string, title: string, options?: { readonly listOnly: boolean }) =>
    steps.push([`${String(steps.length + 1).padStart(2, '0')}-${name}.txt`, year.step(title, options)]);

  await year.run('init --yes --repository https://github.com/acme/llm-gitops-config');
  year.commit('A repository for our models');
  done('init', 'January: an empty repository', { listOnly: true });

  await year.run(
    `add-model llama-3.1-8b --phase foundation --revision ${revision} --env development=1,staging=1,production=2 --commit`,
  );
  done('first-model', 'The first model');

  await year.run(
    `add-model llama-3.1-70b --phase scale-up --precision fp8 --revision ${'7'.repeat(40)} --env production=1 --commit`,
  );
  done('second-model', 'February: a larger model, in a phase of its own');

  await year.run(`add-model qwen3-32b --family qwen3 --revision ${'9'.repeat(40)} --env production=1 --commit`);
  done('third-model', 'A model of another family');

  await year.run('promote llama-3.1 --to staging --commit');
  await year.run('promote llama-3.1 --to production --commit');
  done('promotion', 'March: the Llamas go to staging and production');

  await year.run('promote qwen3 --to production --commit');
  done('second-promotion', 'The other family follows');

  year.byHand('Shorter prompts', family, /( {4}- name: llama-3.1-8b\n)/, '$1      context: 4096\n');
  await year.run('render --commit');
  await year.run('promote llama-3.1 --to staging --commit');
  await year.run('promote llama-3.1 --to production --commit');
  await year.run('rollback llama-3.1 --env production --commit');
  await year.run('status');
  done('rollback', 'April: a release that was no good goes back');

  const newer = year.release((blueprint) => {
    edit(blueprint, 'blueprint.yaml', /^version: .*/m, 'version: 1.1.0');
    edit(
      blueprint,
      'files/deployment.yaml',
      /^( *)terminationGracePeriodSeconds: .*/m,
      '$1terminationGracePeriodSeconds: 900',
    );
  });
  year.runWith(newer, 'render');
  year.runWith(newer, 'render --replan --dry-run --quiet');
  done('tool-upgrade', 'May: a newer gitops-gen, with a newer blueprint, changes nothing by itself');

  const overlay = 'applications/llama-3.1-8b/overlays/production/workload.yaml';
  year.byHand(
    'Hotfix: more time to drain',
    overlay,
    /^ {4}spec:$/m,
    '    spec:\n      # Incident 4711: clients keep streams open for minutes.\n      terminationGracePeriodSeconds: 600',
  );
  await year.run('render --commit');
  year.byHand('Three replicas', family, 'production: 2', 'production: 3');
  await year.run('render --commit');
  done('hotfix', 'June: a hotfix by hand in production, and a change of the spec after it');

  year.byHand(
    'Update vllm/vllm-openai in production',
    'versions/production/kustomization.yaml',
    /v[0-9.]+@sha256:[0-9a-f]+/,
    `v0.28.1@sha256:${'b'.repeat(64)}`,
  );
  await year.run('render --commit');
  await year.run('validate');
  done('renovate', 'July: Renovate bumps the engine in production');

  year.byHand('The large model waits', family, /( {4}- name: scale-up\n)/, '$1      enabledIn: [development]\n');
  await year.run('render --commit --allow-delete 1');
  await year.run('phase enable scale-up --env production --commit');
  done('phase', 'August: a phase is reserved, and enabled');

  await year.run('remove-model qwen3-32b --commit');
  await year.run('remove-model qwen3-32b --commit');
  done('removal', 'November: a model leaves, its route first');

  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of steps) writeFileSync(join(folder, name), text);
  }
  for (const [name, text] of steps) {
    const path = join(folder, name);
    expect.soft(text, name).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
  }
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call } from '../support/cli.js';

const golden = join(import.meta.dirname, '../../fixtures/ok/one-cluster-per-environment');

describe('explain', () => {
  it('names the entries of the project that permit what an Application deploys', async () => {
    const { code, stdout } = await call(['-C', golden, 'explain', 'Application/llama-3-1-8b-production']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Application llama-3-1-8b-production, AppProject llama-3-1-production\n/);
    expect(stdout).toMatch(
      / {2}permitted {4}Deployment of apps\n {15}by \{"group":"apps","kind":"Deployment"\} \(argocd\/projects\/\S+:\d+\)\n/,
    );
    expect(stdout).not.toMatch(/denied|undecidable/);
  });

  it('takes any object that an Application deploys, and says it for each of them', async () => {
    const { stdout } = await call(['-C', golden, 'explain', 'Service/llama-3-1-8b', '-o', 'json']);
    const answers = JSON.parse(stdout) as { application: string; lines: { question: string; verdict: string }[] }[];
    expect(answers.map((each) => each.application).sort()).toEqual([
      'llama-3-1-8b-development',
      'llama-3-1-8b-production',
      'llama-3-1-8b-staging',
    ]);
    for (const { lines } of answers) {
      expect(lines.map((each) => each.verdict)).toEqual(['permitted', 'permitted', 'permitted', 'permitted']);
      expect(lines.at(-1)?.question).toBe('Service');
    }
  });

  it('refuses what nobody deploys, and says what is near', async () => {
    const { code, stderr } = await call(['-C', golden, 'explain', 'Service/llama-3-1-8']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no Application of this repository is or deploys Service\/llama-3-1-8\n.*Did you mean/s);
  });

  it('prints the document of a rule, as text or with what is known of it', async () => {
    expect((await call(['explain', 'sync-wave'])).stdout).toMatch(/^# sync-wave\n/);
    const { stdout } = await call(['explain', 'sync-wave', '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'sync-wave', group: 'order' });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../diagnostics/diagnostic.js';
import { toDiagnostics } from '../yaml/locate.js';
import { readSpecs, roleOf } from './read.js';
import { checkReferences, knownNames } from './references.js';

const root = new URL('../../fixtures/specs/llama/', import.meta.url);
const base = new Map(
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => [path, readFileSync(new URL(path, root), 'utf8')] as const),
);
const known = {
  models: knownNames(['llama-3.1-8b', 'llama-3.1-70b', 'mistral-7b']),
  gpus: knownNames(['l4', 't4', 'h100-80gb']),
  blueprints: knownNames(['vllm', 'llmdeployment']),
  rules: knownNames(['gpu-headroom', 'floating-image-tags']),
};
const project = 'gitops-gen.yaml';
const family = 'families/llama-3.1.yaml';
const cluster = (name: string): string => `clusters/${name}/cluster-config.yaml`;

/** file, text that is there (undefined: the whole file), and what stands in its place (undefined: nothing). */
type Edit = readonly [file: string, from: string | undefined, to: string | undefined];

function findings(edits: readonly Edit[]): string[] {
  const files = new Map(base);
  for (const [file, from, to] of edits) {
    if (to === undefined) files.delete(file);
    else if (from === undefined) files.set(file, to);
    else {
      expect(files.get(file)).toContain(from);
      files.set(
        file,
        files.get(file)!.replace(from, () => to),
      );
    }
  }
  const problems: Problem[] = [];
  const specs = readSpecs(files, (problem) => problems.push(problem));
  checkReferences(specs, known, (problem) => problems.push(problem));
  return toDiagnostics(problems, files).map(({ file, range, severity, ruleId, message, hint, related }) => {
    const where = related.map((one) => ` (see ${one.file}:${one.range?.start.line})`).join('');
    return `${file}:${range?.start.line}:${range?.start.column} ${severity === 'error' ? '' : `${severity} `}${ruleId}: ${message} ${hint}${where}`;
  });
}

const second = `apiVersion: gitops-gen.io/v1alpha1
kind: ModelFamily
metadata: { name: mistral }
spec:
  models:
    - { name: mistral-7b, replicas: { development: 1 } }
  phases:
    - { name: only, models: [mistral-7b] }
`;
const add = (text: string): Edit => ['families/mistral.yaml', undefined, text];

const cases: readonly (readonly [what: string, edits: readonly Edit[], found: readonly string[]])[] = [
  ['nothing', [], []],
  ['a second family', [add(second)], []],
  [
    'an environment without a cluster of its name',
    [[cluster('staging'), undefined, undefined]],
    [
      'gitops-gen.yaml:12:13 spec-reference: There is no cluster of the environment\'s name, "staging". There is: development, production. Add clusters/staging/cluster-config.yaml, or list the clusters of the environment.',
    ],
  ],
  [
    'a cluster that is misspelled',
    [[project, '- name: staging', '- name: staging\n      clusters: [stagin]']],
    [
      'gitops-gen.yaml:13:18 spec-reference: There is no cluster "stagin". Did you mean "staging"? There is: development, production, staging. Add clusters/stagin/cluster-config.yaml.',
      'clusters/staging/cluster-config.yaml:5:9 warning spec-no-effect: No environment lists the cluster "staging". Add it to the clusters of an environment, or remove its folder.',
    ].sort(),
  ],
  [
    'a cluster whose file cannot be read is not called missing',
    [[cluster('staging'), undefined, 'a: [\n']],
    [
      'clusters/staging/cluster-config.yaml:1:4 yaml-syntax: The bracket [ that opens here is never closed. Add the closing ], or quote the value if the bracket belongs to a text.',
    ],
  ],
  [
    'a cluster in the folder of another name',
    [[cluster('staging'), 'name: staging', 'name: stage']],
    [
      'clusters/staging/cluster-config.yaml:5:9 spec-file: The cluster is called "stage" and its folder "staging". Give both the same name.',
      'clusters/staging/cluster-config.yaml:5:9 warning spec-no-effect: No environment lists the cluster "stage". Add it to the clusters of an environment, or remove its folder.',
      'gitops-gen.yaml:12:13 spec-reference: There is no cluster of the environment\'s name, "staging". There is: development, production, stage. Add clusters/staging/cluster-config.yaml, or list the clusters of the environment.',
    ],
  ],
  [
    'an environment that does not exist, in every place',
    [
      [family, '{ development: 1, staging: 2', '{ dev: 1, staging: 2'],
      [family, 'enabledIn: [development, staging]', 'enabledIn: [development, stagging]'],
      ['policies/capacity.yaml', 'development: {', 'devlopment: {'],
      [project, 'sync: [development, staging]', 'sync: [development, stage]'],
    ],
    [
      'families/llama-3.1.yaml:13:19 spec-reference: There is no environment "dev". Did you mean "development"? There is: development, production, staging.',
      'families/llama-3.1.yaml:30:77 spec-reference: There is no environment "stagging". Did you mean "staging"? There is: development, production, staging.',
      'gitops-gen.yaml:22:75 spec-reference: There is no environment "stage". There is: development, production, staging.',
      'policies/capacity.yaml:12:9 spec-reference: There is no environment "devlopment". Did you mean "development"? There is: development, production, staging.',
    ],
  ],
  [
    'names that no catalog knows',
    [
      [family, 'model: llama-3.1-70b', 'model: llama-3.1-7b'],
      [family, 'gpu: h100-80gb', 'gpu: h100'],
      [family, 'runtime: vllm', 'runtime: vlm'],
      [cluster('production'), 'gpu: l4', 'gpu: L4'],
      ['policies/capacity.yaml', 'gpu-headroom', 'gpu-headrom'],
      ['exemptions.yaml', 'floating-image-tags', 'floating-tags'],
    ],
    [
      'clusters/production/cluster-config.yaml:10:12 spec-reference: There is no GPU "L4". Did you mean "l4"? There is: h100-80gb, l4, t4.',
      'exemptions.yaml:8:13 spec-reference: There is no rule "floating-tags". There is: floating-image-tags, gpu-headroom.',
      'families/llama-3.1.yaml:7:12 spec-reference: There is no blueprint "vlm". Did you mean "vllm"? There is: llmdeployment, vllm.',
      'families/llama-3.1.yaml:15:14 spec-reference: There is no model in the catalog called "llama-3.1-7b". Did you mean "llama-3.1-70b" or "llama-3.1-8b"? There is: llama-3.1-70b, llama-3.1-8b, mistral-7b.',
      'families/llama-3.1.yaml:23:12 spec-reference: There is no GPU "h100". Did you mean "h100-80gb"? There is: h100-80gb, l4, t4.',
      'policies/capacity.yaml:8:11 spec-reference: There is no rule "gpu-headrom". Did you mean "gpu-headroom"? There is: floating-image-tags, gpu-headroom.',
    ],
  ],
  [
    'a model of their own, which says what it runs on',
    [
      add(
        second
          .replaceAll('mistral-7b', 'house-model')
          .replace('replicas', 'source: "s3://models/house", gpu: l4, parallelism: { tensor: 1 }, replicas'),
      ),
    ],
    [],
  ],
  [
    'a model that is neither in the catalog nor says what it runs on',
    [add(second.replaceAll('mistral-7b', 'house-model').replace('replicas', 'gpu: l4, replicas'))],
    [
      'families/mistral.yaml:6:15 spec-reference: There is no model in the catalog called "house-model". A model of your own says `gpu` and `parallelism.tensor` (or `resources.gpus`) itself, and its `source`.',
    ],
  ],
  [
    'one model in two families',
    [add(second.replaceAll('mistral-7b', 'llama-3.1-8b'))],
    [
      'families/mistral.yaml:6:15 spec-duplicate-name: The model "llama-3.1-8b" stands in two families; both would be rendered to applications/llama-3.1-8b. Rename or remove one of the two. (see families/llama-3.1.yaml:9)',
    ],
  ],
  [
    'two models that become one name',
    [add(second.replaceAll('mistral-7b', 'llama-3-1.8b').replace('replicas', 'model: mistral-7b, replicas'))],
    [
      'families/mistral.yaml:6:15 spec-slug-collision: The models "llama-3-1.8b" and "llama-3.1-8b" would both be called "llama-3-1-8b" in Kubernetes. Rename one of the two. (see families/llama-3.1.yaml:9)',
    ],
  ],
  [
    'two families of one name',
    [add(second.replace('name: mistral }', 'name: llama-3.1 }'))],
    [
      'families/mistral.yaml:3:19 spec-duplicate-name: The family "llama-3.1" is listed twice. Rename or remove one of the two. (see families/llama-3.1.yaml:5)',
    ],
  ],
  [
    'an override where the model is not',
    [[family, 'tier: premium', 'tier: premium\n      environments: { development: { context: 4096 } }']],
    [
      'families/llama-3.1.yaml:18:23 warning spec-no-effect: "development" is not among the replicas of the model: it is not deployed there, and this override has no effect. Add replicas for "development", or remove the override.',
    ],
  ],
  [
    'a cluster that no instance manages',
    [
      [
        project,
        '        cluster: production\n',
        '        cluster: production\n        manages: [development, production]\n',
      ],
    ],
    [
      'gitops-gen.yaml:12:13 spec-reference: No Argo CD instance manages the cluster "staging". Add it to "manages" of an instance. (see gitops-gen.yaml:16)',
    ],
  ],
  [
    'a policy file that is not there',
    [[project, 'policies: [capacity]', 'policies: [capcity]']],
    [
      'gitops-gen.yaml:32:14 spec-reference: There is no policy file "capcity". Did you mean "capacity"? There is: capacity.',
    ],
  ],
  [
    'a file that is not read because of its name',
    [['families/other.yml', undefined, second]],
    [
      'families/other.yml:1:1 warning spec-file: families/other.yml is not read: the name has to be families/other.yaml. Rename it to families/other.yaml.',
    ],
  ],
  [
    'mistakes of form and of reference in one run',
    [
      [family, 'tier: premium', 'teir: premium'],
      [family, 'gpu: h100-80gb', 'gpu: h10'],
      [project, 'runtime: vllm', 'runtime: 7'],
    ],
    [
      'families/llama-3.1.yaml:17:7 spec-unknown-field: Unknown field "teir" in spec.models[1]. Did you mean "tier"?',
      'families/llama-3.1.yaml:23:12 spec-reference: There is no GPU "h10". Did you mean "h100-80gb"? There is: h100-80gb, l4, t4.',
      'gitops-gen.yaml:30:14 spec-type: spec.defaults.runtime: expected text, got the number 7. This must be a quoted string. Quote it: "7".',
    ],
  ],
];

describe('names that lead from file to file', () => {
  for (const [what, edits, found] of cases) test(what, () => expect(findings(edits)).toEqual(found));
});

test('a folder without our files has no finding', () => {
  expect(readSpecs(new Map([['apps/a/deployment.yaml', 'kind: Deployment\n']]), () => expect.fail())).toMatchObject({
    project: undefined,
    families: [],
    drafts: [],
  });
});

test('which paths are read', () => {
  const paths = [
    'gitops-gen.yaml',
    'families/a.yaml',
    'families/a/b.yaml',
    'clusters/a/cluster-config.yaml',
    'clusters/a/kustomization.yaml',
    'policies/a.yaml',
    'policies/a/policy.yaml',
    'policies/a.test.yaml',
    'exemptions.yaml',
    'x/gitops-gen.yaml',
  ];
  expect(paths.map(roleOf)).toEqual([
    'project',
    'family',
    undefined,
    'cluster',
    undefined,
    'policies',
    undefined,
    undefined,
    'exemptions',
    undefined,
  ]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { changed, family, type Loose } from '../../test/support/plans.js';
import { renderFiles } from '../../test/support/rendering.js';
import type { FileContent } from '../files/file-map.js';

describe('no value of a spec can change the structure', () => {
  const production = 'clusters/production/cluster-config.yaml';
  /** One model in one environment: what has to be rendered many times should be small. */
  const small = changed(
    'gitops-gen.yaml',
    (value) => (value.spec.environments = [{ name: 'production' }]),
    changed(family, (value) => {
      value.spec.models = [{ ...value.spec.models[0], replicas: { production: { min: 2, max: 3 } } }];
      value.spec.phases = [value.spec.phases[0]];
    }),
  );
  /** Kinds and names of every document that is rendered, and the paths. */
  function shape(files: ReadonlyMap<string, FileContent>): string[] {
    return [...files]
      .filter(
        ([path]) =>
          path.endsWith('.yaml') &&
          !path.startsWith('families/') &&
          path !== 'gitops-gen.yaml' &&
          !path.startsWith('.gitops-gen/'),
      )
      .flatMap(([path, text]) =>
        (parseAllDocuments(String(text)) as { toJS(): Loose }[]).map(
          (document) => `${path} ${document.toJS()?.kind} ${document.toJS()?.metadata?.name}`,
        ),
      )
      .sort();
  }
  const places: [where: string, file: string, set: (value: Loose, text: string) => void][] = [
    ['an annotation', family, (value, text) => (value.spec.models[0].annotations = { note: text })],
    [
      'an engine argument',
      family,
      (value, text) => (value.spec.models[0].engine = { args: { 'chat-template': text } }),
    ],
    ['a tier', family, (value, text) => (value.spec.models[0].tier = text)],
    ['a revision', family, (value, text) => (value.spec.models[0].revision = text)],
    ['a label', family, (value, text) => (value.spec.models[0].labels = { note: text })],
    ['a source', family, (value, text) => (value.spec.models[0].source = `s3://bucket/${text}`)],
    ['an image', family, (value, text) => (value.spec.models[0].image = `example.com/${text}:1`)],
    ['an identity', production, (value, text) => (value.spec.identity = { serviceAccountAnnotations: { role: text } })],
    ['a StorageClass', production, (value, text) => (value.spec.storageClasses[0].name = text)],
    ['a Secret', production, (value, text) => (value.spec.externalSecrets[0].name = text)],
    ['a key of a Secret', production, (value, text) => (value.spec.externalSecrets[0].keys = [text])],
    ['a registry mirror', production, (value, text) => (value.spec.registryMirror = text)],
    ['a taint', production, (value, text) => (value.spec.nodePools[0].taints[0].value = text)],
    ['a cluster address', production, (value, text) => (value.spec.destination = { name: text })],
    ['a repository', 'gitops-gen.yaml', (value, text) => (value.spec.repository.url = `https://example.com/${text}`)],
    ['a branch', 'gitops-gen.yaml', (value, text) => (value.spec.repository.branch = text)],
    ['a group', 'gitops-gen.yaml', (value, text) => (value.spec.argocd.roles = [{ name: 'r', groups: [text] }])],
    ['an owner', 'gitops-gen.yaml', (value, text) => (value.spec.owners.default = [text])],
    ['an Action', 'gitops-gen.yaml', (value, text) => (value.spec.ci = { uses: text })],
  ];
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'a\n---\nkind: ClusterRoleBinding\n',
      '"\n- op: add',
      '{{name}}',
      '*anchor',
      '&a',
      '!!js/function',
      '#',
      ': ',
      '$(HOME)',
      '\\{{x}}',
      '${{ secrets.X }}',
      '../../etc',
      "'",
      'yes',
      '1e3',
      '\u2028',
    ),
  );
  it.each(places)('given as %s', (_where, file, set) => {
    const harmless = shape(renderFiles(changed(file, (value) => set(value, 'harmless'), small)).after);
    fc.assert(
      fc.property(nasty, (text) => {
        const files = changed(file, (value) => set(value, text), small);
        const { after, problems } = renderFiles(files);
        // A value that is refused renders nothing of the family; what is accepted stands where it was put.
        if (problems.some((problem) => problem.severity === 'error')) return;
        expect(shape(after)).toEqual(harmless);
      }),
      { seed: 11, numRuns: process.env['GITOPS_GEN_DEEP'] ? 2000 : 8 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { cluster, decided, type Files, family, planOf, specs } from '../../test/support/plans.js';
import { planFiles, renderFiles } from '../../test/support/rendering.js';
import { buildKustomization, emitStream } from '../build/index.js';
import { treeOf } from '../files/file-map.js';
import type { Plan } from './plan.js';

describe('the lock', () => {
  const first = renderFiles(specs);

  /** The same repository after its production cluster got a pool of cheaper cards in which the small model fits. */
  function withNewPool(): Files {
    const files: Files = new Map(first.after);
    const value = parse(String(files.get(cluster('production'))));
    value.spec.nodePools.push({
      name: 'l4',
      gpu: 'l4',
      gpusPerNode: 1,
      nodes: 30,
      allocatable: { cpu: 15, memory: '57Gi' },
    });
    files.set(cluster('production'), stringify(value));
    return files;
  }

  it('keeps every Pod template as it is when a pool is added', () => {
    const again = renderFiles(withNewPool());
    const changes = [...again.after].filter(
      ([path, text]) => first.after.get(path) !== text && path !== cluster('production'),
    );
    expect(changes).toEqual([]);
    expect(again.plan?.notes.find((note) => note.kind === 'replan')?.message).toMatch(/gpu a100-80gb → l4/);
  });

  it('keeps to the nodes that were chosen when a pool of the same cards but other taints is added', () => {
    const files: Files = new Map(first.after);
    const value = parse(String(files.get(cluster('production'))));
    const [pool] = value.spec.nodePools;
    value.spec.nodePools.push({
      ...pool,
      name: 'spot',
      taints: [...pool.taints, { key: 'spot', effect: 'NoSchedule' }],
    });
    files.set(cluster('production'), stringify(value));
    const changes = [...renderFiles(files).after].filter(([path, text]) => files.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([]);
  });

  it('tolerates the taints of a pool, and never the cordon of one', () => {
    const files: Files = new Map(specs);
    const value = parse(String(files.get(cluster('production'))));
    for (const pool of value.spec.nodePools)
      pool.taints = [...(pool.taints ?? []), { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }];
    files.set(cluster('production'), stringify(value));
    const manifests = [...renderFiles(files).after].filter(([path]) => path.startsWith('applications/'));
    expect(manifests.filter(([, text]) => String(text).includes('tolerations:')).length).toBeGreaterThan(0);
    expect(manifests.filter(([, text]) => String(text).includes('node.kubernetes.io/unschedulable'))).toEqual([]);
  });

  it('gives way to a new plan when that is asked for', () => {
    const again = planFiles(withNewPool(), { replan: true });
    expect(decided(again.plan as Plan, 'llama-3.1-8b', 'production').gpu).toBe('l4');
  });

  it('gives way to a changed spec', () => {
    const files = withNewPool();
    const value = parse(String(files.get(family)));
    value.spec.models[0].context = 4096;
    files.set(family, stringify(value));
    expect(decided(planOf(files), 'llama-3.1-8b', 'production')).toMatchObject({ gpu: 'l4', context: 4096 });
  });

  it('counts as none where somebody edited it into nonsense', () => {
    const files: Files = new Map(first.after);
    files.set(
      '.gitops-gen/lock/llama-3.1.yaml',
      'models: { llama-3.1-8b: { staging: { staging: { given: {}, decided: { tensor: -1 } } } } }\n',
    );
    expect(decided(planOf(files), 'llama-3.1-8b', 'staging').tensor).toBe(1);
  });
});

describe('versions', () => {
  const first = renderFiles(specs);
  const images = 'versions/staging/kustomization.yaml';

  it('are read and never written', () => {
    const files: Files = new Map(first.after);
    files.set(images, String(files.get(images)).replace('v0.28.0', 'v0.28.1'));
    const again = renderFiles(files);
    expect(again.rendering?.files.has(images)).toBe(false);
    expect(String(again.after.get(images))).toContain('v0.28.1');
    // A new image alone changes no Pod template: the tag stands in versions/ and nowhere else.
    const changes = [...again.after].filter(([path, text]) => files.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([]);
  });

  it('carry the revisions of weights into the overlays', () => {
    const files: Files = new Map(first.after);
    const path = 'versions/staging/llama-3.1-8b/revision.yaml';
    files.set(path, String(files.get(path)).replace(/^revision: .*/m, `revision: "${'c'.repeat(40)}"`));
    const again = renderFiles(files);
    expect(String(again.after.get('applications/llama-3.1-8b/overlays/staging/engine.yaml'))).toContain('c'.repeat(40));
    expect(again.after.get(path)).toBe(files.get(path));
  });

  it('take revisions from the list of an environment too, and then write no file of their own', () => {
    const files: Files = new Map(first.after);
    files.delete('versions/staging/llama-3.1-8b/revision.yaml');
    files.set('versions/staging/models.yaml', `revisions:\n  llama-3.1-8b: "${'d'.repeat(40)}"\n`);
    const again = renderFiles(files);
    expect(String(again.after.get('applications/llama-3.1-8b/overlays/staging/engine.yaml'))).toContain('d'.repeat(40));
    expect(again.after.has('versions/staging/llama-3.1-8b/revision.yaml')).toBe(false);
  });

  it('may name another image for one model alone', () => {
    const files: Files = new Map(first.after);
    const own = 'versions/staging/llama-3.1-8b/kustomization.yaml';
    const newTag = `v0.29.1@sha256:${'e'.repeat(64)}`;
    files.set(
      own,
      `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n  - name: vllm/vllm-openai\n    newTag: ${newTag}\n`,
    );
    const again = renderFiles(files);
    expect(again.problems).toEqual([]);
    const built = (overlay: string) =>
      emitStream(buildKustomization(treeOf(again.after), `applications/${overlay}`, () => {}).resources);
    expect(built('llama-3.1-8b/overlays/staging')).toContain(`image: vllm/vllm-openai:${newTag}`);
    expect(built('llama-3.1-70b-fp8/overlays/staging')).not.toContain('v0.29.1');
    const deployment = again.plan?.families[0]?.models
      .find(({ name }) => name === 'llama-3.1-8b')
      ?.deployments.find(({ environment }) => environment === 'staging');
    expect(deployment?.values['engine']).toMatchObject({ version: '0.29.1' });
  });

  it('of another minor release leave what is rendered as it is, the lock among it', () => {
    const files: Files = new Map(first.after);
    files.set(images, String(files.get(images)).replace('v0.28.0', 'v0.29.0'));
    const again = renderFiles(files);
    const changes = [...again.after].filter(([path, text]) => files.get(path) !== text);
    expect(changes.map(([path]) => path)).toEqual([]);
  });

  it('have to name every image that runs', () => {
    const files: Files = new Map(first.after);
    files.set(
      images,
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n  - name: python\n    newTag: "3"\n',
    );
    expect(planFiles(files).problems.find((problem) => problem.ruleId === 'versions-without-image')?.at.file).toBe(
      images,
    );
  });
});

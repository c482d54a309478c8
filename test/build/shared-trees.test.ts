import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BuildResult, buildKustomization, emitStream } from '../../src/build/index.js';
import type { Tree } from '../../src/files/file-map.js';
import { treeOf } from '../../src/files/file-map.js';
import { repository } from './random-repository.js';

const deep = process.env['GITOPS_GEN_DEEP'] !== undefined;
const seed = Number(process.env['GITOPS_GEN_SEED'] ?? 11);

function pointersOf(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, child]) =>
    pointersOf(child, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** All that a build says: the stream, the data, and who gave each scalar its value. */
function said(result: BuildResult) {
  return {
    ok: result.ok,
    stream: emitStream(result.resources),
    objects: result.resources.map((resource) => ({
      value: structuredClone(resource.value),
      changedBy: resource.changedBy,
      sources: pointersOf(resource.value).map((pointer) => resource.sourceOf(pointer)),
    })),
  };
}

const build = (tree: Tree, folder: string) => buildKustomization(tree, folder, () => {});

describe('what folders share', () => {
  it(`is seen by none of them to change, whichever is built first (seed ${seed})`, () => {
    let shared = 0;
    fc.assert(
      fc.property(repository, ({ files }) => {
        const folders = Object.keys(files)
          .filter((path) => /(?:^|\/)kustomization\.yaml$/.test(path))
          .map((path) => path.replace(/\/?kustomization\.yaml$/, ''));
        const alone = folders.map((folder) => said(build(treeOf(files), folder)));
        const tree = treeOf(files);
        const results = folders.map((folder) => build(tree, folder));
        expect(results.map(said)).toEqual(alone);
        const other = treeOf(files);
        const backwards = [...folders].reverse().map((folder) => build(other, folder));
        expect(backwards.map(said).reverse()).toEqual(alone);
        // Asked again after all others were printed.
        expect(results.map(said)).toEqual(alone);
        if (alone.filter(({ ok, objects }) => ok && objects.length > 0).length > 1) shared += 1;
      }),
      { seed, numRuns: deep ? 1000 : 100, endOnFailure: false },
    );
    expect(shared).toBeGreaterThan(deep ? 200 : 20);
  });
});

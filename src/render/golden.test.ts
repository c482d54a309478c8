import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { kubectlKustomize, realKubectl, withFolder } from '../../test/support/real-kubectl.js';
import {
  fixture,
  fixturePath,
  type Rendered,
  readFolder,
  renderFiles,
  writeFolder,
} from '../../test/support/rendering.js';
import { buildKustomization, emitStream } from '../build/index.js';
import { treeOf } from '../files/file-map.js';

/**
 * Whole repositories, as they are rendered from fixtures/specs/<specs>, in fixtures/ok/<golden>. `UPDATE_GOLDEN=1` writes
 * them anew, to be read before they are committed.
 */
const goldens: readonly {
  golden: string;
  specs: string;
  pins?: readonly [string, string][];
  problems?: readonly string[];
}[] = [
  { golden: 'one-cluster-per-environment', specs: 'llama-3.1' },
  {
    golden: 'hub-and-clusters',
    specs: 'hub-and-clusters',
    pins: [['qwen-3/production/eu-west', '1f0c8a6e5b2d4c7f9a3e6d8b0c5f2a7e4d9b1c36']],
  },
  { golden: 'two-environments-one-cluster', specs: 'two-environments-one-cluster' },
  { golden: 'main-seed', specs: 'main-seed' },
];

/** The schemas for editors are copies of schemas/, judged elsewhere. */
function withoutSchemas(files: ReadonlyMap<string, string | Uint8Array>): Map<string, string | Uint8Array> {
  return new Map([...files].filter(([path]) => !path.startsWith('.gitops-gen/schemas/')));
}

function renderGolden({ specs, pins }: (typeof goldens)[number]): Rendered {
  return renderFiles(fixture(`specs/${specs}`), pins === undefined ? {} : { pins: new Map(pins) });
}

describe.each(goldens)('golden repository $golden', (entry) => {
  const rendered = renderGolden(entry);

  it('renders without a problem', () => {
    expect(rendered.problems).toEqual([]);
  });

  it('is what stands in fixtures/ok, byte for byte', () => {
    const folder = fixturePath(`ok/${entry.golden}`);
    const now = withoutSchemas(rendered.after);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFolder(folder, now);
    expect(Object.fromEntries(now)).toEqual(Object.fromEntries(readFolder(folder)));
  });

  it('does not change when its own output is rendered again', () => {
    // No pins are given this time: they are read from the parents that are there.
    const again = renderFiles(rendered.after);
    expect(again.problems).toEqual([]);
    expect(Object.fromEntries(again.after)).toEqual(Object.fromEntries(rendered.after));
  });

  it('does not depend on the order of files', () => {
    const reversed = new Map([...fixture(`specs/${entry.specs}`)].reverse());
    const again = renderFiles(reversed, entry.pins === undefined ? {} : { pins: new Map(entry.pins) });
    expect(Object.fromEntries(again.after)).toEqual(Object.fromEntries(rendered.after));
  });

  const kubectl = realKubectl();
  it.skipIf(kubectl.path === undefined)('builds to the same bytes under kubectl, every kustomization of it', () => {
    const tree = treeOf(rendered.after);
    const folders = [...rendered.after.keys()]
      .filter(
        (path) =>
          path.endsWith('/kustomization.yaml') && String(rendered.after.get(path)).includes('kind: Kustomization'),
      )
      .map((path) => path.slice(0, -'/kustomization.yaml'.length));
    expect(folders.length).toBeGreaterThan(10);
    withFolder(Object.fromEntries(rendered.after), (folder) => {
      // Bases are built as parts of their overlays.
      for (const path of folders.filter((each) => !each.endsWith('/base'))) {
        const real = kubectlKustomize(kubectl.path ?? '', `${folder}/${path}`);
        const own = buildKustomization(tree, path, () => {});
        expect(real.stderr.replaceAll(/^# Warning.*\n/gm, ''), path).toBe('');
        expect(emitStream(own.resources), path).toBe(real.stdout);
      }
    });
  });
});

describe('a release', () => {
  const kubectl = realKubectl();
  it.skipIf(kubectl.path === undefined)(
    'reaches every child: Argo CD writes the revision, the replacement copies it',
    () => {
      const { after } = renderFiles(fixture('specs/llama-3.1'));
      const revision = '0123456789abcdef0123456789abcdef01234567';
      const path = 'argocd/families/llama-3.1/production/children';
      // What `kustomize edit add annotation --force` leaves behind when Argo CD has substituted the variable.
      const annotated = new Map(after);
      annotated.set(
        `${path}/kustomization.yaml`,
        `${String(after.get(`${path}/kustomization.yaml`))}commonAnnotations:\n  gitops-gen.io/revision: "${revision}"\n`,
      );
      const built = withFolder(Object.fromEntries(annotated), (folder) =>
        kubectlKustomize(kubectl.path ?? '', `${folder}/${path}`),
      );
      const children = built.stdout.split('---\n').map((text) => parse(text));
      expect(children.map((child) => child.metadata.name).sort()).toEqual([
        'llama-3-1-70b-fp8-production',
        'llama-3-1-70b-production',
        'llama-3-1-8b-production',
      ]);
      for (const child of children) expect(child.spec.source.targetRevision).toBe(revision);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { buildKustomization, emitStream } from '../../src/build/index.js';
import type { Problem } from '../../src/diagnostics/diagnostic.js';
import { treeOf } from '../../src/files/file-map.js';
import { judge } from '../support/judge.js';
import { realKubectl } from '../support/real-kubectl.js';
import { apiDescriptions } from './api-descriptions.js';
import { composition } from './features-of-composition.js';
import { objects } from './features-of-objects.js';
import { patches } from './features-of-patches.js';
import { corners } from './more-features.js';
import { publicCorners } from './public-corners.js';
import { structuredTexts } from './structured-text.js';

const { skip } = realKubectl();

// Byte by byte what the real kubectl prints; where it fails, we fail too, and say by which rule.
describe.skipIf(skip !== undefined)('each feature, beside the real kubectl', () => {
  it.each(
    [...objects, ...patches, ...composition, ...corners, ...apiDescriptions, ...structuredTexts, ...publicCorners].map(
      (one) => [one.name, one] as const,
    ),
  )('%s', (_, { files, dir = '', fails }) => {
    const problems: Problem[] = [];
    const built = buildKustomization(treeOf(files), dir, (problem) => problems.push(problem));
    const real = judge(files, dir);
    expect({ ok: built.ok, problems: built.ok ? [] : problems.map(({ message }) => message) }).toEqual({
      ok: real.ok,
      problems: real.ok ? [] : expect.arrayContaining([expect.any(String)]),
    });
    expect(real.ok).toBe(fails === undefined);
    if (fails !== undefined) expect(problems.map(({ ruleId }) => ruleId)).toContain(fails);
    else expect(emitStream(built.resources)).toBe(real.stdout);
  });
});

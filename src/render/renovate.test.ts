import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fixture, planFiles, renderFiles } from '../../test/support/rendering.js';

/**
 * What Renovate makes of versions/, by the patterns of its managers: kustomize (lib/modules/manager/kustomize: file pattern, `images`
 * with `newTag: tag@digest`, the whole newTag replaced) and custom.regex (lib/modules/manager/custom/regex: file patterns
 * between slashes, matchStrings with the flag g, the digest replaced inside of the match).
 */
const rendered = renderFiles(fixture('specs/hub-and-clusters')).after;
const specs = renderFiles(fixture('specs/llama-3.1'));
const files = specs.after;
const config = JSON.parse(String(files.get('renovate.json')));
const [custom] = config.customManagers;

/** `/…/` is a regular expression, everything else a glob (lib/util/string-match.ts). */
function matcher(pattern: string): (path: string) => boolean {
  const expression = /^\/(.*)\/$/.exec(pattern)?.[1];
  if (expression !== undefined) return (path) => new RegExp(expression).test(path);
  expect(pattern).toMatch(/^[\w./-]+\/\*\*$/);
  return (path) => path.startsWith(pattern.slice(0, -2));
}

const included = config.includePaths.map(matcher);
const seen = [...files.keys()].filter((path) => included.some((match: (path: string) => boolean) => match(path)));
const kustomizations = seen.filter((path) => /(^|\/)kustomization\.ya?ml$/.test(path));
const revisions = seen.filter((path) => custom.managerFilePatterns.some((pattern: string) => matcher(pattern)(path)));

/** splitImageParts of lib/modules/manager/dockerfile/extract.ts, for a name and a newTag. */
function split(
  name: string,
  newTag: string,
): { depName: string; value: string | undefined; digest: string | undefined } {
  const [image = '', digest] = `${name}:${newTag}`.split('@');
  const parts = image.split(':');
  const value = parts.length > 1 && !parts.at(-1)?.includes('/') ? parts.pop() : undefined;
  return { depName: parts.join(':'), value, digest };
}

describe('renovate.json', () => {
  it('opens only what people own, and leaves what is rendered alone', () => {
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.filter((path) => !path.startsWith('versions/'))).toEqual([]);
    expect(seen.filter((path) => specs.rendering?.files.has(path))).toEqual([]);
  });

  it('has an image with version and digest in every kustomization that it reads', () => {
    expect(kustomizations).toEqual(
      ['development', 'production', 'staging'].map((name) => `versions/${name}/kustomization.yaml`),
    );
    for (const path of kustomizations) {
      const text = String(files.get(path));
      const { kind, images } = parse(text);
      expect(kind).toBe('Component');
      for (const { name, newTag, digest } of images) {
        expect(digest).toBeUndefined();
        expect(split(name, newTag)).toEqual({
          depName: name,
          value: expect.stringMatching(/^v?\d+\.\d+\.\d+/),
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        });
        // What is replaced is found once, so that only this image changes.
        expect(text.split(newTag).length).toBe(2);
      }
    }
  });

  it('finds the weights of every model, and what it writes is what is rendered', () => {
    expect(revisions).toEqual([...files.keys()].filter((path) => path.endsWith('/revision.yaml')));
    expect(revisions.length).toBeGreaterThan(3);
    const bumped = new Map(files);
    for (const path of revisions) {
      const text = String(files.get(path));
      const found = custom.matchStrings.flatMap((each: string) => [...text.matchAll(new RegExp(each, 'g'))]);
      expect(found.length).toBe(1);
      const { depName, currentDigest } = found[0].groups;
      expect(depName).toMatch(/^[\w.-]+\/[\w.-]+$/);
      expect(custom.packageNameTemplate.replace('{{{depName}}}', depName)).toBe(`https://huggingface.co/${depName}`);
      bumped.set(path, text.replace(found[0][0], found[0][0].replace(currentDigest, 'f'.repeat(40))));
    }
    const { plan, problems } = planFiles(bumped);
    expect(problems).toEqual([]);
    const sources = plan?.families.flatMap(({ models }) =>
      models.flatMap(({ deployments }) => deployments.map(({ values }) => values['source'])),
    );
    expect(new Set(sources?.map((source) => (source as { revision: string }).revision))).toEqual(
      new Set(['f'.repeat(40)]),
    );
  });

  it('asks before anything but the first environment moves', () => {
    const rules = config.packageRules.filter((each: object) => 'matchFileNames' in each);
    expect(rules.map((each: { matchFileNames: string[] }) => each.matchFileNames)).toEqual([
      ['versions/development/**'],
      ['versions/staging/**'],
      ['versions/production/**'],
    ]);
    expect(rules.map((each: { dependencyDashboardApproval?: boolean }) => each.dependencyDashboardApproval)).toEqual([
      undefined,
      true,
      true,
    ]);
  });

  it('is not rendered where people have their own, nor into a folder of a monorepo', () => {
    expect(rendered.has('renovate.json')).toBe(false);
    const own = new Map([...fixture('specs/llama-3.1'), ['.github/renovate.json5', '{}']]);
    expect(renderFiles(own).after.has('renovate.json')).toBe(false);
    const mine = new Map([...fixture('specs/llama-3.1'), ['renovate.json', '{}']]);
    expect(renderFiles(mine).after.get('renovate.json')).toBe('{}');
    expect(renderFiles(files).after.get('renovate.json')).toBe(files.get('renovate.json'));
  });
});

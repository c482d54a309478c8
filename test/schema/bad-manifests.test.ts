import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/build/resource.js';
import type { Json, JsonObject } from '../../src/diagnostics/diagnostic.js';
import { ruleDocs } from '../../src/schema/rules.js';
import { filesUnder, judge, resourcesOf, storeFor, textOf } from './helpers.js';
import { mistakesInFields } from './mistakes-in-fields.js';
import { mistakesInObjects } from './mistakes-in-objects.js';
import { mistakesInPods } from './mistakes-in-pods.js';

const store = storeFor();
const good = filesUnder('test/schema/manifests').flatMap((path) => resourcesOf(path, textOf(path)));
const byName = new Map(good.map((resource) => [nameOf(resource.value), resource]));

function nameOf(value: JsonObject): string {
  const metadata = value['metadata'] as JsonObject;
  return `${String(value['kind'])}/${String(metadata['name'] ?? metadata['generateName'])}`;
}

/** A copy with the value at a dotted path replaced (`containers.0.name`), or removed where it is undefined. */
function changed(resource: Resource, path: string, to: Json | undefined): Resource {
  const value = structuredClone(resource.value) as JsonObject;
  const keys = path === '' ? [] : path.split('.').map((key) => key.replaceAll('~', '.'));
  let parent = value as unknown as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    parent[key] ??= {};
    parent = parent[key] as Record<string, unknown>;
  }
  const last = keys.at(-1)!;
  if (to === undefined) delete parent[last];
  else parent[last] = to;
  return { ...resource, value };
}

const rows = [...mistakesInFields, ...mistakesInPods, ...mistakesInObjects];

describe('manifests as they should be', () => {
  it.each(good.map((resource) => [nameOf(resource.value), resource] as const))(
    '%s has no finding',
    (_name, resource) => {
      const { verdict, problems } = judge(resource, store);
      expect(problems.filter(({ ruleId }) => ruleId !== 'schema-partial').map(({ message }) => message)).toEqual([]);
      expect(['valid', 'partial']).toContain(verdict);
    },
  );
});

describe('one mistake in a manifest', () => {
  it.each(rows.filter(([, , , rule]) => rule !== 'none'))(
    '%s with %s = %j: %s',
    (base, path, to, rule, pointer, message) => {
      const resource = byName.get(base);
      expect(resource, base).toBeDefined();
      const { verdict, problems } = judge(changed(resource!, path, to), store);
      const found = problems.filter(({ ruleId }) => ruleId === rule);
      expect(
        found.map(({ at: { pointer: place } }) => place),
        JSON.stringify(problems.map((p) => p.message)),
      ).toContain(pointer);
      expect(found.map((problem) => problem.message).join('\n')).toContain(message);
      if (found.some(({ severity }) => severity === 'error')) expect(verdict).toBe('invalid');
      else expect(['valid', 'partial', 'no-schema', 'invalid']).toContain(verdict);
    },
  );

  it('says nothing where the change is legal', () => {
    for (const [base, path, to] of rows.filter(([, , , rule]) => rule === 'none')) {
      const { problems } = judge(changed(byName.get(base)!, path, to), store);
      expect(problems).toEqual([]);
    }
  });
});

describe('rules of this room', () => {
  const tested = new Set(rows.map(([, , , rule]) => rule));
  it('are documented, every one that a manifest can break', () => {
    const documented = new Set(ruleDocs.map(({ id }) => id));
    expect([...tested].filter((id) => id !== 'none' && !documented.has(id))).toEqual([]);
    for (const { id, docs, severity } of ruleDocs) {
      expect(docs.length, id).toBeGreaterThan(80);
      expect(['error', 'warning', 'info']).toContain(severity);
    }
  });
});

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generate } from '../../scripts/generate-types.js';
import { formats } from './formats.js';
import { schemaTexts } from './schema-texts.generated.js';
import { judgeFormat, type Schema, type SpecKind, schemaFiles, schemaOf, walkSchema } from './validator.js';

const root = new URL('../../', import.meta.url);
const kinds = Object.keys(schemaFiles) as SpecKind[];

test('what is generated from the schemas is up to date (npm run generate)', async () => {
  for (const [path, text] of await generate())
    expect(readFileSync(new URL(path, root), 'utf8') === text, path).toBe(true);
});

/** Every schema inside a schema, with the way to it and whether it is a property or item that an editor shows. */
function* schemasIn(
  schema: Schema,
  at: string,
  shown: boolean,
): Generator<readonly [at: string, schema: Schema, shown: boolean]> {
  yield [at, schema, shown];
  for (const [name, one] of Object.entries(schema.definitions ?? {}))
    yield* schemasIn(one, `${at}/definitions/${name}`, false);
  for (const [name, one] of Object.entries(schema.properties ?? {})) yield* schemasIn(one, `${at}/${name}`, true);
  for (const [i, one] of (schema.oneOf ?? []).entries())
    yield* schemasIn(one, `${at}/oneOf/${i}`, one.$ref === undefined);
  if (schema.items) yield* schemasIn(schema.items, `${at}/items`, schema.items.$ref === undefined);
  if (typeof schema.additionalProperties === 'object') {
    yield* schemasIn(schema.additionalProperties, `${at}/*`, schema.additionalProperties.$ref === undefined);
  }
}

describe('every schema', () => {
  const known = new Set(
    '$schema $ref title description default examples type properties required additionalProperties propertyNames dependencies minProperties maxProperties items minItems maxItems enum const minimum maximum minLength maxLength pattern format oneOf definitions'.split(
      ' ',
    ),
  );
  for (const kind of kinds) {
    test(`${kind}: described, with examples, closed, and in the part of JSON Schema that is judged`, () => {
      for (const [at, schema, shown] of schemasIn(schemaOf(kind), kind, false)) {
        expect(
          Object.keys(schema).filter((keyword) => !known.has(keyword)),
          at,
        ).toEqual([]);
        if (schema.format !== undefined) expect(formats.has(schema.format), `${at} ${schema.format}`).toBe(true);
        if (schema.properties) expect(schema.additionalProperties, at).toBe(false);
        const isSharedProperty = schema.$ref?.includes('/properties/');
        if (shown && !isSharedProperty) {
          const { title, description, examples } = schema as {
            title?: string;
            description?: string;
            examples?: unknown[];
          };
          expect([typeof title, typeof description, (examples ?? []).length > 0], at).toEqual([
            'string',
            'string',
            true,
          ]);
        }
      }
    });
  }
});

test('an override of a model is the model without its name, its replicas, its overrides, and its retirement as a whole', () => {
  const definitions = schemaOf('ModelFamily').definitions!;
  const whole = ['name', 'replicas', 'environments', 'retiring'];
  const wanted = Object.keys(definitions['Model']!.properties!).filter((name) => !whole.includes(name));
  expect(Object.keys(definitions['ModelOverride']!.properties!)).toEqual(wanted);
});

const ajv = new Ajv({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
  ownProperties: true,
});
for (const [name] of formats)
  ajv.addFormat(name, { type: 'string', validate: (text: string) => judgeFormat(name, text) === undefined });
for (const [file, text] of Object.entries(schemaTexts)) ajv.addSchema(JSON.parse(text), file);

const isValid = (kind: SpecKind, value: unknown): boolean => {
  let errors = 0;
  walkSchema(kind, value, () => {
    errors += 1;
  });
  return errors === 0;
};

/** A value built from the examples of a schema, every field of it. */
function example(kind: SpecKind, given: Schema, depth = 0): unknown {
  const schema = given.$ref
    ? {
        ...(given.$ref
          .split('/')
          .slice(1)
          .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], schemaOf(kind)) as Schema),
        ...given,
      }
    : given;
  if (schema.properties && depth < 8) {
    const fields = Object.entries(schema.properties).map(
      ([name, one]) => [name, example(kind, one, depth + 1)] as const,
    );
    const all = Object.fromEntries(fields);
    if (schema.maxProperties === 1) return Object.fromEntries(fields.slice(0, 1));
    return all;
  }
  if (schema.items?.$ref && depth < 8) return [example(kind, schema.items, depth + 1)];
  return schema.const ?? schema.examples?.[0];
}

describe('the walk agrees with a general validator', () => {
  for (const kind of kinds) {
    test(`${kind}: its examples are valid`, () => {
      const value = example(kind, schemaOf(kind));
      const errors: unknown[] = [];
      walkSchema(kind, value, ({ keyword, path, name }) => errors.push([keyword, path.join('/'), name]));
      expect(errors).toEqual([]);
      expect(ajv.validate(schemaFiles[kind], value), ajv.errorsText()).toBe(true);
    });

    test(`${kind}: on what is valid after any change`, () => {
      const value = JSON.parse(JSON.stringify(example(kind, schemaOf(kind)))) as unknown;
      const places: (readonly (string | number)[])[] = [];
      const collect = (at: unknown, path: readonly (string | number)[]): void => {
        places.push(path);
        if (typeof at === 'object' && at !== null)
          for (const [key, item] of Object.entries(at)) collect(item, [...path, Array.isArray(at) ? Number(key) : key]);
      };
      collect(value, []);
      const odd = fc.constantFrom<unknown>(
        null,
        '',
        'x',
        'A b',
        0,
        -1,
        1.5,
        2000,
        1e12,
        true,
        [],
        {},
        [null],
        { min: 1, max: 2 },
        { x: 1 },
        'constructor',
        '16Gi',
        '8',
        '1.34',
        ['a'],
      );
      fc.assert(
        fc.property(
          fc.constantFrom(...places),
          odd,
          fc.constantFrom('replace', 'remove', 'add'),
          (path, replacement, how) => {
            const copy = structuredClone(value);
            if (path.length === 0) return;
            const parent = path
              .slice(0, -1)
              .reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], copy) as Record<
              string | number,
              unknown
            >;
            const last = path.at(-1)!;
            if (how === 'replace') parent[last] = replacement;
            else if (how === 'remove' && !Array.isArray(parent)) delete parent[last];
            else if (!Array.isArray(parent)) Object.assign(parent, { toString: replacement });
            expect([path, replacement, how, isValid(kind, copy)]).toEqual([
              path,
              replacement,
              how,
              ajv.validate(schemaFiles[kind], copy),
            ]);
          },
        ),
        { seed: 23, numRuns: process.env['GITOPS_GEN_DEEP'] ? 20_000 : 1_500 },
      );
    });
  }
});

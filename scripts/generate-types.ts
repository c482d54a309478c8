import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

/** The files that people write, in the order in which their types are printed. */
const kinds = ['project', 'model-family', 'cluster-config', 'policies', 'exemptions'] as const;

const root = fileURLToPath(new URL('..', import.meta.url));
const header = '// Generated from schemas/*.schema.json by `npm run generate`. Do not edit.\n';

type Schema = Record<string, unknown>;

/** What is generated: path relative to the root → text. */
export async function generate(): Promise<Map<string, string>> {
  const texts = kinds.map((kind) => [kind, readFileSync(`${root}schemas/${kind}.schema.json`, 'utf8')] as const);
  return new Map([
    ['src/spec/types.generated.ts', await typesOf(texts.map(([, text]) => JSON.parse(text) as Schema))],
    ['src/spec/schema-texts.generated.ts', textsModule(texts)],
  ]);
}

/** One module of types: equal definitions of several schemas are printed once. */
async function typesOf(schemas: readonly Schema[]): Promise<string> {
  const definitions = new Map<string, Schema>();
  const add = (name: string, schema: Schema): void => {
    const known = definitions.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`The definition "${name}" differs between two schemas; give one of them another name.`);
    }
    definitions.set(name, schema);
  };
  for (const { $schema: _dialect, definitions: own, title, ...schema } of schemas) {
    for (const [name, definition] of Object.entries(own as Record<string, Schema>)) add(name, definition);
    add(String(title), schema);
  }
  const all = Object.fromEntries(
    [...definitions].map(([name, schema]) => [name, plain(schema, definitions) as Schema]),
  );
  const names = schemas.map(({ title }) => String(title));
  const text = await compile(
    {
      type: 'object',
      additionalProperties: false,
      required: names,
      properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/definitions/${name}` }])),
      definitions: all,
    } as JSONSchema,
    'SpecFiles',
    {
      bannerComment: '',
      unreachableDefinitions: false,
      ignoreMinAndMaxItems: true,
      additionalProperties: false,
      format: false,
    },
  );
  return header + readOnly(text.replace(/^export interface SpecFiles \{[\s\S]*?^\}\n/m, ''));
}

/** The schema without what the type generator would take for names of types, and without siblings of `$ref`. */
function plain(value: unknown, definitions: ReadonlyMap<string, Schema>): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const schema = value as Schema;
  const reference = typeof schema['$ref'] === 'string' ? schema['$ref'] : undefined;
  const property = reference?.match(/^#\/definitions\/(\w+)\/properties\/(\w+)$/);
  if (property) {
    const owner = definitions.get(property[1]!)!['properties'] as Record<string, Schema>;
    return plain(owner[property[2]!], definitions);
  }
  if (reference)
    return { ...(schema['description'] ? { description: schema['description'] } : {}), allOf: [{ $ref: reference }] };
  const out: Schema = {};
  for (const [key, item] of Object.entries(schema)) {
    if (key === 'properties' || key === 'definitions') {
      out[key] = Object.fromEntries(
        Object.entries(item as Schema).map(([name, inner]) => [name, plain(inner, definitions)]),
      );
    } else if (
      key === 'additionalProperties' &&
      typeof item === 'object' &&
      !('type' in (item as Schema)) &&
      !('$ref' in (item as Schema))
    ) {
      out[key] = { description: (item as Schema)['description'], tsType: 'unknown' };
    } else if (!['title', 'examples', 'default', 'dependencies', 'propertyNames'].includes(key)) {
      out[key] = plain(item, definitions);
    }
  }
  return out;
}

/** Every property and list read-only, and the text indented by the depth of its braces. */
function readOnly(text: string): string {
  let depth = 0;
  return text
    .split('\n')
    .map((line) => {
      if (line.startsWith('}')) depth -= 1;
      const indented = line === '' ? '' : '  '.repeat(depth) + line.trimEnd();
      if (line.endsWith('{') && !line.startsWith(' *')) depth += 1;
      return indented;
    })
    .join('\n')
    .replace(/^(\s*)((?:"[^"]+"|[A-Za-z_$][\w$]*|\[k: string\])\??: )/gm, '$1readonly $2')
    .replace(/: (\w+|\([^()]*\))\[\]/g, ': readonly $1[]');
}

function textsModule(texts: readonly (readonly [string, string])[]): string {
  const entries = texts.map(([kind, text]) => `  ${JSON.stringify(`${kind}.schema.json`)}: ${JSON.stringify(text)},\n`);
  return `${header}\n/** The JSON Schemas of the files that people write, by file name, byte for byte. */\nexport const schemaTexts = {\n${entries.join('')}} as const;\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generate()) writeFileSync(root + path, text);
}

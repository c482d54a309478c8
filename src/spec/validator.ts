import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { shown } from '../diagnostics/show.js';
import { formats } from './formats.js';
import type { Refusal } from './names.js';
import { schemaTexts } from './schema-texts.generated.js';

/** The kinds of files that people write. */
export type SpecKind = 'Project' | 'ModelFamily' | 'ClusterConfig' | 'Policies' | 'Exemptions';

/** Schema file by kind. */
export const schemaFiles = {
  Project: 'project.schema.json',
  ModelFamily: 'model-family.schema.json',
  ClusterConfig: 'cluster-config.schema.json',
  Policies: 'policies.schema.json',
  Exemptions: 'exemptions.schema.json',
} as const satisfies Readonly<Record<SpecKind, keyof typeof schemaTexts>>;

/** No format of ours has longer texts; longer ones are refused before any pattern sees them. */
const longestFormatted = 4096;

/** Why a text is refused by a format; undefined where it is fine. */
export function judgeFormat(format: string, text: string): Refusal | undefined {
  if (text.length > longestFormatted) {
    return {
      message: `"${shown(text, 40)}" is too long: ${text.length} characters, the limit is ${longestFormatted}.`,
      hint: 'Shorten it.',
    };
  }
  return formats.get(format)?.(text);
}

let ajv: Ajv | undefined;

function instance(): Ajv {
  if (ajv) return ajv;
  const made = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    // Required "toString" must not be found on the prototype.
    ownProperties: true,
  });
  for (const [name] of formats)
    made.addFormat(name, { type: 'string', validate: (text: string) => judgeFormat(name, text) === undefined });
  for (const [file, text] of Object.entries(schemaTexts)) made.addSchema(JSON.parse(text) as SchemaObject, file);
  ajv = made;
  return made;
}

/** What the schema of a kind says about a value; errors of an alternative are those of the branch that was meant. */
export function schemaErrors(kind: SpecKind, value: unknown): ErrorObject[] {
  return errorsOf(schemaFiles[kind], validatorOf(schemaFiles[kind]), value);
}

function validatorOf(reference: string): ValidateFunction {
  const validate = instance().getSchema(reference);
  if (!validate) throw new Error(`There is no schema ${reference}`);
  return validate;
}

function errorsOf(file: string, validate: ValidateFunction, value: unknown): ErrorObject[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  const alternatives = errors.filter(({ keyword }) => keyword === 'oneOf');
  if (alternatives.length === 0) return errors;
  const out: ErrorObject[] = [];
  const replaced = new Set(alternatives.map(({ instancePath }) => instancePath));
  for (const error of errors) {
    if (error.keyword === 'oneOf') out.push(...branchErrors(file, error));
    // What every branch said about this place, or about something inside it.
    else if (!isWithinAny(error.instancePath, replaced)) out.push(error);
  }
  return out;
}

function isWithinAny(path: string, ancestors: ReadonlySet<string>): boolean {
  for (let end = path.length; end >= 0; end = path.lastIndexOf('/', end - 1)) {
    if (ancestors.has(path.slice(0, end))) return true;
    if (end === 0) break;
  }
  return false;
}

/** The errors of the one branch whose type is that of the value; the alternative itself where there is none. */
function branchErrors(file: string, error: ErrorObject): ErrorObject[] {
  const value = error.data as unknown;
  for (const branch of error.schema as readonly SchemaObject[]) {
    const reference = branch['$ref'] as string | undefined;
    const schema = reference ? definition(file, reference) : branch;
    if (!accepts(schema['type'], value)) continue;
    const validate = reference ? validatorOf(`${file}${reference}`) : instance().compile(branch);
    return errorsOf(file, validate, value).map((inner) => ({
      ...inner,
      instancePath: error.instancePath + inner.instancePath,
    }));
  }
  return [error];
}

function definition(file: string, reference: string): SchemaObject {
  const schema = JSON.parse(schemaTexts[file as keyof typeof schemaTexts]) as {
    definitions: Record<string, SchemaObject>;
  };
  return schema.definitions[reference.replace('#/definitions/', '')]!;
}

function accepts(type: unknown, value: unknown): boolean {
  const types = Array.isArray(type) ? (type as unknown[]) : [type];
  if (value !== null && typeof value === 'object') return types.includes(Array.isArray(value) ? 'array' : 'object');
  if (typeof value === 'number') return types.includes('number') || types.includes('integer');
  return types.includes(typeof value);
}

/** What a schema accepts, in words: `an integer from 0 to 1000, or a mapping with min, max`. */
export function expectation(file: string, schema: SchemaObject): string {
  const resolved = typeof schema['$ref'] === 'string' ? definition(file, schema['$ref']) : schema;
  if (Array.isArray(resolved['oneOf'])) {
    return (resolved['oneOf'] as SchemaObject[]).map((branch) => expectation(file, branch)).join(', or ');
  }
  const types = Array.isArray(resolved['type']) ? (resolved['type'] as string[]) : [String(resolved['type'])];
  return types.map((type) => typeInWords(type, resolved)).join(' or ');
}

function typeInWords(type: string, schema: SchemaObject): string {
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  const range =
    minimum === undefined ? '' : maximum === undefined ? ` >= ${minimum}` : ` from ${minimum} to ${maximum}`;
  switch (type) {
    case 'integer':
      return `an integer${range}`;
    case 'number':
      return `a number${range}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object': {
      const required = (schema['required'] as string[] | undefined) ?? [];
      return required.length > 0 && required.length <= 4 ? `a mapping with ${required.join(', ')}` : 'a mapping';
    }
    default:
      return 'text';
  }
}

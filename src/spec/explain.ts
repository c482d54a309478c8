import { didYouMean } from '../diagnostics/closest.js';
import type { OnProblem, Place } from '../diagnostics/diagnostic.js';
import { describeValue, shown } from '../diagnostics/show.js';
import { toPointer } from '../yaml/pointer.js';
import { nodeAt, type YamlNode } from '../yaml/tree.js';
import {
  expectation,
  judgeFormat,
  type Schema,
  type SchemaError,
  type SpecKind,
  schemaOf,
  walkSchema,
} from './validator.js';

/** At most this many findings of one rule are named in one file. */
const perRule = 20;

export interface Judged {
  readonly file: string;
  readonly kind: SpecKind;
  readonly value: unknown;
  readonly root: YamlNode;
}

interface Finding {
  readonly ruleId: string;
  readonly message: string;
  readonly at: Place;
  readonly hint?: string;
  readonly fix?: string;
  readonly allowed?: readonly string[];
  readonly key?: string;
}

/** Judges a value by the schema of its kind, in the words of whoever wrote it. Returns whether it is valid. */
export function judge(judged: Judged, onProblem: OnProblem): boolean {
  const counts = new Map<string, number>();
  walkSchema(judged.kind, judged.value, (error) => {
    const id = ruleOf(error);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    if (count <= perRule) onProblem({ severity: 'error', ...explain(judged, error) });
  });
  for (const [ruleId, count] of counts) {
    if (count <= perRule) continue;
    const message = `… and ${(count - perRule).toLocaleString('en-US')} more of this kind in this file.`;
    onProblem({ ruleId, severity: 'error', message, at: { file: judged.file }, key: 'more' });
  }
  return counts.size === 0;
}

function ruleOf(error: SchemaError): string {
  switch (error.keyword) {
    case 'additionalProperties':
      return 'spec-unknown-field';
    case 'required':
    case 'dependencies':
      return 'spec-missing-field';
    case 'type':
    case 'oneOf':
      return 'spec-type';
    case 'enum':
    case 'const':
      return 'spec-value';
    case 'format':
    case 'pattern':
      return formatRule(error.schema.format);
    default:
      return 'spec-range';
  }
}

function formatRule(format: string | undefined): string {
  if (format === 'name' || format === 'dns-label' || format === 'service-name') return 'spec-name';
  if (format?.endsWith('quantity') || format === 'resource-name') return 'spec-quantity';
  if (format === 'label-key' || format === 'label-value') return 'spec-label';
  if (format === 'image') return 'spec-image';
  return 'spec-value';
}

function explain(judged: Judged, error: SchemaError): Finding {
  const ruleId = ruleOf(error);
  const at: Place = { file: judged.file, pointer: toPointer(error.path) };
  const where = inWords(error.path);
  const { schema, value, name = '' } = error;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(error, at);
    case 'required':
    case 'dependencies': {
      const because = error.because === undefined ? '' : ` It is needed beside "${error.because}".`;
      return {
        ruleId,
        message: `${where} lacks the field "${name}".${because}`,
        at,
        hint: fieldHint(schema, name),
        key: name,
      };
    }
    case 'type':
    case 'oneOf':
      return wrongType(judged, error, at, where);
    case 'enum':
      return wrongValue(ruleId, value, at, where, schema.enum ?? []);
    case 'const':
      return wrongValue(ruleId, value, at, where, [schema.const ?? '']);
    case 'format':
    case 'pattern':
      return wrongFormat(ruleId, error, at, where);
    default:
      return outOfRange(ruleId, error, at, where);
  }
}

function unknownField({ path, schema, name = '' }: SchemaError, at: Place): Finding {
  const allowed = Object.keys(schema.properties ?? {}).sort();
  const parent = inWords(path);
  return {
    ruleId: 'spec-unknown-field',
    message: `Unknown field "${shown(name, 40)}" in ${path.length === 0 ? 'the file' : parent}.`,
    at: { ...at, pointer: toPointer([...path, name]), part: 'key' },
    hint: special(name, parent) ?? didYouMean(name, allowed) ?? `Allowed here: ${allowed.join(', ')}.`,
    allowed,
    key: shown(name, 40),
  };
}

/** Fields that people know from Kubernetes and that are spelled otherwise here. */
function special(name: string, parent: string): string | undefined {
  if (/resources$/.test(parent) && (name === 'requests' || name === 'limits')) {
    return 'Write cpu, memory and gpus; request and limit of the GPUs are always rendered alike. For cpu and memory: { request: …, limit: … }.';
  }
  if (/resources$/.test(parent) && /gpu$/i.test(name))
    return 'Did you mean "gpus"? It becomes nvidia.com/gpu as request and limit.';
  if (/environments\.[^.]+$/.test(parent) && name === 'replicas')
    return 'Replicas stand under "replicas" of the model, by environment.';
  return undefined;
}

function fieldHint(schema: Schema, name: string): string {
  const property = schema.properties?.[name];
  const example = property?.examples?.[0];
  const about = property?.description ? ` ${property.description}` : '';
  return `Add it${example === undefined ? '.' : `, for example ${name}: ${JSON.stringify(example)}.`}${about}`;
}

function wrongType(judged: Judged, { schema, value, path }: SchemaError, at: Place, where: string): Finding {
  const ruleId = 'spec-type';
  if (value === null) {
    return { ruleId, message: `${where} is null.`, at, hint: 'Remove the key or give it a value.' };
  }
  const expected = expectation(schemaOf(judged.kind), schema);
  const written = nodeAt(judged.root, path.map(String))?.source ?? '';
  const finding: Finding = { ruleId, message: `${where}: expected ${expected}, got ${describeValue(value)}.`, at };
  const types: readonly unknown[] = [schema.type].flat();
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    const asWritten =
      String(value) === written || written === '' ? '' : ` (written ${shown(written)}, which YAML reads as ${value})`;
    const what = { image: 'An image tag', name: 'A name' }[schema.format ?? ''] ?? 'This';
    return {
      ...finding,
      message: `${where}: expected text, got ${describeValue(value)}${asWritten}. ${what} must be a quoted string.`,
      hint: `Quote it: "${shown(written || String(value))}".`,
      fix: `"${written || String(value)}"`,
    };
  }
  if (types.includes('boolean') && typeof value === 'string' && /^(?:yes|no|on|off|y|n)$/i.test(value)) {
    const meant = /^(?:yes|on|y)$/i.test(value) ? 'true' : 'false';
    return { ...finding, hint: `Write ${meant}.`, fix: meant };
  }
  if (
    (types.includes('integer') || types.includes('number')) &&
    typeof value === 'string' &&
    /^[-+]?[0-9]+$/.test(value)
  ) {
    return { ...finding, hint: `Write it without quotes: ${shown(value)}.`, fix: value };
  }
  if (types.includes('integer') && typeof value === 'number') return { ...finding, hint: 'Write a whole number.' };
  const example = schema.examples?.[0];
  return example === undefined ? finding : { ...finding, hint: `For example ${JSON.stringify(example)}.` };
}

function wrongValue(ruleId: string, value: unknown, at: Place, where: string, allowed: readonly string[]): Finding {
  const near = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
  return {
    ruleId,
    message: `${where}: ${describeValue(value)} is not allowed here.`,
    at,
    hint: `${near ? `${near} ` : ''}Allowed: ${allowed.join(', ')}.`,
    allowed,
  };
}

function wrongFormat(
  ruleId: string,
  { path, schema, value, name, isKey = false }: SchemaError,
  at: Place,
  where: string,
): Finding {
  const text = isKey ? (name ?? '') : String(value);
  const refusal = schema.format === undefined ? undefined : judgeFormat(schema.format, text);
  const place: Place = isKey ? { ...at, pointer: toPointer([...path, text]), part: 'key' } : at;
  const message = refusal
    ? `${where}: ${refusal.message}`
    : `${where}: "${shown(text)}" does not have the form ${schema.pattern}.`;
  const fix = isKey || refusal?.fix === undefined ? {} : { fix: refusal.fix };
  return { ruleId, message, at: place, ...(refusal ? { hint: refusal.hint } : {}), ...fix, key: shown(text, 40) };
}

function outOfRange(ruleId: string, error: SchemaError, at: Place, where: string): Finding {
  const { keyword, value } = error;
  const limit = error.schema[keyword] as number;
  switch (keyword) {
    case 'minimum':
      return { ruleId, message: `${where} is ${value}; the minimum is ${limit}.`, at, hint: `Write ${limit} or more.` };
    case 'maximum':
      return { ruleId, message: `${where} is ${value}; the maximum is ${limit}.`, at, hint: `Write ${limit} or less.` };
    case 'minItems':
      return { ruleId, message: `${where} is an empty list.`, at, hint: 'Add an entry, or remove the key.' };
    case 'maxItems':
      return {
        ruleId,
        message: `${where} has ${(value as unknown[]).length} entries; the limit is ${limit}.`,
        at,
        hint: 'Split the file.',
      };
    case 'minLength':
      return { ruleId, message: `${where} is an empty text: "".`, at, hint: 'Give it a value, or remove the key.' };
    case 'maxLength':
      return {
        ruleId,
        message: `${where} has ${String(value).length} characters ("${shown(String(value), 20)}"); the limit is ${limit}.`,
        at,
        hint: 'Shorten it.',
      };
    case 'minProperties':
      return { ruleId, message: `${where} is an empty mapping.`, at, hint: 'Add a field.' };
    case 'maxProperties':
      return {
        ruleId,
        message: `${where} has ${Object.keys(value as object).length} fields; the limit is ${limit}.`,
        at,
        hint: limit === 1 ? 'Keep one of them.' : 'Split the file.',
      };
    default:
      return { ruleId, message: `${where} is not allowed.`, at };
  }
}

/** `spec.models[0].resources` for a path; `The file` for the whole. */
export function inWords(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'The file';
  return path
    .map((part, i) => {
      if (typeof part === 'number') return `[${part}]`;
      return /^[A-Za-z][A-Za-z0-9-]*$/.test(part) ? `${i === 0 ? '' : '.'}${part}` : `["${shown(part, 40)}"]`;
    })
    .join('');
}

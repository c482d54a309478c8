import type { ErrorObject, SchemaObject } from 'ajv';
import { didYouMean } from '../diagnostics/closest.js';
import type { OnProblem, Place } from '../diagnostics/diagnostic.js';
import { describeValue, shown } from '../diagnostics/show.js';
import { pointerParts, toPointer } from '../yaml/pointer.js';
import { nodeAt, type YamlNode } from '../yaml/tree.js';
import { expectation, judgeFormat, type SpecKind, schemaErrors, schemaFiles } from './validator.js';

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
  const errors = schemaErrors(judged.kind, judged.value);
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const error of withoutEchoes(errors)) {
    const id = ruleOf(error);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    if (count > perRule) continue;
    const finding = explain(judged, error);
    const same = `${finding.at.pointer} ${finding.at.part} ${finding.message}`;
    if (seen.has(same)) continue;
    seen.add(same);
    onProblem({ severity: 'error', ...finding });
  }
  for (const [ruleId, count] of counts) {
    if (count > perRule) {
      const message = `… and ${(count - perRule).toLocaleString('en-US')} more of this kind in this file.`;
      onProblem({ ruleId, severity: 'error', message, at: { file: judged.file }, key: 'more' });
    }
  }
  return errors.length === 0;
}

/** Where a format speaks, its pattern and length need not; a wrong type needs nothing beside it; a bad key is one finding. */
function withoutEchoes(errors: readonly ErrorObject[]): ErrorObject[] {
  const at = (keyword: string): Set<string> =>
    new Set(errors.filter((error) => error.keyword === keyword).map(({ instancePath }) => instancePath));
  const typed = at('type');
  const formatted = at('format');
  return errors.filter(({ keyword, instancePath, propertyName }) => {
    if (keyword === 'propertyNames') return false;
    if (propertyName !== undefined) return keyword === 'format';
    if (keyword === 'pattern' || keyword === 'maxLength') return !formatted.has(instancePath);
    return (
      keyword === 'type' || !typed.has(instancePath) || keyword === 'additionalProperties' || keyword === 'required'
    );
  });
}

function ruleOf(error: ErrorObject): string {
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
      return formatRule(
        (error.keyword === 'format' ? error.schema : error.parentSchema?.['format']) as string | undefined,
      );
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

function explain(judged: Judged, error: ErrorObject): Finding {
  const ruleId = ruleOf(error);
  const pointer = error.instancePath;
  const at: Place = { file: judged.file, pointer };
  const where = inWords(pointer);
  const schema = (error.parentSchema ?? {}) as SchemaObject;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(judged, error, schema);
    case 'required':
    case 'dependencies': {
      const missing = String((error.params as { missingProperty: string }).missingProperty);
      const because =
        error.keyword === 'dependencies'
          ? ` It is needed beside "${(error.params as { property: string }).property}".`
          : '';
      return {
        ruleId,
        message: `${where} lacks the field "${missing}".${because}`,
        at,
        hint: fieldHint(schema, missing),
        key: missing,
      };
    }
    case 'type':
    case 'oneOf':
      return wrongType(judged, error, schema, at, where);
    case 'enum':
      return wrongValue(
        ruleId,
        error,
        at,
        where,
        (error.params as { allowedValues: unknown[] }).allowedValues.map(String),
      );
    case 'const':
      return wrongValue(ruleId, error, at, where, [String((error.params as { allowedValue: unknown }).allowedValue)]);
    case 'format':
    case 'pattern':
      return wrongFormat(ruleId, error, schema, at, where);
    default:
      return outOfRange(ruleId, error, at, where);
  }
}

function unknownField(judged: Judged, error: ErrorObject, schema: SchemaObject): Finding {
  const name = (error.params as { additionalProperty: string }).additionalProperty;
  const allowed = Object.keys((schema['properties'] as object | undefined) ?? {}).sort();
  const pointer = toPointer([...pointerParts(error.instancePath), name]);
  const parent = inWords(error.instancePath);
  const near = didYouMean(name, allowed);
  const hint = special(name, parent) ?? near ?? `Allowed here: ${allowed.join(', ')}.`;
  return {
    ruleId: 'spec-unknown-field',
    message: `Unknown field "${shown(name, 40)}" in ${parent === 'The file' ? 'the file' : parent}.`,
    at: { file: judged.file, pointer, part: 'key' },
    hint,
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

function fieldHint(schema: SchemaObject, name: string): string {
  const property = (schema['properties'] as Record<string, SchemaObject> | undefined)?.[name];
  const example = (property?.['examples'] as unknown[] | undefined)?.[0];
  const about = property?.['description'] ? ` ${String(property['description'])}` : '';
  return `Add it${example === undefined ? '.' : `, for example ${name}: ${JSON.stringify(example)}.`}${about}`;
}

function wrongType(judged: Judged, error: ErrorObject, schema: SchemaObject, at: Place, where: string): Finding {
  const value = error.data as unknown;
  const ruleId = 'spec-type';
  if (value === null) {
    return { ruleId, message: `${where} is null.`, at, hint: 'Remove the key or give it a value.' };
  }
  const expected = expectation(schemaFiles[judged.kind], schema);
  const written = nodeAt(judged.root, pointerParts(error.instancePath))?.source ?? '';
  const finding: Finding = { ruleId, message: `${where}: expected ${expected}, got ${describeValue(value)}.`, at };
  const types = [schema['type']].flat() as unknown[];
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean')) {
    const asWritten =
      String(value) === written || written === '' ? '' : ` (written ${shown(written)}, which YAML reads as ${value})`;
    const what = { image: 'An image tag', name: 'A name' }[String(schema['format'])] ?? 'This';
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
  const example = (schema['examples'] as unknown[] | undefined)?.[0];
  return example === undefined ? finding : { ...finding, hint: `For example ${JSON.stringify(example)}.` };
}

function wrongValue(ruleId: string, error: ErrorObject, at: Place, where: string, allowed: readonly string[]): Finding {
  const value = error.data as unknown;
  const near = typeof value === 'string' ? didYouMean(value, allowed) : undefined;
  return {
    ruleId,
    message: `${where}: ${describeValue(value)} is not allowed here.`,
    at,
    hint: `${near ? `${near} ` : ''}Allowed: ${allowed.join(', ')}.`,
    allowed,
  };
}

function wrongFormat(ruleId: string, error: ErrorObject, schema: SchemaObject, at: Place, where: string): Finding {
  const isKey = error.propertyName !== undefined;
  const text = isKey ? String(error.propertyName) : String(error.data);
  const format = error.keyword === 'format' ? String(error.schema) : String(schema['format']);
  const refusal = judgeFormat(format, text);
  const place: Place = isKey
    ? { ...at, pointer: toPointer([...pointerParts(at.pointer ?? ''), text]), part: 'key' }
    : at;
  const message = refusal
    ? `${where}: ${refusal.message}`
    : `${where}: "${shown(text)}" does not have the form ${String(schema['pattern'])}.`;
  const fix = isKey || refusal?.fix === undefined ? {} : { fix: refusal.fix };
  return { ruleId, message, at: place, ...(refusal ? { hint: refusal.hint } : {}), ...fix, key: shown(text, 40) };
}

function outOfRange(ruleId: string, error: ErrorObject, at: Place, where: string): Finding {
  const { limit } = error.params as { limit?: number };
  const value = error.data as unknown;
  switch (error.keyword) {
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
      return { ruleId, message: `${where}: ${error.message ?? 'not allowed'}.`, at };
  }
}

/** `spec.models[0].resources` for a JSON pointer; `The file` for the whole. */
export function inWords(pointer: string): string {
  const parts = pointerParts(pointer);
  if (parts.length === 0) return 'The file';
  return parts
    .map((part, i) =>
      /^(?:0|[1-9][0-9]*)$/.test(part) && i > 0
        ? `[${part}]`
        : /^[A-Za-z][A-Za-z0-9-]*$/.test(part)
          ? i === 0
            ? part
            : `.${part}`
          : `["${shown(part, 40)}"]`,
    )
    .join('');
}

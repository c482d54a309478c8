import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import {
  accepts,
  codePoints,
  duplicateEntry,
  duplicateItem,
  envelope,
  isAbsent,
  isMultiple,
  isOneOf,
} from './accept.js';
import { formatNames, hasFormat } from './formats.js';
import { ARRAY, BOOLEAN, INTEGER, kindNames, kindOf, NULL, NUMBER, OBJECT, type SchemaNode, STRING } from './node.js';
import { linearRegex } from './regex.js';
import { nearest } from './suggest.js';

export type Path = readonly (string | number)[];

/** One way in which a value does not satisfy its schema. */
export interface SchemaIssue {
  readonly ruleId: SchemaRuleId;
  /** Where in the object; for a missing field its parent. */
  readonly path: Path;
  readonly part: 'key' | 'value';
  /** What is wrong, to be read after the path: "unknown field", "expected integer, got string \"3\"". */
  readonly what: string;
  /** The field or value that tells issues at one path apart. */
  readonly key?: string;
  readonly allowed?: readonly string[];
  readonly suggestion?: string;
  readonly hint?: string;
  readonly fix?: string;
  /** Not wrong for certain: without quotes Kubernetes reads the word as the boolean that is wanted. */
  readonly perhaps?: boolean;
}

export type SchemaRuleId =
  | 'schema-unknown-field'
  | 'schema-wrong-type'
  | 'schema-missing-required'
  | 'schema-not-allowed-value'
  | 'schema-bad-format'
  | 'schema-pattern-mismatch'
  | 'schema-out-of-bounds'
  | 'schema-duplicate-entry'
  | 'schema-no-alternative';

/** So many issues of one object are told; a text that is no manifest at all would give thousands. */
const maxIssues = 100;

/** Says everything that `accepts` would refuse, in the order of the text. */
export function explain(node: SchemaNode, value: Json): readonly SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  walk(node, value, [], issues);
  return issues;
}

function walk(node: SchemaNode, value: Json, path: Path, issues: SchemaIssue[]): void {
  if (issues.length >= maxIssues || accepts(node, value)) return;
  const kind = kindOf(value);
  if ((node.types & kind) === 0 && !(kind === INTEGER && (node.types & NUMBER) !== 0)) {
    issues.push(wrongType(node, value, kind, path));
    return;
  }
  const valueIssue = scalarIssue(node, value, path);
  if (valueIssue !== undefined) {
    issues.push(valueIssue);
    return;
  }
  if (kind === OBJECT) walkObject(node, value as JsonObject, path, issues);
  else if (kind === ARRAY) walkList(node, value as readonly Json[], path, issues);
  walkCombined(node, value, path, issues);
}

function wrongType(node: SchemaNode, value: Json, kind: number, path: Path): SchemaIssue {
  const expected = node.format === 'quantity' ? formatNames.quantity : kindNames(node.types & ~NULL);
  const fix = retyped(node, value, kind);
  return {
    ruleId: 'schema-wrong-type',
    path,
    part: 'value',
    what: `expected ${expected}, got ${kindNames(kind)}${show(value)}`,
    ...(fix !== undefined && { fix, hint: `Write ${fix}.` }),
    ...(isPerhapsBoolean(node, value) && { perhaps: true }),
  };
}

/** The reader of YAML 1.2 gives text for a plain `yes`, which Kubernetes reads as true. */
function isPerhapsBoolean(node: SchemaNode, value: Json): boolean {
  return (
    (node.types & BOOLEAN) !== 0 &&
    typeof value === 'string' &&
    booleanWord(value) !== undefined &&
    !/^[tf]/i.test(value)
  );
}

/** The same value as the right kind, where there is just one reading: `"3"` for an integer, `true` for a string. */
function retyped(node: SchemaNode, value: Json, kind: number): string | undefined {
  if ((node.types & STRING) !== 0 && (kind & (INTEGER | NUMBER | BOOLEAN)) !== 0) return JSON.stringify(String(value));
  if (kind !== STRING) return undefined;
  const text = value as string;
  if ((node.types & BOOLEAN) !== 0 && booleanWord(text) !== undefined) return String(booleanWord(text));
  if ((node.types & (INTEGER | NUMBER)) !== 0 && /^-?(?:0|[1-9]\d{0,14})$/.test(text)) return text;
  return undefined;
}

/** What YAML 1.1, and so Kubernetes, reads where this word stands without quotes. */
export function booleanWord(text: string): boolean | undefined {
  if (/^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/.test(text)) return true;
  return /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/.test(text) ? false : undefined;
}

/** A value as a message shows it: scalars only, cut to a line. */
export function show(value: Json): string {
  if (typeof value === 'object') return '';
  const text = JSON.stringify(value);
  return ` ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}

function scalarIssue(node: SchemaNode, value: Json, path: Path): SchemaIssue | undefined {
  const at = { path, part: 'value' as const };
  if (node.enum !== undefined && !isOneOf(node.enum, value)) {
    const allowed = node.enum
      .filter((item) => item !== '')
      .map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
    const suggestion = typeof value === 'string' ? nearest(value, allowed) : undefined;
    const what = `${show(value).trim() || kindNames(kindOf(value))} is not one of the allowed values`;
    return {
      ruleId: 'schema-not-allowed-value',
      ...at,
      what,
      allowed,
      ...(suggestion !== undefined && { suggestion }),
    };
  }
  if (node.format !== undefined && !hasFormat(node.format, value)) {
    return { ruleId: 'schema-bad-format', ...at, what: `expected ${formatNames[node.format]}, got${show(value)}` };
  }
  if (typeof value === 'string' && node.pattern !== undefined && linearRegex(node.pattern)?.test(value) === false) {
    const what = `${show(value).trim()} does not match ${node.pattern}`;
    return { ruleId: 'schema-pattern-mismatch', ...at, what };
  }
  const bound = brokenBound(node, value);
  return bound === undefined ? undefined : { ruleId: 'schema-out-of-bounds', ...at, what: bound };
}

function brokenBound(node: SchemaNode, value: Json): string | undefined {
  if (typeof value === 'number') return brokenNumber(node, value);
  const [size, unit, least, most] =
    typeof value === 'string'
      ? [codePoints(value), 'characters', node.minLength, node.maxLength]
      : Array.isArray(value)
        ? [value.length, 'items', node.minItems, node.maxItems]
        : typeof value === 'object' && value !== null
          ? [Object.keys(value).length, 'entries', node.minProperties, node.maxProperties]
          : [0, '', undefined, undefined];
  if (least !== undefined && size < least) return `has ${size} ${unit}, at least ${least} are needed`;
  if (most !== undefined && size > most) return `has ${size} ${unit}, at most ${most} are allowed`;
  return undefined;
}

function brokenNumber(node: SchemaNode, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = node;
  if (minimum !== undefined && value < minimum) return `${value} is below the minimum of ${minimum}`;
  if (maximum !== undefined && value > maximum) return `${value} is above the maximum of ${maximum}`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return `${value} must be above ${exclusiveMinimum}`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return `${value} must be below ${exclusiveMaximum}`;
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) return `${value} is not a multiple of ${multipleOf}`;
  return undefined;
}

function walkObject(node: SchemaNode, value: JsonObject, path: Path, issues: SchemaIssue[]): void {
  const { props, required = [], values } = node;
  const names = node.embedded === true ? [...required, 'apiVersion', 'kind'] : required;
  for (const name of new Set(names)) {
    if (value[name] !== undefined && !isAbsent(props?.get(name), value[name])) continue;
    const written = Object.keys(value).filter((key) => props?.has(key) !== true);
    const suggestion = nearest(name, written);
    issues.push({
      ruleId: 'schema-missing-required',
      path,
      part: 'key',
      key: name,
      what: `required field \`${name}\` is missing`,
      ...(suggestion !== undefined && { hint: `\`${suggestion}\` is written; \`${name}\` may be meant.` }),
    });
  }
  for (const [key, item] of Object.entries(value)) {
    const prop = props?.get(key);
    if (prop !== undefined) {
      if (item !== null) walk(prop, item, [...path, key], issues);
      continue;
    }
    const matched = node.patterns?.find(({ pattern }) => linearRegex(pattern)?.test(key) === true)?.node ?? values;
    if (matched !== undefined) {
      if (item !== null) walk(matched, item, [...path, key], issues);
    } else if (props !== undefined && node.open !== true && !(node.embedded === true && envelope.has(key))) {
      issues.push(unknownField(props, key, path));
    }
  }
}

function unknownField(props: ReadonlyMap<string, SchemaNode>, key: string, path: Path): SchemaIssue {
  const allowed = [...props.keys()];
  const suggestion = nearest(key, allowed);
  const inside = suggestion === undefined ? fieldsThatHold(props, key) : [];
  return {
    ruleId: 'schema-unknown-field',
    path: [...path, key],
    part: 'key',
    key,
    what: 'unknown field',
    allowed,
    ...(suggestion !== undefined && { suggestion, fix: suggestion }),
    ...(inside.length > 0 && {
      hint: `\`${key}\` is a field of ${inside.map((name) => `\`${name}\``).join(', ')} here.`,
    }),
  };
}

/** Sibling objects that have the unknown field: it was written one level too high. */
function fieldsThatHold(props: ReadonlyMap<string, SchemaNode>, key: string): string[] {
  return [...props]
    .filter(([, node]) => (node.items ?? node).props?.has(key) === true)
    .map(([name]) => name)
    .slice(0, 3);
}

function walkList(node: SchemaNode, value: readonly Json[], path: Path, issues: SchemaIssue[]): void {
  if (node.items !== undefined) for (const [i, item] of value.entries()) walk(node.items, item, [...path, i], issues);
  const repeated = node.listKeys === undefined ? -1 : duplicateEntry(value, node);
  const same = node.uniqueItems === true || node.listSet === true ? duplicateItem(value) : -1;
  const index = repeated >= 0 ? repeated : same;
  if (index < 0) return;
  const what = repeated >= 0 ? `repeats an earlier entry's ${node.listKeys!.join(' and ')}` : 'repeats an earlier item';
  issues.push({ ruleId: 'schema-duplicate-entry', path: [...path, index], part: 'value', what });
}

function walkCombined(node: SchemaNode, value: Json, path: Path, issues: SchemaIssue[]): void {
  for (const part of node.allOf ?? []) walk(part, value, path, issues);
  const alternatives = node.anyOf ?? node.oneOf;
  if (node.anyOf !== undefined && !node.anyOf.some((part) => accepts(part, value))) {
    issues.push(noAlternative(node.anyOf, 0, value, path));
  }
  if (node.oneOf !== undefined) {
    const count = node.oneOf.filter((part) => accepts(part, value)).length;
    if (count !== 1) issues.push(noAlternative(node.oneOf, count, value, path));
  }
  if (node.not !== undefined && accepts(node.not, value)) {
    const what = 'has a form that its schema forbids (`not`)';
    issues.push({ ruleId: 'schema-no-alternative', path, part: 'value', what, key: alternatives ? 'not' : 'only-not' });
  }
}

function noAlternative(parts: readonly SchemaNode[], matched: number, value: Json, path: Path): SchemaIssue {
  // `none of them` is the alternative that Istio writes beside its fields.
  const named = parts.filter((part) => part.required !== undefined);
  const mayBeNone = named.length < parts.length && parts.every((part) => part.required !== undefined || isNone(part));
  const fields = named.map((part) => part.required!.join(' with '));
  const known = fields.length > 0 && (mayBeNone || named.length === parts.length);
  const written =
    kindOf(value) === OBJECT ? Object.keys(value as JsonObject).filter((key) => fields.includes(key)) : [];
  const has = written.length > 1 ? `, has ${written.join(' and ')}` : '';
  const what = !known
    ? `matches ${matched === 0 ? 'none' : matched} of its ${parts.length} alternatives`
    : mayBeNone
      ? `takes at most one of ${fields.join(', ')}${has}`
      : `needs ${matched > 1 ? 'exactly one' : 'one'} of ${fields.join(', ')}${has}`;
  return { ruleId: 'schema-no-alternative', path, part: 'value', what, ...(known && { allowed: fields }) };
}

/** Whether a part says only that none of some fields is there. */
function isNone({ not }: SchemaNode): boolean {
  return not?.anyOf?.every((part) => part.required !== undefined) === true || not?.required !== undefined;
}

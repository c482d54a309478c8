import type { Resource } from '../../build/resource.js';
import type { Json, JsonObject, OnProblem, Severity } from '../../diagnostics/diagnostic.js';
import { compareMinors } from '../api-version.js';
import type { Path } from '../explain.js';
import { placeOf, referenceOf, showPath } from '../place.js';
import { plainText } from '../text.js';

/** What a finding of a rule carries beyond its words. */
export interface FindingDetails {
  readonly severity?: Severity;
  readonly part?: 'key' | 'value';
  readonly hint?: string;
  readonly allowed?: readonly string[];
  readonly fix?: string;
  readonly key?: string;
}

/** One object under the rules of the API server of one minor, and how to say what is wrong with it. */
export class RuleContext {
  readonly apiVersion: string;
  readonly kind: string;

  constructor(
    readonly resource: Resource,
    readonly kubernetesVersion: string,
    readonly onProblem: OnProblem,
  ) {
    this.apiVersion = plainText(resource.value['apiVersion']);
    this.kind = plainText(resource.value['kind']);
  }

  get value(): JsonObject {
    return this.resource.value;
  }

  /** Whether the judging minor is this one or younger. */
  since(minor: string): boolean {
    return compareMinors(this.kubernetesVersion, minor) >= 0;
  }

  fail(ruleId: string, path: Path, what: string, details: FindingDetails = {}): void {
    const { severity = 'error', part, key, ...rest } = details;
    this.onProblem({
      ruleId,
      severity,
      message: `${showPath(path)}: ${what}. (API server of Kubernetes ${this.kubernetesVersion})`,
      at: placeOf(this.resource, path, part),
      object: referenceOf(this.value),
      ...rest,
      key: key ?? showPath(path),
    });
  }
}

/** The value as an object; undefined where it is something else, which the schema has told already. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The items of a list that are objects, with their indices; nothing where it is no list. */
export function objectsIn(value: Json | undefined): readonly (readonly [number, JsonObject])[] {
  if (!Array.isArray(value)) return [];
  const objects: (readonly [number, JsonObject])[] = [];
  for (let i = 0; i < value.length; i += 1) {
    const object = asObject((value as readonly Json[])[i]);
    if (object !== undefined) objects.push([i, object]);
  }
  return objects;
}

/** The strings of a list. */
export function stringsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : [];
}

export function asString(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The names of the members that are there and not null. */
export function present(object: JsonObject, names: readonly string[]): string[] {
  return names.filter((name) => object[name] !== undefined && object[name] !== null);
}

/** Follows fields through objects; undefined where the way breaks off. */
export function at(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  let current: Json | undefined = value;
  for (const name of names) current = asObject(current)?.[name];
  return current;
}

import { stringAt } from '../capacity/read.js';
import type { JsonObject, Place, Problem, Severity } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import { type Application, type KubeObject, referenceOf } from '../repository/model.js';
import type { ExtendedProjects } from './permissions.js';

/** What a rule is about. `--only` and `--skip` take these as well as ids. */
export type RuleGroup =
  | 'files'
  | 'specs'
  | 'kustomize'
  | 'schema'
  | 'kubernetes'
  | 'references'
  | 'argocd'
  | 'order'
  | 'security'
  | 'autoscaling'
  | 'serving'
  | 'capacity'
  | 'exemptions';

/** What a rule says of one place. The loop adds the id, and the severity where the rule does not set its own. */
export type Finding = Omit<Problem, 'ruleId' | 'severity'> & {
  /** Where a finding is weaker or stronger than the rule's own severity. */
  readonly severity?: Severity;
  /** The environment that is judged, for policies that differ between environments. */
  readonly environment?: string;
};

export type OnFinding = (finding: Finding) => void;

/** What a rule is given. Nothing in it reads a file or a clock. */
export interface RuleContext {
  readonly repository: Repository;
  /** The rule's parameters with their defaults, as policies set them for an environment ('' for none). */
  parameters(environment?: string): JsonObject;
  readonly projects: ExtendedProjects;
  /** ISO date. */
  readonly today: string;
}

/** One rule. Adding one touches its folder and one line of the registry. */
export interface Rule {
  /** Words joined by dashes, permanent. */
  readonly id: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** One sentence: what is wrong where the rule finds something. */
  readonly summary: string;
  /** A paragraph more, for rules without a folder; the others have their README. */
  readonly docs?: string;
  /** JSON Schema (draft-07) of the parameters, with defaults. */
  readonly parameters: JsonObject;
  /** Absent for rules whose findings come up while files are read and rendered. */
  readonly check?: (context: RuleContext, onFinding: OnFinding) => void;
}

/** The schema of a rule that takes no parameters. */
export const noParameters: JsonObject = { type: 'object', additionalProperties: false, properties: {} };

/** A finding on a field of an object, at the line that somebody wrote. */
export function onField(
  object: KubeObject,
  pointer: string,
  finding: Omit<Finding, 'at' | 'object'> & {
    readonly part?: 'key' | 'value';
    readonly application?: Application | undefined;
    readonly namespace?: string | undefined;
  },
): Finding {
  const { part, application, namespace, message, ...rest } = finding;
  const { via, ...at } = object.sourceOf(pointer);
  // Text of another revision is not on disk: the finding stands where the revision is asked for, and says which file it is about.
  const elsewhere = via.startsWith('revision ') ? ` (${object.resource.sourceOf(pointer).file} at ${via})` : '';
  return {
    ...rest,
    message: `${message}${elsewhere}`,
    at: part === undefined ? at : { ...at, part },
    object: referenceOf(object, application, namespace),
  };
}

/** The place that gave a field its value. */
export function placeOf(object: KubeObject, pointer: string, part?: 'key' | 'value'): Place {
  const { via: _, ...place } = object.sourceOf(pointer);
  return part === undefined ? place : { ...place, part };
}

/** Kind and name of an object; one that the API server names (`generateName`) is called by its prefix. */
export function named({ kind, name, value }: KubeObject): string {
  if (name !== '') return `${kind} ${name}`;
  const prefix = stringAt(value, 'metadata', 'generateName');
  return prefix === undefined ? `a ${kind} without name` : `${kind} ${prefix}*`;
}

import type { Problem } from '../diagnostics/diagnostic.js';
import { manifestLimits } from '../yaml/limits.js';
import { reportDuplicates } from '../yaml/read.js';
import { brokenByTemplate, placeholderProblem } from '../yaml/template.js';
import type { Entries } from './accumulator.js';
import type { Config } from './config.js';
import type { Source } from './edits.js';
import type { Entry } from './entry.js';
import { BuildFailure, fail } from './failure.js';
import type { Kustomization } from './kustomization.js';
import type { ReadError } from './read-documents.js';
import type { Var } from './vars.js';

/** What a folder gives to those who include it: its objects, configuration and variables, and what it had to say. */
export interface Accumulated {
  readonly entries: readonly Entry[];
  readonly config: Config;
  readonly vars: readonly Var[];
  readonly problems: readonly Problem[];
  readonly inputs: ReadonlySet<string>;
  readonly kustomization: Kustomization;
}

/** What components add to and change in place. */
export interface State {
  entries: Entries;
  config: Config;
  vars: readonly Var[];
  /** Whether the root asks which transformers ran. */
  notes: boolean;
}

export function sourceIn(kustomization: Kustomization, pointer: string, via: string): Source {
  return { via, file: kustomization.file, document: kustomization.document, pointer };
}

/** Ends the build over a text that is not read; with the text, what is wrong is said with its place. */
export function syntaxError(file: string, error: ReadError, text?: string): never {
  const problem = text === undefined ? undefined : explained(file, error, text);
  if (problem !== undefined) throw new BuildFailure(problem);
  fail('yaml-syntax', `${error.message}.`, { file, offset: error.offset, length: 1 });
}

/** A key that stands twice with the place of the first; a placeholder of a template with its words. */
function explained(file: string, { message, offset, placeholder }: ReadError, text: string): Problem | undefined {
  if (placeholder !== undefined) return placeholderProblem(file, text, placeholder);
  if (!/duplicated mapping key/.test(message)) return brokenByTemplate(file, text, offset);
  const said: Problem[] = [];
  reportDuplicates(file, text, manifestLimits, (problem) => said.push(problem));
  return said[0];
}

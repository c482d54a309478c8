import type { Problem } from '../diagnostics/diagnostic.js';
import type { Entries } from './accumulator.js';
import type { Config } from './config.js';
import type { Source } from './edits.js';
import type { Entry } from './entry.js';
import { fail } from './failure.js';
import type { Kustomization } from './kustomization.js';
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

export function syntaxError(file: string, error: { message: string; offset: number }): never {
  fail('yaml-syntax', `${error.message}.`, { file, offset: error.offset, length: 1 });
}

import type { State } from './state.js';
import type { Scope } from './workspace.js';

/** One kustomization (or one transformer that is written as an object) at work. */
export interface Run {
  readonly scope: Scope;
  readonly state: State;
  readonly folder: string;
  /** The document that is at work. */
  readonly file: string;
  readonly document: number;
  /** The text of that file, for places inside inline patches. */
  readonly text: string;
}

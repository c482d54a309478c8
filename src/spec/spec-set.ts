import type { Place } from '../diagnostics/diagnostic.js';
import type { Draft } from './draft.js';
import type { ClusterConfig, Exemptions, ModelFamily, Policies, Project } from './types.generated.js';

/** A value with the file that says it. */
export interface Located<T> {
  readonly value: T;
  /** POSIX path relative to the root. */
  readonly file: string;
  /** The place of a JSON pointer in that file; `part: 'key'` means the key and not the value. */
  place(pointer: string, part?: 'key' | 'value'): Place;
}

/** Everything that people write, as far as it is valid: a file with errors is absent, and its problems were reported. */
export interface SpecSet {
  readonly project: Located<Project> | undefined;
  /** Sorted by file, as all the lists. */
  readonly families: readonly Located<ModelFamily>[];
  readonly clusters: readonly Located<ClusterConfig>[];
  readonly policies: readonly Located<Policies>[];
  readonly exemptions: Located<Exemptions> | undefined;
  /** Every file that could be read as a mapping of its kind, valid or not: what `checkReferences` looks at. */
  readonly drafts: readonly Draft[];
  /** Names of clusters whose file exists and could not be read, so that nobody is told they do not exist. */
  readonly unreadable: { readonly clusters: readonly string[] };
}

/** Binds a value to its file. */
export function locate<T>(file: string, value: T): Located<T> {
  return {
    value,
    file,
    place: (pointer, part) => (part === undefined ? { file, pointer } : { file, pointer, part }),
  };
}

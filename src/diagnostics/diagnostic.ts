export type Severity = 'error' | 'warning' | 'info';

/** 1-based line and column in UTF-16 units, and the 0-based offset from the start of the file. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A JSON value as it comes out of YAML. Objects that were read have no prototype trap: `__proto__` is refused before. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * Where something stands, before anybody needs lines: a file, the document in it (0-based), and a JSON pointer in that
 * document. Ranges are computed from it on demand, because most places are never shown.
 */
export interface Place {
  /** POSIX path relative to the root; `''` where the problem has no file (a flag, the repository as a whole). */
  readonly file: string;
  readonly document?: number;
  /** RFC 6901; `''` is the whole document. A pointer to something absent means its nearest present ancestor. */
  readonly pointer?: string;
  /** Which half of a mapping entry is meant. Default `value`. */
  readonly part?: 'key' | 'value';
  /** Exact offsets, where the text itself and not a value is at fault. They win over `pointer`. */
  readonly offset?: number;
  readonly length?: number;
}

export interface ObjectReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** The Argo CD Application that deploys the object, where that is known. */
  readonly application?: string;
}

/** What a check says. The edge of a room collects these through `onProblem`; nothing is thrown for bad input. */
export interface Problem {
  /** Words joined by dashes, permanent: folder, documentation anchor and SARIF rule id. */
  readonly ruleId: string;
  readonly severity: Severity;
  /** Where, what, why; one sentence or two, without the file name. */
  readonly message: string;
  readonly at: Place;
  readonly object?: ObjectReference;
  /** The values that would have been accepted. */
  readonly allowed?: readonly string[];
  /** What to do. */
  readonly hint?: string;
  /** A replacement text for the range, where exactly one is right. */
  readonly fix?: string;
  readonly related?: readonly RelatedPlace[];
  /** What tells two findings of one rule on one field apart and does not change with lines (a name, a key). */
  readonly key?: string;
}

export interface RelatedPlace {
  readonly message: string;
  readonly at: Place;
}

export type OnProblem = (problem: Problem) => void;

export interface Suppression {
  readonly reason: string;
  readonly owner?: string;
  /** ISO date. */
  readonly expires?: string;
  /** True where a comment beside the finding accepts it, and not the list of exemptions. */
  readonly inSource?: true;
}

/** A problem with its lines: the form of every report (contract `Diagnostic`). */
export interface Diagnostic {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly range?: Range;
  /** JSON pointer in the document that somebody wrote. */
  readonly path?: string;
  readonly object?: ObjectReference;
  readonly allowed?: readonly string[];
  readonly hint?: string;
  readonly fix?: string;
  readonly docUrl?: string;
  readonly related: readonly { readonly message: string; readonly file: string; readonly range?: Range }[];
  /** Survives line shifts: made of rule, object, file, path and key. */
  readonly fingerprint: string;
  readonly suppressed?: Suppression;
  /** True where the baseline that was asked for has it too: it is told, and fails nothing. */
  readonly known?: true;
}

import type { SchemaNode } from './node.js';

/** A schema with where it comes from, as messages say it. */
export interface FoundSchema {
  readonly node: SchemaNode;
  /** "Kubernetes 1.34", "Argo CD 3.3.9", "crds/foo.yaml". */
  readonly source: string;
  /** The package and version it was generated from, or the file it was read from. */
  readonly from: string;
  /** Only some of the fields are known: an unknown one is a warning. */
  readonly partial?: boolean;
  /** The schema is older than the releases in use: what it does not know is a warning. */
  readonly behind?: boolean;
  /** The schema has rules in CEL. */
  readonly hasRules?: boolean;
  readonly scope?: 'Namespaced' | 'Cluster';
  /** What the source says of this version of the API: deprecated, moved, no longer served. */
  readonly notice?: ApiNotice;
}
export interface ApiNotice {
  readonly state: 'deprecated' | 'not-served' | 'moved';
  readonly message: string;
}

/** Why there is no schema: nothing is known of the group, or the kind or the version is not in it. */
export interface NoSchema {
  readonly reason: 'no-such-group' | 'no-such-kind' | 'no-such-version';
  /** Kinds of the group and version, or versions of the kind, that are known. */
  readonly known: readonly string[];
  readonly source?: string;
}

/** Whether a look-up found a schema. */
export function isFound(found: FoundSchema | NoSchema): found is FoundSchema {
  return 'node' in found;
}

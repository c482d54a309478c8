/** What one YAML file may cost. Counts, not seconds, so that every machine gives the same verdict. */
export interface YamlLimits {
  /** Bytes of UTF-8. */
  readonly bytes: number;
  /** Scalars and collections as written. */
  readonly nodes: number;
  /** Collections inside collections. */
  readonly depth: number;
  /** Uses of anchors. */
  readonly aliases: number;
  /** Scalars and collections after every alias is replaced by what it stands for. */
  readonly expanded: number;
  /** Characters of one key. YAML 1.2.2, 7.4.2: an implicit key is at most 1,024 characters long. */
  readonly key: number;
}

/** Files that people write for gitops-gen. */
export const specLimits: YamlLimits = {
  bytes: 1_048_576,
  nodes: 100_000,
  depth: 64,
  aliases: 100,
  expanded: 120_000,
  key: 1_024,
};

/** Kubernetes manifests: bundles of CRDs are large, and anchors are in use. */
export const manifestLimits: YamlLimits = {
  bytes: 16_777_216,
  nodes: 2_000_000,
  depth: 100,
  aliases: 1_000,
  expanded: 2_000_000,
  key: 1_024,
};

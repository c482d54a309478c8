import type { JsonObject, OnProblem, Place } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';

/** Who gave a field its value. */
export interface FieldSource extends Place {
  /** What set it: the resource itself, a patch, a transformer field of a kustomization (`images`, `labels`, …). */
  readonly via: string;
}

/**
 * One object as it will be applied, with the knowledge of who wrote what.
 * `value` is frozen in meaning: whoever wants another value makes another resource.
 */
export interface Resource {
  readonly value: JsonObject;
  /** The document that the object started from. */
  readonly origin: FieldSource;
  /** Every later change, in order, without repetition. */
  readonly changedBy: readonly FieldSource[];
  /** Who gave the value at this JSON pointer (or at its nearest ancestor that somebody wrote). */
  sourceOf(pointer: string): FieldSource;
}

export interface BuildOptions {
  /** A budget of steps, so that no input takes for ever; the default is generous for real repositories. */
  readonly maxSteps?: number;
  /** `--load-restrictor LoadRestrictionsNone`: kustomizations may read files that lie beside them. */
  readonly readsOutside?: boolean;
  /** `--reorder`, where the kustomization has no `sortOptions` of its own. */
  readonly reorder?: 'legacy' | 'none';
  /** `--enable-managedby-label`. */
  readonly managedByLabel?: boolean;
}

export interface BuildResult {
  /** In the order in which `kustomize build` prints them. Empty where the build failed. */
  readonly resources: readonly Resource[];
  /** False where upstream would exit with an error, or where a feature is refused. */
  readonly ok: boolean;
  /** What was refused because only an external engine can do it (remote bases, Helm, plugins). */
  readonly undecided: readonly { readonly what: string; readonly reason: string; readonly at: Place }[];
  /** Every file that took part, sorted. */
  readonly inputs: readonly string[];
}

/** Builds the kustomization in folder `dir` of the tree. Problems (errors and findings) go to `onProblem`. */
export type Build = (tree: Tree, dir: string, onProblem: OnProblem, options?: BuildOptions) => BuildResult;

import type { JudgeOptions } from '../capacity/index.js';
import type { FileMap } from '../files/file-map.js';
import type { SpecSet } from '../spec/spec-set.js';
import type { Permits } from './plan.js';

/** The engine that a runtime starts, unless somebody says another. */
export interface EngineImage {
  /** Absent where the runtime's controller chooses the image. */
  readonly image?: string;
  readonly tag?: string;
  readonly version: string;
}

/** Versions that age, from data/defaults.json. */
export interface Defaults {
  readonly lookedUp: string;
  readonly argocd: { readonly version: string };
  readonly kubernetes: { readonly version: string };
  /** By runtime. */
  readonly engines: Readonly<Record<string, EngineImage>>;
  readonly hook: { readonly image: string; readonly tag: string };
  readonly actions: {
    readonly checkout: { readonly uses: string; readonly version: string };
    readonly 'setup-node': { readonly uses: string; readonly version: string };
    readonly node: string;
  };
  readonly prometheus: { readonly address: string };
}

/** Which blueprints there are: the version that a family is rendered with is recorded in its lock. */
export interface RuntimeFacts {
  /** The newest. */
  readonly version: string;
  /** Earlier ones that can still be rendered. */
  readonly earlier?: readonly string[];
  /** Whether it brings files of scope `infrastructure`. */
  readonly infrastructure: boolean;
}

/** A commit that a release moves to. */
export interface Pin {
  readonly revision: string;
  /** What that commit and the one before it deploy: their kinds stay permitted. */
  readonly permits: Permits;
}

export interface PlanInput {
  readonly specs: SpecSet;
  /** The present tree: pins, locks, versions/ and custom/ are read from it, nothing else. */
  readonly files: FileMap;
  readonly defaults: Defaults;
  /** By name. */
  readonly runtimes: ReadonlyMap<string, RuntimeFacts>;
  /** The version of this tool, for the rendered workflow. */
  readonly toolVersion: string;
  /** Pins to set beside those of the tree: `<family>/<environment>/<cluster>` → commit id, or more (`promote`). */
  readonly pins?: ReadonlyMap<string, string | Pin>;
  /** Forget what the lock says and decide anew. */
  readonly replan?: boolean;
  readonly capacity?: JudgeOptions;
}

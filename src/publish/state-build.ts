import type { Build, BuildResult, Resource } from '../build/resource.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import { type Inputs, inputsOf } from './inputs.js';

/** Of objects that stand for what was not built. */
const DEFERRED = 'deferred.gitops-gen.io/v1';

/**
 * What may decide which Applications there are, where their objects go, and what a kind is: never left unbuilt. Escapes in
 * YAML strings could hide the words.
 */
const DECIDES =
  /\b(?:Application|ApplicationSet|CustomResourceDefinition|argocd-cm)\b|argocd\.argoproj\.io\/secret-type|\\[xuU]/u;

/** Builds kustomizations at most once for what they read, and leaves those alone that need not be built. */
export class SparingBuild {
  private readonly done = new Map<string, { readonly result: BuildResult; readonly problems: readonly Problem[] }>();
  private readonly seen = new Map<string, Set<string>>();
  /** Folders that were really built. */
  readonly builds: string[] = [];

  constructor(private readonly engine: Build) {}

  /** A build in which a kustomization for which `leave` holds comes to one object that stands for all of it. */
  leaving(leave: (inputs: Inputs) => boolean): Build {
    return (tree, dir, onProblem, options) => {
      const inputs = inputsOf(tree, dir);
      const signatures = this.seen.get(dir) ?? new Set();
      this.seen.set(dir, signatures.add(inputs?.signature ?? ''));
      if (inputs !== undefined && !mayDecide(inputs) && leave(inputs)) return deferred(dir, inputs);
      const known = inputs === undefined ? undefined : this.done.get(inputs.signature);
      const problems: Problem[] = [];
      const result = known?.result ?? this.engine(tree, dir, (problem) => problems.push(problem), options);
      if (known === undefined) this.builds.push(dir);
      if (known === undefined && inputs !== undefined) this.done.set(inputs.signature, { result, problems });
      for (const problem of known?.problems ?? problems) onProblem(problem);
      return result;
    };
  }

  /** What was asked to be built in a folder, as far as inputs tell. */
  signaturesOf(dir: string): readonly string[] {
    return [...(this.seen.get(dir) ?? [])].sort();
  }
}

function mayDecide(inputs: Inputs): boolean {
  return inputs.mentions(DECIDES) && inputs.mentionsInCode(DECIDES);
}

function deferred(dir: string, { signature, paths }: Inputs): BuildResult {
  const value = { apiVersion: DEFERRED, kind: 'Unbuilt', metadata: { name: signature } };
  const source = { file: dir, document: 0, pointer: '', via: 'resource' };
  const resource: Resource = { value, origin: source, changedBy: [], sourceOf: () => source };
  return { resources: [resource], ok: true, undecided: [], inputs: paths.filter((path) => !path.endsWith('/')) };
}

/** The signature of what an object stands for; undefined for objects that are themselves. */
export function deferredSignature({ value }: Resource): string | undefined {
  return value['apiVersion'] === DEFERRED ? String((value['metadata'] as { name?: unknown }).name) : undefined;
}

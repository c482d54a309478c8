import type { FieldSource, Resource } from '../build/resource.js';
import type { JsonObject, ObjectReference } from '../diagnostics/diagnostic.js';

/** One object as a unit renders it. The same object is the same instance wherever it is deployed. */
export interface KubeObject {
  readonly resource: Resource;
  readonly value: JsonObject;
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** As written; undefined where the object leaves it to its destination. */
  readonly namespace: string | undefined;
  /** Who wrote the field at this JSON pointer. */
  sourceOf(pointer: string): FieldSource;
}

/** What is rendered in one go: a kustomization, or plain manifests that are deployed (or lie) together. */
export interface Unit {
  readonly kind: 'kustomization' | 'manifests';
  /** The folder, relative to the root. */
  readonly dir: string;
  /** The revision that was read; '' is the tree itself. */
  readonly revision: string;
  readonly objects: readonly KubeObject[];
  /** False where rendering failed: what is here is not all, and the failure is a problem of its own. */
  readonly ok: boolean;
  /** False where a part could not be rendered here (a remote base, a Helm chart). */
  readonly complete: boolean;
}

/** An object in the place where it is going to stand. */
export interface Deployed {
  readonly object: KubeObject;
  readonly unit: Unit;
  /** Undefined where no Application of the repository deploys the unit. */
  readonly application: Application | undefined;
  /** The identity of the destination cluster; '' where nobody says. */
  readonly cluster: string;
  /** The namespace it will get; '' for cluster-scoped objects; undefined where nobody says. */
  readonly namespace: string | undefined;
}

export interface Destination {
  readonly server: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

export type SourceType = 'kustomize' | 'directory' | 'helm' | 'plugin' | 'ref' | 'unknown';

/** One source of an Application, followed as far as this repository goes. */
export interface ApplicationSource {
  /** Where it stands in the Application, e.g. `/spec/sources/0`. */
  readonly pointer: string;
  readonly value: JsonObject;
  readonly repoURL: string;
  readonly path: string | undefined;
  readonly chart: string | undefined;
  readonly targetRevision: string;
  readonly type: SourceType;
  /** Whether the source is this repository. */
  readonly here: boolean;
  readonly unit: Unit | undefined;
  /** Kustomization files that a source of kind directory takes for manifests. */
  readonly swept?: readonly string[];
  /** Why there is no unit. `missing`: the path should be in this repository and is not. */
  readonly state: 'built' | 'missing' | 'unchecked';
  readonly reason: string | undefined;
}

export interface Application {
  readonly object: KubeObject;
  readonly name: string;
  /** The namespace of the Application object; undefined where nobody says (then Argo CD's own is meant). */
  readonly namespace: string | undefined;
  /** `default` where the object leaves it out. */
  readonly project: string;
  readonly destination: Destination;
  /** The identity of the destination cluster. */
  readonly cluster: string;
  /** The Argo CD instance it belongs to, where several are declared. */
  readonly instance: string | undefined;
  readonly sources: readonly ApplicationSource[];
  /** Everything that it deploys, as far as it could be rendered. */
  readonly deployed: readonly Deployed[];
  /** Whether every source was rendered whole. */
  readonly complete: boolean;
  /** Applications of this repository that deploy this one. Filled when all of them are known. */
  readonly parents: readonly Application[];
}

export interface AppProject {
  readonly object: KubeObject;
  readonly name: string;
  readonly spec: JsonObject;
}

/** What was met and not judged. */
export interface Unchecked {
  readonly what: string;
  readonly file: string;
  readonly reason: string;
  /** True where nothing that is deployed was left out: the verdict stays whole, the report still says it. */
  readonly minor?: true;
}

export interface Counts {
  readonly files: number;
  readonly kustomizations: number;
  readonly resources: number;
  readonly applications: number;
}

/** How a finding names an object. */
export function referenceOf(object: KubeObject, application?: Application, namespace?: string): ObjectReference {
  const where = object.namespace ?? namespace;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    ...(where ? { namespace: where } : {}),
    name: object.name,
    ...(application ? { application: application.name } : {}),
  };
}

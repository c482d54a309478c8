import type { JsonObject } from '../diagnostics/diagnostic.js';

/**
 * What the specs mean, decided: names, applications, projects, waves and sizes. Plain JSON, the same for the same input,
 * and the only thing that templates see. CPU is in milli-cores, memory in bytes, durations in seconds.
 */
export interface Plan {
  readonly planVersion: 1;
  readonly project: ProjectPlan;
  readonly instances: readonly InstancePlan[];
  readonly clusters: readonly ClusterPlan[];
  /** In the order of promotion. */
  readonly environments: readonly EnvironmentPlan[];
  readonly families: readonly FamilyPlan[];
  /** What somebody has to know: reserved phases, environments without a release, gates that cannot be decided. */
  readonly notes: readonly PlanNote[];
}

export interface PlanNote {
  readonly kind: 'gate-undecidable' | 'not-promoted' | 'phase-reserved' | 'replan' | 'in-place';
  /** One sentence or two, for people. */
  readonly message: string;
  /** What to do about it, a command where there is one. */
  readonly hint?: string;
  readonly family?: string;
  readonly environment?: string;
  readonly cluster?: string;
  readonly instance?: string;
}

export interface ProjectPlan {
  readonly name: string;
  readonly file: string;
  readonly repositoryUrl: string;
  readonly branch: string;
  /** The folder of the project inside the repository; '' at the root. */
  readonly path: string;
  readonly roles: readonly RolePlan[];
  readonly owners: { readonly default: readonly string[]; readonly paths: Readonly<Record<string, readonly string[]>> };
  readonly ci: CiPlan;
}

export interface RolePlan {
  readonly name: string;
  readonly description: string;
  readonly groups: readonly string[];
  /** Environments whose Applications the role may sync. */
  readonly sync: readonly string[];
  readonly fullAccess: boolean;
}

export interface CiPlan {
  /** An Action to use in place of the published package. */
  readonly uses?: string;
  readonly toolVersion: string;
  readonly checkout: { readonly uses: string; readonly version: string };
  readonly setupNode: { readonly uses: string; readonly version: string };
  readonly node: string;
}

/** An Argo CD. */
export interface InstancePlan {
  readonly name: string;
  readonly slug: string;
  readonly namespace: string;
  /** The cluster that it runs in; absent where that is none of those described here. */
  readonly cluster?: string;
  readonly manages: readonly string[];
  readonly version: string;
  readonly configOwner: 'helm' | 'operator' | 'kustomize' | 'managed' | 'none';
}

/** Exactly one of the two, as in an Application. */
export interface Destination {
  readonly server?: string;
  readonly name?: string;
}

export interface EnvironmentPlan {
  readonly name: string;
  readonly slug: string;
  readonly clusters: readonly string[];
  readonly follow: 'branch' | 'pinned';
  /** The environment that releases come from; absent for the first. */
  readonly previous?: string;
}

export interface ClusterPlan {
  readonly name: string;
  readonly slug: string;
  readonly file: string;
  readonly instance: string;
  readonly destination: Destination;
  readonly kubernetesVersion: string;
  /** Name of the platform Application. */
  readonly application: string;
  readonly namespaces: readonly NamespacePlan[];
  readonly resourceQuotas: readonly { readonly namespace: string; readonly hard: Readonly<Record<string, string>> }[];
  readonly localQueues: readonly { readonly name: string; readonly namespace: string; readonly clusterQueue: string }[];
  /** Namespaces whose Applications check GPUs before they sync. */
  readonly gpuCheckNamespaces: readonly string[];
  /** Blueprints that bring objects of their own to the cluster (CRDs). */
  readonly infrastructure: readonly string[];
}

export interface NamespacePlan {
  readonly name: string;
  /** Absent where several share it. */
  readonly environment?: string;
  readonly family?: string;
  readonly podSecurity: 'restricted' | 'baseline' | 'privileged';
  readonly why?: string;
}

export interface FamilyPlan {
  readonly name: string;
  readonly slug: string;
  readonly file: string;
  readonly runtime: string;
  /** The version of that blueprint: the locked one, until somebody plans anew. */
  readonly blueprint: string;
  readonly phases: readonly PhasePlan[];
  readonly models: readonly ModelPlan[];
  /** One per environment and cluster in which at least one model runs. */
  readonly releases: readonly ReleasePlan[];
}

export interface PhasePlan {
  readonly name: string;
  readonly wave: number;
  readonly models: readonly string[];
  readonly dependsOn: readonly string[];
  /** Environments in which it is rendered. */
  readonly enabledIn: readonly string[];
  /** Environments in which it would run and is not enabled. */
  readonly reservedIn: readonly string[];
}

/** A family in an environment on a cluster: a parent Application with its children. */
export interface ReleasePlan {
  readonly environment: string;
  readonly cluster: string;
  readonly instance: string;
  readonly namespaces: readonly string[];
  /** Name of the AppProject of the children. */
  readonly project: string;
  /** An Argo Workflow syncs the children, phase after phase; absent where they sync by themselves, in waves. */
  readonly workflow?: WorkflowPlan;
  readonly parent: {
    readonly name: string;
    /** Folder of parent.yaml. */
    readonly path: string;
    /** Absent where nothing has been promoted to here yet: then there is no parent. */
    readonly revision?: string;
    /** What its project has to permit beside what is rendered now, where this plan moves it. */
    readonly permits?: Permits;
    readonly pinned: boolean;
    /** Whether this plan promotes it: from now on it is what is rendered now. */
    readonly moved: boolean;
  };
}

/** The Argo Workflow of a release. */
export interface WorkflowPlan {
  readonly name: string;
  readonly namespace: string;
  /** The API server of Argo CD, with its port where that is not 443. */
  readonly server: string;
  readonly tokenSecret: string;
  /** The version of Argo CD, whose client the steps run. */
  readonly argocdVersion: string;
}

/** What an AppProject permits, in its own words. */
export interface Permits {
  readonly clusterKinds: readonly JsonObject[];
  readonly namespaceKinds: readonly JsonObject[];
  readonly destinations: readonly JsonObject[];
}

export interface ModelPlan {
  readonly name: string;
  readonly slug: string;
  readonly deployments: readonly DeploymentPlan[];
}

/** A figure that nobody typed, with its reason. */
export interface WorkedOut {
  readonly field: string;
  readonly value: string;
  readonly why: string;
}

/** One model in one environment on one cluster. */
export interface DeploymentPlan {
  readonly environment: string;
  readonly cluster: string;
  /** Name of the child Application. */
  readonly application: string;
  readonly overlay: string;
  readonly namespace: string;
  readonly phase: string;
  readonly wave: number;
  readonly prune: 'automatic' | 'confirm';
  readonly replicas: { readonly min: number; readonly max: number };
  readonly workedOut: readonly WorkedOut[];
  /** Image names that versions/<environment> sets, with what they start from. */
  readonly images: readonly ImagePlan[];
  /** What a step of the workflow asks the model, as the gate of its phase would; absent where no workflow leads. */
  readonly validation?: JsonObject;
  /** Where images are pulled from in place of their own registry. */
  readonly mirror?: string;
  /** The decisions that the lock records. */
  readonly decisions: JsonObject;
  /** What templates may place: the published plan of one model (blueprint contract). */
  readonly values: JsonObject;
}

export interface ImagePlan {
  readonly name: string;
  readonly tag: string;
}

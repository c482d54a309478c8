// Generated from schemas/*.schema.json by `npm run generate`. Do not edit.
/**
 * A number of replicas, or a range for an autoscaler.
 */
export type Replicas = (number | ReplicaRange)
/**
 * Requested CPU, or request and limit.
 */
export type CpuResource = (CpuQuantity | CpuRange)
/**
 * Cores, such as 8 or 0.5, or thousandths of a core, such as "500m".
 */
export type CpuQuantity = (number | string)
/**
 * Requested memory, or request and limit.
 */
export type MemoryResource = (MemoryQuantity | MemoryRange)
/**
 * Bytes with a unit: Ki, Mi, Gi, Ti (powers of 1024) or k, M, G, T (powers of 1000).
 */
export type MemoryQuantity = string
/**
 * A number of nodes, or a range for the cluster autoscaler.
 */
export type NodeCount = (number | NodeRange)
/**
 * A version, quoted.
 */
export type ComponentVersion = string

/**
 * gitops-gen.yaml: the repository, its environments in the order of promotion, the Argo CD instances, and what holds for every model.
 */
export interface Project {
  /**
   * Version of this file format.
   */
  readonly apiVersion: "gitops-gen.io/v1alpha1"
  /**
   * What this file describes.
   */
  readonly kind: "Project"
  /**
   * The name of the project.
   */
  readonly metadata: Metadata
  /**
   * What is rendered, for where, and by whom it is owned.
   */
  readonly spec: ProjectSpec
}
/**
 * The name of the object.
 */
export interface Metadata {
  /**
   * Lower-case letters, digits, dashes and dots; starts with a letter. Directories keep it, Kubernetes objects take its slug.
   */
  readonly name: string
}
/**
 * What is rendered, for where, and by whom it is owned.
 */
export interface ProjectSpec {
  /**
   * The Git repository that Argo CD reads.
   */
  readonly repository: Repository
  /**
   * In the order of promotion: a release reaches the first one first.
   *
   * @minItems 1
   * @maxItems 50
   */
  readonly environments: readonly Environment[]
  /**
   * The Argo CD instances and the roles of the AppProjects that are rendered for them.
   */
  readonly argocd?: ArgoCd
  /**
   * The version that manifests are written for and judged by, where a cluster does not state its own. Quote it: 1.30 without quotes is the number 1.3.
   */
  readonly kubernetesVersion?: string
  /**
   * GitHub users and teams for CODEOWNERS.
   */
  readonly owners?: Owners
  /**
   * What holds for every model that does not say otherwise.
   */
  readonly defaults?: Defaults
  /**
   * Names (metadata.name) of the files under policies/ that apply. Left out: all of them.
   *
   * @maxItems 200
   *
   * Items: metadata.name of a Policies file.
   */
  readonly policies?: readonly string[]
  /**
   * How the rendered workflow runs gitops-gen.
   */
  readonly ci?: Ci
}
/**
 * The Git repository that Argo CD reads.
 */
export interface Repository {
  /**
   * As Argo CD is to read it: https, or ssh (also in the short form git@host:path). Without a user name or token.
   */
  readonly url: string
  /**
   * The branch that pull requests are merged into.
   */
  readonly branch?: string
  /**
   * The folder of this project inside the repository, where that is a monorepo.
   */
  readonly path?: string
}
/**
 * A stage of promotion with the clusters it runs on.
 */
export interface Environment {
  /**
   * The name of the environment; the folder overlays/<name> bears it.
   */
  readonly name: string
  /**
   * The clusters of this environment, each described in clusters/<cluster>/cluster-config.yaml. Left out: one cluster of the environment's name.
   *
   * @minItems 1
   * @maxItems 200
   *
   * Items: metadata.name of a ClusterConfig.
   */
  readonly clusters?: readonly string[]
  /**
   * branch: every merge reaches the environment at once. pinned: a commit id that `promote` moves. Left out: branch in the first environment, pinned in the later ones.
   */
  readonly follow?: ("branch" | "pinned")
}
/**
 * The Argo CD instances and the roles of their AppProjects.
 */
export interface ArgoCd {
  /**
   * Left out: one instance that manages all clusters.
   *
   * @minItems 1
   * @maxItems 50
   */
  readonly instances?: readonly ArgoCdInstance[]
  /**
   * Roles of the rendered AppProjects. Left out: ml-engineers may read everywhere and sync in all environments but the last, sre-team may do everything.
   *
   * @maxItems 50
   */
  readonly roles?: readonly ArgoCdRole[]
}
/**
 * One installation of Argo CD.
 */
export interface ArgoCdInstance {
  /**
   * The name of the instance; argocd/roots/<name>.yaml bears it.
   */
  readonly name: string
  /**
   * The cluster it runs in. Left out: the cluster that it manages where that is one, a cluster of its own otherwise.
   */
  readonly cluster?: string
  /**
   * The namespace it runs in.
   */
  readonly namespace?: string
  /**
   * The version of Argo CD, which decides the fields and features that may be rendered. Quote it.
   */
  readonly version?: string
  /**
   * The clusters whose Applications it holds. Left out: every cluster that no other instance manages.
   *
   * @minItems 1
   * @maxItems 200
   *
   * Items: metadata.name of a ClusterConfig.
   */
  readonly manages?: readonly string[]
  /**
   * Who installed Argo CD and so owns argocd-cm: the health customisation that makes waves wait is rendered as the snippet for that owner, and applied only under kustomize. none: nobody has said; gates are undecidable until it is known.
   */
  readonly configOwner?: ("helm" | "operator" | "kustomize" | "managed" | "none")
}
/**
 * A role of the rendered AppProjects. Every role may read.
 */
export interface ArgoCdRole {
  /**
   * The name of the role.
   */
  readonly name: string
  /**
   * Groups of the identity provider that hold the role.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: A group claim.
   */
  readonly groups: readonly string[]
  /**
   * Environments whose Applications the role may sync.
   *
   * @maxItems 50
   *
   * Items: Name of an environment.
   */
  readonly sync?: readonly string[]
  /**
   * The role may do everything with the Applications of the project.
   */
  readonly fullAccess?: boolean
}
/**
 * GitHub users and teams for CODEOWNERS.
 */
export interface Owners {
  /**
   * Owners of everything that no path names.
   *
   * @maxItems 50
   *
   * Items: A GitHub user, team, or e-mail address.
   */
  readonly default?: readonly string[]
  /**
   * Owners by folder or file of this project.
   */
  readonly paths?: {
    /**
     * Owners of this folder or file.
     *
     * @minItems 1
     * @maxItems 50
     *
     * Items: A GitHub user, team, or e-mail address.
     */
    readonly [k: string]: readonly string[]
  }
}
/**
 * What holds for every model that does not say otherwise.
 */
export interface Defaults {
  /**
   * The blueprint of families that name none.
   */
  readonly runtime?: string
  /**
   * The engine image with its tag or digest. It seeds versions/<environment>, where people and Renovate own it from then on.
   */
  readonly image?: string
  /**
   * The image of the Jobs that check GPUs before a sync and gate a phase after it.
   */
  readonly hookImage?: string
  /**
   * Version and arguments of the engine.
   */
  readonly engine?: Engine
  /**
   * Longest context in tokens; a model with a smaller maximum takes its own.
   */
  readonly context?: number
  /**
   * How a new release replaces the old one. Left out: a surge of one where the proof allows it at that wave, in place otherwise.
   */
  readonly strategy?: ("surge" | "in-place" | "recreate")
  /**
   * Labels of every rendered object.
   */
  readonly labels?: Labels
  /**
   * Annotations of every rendered workload.
   */
  readonly annotations?: Annotations
}
/**
 * Version and arguments of the engine.
 */
export interface Engine {
  /**
   * Version of the engine, which decides its defaults and the arguments it knows. Quote it.
   */
  readonly version?: string
  /**
   * Arguments of the engine by name, without leading dashes; true is a bare flag.
   */
  readonly args?: {
    /**
     * Value of the argument.
     */
    readonly [k: string]: string | number | boolean
  }
}
/**
 * Kubernetes labels.
 */
export interface Labels {
  /**
   * At most 63 letters, digits, dashes, dots and underscores.
   */
  readonly [k: string]: string
}
/**
 * Kubernetes annotations; 256 KiB in total.
 */
export interface Annotations {
  /**
   * Any text.
   */
  readonly [k: string]: string
}
/**
 * How the rendered workflow runs gitops-gen.
 */
export interface Ci {
  /**
   * The Action to run, with its version or commit. Left out: the published package at the version that rendered the workflow.
   */
  readonly uses?: string
}
/**
 * families/<family>.yaml: models that are released together, in phases, and what each needs. What is left out is worked out and shown by `plan`.
 */
export interface ModelFamily {
  /**
   * Version of this file format.
   */
  readonly apiVersion: "gitops-gen.io/v1alpha1"
  /**
   * What this file describes.
   */
  readonly kind: "ModelFamily"
  /**
   * The name of the family.
   */
  readonly metadata: Metadata
  /**
   * The models of the family and the phases in which they are released.
   */
  readonly spec: ModelFamilySpec
}
/**
 * The models of the family and the phases in which they are released.
 */
export interface ModelFamilySpec {
  /**
   * The blueprint that says what is rendered; `gitops-gen blueprints` lists them. Left out: the project's default.
   */
  readonly runtime?: string
  /**
   * Each is one workload with its own Application per environment.
   *
   * @maxItems 20000
   */
  readonly models: readonly Model[]
  /**
   * The order of release: a phase waits until those it depends on are healthy and their gates have passed. Every model stands in exactly one.
   *
   * @maxItems 20000
   */
  readonly phases: readonly Phase[]
  /**
   * An Argo Workflow leads releases through the phases: it syncs, validates, and waits for a person before the last phase. Applications do not sync by themselves there. Left out: Argo CD syncs, and waves and gates keep the order.
   */
  readonly workflow?: Workflow
}
/**
 * One model: a workload with its own Application per environment.
 */
export interface Model {
  /**
   * Unique in the repository. A name that the catalog knows brings the facts of that model.
   */
  readonly name: string
  /**
   * The catalog entry whose facts hold (layers, heads, context, licence); `gitops-gen models` lists them. Left out: the name.
   */
  readonly model?: string
  /**
   * Where the weights come from. Left out: the published checkpoint of the catalog entry.
   */
  readonly source?: string
  /**
   * The commit, tag or version of the source. It seeds versions/<environment>, where people and Renovate own it from then on.
   */
  readonly revision?: string
  /**
   * Precision of the weights. Left out: that of the checkpoint. Another one needs a source with its checkpoint, or quantizeAtLoad.
   */
  readonly precision?: ("fp32" | "bf16" | "fp16" | "fp8" | "int8" | "int4" | "awq" | "gptq" | "mxfp4" | "nvfp4")
  /**
   * The engine quantises the checkpoint to the precision while it loads it, which needs the memory of the checkpoint for a while.
   */
  readonly quantizeAtLoad?: boolean
  /**
   * Service tier: a label, and what requests are routed by.
   */
  readonly tier?: string
  /**
   * Longest context in tokens. Left out: the smaller of the model's maximum and the project's default (8192).
   */
  readonly context?: number
  /**
   * GPU class; `gitops-gen gpus` lists them. Left out: the smallest class of the cluster's pools in which the model fits.
   */
  readonly gpu?: string
  /**
   * How one replica is spread over GPUs. Left out: the smallest degree that fits.
   */
  readonly parallelism?: Parallelism
  /**
   * Replicas by environment: a number, or a range for an autoscaler. An environment that is absent does not get the model.
   */
  readonly replicas: {
    /**
     * A number, or a range for an autoscaler.
     */
    readonly [k: string]: Replicas
  }
  /**
   * CPU, memory and GPUs of one replica on one node. Left out: worked out from the model's size.
   */
  readonly resources?: Resources
  /**
   * The engine image with its tag or digest. It seeds versions/<environment>, where people and Renovate own it from then on.
   */
  readonly image?: string
  /**
   * Version and arguments of the engine.
   */
  readonly engine?: Engine
  /**
   * The namespace of the workload. Left out: <family>-<environment> in its legal form.
   */
  readonly namespace?: string
  /**
   * Labels of the rendered objects.
   */
  readonly labels?: Labels
  /**
   * Annotations of the rendered workload.
   */
  readonly annotations?: Annotations
  /**
   * Name of the Service. Left out: the slug of the model's name.
   */
  readonly serviceName?: string
  /**
   * The first of two steps out: the Service goes, so that no request comes any more, while the workload finishes those it has. `gitops-gen remove-model` sets it, and takes the model out when it is called again.
   */
  readonly retiring?: boolean
  /**
   * How a new release replaces the old one. surge: one more Pod for a while; in-place: one Pod less for a while; recreate: all Pods stop first. Left out: surge where the proof allows it at that wave, in-place otherwise.
   */
  readonly strategy?: ("surge" | "in-place" | "recreate")
  /**
   * What differs in an environment.
   */
  readonly environments?: {
    readonly [k: string]: ModelOverride
  }
}
/**
 * How one replica is spread over GPUs.
 */
export interface Parallelism {
  /**
   * GPUs of one node that share every layer.
   */
  readonly tensor?: number
  /**
   * Stages of layers, each on its own GPUs.
   */
  readonly pipeline?: number
  /**
   * Copies of the attention layers that share one set of experts.
   */
  readonly data?: number
  /**
   * Experts of a mixture-of-experts model are spread over the GPUs instead of cut.
   */
  readonly expert?: boolean
}
/**
 * A range for an autoscaler. It needs a source of metrics in the cluster.
 */
export interface ReplicaRange {
  /**
   * Replicas that always run; at least 1.
   */
  readonly min: number
  /**
   * Replicas at full load.
   */
  readonly max: number
}
/**
 * CPU, memory and GPUs of one replica on one node.
 */
export interface Resources {
  /**
   * Requested CPU, or request and limit. One figure is a request without a limit.
   */
  readonly cpu?: CpuResource
  /**
   * Requested memory, or request and limit. One figure is both.
   */
  readonly memory?: MemoryResource
  /**
   * GPUs; request and limit are always written alike.
   */
  readonly gpus?: number
}
/**
 * Request and limit of CPU.
 */
export interface CpuRange {
  /**
   * What the scheduler sets aside.
   */
  readonly request: CpuQuantity
  /**
   * Above this the container is throttled. Left out: no limit.
   */
  readonly limit?: CpuQuantity
}
/**
 * Request and limit of memory.
 */
export interface MemoryRange {
  /**
   * What the scheduler sets aside.
   */
  readonly request: MemoryQuantity
  /**
   * Above this the container is killed. Left out: the request.
   */
  readonly limit?: MemoryQuantity
}
/**
 * Fields of a model that differ in one environment. Mappings are merged, everything else is replaced.
 */
export interface ModelOverride {
  /**
   * The catalog entry whose facts hold (layers, heads, context, licence); `gitops-gen models` lists them. Left out: the name.
   */
  readonly model?: string
  /**
   * Where the weights come from. Left out: the published checkpoint of the catalog entry.
   */
  readonly source?: string
  /**
   * The commit, tag or version of the source. It seeds versions/<environment>, where people and Renovate own it from then on.
   */
  readonly revision?: string
  /**
   * Precision of the weights. Left out: that of the checkpoint. Another one needs a source with its checkpoint, or quantizeAtLoad.
   */
  readonly precision?: ("fp32" | "bf16" | "fp16" | "fp8" | "int8" | "int4" | "awq" | "gptq" | "mxfp4" | "nvfp4")
  /**
   * The engine quantises the checkpoint to the precision while it loads it, which needs the memory of the checkpoint for a while.
   */
  readonly quantizeAtLoad?: boolean
  /**
   * Service tier: a label, and what requests are routed by.
   */
  readonly tier?: string
  /**
   * Longest context in tokens. Left out: the smaller of the model's maximum and the project's default (8192).
   */
  readonly context?: number
  /**
   * GPU class; `gitops-gen gpus` lists them. Left out: the smallest class of the cluster's pools in which the model fits.
   */
  readonly gpu?: string
  /**
   * How one replica is spread over GPUs. Left out: the smallest degree that fits.
   */
  readonly parallelism?: Parallelism
  /**
   * CPU, memory and GPUs of one replica on one node. Left out: worked out from the model's size.
   */
  readonly resources?: Resources
  /**
   * The engine image with its tag or digest. It seeds versions/<environment>, where people and Renovate own it from then on.
   */
  readonly image?: string
  /**
   * Version and arguments of the engine.
   */
  readonly engine?: Engine
  /**
   * The namespace of the workload. Left out: <family>-<environment> in its legal form.
   */
  readonly namespace?: string
  /**
   * Labels of the rendered objects.
   */
  readonly labels?: Labels
  /**
   * Annotations of the rendered workload.
   */
  readonly annotations?: Annotations
  /**
   * Name of the Service. Left out: the slug of the model's name.
   */
  readonly serviceName?: string
  /**
   * How a new release replaces the old one. surge: one more Pod for a while; in-place: one Pod less for a while; recreate: all Pods stop first. Left out: surge where the proof allows it at that wave, in-place otherwise.
   */
  readonly strategy?: ("surge" | "in-place" | "recreate")
}
/**
 * A step of the release.
 */
export interface Phase {
  /**
   * Unique in the family.
   */
  readonly name: string
  /**
   * Names of the models of this phase.
   *
   * @minItems 1
   * @maxItems 20000
   *
   * Items: Name of a model of this family.
   */
  readonly models: readonly string[]
  /**
   * Environments in which the phase is rendered; elsewhere it is reserved and shown in the plan. Left out: all. `gitops-gen phase enable` adds one.
   *
   * @maxItems 50
   *
   * Items: Name of an environment.
   */
  readonly enabledIn?: readonly string[]
  /**
   * Phases that must be healthy first. Left out: the one before.
   *
   * @maxItems 20000
   *
   * Items: Name of a phase of this family.
   */
  readonly dependsOn?: readonly string[]
  /**
   * Argo CD's sync wave. Left out: ten times the position in the order of dependencies.
   */
  readonly wave?: number
  /**
   * What a test after the sync must show before the next phase starts. Left out: health alone.
   */
  readonly gate?: Gate
}
/**
 * What a test after the sync must show before the next phase starts.
 */
export interface Gate {
  /**
   * Test requests per model.
   */
  readonly requests?: number
  /**
   * Part of the requests that must succeed.
   */
  readonly minSuccessRate?: number
  /**
   * 95th percentile of latency, in milliseconds. Left out: not judged.
   */
  readonly maxLatencyMs?: number
}
/**
 * Where and how an Argo Workflow leads releases.
 */
export interface Workflow {
  /**
   * Environments in which the workflow leads; elsewhere Argo CD does.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: Name of an environment.
   */
  readonly environments: readonly string[]
  /**
   * The namespace of the workflow, in the cluster of the models; a controller of Argo Workflows has to look after it.
   */
  readonly namespace?: string
  /**
   * The API server of Argo CD as the workflow reaches it. Left out: the one in the cluster of the models.
   */
  readonly server?: string
  /**
   * The Secret in that namespace whose key `token` holds a token of the project role `rollout`.
   */
  readonly tokenSecret?: string
}
/**
 * clusters/<cluster>/cluster-config.yaml: what a cluster has. Verdicts on capacity speak of this declared inventory.
 */
export interface ClusterConfig {
  /**
   * Version of this file format.
   */
  readonly apiVersion: "gitops-gen.io/v1alpha1"
  /**
   * What this file describes.
   */
  readonly kind: "ClusterConfig"
  /**
   * The name of the cluster: that of its folder.
   */
  readonly metadata: Metadata
  /**
   * What the cluster has.
   */
  readonly spec: ClusterConfigSpec
}
/**
 * What the cluster has.
 */
export interface ClusterConfigSpec {
  /**
   * The cluster as Argo CD knows it. Left out: in-cluster where the instance manages only its own cluster, the name of this cluster otherwise.
   */
  readonly destination?: Destination
  /**
   * The version of this cluster. Left out: that of the project. Quote it: 1.30 without quotes is the number 1.3.
   */
  readonly kubernetesVersion?: string
  /**
   * The day or moment at which this inventory was true (YYYY-MM-DD, or RFC 3339). An old one is a warning.
   */
  readonly observedAt?: string
  /**
   * Groups of equal nodes.
   *
   * @maxItems 500
   */
  readonly nodePools: readonly NodePool[]
  /**
   * What namespaces and queues may take.
   */
  readonly quotas?: Quotas
  /**
   * StorageClasses with the access modes they can give.
   *
   * @maxItems 100
   */
  readonly storageClasses?: readonly StorageClass[]
  /**
   * How weights reach the Pods: pvc-rwx (one shared writable volume), pvc-rox (one shared read-only volume), node-cache (a cache on each node), object-stream (streamed from object storage), oci-volume (an image volume), ephemeral (downloaded by every Pod).
   */
  readonly modelStorage?: ("pvc-rwx" | "pvc-rox" | "node-cache" | "object-stream" | "oci-volume" | "ephemeral")
  /**
   * How Pods prove who they are to the cloud.
   */
  readonly identity?: Identity
  /**
   * Host, and path if any, that images are pulled through.
   */
  readonly registryMirror?: string
  /**
   * Secrets that are in the cluster and not in the repository.
   *
   * @maxItems 500
   */
  readonly externalSecrets?: readonly ExternalSecret[]
  /**
   * Components that are in the cluster, with their versions. What needs a component is rendered only where it is installed.
   */
  readonly installed?: Installed
  /**
   * How the scheduler scores nodes.
   */
  readonly scheduler?: Scheduler
}
/**
 * The cluster as Argo CD knows it: its server or its name.
 */
export interface Destination {
  /**
   * URL of the API server.
   */
  readonly server?: string
  /**
   * Name under which the cluster is registered.
   */
  readonly name?: string
}
/**
 * A group of equal nodes.
 */
export interface NodePool {
  /**
   * Unique in the cluster.
   */
  readonly name: string
  /**
   * GPU class or product; `gitops-gen gpus` lists them. Left out: nodes without GPUs.
   */
  readonly gpu?: string
  /**
   * Physical GPUs in one node.
   */
  readonly gpusPerNode?: number
  /**
   * A number of nodes, or a range for the cluster autoscaler.
   */
  readonly nodes: NodeCount
  /**
   * What one node can give to Pods (status.allocatable of the Node), beside GPUs.
   */
  readonly allocatable: Allocatable
  /**
   * What a node has beside CPU, memory and GPUs, by its Kubernetes name: huge pages, network adapters.
   */
  readonly resources?: ResourceAmounts
  /**
   * Labels of the nodes, beside those that the GPU operator sets.
   */
  readonly labels?: Labels
  /**
   * Taints of the nodes.
   *
   * @maxItems 50
   */
  readonly taints?: readonly Taint[]
  /**
   * Zone of the nodes (topology.kubernetes.io/zone).
   */
  readonly zone?: string
  /**
   * How the GPUs of one node are linked.
   */
  readonly interconnect?: ("pcie" | "nvlink" | "nvswitch" | "infinity-fabric")
  /**
   * How the GPUs are cut into instances.
   */
  readonly mig?: Mig
  /**
   * How many Pods share one GPU by turns. Memory is not divided.
   */
  readonly timeSlicing?: TimeSlicing
  /**
   * What is already taken by Pods that this repository does not deploy, daemons among them.
   *
   * @maxItems 1000
   */
  readonly used?: readonly UsedOnNodes[]
}
/**
 * A range for the cluster autoscaler.
 */
export interface NodeRange {
  /**
   * Nodes that are always there.
   */
  readonly min: number
  /**
   * Nodes that the autoscaler may create.
   */
  readonly max: number
}
/**
 * What one node can give to Pods, beside GPUs.
 */
export interface Allocatable {
  /**
   * Cores.
   */
  readonly cpu: CpuQuantity
  /**
   * Bytes with a unit.
   */
  readonly memory: MemoryQuantity
  /**
   * Bytes with a unit. Left out: unknown, and not judged.
   */
  readonly ephemeralStorage?: MemoryQuantity
  /**
   * Pods that one node may hold.
   */
  readonly pods?: number
}
/**
 * Amounts by resource name.
 */
export interface ResourceAmounts {
  /**
   * A number, or a Kubernetes quantity.
   */
  readonly [k: string]: number | string
}
/**
 * A taint of the nodes.
 */
export interface Taint {
  /**
   * Key of the taint.
   */
  readonly key: string
  /**
   * Value of the taint.
   */
  readonly value?: string
  /**
   * What happens to Pods that do not tolerate it.
   */
  readonly effect: ("NoSchedule" | "PreferNoSchedule" | "NoExecute")
}
/**
 * How the GPUs are cut into instances.
 */
export interface Mig {
  /**
   * single: every instance is called nvidia.com/gpu. mixed: nvidia.com/mig-<profile>.
   */
  readonly strategy: ("single" | "mixed")
  /**
   * Instances of each profile per GPU.
   */
  readonly profiles: {
    /**
     * Instances per GPU.
     */
    readonly [k: string]: number
  }
}
/**
 * How many Pods share one GPU by turns.
 */
export interface TimeSlicing {
  /**
   * Pods per GPU.
   */
  readonly replicas: number
}
/**
 * What is already taken on each of a number of nodes.
 */
export interface UsedOnNodes {
  /**
   * On how many nodes. Left out: on every node of the pool.
   */
  readonly nodes?: number
  /**
   * GPUs taken on each.
   */
  readonly gpus?: number
  /**
   * CPU requested on each.
   */
  readonly cpu?: CpuQuantity
  /**
   * Memory requested on each.
   */
  readonly memory?: MemoryQuantity
  /**
   * Ephemeral storage requested on each.
   */
  readonly ephemeralStorage?: MemoryQuantity
  /**
   * Pods on each.
   */
  readonly pods?: number
}
/**
 * What namespaces and queues may take.
 */
export interface Quotas {
  /**
   * ResourceQuotas that platform rendering creates, or that exist.
   *
   * @maxItems 1000
   */
  readonly resourceQuotas?: readonly NamespaceQuota[]
  /**
   * Queues of Kueue that workloads of this repository go through.
   *
   * @maxItems 1000
   */
  readonly kueue?: readonly KueueQuota[]
}
/**
 * A ResourceQuota of one namespace.
 */
export interface NamespaceQuota {
  /**
   * The namespace.
   */
  readonly namespace: string
  /**
   * Limits by resource, as in a ResourceQuota.
   */
  readonly hard: ResourceAmounts
}
/**
 * A LocalQueue with the quota of the ClusterQueue behind it.
 */
export interface KueueQuota {
  /**
   * Name that workloads carry in the label kueue.x-k8s.io/queue-name.
   */
  readonly localQueue: string
  /**
   * The ClusterQueue behind it.
   */
  readonly clusterQueue: string
  /**
   * Namespaces in which the LocalQueue exists. Left out: every namespace of this repository.
   *
   * @maxItems 1000
   *
   * Items: Name of a namespace.
   */
  readonly namespaces?: readonly string[]
  /**
   * Quota by resource.
   */
  readonly nominal: ResourceAmounts
}
/**
 * A StorageClass with the access modes it can give.
 */
export interface StorageClass {
  /**
   * Name of the StorageClass.
   */
  readonly name: string
  /**
   * Access modes that its volumes can have.
   *
   * @minItems 1
   * @maxItems 4
   *
   * Items: As Kubernetes spells it.
   */
  readonly accessModes: readonly ("ReadWriteOnce" | "ReadOnlyMany" | "ReadWriteMany" | "ReadWriteOncePod")[]
}
/**
 * How Pods prove who they are to the cloud.
 */
export interface Identity {
  /**
   * Annotations of the ServiceAccounts of the models (workload identity).
   */
  readonly serviceAccountAnnotations?: Annotations
}
/**
 * A Secret that is in the cluster and not in the repository.
 */
export interface ExternalSecret {
  /**
   * Name of the Secret.
   */
  readonly name: string
  /**
   * Namespaces in which it exists. Left out: every namespace of this repository.
   *
   * @maxItems 1000
   *
   * Items: Name of a namespace.
   */
  readonly namespaces?: readonly string[]
  /**
   * Keys that it holds. Left out: unknown, and not judged.
   *
   * @maxItems 100
   *
   * Items: A key of the Secret's data.
   */
  readonly keys?: readonly string[]
  /**
   * What models use it for: the token for gated models, credentials of object storage as environment variables, credentials of the image registry, or something else.
   */
  readonly purpose?: ("huggingface-token" | "object-storage" | "image-pull" | "other")
}
/**
 * Versions of the components that are in the cluster.
 */
export interface Installed {
  /**
   * Its version.
   */
  readonly "argo-rollouts"?: ComponentVersion
  /**
   * Its version.
   */
  readonly "argo-workflows"?: ComponentVersion
  /**
   * Its version.
   */
  readonly "cert-manager"?: ComponentVersion
  /**
   * Its version.
   */
  readonly "external-secrets"?: ComponentVersion
  /**
   * Its version.
   */
  readonly "gateway-api"?: ComponentVersion
  /**
   * Its version.
   */
  readonly "gateway-api-inference-extension"?: ComponentVersion
  /**
   * Its version.
   */
  readonly "gpu-operator"?: ComponentVersion
  /**
   * Its version.
   */
  readonly istio?: ComponentVersion
  /**
   * Its version.
   */
  readonly karpenter?: ComponentVersion
  /**
   * Its version.
   */
  readonly keda?: ComponentVersion
  /**
   * Its version.
   */
  readonly kserve?: ComponentVersion
  /**
   * Its version.
   */
  readonly kueue?: ComponentVersion
  /**
   * Version of the controller of inference.llm-d.io LLMDeployment.
   */
  readonly llmdeployment?: ComponentVersion
  /**
   * Its version.
   */
  readonly lws?: ComponentVersion
  /**
   * Its version.
   */
  readonly prometheus?: ComponentVersion
  /**
   * Its version; a source of metrics for autoscalers.
   */
  readonly "prometheus-adapter"?: ComponentVersion
}
/**
 * How the scheduler scores nodes.
 */
export interface Scheduler {
  /**
   * Scoring strategy of NodeResourcesFit. Managed control planes have LeastAllocated.
   */
  readonly profile?: ("LeastAllocated" | "MostAllocated")
}
/**
 * policies/<name>.yaml: what this organisation demands of the fleet, beyond what Kubernetes and Argo CD demand.
 */
export interface Policies {
  /**
   * Version of this file format.
   */
  readonly apiVersion: "gitops-gen.io/v1alpha1"
  /**
   * What this file describes.
   */
  readonly kind: "Policies"
  /**
   * The name that gitops-gen.yaml lists under spec.policies.
   */
  readonly metadata: Metadata
  /**
   * The policies of this file.
   */
  readonly spec: PoliciesSpec
}
/**
 * The policies of one file.
 */
export interface PoliciesSpec {
  /**
   * Each sets severity and parameters of one rule.
   *
   * @maxItems 500
   */
  readonly policies: readonly Policy[]
}
/**
 * Severity and parameters of one rule.
 */
export interface Policy {
  /**
   * The id of the rule; `gitops-gen rules` lists them.
   */
  readonly id: string
  /**
   * What a violation is. Left out: the severity of the rule.
   */
  readonly severity?: ("error" | "warning" | "info" | "off")
  /**
   * Parameters of the rule; `gitops-gen explain <rule>` describes them.
   */
  readonly parameters?: PolicyParameters
  /**
   * What differs in an environment.
   */
  readonly environments?: {
    readonly [k: string]: PolicyOverride
  }
}
/**
 * Parameters of a rule, by name. The rule's own schema judges them.
 */
export interface PolicyParameters {
  /**
   * A number, text, list or mapping, as the rule's schema says.
   */
  readonly [k: string]: unknown
}
/**
 * What differs in one environment. Parameters are merged by name.
 */
export interface PolicyOverride {
  /**
   * What a violation is here.
   */
  readonly severity?: ("error" | "warning" | "info" | "off")
  /**
   * Parameters that differ here.
   */
  readonly parameters?: PolicyParameters
}
/**
 * exemptions.yaml: findings that somebody has accepted, each with a reason. Expired and unused exemptions are findings themselves.
 */
export interface Exemptions {
  /**
   * Version of this file format.
   */
  readonly apiVersion: "gitops-gen.io/v1alpha1"
  /**
   * What this file describes.
   */
  readonly kind: "Exemptions"
  /**
   * The name of the list.
   */
  readonly metadata: Metadata
  /**
   * The exemptions.
   */
  readonly spec: ExemptionsSpec
}
/**
 * The exemptions of a repository.
 */
export interface ExemptionsSpec {
  /**
   * Each accepts the findings of one rule at the places that match.
   *
   * @maxItems 5000
   */
  readonly exemptions: readonly Exemption[]
}
/**
 * Accepts the findings of one rule at the places that match.
 */
export interface Exemption {
  /**
   * The id of the rule.
   */
  readonly rule: string
  /**
   * Which findings are accepted. At least one field; all that are given must match.
   */
  readonly match: ExemptionMatch
  /**
   * Why this is accepted, for whoever reads the report.
   */
  readonly reason: string
  /**
   * Who accepted it.
   */
  readonly owner?: string
  /**
   * Where it is followed up.
   */
  readonly ticket?: string
  /**
   * The last day on which it holds (YYYY-MM-DD).
   */
  readonly expires?: string
}
/**
 * All given fields must match. `*` stands for any run of characters.
 */
export interface ExemptionMatch {
  /**
   * Path of the file, relative to the root.
   */
  readonly file?: string
  /**
   * JSON pointer of the field, or of something above it.
   */
  readonly path?: string
  /**
   * apiVersion of the object.
   */
  readonly apiVersion?: string
  /**
   * Kind of the object.
   */
  readonly kind?: string
  /**
   * Namespace of the object.
   */
  readonly namespace?: string
  /**
   * Name of the object.
   */
  readonly name?: string
  /**
   * The Argo CD Application that deploys the object.
   */
  readonly application?: string
  /**
   * The fingerprint of exactly one finding, as reports print it.
   */
  readonly fingerprint?: string
}

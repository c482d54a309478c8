/** What syncs by itself, whatever somebody changes in the cluster. */
export const automated = { prune: true, selfHeal: true } as const;

/** Retried with growing pauses, and not for ever: a wave that waits for GPUs must not hold newer commits back. */
const syncPolicy = `  syncPolicy:
    automated: "{{automated}}"
    syncOptions: "{{syncOptions}}"
    retry:
      limit: 5
      backoff:
        duration: 30s
        factor: 2
        maxDuration: 10m
`;

/** What is applied by hand once, and then looks after everything else. */
export const rootTemplate = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "{{name}}"
  namespace: "{{namespace}}"
  labels:
    app.kubernetes.io/managed-by: gitops-gen
  # No finalizer: deleting the root must not delete the fleet.
spec:
  project: "{{project}}"
  source: "{{source}}"
  destination: "{{destination}}"
${syncPolicy}`;

/** A parent: a family in an environment. Its children sync in the order of their waves. */
export const parentTemplate = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "{{name}}"
  namespace: "{{namespace}}"
  labels: "{{labels}}"
  annotations:
    # Taking a family out of this environment waits for a person.
    argocd.argoproj.io/sync-options: "{{prune}}"
  finalizers:
    # Removed together with its children, or they would go on without a parent.
    - resources-finalizer.argocd.argoproj.io
spec:
  project: "{{project}}"
  source:
    repoURL: "{{source.repoURL}}"
    path: "{{source.path}}"
    # {{pinned}}
    targetRevision: "{{source.targetRevision}}"
    kustomize:
      # {{inherit.who}} into this annotation of every child, and a replacement copies it into their
      # targetRevision. So every release changes the children, and waves order every release and not only the first.
      commonAnnotationsEnvsubst: "{{inherit.substitute}}"
      commonAnnotations:
        gitops-gen.io/revision: "{{inherit.revision}}"
  destination: "{{destination}}"
${syncPolicy}`;

/** A model in an environment, and the platform of a cluster. */
export const applicationTemplate = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: "{{name}}"
  namespace: "{{namespace}}"
  labels: "{{labels}}"
  annotations:
    # {{waveNote}}
    argocd.argoproj.io/sync-wave: "{{wave}}"
    # Taking the model out of this environment waits for a person.
    argocd.argoproj.io/sync-options: "{{prune}}"
    # The parent puts the commit that it syncs here.
    gitops-gen.io/revision: "{{revision}}"
  # A model that is removed goes with its workload: GPUs are not left to nobody.
  finalizers: "{{finalizers}}"
spec:
  project: "{{project}}"
  source: "{{source}}"
  destination: "{{destination}}"
  # The autoscaler owns the replicas.
  ignoreDifferences: "{{ignoreDifferences}}"
${syncPolicy}`;

export const childrenTemplate = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: "{{resources}}"
# Children follow the commit of their parent (see commonAnnotations in ../parent.yaml).
replacements:
  - source:
      kind: Application
      name: "{{first}}"
      fieldPath: metadata.annotations.[gitops-gen.io/revision]
    targets:
      - select:
          kind: Application
        fieldPaths:
          - spec.source.targetRevision
`;

export const projectTemplate = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: "{{name}}"
  namespace: "{{namespace}}"
  labels:
    app.kubernetes.io/managed-by: gitops-gen
  annotations:
    # Before the Applications that are in it.
    argocd.argoproj.io/sync-wave: "-10"
spec:
  description: "{{description}}"
  sourceRepos: "{{sourceRepos}}"
  destinations: "{{destinations}}"
  # Exactly the kinds that are rendered, hooks included: one more, and Argo CD refuses the whole sync.
  clusterResourceWhitelist: "{{clusterKinds}}"
  namespaceResourceWhitelist: "{{namespaceKinds}}"
  roles: "{{roles}}"
`;

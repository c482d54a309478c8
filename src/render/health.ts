import type { InstancePlan, Plan } from '../plan/index.js';
import { type Output, putKustomization, putTemplate } from './manifest.js';

/**
 * Health of an Application, for the parents that wait on it. Argo CD has had none since 1.8, so that without it a wave of
 * children counts as done the moment it is created.
 */
const healthScript = `-- A child is healthy when what it is told to run is running: not when something it ran before still is.
local hs = { status = "Progressing", message = "Waiting for the first comparison" }
local status = obj.status or {}
local sync = status.sync or {}
local compared = sync.comparedTo and sync.comparedTo.source
if compared == nil then
  return hs
end

-- The controller has not looked at the new revision yet: its verdict is about the old one.
for _, field in ipairs({ "repoURL", "path", "targetRevision" }) do
  if obj.spec.source ~= nil and compared[field] ~= obj.spec.source[field] then
    hs.message = "Waiting for the comparison with " .. tostring(obj.spec.source.targetRevision)
    return hs
  end
end

local operation = status.operationState
if operation ~= nil then
  local ran = operation.syncResult and operation.syncResult.revision
  if operation.phase == "Running" or operation.phase == "Terminating" then
    hs.message = operation.message or "A sync is running"
    return hs
  end
  if (operation.phase == "Failed" or operation.phase == "Error") and (ran == nil or ran == sync.revision) then
    hs.status = "Degraded"
    hs.message = operation.message or "The sync failed"
    return hs
  end
end

if sync.status ~= "Synced" then
  hs.message = "Not synced yet"
  return hs
end
hs.message = "Some resources are missing"
if status.health ~= nil and status.health.status ~= nil and status.health.status ~= "Missing" then
  hs.status = status.health.status
  hs.message = status.health.message or ""
end
return hs
`;

const limits = `Limits: a sync window that forbids syncs holds the phases back for as long; Argo CD 3.3.9 to 3.4.2 call a child
healthy although a resource of it is missing (argo-cd #27917).`;

const key = 'resource.customizations.health.argoproj.io_Application';

/** One template per owner of argocd-cm; the script is placed as a whole. */
const templates = {
  none: `# What makes phases wait for each other: an entry for the ConfigMap argocd-cm of "{{instance}}". Nobody has said who owns that
# ConfigMap (\`configOwner\` in gitops-gen.yaml), so nothing here applies it.
# ${limits.replaceAll('\n', '\n# ')}
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: "{{namespace}}"
data:
  ${key}: "{{script}}"
`,
  managed: `# What makes phases wait for each other: an entry for the ConfigMap argocd-cm of "{{instance}}". Give it to whoever runs that
# Argo CD; nothing here applies it.
# ${limits.replaceAll('\n', '\n# ')}
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: "{{namespace}}"
data:
  ${key}: "{{script}}"
`,
  helm: `# What makes phases wait for each other: merge this into the values with which the argo-cd chart of "{{instance}}" is installed.
# ${limits.replaceAll('\n', '\n# ')}
configs:
  cm:
    ${key}: "{{script}}"
`,
  operator: `# What makes phases wait for each other: merge this into the ArgoCD resource of "{{instance}}", from which the operator writes
# argocd-cm.
# ${limits.replaceAll('\n', '\n# ')}
apiVersion: argoproj.io/v1beta1
kind: ArgoCD
metadata:
  name: argocd
  namespace: "{{namespace}}"
spec:
  resourceHealthChecks:
    - group: argoproj.io
      kind: Application
      check: "{{script}}"
`,
  kustomize: `# What makes phases wait for each other. Add this folder to \`components\` of the kustomization that installs "{{instance}}".
# ${limits.replaceAll('\n', '\n# ')}
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
data:
  ${key}: "{{script}}"
`,
} as const;

const files = {
  none: 'argocd-cm.yaml',
  managed: 'argocd-cm.yaml',
  helm: 'values.yaml',
  operator: 'argocd.yaml',
  kustomize: 'argocd-cm-patch.yaml',
} as const;

/** Where the customisation for an instance stands. */
export function healthFile(instance: InstancePlan): string {
  return `infrastructure/argocd/${instance.name}/${files[instance.configOwner]}`;
}

/** Writes the customisation in the form of whoever owns argocd-cm. */
export function renderHealth(plan: Plan, output: Output): void {
  for (const instance of plan.instances) {
    const used = plan.families.some((family) => family.releases.some((release) => release.instance === instance.name));
    if (!used) continue;
    const path = healthFile(instance);
    putTemplate(output, path, plan.project.file, templates[instance.configOwner], {
      instance: instance.name,
      namespace: instance.namespace,
      script: healthScript,
    });
    if (instance.configOwner === 'kustomize') {
      putKustomization(output, path.slice(0, path.lastIndexOf('/')), plan.project.file, 'Component', {
        patches: [files.kustomize],
      });
    }
  }
}

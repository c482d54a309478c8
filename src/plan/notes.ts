import type { Draft } from './draft.js';
import type { Plan, PlanNote } from './plan.js';
import type { Strategy } from './strategy.js';

/**
 * What somebody has to know beside the figures.
 *
 * @param applied Instances whose customisation some kustomization of this repository includes.
 */
export function notesOf(
  plan: Plan,
  drafts: readonly Draft[],
  strategies: ReadonlyMap<string, Strategy>,
  applied: ReadonlySet<string>,
): readonly PlanNote[] {
  return [
    ...gateNotes(plan, applied),
    ...promotionNotes(plan),
    ...reservedNotes(plan),
    ...inPlaceNotes(drafts, strategies),
  ];
}

const steps = {
  helm: (folder: string) => `merge ${folder}/values.yaml into the values of the argo-cd chart`,
  operator: (folder: string) => `merge ${folder}/argocd.yaml into the ArgoCD resource of the operator`,
  managed: (folder: string) => `give ${folder}/argocd-cm.yaml to whoever runs that Argo CD`,
  kustomize: (folder: string) => `list ${folder} under \`components\` of the kustomization that installs that Argo CD`,
  none: () => 'say `configOwner` in gitops-gen.yaml: who installed that Argo CD (helm, operator, kustomize, managed)',
} as const;

/** Waves order children only where Argo CD reports the health of Applications, which its owner has to switch on. */
function gateNotes(plan: Plan, applied: ReadonlySet<string>): readonly PlanNote[] {
  return plan.instances.flatMap((instance): PlanNote[] => {
    if (instance.configOwner === 'kustomize' && applied.has(instance.name)) return [];
    const waits = plan.families.some(
      (family) => family.phases.length > 1 && family.releases.some((release) => release.instance === instance.name),
    );
    if (!waits) return [];
    return [
      {
        kind: 'gate-undecidable',
        instance: instance.name,
        message: `Whether phases wait for each other on Argo CD "${instance.name}" cannot be decided here: its argocd-cm belongs to ${instance.configOwner === 'none' ? 'nobody that is known' : instance.configOwner}.`,
        hint: steps[instance.configOwner](`infrastructure/argocd/${instance.name}`),
      },
    ];
  });
}

function promotionNotes(plan: Plan): readonly PlanNote[] {
  return plan.families.flatMap((family) =>
    family.releases
      .filter((release) => release.parent.revision === undefined)
      .map(
        (release): PlanNote => ({
          kind: 'not-promoted',
          family: family.name,
          environment: release.environment,
          cluster: release.cluster,
          message: `${family.name} is not promoted to ${release.environment}${isOneOfSeveral(plan, release.environment) ? ` on ${release.cluster}` : ''} yet: everything is rendered but the parent Application.`,
          hint: `gitops-gen promote ${family.name} --to ${release.environment}${isOneOfSeveral(plan, release.environment) ? ` --cluster ${release.cluster}` : ''}`,
        }),
      ),
  );
}

function isOneOfSeveral({ environments }: Plan, name: string): boolean {
  return environments.some((each) => each.name === name && each.clusters.length > 1);
}

function reservedNotes(plan: Plan): readonly PlanNote[] {
  return plan.families.flatMap((family) =>
    family.phases.flatMap((phase) =>
      phase.reservedIn.map(
        (environment): PlanNote => ({
          kind: 'phase-reserved',
          family: family.name,
          environment,
          message: `Phase ${phase.name} of ${family.name} (${phase.models.join(', ')}) is reserved in ${environment}: planned, not rendered.`,
          hint: `gitops-gen phase enable ${phase.name} --env ${environment}`,
        }),
      ),
    ),
  );
}

function inPlaceNotes(drafts: readonly Draft[], strategies: ReadonlyMap<string, Strategy>): readonly PlanNote[] {
  return drafts.flatMap((draft): PlanNote[] => {
    const strategy = strategies.get(`${draft.cluster} ${draft.namespace} ${draft.slug}`);
    if (strategy !== 'in-place' || draft.settings.strategy !== undefined || draft.range.min === 0) return [];
    const { gpusPerPod, gpu } = draft.sizing;
    return [
      {
        kind: 'in-place',
        family: draft.family.value.metadata.name,
        environment: draft.environment.name,
        cluster: draft.cluster,
        message: `${draft.model.name} in ${draft.environment.name} is updated in place: ${gpusPerPod} x ${gpu} for one more Pod do not fit the declared inventory, so a release runs with ${draft.range.min - 1} of ${draft.range.min} replicas for a while.`,
      },
    ];
  });
}

import type { Draft } from './draft.js';
import type { PlanInput } from './input.js';
import { joinName, slug } from './names.js';
import type { ClusterPlan, FamilyPlan, NamespacePlan } from './plan.js';
import type { Topology } from './topology.js';

/** What each cluster gets beside the models: its platform Application. Clusters without a model get one too. */
export function clusterPlans(
  topology: Topology,
  families: readonly FamilyPlan[],
  drafts: readonly Draft[],
  input: PlanInput,
): readonly ClusterPlan[] {
  return [...topology.clusters].map(([name, site]) => {
    const here = drafts.filter((draft) => draft.cluster === name);
    const namespaces = namespacesOf(here);
    const known = new Set(namespaces.map((namespace) => namespace.name));
    const { quotas, installed } = site.config.value.spec;
    const runtimes = new Set(
      families
        .filter((family) => here.some((draft) => draft.family.value.metadata.name === family.name))
        .map((family) => family.runtime),
    );
    return {
      name,
      slug: slug(name),
      file: site.config.file,
      instance: site.instance.name,
      destination: site.destination,
      kubernetesVersion: site.kubernetesVersion,
      application: joinName('platform', name),
      namespaces,
      resourceQuotas: (quotas?.resourceQuotas ?? [])
        .filter((quota) => known.has(quota.namespace))
        .map((quota) => ({
          namespace: quota.namespace,
          hard: Object.fromEntries(Object.entries(quota.hard).map(([key, value]) => [key, String(value)])),
        })),
      localQueues:
        installed?.kueue === undefined
          ? []
          : (quotas?.kueue ?? []).flatMap((queue) =>
              (queue.namespaces ?? [...known])
                .filter((namespace) => known.has(namespace))
                .map((namespace) => ({ name: queue.localQueue, namespace, clusterQueue: queue.clusterQueue })),
            ),
      gpuCheckNamespaces: [...new Set(here.filter(checksGpus).map((draft) => draft.namespace))].sort(),
      infrastructure: [...runtimes].filter((runtime) => input.runtimes.get(runtime)?.infrastructure === true).sort(),
    };
  });
}

function checksGpus(draft: Draft): boolean {
  return draft.range.min > 0 && !draft.pools.some((pool) => pool.grows);
}

function namespacesOf(drafts: readonly Draft[]): readonly NamespacePlan[] {
  const names = [...new Set(drafts.map((draft) => draft.namespace))].sort();
  return names.map((name) => {
    const here = drafts.filter((draft) => draft.namespace === name);
    const levels = here.map(podSecurityOf).sort((a, b) => rank[b.podSecurity] - rank[a.podSecurity]);
    const environments = new Set(here.map((draft) => draft.environment.name));
    const families = new Set(here.map((draft) => draft.family.value.metadata.name));
    const [environment] = environments;
    const [family] = families;
    return {
      name,
      ...(environment === undefined || environments.size > 1 ? {} : { environment }),
      ...(family === undefined || families.size > 1 ? {} : { family }),
      // The Pods of all of them have to be let in.
      ...(levels[0] ?? { podSecurity: 'restricted' as const }),
    };
  });
}

const rank = { restricted: 0, baseline: 1, privileged: 2 } as const;

/** The strictest level that the Pods of the model pass. */
function podSecurityOf(draft: Draft): Pick<NamespacePlan, 'podSecurity' | 'why'> {
  if (draft.storage.kind === 'node-cache')
    return { podSecurity: 'privileged', why: 'the cache of weights on the nodes is a hostPath volume' };
  if (draft.storage.kind === 'oci-volume')
    return { podSecurity: 'baseline', why: 'image volumes are not in the restricted level of every supported version' };
  if (draft.runtime !== 'vllm')
    return { podSecurity: 'baseline', why: `the Pods are made by the controller of ${draft.runtime}` };
  return { podSecurity: 'restricted' };
}

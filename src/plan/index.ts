import type { Json, OnProblem } from '../diagnostics/diagnostic.js';
import type { Located } from '../spec/spec-set.js';
import type { ModelFamily } from '../spec/types.generated.js';
import { clusterPlans } from './clusters.js';
import { type Draft, demandOfDraft, draftOf, splitImage, stable } from './draft.js';
import type { PlanInput } from './input.js';
import { lockedBlueprint } from './lock.js';
import { joinName, slug } from './names.js';
import { notesOf } from './notes.js';
import { phasesOf } from './phases.js';
import type { DeploymentPlan, FamilyPlan, ModelPlan, PhasePlan, Plan, ReleasePlan } from './plan.js';
import { nodesOf } from './pools.js';
import { quotaCheck } from './quotas.js';
import { replanNotes } from './replan.js';
import { chooseStrategies, type Strategy } from './strategy.js';
import { type Topology, topologyOf } from './topology.js';
import { type TreeFacts, treeFacts } from './tree.js';
import { compact, isLed, validationOf, valuesOf } from './values.js';

export { type CapacityView, type CapacityViewInput, capacityView } from './capacity-view.js';
export { splitImage } from './draft.js';
export { addImage, addModel, addRevision, type NewModel, removeModel } from './edit.js';
export { type ClusterPreset, clusterPresets, type InitAnswers, initialFiles } from './init.js';
export type { Defaults, Pin, PlanInput, RuntimeFacts } from './input.js';
export { writeLock } from './lock.js';
export { joinName, slug } from './names.js';
export type * from './plan.js';
export { poolLegend, poolStyle, poolTable } from './pool-table.js';
export { nodesOf } from './pools.js';
export { ownDestination } from './topology.js';
export { lockPath } from './tree.js';
export { gpuCheckAccount, publishedNames } from './values.js';
export { formatPlanHtml } from './view-html.js';
export { formatPlanMarkdown } from './view-markdown.js';
export { formatPlanText } from './view-text.js';
export type { ViewOptions } from './view-words.js';

/**
 * Decides everything that the specs leave open. Undefined where there is no valid project; a model for which something is
 * wrong is reported and left out.
 */
export function plan(input: PlanInput, onProblem: OnProblem): Plan | undefined {
  const project = input.specs.project;
  if (project === undefined) return undefined;
  const topology = topologyOf(input, project, onProblem);
  const tree = treeFacts(input.files, onProblem, input.replan);
  const drafts = input.specs.families.flatMap((family) => draftsOf({ input, topology, tree, family }, onProblem));
  const strategies = strategiesOf(drafts, input);
  const families = input.specs.families.map((family) =>
    familyPlan({ input, topology, tree, family, drafts, strategies }, onProblem),
  );
  checkNames(input, families, topology, onProblem);
  const plan: Plan = {
    planVersion: 1,
    project: topology.project,
    instances: topology.instances,
    clusters: clusterPlans(topology, families, drafts, input),
    environments: topology.environments,
    families,
    notes: [],
  };
  const isLocked = drafts.some(({ locked }) => locked !== undefined);
  const fresh = isLocked && input.replan !== true ? familiesAnew(input) : [];
  return {
    ...plan,
    notes: [...notesOf(plan, drafts, strategies, healthApplied(input)), ...replanNotes(plan, fresh, input)],
  };
}

/** What would be decided today, where locks hold earlier decisions. */
function familiesAnew(input: PlanInput): readonly FamilyPlan[] {
  return plan({ ...input, replan: true }, () => {})?.families ?? [];
}

/** Instances whose health customisation a kustomization in this repository takes in. */
function healthApplied({ files }: PlanInput): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [path, content] of files) {
    if (typeof content !== 'string' || !/(^|\/)kustomization\.ya?ml$/.test(path)) continue;
    for (const match of content.matchAll(/infrastructure\/argocd\/([a-z0-9.-]+)\s*$/gm))
      if (match[1] !== undefined) found.add(match[1]);
  }
  return found;
}

interface FamilyContext {
  readonly input: PlanInput;
  readonly topology: Topology;
  readonly tree: TreeFacts;
  readonly family: Located<ModelFamily>;
}

function draftsOf(context: FamilyContext, onProblem: OnProblem): readonly Draft[] {
  const { input, topology, tree, family } = context;
  const runtime = runtimeOf(family, input);
  if (!input.runtimes.has(runtime)) {
    onProblem({
      ruleId: 'unknown-runtime',
      severity: 'error',
      message: `there is no blueprint "${runtime}"`,
      at:
        family.value.spec.runtime === undefined
          ? (input.specs.project?.place('/spec/defaults/runtime') ?? family.place(''))
          : family.place('/spec/runtime'),
      allowed: [...input.runtimes.keys()].sort(),
    });
    return [];
  }
  const phases = new Map(
    phasesOf(family.value, topology.environments).flatMap((phase) =>
      phase.models.map((model): [string, PhasePlan] => [model, phase]),
    ),
  );
  const drafts: Draft[] = [];
  for (const [index, model] of family.value.spec.models.entries()) {
    const phase = phases.get(model.name);
    if (phase === undefined) continue;
    for (const environment of topology.environments) {
      if (model.replicas[environment.name] === undefined || !phase.enabledIn.includes(environment.name)) continue;
      for (const cluster of environment.clusters) {
        const site = topology.clusters.get(cluster);
        if (site === undefined) continue;
        const draft = draftOf(
          { input, topology, tree, family, model, index, phase, environment, cluster, site },
          onProblem,
        );
        if (draft !== undefined) drafts.push(draft);
      }
    }
  }
  return drafts;
}

function keyOf(draft: Draft): string {
  return `${draft.cluster} ${draft.namespace} ${draft.slug}`;
}

/** Strategies by draft: each cluster on its own, each wave of each parent together. */
function strategiesOf(drafts: readonly Draft[], input: PlanInput): ReadonlyMap<string, Strategy> {
  const strategies = new Map<string, Strategy>();
  for (const [, here] of groupBy(drafts, (draft) => draft.cluster)) {
    const [first] = here;
    if (first === undefined) continue;
    const candidates = here.map((draft) => {
      const demand = demandOfDraft(draft, 'in-place');
      const decided = draft.settings.strategy ?? draft.locked?.strategy;
      return { id: demand.id, demand, draft, ...(decided === undefined ? {} : { decided }) };
    });
    const waves = groupBy(
      candidates,
      ({ draft }) => `${draft.family.value.metadata.name} ${draft.environment.name} ${draft.phase.wave}`,
    );
    const chosen = chooseStrategies([...waves.values()], {
      everything: candidates.map(({ demand }) => demand),
      nodes: nodesOf(first.site.config.value),
      withinQuotas: quotaCheck(first.site.config.value),
      options: input.capacity ?? {},
    });
    for (const { id, draft } of candidates) strategies.set(keyOf(draft), chosen.get(id) ?? 'in-place');
  }
  return strategies;
}

interface FamilyRequest extends FamilyContext {
  readonly drafts: readonly Draft[];
  readonly strategies: ReadonlyMap<string, Strategy>;
}

function familyPlan(request: FamilyRequest, onProblem: OnProblem): FamilyPlan {
  const { topology, family, input } = request;
  const name = family.value.metadata.name;
  const own = request.drafts.filter((draft) => draft.family === family);
  const models = family.value.spec.models.flatMap((model): ModelPlan[] => {
    const drafts = own.filter((draft) => draft.model === model);
    return drafts.length === 0
      ? []
      : [{ name: model.name, slug: slug(model.name), deployments: deploymentsOf(drafts, request, onProblem) }];
  });
  return {
    name,
    slug: slug(name),
    file: family.file,
    runtime: runtimeOf(family, input),
    blueprint: blueprintVersion(request, onProblem),
    phases: phasesOf(family.value, topology.environments),
    models,
    releases: releasesOf(own, request),
  };
}

function runtimeOf(family: Located<ModelFamily>, input: PlanInput): string {
  return family.value.spec.runtime ?? input.specs.project?.value.spec.defaults?.runtime ?? 'vllm';
}

/**
 * The version of the blueprint that a family is rendered with: the locked one, as long as the family keeps its runtime. A release of
 * this tool with a newer one changes nothing by itself; one that does not bring the locked one any more is refused.
 */
function blueprintVersion({ input, tree, family }: FamilyContext, onProblem: OnProblem): string {
  const runtime = runtimeOf(family, input);
  const facts = input.runtimes.get(runtime);
  const locked = lockedBlueprint(tree.lock(family.value.metadata.name));
  const newest = facts?.version ?? '';
  if (input.replan === true || locked?.name !== runtime || locked.version === newest) return newest;
  if (facts?.earlier?.includes(locked.version) !== true && facts !== undefined)
    onProblem({
      ruleId: 'blueprint-version-gone',
      severity: 'error',
      message: `family "${family.value.metadata.name}" is locked to version ${locked.version} of blueprint "${runtime}", and there is only ${[newest, ...(facts.earlier ?? [])].join(', ')}`,
      at: family.place(family.value.spec.runtime === undefined ? '' : '/spec/runtime'),
      hint: `gitops-gen render --replan moves it to ${newest}, and restarts its Pods; gitops-gen plan of the release that wrote the lock shows it as it is`,
    });
  return locked.version;
}

function deploymentsOf(
  drafts: readonly Draft[],
  request: FamilyRequest,
  onProblem: OnProblem,
): readonly DeploymentPlan[] {
  const plans = drafts.map((draft) => deploymentPlan(draft, request, onProblem));
  const shared = new Set<string>();
  for (const [environment, here] of groupBy(plans, (each) => each.environment)) {
    // Clusters that are told the same share one overlay.
    if (new Set(here.map((each) => stable(withoutPlace(each)))).size <= 1) shared.add(environment);
  }
  return plans.map((each) => {
    const several =
      (request.topology.environments.find((environment) => environment.name === each.environment)?.clusters.length ??
        1) > 1;
    const own = several && !shared.has(each.environment);
    const overlay = `applications/${drafts[0]?.model.name ?? ''}/overlays/${each.environment}${own ? `/${each.cluster}` : ''}`;
    const place = own ? `${each.environment} on ${each.cluster}` : each.environment;
    return {
      ...each,
      overlay,
      values: { ...each.values, place, ...(own || !several ? {} : { cluster: each.environment }) },
    };
  });
}

function withoutPlace({ values, mirror, images }: DeploymentPlan) {
  const { cluster: _, place: __, ...rest } = values;
  return { values: rest, mirror: mirror ?? null, images: images.map((image) => `${image.name}:${image.tag}`) };
}

function deploymentPlan(draft: Draft, request: FamilyRequest, onProblem: OnProblem): DeploymentPlan {
  const { input, tree, topology } = request;
  const strategy = request.strategies.get(keyOf(draft)) ?? 'in-place';
  const several = draft.environment.clusters.length > 1;
  const said = input.specs.project?.value.spec.defaults?.hookImage;
  const hook =
    said === undefined ? { name: input.defaults.hook.image, tag: input.defaults.hook.tag } : splitImage(said);
  const values = valuesOf(draft, strategy, hook.name, draft.environment.name);
  const validation = validationOf(draft);
  const hooked = values['gate'] !== undefined || values['gpuCheck'] !== undefined || validation !== undefined;
  if (hooked && tree.tag(draft.environment.name, hook.name) === null) {
    onProblem({
      ruleId: 'versions-without-image',
      severity: 'error',
      message: `versions/${draft.environment.name}/kustomization.yaml sets no tag for ${hook.name}, which the Jobs beside the engines run`,
      at: { file: `versions/${draft.environment.name}/kustomization.yaml`, pointer: '/images' },
      hint: `add: - { name: ${hook.name}, newTag: "${hook.tag}" }`,
    });
  }
  const mirror = draft.site.config.value.spec.registryMirror;
  return {
    environment: draft.environment.name,
    cluster: draft.cluster,
    application: joinName(draft.model.name, draft.environment.name, ...(several ? [draft.cluster] : [])),
    overlay: '',
    namespace: draft.namespace,
    phase: draft.phase.name,
    wave: draft.phase.wave,
    prune: topology.environments[0]?.name === draft.environment.name ? 'automatic' : 'confirm',
    replicas: draft.range,
    workedOut: draft.workedOut,
    images: [
      ...(draft.image === undefined ? [] : [draft.image]),
      ...(hooked ? [{ name: hook.name, tag: tree.tag(draft.environment.name, hook.name) ?? hook.tag }] : []),
    ],
    ...(mirror === undefined ? {} : { mirror }),
    ...(validation === undefined ? {} : { validation }),
    decisions: {
      given: draft.given,
      decided: compact({
        ...draft.sizing,
        catalog: { ...draft.catalog },
        strategy,
        nodes: { ...draft.placement.choice },
        tolerations: draft.placement.tolerations as Json,
      }),
    },
    values,
  };
}

/** One parent per environment and cluster; pinned environments have one only once something was promoted to them. */
function releasesOf(
  drafts: readonly Draft[],
  { topology, tree, input, family }: FamilyRequest,
): readonly ReleasePlan[] {
  const name = family.value.metadata.name;
  const taken = new Set(family.value.spec.models.map((model) => slug(model.name)));
  return topology.environments.flatMap((environment) =>
    environment.clusters.flatMap((cluster): ReleasePlan[] => {
      const here = drafts.filter((draft) => draft.environment.name === environment.name && draft.cluster === cluster);
      const site = topology.clusters.get(cluster);
      if (here.length === 0 || site === undefined) return [];
      const several = environment.clusters.length > 1;
      const path = `argocd/families/${name}/${environment.name}${several ? `/${cluster}` : ''}`;
      const moved = input.pins?.get(`${name}/${environment.name}/${cluster}`);
      const pin = typeof moved === 'object' ? moved.revision : (moved ?? tree.pin(path));
      const follows = environment.follow === 'branch';
      const revision = follows ? topology.project.branch : pin;
      // A model that bears the family's name would claim the same Application.
      const stem = taken.has(slug(name)) ? `${name}-family` : name;
      return [
        {
          environment: environment.name,
          cluster,
          instance: site.instance.name,
          namespaces: [...new Set(here.map((draft) => draft.namespace))].sort(),
          project: joinName(name, environment.name),
          ...workflowOf(here[0] as Draft, several ? cluster : undefined),
          parent: {
            name: joinName(stem, environment.name, ...(several ? [cluster] : [])),
            path,
            ...(revision === undefined ? {} : { revision }),
            ...(typeof moved === 'object' ? { permits: moved.permits } : {}),
            pinned: !follows,
            moved: moved !== undefined,
          },
        },
      ];
    }),
  );
}

/** The Argo Workflow that leads a release, where the family asks for one. */
function workflowOf(draft: Draft, cluster: string | undefined): Pick<ReleasePlan, 'workflow'> {
  const asked = draft.family.value.spec.workflow;
  if (asked === undefined || !isLed(draft)) return {};
  const { instance } = draft.site;
  return {
    workflow: {
      name: joinName(
        draft.family.value.metadata.name,
        draft.environment.name,
        ...(cluster === undefined ? [] : [cluster]),
      ),
      namespace: asked.namespace ?? 'argo',
      server: asked.server ?? `argocd-server.${instance.namespace}.svc.cluster.local`,
      tokenSecret: asked.tokenSecret ?? 'argocd-rollout',
      argocdVersion: instance.version,
    },
  };
}

/** Two objects with one name: in Argo CD, in a namespace, or as a folder. */
function checkNames(input: PlanInput, families: readonly FamilyPlan[], topology: Topology, onProblem: OnProblem): void {
  const claims = new Map<string, string>();
  const claim = (key: string, who: string, what: string, family: FamilyPlan) => {
    const other = claims.get(key);
    if (other === undefined) claims.set(key, who);
    else if (other !== who) {
      onProblem({
        ruleId: 'name-claimed-twice',
        severity: 'error',
        message: `${who} and ${other} both become ${what}`,
        at: input.specs.families.find((each) => each.value.metadata.name === family.name)?.place('/spec/models') ?? {
          file: family.file,
        },
        hint: 'rename one of them',
        key,
      });
    }
  };
  for (const family of families) {
    for (const model of family.models) {
      claim(
        `folder ${model.name}`,
        `model "${model.name}" of family "${family.name}"`,
        `applications/${model.name}`,
        family,
      );
      for (const deployment of model.deployments) {
        const instance = topology.clusters.get(deployment.cluster)?.instance.name ?? '';
        const who = `model "${model.name}" of family "${family.name}" in ${deployment.environment}`;
        claim(
          `app ${instance} ${deployment.application}`,
          `${who} on ${deployment.cluster}`,
          `Application ${deployment.application}`,
          family,
        );
        claim(
          `object ${deployment.cluster} ${deployment.namespace} ${model.slug}`,
          who,
          `Deployment ${model.slug} in namespace ${deployment.namespace} of cluster ${deployment.cluster}`,
          family,
        );
        claim(
          `service ${deployment.cluster} ${deployment.namespace} ${String(deployment.values['serviceName'])}`,
          who,
          `Service ${String(deployment.values['serviceName'])} in namespace ${deployment.namespace} of cluster ${deployment.cluster}`,
          family,
        );
      }
    }
    for (const release of family.releases) {
      claim(
        `app ${release.instance} ${release.parent.name}`,
        `family "${family.name}" in ${release.environment} on ${release.cluster}`,
        `Application ${release.parent.name}`,
        family,
      );
    }
  }
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

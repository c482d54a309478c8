import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { relativePath } from '../files/path.js';
import type { DeploymentPlan, FamilyPlan, ModelPlan } from '../plan/index.js';
import { type Blueprint, type BlueprintFile, isObject } from './blueprint.js';
import { lookup } from './expression.js';
import { headerOf, type Output, put, putKustomization } from './manifest.js';
import { judgeRendered } from './rendered.js';
import { equal, evaluateSettings, splitSettings } from './settings.js';
import { renderTemplate } from './template.js';

/** What people wrote beside what is rendered. */
export interface People {
  /** Whether `applications/<model>/custom/` is there. */
  custom(model: string): boolean;
  /** Whether `versions/<environment>/<model>/` sets images for that model alone. */
  version(environment: string, model: string): boolean;
}

/** Writes base, components and overlays of every model of a family. */
export function renderApplications(family: FamilyPlan, blueprint: Blueprint, people: People, output: Output): void {
  for (const model of family.models) renderModel(family, model, blueprint, people, output);
}

interface ModelContext {
  readonly family: FamilyPlan;
  readonly model: ModelPlan;
  readonly blueprint: Blueprint;
  readonly custom: boolean;
  readonly people: People;
  readonly folder: string;
  readonly output: Output;
}

function renderModel(family: FamilyPlan, model: ModelPlan, blueprint: Blueprint, people: People, output: Output): void {
  const custom = people.custom(model.name);
  const context: ModelContext = {
    family,
    model,
    blueprint,
    custom,
    people,
    folder: `applications/${model.name}`,
    output,
  };
  // Several clusters that are told the same share one overlay.
  const overlays = [...new Map(model.deployments.map((deployment) => [deployment.overlay, deployment])).values()];
  for (const deployment of overlays) {
    const reason = blueprint.judgeValues(deployment.values);
    if (reason === undefined) continue;
    output.onProblem({
      ruleId: 'blueprint-values',
      severity: 'error',
      message: `blueprint "${blueprint.name}" cannot render ${deployment.application}: ${reason}`,
      at: { file: blueprint.file, pointer: '/values' },
      ...(deployment.values['image'] === undefined
        ? {
            hint: 'Only bundled runtimes have an image of their own: say `image` in the model, or `defaults.image` in gitops-gen.yaml.',
          }
        : {}),
      key: deployment.application,
    });
    return;
  }
  const settings = overlays.map((deployment) => evaluateSettings(blueprint.settings, deployment.values));
  const { base, rest } = splitSettings(settings);
  const shared = { ...agreed(overlays), base };
  const resources = blueprint.files
    .filter((file) => file.scope === 'base' && wanted(file, shared))
    .filter((file) => renderFile(file, `${context.folder}/base/${file.path}`, shared, context))
    .map((file) => file.path);
  putKustomization(output, `${context.folder}/base`, family.file, 'Kustomization', { resources });
  renderComponents(context, overlays, shared);
  for (const [index, deployment] of overlays.entries()) {
    renderOverlay(context, deployment, { ...deployment.values, base, patch: rest[index] ?? {} });
  }
}

/** The values that all deployments share: what base templates may place beside {{base.…}}. */
function agreed(deployments: readonly DeploymentPlan[]): JsonObject {
  const [first, ...others] = deployments.map((deployment) => deployment.values);
  if (first === undefined) return {};
  return common(first, others);
}

function common(first: JsonObject, others: readonly JsonObject[]): JsonObject {
  const shared: Record<string, Json> = {};
  for (const [key, value] of Object.entries(first)) {
    const theirs = others.map((other) => other[key]);
    if (theirs.every((other) => equal(other, value))) shared[key] = value;
    else if (isObject(value) && theirs.every(isObject)) shared[key] = common(value, theirs as readonly JsonObject[]);
  }
  return shared;
}

function wanted(file: BlueprintFile, values: JsonObject): boolean {
  if (file.when === undefined) return true;
  const negated = file.when.startsWith('!');
  const value = lookup(values, negated ? file.when.slice(1) : file.when);
  const truthy = isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
  return truthy !== negated;
}

/** Renders one file of the blueprint; false where nothing is left of it, or where it was refused. */
function renderFile(
  file: BlueprintFile,
  path: string,
  values: JsonObject,
  { blueprint, family, output }: ModelContext,
): boolean {
  const { origin } = file;
  const text = renderTemplate(origin, file.text, values, output.onProblem);
  if (text === undefined || !judgeRendered(text, path, origin, blueprint, file.scope === 'patch', output.onProblem))
    return false;
  put(output, path, headerOf(family.file) + text, `blueprint ${blueprint.name}`);
  return true;
}

/** A component is there where at least one overlay wants it. */
function renderComponents(context: ModelContext, overlays: readonly DeploymentPlan[], shared: JsonObject): void {
  const { blueprint, folder, family, output } = context;
  const files = blueprint.files.filter((file) => file.scope === 'component');
  for (const component of new Set(files.map(componentOf))) {
    const own = files.filter((file) => componentOf(file) === component);
    const users = overlays.filter((deployment) => own.some((file) => wanted(file, deployment.values)));
    if (users.length === 0) continue;
    const values = { ...agreed(users), base: shared['base'] ?? {} };
    const resources = own
      .filter((file) => users.some((deployment) => wanted(file, deployment.values)))
      .filter((file) => renderFile(file, `${folder}/components/${file.path}`, values, context))
      .map((file) => file.path.slice(component.length + 1));
    putKustomization(output, `${folder}/components/${component}`, family.file, 'Component', { resources });
  }
}

function componentOf(file: BlueprintFile): string {
  return file.path.slice(0, file.path.indexOf('/'));
}

function renderOverlay(context: ModelContext, deployment: DeploymentPlan, values: JsonObject): void {
  const { blueprint, folder, family, model, output, custom, people } = context;
  const overlay = deployment.overlay;
  const render = (scope: 'overlay' | 'patch', into: string): readonly string[] =>
    blueprint.files
      .filter((file) => file.scope === scope && wanted(file, values))
      .filter((file) => renderFile(file, `${into}/${file.path}`, values, context))
      .map((file) => file.path);
  const resources = render('overlay', overlay);
  // What people write in custom/ has the last word: then our patches are a component that comes before it.
  const patchFolder = custom ? `${overlay}/settings` : overlay;
  const patches = render('patch', patchFolder);
  if (custom && patches.length > 0) putKustomization(output, patchFolder, family.file, 'Component', { patches });
  const components = blueprint.files
    .filter((file) => file.scope === 'component' && wanted(file, deployment.values))
    .map((file) => `${folder}/components/${componentOf(file)}`);
  putKustomization(output, overlay, family.file, 'Kustomization', {
    namespace: deployment.namespace,
    resources: [relativePath(overlay, `${folder}/base`), ...resources],
    components: [
      ...[
        ...new Set(components),
        ...(deployment.images.length === 0 ? [] : [`versions/${deployment.environment}`]),
        ...(people.version(deployment.environment, model.name)
          ? [`versions/${deployment.environment}/${model.name}`]
          : []),
      ].map((target) => relativePath(overlay, target)),
      ...(custom && patches.length > 0 ? ['settings'] : []),
      ...(custom ? [relativePath(overlay, `${folder}/custom`)] : []),
    ],
    patches: custom ? [] : patches,
    images: mirrored(deployment),
  });
}

/** Images of a cluster that pulls through a mirror; a name without a registry is one of docker.io. */
function mirrored(deployment: DeploymentPlan): readonly JsonObject[] {
  const { mirror } = deployment;
  if (mirror === undefined) return [];
  return deployment.images.map(({ name }) => ({ name, newName: `${mirror}/${name.replace(/^[^/]+\.[^/]+\//, '')}` }));
}

import { isObject, listAt, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { readYaml } from '../yaml/read.js';
import { type KustomizeSettings, kustomizeSettings } from './build-options.js';
import { secretField } from './clusters.js';
import type { AppProject, KubeObject } from './model.js';
import { selects } from './pods.js';
import { type SettingsSource, settingsSources } from './settings-sources.js';

/** What Argo CD's own configuration says, as far as it is in the repository. */
export interface ArgoCdSettings {
  /** What sets argocd-cm whole: the ConfigMap, or the operator's resource. Empty: whoever installed Argo CD keeps it elsewhere. */
  readonly configMaps: readonly KubeObject[];
  /** The Lua that gives Applications a health, in whichever of its forms; undefined where nothing here has it. */
  readonly applicationHealth:
    | { readonly lua: string; readonly object: KubeObject; readonly pointer: string }
    | undefined;
  /** How Argo CD marks what it owns (`application.resourceTrackingMethod`); `annotation` where nothing is said. */
  readonly trackingMethod: 'annotation' | 'label' | 'annotation+label';
  readonly kustomize: KustomizeSettings;
  readonly globalProjects: readonly { readonly projectName: string; readonly labelSelector: JsonObject }[];
}

export function settingsOf(objects: Iterable<KubeObject>, argocdVersion: string): ArgoCdSettings {
  const sources = settingsSources(objects);
  const method = sources
    .map((each) => each.data['application.resourceTrackingMethod'])
    .find((each) => each !== undefined);
  return {
    configMaps: sources.filter((each) => each.isWhole).map((each) => each.object),
    applicationHealth: sources.map(applicationHealth).find((each) => each !== undefined),
    trackingMethod: method === 'label' || method === 'annotation+label' ? method : 'annotation',
    kustomize: kustomizeSettings(sources, argocdVersion),
    globalProjects: sources.flatMap(globalProjects),
  };
}

/** Both forms: a key of its own, and a map in `resource.customizations` (where wildcards work). */
function applicationHealth({ data, object, pointerOf }: SettingsSource): ArgoCdSettings['applicationHealth'] {
  const key = 'resource.customizations.health.argoproj.io_Application';
  const lua = data[key];
  if (lua !== undefined) return { lua, object, pointer: pointerOf(key) };
  const combined = data['resource.customizations'];
  if (combined === undefined) return undefined;
  const map = readYaml('', combined, () => {})[0]?.value;
  if (!isObject(map)) return undefined;
  for (const name of ['argoproj.io/Application', 'argoproj.io/*', '*/*']) {
    const found = stringAt(objectAt(map, name), 'health.lua');
    if (found !== undefined) return { lua: found, object, pointer: pointerOf('resource.customizations') };
  }
  return undefined;
}

function globalProjects({ data }: SettingsSource): ArgoCdSettings['globalProjects'] {
  const text = data['globalProjects'];
  const list = text === undefined ? undefined : readYaml('', text, () => {})[0]?.value;
  return objectsAt({ list: list ?? null }, 'list').flatMap((entry) => {
    const projectName = stringAt(entry, 'projectName');
    return projectName === undefined ? [] : [{ projectName, labelSelector: objectAt(entry, 'labelSelector') }];
  });
}

/** A project with everything that Argo CD adds to it before it asks it anything (GetAppVirtualProject). */
export interface ExtendedProject {
  readonly project: AppProject;
  readonly sourceRepos: readonly Entry<string>[];
  readonly destinations: readonly Entry<JsonObject>[];
  /** Undefined is not the same as empty: without a list every namespaced kind is allowed. */
  readonly namespaceResourceWhitelist: readonly Entry<JsonObject>[] | undefined;
  readonly namespaceResourceBlacklist: readonly Entry<JsonObject>[];
  readonly clusterResourceWhitelist: readonly Entry<JsonObject>[];
  readonly clusterResourceBlacklist: readonly Entry<JsonObject>[];
  readonly sourceNamespaces: readonly Entry<string>[];
  readonly permitOnlyProjectScopedClusters: boolean;
  /** Servers and names of the clusters that belong to this project alone. */
  readonly ownClusters: readonly { readonly server: string | undefined; readonly name: string | undefined }[];
}

/** An entry of a list, with where it stands. */
export interface Entry<T> {
  readonly value: T;
  readonly object: KubeObject;
  readonly pointer: string;
}

export function extendProject(
  project: AppProject,
  projects: ReadonlyMap<string, AppProject>,
  settings: ArgoCdSettings,
  secrets: readonly KubeObject[],
): ExtendedProject {
  const globals = settings.globalProjects
    .filter(
      (each) =>
        each.projectName !== project.name &&
        selects(each.labelSelector, objectAt(project.object.value, 'metadata', 'labels')),
    )
    .flatMap((each) => projects.get(each.projectName) ?? []);
  const all = [project, ...globals];
  const list = (key: string) => all.flatMap((each) => entriesOf(each, key));
  const own = secrets.filter((secret) => secretField(secret, 'project') === project.name);
  const kindOf = (secret: KubeObject) => stringAt(secret.value, 'metadata', 'labels', 'argocd.argoproj.io/secret-type');
  const clusters = own.filter((secret) => kindOf(secret) === 'cluster');
  const hasNamespaceList = all.some((each) => Array.isArray(each.spec['namespaceResourceWhitelist']));
  return {
    project,
    sourceRepos: [
      ...all.flatMap((each) => textsOf(each, 'sourceRepos')),
      ...own.flatMap((secret) => {
        const url = kindOf(secret) === 'repository' ? secretField(secret, 'url') : undefined;
        return url === undefined ? [] : [{ value: url, object: secret, pointer: '/stringData/url' }];
      }),
    ],
    destinations: [...list('destinations'), ...clusters.flatMap(clusterDestinations)],
    namespaceResourceWhitelist: hasNamespaceList ? list('namespaceResourceWhitelist') : undefined,
    namespaceResourceBlacklist: list('namespaceResourceBlacklist'),
    clusterResourceWhitelist: list('clusterResourceWhitelist'),
    clusterResourceBlacklist: list('clusterResourceBlacklist'),
    sourceNamespaces: textsOf(project, 'sourceNamespaces'),
    permitOnlyProjectScopedClusters: project.spec['permitOnlyProjectScopedClusters'] === true,
    ownClusters: clusters.map((secret) => ({
      server: secretField(secret, 'server'),
      name: secretField(secret, 'name'),
    })),
  };
}

function textsOf(project: AppProject, key: string): Entry<string>[] {
  return listAt(project.spec, key).flatMap((value, index) =>
    typeof value === 'string' ? [{ value, object: project.object, pointer: `/spec/${key}/${index}` }] : [],
  );
}

function entriesOf(project: AppProject, key: string): Entry<JsonObject>[] {
  return listAt(project.spec, key).flatMap((value, index) =>
    isObject(value) ? [{ value, object: project.object, pointer: `/spec/${key}/${index}` }] : [],
  );
}

/** A cluster Secret of a project permits its cluster, for the namespaces that it lists or for all of them. */
function clusterDestinations(secret: KubeObject): Entry<JsonObject>[] {
  const server = secretField(secret, 'server') ?? '';
  const namespaces = (secretField(secret, 'namespaces') ?? '').split(',').filter((each) => each.trim() !== '');
  return (namespaces.length === 0 ? ['*'] : namespaces).map((namespace) => ({
    value: { server, namespace: namespace.trim() },
    object: secret,
    pointer: '/stringData/server',
  }));
}

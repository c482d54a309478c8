import { isObject, objectAt, objectsAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { readYaml } from '../yaml/read.js';
import type { KubeObject } from './model.js';

/** A place that says what the data of argocd-cm are: the ConfigMap itself, or what it is written from. */
export interface SettingsSource {
  readonly object: KubeObject;
  /** Keys as argocd-cm has them. */
  readonly data: Readonly<Record<string, string>>;
  /** Where the object says it. */
  pointerOf(key: string): string;
  /** Whether what is not among the data is not set: charts have defaults and further values of their own. */
  readonly isWhole: boolean;
}

/** Everything among the objects that sets argocd-cm. */
export function settingsSources(objects: Iterable<KubeObject>): SettingsSource[] {
  return [...objects].flatMap((object) => {
    const source = configMap(object) ?? operatorResource(object) ?? chartValues(object);
    return source === undefined ? [] : [source];
  });
}

function configMap(object: KubeObject): SettingsSource | undefined {
  if (object.kind !== 'ConfigMap' || object.group !== '' || object.name !== 'argocd-cm') return undefined;
  return {
    object,
    data: textsOf(objectAt(object.value, 'data')),
    pointerOf: (key) => `/data/${escaped(key)}`,
    isWhole: true,
  };
}

/**
 * The resource from which the Argo CD operator writes argocd-cm (argocd-operator, controllers/argocd/configmap.go): fields of
 * its own for a few keys, and `extraConfig` over all of them.
 */
function operatorResource(object: KubeObject): SettingsSource | undefined {
  if (object.kind !== 'ArgoCD' || object.group !== 'argoproj.io') return undefined;
  const spec = objectAt(object.value, 'spec');
  const data: Record<string, string> = {};
  const pointers = new Map<string, string>();
  const set = (key: string, value: string | undefined, pointer: string) => {
    if (value === undefined) return;
    data[key] = value;
    pointers.set(key, pointer);
  };
  set('kustomize.buildOptions', stringAt(spec, 'kustomizeBuildOptions'), '/spec/kustomizeBuildOptions');
  set('application.resourceTrackingMethod', stringAt(spec, 'resourceTrackingMethod'), '/spec/resourceTrackingMethod');
  for (const [index, version] of objectsAt(spec, 'kustomizeVersions').entries()) {
    const name = stringAt(version, 'version');
    if (name !== undefined)
      set(`kustomize.version.${name}`, stringAt(version, 'path'), `/spec/kustomizeVersions/${index}/path`);
  }
  for (const [index, check] of objectsAt(spec, 'resourceHealthChecks').entries()) {
    const [group, kind] = [stringAt(check, 'group'), stringAt(check, 'kind')];
    const key = `resource.customizations.health.${group ? `${group}_` : ''}${kind}`;
    if (kind !== undefined) set(key, stringAt(check, 'check'), `/spec/resourceHealthChecks/${index}/check`);
  }
  for (const [key, value] of Object.entries(textsOf(objectAt(spec, 'extraConfig')))) {
    set(key, value, `/spec/extraConfig/${escaped(key)}`);
  }
  return { object, data, pointerOf: (key) => pointers.get(key) ?? '/spec', isWhole: true };
}

/** An Application that installs Argo CD by its chart: `configs.cm`, which older charts called `server.config`. */
function chartValues(object: KubeObject): SettingsSource | undefined {
  if (object.kind !== 'Application' || object.group !== 'argoproj.io') return undefined;
  const spec = objectAt(object.value, 'spec');
  const many = objectsAt(spec, 'sources').map((source, index) => ({ source, at: `/spec/sources/${index}` }));
  const all = many.length > 0 ? many : [{ source: objectAt(spec, 'source'), at: '/spec/source' }];
  const found = all.find(({ source }) => stringAt(source, 'chart') === 'argo-cd');
  if (found === undefined) return undefined;
  const helm = objectAt(found.source, 'helm');
  const text = stringAt(helm, 'values');
  const written = text === undefined ? undefined : readYaml('', text, () => {})[0]?.value;
  const values: JsonObject = isObject(helm['valuesObject'])
    ? objectAt(helm, 'valuesObject')
    : isObject(written)
      ? written
      : {};
  const data = textsOf({ ...objectAt(values, 'server', 'config'), ...objectAt(values, 'configs', 'cm') });
  const pointer = `${found.at}/helm/${isObject(helm['valuesObject']) ? 'valuesObject' : 'values'}`;
  return { object, data, pointerOf: () => pointer, isWhole: false };
}

function textsOf(map: Readonly<Record<string, Json>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) =>
      typeof value === 'object' ? [] : [[key, String(value)] as [string, string]],
    ),
  );
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

import { isObject, listAt, objectAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { dirname, resolvePath } from '../files/path.js';
import { readYaml } from '../yaml/read.js';
import { writeYaml } from '../yaml/write.js';

/** `spec.source.kustomize` of an Application, with what Argo CD puts in the place of its variables. */
export interface KustomizeOptions {
  readonly fields: JsonObject;
  /** The build environment; empty where no field refers to it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Stands for the commit that a branch will have once this tree is merged: a commit cannot contain its own id. */
export const thisCommit = '0'.repeat(40);

/** The options of a source that change what is rendered; undefined where there are none. */
export function kustomizeOptions(
  application: JsonObject,
  source: JsonObject,
  revision: string,
): KustomizeOptions | undefined {
  const fields = Object.fromEntries(
    Object.entries(objectAt(source, 'kustomize')).filter(
      ([key, value]) => key !== 'version' && value !== null && value !== '',
    ),
  );
  if (Object.keys(fields).length === 0) return undefined;
  const asks = JSON.stringify(fields).includes('$');
  return { fields, environment: asks ? environmentOf(application, source, revision) : {} };
}

/** The variables of the build environment (reposerver/repository/repository.go newEnv). */
function environmentOf(application: JsonObject, source: JsonObject, revision: string): Record<string, string> {
  return {
    ARGOCD_APP_NAME: stringAt(application, 'metadata', 'name') ?? '',
    ARGOCD_APP_NAMESPACE: stringAt(application, 'spec', 'destination', 'namespace') ?? '',
    ARGOCD_APP_PROJECT_NAME: stringAt(application, 'spec', 'project') || 'default',
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_REPO_URL: stringAt(source, 'repoURL') ?? '',
    ARGOCD_APP_SOURCE_PATH: stringAt(source, 'path') ?? '',
    ARGOCD_APP_SOURCE_TARGET_REVISION: stringAt(source, 'targetRevision') ?? '',
  };
}

/**
 * What Argo CD's `kustomize edit` commands make of a kustomization file before the build
 * (util/kustomize/kustomize.go Build). Undefined where the file is not readable; the build says so.
 */
export function editKustomization(tree: Tree, file: string, options: KustomizeOptions): string | undefined {
  const value = kustomizationIn(tree, file);
  if (value === undefined) return undefined;
  const { fields } = options;
  const out: Record<string, Json> = { ...value };
  for (const key of ['namePrefix', 'nameSuffix', 'namespace']) {
    const field = stringAt(fields, key);
    if (field !== undefined) out[key] = field;
  }
  if (fields['images'] !== undefined) {
    const images = listAt(fields, 'images').map((each) => envsubst(String(each), options));
    out['images'] = mergedImages(listAt(value, 'images'), images);
  }
  if (fields['replicas'] !== undefined)
    out['replicas'] = mergedReplicas(listAt(value, 'replicas'), listAt(fields, 'replicas'));
  const labels = substituted(objectAt(fields, 'commonLabels'), options);
  if (Object.keys(labels).length > 0) addLabels(out, value, labels, fields);
  const annotations = objectAt(fields, 'commonAnnotations');
  if (Object.keys(annotations).length > 0) {
    const substitute = fields['commonAnnotationsEnvsubst'] === true;
    const own = substitute ? substituted(annotations, options) : annotations;
    out['commonAnnotations'] = { ...objectAt(value, 'commonAnnotations'), ...own };
  }
  const components = addedComponents(tree, file, fields);
  if (components.length > 0) {
    const present = listAt(value, 'components');
    out['components'] = [...present, ...components.filter((each) => !present.includes(each))];
  }
  if (fields['patches'] !== undefined) out['patches'] = [...listAt(value, 'patches'), ...listAt(fields, 'patches')];
  return writeYaml(out);
}

/** A field of the source that `kustomize edit` refuses, so that nothing is built: where it stands in `kustomize`, and why. */
export interface RefusedEdit {
  readonly pointer: string;
  readonly reason: string;
}

/**
 * What `kustomize edit add` does not overwrite without `--force` (kustomize/commands/edit/add/addmetadata.go), and the flag that it
 * refuses alone.
 */
export function refusedEdits(tree: Tree, file: string, fields: JsonObject): readonly RefusedEdit[] {
  const value = kustomizationIn(tree, file);
  if (value === undefined) return [];
  const withoutSelector = fields['labelWithoutSelector'] === true;
  const withTemplates = fields['labelIncludeTemplates'] === true;
  const labels = objectAt(fields, 'commonLabels');
  const out: RefusedEdit[] = [];
  if (withTemplates && !withoutSelector && Object.keys(labels).length > 0) {
    const reason = 'labelIncludeTemplates needs labelWithoutSelector';
    out.push({ pointer: '/labelIncludeTemplates', reason });
  }
  const present = withoutSelector
    ? objectAt(labelEntry(listAt(value, 'labels'), withTemplates) ?? {}, 'pairs')
    : objectAt(value, 'commonLabels');
  const add = (key: 'commonLabels' | 'commonAnnotations', force: string, taken: JsonObject) => {
    if (fields[force] === true) return;
    for (const name of Object.keys(objectAt(fields, key))) {
      if (!Object.hasOwn(taken, name)) continue;
      const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
      const reason = `the kustomization has ${name} already, and without ${force} it is not overwritten`;
      out.push({ pointer: `/${key}/${escaped}`, reason });
    }
  };
  add('commonLabels', 'forceCommonLabels', present);
  add('commonAnnotations', 'forceCommonAnnotations', objectAt(value, 'commonAnnotations'));
  return out;
}

function kustomizationIn(tree: Tree, file: string): JsonObject | undefined {
  const text = tree.files.get(file);
  const value = typeof text === 'string' ? readYaml(file, text, () => {})[0]?.value : undefined;
  return isObject(value) ? value : undefined;
}

/** With `ignoreMissingComponents`, folders that are not there are passed over. */
function addedComponents(tree: Tree, file: string, fields: JsonObject): Json[] {
  const components = listAt(fields, 'components');
  if (fields['ignoreMissingComponents'] !== true) return [...components];
  return components.filter((each) => {
    const dir = resolvePath(dirname(file), String(each));
    return dir !== undefined && [...tree.files.keys()].some((path) => path.startsWith(`${dir}/`));
  });
}

function addLabels(out: Record<string, Json>, value: JsonObject, labels: JsonObject, fields: JsonObject): void {
  if (fields['labelWithoutSelector'] !== true) {
    out['commonLabels'] = { ...objectAt(value, 'commonLabels'), ...labels };
    return;
  }
  const includeTemplates = fields['labelIncludeTemplates'] === true;
  const present = listAt(value, 'labels');
  const known = labelEntry(present, includeTemplates);
  const pairs = { ...objectAt(known ?? {}, 'pairs'), ...labels };
  const entry = { ...known, pairs, includeSelectors: false, ...(includeTemplates ? { includeTemplates } : {}) };
  out['labels'] = known === undefined ? [...present, entry] : present.map((each) => (each === known ? entry : each));
}

/** The entry of `labels` that more labels join: one without selectors, and as far as they are with templates or without. */
function labelEntry(entries: readonly Json[], includeTemplates: boolean): JsonObject | undefined {
  return entries
    .filter(isObject)
    .find((each) => each['includeSelectors'] !== true && (each['includeTemplates'] === true) === includeTemplates);
}

function substituted(map: JsonObject, options: KustomizeOptions): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, each]) => [key, envsubst(String(each), options)]));
}

/** Go's os.Expand as Env.Envsubst uses it: an unknown variable is empty, and `$$` is a dollar. */
function envsubst(text: string, { environment }: KustomizeOptions): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+)|(\$))/g, (_, braced?: string, bare?: string, dollar?: string) => {
    if (dollar !== undefined) return dollar;
    const name = braced ?? bare ?? '';
    return Object.hasOwn(environment, name) ? (environment[name] as string) : '';
  });
}

/** `name=newName:newTag@digest` and its shorter forms, as `kustomize edit set image` takes them. */
function mergedImages(present: readonly Json[], added: readonly Json[]): Json[] {
  const byName = new Map<string, JsonObject>();
  for (const image of present) if (isObject(image)) byName.set(stringAt(image, 'name') ?? '', image);
  for (const text of added) {
    if (typeof text !== 'string') continue;
    const equals = text.indexOf('=');
    const target = text.slice(equals + 1);
    const at = target.indexOf('@');
    const withoutDigest = at < 0 ? target : target.slice(0, at);
    const colon = withoutDigest.lastIndexOf(':');
    const hasTag = colon > withoutDigest.lastIndexOf('/');
    const repository = hasTag ? withoutDigest.slice(0, colon) : withoutDigest;
    const name = equals < 0 ? repository : text.slice(0, equals);
    byName.set(name, {
      name,
      ...(repository === name ? {} : { newName: repository }),
      ...(hasTag ? { newTag: withoutDigest.slice(colon + 1) } : {}),
      ...(at < 0 ? {} : { digest: target.slice(at + 1) }),
    });
  }
  return [...byName.values()];
}

function mergedReplicas(present: readonly Json[], added: readonly Json[]): Json[] {
  const byName = new Map<string, Json>();
  for (const each of [...present, ...added]) {
    if (!isObject(each)) continue;
    const count = each['count'];
    byName.set(stringAt(each, 'name') ?? '', {
      ...each,
      count: typeof count === 'string' ? Number(count) : (count ?? 0),
    });
  }
  return [...byName.values()];
}

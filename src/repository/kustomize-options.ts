import { isObject, listAt, objectAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { readYaml } from '../yaml/read.js';
import { writeYaml } from '../yaml/write.js';

/** `spec.source.kustomize` of an Application, with what Argo CD puts in the place of its variables. */
export interface KustomizeOptions {
  readonly fields: JsonObject;
  readonly appName: string;
  readonly revision: string;
}

/** Stands for the commit that a branch will have once this tree is merged: a commit cannot contain its own id. */
export const thisCommit = '0'.repeat(40);

/** The options of a source that change what is rendered; undefined where there are none. */
export function kustomizeOptions(source: JsonObject, appName: string, revision: string): KustomizeOptions | undefined {
  const kustomize = objectAt(source, 'kustomize');
  const fields = Object.fromEntries(
    Object.entries(kustomize).filter(([key, value]) => key !== 'version' && value !== null && value !== ''),
  );
  return Object.keys(fields).length === 0 ? undefined : { fields, appName, revision };
}

/**
 * What Argo CD's `kustomize edit` commands make of a kustomization file before the build
 * (util/kustomize/kustomize.go Build). Undefined where the file is not readable; the build says so.
 */
export function editKustomization(tree: Tree, file: string, options: KustomizeOptions): string | undefined {
  const text = tree.files.get(file);
  const value = typeof text === 'string' ? readYaml(file, text, () => {})[0]?.value : undefined;
  if (!isObject(value)) return undefined;
  const { fields } = options;
  const out: Record<string, Json> = { ...value };
  for (const key of ['namePrefix', 'nameSuffix', 'namespace']) {
    const field = stringAt(fields, key);
    if (field !== undefined) out[key] = field;
  }
  if (fields['images'] !== undefined) out['images'] = mergedImages(listAt(value, 'images'), listAt(fields, 'images'));
  if (fields['replicas'] !== undefined)
    out['replicas'] = mergedReplicas(listAt(value, 'replicas'), listAt(fields, 'replicas'));
  const labels = objectAt(fields, 'commonLabels');
  if (Object.keys(labels).length > 0) addLabels(out, value, labels, fields);
  const annotations = objectAt(fields, 'commonAnnotations');
  if (Object.keys(annotations).length > 0) {
    const substitute = fields['commonAnnotationsEnvsubst'] === true;
    const own = Object.fromEntries(
      Object.entries(annotations).map(([key, each]) => [key, substitute ? envsubst(String(each), options) : each]),
    );
    out['commonAnnotations'] = { ...objectAt(value, 'commonAnnotations'), ...own };
  }
  if (fields['components'] !== undefined) {
    out['components'] = [...listAt(value, 'components'), ...listAt(fields, 'components')];
  }
  if (fields['patches'] !== undefined) out['patches'] = [...listAt(value, 'patches'), ...listAt(fields, 'patches')];
  return writeYaml(out);
}

function addLabels(out: Record<string, Json>, value: JsonObject, labels: JsonObject, fields: JsonObject): void {
  if (fields['labelWithoutSelector'] === true) {
    const includeTemplates = fields['labelIncludeTemplates'] === true;
    const entry = { pairs: labels, includeSelectors: false, ...(includeTemplates ? { includeTemplates } : {}) };
    out['labels'] = [...listAt(value, 'labels'), entry];
  } else out['commonLabels'] = { ...objectAt(value, 'commonLabels'), ...labels };
}

/** The variables of the build environment that can be known without a cluster. The others stay as they are written. */
function envsubst(text: string, { appName, revision }: KustomizeOptions): string {
  const known: Readonly<Record<string, string>> = {
    ARGOCD_APP_NAME: appName,
    ARGOCD_APP_REVISION: revision,
    ARGOCD_APP_REVISION_SHORT: revision.slice(0, 7),
    ARGOCD_APP_REVISION_SHORT_8: revision.slice(0, 8),
    ARGOCD_APP_SOURCE_TARGET_REVISION: revision,
  };
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced: string | undefined, bare: string | undefined) =>
    Object.hasOwn(known, braced ?? bare ?? '') ? (known[braced ?? bare ?? ''] as string) : whole,
  );
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

import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { readYaml } from '../yaml/read.js';

/** What planning reads of the present tree: inputs that people and promotions own. */
export interface TreeFacts {
  /** The revision that a parent is pinned to, by the folder of its parent.yaml. */
  pin(parentPath: string): string | undefined;
  /**
   * The tag that versions/<environment> sets for an image; null where the file is there and does not set it. One that
   * versions/<environment>/<model> sets for that model alone wins.
   */
  tag(environment: string, image: string, model?: string): string | null | undefined;
  /** The revision of a model's weights in versions/<environment>/<model>/revision.yaml, else in the list models.yaml beside it. */
  revision(environment: string, model: string): string | undefined;
  lock(family: string): JsonObject | undefined;
}

export function treeFacts(files: FileMap): TreeFacts {
  const cache = new Map<string, Json | undefined>();
  const read = (path: string): Json | undefined => {
    if (!cache.has(path)) {
      const text = textAt(files, path);
      // Syntax is judged where the whole tree is; here an unreadable file counts as absent.
      cache.set(path, text === undefined ? undefined : readYaml(path, text, () => {})[0]?.value);
    }
    return cache.get(path);
  };
  return {
    pin: (path) => text(at(read(`${path}/parent.yaml`), 'spec', 'source', 'targetRevision')),
    tag: (environment, image, model) => {
      const own = model === undefined ? undefined : read(`versions/${environment}/${model}/kustomization.yaml`);
      const shared = read(`versions/${environment}/kustomization.yaml`);
      return tagIn(own, image) ?? (shared === undefined ? undefined : (tagIn(shared, image) ?? null));
    },
    revision: (environment, model) =>
      text(at(read(`versions/${environment}/${model}/revision.yaml`), 'revision')) ??
      text(at(read(`versions/${environment}/models.yaml`), 'revisions', model)),
    lock: (family) => {
      const lock = read(lockPath(family));
      return isObject(lock) ? lock : undefined;
    },
  };
}

/** The tag, or the digest behind `@`, that a kustomization sets for an image. */
function tagIn(kustomization: Json | undefined, image: string): string | undefined {
  const images = at(kustomization, 'images');
  const entry = Array.isArray(images) ? images.find((each: Json) => at(each, 'name') === image) : undefined;
  const digest = text(at(entry, 'digest'));
  return text(at(entry, 'newTag')) ?? (digest === undefined ? undefined : `@${digest}`);
}

export function lockPath(family: string): string {
  return `.gitops-gen/lock/${family}.yaml`;
}

function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  let found = value;
  for (const key of keys) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

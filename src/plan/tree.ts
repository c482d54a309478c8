import type { Json, JsonObject, OnProblem } from '../diagnostics/diagnostic.js';
import { describeValue } from '../diagnostics/show.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { formats } from '../spec/formats.js';
import { toPointer } from '../yaml/pointer.js';
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

/**
 * Files that nothing but planning reads are judged here: a revision or a lock that cannot be read must not count as absent.
 *
 * @param isAnew Locks do not count, because everything is decided anew.
 */
export function treeFacts(files: FileMap, onProblem: OnProblem, isAnew = false): TreeFacts {
  const cache = new Map<string, Json | undefined>();
  const read = (path: string, report: OnProblem = () => {}): Json | undefined => {
    if (!cache.has(path)) {
      const text = textAt(files, path);
      // Syntax is judged where the whole tree is; here an unreadable file counts as absent.
      cache.set(path, text === undefined ? undefined : readYaml(path, text, report)[0]?.value);
    }
    return cache.get(path);
  };
  const revisionIn = (file: string, pointer: string, ...keys: readonly string[]): string | undefined => {
    if (textAt(files, file) === undefined) return undefined;
    let isRead = true;
    const value = read(file, (problem) => {
      isRead = isRead && problem.severity !== 'error';
      onProblem(problem);
    });
    const found = at(value, ...keys);
    if (!isRead || (typeof found === 'string' && formats.get('model-revision')?.(found) === undefined))
      return text(found);
    if (keys.length > 1 && found === undefined && (value === null || isObject(value))) return undefined;
    onProblem({
      ruleId: 'versions-revision',
      severity: 'error',
      message:
        found === undefined
          ? `${file} does not say which revision of the weights runs.`
          : `The revision of the weights is ${describeValue(found)}.`,
      at: { file, pointer: found === undefined ? '' : pointer },
      hint: 'Write the commit, tag or version of the source as text, for example revision: "0e9e39f".',
    });
    return undefined;
  };
  return {
    pin: (path) => text(at(read(`${path}/parent.yaml`), 'spec', 'source', 'targetRevision')),
    tag: (environment, image, model) => {
      const own = model === undefined ? undefined : read(`versions/${environment}/${model}/kustomization.yaml`);
      const shared = read(`versions/${environment}/kustomization.yaml`);
      return tagIn(own, image) ?? (shared === undefined ? undefined : (tagIn(shared, image) ?? null));
    },
    revision: (environment, model) =>
      revisionIn(`versions/${environment}/${model}/revision.yaml`, '/revision', 'revision') ??
      revisionIn(`versions/${environment}/models.yaml`, toPointer(['revisions', model]), 'revisions', model),
    lock: (family) => {
      const file = lockPath(family);
      const lock = read(file);
      if (isObject(lock)) return lock;
      if (!isAnew && textAt(files, file) !== undefined)
        onProblem({
          ruleId: 'lock-unreadable',
          severity: 'error',
          message: `What was decided for ${family} cannot be read here; deciding anew may restart what runs.`,
          at: { file },
          hint: `Take it from the history (git checkout HEAD -- ${file}), or decide anew: gitops-gen render --replan.`,
        });
      return undefined;
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

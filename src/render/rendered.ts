import type { Json, OnProblem } from '../diagnostics/diagnostic.js';
import { readYaml } from '../yaml/read.js';
import { type Blueprint, isObject } from './blueprint.js';

/** Judges what came out of a template: one object, of a kind that the blueprint may render, with text as annotations. */
export function judgeRendered(
  text: string,
  path: string,
  template: string,
  blueprint: Blueprint,
  patch: boolean,
  onProblem: OnProblem,
): boolean {
  let ok = true;
  const refuse = (
    ruleId: string,
    message: string,
    pointer: string,
    extra: { hint?: string; allowed?: readonly string[] } = {},
  ) => {
    ok = false;
    onProblem({
      ruleId,
      severity: 'error',
      message: `${message} (rendered to ${path})`,
      at: { file: template, pointer },
      ...extra,
    });
  };
  const documents = readYaml(template, text, (problem) => {
    ok = false;
    onProblem(problem);
  });
  const value = documents[0]?.value;
  if (documents.length !== 1 || !isObject(value)) {
    if (ok) refuse('blueprint-output', 'the template does not render to one object', '');
    return false;
  }
  const kind = `${String(value['apiVersion'] ?? '')}/${String(value['kind'] ?? '')}`;
  if (!blueprint.kinds.includes(kind)) {
    refuse('blueprint-kind', `kind ${kind} is not in the list of blueprint "${blueprint.name}"`, '/kind', {
      allowed: blueprint.kinds,
    });
  }
  const metadata = value['metadata'];
  if (!isObject(metadata) || typeof metadata['name'] !== 'string')
    refuse('blueprint-output', 'the object has no name', '/metadata');
  else {
    for (const field of ['annotations', 'labels'] as const) {
      for (const [key, each] of Object.entries(isObject(metadata[field]) ? metadata[field] : {})) {
        if (typeof (each as Json) !== 'string')
          refuse('blueprint-output', `${field} are text, and ${key} is not`, `/metadata/${field}`, {
            hint: 'quote it',
          });
      }
    }
  }
  if (patch && isObject(metadata) && metadata['namespace'] !== undefined)
    refuse('blueprint-output', 'a patch names no namespace: the overlay does', '/metadata/namespace');
  return ok;
}

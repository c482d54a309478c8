import { isObject, objectAt, stringAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { readYaml } from '../yaml/read.js';
import { type Params, renderTemplate, type Templating, Undecidable } from './set-template.js';

/**
 * The template of a generator, filled with that of the ApplicationSet: its own fields stand unless they are empty
 * (mergeGeneratorTemplate in applicationset/generators/generator_spec_processor.go, which is mergo.Merge without overriding).
 */
export function filledTemplate(own: Json | undefined, base: Json | undefined): Json {
  if (isEmpty(own)) return base ?? own ?? null;
  if (!isObject(own) || !isObject(base)) return own as Json;
  const out: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(own)) out[key] = filledTemplate(value, base[key]);
  return out;
}

/** What Go's zero values are: mergo cannot tell them from fields that nobody wrote. */
function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** The template of a top-level generator, whichever its kind; those of generators inside a matrix or merge are not used. */
export function templateOfGenerator(
  generator: JsonObject,
): { readonly kind: string; readonly template: JsonObject } | undefined {
  for (const [kind, value] of Object.entries(generator)) {
    if (kind === 'selector' || !isObject(value)) continue;
    const template = objectAt(value, 'template');
    if (!isEmpty(template)) return { kind, template };
  }
  return undefined;
}

/** `spec.templatePatch` with its placeholders filled; throws Undecidable. */
export function renderPatch(text: string, params: Params, goTemplate: Templating): JsonObject {
  const rendered = String(renderTemplate(text, params, goTemplate));
  let isBroken = false;
  const value = readYaml('', rendered, () => {
    isBroken = true;
  })[0]?.value;
  if (isBroken || !isObject(value)) throw new Undecidable('a templatePatch that is no mapping once it is filled');
  if (JSON.stringify(value).includes('"$'))
    throw new Undecidable('a templatePatch with directives of strategic merges');
  return value;
}

/**
 * Lays a templatePatch over an Application (applyTemplatePatch in applicationset/controllers/template/patch.go). Lists of an
 * Application have no merge keys and are replaced, but for its finalizers, which add up; the project cannot be changed.
 */
export function patched(application: JsonObject, patch: JsonObject): JsonObject {
  const project = stringAt(application, 'spec', 'project');
  const out = laid(application, patch, '') as JsonObject;
  const { project: _, ...spec } = objectAt(out, 'spec');
  return { ...out, spec: project === undefined ? spec : { ...spec, project } };
}

function laid(target: Json | undefined, patch: Json, pointer: string): Json {
  if (pointer === '/metadata/finalizers' && Array.isArray(target) && Array.isArray(patch)) {
    return [...new Set([...target, ...patch] as readonly Json[])];
  }
  if (!isObject(patch)) return patch;
  const out: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = laid(out[key], value, `${pointer}/${key}`);
  }
  return out;
}

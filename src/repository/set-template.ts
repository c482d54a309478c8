import { at, isObject, listAt } from '../capacity/read.js';
import type { Json, JsonObject } from '../diagnostics/diagnostic.js';
import { goText } from './go-functions.js';
import { renderGoText } from './go-template.js';

/** A parameter set of a generator. With go templates it is nested, without it is flat text. */
export type Params = JsonObject;

export { normalizeName } from './go-functions.js';
export { MissingParameter, Undecidable } from './undecidable.js';

/** Without go templates; with them; or with them and `missingkey=error`. */
export type Templating = false | 'go' | 'strict';

/** How an ApplicationSet fills its templates. */
export function templatingOf(set: JsonObject): Templating {
  if (at(set, 'spec', 'goTemplate') !== true) return false;
  return listAt(set, 'spec', 'goTemplateOptions').includes('missingkey=error') ? 'strict' : 'go';
}

/** Fills the string fields of a template, as the controller does (keys too); throws Undecidable. */
export function renderTemplate(template: Json, params: Params, templating: Templating): Json {
  const fill = (text: string): string =>
    templating === false ? fastText(text, params) : renderGoText(text, params, templating === 'strict');
  if (typeof template === 'string') return fill(template);
  if (Array.isArray(template))
    return (template as readonly Json[]).map((each) => renderTemplate(each, params, templating));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [fill(key), renderTemplate(value, params, templating)]),
  );
}

/** fasttemplate: `{{name}}` by its whole name; an unknown one stays as it is written. */
function fastText(text: string, params: Params): string {
  return text.replace(/\{\{([^{}]*)\}\}/g, (whole, name: string) => {
    const value = params[name.trim()];
    return value === undefined ? whole : value === null ? '' : goText(value);
  });
}

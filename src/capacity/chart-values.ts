import type { JsonObject } from '../diagnostics/diagnostic.js';
import { readYaml } from '../yaml/read.js';
import { at, isObject, objectAt, objectsAt, stringAt } from './read.js';

/**
 * The values that an Argo CD Application gives a chart, where they stand in the Application itself; undefined where it is not
 * of the chart, or takes files of values: then nobody here knows them whole.
 */
export function chartValues(application: JsonObject, chart: string): JsonObject | undefined {
  const spec = objectAt(application, 'spec');
  const sources = [objectAt(spec, 'source'), ...objectsAt(spec, 'sources')];
  const source = sources.find((each) => stringAt(each, 'chart') === chart);
  if (source === undefined) return undefined;
  const helm = objectAt(source, 'helm');
  const files = at(helm, 'valueFiles');
  if (Array.isArray(files) && files.length > 0) return undefined;
  return isObject(at(helm, 'valuesObject')) ? objectAt(helm, 'valuesObject') : documentOf(stringAt(helm, 'values'));
}

/** The first document of a YAML text, where it is a map. */
export function documentOf(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const value = readYaml('', text, () => {})[0]?.value;
  return isObject(value) ? value : {};
}

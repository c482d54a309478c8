import { Ajv } from 'ajv';
import type { Json, JsonObject, OnProblem } from '../diagnostics/diagnostic.js';
import type { FileMap } from '../files/file-map.js';
import { resolvePath } from '../files/path.js';
import { publishedNames } from '../plan/index.js';
import { readYaml } from '../yaml/read.js';
import { hasExpression, parseTemplate, TemplateError } from './expression.js';
import { templatePaths } from './template.js';

/**
 * Where a file goes: `base` and `overlay` are resources, `patch` is a strategic-merge patch of an overlay, `component` an
 * optional part that overlays include, `infrastructure` a resource of every cluster that the blueprint runs on.
 */
export type Scope = 'base' | 'overlay' | 'patch' | 'component' | 'infrastructure';

export interface BlueprintFile {
  /** Below the folder that the scope stands for; for a component, `<component>/<file>`. */
  readonly path: string;
  readonly template: string;
  /** Path of the template, for messages. */
  readonly origin: string;
  readonly text: string;
  readonly scope: Scope;
  /** A dotted path into the values, negated by a leading `!`. */
  readonly when?: string;
}

/** What a runtime looks like: read from `blueprint.yaml` and the templates that it names. */
export interface Blueprint {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** `apiVersion/Kind`, all that its files may render. */
  readonly kinds: readonly string[];
  /** JSON Schema of the values that it needs. */
  readonly values: JsonObject;
  /** Why these values are not what the blueprint needs; undefined where they are. */
  judgeValues(values: JsonObject): string | undefined;
  /** Fragments that are evaluated per environment and split into what all agree on and what differs. */
  readonly settings: JsonObject;
  readonly files: readonly BlueprintFile[];
  /** Path of blueprint.yaml, for messages. */
  readonly file: string;
  /** Earlier versions that can still be rendered, for families whose lock holds one. */
  readonly earlier: ReadonlyMap<string, Blueprint>;
}

const scopes: readonly Scope[] = ['base', 'overlay', 'patch', 'component', 'infrastructure'];
const known = ['name', 'version', 'description', 'kinds', 'values', 'settings', 'files'];
const knownInFile = ['path', 'template', 'scope', 'when'];

/** Files of one blueprint, and the length of one template in UTF-16 units. */
const maxFiles = 200;
const maxTemplate = 1024 * 1024;

/** File names that mean something to Git, GitHub, Argo CD or Kustomize wherever they stand. */
const reservedNames = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
  '.argocd-source.yaml',
  '.gitattributes',
  '.gitmodules',
  'CODEOWNERS',
];

/**
 * Loads every blueprint below a folder: the bundled ones, or those of a repository. `root` is that folder in messages.
 *
 * @param files Contents by path relative to `root`: `<name>/blueprint.yaml` and its templates; earlier versions, whole, in
 *   `<name>/versions/<version>/`.
 */
export function loadBlueprints(files: FileMap, root: string, onProblem: OnProblem): ReadonlyMap<string, Blueprint> {
  const loaded = new Map<string, Blueprint>();
  for (const path of [...files.keys()].sort()) {
    const folder = /^([^/]+)\/blueprint\.yaml$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const blueprint = loadBlueprint(files, folder, folder, root, onProblem);
    if (blueprint === undefined) continue;
    loaded.set(blueprint.name, { ...blueprint, earlier: earlierVersions(files, folder, root, onProblem) });
  }
  return loaded;
}

/** The bundled blueprints and those of the repository; a name that both have is a problem, never a silent replacement. */
export function mergeBlueprints(
  bundled: ReadonlyMap<string, Blueprint>,
  own: ReadonlyMap<string, Blueprint>,
  onProblem: OnProblem,
): ReadonlyMap<string, Blueprint> {
  const merged = new Map(bundled);
  for (const [name, blueprint] of own) {
    if (bundled.has(name)) {
      onProblem({
        ruleId: 'blueprint-shadows',
        severity: 'error',
        message: `blueprint "${name}" has the name of one that gitops-gen brings`,
        at: { file: blueprint.file, pointer: '/name' },
        hint: `rename the folder and its \`name\`, and say \`runtime: <new name>\` in the families that use it`,
      });
    } else merged.set(name, blueprint);
  }
  return merged;
}

/** The version of a blueprint that a family is rendered with; undefined where neither is there. */
export function blueprintAt(newest: Blueprint | undefined, version: string): Blueprint | undefined {
  return newest === undefined || newest.version === version ? newest : newest.earlier.get(version);
}

function earlierVersions(
  files: FileMap,
  name: string,
  root: string,
  onProblem: OnProblem,
): ReadonlyMap<string, Blueprint> {
  const found = new Map<string, Blueprint>();
  for (const path of [...files.keys()].sort()) {
    const [, version] = path.startsWith(`${name}/versions/`)
      ? (/^[^/]+\/versions\/([^/]+)\/blueprint\.yaml$/.exec(path) ?? [])
      : [];
    if (version === undefined) continue;
    const blueprint = loadBlueprint(files, `${name}/versions/${version}`, name, root, onProblem);
    if (blueprint === undefined) continue;
    if (blueprint.version === version) found.set(version, blueprint);
    else
      onProblem({
        ruleId: 'blueprint-invalid',
        severity: 'error',
        message: `the version is ${blueprint.version}, and the folder says ${version}`,
        at: { file: blueprint.file, pointer: '/version' },
      });
  }
  return found;
}

function loadBlueprint(
  files: FileMap,
  folder: string,
  called: string,
  root: string,
  onProblem: OnProblem,
): Blueprint | undefined {
  const file = `${root}/${folder}/blueprint.yaml`;
  let failed = false;
  const refuse = (message: string, pointer: string, extra: { hint?: string; allowed?: readonly string[] } = {}) => {
    failed = true;
    onProblem({ ruleId: 'blueprint-invalid', severity: 'error', message, at: { file, pointer }, ...extra });
  };
  const text = files.get(`${folder}/blueprint.yaml`);
  if (typeof text !== 'string') return undefined;
  const documents = readYaml(file, text, onProblem);
  const value = documents[0]?.value;
  if (documents.length !== 1 || !isObject(value)) {
    if (documents.length > 0) refuse('a blueprint.yaml holds one mapping', '');
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) refuse(`"${key}" is not a field of a blueprint`, `/${key}`, { allowed: known });
  }
  const name = stringOf(value, 'name', refuse);
  const version = stringOf(value, 'version', refuse);
  const description = stringOf(value, 'description', refuse);
  if (name !== undefined && name !== called)
    refuse(`the blueprint is called "${name}" and stands in "${folder}/"`, '/name');
  const kinds = Array.isArray(value['kinds']) ? value['kinds'].filter((kind) => typeof kind === 'string') : [];
  if (kinds.length === 0) refuse('`kinds` lists what the blueprint may render, as apiVersion/Kind', '/kinds');
  const entries = Array.isArray(value['files']) ? value['files'] : [];
  if (entries.length === 0) refuse('`files` is empty: the blueprint would render nothing', '/files');
  if (entries.length > maxFiles)
    refuse(`the blueprint has ${entries.length} files, the limit is ${maxFiles}`, '/files');
  const loaded = entries
    .slice(0, maxFiles)
    .map((entry, index) => loadFile(entry as Json, `/files/${index}`, { files, folder, root }, refuse))
    .filter((each) => each !== undefined);
  const settings = value['settings'];
  const schema = value['values'];
  if (isObject(settings)) checkSettings(settings, refuse);
  const judgeValues = isObject(schema) ? compileValues(schema, refuse) : undefined;
  if (failed || name === undefined || version === undefined || description === undefined) return undefined;
  return {
    name,
    version,
    description,
    kinds,
    values: isObject(schema) ? schema : {},
    judgeValues: judgeValues ?? (() => undefined),
    settings: isObject(settings) ? settings : {},
    files: loaded,
    file,
    earlier: new Map(),
  };
}

/** The schema of the values as a function; one that is no schema is a problem of the blueprint. */
function compileValues(schema: JsonObject, refuse: Refuse): Blueprint['judgeValues'] | undefined {
  try {
    const validate = new Ajv({ strict: false, allErrors: false, validateFormats: false }).compile(schema);
    return (values) => {
      if (validate(values)) return undefined;
      const [error] = validate.errors ?? [];
      return `${error?.instancePath.slice(1).replaceAll('/', '.') || 'the values'} ${error?.message ?? 'do not fit'}`;
    };
  } catch (error) {
    refuse(`\`values\` is no JSON Schema: ${error instanceof Error ? error.message : String(error)}`, '/values');
    return undefined;
  }
}

type Refuse = (message: string, pointer: string, extra?: { hint?: string; allowed?: readonly string[] }) => void;

interface Home {
  readonly files: FileMap;
  readonly folder: string;
  readonly root: string;
}

function loadFile(
  entry: Json,
  pointer: string,
  { files, folder, root }: Home,
  refuse: Refuse,
): BlueprintFile | undefined {
  if (!isObject(entry)) {
    refuse('a file is a mapping with path, template and scope', pointer);
    return undefined;
  }
  for (const key of Object.keys(entry)) {
    if (!knownInFile.includes(key))
      refuse(`"${key}" is not a field of a file`, `${pointer}/${key}`, { allowed: knownInFile });
  }
  const { path, template, scope, when } = entry;
  if (typeof path !== 'string' || !isSafeTarget(path)) {
    refuse(`${JSON.stringify(path ?? null)} is no path that a blueprint may write`, `${pointer}/path`, {
      hint: 'a relative path to a .yaml file below the folder of its scope, without dots at the start of a part',
    });
    return undefined;
  }
  if (!scopes.includes(scope as Scope)) {
    refuse(`scope ${JSON.stringify(scope ?? null)} is unknown`, `${pointer}/scope`, { allowed: scopes });
    return undefined;
  }
  if (scope === 'component' && !/^[^/]+\/[^/]+$/.test(path)) {
    refuse(`"${path}" does not say which component it belongs to`, `${pointer}/path`, {
      hint: 'write <component>/<file>.yaml',
    });
    return undefined;
  }
  if (when !== undefined && (typeof when !== 'string' || !/^!?[A-Za-z_][\w.-]*$/.test(when))) {
    refuse('`when` is a dotted path into the values, or ! and a path', `${pointer}/when`);
    return undefined;
  }
  const source = typeof template === 'string' ? templatePath(files, folder, template) : undefined;
  const text = source === undefined ? undefined : files.get(source);
  if (typeof text !== 'string') {
    refuse(
      `the template ${JSON.stringify(template ?? null)} is not in the folder of the blueprint`,
      `${pointer}/template`,
    );
    return undefined;
  }
  if (text.length > maxTemplate) {
    refuse(`the template has ${text.length} characters, the limit is ${maxTemplate}`, `${pointer}/template`);
    return undefined;
  }
  if (!parses(text, (message) => refuse(`${template}: ${message}`, `${pointer}/template`))) return undefined;
  return {
    path,
    template: template as string,
    origin: `${root}/${source}`,
    text,
    scope: scope as Scope,
    ...(typeof when === 'string' ? { when } : {}),
  };
}

/** A template of the blueprint itself, or one in `shared/` beside the blueprints, which several of them use. */
function templatePath(files: FileMap, folder: string, template: string): string | undefined {
  const own = resolvePath(folder, template);
  if (own?.startsWith(`${folder}/`) && files.has(own)) return own;
  return resolvePath('', template) === template && template.startsWith('shared/') && files.has(template)
    ? template
    : undefined;
}

function parses(text: string, refuse: (message: string) => void): boolean {
  try {
    const unknown = unpublished(templatePaths(text));
    if (unknown !== undefined) refuse(`{{${unknown}}} is nothing that a plan publishes`);
    return unknown === undefined;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    refuse(error.message);
    return false;
  }
}

/** The first path that no plan can ever fill: a typing error that would drop its key in silence. */
function unpublished(paths: readonly string[]): string | undefined {
  return paths.find((path) => !publishedNames.includes(path.split('.')[0] ?? ''));
}

/** Every path that the settings read. Throws TemplateError where one does not parse. */
function settingsPaths(value: Json): readonly string[] {
  if (typeof value === 'string') return hasExpression(value) ? parseTemplate(value, false).paths : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each) => settingsPaths(each as Json));
}

function checkSettings(settings: JsonObject, refuse: Refuse): void {
  for (const [group, value] of Object.entries(settings)) {
    try {
      const unknown = unpublished(settingsPaths(value));
      if (unknown !== undefined)
        refuse(`{{${unknown}}} is nothing that a plan publishes`, `/settings/${group}`, { allowed: publishedNames });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      refuse(error.message, `/settings/${group}`, error.hint === undefined ? {} : { hint: error.hint });
    }
  }
}

function isSafeTarget(path: string): boolean {
  if (path.length > 200 || !path.endsWith('.yaml') || resolvePath('', path) !== path) return false;
  const parts = path.split('/');
  return parts.every((part) => /^[A-Za-z0-9_][\w.-]*$/.test(part)) && !reservedNames.includes(parts.at(-1) ?? '');
}

function stringOf(value: JsonObject, key: string, refuse: Refuse): string | undefined {
  const found = value[key];
  if (typeof found === 'string' && found.length > 0 && found.length <= 1000) return found;
  refuse(`\`${key}\` is missing or no text`, `/${key}`);
  return undefined;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

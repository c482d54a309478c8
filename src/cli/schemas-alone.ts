import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Resource } from '../build/resource.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { CommandContext } from './command.js';
import type { ExitCode } from './io.js';

/** Flags that change nothing about files that pass. */
const harmless: ReadonlySet<string> = new Set([
  ...['only', 'format', 'failOn', 'summary', 'requireComplete', 'ignoreMissingSchemas', 'exitOnError'],
  ...['kubernetesVersion', 'color', 'directory', 'input', 'quiet', 'verbose'],
]);
const maxBytes = 1024 * 1024;
/** Names of files that mean more than the objects in them. */
const special = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization|Chart\.yaml)$/;
/**
 * What a text may hold that takes more than holding its objects against schemas: anchors, patches, placeholders, comments
 * of ours, tags, words that YAML 1.1 reads differently.
 */
const involved =
  /[&*!]\w|<<|\{\{|<[A-Z]|\$patch|__proto__|gitops-gen|\uFEFF|(?:^|[\s:[{,-])(?:y|n|yes|no|on|off)(?:$|[\s:\]},#])/im;

/**
 * `validate --only schema` of files that pass. Most of what the checker loads is then not needed, and the verdict of one
 * file comes in little more time than Node takes to start. Undefined wherever there is anything to say, or more to do:
 * the full way says the same of such files, and whatever there is to say of others.
 */
export async function schemasAlone(context: CommandContext): Promise<ExitCode | undefined> {
  const { options, global, io } = context;
  const versions = (options['kubernetesVersion'] ?? []) as readonly string[];
  const only = options['only'] as readonly string[] | undefined;
  const asked = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
  if (only?.join() !== 'schema' || options['format'] !== 'text' || versions.length > 1) return undefined;
  if (asked.some(([name]) => !harmless.has(name))) return undefined;
  const texts = textsOf((context.arguments[0] ?? []) as readonly string[], global.directory);
  const resources = texts && (await resourcesIn(texts));
  if (texts === undefined || resources === undefined || !(await areValid(resources, versions[0]))) return undefined;
  const [{ textReport }, { painter }] = await Promise.all([import('../report/text.js'), import('./painter.js')]);
  const report = {
    schemaVersion: 1,
    tool: { name: 'gitops-gen', version: '' },
    verdict: 'pass',
    summary: { errors: 0, warnings: 0, infos: 0, suppressed: 0 },
    checked: { files: texts.length, kustomizations: 0, resources: resources.length, applications: 0 },
    unchecked: [],
    diagnostics: [],
  } as const;
  await io.stdout(textReport(report, { files: new Map(), paint: painter(global.color.stdout) }));
  if (options['summary'] === true) {
    const { summaryLine } = await import('./summary-line.js');
    await io.stderr(summaryLine({ valid: resources.length, invalid: 0, errors: 0, skipped: 0 }));
  }
  return 0;
}

type Texts = readonly (readonly [file: string, text: string])[];

/** The texts of plain files of YAML; undefined where anything else is named. */
function textsOf(paths: readonly string[], directory: string): Texts | undefined {
  if (paths.length === 0 || new Set(paths).size < paths.length) return undefined;
  const texts: [string, string][] = [];
  for (const path of paths) {
    const absolute = resolve(directory, path);
    const facts = statSync(absolute, { throwIfNoEntry: false });
    if (!/^[\w./-]+\.ya?ml$/.test(path) || special.test(path)) return undefined;
    if (facts?.isFile() !== true || facts.size > maxBytes) return undefined;
    const text = readFileSync(absolute, 'utf8');
    if (involved.test(text)) return undefined;
    texts.push([path, text]);
  }
  return texts;
}

/** The objects of texts; undefined where a text is no YAML, or has what more than a schema judges. */
async function resourcesIn(texts: Texts): Promise<readonly Resource[] | undefined> {
  const [{ loadAll }, { manifestLimits }, { manifestSchema }, { isClusterObject }] = await Promise.all([
    import('../yaml/load.js'),
    import('../yaml/limits.js'),
    import('../yaml/manifest-schema.js'),
    import('../schema/objects.js'),
  ]);
  const resources: Resource[] = [];
  for (const [file, text] of texts) {
    const { values, failure } = loadAll(text, {
      schema: manifestSchema,
      allowDuplicates: false,
      limits: manifestLimits,
    });
    if (failure !== undefined) return undefined;
    for (const [document, value] of values.entries()) {
      if (!isClusterObject(value) || !isPlainKind(value as JsonObject)) return undefined;
      const sourceOf = (pointer: string) => ({ file, document, pointer, via: 'resource' });
      resources.push({ value: value as JsonObject, origin: sourceOf(''), changedBy: [], sourceOf });
    }
  }
  return resources.length === 0 ? undefined : resources;
}

/** Definitions, lists and what Argo CD follows mean more than themselves. */
function isPlainKind({ apiVersion, kind }: JsonObject): boolean {
  return (
    kind !== 'CustomResourceDefinition' &&
    !String(kind).endsWith('List') &&
    !String(apiVersion).startsWith('argoproj.io/')
  );
}

/** Whether all of them are valid and nothing is to be said of any. */
async function areValid(resources: readonly Resource[], version: string | undefined): Promise<boolean> {
  const [{ createSchemaStore }, { validateResource }, { readPackageFile }] = await Promise.all([
    import('../schema/store.js'),
    import('../schema/validate.js'),
    import('../io/package-data.js'),
  ]);
  const defaults = JSON.parse(readPackageFile('data/defaults.json')) as { kubernetes: { version: string } };
  const store = createSchemaStore((name) => readPackageFile(`schemas/${name}`), {
    kubernetesVersion: version ?? defaults.kubernetes.version,
  });
  if (store.requested !== undefined) return false;
  let said = 0;
  const verdicts = resources.map((resource) => validateResource(resource, store, () => (said += 1)));
  return said === 0 && verdicts.every((verdict) => verdict === 'valid');
}

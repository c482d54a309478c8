import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Resource } from '../../src/build/resource.js';
import type { JsonObject, Problem } from '../../src/diagnostics/diagnostic.js';
import { createSchemaStore, type SchemaStore, type SchemaStoreOptions } from '../../src/schema/store.js';
import { type Verdict, validateResource } from '../../src/schema/validate.js';
import { readYaml } from '../../src/yaml/read.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The data files as the edge would give them. */
export function loadSchemaFile(name: string): string | undefined {
  const path = join(root, 'schemas', name);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

export function storeFor(
  kubernetesVersion?: string,
  options: Omit<SchemaStoreOptions, 'kubernetesVersion'> = {},
): SchemaStore {
  return createSchemaStore(loadSchemaFile, {
    ...options,
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
  });
}

/** Resources of a text, each where it stands. */
export function resourcesOf(file: string, text: string): Resource[] {
  const failures: Problem[] = [];
  const documents = readYaml(file, text, (problem) => failures.push(problem));
  if (failures.length > 0) throw new Error(`${file}: ${failures[0]!.message}`);
  return documents
    .filter(({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .map(({ index, value }) => {
      const place = (pointer: string) => ({ file, document: index, pointer, via: 'resource' });
      return { value: value as JsonObject, origin: place(''), changedBy: [], sourceOf: place };
    });
}

export interface Judged {
  readonly verdict: Verdict;
  readonly problems: readonly Problem[];
}

export function judge(resource: Resource, store: SchemaStore): Judged {
  const problems: Problem[] = [];
  const verdict = validateResource(resource, store, (problem) => problems.push(problem));
  return { verdict, problems };
}

/** Judges the one document of a text. */
export function judgeText(text: string, store: SchemaStore): Judged {
  const resources = resourcesOf('manifest.yaml', text);
  if (resources.length !== 1) throw new Error(`expected one document, got ${resources.length}`);
  return judge(resources[0]!, store);
}

/** All files under a folder of the repository, sorted, relative to the root. */
export function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

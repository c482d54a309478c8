import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Problem } from '../diagnostics/diagnostic.js';
import { readTree } from '../io/read-tree.js';
import { type CustomDefinition, readCrd, type SchemaLocation } from '../schema/index.js';
import { readYaml } from '../yaml/read.js';
import { type CommandContext, UsageError } from './command.js';
import { textOfFile } from './manifests.js';

/** The definitions in the files and folders of `--crd`. A path without any is a usage error: it would change nothing. */
export async function definitionsAt(
  context: CommandContext,
  paths: readonly string[],
): Promise<{ readonly definitions: readonly CustomDefinition[]; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const definitions: CustomDefinition[] = [];
  for (const path of paths) {
    const found = (await textsAt(context, path)).flatMap(([file, text]) =>
      readYaml(file, text, (problem) => problems.push(problem)).flatMap(({ value }) => [...readCrd(value, file)]),
    );
    if (found.length === 0)
      throw new UsageError(`${path} holds no CustomResourceDefinition`, 'Give a file of a CRD, or a folder of them.');
    definitions.push(...found);
  }
  return { definitions, problems };
}

async function textsAt(context: CommandContext, path: string): Promise<readonly (readonly [string, string])[]> {
  const absolute = resolve(context.global.directory, path);
  const isFolder = statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return [[path, await textOfFile(context, path)]];
  const { files } = await readTree(absolute);
  return [...files].flatMap(([inner, content]) =>
    typeof content === 'string' && /\.(ya?ml|json)$/.test(inner) ? [[`${path}/${inner}`, content] as const] : [],
  );
}

/** A `--schema-location` that reads local files, relative to the folder of the call. Addresses are refused: nothing is fetched. */
export function locationIn(directory: string, template: string): SchemaLocation {
  if (/^[a-z]+:\/\//i.test(template)) {
    throw new UsageError(
      `'${template}' is an address`,
      'Schemas are read from local files: fetch them first, and name their folder.',
    );
  }
  return {
    template,
    read: (path) => {
      try {
        return readFileSync(resolve(directory, path), 'utf8');
      } catch {
        // A template leads to many paths, most of which hold nothing.
        return undefined;
      }
    },
  };
}

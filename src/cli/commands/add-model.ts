import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { didYouMean } from '../../diagnostics/closest.js';
import type { Json, JsonObject, Problem } from '../../diagnostics/diagnostic.js';
import type { FileContent } from '../../files/file-map.js';
import { decode } from '../../io/read-tree.js';
import { findModel, PRECISIONS, suggestModels } from '../../models/index.js';
import { addModel } from '../../plan/edit.js';
import { parseModelFamily } from '../../spec/parse.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { environmentsOf } from '../environments.js';

import { type ExitCode, exitCode } from '../io.js';
import { unreadable } from '../manifests.js';
import { openToWrite } from '../merge-state.js';
import { wholeNumber } from '../options.js';
import { describeProblems, hasErrors, refusesFaults } from '../problems.js';
import { type ReplicasOption, replicasByEnvironment } from '../replicas.js';
import { revisionEdits, versionEdits } from '../version-edits.js';
import type { Workspace } from '../workspace.js';
import { write, writeOptions } from '../write.js';

export const command: CommandDefinition = {
  name: 'add-model',
  description:
    'Adds a model of the catalog to a family, or a ModelFamily file to the repository; validates in memory, writes the spec, renders, and shows what changed. Nothing is written on any error.',
  arguments: [
    { name: '<model>', description: 'a catalog name, the path of a ModelFamily file, or - for standard input' },
  ],
  options: [
    {
      flags: '--family <name>',
      description: 'the family (default: the only one there is, or the model’s name without its size)',
    },
    { flags: '--phase <name>', description: 'the phase; made as the last one where it is new (default: the last)' },
    {
      flags: '--env <list>',
      description: 'replicas by environment, such as development=1,production=5..20',
      parse: replicasByEnvironment,
    },
    { flags: '--name <name>', description: 'what to call it here (default: the catalog name)' },
    { flags: '--gpu <class>', description: 'a GPU class (default: worked out from memory and pools)' },
    { flags: '--precision <p>', description: 'of the weights', choices: PRECISIONS },
    { flags: '--quantize-at-load', description: 'the engine quantises the weights while it loads them' },
    { flags: '--tensor <n>', description: 'GPUs that share every layer', parse: wholeNumber(1, 64) },
    { flags: '--context <tokens>', description: 'prompt and answer together', parse: wholeNumber(1) },
    { flags: '--tier <name>', description: 'a service tier, as a label' },
    { flags: '--source <uri>', description: 'where the weights are, such as hf://org/model' },
    { flags: '--revision <commit>', description: 'the revision of the weights' },
    {
      flags: '--image <name:tag>',
      description: 'of the engine (default: the runtime’s); needed with a blueprint of your own',
    },
    { flags: '--runtime <blueprint>', description: 'of a new family (default vllm)' },
    ...writeOptions,
  ],
  examples: [
    {
      command: 'add-model llama-3.1-8b --phase foundation --env development=1,production=5..20',
      does: 'a model of the catalog',
    },
    {
      command:
        'add-model llama-3.1-70b --name llama-3.1-70b-fp8 --precision fp8 --tensor 4 --env production=3..8 --dry-run',
      does: 'see what it would change',
    },
    { command: 'add-model my-family.yaml --commit', does: 'a family of your own, and commit it' },
  ],
  async run(context) {
    const workspace = await openToWrite(context);
    const name = String(context.arguments[0]);
    const isFile =
      name === '-' ||
      /\.ya?ml$/.test(name) ||
      (name.includes('/') && existsSync(resolve(context.global.directory, name)));
    return isFile ? addFile(context, workspace, name) : addFromCatalog(context, workspace, name);
  },
};

async function addFromCatalog(context: CommandContext, workspace: Workspace, id: string): Promise<ExitCode> {
  const { options } = context;
  const facts = findModel(id);
  if (facts === undefined) {
    const near = suggestModels(id);
    throw new UsageError(
      `the catalog has no model '${id}'`,
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'gitops-gen models lists them; a ModelFamily file that says source, gpu and parallelism.tensor can describe any other.',
    );
  }
  const { specs, tree } = workspace;
  const family = String(
    options['family'] ?? (specs.families.length === 1 ? specs.families[0]?.value.metadata.name : familyOf(facts.id)),
  );
  const present = specs.families.find(({ value }) => value.metadata.name === family);
  const name = String(options['name'] ?? facts.id);
  if (present?.value.spec.models.some((model) => model.name === name)) {
    throw new UsageError(
      `family ${family} has a model ${name} already`,
      `Edit ${present.file} and run gitops-gen render, or choose another --name.`,
    );
  }
  const replicas = replicasOf(options['env'] as ReplicasOption | undefined, workspace);
  const model = modelEntry(name, facts.id, options, replicas);
  const file = present?.file ?? `families/${family}.yaml`;
  const before = tree.files.get(file);
  if (present === undefined && before !== undefined) {
    // Nothing may be added to a file that was not understood, or that is another family's.
    if (await refusesFaults(context, workspace)) return exitCode.usage;
    throw new UsageError(
      `${file} is there and holds another family`,
      'Name that one with --family, or rename the file.',
    );
  }
  const runtime = options['runtime'];
  if (present !== undefined && runtime !== undefined) {
    throw new UsageError(`family ${family} is there and has its runtime`, 'Leave --runtime out, or name a new family.');
  }
  const text = addModel(typeof before === 'string' ? before : undefined, {
    family,
    model,
    phase: String(options['phase'] ?? present?.value.spec.phases.at(-1)?.name ?? 'foundation'),
    ...(runtime === undefined ? {} : { runtime: String(runtime) }),
  });
  const { revision } = options;
  const seeds = typeof revision === 'string' ? revisionEdits(workspace, name, Object.keys(replicas), revision) : [];
  return writeSpec(context, workspace, new Map<string, FileContent>([...seeds, [file, text]]), {
    change: `add-${name}`,
    message: `Add ${name} to ${family} (${Object.keys(replicas).join(', ')})`,
    done: `added ${name} to ${family} in ${file}`,
  });
}

/** What people call the family of a model: its id up to the size. `llama-3.1-8b` is of `llama-3.1`. */
function familyOf(id: string): string {
  return id.replace(/-[ae]?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?b(?:-.*)?$/, '');
}

/** The entry of `spec.models[]`, in the order in which people write it. */
function modelEntry(
  name: string,
  id: string,
  options: Readonly<Record<string, unknown>>,
  replicas: ReplicasOption,
): JsonObject & { readonly name: string } {
  const given = (field: string): Record<string, Json> =>
    options[field] === undefined ? {} : { [field]: options[field] as Json };
  return {
    name,
    ...(name === id ? {} : { model: id }),
    ...given('source'),
    ...given('revision'),
    ...given('precision'),
    ...given('quantizeAtLoad'),
    ...given('tier'),
    ...given('context'),
    ...given('gpu'),
    ...(options['tensor'] === undefined ? {} : { parallelism: { tensor: options['tensor'] as number } }),
    replicas: replicas as JsonObject,
    ...given('image'),
  };
}

function replicasOf(given: ReplicasOption | undefined, { specs }: Workspace): ReplicasOption {
  const known = environmentsOf(specs).map(({ name }) => name);
  for (const name of Object.keys(given ?? {})) {
    if (known.includes(name)) continue;
    throw new UsageError(
      `there is no environment '${name}'`,
      didYouMean(name, known) ?? `There are: ${known.join(', ')}.`,
    );
  }
  return given ?? { [known[0] ?? 'development']: 1 };
}

async function addFile(context: CommandContext, workspace: Workspace, name: string): Promise<ExitCode> {
  const content = await contentOf(context, name);
  const problems: Problem[] = [];
  const { spec } = parseModelFamily(name, content, (problem) => problems.push(problem));
  if (spec === undefined || hasErrors(problems)) {
    await context.io.stderr(describeProblems(problems, new Map([[name, content]]), context.global.color.stderr));
    await context.say('nothing was written');
    return exitCode.usage;
  }
  const unused = command.options
    .map(({ flags }) => /--([a-z-]+)/.exec(flags)?.[1] ?? '')
    .filter((flag) => !isWriteFlag(flag));
  const given = unused.filter(
    (flag) => context.options[flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())] !== undefined,
  );
  if (given.length > 0)
    throw new UsageError(`--${given.join(', --')} cannot be given with a file`, 'The file says it.');
  const family = spec.value.metadata.name;
  const present = workspace.specs.families.find(({ value }) => value.metadata.name === family);
  const file = present?.file ?? `families/${family}.yaml`;
  return writeSpec(context, workspace, new Map([[file, content]]), {
    change: `family-${family}`,
    message: `${present === undefined ? 'Add' : 'Change'} family ${family}`,
    done: `${present === undefined ? 'added' : 'changed'} family ${family} in ${file}`,
  });
}

function isWriteFlag(flag: string): boolean {
  return writeOptions.some(({ flags }) => flags.includes(`--${flag}`));
}

async function contentOf({ io, global }: CommandContext, name: string): Promise<FileContent> {
  if (name === '-') {
    if (io.tty.stdin)
      throw new UsageError(
        'standard input is a terminal',
        'Give the file by its path, or through a pipe: gitops-gen add-model - < family.yaml',
      );
    const text = await io.stdin();
    if (text.trim() === '')
      throw new UsageError('standard input is empty', 'A ModelFamily is expected: gitops-gen schema model-family.');
    return text;
  }
  const path = resolve(global.directory, name);
  try {
    return decode(await readFile(path));
  } catch (error) {
    throw unreadable(error, name, path);
  }
}

async function writeSpec(
  context: CommandContext,
  workspace: Workspace,
  edits: ReadonlyMap<string, FileContent>,
  said: { readonly message: string; readonly done: string; readonly change?: string },
): Promise<ExitCode> {
  return write(context, workspace, { ...said, edits: new Map([...edits, ...versionEdits(workspace, edits)]) });
}

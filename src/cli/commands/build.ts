import { existsSync, statSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { buildKustomization, emitStream, type Resource } from '../../build/index.js';
import type { FieldSource } from '../../build/resource.js';
import type { Json, JsonObject, Problem } from '../../diagnostics/diagnostic.js';
import type { Tree } from '../../files/file-map.js';
import { buildExternally, causeOf, type EngineName } from '../../io/external-kustomize.js';
import { readTree } from '../../io/read-tree.js';
import { pointerParts, toPointer } from '../../yaml/pointer.js';
import { rangeOf } from '../../yaml/range.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { engineLimits, engineOf, limitOptions, refuseLimits } from '../engine.js';
import { type ExitCode, exitCode } from '../io.js';
import { describeProblems } from '../problems.js';
import { repositoryRoot } from '../roots.js';

export const command: CommandDefinition = {
  name: 'build',
  description:
    'Prints what `kustomize build` prints, byte for byte, without a process and without the network. With --origins it says for every resource which file and line it came from and who changed it; with --field who gave one field its value.',
  arguments: [{ name: '<dir>', description: 'a folder with a kustomization' }],
  options: [
    { flags: '--origins', description: 'after the stream, where every resource and change comes from' },
    { flags: '--engine <engine>', description: 'who builds', choices: ['own', 'kubectl', 'kustomize'], default: 'own' },
    ...limitOptions,
    { flags: '--field <kind/name:path>', description: 'who set this field, such as Deployment/web:/spec/replicas' },
  ],
  examples: [
    { command: 'build applications/llama-3.1-8b/overlays/production', does: 'the manifests of an overlay' },
    { command: 'build overlays/production --origins', does: 'and who wrote what' },
    { command: 'build overlays/production --field Deployment/web:/spec/replicas', does: 'the line that set a field' },
  ],
  async run(context) {
    const { io, global, options } = context;
    const dir = resolve(global.directory, String(context.arguments[0]));
    checkFolder(String(context.arguments[0]), dir);
    if (options['engine'] !== 'own') return buildWith(context, dir);
    refuseLimits(options);
    const root = rootOf(dir, global.directory);
    const read = await readTree(root);
    const tree: Tree = repositoryRoot(dir) === undefined ? { ...read, top: 'folder' } : read;
    const problems: Problem[] = [];
    const result = buildKustomization(tree, relative(root, dir).split(sep).join('/'), (problem) =>
      problems.push(problem),
    );
    await io.stderr(describeProblems(problems, tree.files, global.color.stderr));
    if (!result.ok) return exitCode.findings;
    if (typeof options['field'] === 'string') {
      await io.stdout(whoSet(result.resources, options['field'], tree));
      return exitCode.ok;
    }
    await io.stdout(emitStream(result.resources));
    if (options['origins'] === true) await say(context, result.resources, tree);
    return exitCode.ok;
  },
};

function checkFolder(given: string, dir: string): void {
  if (!existsSync(dir)) throw new UsageError(`there is no folder ${given}`);
  if (!statSync(dir).isDirectory())
    throw new UsageError(`${given} is a file`, `Name its folder: gitops-gen build ${dirname(given)}`);
}

/** Without a repository around it a folder is seen from where the command runs, so that it may have bases beside it. */
function rootOf(dir: string, directory: string): string {
  const inside = !relative(directory, dir).startsWith('..');
  return repositoryRoot(dir) ?? (inside ? directory : dir);
}

/** An external engine, for what ours refuses (remote bases, Helm). It runs without a shell, without tokens, and within limits. */
async function buildWith(context: CommandContext, dir: string): Promise<ExitCode> {
  const { io, options } = context;
  if (options['origins'] === true || options['field'] !== undefined) {
    throw new UsageError(
      'an external engine does not know where fields come from',
      'Leave --engine out for --origins and --field.',
    );
  }
  const engine = await engineOf(options['engine'] as EngineName, io.env);
  const result = await buildExternally(engine, dir, io.env, engineLimits(options));
  if (result.ok) {
    await io.stderr(result.errors);
    await io.stdout(result.output);
    return exitCode.ok;
  }
  // A panic says hundreds of lines, of which one is the cause.
  await io.stderr(`${engine.name} (Kustomize ${engine.version}) cannot build this: ${causeOf(result.errors)}\n`);
  await context.detail(result.errors.trimEnd());
  return exitCode.findings;
}

async function say({ io }: CommandContext, resources: readonly Resource[], tree: Tree): Promise<void> {
  const lines = resources.flatMap((resource) => [
    `# ${identity(resource.value)}`,
    `#   from ${place(resource.origin, tree)}`,
    ...resource.changedBy.map((source) => `#   changed by ${place(source, tree)} (${source.via})`),
  ]);
  await io.stdout(`---\n${lines.join('\n')}\n`);
}

function identity(value: JsonObject): string {
  const metadata = value['metadata'] as JsonObject | undefined;
  const namespace = metadata?.['namespace'];
  return `${value['kind']}/${metadata?.['name'] ?? ''}${namespace ? ` in ${namespace}` : ''}`;
}

function place(source: FieldSource, tree: Tree): string {
  const text = tree.files.get(source.file);
  if (typeof text !== 'string') return source.file;
  const { start } = rangeOf(text, source);
  return `${source.file}:${start.line}:${start.column}`;
}

/** What stands at these parts of a pointer; undefined where nothing does. */
function valueAt(value: Json | undefined, parts: readonly string[]): Json | undefined {
  let found = value;
  for (const part of parts) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as JsonObject)[part];
  }
  return found;
}

function whoSet(resources: readonly Resource[], field: string, tree: Tree): string {
  const match = /^([^/]+)\/([^:]+):(\/.*)$/.exec(field);
  if (match === null) throw new UsageError(`'${field}' does not name a field`, 'Write it as Kind/name:/path/to/field.');
  const [, kind, name, pointer = ''] = match;
  const found = resources.filter(
    ({ value }) => value['kind'] === kind && (value['metadata'] as JsonObject | undefined)?.['name'] === name,
  );
  if (found.length === 0) {
    throw new UsageError(
      `the build has no ${kind}/${name}`,
      `It has ${resources.map(({ value }) => identity(value)).join(', ')}.`,
    );
  }
  const parts = pointerParts(pointer);
  const holding = found.filter(({ value }) => valueAt(value, parts) !== undefined);
  if (holding.length === 0) {
    const [{ value } = {}] = found;
    let depth = parts.length - 1;
    while (depth > 0 && valueAt(value, parts.slice(0, depth)) === undefined) depth -= 1;
    const near = valueAt(value, parts.slice(0, depth));
    const has = typeof near === 'object' && near !== null ? Object.keys(near) : [];
    throw new UsageError(
      `${kind}/${name} has no field ${pointer}`,
      has.length === 0
        ? `${toPointer(parts.slice(0, depth))} holds no fields.`
        : `${toPointer(parts.slice(0, depth)) || 'It'} has ${has.join(', ')}.`,
    );
  }
  return holding
    .map((resource) => {
      const source = resource.sourceOf(pointer);
      return `${place(source, tree)} (${source.via})\n`;
    })
    .join('');
}

import type { Problem } from '../diagnostics/diagnostic.js';
import type { FileContent, FileMap, Tree } from '../files/file-map.js';
import { packageVersion, readPackageFile } from '../io/package-data.js';
import { type Defaults, type Pin, type Plan, plan, type RuntimeFacts } from '../plan/index.js';
import { type Changeset, type ChangesetInput, planChangeset } from '../publish/changeset.js';
import { StateError } from '../publish/errors.js';
import { type Ownership, readOwnership } from '../publish/ownership.js';
import { type Blueprint, type Rendering, render } from '../render/index.js';
import { roleOf } from '../spec/read.js';
import { blueprintsOf } from './blueprints.js';
import { hasErrors } from './problems.js';
import { type Workspace, withFiles, workspaceOf } from './workspace.js';

export interface GenerateOptions {
  /** Changes to people's files that the command was asked for. */
  readonly edits?: FileMap;
  /** Pins beside those of the tree, as `<family>/<environment>/<cluster>`. */
  readonly pins?: ReadonlyMap<string, Pin>;
  /** Generated files that this run speaks for; the others are left as they are, however stale. Default: all. */
  readonly only?: (path: string) => boolean;
  /** Generated files that are made again although somebody deleted them: the command was asked for them. */
  readonly again?: (path: string) => boolean;
  readonly force?: boolean;
  readonly replan?: boolean;
  /** How many Applications may go in one run; undefined takes the default guard. */
  readonly allowDelete?: number;
}

/** What the specs mean and what it would take to write it; nothing is written yet. */
export interface Generated {
  /** The workspace with the edits, as it was read for this. */
  readonly workspace: Workspace;
  /** Absent where the specs do not make one. */
  readonly plan: Plan | undefined;
  readonly problems: readonly Problem[];
  readonly changeset: Changeset;
  /** The tree as it would stand afterwards. */
  readonly after: Tree;
}

/** Specs → plan → files → changeset, all in memory. */
export function generate(workspace: Workspace, options: GenerateOptions = {}): Generated {
  const edited = workspaceWith(workspace, options.edits);
  const { tree, specs } = edited;
  const problems: Problem[] = [...edited.problems];
  const said = new Set<string>();
  const onProblem = (problem: Problem): void => {
    // What is so in several environments is said once.
    const words = JSON.stringify([problem.ruleId, problem.at, problem.message]);
    if (!said.has(words)) problems.push(problem);
    said.add(words);
  };
  const recorded = readOwnership(withFiles(workspace.tree, workspace.assumed ?? new Map()).files, onProblem);
  // What cannot be read is not gone, and nothing can be said of it.
  for (const [file, why] of tree.unread)
    if (recorded.has(file))
      onProblem({
        ruleId: 'spec-unreadable',
        severity: 'error',
        message: `${file} was generated, and is not a file that is read: ${why}.`,
        at: { file },
        hint: 'Give the user that runs gitops-gen permission to read it, or restore it: git restore.',
      });
  const blueprints = blueprintsOf(tree.files, onProblem);
  const planned = hasErrors(problems)
    ? undefined
    : plan(
        {
          specs,
          files: tree.files,
          defaults: readDefaults(),
          runtimes: new Map([...blueprints].map(([name, each]) => [name, runtimeFacts(each)])),
          toolVersion: packageVersion(),
          ...(options.pins === undefined ? {} : { pins: options.pins }),
          ...(options.replan === undefined ? {} : { replan: options.replan }),
        },
        onProblem,
      );
  const isAgain = (path: string) => options.again?.(path) === true && !tree.files.has(path);
  const ownership = new Map([...recorded].filter(([path]) => !isAgain(path)));
  const renderWith = (stands?: ReadonlyMap<string, FileContent | undefined>): Rendering | undefined =>
    planned === undefined ? undefined : render(planned, blueprints, tree.files, onProblem, stands);
  const changesetOf = (rendered: Rendering | undefined): Changeset =>
    planChangeset({
      ...inputOf(workspace, tree, ownership, options),
      desired: within(rendered?.files ?? new Map(), options.only),
      ...(rendered === undefined || options.only !== undefined
        ? {}
        : { seeds: seedsBeside(rendered.once, options.edits) }),
    });
  let changeset = changesetOf(renderWith());
  const stands = standing(changeset);
  // What is derived from the build (AppProjects) is derived from what people made of the files.
  if (stands.size > 0) changeset = changesetOf(renderWith(stands));
  if (planned !== undefined) guardDeletions(ownership, changeset, planned, options.allowDelete);
  const gone = changeset.deletes.map(({ path }): [string, undefined] => [path, undefined]);
  return {
    workspace: edited,
    plan: planned,
    problems,
    changeset,
    after: withFiles(workspace.tree, new Map<string, string | Uint8Array | undefined>([...changeset.result, ...gone])),
  };
}

/** The workspace as it will be planned: with the edits, and with one text where git left two. */
function workspaceWith(workspace: Workspace, edits: FileMap | undefined): Workspace {
  const { meant = [], assumed = [] } = workspace;
  const changes = new Map<string, FileContent | undefined>([...meant, ...assumed, ...(edits ?? [])]);
  if (changes.size === 0) return workspace;
  return workspaceOf(workspace.root, withFiles(workspace.tree, changes), workspace.bases);
}

/** Generated files that will stand otherwise than they are generated: as they were merged, or not at all. */
function standing({ merged, kept, result, conflicts }: Changeset): ReadonlyMap<string, FileContent | undefined> {
  return new Map<string, FileContent | undefined>([
    ...merged.map(({ path }): [string, FileContent | undefined] => [path, result.get(path)]),
    ...kept.filter(({ reason }) => reason === 'deleted').map(({ path }): [string, undefined] => [path, undefined]),
    ...conflicts.flatMap(({ path, sides }): [string, string][] => (sides === undefined ? [] : [[path, sides.theirs]])),
  ]);
}

function inputOf(
  workspace: Workspace,
  tree: Tree,
  ownership: Ownership,
  options: GenerateOptions,
): Omit<ChangesetInput, 'desired'> {
  return {
    present: workspace.tree.files,
    ownership,
    bases: workspace.bases,
    ...(workspace.branches === undefined ? {} : { branches: workspace.branches }),
    ...(workspace.meant === undefined ? {} : { meant: workspace.meant }),
    // What was read to decide this: it must still be so when it is written, and belongs to the same commit.
    inputs: inputsOf(workspace.tree.files),
    links: tree.links,
    unread: tree.unread,
    ...(options.edits === undefined ? {} : { edits: options.edits }),
    ...(options.force === undefined ? {} : { force: options.force }),
    ...(options.only === undefined ? {} : { scope: options.only }),
  };
}

/** What is written only where it is absent; a file that this very command writes is not. */
function seedsBeside(once: FileMap, edits: FileMap | undefined): FileMap {
  return new Map([...once].filter(([path]) => edits?.has(path) !== true));
}

function within(files: FileMap, only: GenerateOptions['only']): FileMap {
  return only === undefined ? files : new Map([...files].filter(([path]) => only(path)));
}

/** The files that people write, as they were read. */
function inputsOf(files: FileMap): FileMap {
  return new Map([...files].filter(([path]) => roleOf(path) !== undefined || path.startsWith('versions/')));
}

/** The versions that are assumed where nobody says one. */
export function readDefaults(): Defaults {
  return JSON.parse(readPackageFile('data/defaults.json')) as Defaults;
}

function runtimeFacts(blueprint: Blueprint): RuntimeFacts {
  return {
    version: blueprint.version,
    earlier: [...blueprint.earlier.keys()],
    infrastructure: blueprint.files.some(({ scope }) => scope === 'infrastructure'),
  };
}

const childFile = /^argocd\/families\/[^/]+\/([^/]+)(?:\/[^/]+)?\/children\/(?!kustomization\.yaml$)[^/]+\.yaml$/;

/**
 * Argo CD prunes what Git no longer holds, so a spec that loses its models deletes what runs. More than a fifth of the
 * Applications, or any of the last environment, go only when the number is said (as Argo CD's own allowEmpty=false asks).
 */
function guardDeletions(ownership: Ownership, changeset: Changeset, planned: Plan, allowed: number | undefined): void {
  const before = [...ownership.keys()].filter((path) => childFile.test(path));
  const gone = changeset.deletes.map(({ path }) => path).filter((path) => childFile.test(path));
  if (gone.length === 0 || gone.length <= (allowed ?? 0)) return;
  const last = planned.environments.at(-1)?.name;
  const inLast = gone.filter((path) => childFile.exec(path)?.[1] === last);
  if (inLast.length === 0 && gone.length * 5 <= before.length && allowed === undefined) return;
  throw new StateError(
    'mass-deletion',
    `${gone.length} of ${before.length} Applications would be removed, ${inLast.length} of them in ${last}; Argo CD would delete what they run`,
    `${renamedBy(gone, changeset, planned)}If that is meant, say so: --allow-delete ${gone.length}`,
    gone,
  );
}

/** Why Applications go where an environment gets its second cluster: with it each has the name of its cluster in its own. */
function renamedBy(gone: readonly string[], changeset: Changeset, { environments }: Plan): string {
  const moved = environments.find(
    ({ name, clusters }) =>
      clusters.length > 1 &&
      gone.some((path) => {
        const [, , family, environment, folder, file] = path.split('/');
        return (
          environment === name &&
          folder === 'children' &&
          clusters.some((each) => changeset.result.has(`argocd/families/${family}/${name}/${each}/children/${file}`))
        );
      }),
  );
  if (moved === undefined) return '';
  return `With a second cluster Applications of ${moved.name} get other names: those that run go, and come back under the new one. An environment of its own for the new cluster leaves them alone. `;
}

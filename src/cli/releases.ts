import { buildKustomization } from '../build/index.js';
import { didYouMean } from '../diagnostics/closest.js';
import type { Tree } from '../files/file-map.js';
import { findGit, type Git } from '../io/git.js';
import { commitsBetween, fileHistory, isAncestor } from '../io/git-history.js';
import { StateError } from '../publish/errors.js';
import { pinOf } from '../publish/pins.js';
import type { ObjectDifference } from '../publish/rendered-diff.js';
import { type State, type StateDifference, stateDifference } from '../publish/state-difference.js';
import type { ModelFamily, Phase } from '../spec/types.generated.js';
import { UsageError } from './command.js';
import { clustersOf, environmentsOf } from './environments.js';
import { packagedDefaults } from './judge.js';
import { Revisions } from './revisions.js';
import type { Workspace } from './workspace.js';

/** A family in an environment on a cluster: one parent Application, and one pin. */
export interface Place {
  readonly family: string;
  readonly environment: string;
  readonly cluster: string;
  /** The folder of parent.yaml. */
  readonly path: string;
}

/** A repository whose releases can be looked at: its files, and its history. */
export interface History {
  readonly workspace: Workspace;
  readonly git: Git;
  /** The tree of a commit, read once; undefined where this clone does not have it. */
  treeAt(revision: string): Promise<Tree | undefined>;
  /** The trees that were read, for rooms that cannot wait. */
  readonly read: ReadonlyMap<string, Tree>;
}

/** Opens the history; throws StateError where there is none. */
export async function openHistory(workspace: Workspace): Promise<History> {
  const git = await findGit(workspace.root);
  if (git === undefined) {
    throw new StateError(
      'no-repository',
      'releases are commits, and this is no git repository',
      'Run git init, commit, and try again.',
    );
  }
  const read = new Map<string, Tree>();
  return {
    workspace,
    git,
    read,
    async treeAt(revision) {
      const known = read.get(revision);
      if (known !== undefined) return known;
      const tree = await git.readTreeAt(revision).catch(() => undefined);
      if (tree !== undefined) read.set(revision, tree);
      return tree;
    },
  };
}

/** Whether an environment waits for promotions. */
export function isPinned({ specs }: Workspace, environment: string): boolean {
  const all = environmentsOf(specs);
  const at = all.findIndex(({ name }) => name === environment);
  return (all[at]?.follow ?? (at === 0 ? 'branch' : 'pinned')) === 'pinned';
}

/** Where a family is, or would be, released in an environment. */
export function placesOf({ specs }: Workspace, family: string, environment: string): readonly Place[] {
  const clusters = clustersOf(specs, environment);
  return clusters.map((cluster) => ({
    family,
    environment,
    cluster,
    path: `argocd/families/${family}/${environment}${clusters.length > 1 ? `/${cluster}` : ''}`,
  }));
}

/** The phases of a family that have models in an environment, enabled there or not. */
export function phasesIn({ spec }: ModelFamily, environment: string): readonly Phase[] {
  const has = (name: string) => spec.models.find((model) => model.name === name)?.replicas[environment] !== undefined;
  return spec.phases.filter(({ models }) => models.some(has));
}

/** Whether a phase is rendered in an environment, and not only reserved there. */
export function isEnabledIn({ enabledIn }: Phase, environment: string): boolean {
  return enabledIn === undefined || enabledIn.includes(environment);
}

/** Whether any model of the family that is enabled runs in the environment. */
export function runsIn(family: ModelFamily, environment: string): boolean {
  return phasesIn(family, environment).some((phase) => isEnabledIn(phase, environment));
}

/** Throws StateError where a family has nothing in an environment: there is no parent to pin, whatever the commit. */
export function checkRunsIn(family: ModelFamily, environment: string): void {
  if (runsIn(family, environment)) return;
  const { name } = family.metadata;
  const models = family.spec.models.filter(({ replicas }) => replicas[environment] !== undefined);
  const reserved = family.spec.phases.find((phase) => models.some((model) => phase.models.includes(model.name)));
  throw new StateError(
    'not-found',
    `${name} has nothing in ${environment}: ${reserved === undefined ? 'no model of it has replicas there' : `phase ${reserved.name} is not enabled there`}`,
    reserved === undefined
      ? `Say how many under \`replicas\` in the family file, and render: gitops-gen render --commit.`
      : `First: gitops-gen phase enable ${reserved.name} --family ${name} --env ${environment} --commit.`,
  );
}

/** The environment that releases of a family come from: the nearest earlier one that runs it. */
export function environmentBefore({ specs }: Workspace, family: ModelFamily, environment: string): string | undefined {
  const names = environmentsOf(specs).map(({ name }) => name);
  return names
    .slice(0, names.indexOf(environment))
    .reverse()
    .find((name) => runsIn(family, name));
}

/** The revision that a parent in the tree names; undefined where there is no parent. */
export function pinAt(tree: Tree, { path }: Place): string | undefined {
  const text = tree.files.get(`${path}/parent.yaml`);
  return typeof text === 'string' ? pinOf(text) : undefined;
}

/** Every pin a parent has had on the way to HEAD, oldest first, and last what stands in the work tree. */
export async function pinsOf({ git, workspace }: History, place: Place): Promise<readonly string[]> {
  const { commit } = await git.head();
  const versions = commit === undefined ? [] : await fileHistory(git, `${place.path}/parent.yaml`, commit);
  const pins = versions.flatMap(({ text }) => (text === undefined ? [] : (pinOf(text) ?? [])));
  const now = pinAt(workspace.tree, place);
  const all = now === undefined ? pins : [...pins, now];
  return all.filter((pin, index) => isCommit(pin) && pin !== all[index - 1]);
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(revision);
}

/** The folders whose files make a release: its children, the applications of its models, and the versions it runs. */
export function foldersOf({ path, environment }: Place, spec: ModelFamily): readonly string[] {
  return [
    `${path}/children`,
    `versions/${environment}`,
    ...spec.spec.models.flatMap(({ name }) =>
      ['base', 'components', 'custom', `overlays/${environment}`].map((part) => `applications/${name}/${part}`),
    ),
  ];
}

/** One state of the repository, read for one parent: Applications are followed from there to the commit that it pins. */
async function stateOf(history: History, tree: Tree, place: Place, revisions: Revisions): Promise<State> {
  const { workspace, git } = history;
  const pin = pinAt(tree, place);
  const defaults = packagedDefaults();
  const { specs } = workspace;
  const project = specs.project?.value.spec;
  const url = await git.remoteUrl();
  const followsTree = pin === undefined || ['', 'HEAD', project?.repository.branch].includes(pin);
  return {
    // What lists the parent would be read in its stead; and children are deployed as they are at the pin, or not at all.
    tree: withoutFolders(tree, [
      'argocd/instances',
      pin === undefined ? place.path : followsTree ? '' : `${place.path}/children`,
    ]),
    read: {
      specs,
      dirs: [place.path],
      argocdVersion: project?.argocd?.instances?.[0]?.version ?? defaults.argocd.version,
      kubernetesVersion: project?.kubernetesVersion ?? defaults.kubernetes.version,
      treeAt: revisions.treeAt,
      tags: revisions.tagNames,
      ...(url === undefined ? {} : { repositoryUrls: [url] }),
    },
  };
}

function withoutFolders(tree: Tree, folders: readonly string[]): Tree {
  const stays = (path: string) => !folders.some((folder) => folder !== '' && path.startsWith(`${folder}/`));
  return { ...tree, files: new Map([...tree.files].filter(([path]) => stays(path))) };
}

/** What changes in the cluster for one release between two states of the repository. */
export async function releaseDifference(
  history: History,
  place: Place,
  before: Tree,
  after: Tree,
): Promise<StateDifference> {
  for (const tree of [before, after]) {
    const pin = pinAt(tree, place);
    if (pin !== undefined && isCommit(pin)) await history.treeAt(pin);
  }
  const revisions = new Revisions(history.git, history.read);
  const states = [
    await stateOf(history, before, place, revisions),
    await stateOf(history, after, place, revisions),
  ] as const;
  return withoutRevisions(await revisions.reading(() => stateDifference(...states, buildKustomization)));
}

/** Parent and children name another commit with every release: said once at the head, and not as a change of each. */
function withoutRevisions(difference: StateDifference): StateDifference {
  const fields = ['/spec/source/targetRevision', '/metadata/annotations/gitops-gen.io~1revision'];
  const isMove = ({ key, change, fields: changed }: ObjectDifference): boolean =>
    key.kind === 'Application' &&
    key.group === 'argoproj.io' &&
    change === 'changed' &&
    changed.every(({ pointer }) => fields.includes(pointer));
  const applications = difference.applications
    .map(({ revision: _, ...each }) => ({
      ...each,
      difference: { ...each.difference, objects: each.difference.objects.filter((one) => !isMove(one)) },
    }))
    .filter(
      ({ difference: { objects }, undecided, moved }) =>
        objects.length > 0 || undecided !== undefined || moved !== undefined,
    );
  const objects = applications.flatMap((each) => each.difference.objects);
  const count = (change: ObjectDifference['change']) => objects.filter((each) => each.change === change).length;
  return {
    ...difference,
    applications,
    added: count('added'),
    changed: count('changed'),
    removed: count('removed'),
  };
}

/** How far one commit is behind another: all commits between them, and those that change the release. */
export interface Behind {
  readonly commits: number;
  readonly own: number;
}

export async function behind(
  { git }: History,
  from: string,
  to: string,
  folders: readonly string[],
): Promise<Behind | undefined> {
  try {
    if (!(await isAncestor(git, from, to))) return undefined;
    const [all, own] = await Promise.all([commitsBetween(git, from, to), commitsBetween(git, from, to, folders)]);
    return { commits: all.length, own: own.length };
  } catch {
    // One of them is not in this clone: nobody here can count.
    return undefined;
  }
}

/** The family and environment that a command names; throws UsageError, saying what there is. */
export function familyAt({ specs }: Workspace, name: string): ModelFamily {
  const known = specs.families.map(({ value }) => value.metadata.name);
  const found = specs.families.find(({ value }) => value.metadata.name === name);
  if (found !== undefined) return found.value;
  throw new UsageError(
    `there is no family '${name}'`,
    didYouMean(name, known) ?? `There are: ${known.join(', ') || 'none yet'}.`,
  );
}

export function checkEnvironment({ specs }: Workspace, name: string): void {
  const known = environmentsOf(specs).map((environment) => environment.name);
  if (known.includes(name)) return;
  throw new UsageError(
    `there is no environment '${name}'`,
    didYouMean(name, known) ?? `There are: ${known.join(', ')}.`,
  );
}

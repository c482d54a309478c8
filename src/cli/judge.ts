import { buildKustomization } from '../build/index.js';
import { capacityOf } from '../check/capacity.js';
import { allRules } from '../check/registry.js';
import type { Report } from '../check/report.js';
import { check, type Trusted } from '../check/run.js';
import { checkSchemas, definitionsOf, type SchemaOptions } from '../check/schema-stage.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import type { Git } from '../io/git.js';
import { loadHighs } from '../io/highs.js';
import { packageVersion, readPackageFile } from '../io/package-data.js';
import { type ReadOptions, type Repository, readRepository } from '../repository/index.js';
import {
  type CustomDefinition,
  createSchemaStore,
  haveRules,
  loadCelEngine,
  loadDeviceSelector,
  type SchemaLocation,
  type SchemaStore,
  type Summary,
} from '../schema/index.js';
import type { SpecSet } from '../spec/spec-set.js';
import { shippedPolicies } from './policies.js';
import { pinnedTrees, Revisions } from './revisions.js';
import { ruleAddress } from './rule-documents.js';

export interface JudgeRequest {
  readonly tree: Tree;
  /** What people wrote, where the tree has a project file. */
  readonly specs: SpecSet | undefined;
  /** What came up while the specs were read. */
  readonly problems: readonly Problem[];
  readonly dirs?: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Oldest first: what only some of them say is said with their names. */
  readonly kubernetesVersions?: readonly string[];
  readonly argocdVersion?: string;
  readonly schemas?: SchemaOptions;
  /** CRDs besides those of the repository; they win. */
  readonly definitions?: readonly CustomDefinition[];
  readonly schemaLocations?: readonly SchemaLocation[];
  /** ISO date. */
  readonly today: string;
  /** The history at hand, for Applications that pin a revision. */
  readonly git?: Git;
  /** Judge what is pinned alone, and not what the tree has in its place. */
  readonly asPinned?: boolean;
  /** The branch that the tree goes into; default: the one that is checked out. */
  readonly branch?: string;
  /** Policies and exemptions in place of the tree's own. */
  readonly trusted?: Trusted;
}

export interface Judged {
  readonly report: Report;
  readonly repository: Repository;
  /** How the objects came out against their schemas. */
  readonly schemas: Summary;
}

/** What has to be known to read a tree. */
export type ReadRequest = Pick<
  JudgeRequest,
  'tree' | 'specs' | 'dirs' | 'git' | 'argocdVersion' | 'kubernetesVersions' | 'branch'
>;

/** Reads a tree with what the history at hand has of the revisions that its Applications ask for. */
export async function readRequested(request: ReadRequest): Promise<Read & { readonly options: ReadOptions }> {
  const { tree, specs, git } = request;
  const project = specs?.project?.value.spec;
  const defaults = packagedDefaults();
  const urls = await git?.remoteUrl();
  const branch = request.branch ?? (await git?.branch());
  const options: ReadOptions = {
    build: buildKustomization,
    argocdVersion: request.argocdVersion ?? project?.argocd?.instances?.[0]?.version ?? defaults.argocd.version,
    kubernetesVersion: versionsOf(request).at(-1) as string,
    ...(specs === undefined ? {} : { specs }),
    ...(request.dirs === undefined ? {} : { dirs: request.dirs }),
    ...(urls === undefined ? {} : { repositoryUrls: [urls] }),
    ...(branch === undefined ? {} : { branch }),
  };
  return { ...(await readWithHistory(tree, options, git)), options };
}

function versionsOf({ kubernetesVersions, specs }: ReadRequest): readonly string[] {
  return kubernetesVersions ?? [specs?.project?.value.spec.kubernetesVersion ?? packagedDefaults().kubernetes.version];
}

/** Judges a tree as it is given: on disk, in a commit, or as it would stand after a change. */
export async function judge(request: JudgeRequest): Promise<Judged> {
  const { tree } = request;
  const read = await readRequested(request);
  const { repository, options } = read;
  const problems = [...request.problems, ...read.problems];
  const versions = versionsOf(request);
  const stores = await storesFor(versions, repository, request);
  for (const { requested, kubernetesVersion } of stores)
    if (requested !== undefined) problems.push(notBundled(requested, kubernetesVersion));
  const schemas = checkSchemas(repository, stores, request.schemas);
  // What is pinned is what is deployed; what the tree has in its place comes with the next promotion, and is judged as well.
  const next = repository.hasPins && request.asPinned !== true ? readAhead(tree, options) : undefined;
  const ahead = next && { ...next, schemas: checkSchemas(next.repository, stores, request.schemas) };
  // The solver is loaded here, at the edge; the rules on capacity find the judgement that was made with it.
  if (repository.inventory.length > 0) {
    const solver = await loadHighs();
    const all = [repository, ...(ahead ? [ahead.repository] : [])];
    const claims = all.some((each) => [...each.byKind.keys()].some((kind) => kind.startsWith('resource.k8s.io/')));
    const selector = claims ? await loadDeviceSelector() : undefined;
    for (const each of all) capacityOf(each, { solver, ...(selector === undefined ? {} : { selector }) });
  }
  const report = check(repository, {
    rules: allRules,
    problems,
    schemas,
    ...(ahead === undefined ? {} : { ahead }),
    // None that ships is about schemas, and reading them takes longer than a small file does.
    policies: request.only?.join() === 'schema' ? [] : shippedPolicies(),
    today: request.today,
    tool: { name: 'gitops-gen', version: packageVersion() },
    docUrl: ruleAddress,
    ...(request.trusted === undefined ? {} : { trusted: request.trusted }),
    ...(request.only === undefined ? {} : { only: request.only }),
    ...(request.skip === undefined ? {} : { skip: request.skip }),
  });
  return { report, repository, schemas: schemas.summary };
}

interface Read {
  readonly repository: Repository;
  readonly problems: readonly Problem[];
}

/** Reads a tree with the revisions that its Applications ask for. */
async function readWithHistory(tree: Tree, options: ReadOptions, git: Git | undefined): Promise<Read> {
  const revisions = new Revisions(git, await pinnedTrees(tree, git));
  const { treeAt, tagNames: tags } = revisions;
  return revisions.reading(() => {
    const problems: Problem[] = [];
    const repository = readRepository(tree, { ...options, treeAt, tags }, (problem) => problems.push(problem));
    return { repository, problems };
  });
}

/** The tree as if the pins in it had moved on to itself. */
function readAhead(tree: Tree, options: ReadOptions): Read {
  const problems: Problem[] = [];
  const repository = readRepository(tree, { ...options, ahead: true }, (problem) => problems.push(problem));
  return { repository, problems };
}

/** One store for each version, with the definitions at hand; the CEL engine only where a definition has rules. */
async function storesFor(
  versions: readonly string[],
  repository: Repository,
  { definitions = [], schemaLocations: locations }: JudgeRequest,
): Promise<readonly SchemaStore[]> {
  const userCrds = [...definitions, ...definitionsOf(repository)];
  const cel = haveRules(userCrds) ? await loadCelEngine() : undefined;
  return versions.map((kubernetesVersion) =>
    createSchemaStore((name) => readPackageFile(`schemas/${name}`), {
      userCrds,
      kubernetesVersion,
      ...(cel === undefined ? {} : { cel }),
      ...(locations === undefined ? {} : { locations }),
    }),
  );
}

function notBundled(requested: string, used: string): Problem {
  return {
    ruleId: 'schema-version-not-bundled',
    severity: 'warning',
    message: `The schemas of Kubernetes ${requested} are not bundled; those of ${used} judged in their place.`,
    at: { file: '' },
    hint: 'Name a bundled version with --kubernetes-version, or give schemas with --schema-location.',
  };
}

/** The versions that are assumed where nobody says one. */
export function packagedDefaults(): PackagedDefaults {
  return JSON.parse(readPackageFile('data/defaults.json')) as PackagedDefaults;
}

/** The part of data/defaults.json that judging needs. */
interface PackagedDefaults {
  readonly argocd: { readonly version: string };
  readonly kubernetes: { readonly version: string };
}

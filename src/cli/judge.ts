import { buildKustomization } from '../build/index.js';
import { capacityOf } from '../check/capacity.js';
import { allRules } from '../check/registry.js';
import type { Report } from '../check/report.js';
import { check, type Trusted } from '../check/run.js';
import { checkSchemas, definitionsOf, type SchemaOptions } from '../check/schema-stage.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import type { FileMap, Tree } from '../files/file-map.js';
import type { Git } from '../io/git.js';
import { loadHighs } from '../io/highs.js';
import { packageVersion, readPackageFile } from '../io/package-data.js';
import { type Repository, readRepository } from '../repository/index.js';
import {
  type CustomDefinition,
  createSchemaStore,
  haveRules,
  loadCelEngine,
  type SchemaLocation,
  type SchemaStore,
  type Summary,
} from '../schema/index.js';
import type { SpecSet } from '../spec/spec-set.js';
import { shippedPolicies } from './policies.js';
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

/** Judges a tree as it is given: on disk, in a commit, or as it would stand after a change. */
export async function judge(request: JudgeRequest): Promise<Judged> {
  const { tree, specs } = request;
  const problems: Problem[] = [...request.problems];
  const collect = (problem: Problem): void => {
    problems.push(problem);
  };
  const project = specs?.project?.value.spec;
  const defaults = packagedDefaults();
  const versions = request.kubernetesVersions ?? [project?.kubernetesVersion ?? defaults.kubernetes.version];
  const pinned = await pinnedTrees(tree, request.git);
  const urls = await request.git?.remoteUrl();
  const branch = request.branch ?? (await request.git?.branch());
  const repository = readRepository(
    tree,
    {
      build: buildKustomization,
      argocdVersion: request.argocdVersion ?? project?.argocd?.instances?.[0]?.version ?? defaults.argocd.version,
      kubernetesVersion: versions.at(-1) as string,
      treeAt: (revision) => pinned.get(revision),
      ...(specs === undefined ? {} : { specs }),
      ...(request.dirs === undefined ? {} : { dirs: request.dirs }),
      ...(urls === undefined ? {} : { repositoryUrls: [urls] }),
      ...(branch === undefined ? {} : { branch }),
    },
    collect,
  );
  const stores = await storesFor(versions, repository, request);
  for (const { requested, kubernetesVersion } of stores)
    if (requested !== undefined) collect(notBundled(requested, kubernetesVersion));
  const schemas = checkSchemas(repository, stores, request.schemas);
  // The solver is loaded here, at the edge; the rules on capacity find the judgement that was made with it.
  if (repository.inventory.length > 0) capacityOf(repository, { solver: await loadHighs() });
  const report = check(repository, {
    rules: allRules,
    problems,
    schemas,
    policies: shippedPolicies(),
    today: request.today,
    tool: { name: 'gitops-gen', version: packageVersion() },
    docUrl: ruleAddress,
    ...(request.trusted === undefined ? {} : { trusted: request.trusted }),
    ...(request.only === undefined ? {} : { only: request.only }),
    ...(request.skip === undefined ? {} : { skip: request.skip }),
  });
  return { report, repository, schemas: schemas.summary };
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

/** The trees of the full commit ids that Applications in this tree pin, as far as the history at hand has them. */
export async function pinnedTrees(tree: Tree, git: Git | undefined): Promise<ReadonlyMap<string, Tree>> {
  const found = new Map<string, Tree>();
  if (git === undefined) return found;
  for (const revision of pinnedRevisions(tree.files)) {
    const pinned = await git.readTreeAt(revision).catch(() => undefined);
    if (pinned !== undefined) found.set(revision, pinned);
  }
  return found;
}

function pinnedRevisions(files: FileMap): ReadonlySet<string> {
  const revisions = new Set<string>();
  for (const [path, content] of files) {
    if (typeof content !== 'string' || !/\.ya?ml$/.test(path)) continue;
    for (const [, revision = ''] of content.matchAll(/\btargetRevision:\s*["']?([0-9a-f]{40}|[0-9a-f]{64})\b/g))
      revisions.add(revision);
  }
  return revisions;
}

import { buildKustomization } from '../build/index.js';
import { rules } from '../check/registry.js';
import type { Report } from '../check/report.js';
import { check } from '../check/run.js';
import { checkSchemas, type MakeSchemaStore } from '../check/schema-stage.js';
import type { Problem } from '../diagnostics/diagnostic.js';
import type { FileMap, Tree } from '../files/file-map.js';
import type { Git } from '../io/git.js';
import { packageVersion, readPackageFile } from '../io/package-data.js';
import { type Repository, readRepository } from '../repository/index.js';
import { createSchemaStore } from '../schema/store.js';
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
  readonly kubernetesVersion?: string;
  readonly argocdVersion?: string;
  /** ISO date. */
  readonly today: string;
  /** The history at hand, for Applications that pin a revision. */
  readonly git?: Git;
}

export interface Judged {
  readonly report: Report;
  readonly repository: Repository;
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
  const pinned = await pinnedTrees(tree, request.git);
  const urls = await request.git?.remoteUrl();
  const branch = await request.git?.branch();
  const repository = readRepository(
    tree,
    {
      build: buildKustomization,
      argocdVersion: request.argocdVersion ?? project?.argocd?.instances?.[0]?.version ?? defaults.argocd.version,
      kubernetesVersion: request.kubernetesVersion ?? project?.kubernetesVersion ?? defaults.kubernetes.version,
      treeAt: (revision) => pinned.get(revision),
      ...(specs === undefined ? {} : { specs }),
      ...(request.dirs === undefined ? {} : { dirs: request.dirs }),
      ...(urls === undefined ? {} : { repositoryUrls: [urls] }),
      ...(branch === undefined ? {} : { branch }),
    },
    collect,
  );
  const schemas = checkSchemas(repository, schemaStore);
  const report = check(
    { ...repository, unchecked: [...repository.unchecked, ...schemas.unchecked] },
    {
      rules,
      problems: [...problems, ...schemas.problems],
      policies: shippedPolicies(),
      today: request.today,
      tool: { name: 'gitops-gen', version: packageVersion() },
      docUrl: ruleAddress,
      ...(request.only === undefined ? {} : { only: request.only }),
      ...(request.skip === undefined ? {} : { skip: request.skip }),
    },
  );
  return { report, repository };
}

const schemaStore: MakeSchemaStore = (userCrds, kubernetesVersion) =>
  createSchemaStore((name) => readPackageFile(`schemas/${name}`), { userCrds, kubernetesVersion });

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
async function pinnedTrees(tree: Tree, git: Git | undefined): Promise<ReadonlyMap<string, Tree>> {
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

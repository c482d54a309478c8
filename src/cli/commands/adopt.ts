import { basename } from 'node:path';
import { buildKustomization, type Resource } from '../../build/index.js';
import { type FileMap, type Tree, treeOf } from '../../files/file-map.js';
import { applyChangeset } from '../../io/apply.js';
import { findGit } from '../../io/git.js';
import { readTree } from '../../io/read-tree.js';
import { joinName } from '../../plan/index.js';
import { type AdoptContext, type Drafts, draftsOf } from '../../publish/adopt-drafts.js';
import { adoptionOf, type FoundServer } from '../../publish/adopt-facts.js';
import { changesetDifference, planChangeset } from '../../publish/changeset.js';
import { StateError } from '../../publish/errors.js';
import { irreversibleChanges } from '../../publish/irreversible.js';
import { renderedDifference } from '../../publish/rendered-diff.js';
import { renderedDifferenceText } from '../../publish/rendered-diff-text.js';
import { type Repository, readRepository } from '../../repository/index.js';
import { projectFile } from '../../spec/read.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { type Generated, generate } from '../generate.js';
import { exitCode } from '../io.js';
import { packagedDefaults } from '../judge.js';
import { describeProblems } from '../problems.js';
import { Revisions } from '../revisions.js';
import { repositoryRoot } from '../roots.js';
import { today } from '../today.js';
import { withFiles, workspaceOf } from '../workspace.js';

export const command: CommandDefinition = {
  name: 'adopt',
  description:
    'Reads an Argo CD and Kustomize repository of vLLM Deployments, and writes drafts of gitops-gen.yaml, of families and of clusters beside it. Says what could not be read, what was guessed, and in what the rendered manifests will differ from those that are there. Nothing that is there is changed.',
  arguments: [],
  options: [
    { flags: '--name <name>', description: 'of the project (default: that of the folder)' },
    { flags: '--repository <url>', description: 'the address that Argo CD reads (default: that of the Applications)' },
    { flags: '--dry-run', description: 'show the drafts and write nothing' },
  ],
  examples: [
    { command: 'adopt --dry-run', does: 'what the specs of this repository would be' },
    { command: 'adopt -C ../llm-gitops', does: 'write them' },
  ],
  async run(context) {
    const { io, options, global } = context;
    const root = repositoryRoot(global.directory) ?? global.directory;
    await context.progress('reading');
    const tree = await readTree(root);
    if (tree.files.has(projectFile))
      throw new UsageError(
        `${projectFile} is there already`,
        'Nothing is left to adopt: gitops-gen list shows the models.',
      );
    const repository = await readOf(root, tree);
    const adoption = adoptionOf(repository);
    if (adoption.servers.length === 0) {
      for (const { what, file, why } of adoption.notRead) await context.say(`not read: ${what} (${file}): ${why}`);
      throw new UsageError(
        'no Application here deploys a vLLM Deployment',
        'adopt reads Deployments of vLLM that Argo CD Applications of this repository deploy; gitops-gen init begins anew.',
      );
    }
    const drafts = draftsOf(adoption, await contextOf(context, root, repository, adoption.servers));
    await context.progress('rendering what they say');
    const changeset = planChangeset({
      desired: new Map(),
      present: tree.files,
      ownership: new Map(),
      links: tree.links,
      unread: tree.unread,
      seeds: drafts.files,
    });
    const rendered = renderDrafts(root, tree, drafts);
    await context.progress(undefined);
    if (rendered !== undefined)
      await io.stderr(describeProblems(rendered.problems, rendered.workspace.tree.files, global.color.stderr));
    await io.stdout(report(drafts, repository, adoption.servers, rendered));
    if (options['dryRun'] === true) {
      await io.stdout(changesetDifference(changeset));
      await context.say('nothing was written (dry run)');
      return exitCode.ok;
    }
    await applyChangeset(root, changeset);
    for (const { path } of changeset.writes) await context.say(`  created  ${path}`);
    await context.say(
      'Make the drafts true, above all the node pools of every cluster. What no spec can say goes to applications/<model>/custom/. Then: gitops-gen render --dry-run',
    );
    return exitCode.ok;
  },
};

async function readOf(root: string, tree: Tree): Promise<Repository> {
  const git = await findGit(root);
  const url = await git?.remoteUrl();
  const { argocd, kubernetes } = packagedDefaults();
  // Applications that pin a commit are read at it: that is what they deploy.
  const revisions = new Revisions(git);
  const { treeAt, tagNames: tags } = revisions;
  const read = (branch: string | undefined) => revisions.reading(() => readAt(branch));
  const readAt = (branch: string | undefined) =>
    readRepository(
      tree,
      {
        treeAt,
        tags,
        build: buildKustomization,
        argocdVersion: argocd.version,
        kubernetesVersion: kubernetes.version,
        ...(url === undefined ? {} : { repositoryUrls: [url] }),
        ...(branch === undefined ? {} : { branch }),
      },
      // What is wrong with it is validate's business; what could not be built has no server.
      () => {},
    );
  const first = await read(await git?.branch());
  // Whatever is checked out here, it is what the Applications follow that is adopted.
  const followed = branchOf(first);
  return followed === undefined ? first : read(followed);
}

/** The branch that most Applications of this repository follow. */
function branchOf({ applications }: Repository): string | undefined {
  const sources = applications.flatMap(({ sources: all }) => all).filter(({ here }) => here);
  const revisions = sources.map(({ targetRevision }) => targetRevision);
  return mostOf(revisions.filter((each) => !/^$|^HEAD$|^[0-9a-f]{40}$/.test(each)));
}

async function contextOf(
  { options, io }: CommandContext,
  root: string,
  repository: Repository,
  servers: readonly FoundServer[],
): Promise<AdoptContext> {
  const git = await findGit(root);
  const sources = repository.applications.flatMap(({ sources: all }) => all).filter(({ here }) => here);
  const url = options['repository'] ?? mostOf(sources.map(({ repoURL }) => repoURL)) ?? (await git?.remoteUrl());
  if (typeof url !== 'string' || url === '')
    throw new UsageError('the address of this repository is not known', 'Give --repository <url>.');
  const branch = branchOf(repository) ?? (await git?.branch()) ?? 'main';
  const destinations = new Map(repository.applications.map(({ cluster, destination }) => [cluster, destination]));
  return {
    name: joinName(typeof options['name'] === 'string' ? options['name'] : basename(root)),
    repositoryUrl: url,
    branch,
    argocdNamespace: mostOf(repository.applications.flatMap(({ namespace }) => namespace ?? [])) ?? 'argocd',
    destinationOf: (cluster) => {
      const { server, name } = destinations.get(cluster) ?? {};
      if (name !== undefined) return { name };
      return { server: server ?? 'https://kubernetes.default.svc' };
    },
    follows: (environment) =>
      servers
        .filter((each) => each.environment === environment)
        .every(({ engine }) =>
          (engine.place.application?.sources ?? []).every(({ targetRevision }) =>
            ['', 'HEAD', branch].includes(targetRevision),
          ),
        ),
    today: today(io),
  };
}

function mostOf(words: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
}

/** What `render` would make of the drafts; undefined where it refuses as a whole. */
function renderDrafts(root: string, tree: Tree, { files }: Drafts): Generated | undefined {
  try {
    return generate(workspaceOf(root, withFiles(tree, files)));
  } catch (error) {
    if (error instanceof StateError) return undefined;
    throw error;
  }
}

function report(
  { files, notRead, guessed }: Drafts,
  repository: Repository,
  servers: readonly FoundServer[],
  rendered: Generated | undefined,
): string {
  const models = new Set(servers.map(({ model }) => model)).size;
  const lines = [
    `${servers.length} vLLM Deployment${servers.length === 1 ? '' : 's'}, ${models} model${models === 1 ? '' : 's'}: ${files.size} drafts`,
  ];
  if (guessed.length > 0) lines.push('', 'Guessed:', ...guessed.map((each) => `  - ${each}`));
  if (notRead.length > 0)
    lines.push('', 'Not read:', ...notRead.map(({ what, file, why }) => `  - ${what} (${file}): ${why}`));
  lines.push(
    '',
    'Replaced by what is rendered, and to be removed in the same change (render refuses two owners of one object):',
    ...replaced(servers).map((each) => `  - ${each}`),
  );
  const refused = rendered?.changeset.refused ?? [];
  if (refused.length > 0) lines.push('', 'In the way of render:', ...refused.map(({ message }) => `  - ${message}`));
  const { plan } = rendered ?? {};
  if (rendered === undefined || plan === undefined) {
    lines.push('', 'The drafts do not make a plan yet, so what render would differ in is not known.');
    return `${lines.join('\n')}\n`;
  }
  lines.push('', 'What is rendered from the drafts differs from what is there in:', '');
  for (const server of servers) lines.push(differenceAt(server, repository, rendered.after.files, plan));
  return `${lines.join('\n')}\n`;
}

/** The Applications that deploy what will be rendered: one object has one owner. */
function replaced(servers: readonly FoundServer[]): readonly string[] {
  const files = servers.flatMap(({ engine }) => {
    const { application } = engine.place;
    return application === undefined
      ? []
      : [`${application.object.resource.origin.file} (Application ${application.name})`];
  });
  return [...new Set(files)].sort();
}

/** What the Application deploys now, against what would be rendered for the model. */
function differenceAt(
  { model, environment, engine }: FoundServer,
  repository: Repository,
  files: FileMap,
  plan: NonNullable<Generated['plan']>,
): string {
  const { application } = engine.place;
  const deployment = plan.families
    .flatMap(({ models }) => models)
    .filter(({ name }) => name === model)
    .flatMap(({ deployments }) => deployments)
    .find((each) => each.environment === environment);
  const title = `${model} in ${environment} (Application ${application?.name})`;
  if (deployment === undefined) return `${title}: not rendered; see the problems above\n`;
  const now = buildKustomization(treeOf(files), deployment.overlay, () => {}).resources;
  const before = repository.deployed
    .filter((place) => place.application === application)
    .map(({ object, namespace }) => placed(object.resource, namespace));
  const difference = renderedDifference(before, now);
  const failing = irreversibleChanges(difference.objects).filter(({ effect }) => effect === 'fails');
  const warnings = failing.map(({ object, why }) => `  ! ${object}: ${why}\n`);
  return `${title}\n${warnings.join('')}${renderedDifferenceText(difference).replace(/^(?=.)/gmu, '  ')}`;
}

function placed(resource: Resource, namespace: string | undefined): Resource {
  const metadata = resource.value['metadata'] as { namespace?: string } | undefined;
  if (!namespace || metadata?.namespace !== undefined) return resource;
  return { ...resource, value: { ...resource.value, metadata: { ...metadata, namespace } } };
}

import { existsSync, statSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { FileContent } from '../../files/file-map.js';
import { recover } from '../../io/apply.js';
import { findGit } from '../../io/git.js';
import { readTree } from '../../io/read-tree.js';
import { type ClusterPreset, clusterPresets, type InitAnswers, initialFiles } from '../../plan/init.js';
import { ioError, StateError } from '../../publish/errors.js';
import { bootstrapCommand } from '../../render/index.js';
import { projectFile } from '../../spec/read.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { generate } from '../generate.js';
import { type ExitCode, exitCode } from '../io.js';
import { list } from '../options.js';
import { refuseIdle } from '../pr-options.js';
import { repositoryRoot } from '../roots.js';
import { today } from '../today.js';
import { withFiles, workspaceOf } from '../workspace.js';
import { write } from '../write.js';

const owners = ['helm', 'operator', 'kustomize', 'managed', 'none'] as const;
const presets = Object.keys(clusterPresets) as ClusterPreset[];
const exampleUrl = 'https://github.com/example/llm-gitops-config';

export const command: CommandDefinition = {
  name: 'init',
  description:
    'Writes a complete GitOps repository: project file, environments, cluster inventories, a file for exemptions, AppProject, root application, and the workflow that validates pull requests. Asks on a terminal; every question has a flag.',
  arguments: [
    {
      name: '[dir]',
      description: 'where (default: this folder); an empty folder, a git repository or a subfolder of one',
    },
  ],
  options: [
    { flags: '-y, --yes', description: 'ask nothing, take the defaults' },
    { flags: '--name <name>', description: 'of the project (default: the folder’s)' },
    { flags: '--repository <url>', description: 'the repository that Argo CD reads (default: the remote origin)' },
    {
      flags: '--branch <name>',
      description: 'the branch that the first environment follows (default: the current one, or main)',
    },
    { flags: '--env <names>', description: 'environments in the order of promotion', parse: list },
    {
      flags: '--inventory <presets>',
      description: `what the clusters have to begin with: one of ${presets.join(', ')}, or environment=preset,…`,
      parse: list,
    },
    { flags: '--argocd-owner <owner>', description: 'who installed Argo CD, and so owns argocd-cm', choices: owners },
    { flags: '--argocd-namespace <name>', description: 'the namespace of Argo CD (default: argocd)' },
    { flags: '--argocd-version <version>', description: 'such as 3.1.0' },
    { flags: '--kubernetes-version <version>', description: 'such as 1.34' },
    { flags: '--owners <handles>', description: 'for CODEOWNERS, such as @acme/ml-platform', parse: list },
    { flags: '--dry-run', description: 'show what would be written and write nothing' },
    { flags: '--commit', description: 'make one git commit of it' },
    { flags: '-m, --message <text>', description: 'the message of that commit' },
  ],
  examples: [
    { command: 'init my-fleet --yes', does: 'everything by default, in a new folder' },
    {
      command: 'init --repository https://github.com/acme/llm-gitops-config --commit',
      does: 'in this git repository, as one commit',
    },
    {
      command: 'init --yes --env staging,production --inventory staging=l4,production=a100-and-h100',
      does: 'two environments',
    },
  ],
  async run(context) {
    const { global, options, arguments: args } = context;
    refuseIdle(context);
    const root = resolve(global.directory, String(args[0] ?? '.'));
    if (existsSync(join(root, projectFile))) {
      throw new StateError(
        'unowned',
        `${relative(global.directory, join(root, projectFile)) || projectFile} is there already`,
        'gitops-gen add-model adds to it; gitops-gen render renders it.',
        [projectFile],
      );
    }
    if (existsSync(root) && !statSync(root).isDirectory()) throw new UsageError(`${args[0]} is no folder`);
    const answers = await answersOf(context, root);
    const isDryRun = options['dryRun'] === true;
    const made = isDryRun
      ? undefined
      : await mkdir(root, { recursive: true }).catch((error: unknown) => {
          throw ioError(error, 'make', root);
        });
    try {
      return await startIn(context, root, answers);
    } finally {
      if (made !== undefined) await removeEmpty(root, made);
    }
  },
};

/** Takes the folders that were made away again where nothing came into them, from the innermost to `outermost`. */
async function removeEmpty(innermost: string, outermost: string): Promise<void> {
  for (let folder = innermost; folder.length >= outermost.length; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      return;
    }
  }
}

async function startIn(context: CommandContext, root: string, answers: InitAnswers): Promise<ExitCode> {
  const isDryRun = context.options['dryRun'] === true;
  const isThere = existsSync(root);
  if (isThere) await recover(root);
  const tree = isThere
    ? await readTree(root)
    : { files: new Map<string, FileContent>(), links: new Map<string, string>(), unread: new Map<string, string>() };
  // What people own is theirs from the start: a file of that name that is there already is kept.
  const edits = new Map([...initialFiles(answers)].filter(([path]) => !tree.files.has(path)));
  const code = await write(context, workspaceOf(root, tree), {
    edits,
    message: `Start ${answers.name} with gitops-gen`,
    done: `made ${answers.name} in ${root}`,
  });
  if (code === exitCode.ok) await next(context, root, edits, isDryRun);
  return code;
}

/** What comes next: the one command that is applied by hand, and the first model. */
async function next(
  context: CommandContext,
  root: string,
  edits: ReadonlyMap<string, FileContent>,
  isDryRun: boolean,
): Promise<void> {
  if (isDryRun) return;
  const { plan } = generate(workspaceOf(root, withFiles(await readTree(root), edits)));
  for (const instance of plan?.instances ?? []) {
    await context.say(
      `\nOnce it is pushed, tell Argo CD "${instance.name}" of it with one command:\n  ${bootstrapCommand(instance.name)}`,
    );
  }
  const project = plan?.project.path ?? '';
  if (project !== '')
    await context.say(
      `\nA workflow belongs to the top of the repository, and none was written there. It takes one step:\n  npx gitops-gen -C ${project} render --check && npx gitops-gen -C ${project} validate`,
    );
  const here = relative(context.global.directory, root);
  await context.say(`\nThen add a model:\n  ${here === '' ? '' : `cd ${here} && `}gitops-gen add-model llama-3.1-8b`);
}

async function answersOf(context: CommandContext, root: string): Promise<InitAnswers> {
  const { io, options, global } = context;
  const given = (name: string): string | undefined =>
    typeof options[name] === 'string' ? (options[name] as string) : undefined;
  const git = await findGit(existsSync(root) ? root : global.directory);
  const top = repositoryRoot(root);
  const defaults = {
    name: basename(root),
    repositoryUrl: (await git?.remoteUrl()) ?? exampleUrl,
    branch: (await git?.branch()) ?? 'main',
  };
  const flags = {
    name: given('name'),
    repositoryUrl: given('repository'),
    branch: given('branch'),
    environments: options['env'] as readonly string[] | undefined,
    configOwner: given('argocdOwner') as InitAnswers['configOwner'],
  };
  const asked = options['yes'] === true || !global.input ? {} : await ask(flags, defaults);
  const environments = asked.environments ?? flags.environments;
  const answers: InitAnswers = {
    name: asked.name ?? flags.name ?? defaults.name,
    repositoryUrl: asked.repositoryUrl ?? flags.repositoryUrl ?? defaults.repositoryUrl,
    branch: asked.branch ?? flags.branch ?? defaults.branch,
    path: top === undefined ? '' : relative(top, root).split(sep).join('/'),
    today: today(io),
    ...optional('environments', environments),
    ...optional('configOwner', asked.configOwner ?? flags.configOwner),
    ...optional('clusterPreset', inventoryOf(options['inventory'] as readonly string[] | undefined, environments)),
    ...optional('argocdNamespace', given('argocdNamespace')),
    ...optional('argocdVersion', given('argocdVersion')),
    ...optional('kubernetesVersion', given('kubernetesVersion')),
    ...optional('owners', options['owners'] as readonly string[] | undefined),
  };
  if (answers.repositoryUrl === exampleUrl) {
    await context.say(
      `note: the repository is taken to be ${exampleUrl}: set spec.repository.url in ${projectFile}, or give --repository`,
    );
  }
  return answers;
}

function optional<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
}

/** `l4`, or `development=l4,production=a100-and-h100`. */
function inventoryOf(
  given: readonly string[] | undefined,
  environments: readonly string[] | undefined,
): InitAnswers['clusterPreset'] {
  if (given === undefined) return undefined;
  const preset = (name: string): ClusterPreset => {
    if ((presets as readonly string[]).includes(name)) return name as ClusterPreset;
    throw new UsageError(`there is no inventory '${name}'`, `There are: ${presets.join(', ')}.`);
  };
  const [only = ''] = given;
  if (given.length === 1 && !only.includes('=')) return preset(only);
  const known = environments ?? ['development', 'staging', 'production'];
  return Object.fromEntries(
    given.map((part) => {
      const [environment = '', name = ''] = part.split('=');
      if (!known.includes(environment))
        throw new UsageError(`there is no environment '${environment}'`, `There are: ${known.join(', ')}.`);
      return [environment, preset(name)];
    }),
  );
}

type Asked = Partial<Pick<InitAnswers, 'name' | 'repositoryUrl' | 'branch' | 'environments' | 'configOwner'>>;

/** Asks for what no flag says. */
async function ask(
  flags: { readonly [key in keyof Asked]: Asked[key] | undefined },
  defaults: { readonly name: string; readonly repositoryUrl: string; readonly branch: string },
): Promise<Asked> {
  const { cancel, isCancel, select, text } = await import('@clack/prompts');
  const settled = <T>(answer: T | symbol): T => {
    if (typeof answer !== 'symbol' && !isCancel(answer)) return answer;
    cancel('Nothing was written.');
    throw new UsageError('the questions were left', 'Every question has a flag: gitops-gen init --help.');
  };
  const line = async (message: string, initialValue: string): Promise<string> =>
    settled<string>(
      await text({
        message,
        initialValue,
        output: process.stderr,
        validate: (value) => (value ? undefined : 'An answer is needed.'),
      }),
    );
  const asked: { -readonly [key in keyof Asked]: Asked[key] } = {};
  if (flags.name === undefined) asked.name = await line('Name of the project', defaults.name);
  if (flags.repositoryUrl === undefined)
    asked.repositoryUrl = await line('Repository that Argo CD reads', defaults.repositoryUrl);
  if (flags.branch === undefined) asked.branch = await line('Branch', defaults.branch);
  if (flags.environments === undefined) {
    const names = await line('Environments, in the order of promotion', 'development, staging, production');
    asked.environments = list(names, undefined);
  }
  if (flags.configOwner === undefined) {
    asked.configOwner = settled<(typeof owners)[number]>(
      await select({
        message: 'Who installed Argo CD? (its argocd-cm holds what makes phases wait)',
        options: owners.map((value) => ({ value })),
        initialValue: 'helm' as (typeof owners)[number],
        output: process.stderr,
      }),
    );
  }
  return asked;
}

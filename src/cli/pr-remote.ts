import { shown } from '../diagnostics/show.js';
import { type ForgeToken, findToken, noToken } from '../io/forge-token.js';
import type { Git } from '../io/git.js';
import type { GitPublisher, Remote } from '../io/git-publish.js';
import { openGitHub } from '../io/github.js';
import { packageVersion } from '../io/package-data.js';
import { StateError } from '../publish/errors.js';
import type { Forge, ForgeRepository } from '../publish/forge.js';
import { type ForgeAddress, forgeAddress } from '../publish/forge-address.js';
import { type BranchPort, refuseUnfit } from '../publish/publish-change.js';
import { type CommandContext, UsageError } from './command.js';
import type { Io } from './io.js';

/** Where a change goes to. */
export interface Destination {
  readonly remote: Remote;
  readonly address: ForgeAddress;
  readonly token: ForgeToken | undefined;
  /** Absent where nobody may be asked: `--push-only` without a token. */
  readonly forge: Forge | undefined;
  readonly repository: ForgeRepository | undefined;
}

/** Finds remote, address and token, and asks the forge whether it can work out at all. */
export async function findDestination(context: CommandContext, git: Git): Promise<Destination> {
  const { options, io } = context;
  const name = await remoteName(options['remote'], git);
  const url = (await git.remoteUrl(name)) ?? '';
  const address = forgeAddress(url);
  if (address === undefined)
    throw new StateError(
      'not-found',
      `remote ${name} is ${shown(url, 200)}, which is no address of a repository by https or ssh`,
      `Set it: git remote set-url ${name} https://HOST/OWNER/NAME.git; or use --patch FILE.`,
    );
  await sayProxy(context, address);
  const token = await findToken(address.host, io.env);
  const pushOnly = options['pushOnly'] === true;
  if (token === undefined && !pushOnly) throw noToken(address.host);
  const remote = { target: name, url };
  if (token === undefined) return { remote, address, token, forge: undefined, repository: undefined };
  const forge = await openGitHub(address, {
    token: token.token,
    tokenFrom: token.from,
    userAgent: `gitops-gen/${packageVersion()}`,
    now: () => io.now(),
    sleep: (ms) => sleep(io, ms),
    ...(io.env['CI'] === undefined || io.env['CI'] === '' ? {} : { maxWaitMs: 600_000 }),
    onWait: (why, ms) => {
      void context.say(`${address.host}: ${why}; waiting ${Math.ceil(ms / 1000)} s`);
    },
  });
  await context.progress(`asking ${address.host}`);
  const repository = await forge.repository();
  refuseUnfit(repository);
  const isRenamed = repository.fullName.toLowerCase() !== `${address.owner}/${address.name}`.toLowerCase();
  if (isRenamed) await context.say(`${address.owner}/${address.name} is ${shown(repository.fullName, 100)} now`);
  // Over HTTP git is told the address and not the name of the remote: configuration cannot make another of it.
  const pushed = address.http ? { target: repository.cloneUrl, url: repository.cloneUrl } : remote;
  return { remote: pushed, address, token: address.http ? token : undefined, forge, repository };
}

async function remoteName(given: unknown, git: Git): Promise<string> {
  const names = await git.remotes();
  const wanted =
    typeof given === 'string' ? given : names.includes('origin') || names.length !== 1 ? 'origin' : names[0];
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const there =
    names.length === 0
      ? 'There is none: git remote add origin ADDRESS; or use --patch FILE.'
      : `There are: ${names.join(', ')}. Choose one with --remote.`;
  throw new StateError('not-found', `there is no git remote ${shown(String(wanted))}`, there);
}

function sleep(io: Io, ms: number): Promise<void> {
  return io.sleep === undefined ? new Promise((resolve) => setTimeout(resolve, ms)) : io.sleep(ms);
}

/** Neither Node nor the git that is started here uses the proxy of the environment: whoever needs one has to know. */
async function sayProxy({ io, say }: CommandContext, { host }: ForgeAddress): Promise<void> {
  const value = (name: string) => io.env[name] ?? io.env[name.toLowerCase()];
  const proxy = value('HTTPS_PROXY') ?? value('ALL_PROXY');
  if (proxy === undefined || proxy === '') return;
  const plain = host.replace(/:\d+$/u, '');
  const isExcepted = (value('NO_PROXY') ?? '').split(',').some((each) => {
    const suffix = each
      .trim()
      .replace(/^\*?\./u, '')
      .toLowerCase();
    return suffix === '*' || (suffix !== '' && (plain === suffix || plain.endsWith(`.${suffix}`)));
  });
  if (isExcepted) return;
  await say(
    `note: HTTPS_PROXY is set and is not used, neither for the API nor for git; ${host} has to be reachable directly`,
  );
}

/** The branches of the destination, through git and, where there is a token, the API: git is given the token to push alone. */
export function branchesAt({ remote, token, forge }: Destination, git: GitPublisher): BranchPort {
  return {
    treeOf: (commit) => git.treeOf(commit),
    commit: (tree, parents, request) => git.commit(tree, parents, request),
    isAncestor: (ancestor, commit) => git.isAncestor(ancestor, commit),
    commitsBeside: (tip, others) => git.commitsBeside(tip, others),
    isCheckedOut: (branch) => git.isCheckedOut(branch),
    localTip: (branch) => git.localTip(branch),
    moveLocal: (branch, to, from) => git.moveLocal(branch, to, from),
    push: (branch, commit, expected) =>
      git.push({ remote, branch, commit, expected, ...(token === undefined ? {} : { token }) }),
    remoteTip: (branch) => (forge === undefined ? git.remoteTip(remote, branch) : forge.branchTip(branch)),
    ensure: (branch, commit) => git.ensure(remote, branch, commit),
  };
}

/** A name for a branch that git takes, and that cannot be an option. */
export function checkBranch(name: string, flag: string): string {
  const bad = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$|\.lock(?:\/|$)|(?:^|\/)[.-]|^$/u;
  if (bad.test(name) || name.length > 200 || name === 'HEAD' || name === '@')
    throw new UsageError(
      `${flag} '${shown(name)}' is no name for a branch`,
      'Use letters, digits, dots, dashes, slashes.',
    );
  return name;
}

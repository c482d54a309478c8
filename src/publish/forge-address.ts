/** A repository on a forge that speaks GitHub's API, found from the address of a git remote. */
export interface ForgeAddress {
  /** `github.com`, with a port where one is given. */
  readonly host: string;
  readonly owner: string;
  readonly name: string;
  /** Where the REST API answers, without a slash at its end. */
  readonly api: string;
  /** Where people look at it, without a slash at its end. */
  readonly web: string;
  /** Where git pushes over HTTP; a token may be given there. */
  readonly clone: string;
  /** Whether the remote speaks HTTP, so that git needs the token to push. */
  readonly http: boolean;
}

/** GitHub's rules for names of owners and repositories, wider: nothing in it can be an option, a path or markup. */
const NAME = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/u;

/** `owner/name` at the end of an address. */
const PATH = /^\/*([^/]+)\/([^/]+?)(?:\.git)?\/*$/u;

/** Hosts of this very machine: the only ones that may be spoken to without encryption (as RFC 8252, section 8.3, has it). */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/u;

/**
 * Reads `https://host/owner/name.git`, `ssh://git@host/owner/name` and `git@host:owner/name`. Undefined for everything else:
 * paths, other schemes, plain HTTP to other machines.
 */
export function forgeAddress(remote: string): ForgeAddress | undefined {
  if (/[\u0000-\u0020\u007f]/u.test(remote)) return undefined;
  const url = /^(https?|ssh):\/\/(?:[^@/]*@)?([^/]+)(\/.*)$/u.exec(remote);
  const scp = /^(?:[\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/u.exec(remote);
  const [scheme, authority, path] = url === null ? ['ssh', scp?.[1], scp?.[2]] : [url[1] ?? '', url[2], url[3]];
  const names = PATH.exec(path ?? '');
  if (authority === undefined || names === null) return undefined;
  const [owner = '', name = ''] = [names[1], names[2]];
  if (![owner, name].every((each) => NAME.test(each) && !/^\.+$/u.test(each))) return undefined;
  if (!/^(?:[a-z0-9.-]+|\[::1\])(?::\d+)?$/iu.test(authority)) return undefined;
  if (scheme === 'http' && !LOOPBACK.test(authority)) return undefined;
  const host = hostOf(authority, scheme);
  const origin = `${scheme === 'http' ? 'http' : 'https'}://${host}`;
  const web = `${origin}/${owner}/${name}`;
  return { host, owner, name, api: apiOf(host, origin), web, clone: `${web}.git`, http: scheme !== 'ssh' };
}

/** The port of SSH is not that of HTTPS; github.com answers SSH on port 443 under another name. */
function hostOf(authority: string, scheme: string): string {
  const host = authority.toLowerCase();
  const plain = scheme === 'ssh' ? host.replace(/:\d+$/u, '') : host;
  return plain === 'ssh.github.com' || plain === 'www.github.com' ? 'github.com' : plain;
}

/** github.com, GitHub Enterprise Cloud with data residency (`<name>.ghe.com`), GitHub Enterprise Server. */
function apiOf(host: string, origin: string): string {
  if (host === 'github.com') return 'https://api.github.com';
  return /^[a-z0-9-]+\.ghe\.com$/u.test(host) ? `https://api.${host}` : `${origin}/api/v3`;
}

/** Whether plain HTTP is spoken to this host: only to this machine. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** The page on which a person opens the pull request. */
export function compareUrl({ web }: ForgeAddress, base: string, branch: string): string {
  const encoded = (ref: string) => ref.split('/').map(encodeURIComponent).join('/');
  return `${web}/compare/${encoded(base)}...${encoded(branch)}?expand=1`;
}

import { ForgeError } from '../publish/forge.js';
import { run } from './process.js';

export interface ForgeToken {
  readonly token: string;
  /** For messages: the variable, or `gh auth token`. */
  readonly from: string;
}

/** Variables that may hold the token, first come first. */
const VARIABLES = ['GITHUB_TOKEN', 'GH_TOKEN'] as const;

/**
 * The token for a host, or undefined where there is none. In a workflow the variables belong to the server that runs it, and
 * are not shown to another host.
 */
export async function findToken(
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ForgeToken | undefined> {
  const server = env['GITHUB_SERVER_URL'];
  const isOurs = server === undefined || hostOf(server) === host;
  for (const name of isOurs ? VARIABLES : []) {
    const token = env[name]?.trim();
    if (token === undefined || token === '') continue;
    if (!/^[\u0021-\u007e]+$/u.test(token))
      throw new ForgeError(
        'credentials',
        `${name} holds no token: there are spaces or other characters in it`,
        'Set it again.',
      );
    return { token, from: name };
  }
  return fromGh(host, env);
}

/** What the GitHub CLI was logged in with. */
async function fromGh(
  host: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ForgeToken | undefined> {
  const keyring = env['DBUS_SESSION_BUS_ADDRESS'];
  const extra = {
    ...(keyring === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: keyring }),
    ...(env['GH_CONFIG_DIR'] === undefined ? {} : { GH_CONFIG_DIR: env['GH_CONFIG_DIR'] }),
  };
  try {
    const { code, stdout } = await run('gh', ['auth', 'token', '--hostname'], [host], {
      timeoutMs: 10_000,
      env: extra,
    });
    const token = stdout.toString('utf8').trim();
    return code === 0 && /^[\u0021-\u007e]+$/u.test(token) ? { token, from: 'gh auth token' } : undefined;
  } catch {
    // Not installed, or it does not answer: there is no token then.
    return undefined;
  }
}

/** What is said where a token is needed and there is none. */
export function noToken(host: string): ForgeError {
  return new ForgeError(
    'credentials',
    `there is no token for ${host}`,
    'Set GITHUB_TOKEN or GH_TOKEN, or run gh auth login. Without a forge: --push-only, or --patch FILE.',
  );
}

/** A text without these secrets, in the forms in which they travel. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, basic(secret), Buffer.from(secret).toString('base64'), encodeURIComponent(secret)])
    .reduce((clean, form) => (form === '' ? clean : clean.replaceAll(form, '***')), text);
}

/** The credentials of git over HTTP: any user name and the token. */
export function basic(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}

function hostOf(address: string): string | undefined {
  try {
    return new URL(address).host;
  } catch {
    return undefined;
  }
}

import { shown } from '../diagnostics/show.js';
import { ForgeError } from '../publish/forge.js';
import type { Failure, LimitKind } from './github-retry.js';

/** What the answer is about, for messages. */
export interface Doing {
  /** `open the pull request`. */
  readonly what: string;
  readonly host: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Where the token came from: a variable, or gh. */
  readonly tokenFrom: string;
  /** Where a person can go on by hand. */
  readonly compareUrl?: string;
}

/** An answer of GitHub that is an error, with what its body says. */
export interface Refusal extends Failure {
  readonly errors: readonly string[];
  readonly limit?: LimitKind;
  /** When the limit ends, as people write it. */
  readonly reset?: string;
}

const NEEDS =
  'It needs, for this repository: contents: write and pull requests: write (classic tokens: the scope repo).';

/** The message, the hint and the exit code for an answer that cannot be helped by asking again. */
export function refusalError(refusal: Refusal, doing: Doing): ForgeError {
  const { status, message } = refusal;
  const said = shown(message, 200);
  const intro = `could not ${doing.what} at ${doing.host}`;
  const error = (fault: ForgeError['fault'], text: string, hint: string) =>
    new ForgeError(fault, `${intro}: ${text}`, hint);
  const byHand = doing.compareUrl === undefined ? '' : ` The branch is pushed; by hand: ${doing.compareUrl}`;
  if (refusal.limit !== undefined) {
    const when = refusal.reset === undefined ? '' : ` until ${refusal.reset}`;
    return error(
      'rate-limit',
      `the ${refusal.limit} rate limit is reached${when}`,
      `Run it again then: it goes on where it stopped.${byHand}`,
    );
  }
  if (status === 0 || status >= 500 || status === 408)
    return error(
      'unavailable',
      status === 0 ? said : `${status} ${said}`,
      `Run it again: it goes on where it stopped.${byHand}`,
    );
  if (status === 401)
    return error(
      'credentials',
      `the token from ${doing.tokenFrom} is refused (401 ${said})`,
      'It is expired, revoked or mistyped: make a new one, or gh auth login.',
    );
  if (status === 403) return forbidden(refusal, doing, error, byHand);
  if (status === 404)
    return error(
      'not-found',
      `${doing.repository} is not found, or the token from ${doing.tokenFrom} has no access to it`,
      NEEDS,
    );
  if (status === 422)
    return error(
      'validation',
      refusal.errors.length === 0 ? said : refusal.errors.map((each) => shown(each, 200)).join('; '),
      `Check what is named there.${byHand}`,
    );
  return error('unavailable', `${status} ${said}`, 'See what the message says.');
}

function forbidden(
  { message, headers }: Refusal,
  doing: Doing,
  error: (fault: ForgeError['fault'], text: string, hint: string) => ForgeError,
  byHand: string,
): ForgeError {
  const said = shown(message, 200);
  const sso = /url=(https:\/\/[^\s;,"<>]+)/u.exec(String(headers['x-github-sso'] ?? ''))?.[1];
  if (sso !== undefined)
    return error(
      'permission',
      'the organisation demands single sign-on for this token',
      `Authorise it: ${shown(sso, 300)}`,
    );
  if (/not permitted to create or approve pull requests/iu.test(message))
    return error(
      'permission',
      said,
      `Settings, Actions, General: allow GitHub Actions to create and approve pull requests.${byHand}`,
    );
  if (/archived/iu.test(message))
    return error('archived', `${doing.repository} is archived, so it is read-only`, 'Unarchive it, or push elsewhere.');
  if (/suspended/iu.test(message))
    return error('credentials', `the account is suspended (${said})`, 'Use the token of another account.');
  if (/resource not accessible/iu.test(message)) {
    const needed = headers['x-accepted-github-permissions'];
    const which = needed === undefined ? '' : ` GitHub names: ${shown(String(needed), 100)}.`;
    return error(
      'permission',
      `the token from ${doing.tokenFrom} lacks a permission (${said})`,
      `${NEEDS}${which}${byHand}`,
    );
  }
  return error('permission', `the token from ${doing.tokenFrom} may not do it (403 ${said})`, `${NEEDS}${byHand}`);
}

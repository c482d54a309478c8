import type { Wanted } from '../../src/publish/publish-change.js';
import type { Fault, LocalOptions } from './local-github.js';

/** The moment at which every attempt begins. */
export const START = Date.UTC(2026, 10, 21, 12);

export interface AttemptOptions {
  readonly wanted?: Partial<Wanted>;
  readonly token?: string;
  readonly maxWaitMs?: number;
  readonly timeoutMs?: number;
}

const reset = (seconds: number) => String(START / 1000 + seconds);
const limit = (headers: Record<string, string>, message = 'API rate limit exceeded', status = 403): Fault => ({
  path: /pulls/u,
  how: { status, headers, body: { message } },
});

/** One row a fault: what the server does, and what comes of it. Ids are those of the project's catalogue of bad inputs. */
export const ROWS: readonly {
  readonly id: string;
  readonly what: string;
  readonly server?: LocalOptions;
  readonly faults?: readonly Fault[];
  readonly options?: AttemptOptions;
  readonly code: number;
  readonly says?: readonly (string | RegExp)[];
  readonly waits?: readonly number[];
  readonly pulls?: number;
}[] = [
  {
    id: 'H01',
    what: 'a token that is refused',
    options: { token: 'ghp_expired' },
    code: 4,
    says: ['the token from GITHUB_TOKEN is refused (401 Bad credentials)', 'expired, revoked or mistyped'],
    pulls: 0,
  },
  {
    id: 'H02',
    what: 'a primary limit that ends soon is waited for',
    faults: [limit({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(30) })],
    code: 0,
    waits: [31_000],
    pulls: 1,
  },
  {
    id: 'H02',
    what: 'a primary limit that ends late',
    faults: [limit({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(1800) })],
    code: 3,
    says: ['the primary rate limit is reached until 2026-11-21 12:30:01 UTC'],
    waits: [],
    pulls: 0,
  },
  {
    id: 'H02',
    what: 'a primary limit that ends late, in CI',
    faults: [limit({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(500) })],
    options: { maxWaitMs: 600_000 },
    code: 0,
    waits: [501_000],
    pulls: 1,
  },
  {
    id: 'H03',
    what: 'a secondary limit with retry-after',
    faults: [{ ...limit({ 'retry-after': '7' }, 'You have exceeded a secondary rate limit', 429), times: 2 }],
    code: 0,
    waits: [7000, 7000],
    pulls: 1,
  },
  {
    id: 'H03',
    what: 'a secondary limit that does not end',
    faults: [{ ...limit({ 'retry-after': '7' }, 'You have exceeded a secondary rate limit'), times: 99 }],
    code: 3,
    says: ['the secondary rate limit is reached'],
    waits: [7000, 7000, 7000],
    pulls: 0,
  },
  {
    id: 'H04',
    what: 'a secondary limit without retry-after',
    faults: [{ ...limit({}, 'You have exceeded a secondary rate limit'), times: 99 }],
    options: { maxWaitMs: 600_000 },
    code: 3,
    says: ['the secondary rate limit is reached'],
    waits: [60_000, 120_000, 240_000],
    pulls: 0,
  },
  {
    id: 'H05',
    what: 'a repository that the token may not see',
    faults: [{ path: /^\/repos\/acme\/[^/]+$/u, how: { status: 404, body: { message: 'Not Found' } } }],
    code: 4,
    says: [
      'acme/llm-gitops-config is not found, or the token from GITHUB_TOKEN has no access to it',
      'contents: write and pull requests: write',
    ],
    pulls: 0,
  },
  {
    id: 'H08',
    what: 'a base that is not there',
    options: { wanted: { base: 'nowhere' } },
    code: 3,
    says: [/base invalid/u],
    pulls: 0,
  },
  {
    id: 'H08',
    what: 'a branch that is not there',
    options: { wanted: { branch: 'gitops-gen/gone' } },
    code: 3,
    says: [/head invalid/u],
    pulls: 0,
  },
  {
    id: 'H08',
    what: 'drafts that the plan does not have',
    server: { drafts: false },
    options: { wanted: { draft: true } },
    code: 3,
    says: ['Draft pull requests are not supported'],
    pulls: 0,
  },
  {
    id: 'H10',
    what: 'a server that fails and recovers',
    faults: [{ path: /pulls/u, how: { status: 502, body: 'Bad Gateway' }, times: 3 }],
    code: 0,
    waits: [1000, 2000, 4000],
    pulls: 1,
  },
  {
    id: 'H10',
    what: 'a server that fails for good',
    faults: [{ path: /pulls/u, how: { status: 503, body: { message: 'Service Unavailable' } }, times: 99 }],
    code: 3,
    says: ['503 Service Unavailable', 'it goes on where it stopped'],
    waits: [1000, 2000, 4000],
    pulls: 0,
  },
  {
    id: 'H11',
    what: 'a connection that is reset',
    faults: [{ path: /pulls/u, how: 'reset' }],
    code: 0,
    waits: [1000],
    pulls: 1,
  },
  {
    id: 'H11',
    what: 'an answer that is cut off',
    faults: [{ path: /pulls/u, how: 'truncate' }],
    code: 0,
    waits: [1000],
    pulls: 1,
  },
  {
    id: 'H11',
    what: 'a page in place of JSON',
    faults: [
      {
        path: /pulls/u,
        how: { status: 200, headers: { 'content-type': 'text/html' }, body: `<html>${'x'.repeat(900)}` },
        times: 99,
      },
    ],
    code: 3,
    says: [/no JSON: <html>x{150,200}/u],
    pulls: 0,
  },
  {
    id: 'H11',
    what: 'done, and the answer never came: it is found, not made twice',
    faults: [{ method: 'POST', path: /pulls$/u, how: 'after' }],
    code: 0,
    waits: [1000],
    pulls: 1,
  },
  {
    id: 'H12',
    what: 'a connection that stands still',
    faults: [{ path: /pulls/u, how: 'hang', times: 99 }],
    options: { timeoutMs: 400 },
    code: 3,
    says: ['no answer within 0.4 s'],
    pulls: 0,
  },
  {
    id: 'H17',
    what: 'a token without the permission',
    faults: [
      {
        method: 'POST',
        path: /pulls$/u,
        how: {
          status: 403,
          headers: { 'x-accepted-github-permissions': 'pull_requests=write' },
          body: { message: 'Resource not accessible by personal access token' },
        },
      },
    ],
    code: 4,
    says: [
      'lacks a permission (Resource not accessible by personal access token)',
      'GitHub names: pull_requests=write',
      /by hand: http.*compare\/main\.\.\.gitops-gen\/x/u,
    ],
    pulls: 0,
  },
  {
    id: 'H19',
    what: 'a workflow that may not open pull requests',
    faults: [
      {
        method: 'POST',
        path: /pulls$/u,
        how: { status: 403, body: { message: 'GitHub Actions is not permitted to create or approve pull requests.' } },
      },
    ],
    code: 4,
    says: [
      'Settings, Actions, General: allow GitHub Actions to create and approve pull requests',
      'The branch is pushed; by hand: http',
    ],
    pulls: 0,
  },
  {
    id: 'H23',
    what: 'an archived repository',
    server: { archived: true },
    code: 3,
    says: ['acme/llm-gitops-config is archived'],
    pulls: 0,
  },
  {
    id: 'H23',
    what: 'a repository that is archived in between',
    faults: [
      {
        method: 'POST',
        path: /pulls$/u,
        how: { status: 403, body: { message: 'Repository was archived so is read-only.' } },
      },
    ],
    code: 3,
    says: ['is archived'],
    pulls: 0,
  },
  {
    id: 'H23',
    what: 'an organisation with single sign-on',
    faults: [
      {
        path: /pulls/u,
        how: {
          status: 403,
          headers: { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=A1' },
          body: { message: 'Resource protected by organization SAML enforcement.' },
        },
      },
    ],
    code: 4,
    says: ['demands single sign-on', 'https://github.com/orgs/acme/sso?authorization_request=A1'],
    pulls: 0,
  },
  {
    id: 'H23',
    what: 'a suspended account',
    faults: [{ path: /pulls/u, how: { status: 403, body: { message: 'Sorry. Your account was suspended' } } }],
    code: 4,
    says: ['the account is suspended'],
    pulls: 0,
  },
  {
    id: 'H29',
    what: 'a page that leads to another host is not followed',
    faults: [
      { path: /pulls/u, how: { status: 302, headers: { location: 'http://203.0.113.9/x' }, body: '' }, times: 99 },
    ],
    code: 3,
    says: ['it leads to another host, 203.0.113.9'],
    pulls: 0,
  },
  {
    id: 'H29',
    what: 'a wait of thirty years',
    faults: [limit({ 'retry-after': '1000000000' })],
    code: 3,
    waits: [],
    pulls: 0,
  },
  {
    id: 'H29',
    what: 'an answer without end',
    faults: [{ path: /pulls/u, how: { status: 200, body: `["${'x'.repeat(11 * 1024 * 1024)}"]` }, times: 99 }],
    code: 3,
    says: ['larger than 10485760 bytes'],
    pulls: 0,
  },
  {
    id: 'H29',
    what: 'a list that links elsewhere',
    faults: [
      {
        method: 'GET',
        path: /pulls/u,
        how: { status: 200, headers: { link: '<http://203.0.113.9/steal>; rel="next"' }, body: [] },
      },
    ],
    code: 0,
    pulls: 1,
  },
  {
    id: 'H27',
    what: 'a token in an error message',
    faults: [
      {
        path: /pulls/u,
        how: {
          status: 422,
          body: {
            message: 'bad ghp_Canary0123456789abcdefghijklmnopqrst',
            errors: [{ message: 'eC1hY2Nlc3MtdG9rZW46' }, 'ghp_Canary0123456789abcdefghijklmnopqrst'],
          },
        },
      },
    ],
    code: 3,
    says: [/\*\*\*/u],
    pulls: 0,
  },
];

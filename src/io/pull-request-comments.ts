/** A pull request at GitHub, and with what to ask for it. */
export interface PullRequestPlace {
  /** `https://api.github.com`, or that of a GitHub Enterprise server. */
  readonly apiUrl: string;
  readonly owner: string;
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}

/** What matters of an error of Octokit. */
interface RequestFault {
  /** Octokit says 500 where there was no answer at all; then there is no response. */
  readonly status?: number;
  readonly response?: unknown;
}

/** The forge refused, or did not answer: `status` is that of HTTP, 0 where there was no answer. */
export class CommentsError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** More pages than these (of 100 comments) are not searched. */
const maxPages = 50;
const timeoutMs = 15_000;

/**
 * The comments of a pull request, through Octokit. Ours are those of the account of the token; a token of an app or of a
 * workflow cannot ask who it is, and then those of any bot are. Each request ends after 15 s; none is repeated.
 */
export async function pullRequestComments(place: PullRequestPlace) {
  const { Octokit } = await import('@octokit/rest');
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const octokit = new Octokit({ auth: place.token, baseUrl: place.apiUrl, userAgent: 'gitops-gen', log: silent });
  const where = { owner: place.owner, repo: place.repository };
  const request = () => ({ request: { signal: AbortSignal.timeout(timeoutMs) } });
  const login = await octokit.rest.users.getAuthenticated(request()).then(
    ({ data }) => data.login,
    (error: RequestFault) => {
      if (error.status === 403 || error.status === 404) return undefined;
      throw fault('ask who the token belongs to', error);
    },
  );
  const isOurs = (user: { readonly login: string; readonly type: string } | null): boolean =>
    user !== null && (login === undefined ? user.type === 'Bot' : user.login === login);
  return {
    async list() {
      const found: { id: number; body: string; isOurs: boolean }[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const { data } = await octokit.rest.issues
          .listComments({ ...where, issue_number: place.number, per_page: 100, page, ...request() })
          .catch((error: RequestFault) => Promise.reject(fault('read the comments', error)));
        for (const { id, body = '', user } of data) found.push({ id, body, isOurs: isOurs(user) });
        if (data.length < 100) break;
      }
      return found;
    },
    async create(body: string) {
      const { data } = await octokit.rest.issues
        .createComment({ ...where, issue_number: place.number, body, ...request() })
        .catch((error: RequestFault) => Promise.reject(fault('write a comment', error)));
      return data.id;
    },
    async update(id: number, body: string) {
      await octokit.rest.issues
        .updateComment({ ...where, comment_id: id, body, ...request() })
        .catch((error: RequestFault) => Promise.reject(fault('update the comment', error)));
    },
    /** One that is gone already was taken away by another run. */
    async remove(id: number) {
      await octokit.rest.issues
        .deleteComment({ ...where, comment_id: id, ...request() })
        .catch((error: RequestFault) =>
          error.status === 404 ? undefined : Promise.reject(fault('take away a second comment', error)),
        );
    },
  };
}

/** Without what was sent: the message of Octokit may quote addresses, and its request holds the token. */
function fault(doing: string, error: RequestFault): CommentsError {
  const status = error.response === undefined ? 0 : (error.status ?? 0);
  const why =
    status === 401
      ? 'the token is not accepted'
      : status === 403
        ? 'the token may not (a token of a fork only reads; a workflow needs the permission pull-requests: write), or a limit is reached'
        : status === 404
          ? 'there is no such pull request, or the token may not see it'
          : status === 0
            ? 'there was no answer'
            : `HTTP ${status}`;
  return new CommentsError(`could not ${doing}: ${why}`, status);
}

import type { Octokit } from '@octokit/rest';
import { ForgeError } from '../publish/forge.js';
import { withoutSecrets } from './forge-token.js';
import { type Doing, refusalError } from './github-errors.js';
import { BadAnswer, boundedFetch } from './github-fetch.js';
import { type Failure, retryAfter } from './github-retry.js';

export interface ClientOptions {
  /** Base address of the REST API. */
  readonly api: string;
  readonly token: string;
  readonly tokenFrom: string;
  readonly host: string;
  readonly repository: string;
  readonly userAgent: string;
  /** Now, in milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Longest wait for one rate limit. Default 60 s. */
  readonly maxWaitMs?: number;
  /** One request with its answer. Default 30 s. */
  readonly timeoutMs?: number;
  /** Everything together. Default 5 min and what may be waited for limits. */
  readonly deadlineMs?: number;
  /** Told before each wait. */
  readonly onWait?: (why: string, ms: number) => void;
}

/** Octokit behind bounds: of time, of size, of retries. Every failure leaves it as a ForgeError, without the token. */
export class GitHubClient {
  private constructor(
    private readonly octokit: Octokit,
    private readonly options: ClientOptions,
    private readonly deadline: number,
  ) {}

  static async open(options: ClientOptions): Promise<GitHubClient> {
    // Imported when first needed: it costs 60 ms that most commands do not have to pay.
    const { Octokit } = await import('@octokit/rest');
    const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const octokit = new Octokit({
      auth: options.token,
      baseUrl: options.api,
      userAgent: options.userAgent,
      log: quiet,
      request: { fetch: boundedFetch(options.api, { timeoutMs: options.timeoutMs ?? 30_000 }) },
    });
    const { maxWaitMs = 60_000 } = options;
    return new GitHubClient(octokit, options, options.now() + (options.deadlineMs ?? 300_000 + 3 * maxWaitMs));
  }

  /** One call, made again as often as the rules of retries allow. `what` completes "could not …". */
  async call<T>(what: string, make: (octokit: Octokit) => Promise<T>, compareUrl?: string): Promise<T> {
    const { now, sleep, maxWaitMs = 60_000, onWait } = this.options;
    for (let failures = 1; ; failures += 1) {
      try {
        return await make(this.octokit);
      } catch (error) {
        const failure = this.failureOf(error);
        const retry = retryAfter(failure, { failures, now: now(), maxWaitMs });
        const doing: Doing = { ...this.options, what, ...(compareUrl === undefined ? {} : { compareUrl }) };
        if ('giveUp' in retry) {
          const { limit, reset } = retry;
          const ends = reset === undefined ? {} : { reset: timeText(reset) };
          const { errors } = failure;
          throw this.clean(
            refusalError({ ...failure, errors, ...(limit === undefined ? {} : { limit }), ...ends }, doing),
          );
        }
        if (now() + retry.waitMs > this.deadline)
          throw new ForgeError(
            'unavailable',
            `could not ${what} at ${this.options.host}: it takes too long`,
            'Run it again: it goes on where it stopped.',
          );
        onWait?.(failure.status === 0 ? 'no answer' : `answer ${failure.status}`, retry.waitMs);
        await sleep(retry.waitMs);
      }
    }
  }

  private failureOf(error: unknown): Failure & { readonly errors: readonly string[] } {
    const { status, response, cause, message } = error as {
      status?: number;
      message?: string;
      cause?: unknown;
      response?: { status?: number; headers?: Failure['headers']; data?: unknown };
    };
    if (response?.status === undefined) {
      const inner = cause instanceof Error ? cause : (error as Error);
      return { status: 0, headers: {}, message: reasonOf(inner, this.options.timeoutMs ?? 30_000), errors: [] };
    }
    const data = (typeof response.data === 'object' && response.data !== null ? response.data : {}) as {
      message?: unknown;
      errors?: unknown;
    };
    const text = typeof data.message === 'string' ? data.message : String(response.data ?? message ?? '').slice(0, 200);
    return {
      status: status ?? response.status,
      headers: response.headers ?? {},
      message: withoutSecrets(text, [this.options.token]),
      errors: errorsIn(data.errors).map((each) => withoutSecrets(each, [this.options.token])),
    };
  }

  private clean(error: ForgeError): ForgeError {
    const secret = [this.options.token];
    return new ForgeError(error.fault, withoutSecrets(error.message, secret), withoutSecrets(error.hint, secret));
  }
}

function reasonOf(error: Error, timeoutMs: number): string {
  if (error instanceof BadAnswer) return error.message;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${timeoutMs / 1000} s`;
  const { code } = (error.cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? `no connection (${code})` : `no answer (${error.message.slice(0, 200)})`;
}

/** `errors` of a 422: objects with resource, field, code and message, or texts. */
function errorsIn(errors: unknown): readonly string[] {
  if (!Array.isArray(errors)) return typeof errors === 'string' ? [errors] : [];
  return errors.map((each: unknown) => {
    if (typeof each === 'string') return each;
    const { message, field, code } = (each ?? {}) as { message?: string; field?: string; code?: string };
    return message ?? [field, code].filter((part) => part !== undefined).join(' ');
  });
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What is known of a failed request, as far as it decides whether to ask again. */
export interface Failure {
  /** 0: no answer at all. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/** How long to wait before the request is made again; `reset` is when a limit ends, in milliseconds since 1970. */
export type Retry =
  | { readonly waitMs: number }
  | { readonly giveUp: true; readonly limit?: LimitKind; readonly reset?: number };

export type LimitKind = 'primary' | 'secondary';

export interface RetryOptions {
  /** Failures of this request so far, this one included. */
  readonly failures: number;
  /** Now, in milliseconds since 1970. */
  readonly now: number;
  /** Longest single wait for a limit. */
  readonly maxWaitMs: number;
}

const RETRIES = 3;

/**
 * GitHub's own rules ("Best practices for using the REST API", "Rate limits for the REST API"): a primary limit ends at
 * x-ratelimit-reset; a secondary one after retry-after, or else after at least a minute, doubling. Faults of the server and
 * of the way there are asked again after 1, 2 and 4 seconds.
 */
export function retryAfter({ status, headers, message }: Failure, { failures, now, maxWaitMs }: RetryOptions): Retry {
  const limit = limitOf(status, headers, message);
  if (limit === undefined) {
    const isFault = status === 0 || status >= 500 || status === 408;
    return isFault && failures <= RETRIES ? { waitMs: 1000 * 2 ** (failures - 1) } : { giveUp: true };
  }
  const waitMs = limitWait(limit, headers, failures, now);
  const end = { limit, reset: now + waitMs };
  return failures > RETRIES || waitMs > maxWaitMs ? { giveUp: true, ...end } : { waitMs };
}

function limitOf(status: number, headers: Failure['headers'], message: string): LimitKind | undefined {
  if (status !== 403 && status !== 429) return undefined;
  if (headers['retry-after'] !== undefined || /secondary rate limit|abuse detection/iu.test(message))
    return 'secondary';
  if (String(headers['x-ratelimit-remaining']) === '0') return 'primary';
  return status === 429 ? 'secondary' : undefined;
}

function limitWait(limit: LimitKind, headers: Failure['headers'], failures: number, now: number): number {
  const number = (name: string): number | undefined => {
    const value = Number(headers[name]);
    return headers[name] === undefined || !Number.isFinite(value) || value < 0 ? undefined : value;
  };
  if (limit === 'primary') {
    const reset = number('x-ratelimit-reset');
    // One second more: the clock of the forge may be ahead of ours by less than that.
    return reset === undefined ? 60_000 : Math.max(0, reset * 1000 - now) + 1000;
  }
  const stated = number('retry-after');
  return stated === undefined ? 60_000 * 2 ** (failures - 1) : stated * 1000;
}

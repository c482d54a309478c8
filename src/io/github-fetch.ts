/** Bytes of an answer that are read at most: a list of a hundred pull requests is far below one MiB. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_REDIRECTS = 3;

/** An answer that no forge gives: cut off, no JSON, too large, or leading to another host. It may be asked again. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

export interface FetchOptions {
  /** Milliseconds for one request with its answer. */
  readonly timeoutMs: number;
  readonly maxBodyBytes?: number;
}

/**
 * A `fetch` for one API: it follows redirects only to the same host (a repository that was renamed), reads bounded bodies in
 * bounded time, and hands out only JSON.
 */
export function boundedFetch(api: string, { timeoutMs, maxBodyBytes = MAX_BODY_BYTES }: FetchOptions): typeof fetch {
  const { origin } = new URL(api);
  return async (input, init) => {
    const signal = AbortSignal.timeout(timeoutMs);
    let url = new URL(String(input));
    for (let hop = 0; ; hop += 1) {
      if (url.origin !== origin) throw new BadAnswer(`it leads to another host, ${url.host}`);
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      const location = response.headers.get('location');
      const isRedirect = [301, 302, 307, 308].includes(response.status) && location !== null;
      if (!isRedirect) return whole(response, maxBodyBytes);
      await response.body?.cancel();
      const method = init?.method?.toUpperCase() ?? 'GET';
      // A browser would make a GET of it; GitHub says 307 where the method is to stay.
      if (method !== 'GET' && response.status !== 307 && response.status !== 308)
        throw new BadAnswer(`it redirects a ${method} with ${response.status}`);
      if (hop >= MAX_REDIRECTS) throw new BadAnswer('it redirects again and again');
      url = new URL(location, url);
    }
  };
}

/** The answer with its body read; JSON is checked to be whole. */
async function whole(response: Response, limit: number): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of stream ?? []) {
    size += chunk.length;
    if (size > limit) throw new BadAnswer(`its answer is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (response.ok && response.status !== 204) demandJson(text);
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');
  headers.delete('content-length');
  const hasBody = ![204, 205, 304].includes(response.status);
  return new Response(hasBody ? text : null, { status: response.status, statusText: response.statusText, headers });
}

function demandJson(text: string): void {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return;
  } catch {
    // Said below.
  }
  throw new BadAnswer(`its answer is no JSON: ${text.slice(0, 200)}`);
}

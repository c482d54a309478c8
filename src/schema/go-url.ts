/**
 * URLs as the API server reads them: Go's `net/url` (https://pkg.go.dev/net/url), which is neither RFC 3986 nor the
 * URL of browsers. Both the format `uri` and `url()` in rules rest on it.
 */
export interface GoUrl {
  readonly scheme: string;
  /** With the port and the brackets of an IPv6 address. */
  readonly host: string;
  /** Escaped where it has to be. */
  readonly escapedPath: string;
  /** Without `?`, as written. */
  readonly rawQuery: string;
  /** As written, the whole. */
  readonly text: string;
}

/** An absolute URI or an absolute path, as `url.ParseRequestURI` takes them; an error text where it is none. */
export function parseRequestUri(text: string): GoUrl | { readonly error: string } {
  try {
    parse(text, true);
    // Only a second, laxer reading knows fragments; Kubernetes reads twice for the same reason.
    const hash = text.indexOf('#');
    if (hash >= 0) decoded(text.slice(hash + 1), 'path');
    return { ...parse(hash < 0 ? text : text.slice(0, hash), false), text };
  } catch (error) {
    return { error: `parse ${JSON.stringify(text)}: ${(error as Error).message}` };
  }
}

/** Whether a text is an absolute URI or an absolute path. */
export function isRequestUri(text: string): boolean {
  return !('error' in parseRequestUri(text));
}

/** Host without port and brackets, and the port, either possibly empty. */
export function hostAndPort(host: string): { readonly hostname: string; readonly port: string } {
  const colon = host.lastIndexOf(':');
  const hasPort = colon >= 0 && isOptionalPort(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  const hostname = name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
  return { hostname, port: hasPort ? host.slice(colon + 1) : '' };
}

/** The parameters of a query by name; pairs that are not well formed are left out, as Go leaves them out. */
export function queryParameters(rawQuery: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const pair of rawQuery.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const equals = pair.indexOf('=');
    try {
      const name = decoded(equals < 0 ? pair : pair.slice(0, equals), 'query');
      const value = decoded(equals < 0 ? '' : pair.slice(equals + 1), 'query');
      found.set(name, [...(found.get(name) ?? []), value]);
    } catch {
      // An escape that is none.
    }
  }
  return found;
}

function parse(text: string, viaRequest: boolean): Omit<GoUrl, 'text'> {
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new Error('invalid control character in URL');
  if (text === '' && viaRequest) throw new Error('empty url');
  if (text === '*') return { scheme: '', host: '', escapedPath: '*', rawQuery: '' };
  const [scheme, afterScheme] = splitScheme(text);
  const mark = afterScheme.indexOf('?');
  const rawQuery = mark < 0 ? '' : afterScheme.slice(mark + 1);
  let rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  if (!rest.startsWith('/')) {
    // `mailto:a@b` has no path of its own.
    if (scheme !== '') return { scheme, host: '', escapedPath: '', rawQuery };
    if (viaRequest) throw new Error('invalid URI for request');
    if (rest.split('/')[0]!.includes(':')) throw new Error('first path segment in URL cannot contain colon');
  }
  let host = '';
  if ((scheme !== '' || (!viaRequest && !rest.startsWith('///'))) && rest.startsWith('//')) {
    const slash = rest.indexOf('/', 2);
    host = parseAuthority(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
    rest = slash < 0 ? '' : rest.slice(slash);
  }
  const path = decoded(rest, 'path');
  return { scheme, host, escapedPath: isEncoded(rest) ? rest : escapePath(path), rawQuery };
}

function splitScheme(text: string): readonly [scheme: string, rest: string] {
  if (text.startsWith(':')) throw new Error('missing protocol scheme');
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text);
  return match === null ? ['', text] : [match[1]!.toLowerCase(), text.slice(match[0].length)];
}

function parseAuthority(authority: string): string {
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new Error('net/url: invalid userinfo');
  decoded(user, 'path');
  return parseHost(authority.slice(at + 1));
}

function parseHost(host: string): string {
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    if (end < 0) throw new Error("missing ']' in host");
    checkPort(host.slice(end + 1));
    return host;
  }
  const colon = host.lastIndexOf(':');
  if (colon >= 0) checkPort(host.slice(colon));
  return decoded(host, 'host');
}

function checkPort(text: string): void {
  if (!isOptionalPort(text)) throw new Error(`invalid port ${JSON.stringify(text)} after host`);
}

/** Empty, or a colon and digits, of which there may be none. */
function isOptionalPort(text: string): boolean {
  return /^(?::\d*)?$/.test(text);
}

function decoded(text: string, part: 'path' | 'host' | 'query'): string {
  // `%` in a host may only escape what is no ASCII character.
  const badEscape = part === 'host' ? /%(?![89A-Fa-f][0-9A-Fa-f])/ : /%(?![0-9A-Fa-f]{2})/;
  const bad = badEscape.exec(text);
  if (bad !== null) throw new Error(`invalid URL escape ${JSON.stringify(text.slice(bad.index, bad.index + 3))}`);
  if (part === 'host') {
    const illegal = /[\u0000-\u007f]/g;
    for (const [character] of text.replaceAll(/%../g, '').matchAll(illegal))
      if (!/[A-Za-z0-9!$&'()*+,;=:[\]<>"\-_.~]/.test(character))
        throw new Error(`invalid character ${JSON.stringify(character)} in host name`);
  }
  const plus = part === 'query' ? text.replaceAll('+', ' ') : text;
  if (!plus.includes('%')) return plus;
  const bytes = new Uint8Array(
    [...plus.matchAll(/%([0-9A-Fa-f]{2})|([^%]+)/g)].flatMap(([, hex, plain]) =>
      hex === undefined ? [...new TextEncoder().encode(plain)] : [Number.parseInt(hex, 16)],
    ),
  );
  return new TextDecoder().decode(bytes);
}

/** Whether a path needs no escaping beside what it has. */
function isEncoded(path: string): boolean {
  return /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]%/]*$/.test(path);
}

function escapePath(path: string): string {
  return [...new TextEncoder().encode(path)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-_.~$&+,/:;=@]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

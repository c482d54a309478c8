/**
 * The form in which Argo CD compares repository URLs (util/git/git.go NormalizeGitURL): lower case, without one trailing
 * `.git`, `git@host:path` as `git@host/path`, written anew by Go's net/url. Both sides of a comparison go through it,
 * patterns included, which is why braces and user parts with `*` in a pattern never match. Unparsable gives ''.
 */
export function normalizeGitUrl(url: string): string {
  let text = url.trim().toLowerCase();
  if (/^(ssh:\/\/)?([^/:]*?)@[^@]+$/.test(text) && !text.startsWith('ssh://')) {
    text = `ssh://${text.replace(':', '/')}`;
  }
  if (text.endsWith('.git')) text = text.slice(0, -4);
  const written = rewrite(text);
  if (written === undefined) return '';
  return written.startsWith('ssh://') ? written.slice(6) : written;
}

/** The name by which two spellings of one repository are the same to a person: also without a trailing slash and scheme. */
export function sameRepositoryKey(url: string): string {
  const normal = normalizeGitUrl(url.trim().replace(/\/+$/, ''));
  return normal.replace(/^[a-z+]+:\/\//, '').replace(/^[^/@]*@/, '');
}

/** What Go's url.Parse followed by String gives; undefined where Parse refuses. */
function rewrite(text: string): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text)) return undefined;
  const parts = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text);
  if (parts === null) return undefined;
  const [, scheme, authority, path = '', query = '', fragment = ''] = parts;
  if (scheme === undefined && authority === undefined && /^[^/]*:/.test(path)) return undefined;
  const host = authority === undefined ? undefined : rewriteAuthority(authority);
  if (authority !== undefined && host === undefined) return undefined;
  const opaque = scheme !== undefined && authority === undefined && !path.startsWith('/');
  const newPath = opaque ? path : rewritePath(path);
  if (newPath === undefined) return undefined;
  return `${scheme === undefined ? '' : `${scheme}:`}${host === undefined ? '' : `//${host}`}${newPath}${query}${fragment}`;
}

function rewriteAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  // Go allows these in a host besides letters, digits and escapes (shouldEscape in mode encodeHost).
  if (!/^[\w.~!$&'()*+,;=:[\]<>"%-]*$/.test(host)) return undefined;
  const port = /:([^:\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port)) return undefined;
  if (at < 0) return host;
  const user = authority.slice(0, at);
  if (!/^[\w.:~!$&'()*+,;=%@-]*$/.test(user)) return undefined;
  return `${user.replace(/[*!'()]/g, percent)}@${host}`;
}

function rewritePath(path: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  if (path === '*' || /^[\w.~$&+,/:;=@!'()*[\]%-]*$/.test(path)) return path;
  const plain = unescapePath(path);
  return plain.replace(/[^\w.~$&+,/:;=@-]/gu, percent);
}

function unescapePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function percent(char: string): string {
  if (char.charCodeAt(0) < 0x80) return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return encodeURIComponent(char);
}

/** Joins and normalises a POSIX path relative to the root; undefined where it leaves the root or is absolute. */
export function resolvePath(from: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const out: string[] = [];
  for (const part of `${from}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (out.length === 0) return undefined;
      out.pop();
    } else out.push(part);
  }
  return out.join('/');
}

/** The folder of a path; '' for a file at the root. */
export function dirname(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The relative path that leads from the folder `from` to `to` (both relative to the root), as Kustomize wants it. */
export function relativePath(from: string, to: string): string {
  const a = from === '' ? [] : from.split('/');
  const b = to === '' ? [] : to.split('/');
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  const parts = [...a.slice(same).map(() => '..'), ...b.slice(same)];
  return parts.length === 0 ? '.' : parts.join('/');
}

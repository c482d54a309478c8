/** What a file holds: text where it is valid UTF-8, bytes otherwise. */
export type FileContent = string | Uint8Array;

/** Contents by path. Paths are relative to the root, POSIX, normalised, without a leading `./`. */
export type FileMap = ReadonlyMap<string, FileContent>;

/** A repository as the edge read it: what the pure rooms are given in place of a disk. */
export interface Tree {
  readonly files: FileMap;
  /** Symbolic links that were met and not followed: path → target as written. */
  readonly links: ReadonlyMap<string, string>;
  /** Paths that were met and not read, with the reason (too large, not a regular file, unreadable). */
  readonly unread: ReadonlyMap<string, string>;
  /** Files that somebody named one by one. */
  readonly named?: ReadonlySet<string>;
  /** Set where no repository begins at the root: it is a folder that somebody named or works in, and more may lie above it. */
  readonly top?: 'folder';
}

/** A tree that holds just these files. */
export function treeOf(files: FileMap | Readonly<Record<string, FileContent>>): Tree {
  const map = files instanceof Map ? files : new Map(Object.entries(files as Record<string, FileContent>));
  return { files: map, links: new Map(), unread: new Map() };
}

/** The text at a path, or undefined where there is no file or it is not text. */
export function textAt(files: FileMap, path: string): string | undefined {
  const content = files.get(path);
  return typeof content === 'string' ? content : undefined;
}

import type { FileContent, FileMap, Tree } from '../files/file-map.js';

/** A tree in which one file has another text, without a copy of the whole map (there is one per Application). */
export function withFile(tree: Tree, path: string, content: FileContent): Tree {
  return { ...tree, files: new OneFileChanged(tree.files, path, content) };
}

class OneFileChanged implements ReadonlyMap<string, FileContent> {
  readonly [Symbol.toStringTag] = 'FileMap';

  constructor(
    private readonly base: FileMap,
    private readonly path: string,
    private readonly content: FileContent,
  ) {}

  get size(): number {
    return this.base.has(this.path) ? this.base.size : this.base.size + 1;
  }

  get(path: string): FileContent | undefined {
    return path === this.path ? this.content : this.base.get(path);
  }

  has(path: string): boolean {
    return path === this.path || this.base.has(path);
  }

  *entries(): MapIterator<[string, FileContent]> {
    for (const [path, content] of this.base) yield [path, path === this.path ? this.content : content];
    if (!this.base.has(this.path)) yield [this.path, this.content];
  }

  *keys(): MapIterator<string> {
    for (const [path] of this.entries()) yield path;
  }

  *values(): MapIterator<FileContent> {
    for (const [, content] of this.entries()) yield content;
  }

  [Symbol.iterator](): MapIterator<[string, FileContent]> {
    return this.entries();
  }

  forEach(visit: (content: FileContent, path: string, map: ReadonlyMap<string, FileContent>) => void): void {
    for (const [path, content] of this.entries()) visit(content, path, this);
  }
}

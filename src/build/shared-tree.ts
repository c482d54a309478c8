import { clone, field, isMap, type Node, type NodeMap, OddScalar } from './node.js';

export type Collection = NodeMap | Node[];

export function isCollection(node: Node | undefined): node is Collection {
  return typeof node === 'object' && node !== null && !(node instanceof OddScalar);
}

/** As many are looked for in a list as fast as in a set, and take less memory. */
const few = 16;

/**
 * The tree of an object whose collections may stand in the trees of others as well: overlays share those of their base. What is
 * written into is copied first, along its path; all else stays one and the same, so that what is known of it is known once.
 */
export class SharedTree {
  private top: NodeMap;
  /** The collections that stand in no other tree, a list as long as they are few; `all`: each of this one. */
  private mine: Collection[] | Set<Collection> | 'all' | undefined;

  constructor(root: NodeMap, isOwned: boolean) {
    this.top = root;
    this.mine = isOwned ? 'all' : undefined;
  }

  /** For reading. */
  get root(): NodeMap {
    return this.top;
  }

  /** Whether nothing of it was copied, so that the whole is that of others. */
  get isShared(): boolean {
    return this.mine === undefined;
  }

  /** Whether a collection of this tree stands in no other one. */
  isOwn(node: Collection): boolean {
    const { mine } = this;
    if (mine === undefined) return false;
    if (mine === 'all') return true;
    return Array.isArray(mine) ? mine.includes(node) : mine.has(node);
  }

  /** Another tree in its place; `isOwned` where nobody else holds any of it. */
  replace(root: NodeMap, isOwned: boolean): void {
    this.top = root;
    this.mine = isOwned ? 'all' : undefined;
  }

  /** From now on everything in it is that of others too. */
  share(): void {
    this.mine = undefined;
  }

  /** The tree with nothing in it that others hold, for those who write anywhere. */
  own(): NodeMap {
    if (this.mine !== 'all') {
      this.top = clone(this.top);
      this.mine = 'all';
    }
    return this.top;
  }

  /** The map at the top for writing into its fields; what these hold is written through `writable`. */
  writableRoot(): NodeMap {
    if (!this.isOwn(this.top)) this.top = this.taken({ ...this.top });
    return this.top;
  }

  /** What a collection that may be written holds at a key; a collection comes as one that may be written too. */
  writable(holder: Collection, key: string | number): Node | undefined {
    const child = isMap(holder) ? field(holder, String(key)) : holder[Number(key)];
    if (!isCollection(child) || this.isOwn(child)) return child;
    const copy = this.taken(Array.isArray(child) ? child.slice() : { ...child });
    (holder as NodeMap)[key as string] = copy;
    return copy;
  }

  private taken<T extends Collection>(copy: T): T {
    const { mine } = this;
    if (mine === undefined) this.mine = [copy];
    else if (mine instanceof Set) mine.add(copy);
    else if (mine !== 'all') {
      mine.push(copy);
      if (mine.length > few) this.mine = new Set(mine);
    }
    return copy;
  }
}

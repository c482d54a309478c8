import { pointerParts } from '../yaml/pointer.js';
import { type Edit, type SetEdit, type Source, step } from './edits.js';
import { apiVersionOf, type Gvk, type Id, parseApiVersion } from './ids.js';
import { clone, field, isMap, mapAt, type Node, type NodeMap, type Scalar, textAtKey, textOf } from './node.js';

/** A transformer that ran over an object: for `buildMetadata`, which is asked for rarely. */
export interface Transformation {
  readonly previous: Transformation | undefined;
  /** The file that configured it. */
  readonly file: string;
  readonly kind: string;
  /** Set where it is written as an object. */
  readonly plugin: { readonly apiVersion: string; readonly name: string; readonly namespace: string } | undefined;
}

export type Behavior = 'unspecified' | 'create' | 'replace' | 'merge';

/** An id that the object had before a change of its name, namespace or kind. */
export interface PreviousId {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
}

const none: ReadonlyMap<string, readonly string[]> = new Map();

/** One object on its way through a build: its tree, its history of ids, and who changed what. */
export class Entry {
  previous: readonly PreviousId[] = [];
  prefixes: readonly string[] = [];
  suffixes: readonly string[] = [];
  refVarNames: readonly string[] = [];
  needsHash = false;
  /**
   * Fields that Kustomize holds as one node of its tree: a label that was added to several places at once. Whoever changes
   * one of them later changes all. By pointer; every member knows the whole group.
   */
  shared: ReadonlyMap<string, readonly string[]> = none;
  transformations: Transformation | undefined;
  /** The identity of the generator that made it, where that is written as an object. */
  generator: { readonly kind: string; readonly name: string; readonly namespace: string } | undefined;
  /** The newest edit when a JSON patch last rewrote the whole tree, and with it the quotes of its strings. */
  rewritten: { readonly edits: Edit | undefined } | undefined;
  behavior: Behavior = 'unspecified';
  edits: Edit | undefined;
  private owned: boolean;
  private tree: NodeMap;

  constructor(
    tree: NodeMap,
    readonly origin: Source,
    owned = false,
  ) {
    this.tree = tree;
    this.owned = owned;
  }

  /** The tree for reading. */
  get root(): NodeMap {
    return this.tree;
  }

  /** Whether the tree is nobody else's. */
  get isOwned(): boolean {
    return this.owned;
  }

  /** The tree for writing: copied the first time, because bases are shared by their overlays. */
  own(): NodeMap {
    if (!this.owned) {
      this.tree = clone(this.tree);
      this.owned = true;
    }
    return this.tree;
  }

  /** Kustomize keeps its books in annotations: whoever replaces all annotations makes it forget. */
  forget(): void {
    this.previous = [];
    this.prefixes = [];
    this.suffixes = [];
    this.needsHash = false;
    this.behavior = 'unspecified';
  }

  /** Notes that the fields at these pointers were added as one node. */
  share(pointers: readonly string[]): void {
    const shared = new Map(this.shared);
    for (const pointer of pointers) shared.set(pointer, pointers);
    this.shared = shared;
  }

  /** Notes that what stood under a pointer was replaced or removed as a whole. */
  unshare(pointer: string): void {
    if (this.shared.size === 0) return;
    const stays = (member: string) => member !== pointer && !member.startsWith(`${pointer}/`);
    const shared = new Map<string, readonly string[]>();
    for (const [member, group] of this.shared) if (stays(member)) shared.set(member, group.filter(stays));
    this.shared = shared;
  }

  /** Writes a scalar also where Kustomize holds the same node. */
  spread(pointer: string, value: Scalar, source: Source, from?: string): void {
    for (const other of this.shared.get(pointer) ?? []) {
      if (other === pointer) continue;
      const parts = pointerParts(other);
      const key = parts.pop() as string;
      let holder: Node | undefined = this.own();
      for (const part of parts)
        holder = Array.isArray(holder) ? holder[Number(part)] : isMap(holder) ? field(holder, part) : undefined;
      if (!isMap(holder) || field(holder, key) === undefined) continue;
      holder[key] = value;
      this.wrote(other, source, from);
    }
  }

  replaceRoot(tree: NodeMap): void {
    this.tree = tree;
    this.owned = true;
  }

  /** Takes a tree that others hold too: it is copied before it is written. */
  shareRoot(tree: NodeMap): void {
    this.tree = tree;
    this.owned = false;
  }

  /** The same object for another build: what that build changes is not seen here. */
  fork(): Entry {
    const copy = new Entry(this.tree, this.origin);
    // From now on neither side may write into the shared tree.
    this.owned = false;
    copy.previous = this.previous;
    copy.prefixes = this.prefixes;
    copy.suffixes = this.suffixes;
    copy.refVarNames = this.refVarNames;
    copy.needsHash = this.needsHash;
    copy.behavior = this.behavior;
    copy.edits = this.edits;
    copy.shared = this.shared;
    copy.rewritten = this.rewritten;
    copy.transformations = this.transformations;
    copy.generator = this.generator;
    return copy;
  }

  get kind(): string {
    return textAtKey(this.tree, 'kind');
  }

  get metadata(): NodeMap | undefined {
    return mapAt(this.tree, 'metadata');
  }

  get name(): string {
    return textAtKey(this.metadata, 'name');
  }

  get namespace(): string {
    return textAtKey(this.metadata, 'namespace');
  }

  get gvk(): Gvk {
    const { group, version } = parseApiVersion(textAtKey(this.tree, 'apiVersion'));
    return { group, version, kind: this.kind };
  }

  get id(): Id {
    const { group, version } = parseApiVersion(textAtKey(this.tree, 'apiVersion'));
    const metadata = this.metadata;
    return {
      group,
      version,
      kind: textAtKey(this.tree, 'kind'),
      name: textAtKey(metadata, 'name'),
      namespace: textAtKey(metadata, 'namespace'),
    };
  }

  /** The ids it had before, oldest first. */
  get previousIds(): Id[] {
    if (this.previous.length === 0) return [];
    const { group, version } = parseApiVersion(textAtKey(this.tree, 'apiVersion'));
    return this.previous.map((id) => ({ group, version, ...id }));
  }

  get originalId(): Id {
    const first = this.previous[0];
    if (first === undefined) return this.id;
    const { group, version } = parseApiVersion(textAtKey(this.tree, 'apiVersion'));
    return { group, version, ...first };
  }

  storePreviousId(effectiveNamespace: string): void {
    this.previous = [...this.previous, { name: this.name, namespace: effectiveNamespace, kind: this.kind }];
  }

  strings(key: 'labels' | 'annotations'): Map<string, string> {
    const result = new Map<string, string>();
    const map = this.metadata === undefined ? undefined : field(this.metadata, key);
    if (isMap(map)) for (const name of Object.keys(map)) result.set(name, textOf(map[name]));
    return result;
  }

  set(path: readonly (string | number)[], value: Node, source: Source, from?: string): void {
    let node: Node = this.own();
    for (const [i, key] of path.entries()) {
      const parent: NodeMap | Node[] = node as NodeMap | Node[];
      if (i === path.length - 1) {
        (parent as NodeMap)[key] = value;
        break;
      }
      let next: Node | undefined = Array.isArray(parent) ? parent[Number(key)] : field(parent, String(key));
      if (next === undefined || next === null) {
        next = {};
        (parent as NodeMap)[key] = next;
      }
      node = next;
    }
    this.wrote(path.map(step).join(''), source, from);
  }

  wrote(pointer: string, source: Source, from?: string): void {
    const edit: SetEdit = { kind: 'set', previous: this.edits, pointer, source, from };
    this.edits = edit;
  }

  setGvk(gvk: Gvk): void {
    const root = this.own();
    root['kind'] = gvk.kind;
    root['apiVersion'] = apiVersionOf(gvk);
  }
}

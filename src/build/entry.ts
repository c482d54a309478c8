import { pointerParts } from '../yaml/pointer.js';
import { type Edit, type SetEdit, type Source, step } from './edits.js';
import { apiVersionOf, type Gvk, type Id, idKey, parseApiVersion } from './ids.js';
import { field, isMap, mapAt, type Node, type NodeMap, type Scalar, textAtKey, textOf } from './node.js';
import { type Collection, isCollection, SharedTree } from './shared-tree.js';
import type { TreeFacts } from './tree-facts.js';

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

interface Identity {
  readonly apiVersion: string;
  readonly id: Id;
  key: string | undefined;
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
  /** What its tree holds, once the build is done with it. */
  facts: TreeFacts | undefined;
  readonly tree: SharedTree;
  private last: Identity | undefined;

  constructor(
    root: NodeMap,
    readonly origin: Source,
    isOwned = false,
  ) {
    this.tree = new SharedTree(root, isOwned);
  }

  /** The tree for reading. */
  get root(): NodeMap {
    return this.tree.root;
  }

  /** The tree for writing anywhere in it: copied as a whole, because bases are shared by their overlays. */
  own(): NodeMap {
    return this.tree.own();
  }

  /** Kustomize keeps its books in annotations: whoever replaces all annotations makes it forget. */
  forget(): void {
    this.previous = [];
    this.prefixes = [];
    this.suffixes = [];
    this.needsHash = false;
    this.behavior = 'unspecified';
  }

  /** Notes that the fields at the pointers of each group were added as one node. */
  share(groups: readonly (readonly string[])[]): void {
    const shared = new Map(this.shared);
    for (const pointers of groups) for (const pointer of pointers) shared.set(pointer, pointers);
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
      let holder: Node | undefined = this.tree.writableRoot();
      for (const part of parts) holder = isCollection(holder) ? this.tree.writable(holder, part) : undefined;
      if (!isMap(holder) || field(holder, key) === undefined) continue;
      holder[key] = value;
      this.wrote(other, source, from);
    }
  }

  replaceRoot(root: NodeMap): void {
    this.tree.replace(root, true);
  }

  /** Takes a tree that others hold too: it is copied before it is written. */
  shareRoot(root: NodeMap): void {
    this.tree.replace(root, false);
  }

  /** The same object for another build: what that build changes is not seen here. */
  fork(): Entry {
    const copy = new Entry(this.root, this.origin);
    // From now on neither side may write into the shared tree.
    this.tree.share();
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
    copy.last = this.last;
    return copy;
  }

  get kind(): string {
    return textAtKey(this.root, 'kind');
  }

  get metadata(): NodeMap | undefined {
    return mapAt(this.root, 'metadata');
  }

  get name(): string {
    return textAtKey(this.metadata, 'name');
  }

  get namespace(): string {
    return textAtKey(this.metadata, 'namespace');
  }

  get gvk(): Gvk {
    const { group, version } = parseApiVersion(textAtKey(this.root, 'apiVersion'));
    return { group, version, kind: this.kind };
  }

  get id(): Id {
    return this.identity().id;
  }

  /** Equal keys mean equal ids. */
  get key(): string {
    const identity = this.identity();
    identity.key ??= idKey(identity.id);
    return identity.key;
  }

  /** What it is now: made anew only where one of its parts changed. */
  private identity(): Identity {
    const apiVersion = textAtKey(this.root, 'apiVersion');
    const kind = textAtKey(this.root, 'kind');
    const metadata = this.metadata;
    const name = textAtKey(metadata, 'name');
    const namespace = textAtKey(metadata, 'namespace');
    const last = this.last;
    if (
      last !== undefined &&
      last.apiVersion === apiVersion &&
      last.id.kind === kind &&
      last.id.name === name &&
      last.id.namespace === namespace
    )
      return last;
    const { group, version } = parseApiVersion(apiVersion);
    this.last = { apiVersion, id: { group, version, kind, name, namespace }, key: undefined };
    return this.last;
  }

  /** The ids it had before, oldest first. */
  get previousIds(): Id[] {
    if (this.previous.length === 0) return [];
    const { group, version } = parseApiVersion(textAtKey(this.root, 'apiVersion'));
    return this.previous.map((id) => ({ group, version, ...id }));
  }

  get originalId(): Id {
    const first = this.previous[0];
    if (first === undefined) return this.id;
    const { group, version } = parseApiVersion(textAtKey(this.root, 'apiVersion'));
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
    let holder: Collection = this.tree.writableRoot();
    for (const key of path.slice(0, -1)) {
      const below: Node | undefined = this.tree.writable(holder, key);
      if (below === undefined || below === null) {
        (holder as NodeMap)[key] = {};
        holder = this.tree.writable(holder, key) as Collection;
      } else holder = below as Collection;
    }
    (holder as NodeMap)[path.at(-1) as string] = value;
    this.wrote(path.map(step).join(''), source, from);
  }

  /** Notes who wrote at a pointer; a merge that wrote over a scalar says what `was` there. */
  wrote(pointer: string, source: Source, from?: string, was?: Scalar): void {
    const edit: SetEdit = { kind: 'set', previous: this.edits, pointer, source, from, was };
    this.edits = edit;
  }

  setGvk(gvk: Gvk): void {
    const root = this.tree.writableRoot();
    root['kind'] = gvk.kind;
    root['apiVersion'] = apiVersionOf(gvk);
  }
}

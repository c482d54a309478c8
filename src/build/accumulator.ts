import type { Entry } from './entry.js';
import { type Id, idKey } from './ids.js';
import { mergeSchemaOf } from './merge-schema.js';
import type { MergeSchemas } from './merge-schema-types.js';
import type { NodeMap } from './node.js';
import type { FieldSource } from './resource.js';
import type { Spend } from './work.js';

/** Two objects with one id. */
export class DuplicateId extends Error {
  constructor(
    readonly first: Entry,
    readonly second: Entry,
  ) {
    super('duplicate id');
  }
}

/** The objects of a build in order, with the ids that they have now. */
export class Entries {
  list: Entry[] = [];
  /** Whether the scalar at a place is written in quotes (or as a block); asked rarely. */
  isQuoted: (place: FieldSource) => boolean = () => false;
  /** Told how much work is done with these. */
  spend: Spend = () => {};
  /** What the API description of the build says of kinds, for merging. */
  schemas: MergeSchemas = mergeSchemaOf;
  private index: Map<string, Entry[]> | undefined;

  static of(entries: readonly Entry[]): Entries {
    const result = new Entries();
    result.list = [...entries];
    return result;
  }

  /** Adds an object; another one with the same id is an error, except where `replace` says who goes. */
  append(entry: Entry): void {
    const index = this.byId();
    const key = entry.key;
    const there = index.get(key);
    if (there !== undefined && there.length > 0) throw new DuplicateId(there[0] as Entry, entry);
    index.set(key, [entry]);
    this.list.push(entry);
  }

  appendAll(entries: readonly Entry[]): void {
    for (const entry of entries) this.append(entry);
  }

  /** Call after ids changed or entries left. */
  changed(): void {
    this.index = undefined;
  }

  byId(): Map<string, Entry[]> {
    if (this.index !== undefined) return this.index;
    const index = new Map<string, Entry[]>();
    for (const entry of this.list) {
      const key = entry.key;
      const there = index.get(key);
      if (there === undefined) index.set(key, [entry]);
      else there.push(entry);
    }
    this.index = index;
    return index;
  }

  /** Objects that have this id now or had it before, in order. */
  withAnyId(id: Id): Entry[] {
    const key = idKey(id);
    this.spend(2 * this.list.length);
    return this.list.filter(
      (entry) =>
        (entry.name === id.name && entry.key === key) ||
        (entry.previous.some(({ name }) => name === id.name) &&
          entry.previousIds.some((other) => idKey(other) === key)),
    );
  }

  dropEmpty(): void {
    const kept = this.list.filter(({ root }) => !isEmpty(root));
    if (kept.length !== this.list.length) {
      this.list = kept;
      this.changed();
    }
  }
}

function isEmpty(root: NodeMap): boolean {
  for (const _ in root) return false;
  return true;
}

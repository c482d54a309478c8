import type { Json, JsonObject, Place } from '../diagnostics/diagnostic.js';
import { toPointer } from '../yaml/pointer.js';
import type { SpecKind } from './validator.js';

/**
 * A file as somebody wrote it, whether its schema accepts it or not. Checks that look across fields and files read
 * drafts, so that every mistake is reported in one run and not only those of the first stage.
 */
export interface Draft {
  readonly kind: SpecKind;
  readonly file: string;
  readonly value: JsonObject;
}

/** No list or mapping of a valid file has more entries (maxItems, maxProperties of the schemas); the rest is not looked at. */
const mostEntries = 20_000;

/** A place inside a draft: the value if it is there, and the way to it. Every step tolerates every shape. */
export class Cursor {
  constructor(
    readonly draft: Draft,
    readonly value: Json | undefined,
    readonly path: readonly (string | number)[],
  ) {}

  static of(draft: Draft): Cursor {
    return new Cursor(draft, draft.value, []);
  }

  /** The field of a mapping; a cursor on nothing where there is none. */
  get(...names: readonly string[]): Cursor {
    let at: Cursor = this;
    for (const name of names) {
      const { value } = at;
      const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
      at = new Cursor(this.draft, isMap && Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined, [
        ...at.path,
        name,
      ]);
    }
    return at;
  }

  /** The entries of a list; none where it is no list. */
  items(): Cursor[] {
    return Array.isArray(this.value)
      ? this.value.slice(0, mostEntries).map((item: Json, i) => new Cursor(this.draft, item, [...this.path, i]))
      : [];
  }

  /** The fields of a mapping with their names; none where it is no mapping. */
  fields(): [string, Cursor][] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value)
      .slice(0, mostEntries)
      .map(([name, item]) => [name, new Cursor(this.draft, item as Json, [...this.path, name])]);
  }

  get text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  get number(): number | undefined {
    return typeof this.value === 'number' ? this.value : undefined;
  }

  get exists(): boolean {
    return this.value !== undefined;
  }

  at(part?: 'key' | 'value'): Place {
    return { file: this.draft.file, pointer: toPointer(this.path), ...(part ? { part } : {}) };
  }
}

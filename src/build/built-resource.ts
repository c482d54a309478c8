import type { JsonObject } from '../diagnostics/diagnostic.js';
import { changesOf, placeOf, sourceOf } from './edits.js';
import { emitObject } from './emit.js';
import type { Entry } from './entry.js';
import { type NodeMap, toJson } from './node.js';
import type { FieldSource, Resource } from './resource.js';
import { factsOf } from './tree-facts.js';

/** An object that came out of a build. What is asked rarely is worked out when it is asked. */
export class BuiltResource implements Resource {
  private json: JsonObject | undefined;
  private changes: readonly FieldSource[] | undefined;

  constructor(private readonly entry: Entry) {}

  get value(): JsonObject {
    const { root, tree, facts = factsOf(tree) } = this.entry;
    this.json ??= facts.hasOddScalar ? (toJson(root) as JsonObject) : (root as JsonObject);
    return this.json;
  }

  get origin(): FieldSource {
    return placeOf(this.entry.origin);
  }

  get changedBy(): readonly FieldSource[] {
    this.changes ??= changesOf(this.entry.edits);
    return this.changes;
  }

  sourceOf(pointer: string): FieldSource {
    return sourceOf(this.entry.edits, this.entry.origin, pointer);
  }

  /** The object as YAML, with numbers that JSON cannot hold in full. */
  emit(): string {
    return emitObject(this.entry.root, this.entry.tree);
  }
}

/** The stream that `kubectl kustomize` prints, to the byte. */
export function emitStream(resources: readonly Resource[]): string {
  return resources
    .map((resource) => (resource instanceof BuiltResource ? resource.emit() : emitObject(resource.value as NodeMap)))
    .join('---\n');
}

import {
  type Built,
  buildAll,
  type Disguise,
  disguise,
  disguises,
  fullBody,
  markLists,
  objectOf,
  pathsWhere,
} from './probe.js';
import { apiVersion, type Gvk, type Universe, type Value } from './universe.js';

export interface Spec {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly path: string;
  readonly create?: boolean;
}

/** A kind that no description knows: what happens to it happens to all. */
const stranger: Gvk = { group: 'probe.example.com', version: 'v99', kind: 'Stranger' };

interface Probe {
  readonly gvk: Gvk;
  readonly as: Disguise;
  readonly id: string;
}

export interface Question {
  readonly kustomization: object;
  /** What the string fields hold. */
  readonly text: string;
  readonly accepts: (value: unknown) => boolean;
  /** What the kustomization could make where it is missing. */
  readonly creates: 'maps' | 'scalars' | 'nothing';
  /** Whether unknown kinds are tried with the fields of every known kind. */
  readonly strangers?: boolean;
  /** Further files of the kustomization. */
  readonly more?: Readonly<Record<string, string>>;
  readonly metadata?: { [key: string]: Value };
  /** Whether the fields of numbers hold the text too. */
  readonly numbers?: boolean;
}

/** The field specs that answer a question: which paths of which kinds a transformer changes. */
export function fieldSpecs(universe: Universe, question: Question): Spec[] {
  const hits = new Map<string, Set<Disguise>>();
  const created = new Set<string>();
  const shapes = new Map<string, unknown>();
  const strangers =
    question.strangers === true
      ? [...universe.kinds.values()].map(({ definition }) => ({ gvk: stranger, definition }))
      : [];
  const kinds = [...universe.kinds.values(), { gvk: stranger, definition: '' }, ...strangers];
  for (const as of disguises) {
    const probes = kinds.map(({ gvk, definition }, i): Probe & { definition: string } => ({
      gvk,
      as,
      id: `p${i}`,
      definition,
    }));
    const run = (body: (definition: string) => Parameters<typeof objectOf>[2]) =>
      byId(
        buildAll(
          question.kustomization,
          probes.map((probe) =>
            objectOf(disguise(probe.gvk, as), probe.id, body(probe.definition), {
              ...question.metadata,
              annotations: { ...asMap(question.metadata?.['annotations']), 'probe/id': probe.id },
            }),
          ),
          question.more,
        ),
      );
    const full = run((definition) => fullBody(universe, definition, question.text, true, question.numbers));
    // Without its maps, an object shows which of them are made; scalars stand in it, so that only an empty one shows them.
    const bare =
      question.creates === 'maps'
        ? run((definition) => fullBody(universe, definition, question.text, false, question.numbers))
        : new Map<string, Built>();
    const empty = question.creates !== 'nothing' ? run(() => undefined) : new Map<string, Built>();
    for (const probe of probes) {
      const object = full.get(probe.id);
      const key = (path: string) => `${apiVersion(probe.gvk)}|${probe.gvk.kind}|${path}`;
      const inBare = new Set(pathsWhere(bare.get(probe.id), question.accepts));
      const inEmpty = new Set(pathsWhere(empty.get(probe.id), question.accepts));
      for (const path of new Set([...pathsWhere(object, question.accepts), ...inEmpty])) {
        const marked =
          question.strangers === true || (inBare.has(path) && !inEmpty.has(path)) ? markLists(object, path) : path;
        hits.set(key(marked), (hits.get(key(marked)) ?? new Set()).add(as));
        if (inBare.has(path) || inEmpty.has(path)) created.add(key(marked));
        shapes.set(key(marked), object);
      }
    }
  }
  return generalise(hits, created);
}

function asMap(value: Value | undefined): { [key: string]: Value } {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

// Names change on the way, the annotation does not.
function byId(objects: readonly Built[]): Map<string, Built> {
  return new Map(objects.map((object) => [object.metadata.annotations?.['probe/id'] ?? '', object]));
}

/** What a rule asks of group and version, from the disguises in which it held. */
function generalise(hits: ReadonlyMap<string, ReadonlySet<Disguise>>, created: ReadonlySet<string>): Spec[] {
  const specs = new Map<string, Spec>();
  const general = new Set<string>();
  for (const [key, held] of hits) {
    const [, kind, path] = key.split('|') as [string, string, string];
    if (kind === stranger.kind && held.size > 0) general.add(path);
  }
  for (const path of general) {
    const create = created.has(`${apiVersion(stranger)}|${stranger.kind}|${path}`);
    specs.set(path, { path, ...(create ? { create } : {}) });
  }
  for (const [key, held] of hits) {
    const [api, kind, path] = key.split('|') as [string, string, string];
    if (general.has(path)) continue;
    const slash = api.indexOf('/');
    const group = slash < 0 ? '' : api.slice(0, slash);
    const version = slash < 0 ? api : api.slice(slash + 1);
    const anyVersion = held.has('other-version') || held.has('other-both');
    const anyGroup = held.has('other-group') || held.has('other-both');
    const spec: Spec = {
      ...(anyGroup || group === '' ? {} : { group }),
      ...(anyVersion ? {} : { version }),
      kind,
      path,
      ...(created.has(key) ? { create: true } : {}),
    };
    specs.set(JSON.stringify(spec), spec);
  }
  return [...specs.values()].sort(
    (a, b) =>
      compare(a.kind ?? '', b.kind ?? '') || compare(a.path, b.path) || compare(JSON.stringify(a), JSON.stringify(b)),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

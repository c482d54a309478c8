import { compareMinors, groupOf, minorOf } from './api-version.js';
import type { CelEngine } from './cel/check.js';
import { CompactFile } from './compact.js';
import type { CustomDefinition } from './crd.js';
import { fieldLimits, itemLimits } from './field-limits.js';
import { type ApiNotice, type FoundSchema, isFound, type NoSchema } from './found.js';
import { makeNode, OBJECT, type SchemaNode } from './node.js';
import { type SchemaLocation, schemaFromLocations } from './schema-location.js';
import { clusterScopedKinds } from './scopes.js';

/** The text of a data file by its name under `schemas/` (`kubernetes/1.36.txt`, `crds/index.json`). */
export type LoadSchemaFile = (name: string) => string | undefined;

export interface SchemaStoreOptions {
  /** `1.34`, `v1.34.2`; default the newest that is bundled. */
  readonly kubernetesVersion?: string;
  /** CRDs of the repository and of `--crd`; the first of a kind wins, and all win over what is bundled. */
  readonly userCrds?: readonly CustomDefinition[];
  /** `--schema-location`: after the CRDs, before what is bundled. */
  readonly locations?: readonly SchemaLocation[];
  /** Evaluates the rules of CRDs; `loadCelEngine` gives it where `hasRules` says that one is needed. */
  readonly cel?: CelEngine;
}

interface CoreIndex {
  readonly base: string;
  readonly minors: readonly { readonly minor: string; readonly source: string; readonly bounded?: boolean }[];
}
interface CrdSource {
  readonly package: string;
  readonly standsFor: string;
  readonly behind?: boolean;
}
interface CrdIndex {
  readonly sources: Readonly<Record<string, CrdSource>>;
  readonly kinds: Readonly<Record<string, readonly [file: string, definition: string]>>;
}
interface PartialIndex {
  readonly kinds: Readonly<Record<string, PartialKind>>;
}
interface PartialKind {
  readonly source: string;
  readonly from: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly definition: string;
  readonly notice?: ApiNotice;
}

/** Looks schemas up for one version of Kubernetes; loads only what is asked for. */
export class SchemaStore {
  /** The minor that judges, `1.34`. */
  readonly kubernetesVersion: string;
  /** The version that was asked for and is not bundled; the nearest one judges in its place. */
  readonly requested: string | undefined;
  readonly #load: LoadSchemaFile;
  readonly #options: SchemaStoreOptions;
  readonly #found = new Map<string, FoundSchema | NoSchema>();
  readonly #files = new Map<string, CompactFile>();
  readonly #coreIndex: CoreIndex;
  #crdIndex: CrdIndex | undefined;
  #partials: PartialIndex | undefined;
  #embedded: CompactFile | undefined;

  constructor(load: LoadSchemaFile, options: SchemaStoreOptions = {}) {
    this.#load = load;
    this.#options = options;
    this.#coreIndex = JSON.parse(this.#text('kubernetes/index.json')) as CoreIndex;
    const asked = minorOf(options.kubernetesVersion ?? this.#coreIndex.base);
    this.kubernetesVersion = this.#nearestMinor(asked ?? this.#coreIndex.base);
    this.requested = this.kubernetesVersion === asked ? undefined : options.kubernetesVersion;
  }

  /** The minors that are bundled, oldest first. */
  get minors(): readonly string[] {
    return this.#coreIndex.minors.map(({ minor }) => minor);
  }

  /** The schema of a kind, or why there is none. */
  lookup(apiVersion: string, kind: string): FoundSchema | NoSchema {
    const key = `${apiVersion}/${kind}`;
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#userCrd(apiVersion, kind) ?? this.#location(apiVersion, kind) ?? this.#bundled(apiVersion, kind);
      this.#found.set(key, found);
    }
    return found;
  }

  /** Whether objects of a kind belong to a namespace; undefined where the kind is not known. */
  scopeOf(apiVersion: string, kind: string): 'Namespaced' | 'Cluster' | undefined {
    const found = this.lookup(apiVersion, kind);
    return isFound(found) ? found.scope : undefined;
  }

  /** What evaluates rules, where it was given. */
  get cel(): CelEngine | undefined {
    return this.#options.cel;
  }

  /** A definition of the core of the newest minor, which custom resources embed (`V1PodSpec`). */
  coreDefinition(name: string): SchemaNode | undefined {
    return this.#core(this.#coreIndex.base).node(name);
  }

  #userCrd(apiVersion: string, kind: string): FoundSchema | NoSchema | undefined {
    const all = this.#options.userCrds ?? [];
    const versions = all.filter((item) => item.kind === kind && item.group === groupOf(apiVersion));
    const definition = versions.find((item) => item.apiVersion === apiVersion);
    if (definition !== undefined) {
      return {
        node: definition.schema(this.coreDefinition('V1ObjectMeta')),
        source: definition.source,
        from: definition.source,
        scope: definition.scope,
        hasRules: definition.hasRules,
        ...(definition.notice !== undefined && { notice: definition.notice }),
      };
    }
    const [first] = versions;
    if (first === undefined) return undefined;
    const known = versions.map((item) => item.apiVersion);
    return { reason: 'no-such-version', known, source: first.source };
  }

  #location(apiVersion: string, kind: string): FoundSchema | undefined {
    return schemaFromLocations(this.#options.locations ?? [], {
      apiVersion,
      kind,
      kubernetesVersion: this.kubernetesVersion,
    });
  }

  #bundled(apiVersion: string, kind: string): FoundSchema | NoSchema {
    const core = this.#core(this.kubernetesVersion);
    const entry = core.kind(apiVersion, kind);
    if (entry !== undefined) {
      const minor = this.#coreIndex.minors.find((item) => item.minor === this.kubernetesVersion);
      const bounded = minor?.bounded === true ? ' (bounded by its neighbours)' : '';
      return {
        node: core.node(entry[0]!)!,
        source: `Kubernetes ${this.kubernetesVersion}${bounded}`,
        from: minor?.source ?? '',
        scope: entry[2] === 'Cluster' ? 'Cluster' : 'Namespaced',
      };
    }
    return this.#partial(apiVersion, kind) ?? this.#packaged(apiVersion, kind) ?? this.#unknown(apiVersion, kind);
  }

  #packaged(apiVersion: string, kind: string): FoundSchema | undefined {
    const index = this.#crds();
    const entry = index.kinds[`${apiVersion}/${kind}`];
    if (entry === undefined) return undefined;
    const source = index.sources[entry[0]]!;
    const node = this.#file(`crds/${entry[0]}.txt`).node(entry[1])!;
    return {
      node,
      source: source.standsFor,
      from: source.package,
      scope: clusterScopedKinds.has(kind) ? 'Cluster' : 'Namespaced',
      ...(source.behind === true && { behind: true }),
    };
  }

  #partial(apiVersion: string, kind: string): FoundSchema | undefined {
    const entry = this.#partialIndex().kinds[`${apiVersion}/${kind}`];
    if (entry === undefined) return undefined;
    const node = this.#file('crds/partial.txt').node(entry.definition) ?? makeNode({ types: OBJECT });
    const { source, from, scope, notice } = entry;
    return { node, source, from, scope, partial: true, ...(notice !== undefined && { notice }) };
  }

  #unknown(apiVersion: string, kind: string): NoSchema {
    const group = groupOf(apiVersion);
    const all = [
      ...this.#core(this.kubernetesVersion).kinds(),
      ...Object.keys(this.#crds().kinds),
      ...Object.keys(this.#partialIndex().kinds),
    ].map((key) => ({ apiVersion: key.slice(0, key.lastIndexOf('/')), kind: key.slice(key.lastIndexOf('/') + 1) }));
    const sameKind = all.filter((item) => item.kind === kind && groupOf(item.apiVersion) === group);
    if (sameKind.length > 0) return { reason: 'no-such-version', known: sameKind.map((item) => item.apiVersion) };
    const sameVersion = all.filter((item) => item.apiVersion === apiVersion);
    if (sameVersion.length > 0) return { reason: 'no-such-kind', known: sameVersion.map((item) => item.kind) };
    return { reason: 'no-such-group', known: [] };
  }

  #text(name: string): string {
    const text = this.#load(name);
    if (text === undefined) throw new Error(`the package lacks its data file schemas/${name}`);
    return text;
  }

  #core(minor: string): CompactFile {
    const { base } = this.#coreIndex;
    const key = `kubernetes/${minor}.txt`;
    let file = this.#files.get(key);
    if (file === undefined) {
      const limits = { field: fieldLimits, item: itemLimits };
      file = new CompactFile(this.#text(key), { limits, ...(minor !== base && { base: this.#core(base) }) });
      this.#files.set(key, file);
    }
    return file;
  }

  #file(name: string): CompactFile {
    let file = this.#files.get(name);
    if (file === undefined) {
      // A CRD embeds the Pod of its own build, whatever the cluster's version: the newest core stands for it.
      // Its CRD does not hold what the API server validates beyond the schema, and its fields may be templates.
      this.#embedded ??= new CompactFile(this.#text(`kubernetes/${this.#coreIndex.base}.txt`));
      file = new CompactFile(this.#text(name), { core: this.#embedded });
      this.#files.set(name, file);
    }
    return file;
  }

  #crds(): CrdIndex {
    this.#crdIndex ??= JSON.parse(this.#text('crds/index.json')) as CrdIndex;
    return this.#crdIndex;
  }

  #partialIndex(): PartialIndex {
    this.#partials ??= JSON.parse(this.#text('crds/partial.json')) as PartialIndex;
    return this.#partials;
  }

  #nearestMinor(minor: string): string {
    const all = this.minors;
    if (all.includes(minor)) return minor;
    return compareMinors(minor, all[0]!) < 0 ? all[0]! : all.at(-1)!;
  }
}

/** A store for one version of Kubernetes. `load` gives the text of a data file of the package by its name. */
export function createSchemaStore(load: LoadSchemaFile, options: SchemaStoreOptions = {}): SchemaStore {
  return new SchemaStore(load, options);
}

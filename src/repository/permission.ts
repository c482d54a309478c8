import { stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import { linearRegex } from '../schema/regex.js';
import { trimServer } from './clusters.js';
import { normalizeGitUrl } from './git-url.js';
import { compileGlob, compilePathMatch, type Pattern } from './glob.js';
import type { Scope } from './scopes.js';
import type { Entry, ExtendedProject } from './settings.js';

/** What a project answers, and which entry decided it. */
export interface Answer {
  readonly verdict: 'permitted' | 'denied' | 'undecidable';
  /** The entry that decided; undefined where it is the absence of one. */
  readonly by: Entry<unknown> | undefined;
  /** What would decide an undecidable question. */
  readonly needs?: string;
}

/** Kleene's third value: what is asked about is not known here. */
type Known = boolean | undefined;

const and = (a: Known, b: Known): Known =>
  a === false || b === false ? false : a === true && b === true ? true : undefined;
const or = (a: Known, b: Known): Known =>
  a === true || b === true ? true : a === false && b === false ? false : undefined;
const not = (a: Known): Known => (a === undefined ? undefined : !a);

export function isDeny(pattern: string): boolean {
  return pattern.startsWith('!');
}

/** Patterns are few and asked about often. */
class Patterns {
  private readonly made = new Map<string, Pattern | undefined>();

  constructor(private readonly compile: (pattern: string) => Pattern | undefined) {}

  matches(pattern: string, text: string): boolean {
    if (!/[*?[\]{}\\!^]/.test(pattern)) return pattern === text;
    if (!this.made.has(pattern)) this.made.set(pattern, this.compile(pattern));
    return this.made.get(pattern)?.matches(text) ?? false;
  }
}

/**
 * A project as Argo CD asks it (pkg/apis/application/v1alpha1/app_project_types.go): every entry is walked, an entry that
 * starts with `!` counts as a match while it is not violated, and the first violated one denies.
 */
export class Permissions {
  private readonly sources = new Patterns((pattern) => compileGlob(pattern, '/'));
  private readonly places = new Patterns((pattern) => compileGlob(pattern));
  private readonly kinds = new Patterns(compilePathMatch);
  private readonly answers = new Map<string, Answer>();

  constructor(
    readonly project: ExtendedProject,
    private readonly argocdVersion: string,
  ) {}

  source(repoURL: string): Answer {
    return this.once(`source\n${repoURL}`, () => {
      const url = normalizeGitUrl(repoURL);
      let by: Entry<string> | undefined;
      for (const entry of this.project.sourceRepos) {
        const deny = isDeny(entry.value);
        const pattern = normalizeGitUrl(deny ? entry.value.slice(1) : entry.value);
        const matches = (!deny && pattern === '*') || this.sources.matches(pattern, url);
        if (deny && matches) return { verdict: 'denied', by: entry };
        if (deny !== matches) by ??= entry;
      }
      return { verdict: by === undefined ? 'denied' : 'permitted', by };
    });
  }

  /** Whether a cluster and a namespace in it may be deployed to. What is not known of the cluster is undefined. */
  destination(
    cluster: { readonly server: string | undefined; readonly name: string | undefined },
    namespace: string,
  ): Answer {
    return this.once(`destination\n${cluster.server ?? ''}\n${cluster.name ?? ''}\n${namespace}`, () => {
      const answer = this.destinationMatched(cluster, namespace);
      if (answer.verdict === 'denied' || !this.project.permitOnlyProjectScopedClusters) return answer;
      const owned = this.project.ownClusters.some(
        (own) =>
          (own.server !== undefined && trimServer(own.server) === cluster.server) ||
          (own.name !== undefined && own.name === cluster.name),
      );
      if (owned) return answer;
      return {
        verdict: 'undecidable',
        by: undefined,
        needs: 'the cluster Secret that scopes the cluster to the project',
      };
    });
  }

  private destinationMatched(
    cluster: { readonly server: string | undefined; readonly name: string | undefined },
    namespace: string,
  ): Answer {
    let any: Known = false;
    let by: Entry<JsonObject> | undefined;
    let maybeDenied = false;
    for (const entry of this.project.destinations) {
      const [name, server, wanted] = ['name', 'server', 'namespace'].map((key) => stringAt(entry.value, key) ?? '') as [
        string,
        string,
        string,
      ];
      const nameMatched = this.negatable(name, cluster.name);
      const serverMatched = this.negatable(server, cluster.server);
      const namespaceMatched = this.negatable(wanted, namespace);
      const matched = and(or(serverMatched, nameMatched), namespaceMatched);
      if (matched === true) {
        any = true;
        by ??= entry;
        continue;
      }
      const denied = this.denies({ name, server, wanted, nameMatched, serverMatched, namespaceMatched });
      if (denied === true && matched === false) return { verdict: 'denied', by: entry };
      if (denied !== false) maybeDenied = true;
      if (matched === undefined) any = or(any, undefined);
    }
    if (any === false) return { verdict: 'denied', by: undefined };
    if (any === undefined || maybeDenied) {
      const needs =
        cluster.server === undefined ? `the address of cluster ${cluster.name ?? ''}` : `the name of ${cluster.server}`;
      return { verdict: 'undecidable', by: undefined, needs };
    }
    return { verdict: 'permitted', by };
  }

  /** The two denying branches of isDestinationMatched. The first was mended in 3.6 (argo-cd #28854). */
  private denies(item: {
    readonly name: string;
    readonly server: string;
    readonly wanted: string;
    readonly nameMatched: Known;
    readonly serverMatched: Known;
    readonly namespaceMatched: Known;
  }): Known {
    const byName = isDeny(item.name) ? not(item.nameMatched) : false;
    const byServer = isDeny(item.server) ? not(item.serverMatched) : false;
    const mended = atLeast(this.argocdVersion, 3, 6);
    const byCluster = mended
      ? and(or(byName, byServer), item.namespaceMatched)
      : or(byName, and(byServer, item.namespaceMatched));
    const byNamespace = isDeny(item.wanted) ? and(not(item.namespaceMatched), item.serverMatched) : false;
    return or(byCluster, byNamespace);
  }

  /** globMatch with negation; a cluster without name or address matches nothing that asks for it. */
  private negatable(pattern: string, text: string | undefined): Known {
    if (pattern === '*') return text === undefined ? undefined : true;
    if (text === undefined) return pattern === '' ? false : undefined;
    if (isDeny(pattern)) return !this.places.matches(pattern.slice(1), text);
    return this.places.matches(pattern, text);
  }

  /** Whether objects of a kind may be deployed. An unknown scope is decided where both scopes answer alike. */
  kind(group: string, kind: string, name: string, scope: Scope | undefined): Answer {
    if (scope === 'Namespaced') return this.namespacedKind(group, kind);
    if (scope === 'Cluster') return this.clusterKind(group, kind, name);
    const namespaced = this.namespacedKind(group, kind);
    const cluster = this.clusterKind(group, kind, name);
    if (namespaced.verdict === cluster.verdict) return namespaced;
    return {
      verdict: 'undecidable',
      by: undefined,
      needs: `the CustomResourceDefinition of ${kind}.${group}, which says its scope`,
    };
  }

  private namespacedKind(group: string, kind: string): Answer {
    return this.once(`namespaced\n${group}\n${kind}`, () => {
      const { namespaceResourceWhitelist: allowed, namespaceResourceBlacklist: forbidden } = this.project;
      const denied = forbidden.find((entry) => this.kindMatches(entry.value, group, kind));
      if (denied !== undefined) return { verdict: 'denied', by: denied };
      if (allowed === undefined) return { verdict: 'permitted', by: undefined };
      const by = allowed.find((entry) => this.kindMatches(entry.value, group, kind));
      return { verdict: by === undefined ? 'denied' : 'permitted', by };
    });
  }

  private clusterKind(group: string, kind: string, name: string): Answer {
    return this.once(`cluster\n${group}\n${kind}\n${name}`, () => {
      const matches = (entry: Entry<JsonObject>) => {
        const wanted = stringAt(entry.value, 'name') ?? '';
        return this.kindMatches(entry.value, group, kind) && (wanted === '' || this.kinds.matches(wanted, name));
      };
      const denied = this.project.clusterResourceBlacklist.find(matches);
      if (denied !== undefined) return { verdict: 'denied', by: denied };
      const by = this.project.clusterResourceWhitelist.find(matches);
      return { verdict: by === undefined ? 'denied' : 'permitted', by };
    });
  }

  private kindMatches(item: JsonObject, group: string, kind: string): boolean {
    return (
      this.kinds.matches(stringAt(item, 'kind') ?? '', kind) && this.kinds.matches(stringAt(item, 'group') ?? '', group)
    );
  }

  /** Whether Applications in a namespace other than Argo CD's may use the project (util/glob MatchStringInList). */
  applicationNamespace(namespace: string, argocdNamespace: string): Answer {
    if (namespace === argocdNamespace) return { verdict: 'permitted', by: undefined };
    let unreadable: Entry<string> | undefined;
    for (const entry of this.project.sourceNamespaces) {
      if (this.places.matches(entry.value, namespace)) return { verdict: 'permitted', by: entry };
      const expression = /^\/(.*)\/$/s.exec(entry.value)?.[1];
      if (expression === undefined) continue;
      // Argo CD's regular expressions know look-around and back-references; a pattern without them means the same here.
      const regex = linearRegex(expression);
      if (regex?.test(namespace) === true) return { verdict: 'permitted', by: entry };
      if (regex === undefined) unreadable ??= entry;
    }
    if (unreadable === undefined) return { verdict: 'denied', by: undefined };
    const needs = `the regular expression ${unreadable.value} of sourceNamespaces, which is not evaluated here`;
    return { verdict: 'undecidable', by: unreadable, needs };
  }

  private once(key: string, ask: () => Answer): Answer {
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    this.answers.set(key, answer);
    return answer;
  }
}

/** Whether a version text (`3.5`, `v3.5.1`) is at least major.minor. */
export function atLeast(version: string, major: number, minor: number): boolean {
  const parts = /^v?(\d+)(?:\.(\d+))?/.exec(version);
  if (parts === null) return false;
  const [have, minorHave] = [Number(parts[1]), Number(parts[2] ?? 0)];
  return have > major || (have === major && minorHave >= minor);
}

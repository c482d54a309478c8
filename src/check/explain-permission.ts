import { listAt } from '../capacity/read.js';
import type { Place } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { Application, Deployed, KubeObject, Unchecked } from '../repository/model.js';
import type { Answer, Permissions } from '../repository/permission.js';
import { ExtendedProjects } from './permissions.js';
import { placeOf } from './rule.js';

/** One question that Argo CD asks a project about an Application, with its answer and the entry that gave it. */
export interface PermissionLine {
  readonly question: string;
  readonly verdict: Answer['verdict'];
  /** The entry that decided, as written; undefined where none matched, or where a list that is absent allows everything. */
  readonly entry: string | undefined;
  /** Where that entry stands. */
  readonly at: Place | undefined;
  /** What decided, where it is no entry. */
  readonly because: string | undefined;
  /** What would decide an undecidable question. */
  readonly needs: string | undefined;
}

/**
 * Everything that Argo CD asks the project of an Application: where the Application stands, source, destination, and each kind it
 * renders (or the objects that are given). Undefined where the repository has no such project.
 */
export function explainPermission(
  repository: Repository,
  application: Application,
  objects?: readonly KubeObject[],
): readonly PermissionLine[] | undefined {
  const permissions = new ExtendedProjects(repository).of(application.project);
  return permissions === undefined ? undefined : linesOf(repository, application, permissions, objects);
}

/** The Applications that deploy an object of a kind and name, with the objects that are meant. */
export function deployersOf(
  repository: Repository,
  kind: string,
  name: string,
): ReadonlyMap<Application, readonly KubeObject[]> {
  const out = new Map<Application, KubeObject[]>();
  for (const { object, application } of repository.deployed) {
    if (application === undefined || object.kind !== kind || object.name !== name) continue;
    out.set(application, [...(out.get(application) ?? []), object]);
  }
  return out;
}

/** Questions to projects that nobody can answer from this repository alone, and projects that are not in it. */
export function undecidedPermissions(repository: Repository): readonly Unchecked[] {
  const projects = new ExtendedProjects(repository);
  const out = new Map<string, Unchecked>();
  for (const application of repository.applications) {
    const { project, object } = application;
    const permissions = projects.of(project);
    const what = `AppProject ${project}`;
    if (permissions === undefined) {
      if (project === 'default' || repository.projects.size > 0 || out.has(what)) continue;
      const reason = 'it is not in this repository: what its Applications may deploy is decided there';
      out.set(what, { what, file: object.resource.origin.file, reason, minor: true });
      continue;
    }
    for (const { question, verdict, needs } of linesOf(repository, application, permissions)) {
      if (verdict !== 'undecidable') continue;
      const reason = `whether it permits ${question} is decided by ${needs ?? 'what is not in this repository'}`;
      const { file } = permissions.project.project.object.resource.origin;
      out.set(`${what}\n${reason}`, { what, file, reason });
    }
  }
  return [...out.values()];
}

function linesOf(
  repository: Repository,
  application: Application,
  permissions: Permissions,
  objects?: readonly KubeObject[],
): readonly PermissionLine[] {
  const lines: PermissionLine[] = [];
  const add = (question: string, answer: Answer, absent: string) => {
    const { by, verdict, needs } = answer;
    lines.push({
      question,
      verdict,
      entry: by === undefined ? undefined : typeof by.value === 'string' ? by.value : JSON.stringify(by.value),
      at: by === undefined ? undefined : placeOf(by.object, by.pointer),
      because: by === undefined && verdict !== 'undecidable' ? absent : undefined,
      needs,
    });
  };
  const home = permissions.project.project.object.namespace;
  if (home !== undefined && application.namespace !== undefined) {
    const absent =
      application.namespace === home ? 'it is where Argo CD runs' : 'no entry of spec.sourceNamespaces matches';
    add(
      `an Application in namespace ${application.namespace}`,
      permissions.applicationNamespace(application.namespace, home),
      absent,
    );
  }
  for (const source of application.sources)
    add(`source ${source.repoURL}`, permissions.source(source.repoURL), 'no entry of spec.sourceRepos matches');
  const places = application.deployed.filter(({ object }) => objects === undefined || objects.includes(object));
  const subject: Subject = { repository, application, permissions, places };
  destinations(subject, add);
  kinds(subject, add);
  return lines;
}

type Add = (question: string, answer: Answer, absent: string) => void;

/** Who is asked about, of whom, and for which of its objects. */
interface Subject {
  readonly repository: Repository;
  readonly application: Application;
  readonly permissions: Permissions;
  readonly places: readonly Deployed[];
}

function destinations({ repository, application, permissions, places }: Subject, add: Add): void {
  const cluster = repository.clusters.resolve(application.destination);
  const where = cluster.server ?? cluster.name;
  if (where === undefined) return;
  const stated = application.destination.namespace;
  const namespaces = new Set([stated ?? '', ...places.map((each) => each.namespace ?? '')]);
  for (const namespace of namespaces) {
    if (namespace === '' && stated !== undefined) continue;
    add(
      namespace === '' ? `${where} without a namespace` : `namespace ${namespace} of ${where}`,
      permissions.destination(cluster, namespace),
      'no entry of spec.destinations matches',
    );
  }
}

function kinds({ repository, application, permissions, places }: Subject, add: Add): void {
  const seen = new Set<string>();
  const once = (question: string, answer: () => Answer, absent: string) => {
    if (seen.has(question)) return;
    seen.add(question);
    add(question, answer(), absent);
  };
  for (const { object } of places) {
    const { group, kind, name } = object;
    const scope = repository.scopeOf(group, kind);
    const text = `${kind}${group === '' ? '' : ` of ${group}`}`;
    // Entries for cluster-scoped kinds may name objects.
    const question = scope === 'Cluster' ? `cluster-scoped ${text} ${name}` : text;
    once(question, () => permissions.kind(group, kind, name, scope), absence(permissions, scope === 'Cluster'));
  }
  const { namespace } = application.destination;
  const options = listAt(application.object.value, 'spec', 'syncPolicy', 'syncOptions');
  if (namespace === undefined || !options.includes('CreateNamespace=true')) return;
  once(
    `cluster-scoped Namespace ${namespace}`,
    () => permissions.kind('', 'Namespace', namespace, 'Cluster'),
    absence(permissions, true),
  );
}

function absence({ project }: Permissions, isCluster: boolean): string {
  if (isCluster) return 'no entry of spec.clusterResourceWhitelist matches';
  return project.namespaceResourceWhitelist === undefined
    ? 'without spec.namespaceResourceWhitelist every namespaced kind is permitted'
    : 'no entry of spec.namespaceResourceWhitelist matches';
}

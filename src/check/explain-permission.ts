import type { Repository } from '../repository/index.js';
import type { Application } from '../repository/model.js';
import type { Answer } from '../repository/permission.js';
import { ExtendedProjects } from './permissions.js';
import { placeOf } from './rule.js';

/** One question that Argo CD asks a project about an Application, with its answer and the entry that gave it. */
export interface PermissionLine {
  readonly question: string;
  readonly verdict: Answer['verdict'];
  /** The entry that decided, as written; undefined where none matched, or where a list that is absent allows everything. */
  readonly entry: string | undefined;
  /** File and JSON pointer of that entry. */
  readonly at: { readonly file: string; readonly pointer: string } | undefined;
  /** What would decide an undecidable question. */
  readonly needs: string | undefined;
}

/**
 * Everything that Argo CD asks the project of an Application: source, destination, and each kind it renders. Undefined where
 * the repository has no such project.
 */
export function explainPermission(
  repository: Repository,
  application: Application,
): readonly PermissionLine[] | undefined {
  const permissions = new ExtendedProjects(repository).of(application.project);
  if (permissions === undefined) return undefined;
  const lines: PermissionLine[] = [];
  const add = (question: string, answer: Answer) => {
    const { by, verdict, needs } = answer;
    const place = by === undefined ? undefined : placeOf(by.object, by.pointer);
    lines.push({
      question,
      verdict,
      entry: by === undefined ? undefined : typeof by.value === 'string' ? by.value : JSON.stringify(by.value),
      at: place === undefined ? undefined : { file: place.file, pointer: place.pointer ?? '' },
      needs,
    });
  };
  for (const source of application.sources) add(`source ${source.repoURL}`, permissions.source(source.repoURL));
  const cluster = repository.clusters.resolve(application.destination);
  const where = cluster.server ?? cluster.name ?? '';
  const namespaces = [
    application.destination.namespace ?? '',
    ...application.deployed.map((each) => each.namespace ?? ''),
  ];
  for (const namespace of new Set(namespaces)) {
    if (namespace === '' && application.destination.namespace !== undefined) continue;
    add(`namespace ${namespace} of ${where}`, permissions.destination(cluster, namespace));
  }
  const seen = new Set<string>();
  for (const { object } of application.deployed) {
    const scope = repository.scopeOf(object.group, object.kind);
    const question = `${scope === 'Cluster' ? 'cluster-scoped ' : ''}${object.kind}${object.group === '' ? '' : ` of ${object.group}`}`;
    if (seen.has(question)) continue;
    seen.add(question);
    add(question, permissions.kind(object.group, object.kind, object.name, scope));
  }
  return lines;
}

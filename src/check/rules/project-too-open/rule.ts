import { objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { inCluster } from '../../../repository/clusters.js';
import { compileGlob } from '../../../repository/glob.js';
import type { Repository } from '../../../repository/index.js';
import type { Application, AppProject } from '../../../repository/model.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';

export const projectTooOpen: Rule = {
  id: 'project-too-open',
  group: 'security',
  severity: 'warning',
  summary: 'An AppProject allows far more than its Applications need.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const project of repository.projects.values()) {
      const own = repository.applications.filter((each) => each.project === project.name);
      if (own.length === 0) continue;
      // Who may do everything may do that too.
      if (!everything(project, repository, onFinding)) argocdNamespace(project, repository, onFinding);
    }
  },
};

/** Whether the project permits everything, which is then said. */
function everything(project: AppProject, repository: Repository, onFinding: OnFinding): boolean {
  const { object, spec, name } = project;
  const repos = spec['sourceRepos'];
  const isAnyRepository = Array.isArray(repos) && repos.includes('*');
  const destinations = objectsAt(spec, 'destinations');
  const isAnyPlace = destinations.some(
    (each) => each['namespace'] === '*' && (each['server'] === '*' || each['name'] === '*'),
  );
  if (!isAnyRepository || !isAnyPlace) return false;
  onFinding(
    onField(object, '/spec/destinations', {
      part: 'key',
      message: `Project ${name} permits every repository and every destination: whoever may create an Application in it may deploy anything anywhere.`,
      hint: `What its Applications need now${unseen(project, repository)}:\n${leastPrivilege(project, repository)}`,
    }),
  );
  return true;
}

/** A list of kinds is only as whole as what was rendered: whoever pastes it is told what to add. */
function unseen(project: AppProject, repository: Repository): string {
  const open = repository.applications.filter((each) => each.project === project.name && !each.complete);
  if (open.length === 0) return '';
  const names = open.map((each) => each.name).sort();
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return `, as far as it can be seen here (the kinds that ${shown} deploy${names.length === 1 ? 's' : ''} from elsewhere are to be added)`;
}

/** The lists that permit exactly what the Applications of the project have and render. */
function leastPrivilege(project: AppProject, repository: Repository): string {
  const own = repository.applications.filter((each) => each.project === project.name);
  const repos = new Set(own.flatMap((each) => each.sources.map((source) => source.repoURL)));
  const places = new Set<string>();
  const [cluster, namespaced] = [new Set<string>(), new Set<string>()];
  for (const application of own) {
    const { server, name, namespace } = application.destination;
    const where = server === undefined ? `name: ${name ?? ''}` : `server: ${server}`;
    const spaces = [namespace, ...application.deployed.map((each) => each.namespace)].filter(
      (each) => each !== undefined && each !== '',
    );
    for (const space of spaces) places.add(`{${where}, namespace: ${space}}`);
    for (const { object } of application.deployed) {
      const scope = repository.scopeOf(object.group, object.kind);
      const kind = `{group: "${object.group}", kind: ${object.kind}}`;
      // In the wrong list it would be refused, in both it is permitted: whoever knows the kind takes one out.
      const either = scope === undefined ? `${kind} # in both lists: its scope is not known here` : kind;
      if (scope !== 'Namespaced') cluster.add(either);
      if (scope !== 'Cluster') namespaced.add(either);
    }
  }
  const list = (key: string, items: ReadonlySet<string>) => [
    `${key}:${items.size === 0 ? ' []' : ''}`,
    ...[...items].sort().map((each) => `  - ${each}`),
  ];
  return [
    ...list('sourceRepos', repos),
    ...list('destinations', places),
    ...list('clusterResourceWhitelist', cluster),
    ...list('namespaceResourceWhitelist', namespaced),
  ].join('\n');
}

/** Kinds that, in Argo CD's namespace, run as Argo CD or configure it. */
const powerful: ReadonlySet<string> = new Set([
  '/Pod',
  '/Secret',
  '/ConfigMap',
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
]);

/** Whoever deploys to Argo CD's namespace can make Applications of any project: fine for Applications alone, and for nothing else. */
function argocdNamespace({ object, spec, name }: AppProject, repository: Repository, onFinding: OnFinding): void {
  const home = object.namespace ?? 'argocd';
  const index = objectsAt(spec, 'destinations').findIndex((each) => reaches(each, home));
  if (index < 0) return;
  const isRestricted = Array.isArray(spec['namespaceResourceWhitelist']);
  const kinds = objectsAt(spec, 'namespaceResourceWhitelist').map(
    (each) => `${stringAt(each, 'group') ?? ''}/${stringAt(each, 'kind') ?? ''}`,
  );
  if (isRestricted && !kinds.some((each) => each.includes('*') || powerful.has(each))) return;
  const own = repository.applications.filter((each) => each.project === name);
  if (!own.some((each) => deploysElsewhere(each, home))) return;
  onFinding(
    onField(object, `/spec/destinations/${index}/namespace`, {
      message: `Project ${name} may deploy workloads and to Argo CD's own namespace ${home}: an Application of it can change Argo CD and every project.`,
      hint: 'Give the Applications that deploy Applications a project of their own, which permits the kinds Application and AppProject only.',
    }),
  );
}

/**
 * Whether a destination of a project permits Argo CD's namespace in its own cluster: globs match as Argo CD's do, and where server and
 * name both stand, one of them is enough (IsDestinationPermitted). A `!` permits nothing.
 */
function reaches(destination: JsonObject, home: string): boolean {
  const matches = (key: string, text: string) => {
    const pattern = stringAt(destination, key);
    if (pattern === undefined || pattern === '' || pattern.startsWith('!')) return false;
    return pattern === '*' || (compileGlob(pattern)?.matches(text) ?? false);
  };
  return matches('namespace', home) && (matches('server', inCluster.server) || matches('name', inCluster.name));
}

/** Whether an Application brings more than Applications to another namespace; what is not rendered here goes to its destination. */
function deploysElsewhere({ deployed, complete, destination }: Application, home: string): boolean {
  if (deployed.some((each) => each.object.group !== 'argoproj.io' && each.namespace !== home)) return true;
  return !complete && (destination.namespace ?? home) !== home && destination.namespace !== '';
}

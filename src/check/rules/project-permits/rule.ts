import { listAt } from '../../../capacity/read.js';
import { didYouMean } from '../../../diagnostics/closest.js';
import { firstFew } from '../../../diagnostics/few.js';
import { compareText } from '../../../diagnostics/order.js';
import { isApplication } from '../../../repository/applications.js';
import type { Repository } from '../../../repository/index.js';
import type { Application, Deployed } from '../../../repository/model.js';
import type { Answer, Permissions } from '../../../repository/permission.js';
import type { Entry } from '../../../repository/settings.js';
import { noParameters, type OnFinding, onField, placeOf, type Rule } from '../../rule.js';

export const projectPermits: Rule = {
  id: 'project-permits',
  group: 'argocd',
  severity: 'error',
  summary: 'An AppProject forbids what its own Applications deploy.',
  parameters: noParameters,
  check({ repository, projects }, onFinding) {
    const missing = new Map<string, Application[]>();
    for (const application of repository.applications) {
      const permissions = projects.of(application.project);
      const known = missing.get(application.project);
      if (permissions !== undefined) judge(repository, application, permissions, onFinding);
      else if (known === undefined) missing.set(application.project, [application]);
      else known.push(application);
    }
    for (const [project, applications] of missing) missingProject(repository, project, applications, onFinding);
  },
};

/** How many other Applications of a project that is missing are shown with their lines. */
const shownOthers = 5;

/** Only `default` is made by Argo CD itself; another may still stand in a repository of its own. It is missing once, however many need it. */
function missingProject(
  repository: Repository,
  project: string,
  applications: readonly Application[],
  onFinding: OnFinding,
): void {
  if (project === 'default' || repository.projects.size === 0 || /[{}$<>]/.test(project)) return;
  const near = didYouMean(project, repository.projects.keys());
  // The first by file, so that the finding stays where it is while Applications come and go behind it.
  const [first, ...others] = [...applications].sort((a, b) =>
    compareText(a.object.resource.origin.file, b.object.resource.origin.file),
  ) as [Application, ...Application[]];
  const needed =
    others.length === 0
      ? ''
      : `, and ${applications.length} Applications belong to it (${firstFew([...new Set([first, ...others].map((each) => each.name))])})`;
  // What an ApplicationSet makes stands in one place.
  const places = new Map(
    others.map(({ name, object }) => [
      JSON.stringify(placeOf(object, '/spec/project')),
      { message: `Application ${name} belongs to it too`, at: placeOf(object, '/spec/project') },
    ]),
  );
  places.delete(JSON.stringify(placeOf(first.object, '/spec/project')));
  onFinding(
    onField(first.object, '/spec/project', {
      ...(near === undefined ? { severity: 'warning' as const } : {}),
      message: `There is no AppProject ${project} in this repository${needed}; Argo CD deploys nothing for an Application whose project does not exist.`,
      ...(places.size === 0 ? {} : { related: [...places.values()].slice(0, shownOthers) }),
      allowed: [...repository.projects.keys(), 'default'],
      ...(near === undefined ? {} : { hint: near }),
      key: project,
    }),
  );
}

function judge(repository: Repository, application: Application, permissions: Permissions, onFinding: OnFinding): void {
  const { object, project } = application;
  applicationNamespace(application, permissions, onFinding);
  for (const source of application.sources) {
    const answer = permissions.source(source.repoURL);
    if (answer.verdict !== 'denied') continue;
    onFinding(
      onField(object, `${source.pointer}/repoURL`, {
        message: `Project ${project} does not permit the source ${source.repoURL}${because(answer)}.`,
        hint:
          answer.by === undefined
            ? `Add it to spec.sourceRepos of the AppProject. A single * stops at a slash.`
            : undo(answer),
        related: relatedTo(permissions, answer, '/spec/sourceRepos'),
        key: source.repoURL,
      }),
    );
  }
  const cluster = repository.clusters.resolve(application.destination);
  const isStated = cluster.server !== undefined || cluster.name !== undefined;
  const namespace = application.destination.namespace ?? '';
  const destination = isStated ? permissions.destination(cluster, namespace) : undefined;
  if (destination?.verdict === 'denied') {
    const where = application.destination.namespace === undefined ? '' : ` namespace ${namespace} of`;
    onFinding(
      onField(
        object,
        application.destination.namespace === undefined ? '/spec/destination' : '/spec/destination/namespace',
        {
          message: `Project ${project} does not permit the destination:${where} ${cluster.server ?? cluster.name ?? ''}${because(destination)}; Argo CD refuses the Application.`,
          hint:
            destination.by === undefined
              ? `Add the destination to spec.destinations of the AppProject.`
              : undo(destination),
          related: relatedTo(permissions, destination, '/spec/destinations'),
        },
      ),
    );
  }
  createNamespace(application, permissions, onFinding);
  const seen = new Set<string>();
  for (const place of application.deployed) {
    kind(repository, place, permissions, seen, onFinding);
    if (destination?.verdict !== 'denied') namespaceOf(place, cluster, permissions, seen, onFinding);
  }
}

/** An Application outside of Argo CD's own namespace needs the project's leave (and a flag of the server). */
function applicationNamespace({ object, project }: Application, permissions: Permissions, onFinding: OnFinding): void {
  // A project that does not name its namespace leaves it open where Argo CD runs.
  const home = permissions.project.project.object.namespace;
  if (home === undefined || object.namespace === undefined) return;
  if (permissions.applicationNamespace(object.namespace, home).verdict !== 'denied') return;
  onFinding(
    onField(object, '/metadata/namespace', {
      message: `The Application stands in namespace ${object.namespace}, and project ${project} takes Applications from ${home} only: Argo CD does not touch it.`,
      hint: `Put it into ${home}, or add ${object.namespace} to spec.sourceNamespaces of the AppProject (and to application.namespaces of Argo CD).`,
      related: [{ message: `AppProject ${project}`, at: placeOf(permissions.project.project.object, '/spec') }],
    }),
  );
}

/** One forbidden kind fails the whole sync, so each kind is said once for an Application. */
function kind(
  repository: Repository,
  place: Deployed,
  permissions: Permissions,
  seen: Set<string>,
  onFinding: OnFinding,
): void {
  const { object } = place;
  const application = place.application as Application;
  const scope = repository.scopeOf(object.group, object.kind);
  const answer = permissions.kind(object.group, object.kind, object.name, scope);
  if (answer.verdict !== 'denied') return;
  const list = scope === 'Cluster' ? 'clusterResourceWhitelist' : 'namespaceResourceWhitelist';
  const id = `${object.group}/${object.kind}${scope === 'Cluster' ? `/${object.name}` : ''}`;
  if (seen.has(id)) return;
  seen.add(id);
  const group = object.group === '' ? 'the core group' : object.group;
  onFinding(
    onField(object, '/kind', {
      application,
      namespace: place.namespace,
      message: `Project ${application.project} does not permit ${object.kind} of ${group}${because(answer)}, and Application ${application.name} deploys ${object.name || 'one'}: its whole sync fails.`,
      hint:
        answer.by === undefined
          ? `Add {group: "${object.group}", kind: ${object.kind}} to spec.${list} of the AppProject${isApplication(object) ? ', or give the Application that deploys Applications a project of its own' : ''}.`
          : undo(answer),
      related: [
        ...relatedTo(permissions, answer, `/spec/${list}`),
        { message: `Application ${application.name}`, at: placeOf(application.object, '/spec/project') },
      ],
      key: `${application.name} ${id}`,
    }),
  );
}

/** A namespace that an object names for itself has to be a destination of the project too. */
function namespaceOf(
  place: Deployed,
  cluster: { readonly server: string | undefined; readonly name: string | undefined },
  permissions: Permissions,
  seen: Set<string>,
  onFinding: OnFinding,
): void {
  const { object, namespace } = place;
  const application = place.application as Application;
  if (!namespace || object.namespace === undefined || namespace === application.destination.namespace) return;
  if (cluster.server === undefined && cluster.name === undefined) return;
  const answer = permissions.destination(cluster, namespace);
  if (answer.verdict !== 'denied' || seen.has(`namespace ${namespace}`)) return;
  seen.add(`namespace ${namespace}`);
  onFinding(
    onField(object, '/metadata/namespace', {
      application,
      namespace,
      message: `Project ${application.project} does not permit namespace ${namespace} of ${cluster.server ?? cluster.name}${because(answer)}, and ${object.kind} ${object.name} goes there: the whole sync of Application ${application.name} fails.`,
      hint: answer.by === undefined ? 'Add the namespace to spec.destinations of the AppProject.' : undo(answer),
      related: relatedTo(permissions, answer, '/spec/destinations'),
      key: `${application.name} ${namespace}`,
    }),
  );
}

/** CreateNamespace adds a Namespace to the sync before the project is asked. Where the namespace exists already, nothing is added. */
function createNamespace(
  { object, project, destination }: Application,
  permissions: Permissions,
  onFinding: OnFinding,
): void {
  const options = listAt(object.value, 'spec', 'syncPolicy', 'syncOptions');
  const index = options.indexOf('CreateNamespace=true');
  if (index < 0 || !destination.namespace) return;
  const answer = permissions.kind('', 'Namespace', destination.namespace, 'Cluster');
  if (answer.verdict !== 'denied') return;
  onFinding(
    onField(object, `/spec/syncPolicy/syncOptions/${index}`, {
      severity: 'warning',
      message: `CreateNamespace=true, and project ${project} does not permit Namespace${because(answer)}: the first sync fails unless the namespace is there already.`,
      hint: 'Add {group: "", kind: Namespace} to spec.clusterResourceWhitelist of the AppProject, or have the namespace made elsewhere and drop the option.',
      related: relatedTo(permissions, answer, '/spec/clusterResourceWhitelist'),
    }),
  );
}

function because({ by }: Answer): string {
  return by === undefined ? ', because no entry matches' : `, because of the entry ${entryText(by)}`;
}

function entryText(entry: Entry<unknown>): string {
  return typeof entry.value === 'string' ? entry.value : JSON.stringify(entry.value);
}

function undo(answer: Answer): string {
  return `Change or remove the entry ${entryText(answer.by as Entry<unknown>)}.`;
}

function relatedTo({ project }: Permissions, { by }: Answer, pointer: string) {
  const object = by?.object ?? project.project.object;
  return [
    {
      message: by === undefined ? `the list of AppProject ${project.project.name}` : 'the entry that forbids it',
      at: placeOf(object, by?.pointer ?? pointer, by === undefined ? 'key' : 'value'),
    },
  ];
}

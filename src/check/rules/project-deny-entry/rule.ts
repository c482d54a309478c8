import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { AppProject } from '../../../repository/model.js';
import { atLeast, isDeny } from '../../../repository/permission.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';

export const projectDenyEntry: Rule = {
  id: 'project-deny-entry',
  group: 'security',
  severity: 'warning',
  summary: 'An entry with an exclamation mark does not do what its author must have meant.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const project of repository.projects.values()) {
      sources(project, onFinding);
      destinations(project, repository.argocdVersion, onFinding);
      literal(project, onFinding);
    }
  },
};

/** Lists whose patterns know no negation: the mark is a character like any other, and the entry matches nothing. */
function literal({ object, spec }: AppProject, onFinding: OnFinding): void {
  for (const [index, entry] of listAt(spec, 'sourceNamespaces').entries()) {
    if (typeof entry !== 'string' || !isDeny(entry)) continue;
    onFinding(
      onField(object, `/spec/sourceNamespaces/${index}`, {
        message: `sourceNamespaces knows no negation: ${entry} permits a namespace of that very name and denies none.`,
        hint: 'List what is allowed, or write a regular expression between slashes.',
        key: entry,
      }),
    );
  }
  const lists = [
    'clusterResourceWhitelist',
    'clusterResourceBlacklist',
    'namespaceResourceWhitelist',
    'namespaceResourceBlacklist',
  ];
  for (const list of lists) {
    for (const [index, entry] of objectsAt(spec, list).entries()) {
      for (const key of ['group', 'kind', 'name']) {
        const text = stringAt(entry, key) ?? '';
        if (!isDeny(text)) continue;
        onFinding(
          onField(object, `/spec/${list}/${index}/${key}`, {
            message: `${list} knows no negation: ${text} matches a ${key} of that very name, and so nothing.`,
            hint: 'Put what is meant into the other list.',
            key: `${list} ${index} ${key}`,
          }),
        );
      }
    }
  }
}

function sources({ object, spec, name }: AppProject, onFinding: OnFinding): void {
  const entries = listAt(spec, 'sourceRepos').map(String);
  const allows = entries.some((each) => !isDeny(each));
  for (const [index, entry] of entries.entries()) {
    if (!isDeny(entry)) continue;
    const say = (message: string, hint: string) =>
      onFinding(onField(object, `/spec/sourceRepos/${index}`, { message, hint, key: entry }));
    if (entry === '!*') {
      say('Argo CD refuses the entry !*.', 'Leave the list empty to permit nothing.');
    } else if (!allows) {
      say(
        `${entry} stands in a list without an entry that allows: Argo CD takes a deny that is not violated for a match, so project ${name} permits every other repository.`,
        'Add what is allowed. An entry that denies only ever takes away from it.',
      );
    } else if (/^!https?:\/\/[^*]*\/\*$/.test(entry)) {
      say(
        `${entry} does not reach nested groups: one star stops at a slash.`,
        `Write ${entry}* to deny everything below.`,
      );
    }
  }
}

function destinations({ object, spec, name }: AppProject, version: string, onFinding: OnFinding): void {
  const entries = objectsAt(spec, 'destinations');
  const denies = (entry: (typeof entries)[number]) =>
    ['server', 'name', 'namespace'].some((key) => isDeny(stringAt(entry, key) ?? ''));
  const allowing = entries.filter((each) => !denies(each) && (each['server'] ?? each['name'] ?? '') !== '');
  for (const [index, entry] of entries.entries()) {
    const [server, cluster, namespace] = ['server', 'name', 'namespace'].map((key) => stringAt(entry, key) ?? '') as [
      string,
      string,
      string,
    ];
    const pointer = `/spec/destinations/${index}`;
    if (server === '' && cluster === '') {
      onFinding(
        onField(object, pointer, {
          message: `The entry names neither server nor name, and matches no destination.`,
          key: `${index}`,
        }),
      );
      continue;
    }
    if (/\/$/.test(server) && server !== '*') {
      onFinding(
        onField(object, `${pointer}/server`, {
          message: `The server ${server} ends with a slash; Argo CD takes the slash off destinations and not off this entry, so that they never match.`,
          fix: server.replace(/\/+$/, ''),
          key: `${index}`,
        }),
      );
    }
    if (!denies(entry)) continue;
    const refused = (['server', 'name', 'namespace'] as const).find((key) => stringAt(entry, key) === '!*');
    if (refused !== undefined) {
      onFinding(
        onField(object, `${pointer}/${refused}`, {
          message: `Argo CD refuses the ${refused} !*.`,
          hint: 'Leave the entry out to permit nothing.',
          key: `${index}`,
        }),
      );
      continue;
    }
    for (const key of ['server', 'name'] as const) {
      const text = stringAt(entry, key) ?? '';
      if (isDeny(text)) clusterDeny({ object, pointer, key, text, namespace, allowing, name, version }, onFinding);
    }
    if (isDeny(namespace) && server === '') {
      onFinding(
        onField(object, `${pointer}/namespace`, {
          message: `${namespace} denies nothing here: a namespace is denied only by an entry that matches the cluster by server, and this one has a name only.`,
          hint: 'Add the server of the cluster, or server: "*".',
          key: `${index}`,
        }),
      );
    } else if (isDeny(namespace) && allowing.length === 0) {
      onFinding(
        onField(object, `${pointer}/namespace`, {
          message: `${namespace} stands in a list without an entry that allows: Argo CD takes a deny that is not violated for a match, so project ${name} permits every other namespace of that cluster.`,
          hint: 'Add the destinations that are allowed. A deny that is not violated permits, whatever the documentation says (argo-cd #26743).',
          key: `${index}`,
        }),
      );
    } else if (isDeny(namespace) && !allowing.some((each) => each['namespace'] === '*')) {
      onFinding(
        onField(object, `${pointer}/namespace`, {
          message: `${namespace} opens the project: every namespace of ${server} except ${namespace.slice(1)} counts as matched, and not only those that the other entries allow.`,
          hint: 'Remove the entry: what no entry allows is forbidden anyway.',
          key: `${index}`,
        }),
      );
    }
  }
}

interface ClusterDeny {
  readonly object: AppProject['object'];
  readonly pointer: string;
  readonly key: 'server' | 'name';
  readonly text: string;
  readonly namespace: string;
  readonly allowing: readonly JsonObject[];
  readonly name: string;
  readonly version: string;
}

/** A cluster that is denied: together with which namespaces, and what the entry permits while it is not violated. */
function clusterDeny(deny: ClusterDeny, onFinding: OnFinding): void {
  const { object, pointer, key, text, namespace, allowing, name, version } = deny;
  const say = (message: string, hint: string) =>
    onFinding(onField(object, `${pointer}/${key}`, { message, hint, key: `${pointer} ${key}` }));
  const other = text.slice(1);
  if (allowing.length === 0) {
    say(
      `${text} stands in a list without an entry that allows: Argo CD takes a deny that is not violated for a match, so project ${name} permits every other cluster${namespace === '*' || isDeny(namespace) ? '' : ` in namespace ${namespace}`}.`,
      'Add the destinations that are allowed.',
    );
  } else if (namespace !== '*' && (key === 'server' || atLeast(version, 3, 6))) {
    const where = namespace === '' ? 'Applications without a namespace' : `namespace ${namespace}`;
    say(
      `${text} denies ${other} for ${where} only: other namespaces of that cluster stay permitted where another entry matches them.`,
      'Write namespace: "*" to deny the whole cluster.',
    );
  }
}

import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { AppProject } from '../../../repository/model.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';

export const projectEntryTwice: Rule = {
  id: 'project-entry-twice',
  group: 'argocd',
  severity: 'warning',
  summary: 'An AppProject has an entry twice, so that Argo CD refuses the project wherever it validates it.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const project of repository.projects.values()) {
      twice(project, 'sourceRepos', listAt(project.spec, 'sourceRepos').map(String), onFinding);
      twice(project, 'sourceNamespaces', listAt(project.spec, 'sourceNamespaces').map(String), onFinding);
      const destinations = objectsAt(project.spec, 'destinations').map((each) => {
        const cluster = stringAt(each, 'server') || stringAt(each, 'name') || '';
        return `${cluster}/${stringAt(each, 'namespace') ?? ''}`;
      });
      twice(project, 'destinations', destinations, onFinding);
    }
  },
};

function twice({ object, name }: AppProject, list: string, entries: readonly string[], onFinding: OnFinding): void {
  for (const [index, entry] of entries.entries()) {
    const first = entries.indexOf(entry);
    if (first === index) continue;
    onFinding(
      onField(object, `/spec/${list}/${index}`, {
        message: `${entry} stands twice in ${list} of project ${name}: from Git it is applied, but the interface, the CLI and the API refuse every change of the project.`,
        hint: 'Remove one of the two.',
        key: `${list} ${index}`,
      }),
    );
  }
}

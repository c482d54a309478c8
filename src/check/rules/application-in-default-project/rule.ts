import { stringAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const applicationInDefaultProject: Rule = {
  id: 'application-in-default-project',
  group: 'security',
  severity: 'error',
  summary: 'An Application that gitops-gen wrote was put into the project default, which permits everything.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object, project } of repository.applications) {
      if (project !== 'default') continue;
      if (stringAt(object.value, 'metadata', 'labels', 'app.kubernetes.io/managed-by') !== 'gitops-gen') continue;
      onFinding(
        onField(object, '/spec/project', {
          message: `Application ${object.name} is in the project default, which permits every repository, cluster and kind.`,
          hint: 'gitops-gen render puts it back into its own project, which permits just what it deploys.',
        }),
      );
    }
  },
};

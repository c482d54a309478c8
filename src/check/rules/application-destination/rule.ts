import { at } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const applicationDestination: Rule = {
  id: 'application-destination',
  group: 'argocd',
  severity: 'error',
  summary: 'An Application does not say, or says twice, which cluster it deploys to.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object, destination } of repository.applications) {
      const { server, name } = destination;
      if (server !== undefined && name !== undefined) {
        onFinding(
          onField(object, '/spec/destination/name', {
            message: `The destination is named by server (${server}) and by name (${name}); Argo CD takes exactly one, and refuses the Application.`,
            hint: 'Keep one of them.',
          }),
        );
      } else if (server === undefined && name === undefined) {
        // Without a destination it is no Application at all, which its schema says.
        if (at(object.value, 'spec', 'destination') === undefined) continue;
        onFinding(
          onField(object, '/spec/destination', {
            message: 'The destination names no cluster; Argo CD refuses the Application.',
            hint: 'Add server: https://kubernetes.default.svc for the cluster that Argo CD runs in, or the name of another.',
          }),
        );
      } else if (
        repository.clusters.closed &&
        !repository.clusters.has(destination) &&
        !/[{}$<>]/.test(server ?? name ?? '')
      ) {
        onFinding(
          onField(object, `/spec/destination/${server === undefined ? 'name' : 'server'}`, {
            severity: 'warning',
            message: `No cluster-config.yaml describes the cluster ${server ?? name}.`,
            hint: 'Add its inventory under clusters/, or correct the destination.',
          }),
        );
      }
    }
  },
};

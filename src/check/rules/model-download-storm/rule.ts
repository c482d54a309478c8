import { integerAt } from '../../../capacity/read.js';
import { noParameters, type Rule } from '../../rule.js';
import { largestRange } from '../../scalers.js';
import { downloadGiB, isHubId, nameOf, onServer, servers, variable, weightsOf } from '../../workloads.js';

export const modelDownloadStorm: Rule = {
  id: 'model-download-storm',
  group: 'serving',
  severity: 'warning',
  summary: 'Every replica downloads its own copy of the weights.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { facts, place, container } = engine;
      const replicas = integerAt(place.object.value, 'spec', 'replicas') ?? 1;
      const most = Math.max(replicas, largestRange(repository, place));
      const weights = weightsOf(repository, engine);
      if (most < 2 || !isHubId(facts.model) || weights?.storage !== 'ephemeral' || weights.prepared) continue;
      if (variable(container.value, 'HF_ENDPOINT') !== undefined || variable(container.value, 'HF_HUB_OFFLINE'))
        continue;
      const size = downloadGiB(engine);
      onFinding(
        onServer(engine, container.pointer, {
          message: `Each of up to ${most} replicas of ${nameOf(place)} downloads ${facts.model}${size === undefined ? '' : ` (${Math.round(size)} GiB)`} from the hub when it starts: a rollout or a scale-up fetches all copies again, and the hub limits the rate.`,
          hint: 'Keep the weights on a shared volume, in a node cache, in an image volume or in object storage (modelStorage in the ClusterConfig).',
        }),
      );
    }
  },
};

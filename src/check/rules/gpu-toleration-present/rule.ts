import { isGke, type NodeFacts, type PodFacts, type Toleration } from '../../../capacity/index.js';
import { repellingTaint, selects } from '../../../capacity/match.js';
import { alikeNodes } from '../../cards.js';
import { gpuPods } from '../../placement.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { nameOf } from '../../workloads.js';

export const gpuTolerationPresent: Rule = {
  id: 'gpu-toleration-present',
  group: 'capacity',
  severity: 'error',
  summary: 'A Pod with GPUs does not tolerate the taints of any pool that it may use.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { place, template, pod, devices, cluster, environment } of gpuPods(repository)) {
      const nodes = cluster === undefined ? [] : alikeNodes(cluster);
      const wanted = nodes.filter(
        (node) => selects(pod, node) && devices.some((name) => (node.allocatable[name] ?? 0) > 0),
      );
      const missing = wanted.map((node) => repellingTaint({ ...pod, tolerations: tolerationsThere(pod, nodes) }, node));
      const [first] = missing;
      if (first === undefined || missing.some((taint) => taint === undefined)) continue;
      const taints = [
        ...new Set(missing.map((taint) => `${taint?.key}${taint?.value ? `=${taint.value}` : ''}:${taint?.effect}`)),
      ];
      const pointer = `${template.pointer}/tolerations`;
      onFinding({
        ...onField(place.object, pointer, {
          part: 'key',
          application: place.application,
          namespace: place.namespace,
          message: `${nameOf(place)} asks for ${devices.join(' and ')}, and every pool of cluster ${cluster?.name} that has them keeps its Pods away by ${taints.join(' or ')}: they stay Pending.`,
          hint: `Add a toleration for ${first.key}: {key: ${first.key}, operator: ${first.value === '' ? 'Exists' : `Equal, value: ${JSON.stringify(first.value)}`}, effect: ${first.effect}}.`,
        }),
        ...(environment === undefined ? {} : { environment }),
      });
    }
  },
};

/** GKE tolerates the taint of the extended resource that a Pod asks for by itself. */
function tolerationsThere(pod: PodFacts, nodes: readonly NodeFacts[]): readonly Toleration[] {
  return isGke(nodes) ? [...pod.tolerations, { key: 'nvidia.com/gpu', operator: 'Exists' }] : pod.tolerations;
}

import { stringAt, stringsAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { pointerParts } from '../../../yaml/range.js';
import { requiredLabels } from '../../placement.js';
import { noParameters, type Rule } from '../../rule.js';
import { nameOf, onServer, servers } from '../../workloads.js';

export const karpenterDoNotDisrupt: Rule = {
  id: 'karpenter-do-not-disrupt',
  group: 'serving',
  severity: 'warning',
  summary: 'Karpenter may evict an engine to use its nodes better.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const engine of servers(repository)) {
      const { place, template } = engine;
      const selects = requiredLabels(template).some(({ key }) => /^karpenter\.(sh|k8s\.aws)\//.test(key));
      const pools = (repository.byKind.get('karpenter.sh/NodePool') ?? []).filter(
        (each) => place.cluster === '' || each.cluster === '' || each.cluster === place.cluster,
      );
      const policies = pools.map(
        ({ object }) =>
          stringAt(object.value, 'spec', 'disruption', 'consolidationPolicy') ?? 'WhenEmptyOrUnderutilized',
      );
      if (!selects || pools.length === 0 || policies.every((policy) => policy === 'WhenEmpty')) continue;
      const pod = template.pointer.replace(/\/spec$/, '');
      const annotation = 'karpenter.sh~1do-not-disrupt';
      const annotations = podAnnotations(place.object.value, pod);
      if (annotations['karpenter.sh/do-not-disrupt'] !== undefined) continue;
      onFinding(
        onServer(engine, `${pod}/metadata/annotations/${annotation}`, {
          part: 'key',
          message: `${nameOf(place)} runs on nodes of Karpenter whose pools consolidate when they are underused: its Pods are evicted, during or right after loading their weights.`,
          hint: 'Annotate the Pods with karpenter.sh/do-not-disrupt: "true", or set consolidationPolicy: WhenEmpty in the NodePool.',
        }),
      );
    }
  },
};

function podAnnotations(object: JsonObject, pointer: string): Readonly<Record<string, string>> {
  return stringsAt(object, ...pointerParts(pointer).map(String), 'metadata', 'annotations');
}

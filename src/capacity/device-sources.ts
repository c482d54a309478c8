import type { JsonObject } from '../diagnostics/diagnostic.js';
import { gpuOfProduct } from '../models/index.js';
import type { Device, NodeFacts, PodTemplate, WorkloadDemand } from './facts.js';
import { stringAt } from './read.js';

/** Claims and devices that nobody wrote down: what the scheduler claims for a Pod, and the cards of nodes without ResourceSlices. */

/**
 * A class may stand in for an extended resource (`spec.extendedResourceName`): where no node has the resource from a device
 * plugin, Pods that ask for it get a claim from the scheduler (KEP-5004).
 */
export function withImplicitClaims(
  nodes: readonly NodeFacts[],
  workloads: readonly WorkloadDemand[],
  classes: ReadonlyMap<string, JsonObject>,
): readonly WorkloadDemand[] {
  const stand = [...classes].flatMap(([name, each]) => {
    const resource = stringAt(each, 'spec', 'extendedResourceName');
    const plugin = nodes.some((node) => (node.allocatable[resource ?? ''] ?? 0) > 0);
    return resource === undefined || plugin ? [] : [{ name, resource }];
  });
  if (stand.length === 0) return workloads;
  let changed = false;
  const made = workloads.map((workload) => ({
    ...workload,
    templates: workload.templates.map((template): PodTemplate => {
      const wanted = stand.filter(({ resource }) => (template.pod.requests[resource] ?? 0) > 0);
      if (wanted.length === 0) return template;
      changed = true;
      const requests: Record<string, number> = { ...template.pod.requests };
      const claims = wanted.map(({ name, resource }) => {
        const count = requests[resource] ?? 0;
        delete requests[resource];
        const choices = [{ deviceClass: name, selectors: [], count, tolerations: [] }];
        return { name: resource, shared: false, requests: [{ name: resource, choices }], matchAttributes: [] };
      });
      return { ...template, pod: { ...template.pod, requests, claims: [...(template.pod.claims ?? []), ...claims] } };
    }),
  }));
  return changed ? made : workloads;
}

const architectures: Readonly<Record<string, string>> = {
  '7.0': 'Volta',
  '7.5': 'Turing',
  '8.0': 'Ampere',
  '8.6': 'Ampere',
  '8.9': 'Ada Lovelace',
  '9.0': 'Hopper',
  '10.0': 'Blackwell',
  '10.3': 'Blackwell',
  '12.0': 'Blackwell',
};

/**
 * The whole GPUs of a node as NVIDIA's driver would publish them, where no ResourceSlice is at hand: type, product, architecture,
 * compute capability and memory (NVIDIA/k8s-dra-driver-gpu `cmd/gpu-kubelet-plugin/deviceinfo.go`). A selector that asks for
 * anything else cannot be decided.
 */
export function withCards(node: NodeFacts): NodeFacts {
  const count = node.allocatable['nvidia.com/gpu'] ?? 0;
  const label = node.labels['nvidia.com/gpu.product'] ?? '';
  if (count === 0 || /-(SHARED|MIG-)/.test(label)) return node;
  const card = gpuOfProduct(label);
  const domain = 'gpu.nvidia.com';
  const attributes: Record<string, Device['attributes'][string]> = { [`${domain}/type`]: 'gpu' };
  // NVML writes "NVIDIA H100 80GB HBM3" and "NVIDIA A100-SXM4-80GB"; the label has dashes for the blanks.
  if (label !== '')
    attributes[`${domain}/productName`] = label
      .replaceAll('-', ' ')
      .replace(/ (SXM\d) (?=\d+GB$)/, '-$1-')
      .replace(/^Tesla (\w+) SXM/, 'Tesla $1-SXM');
  const architecture = architectures[card?.computeCapability ?? ''];
  if (architecture !== undefined) attributes[`${domain}/architecture`] = architecture;
  if (card?.computeCapability !== undefined)
    attributes[`${domain}/cudaComputeCapability`] = { version: `${card.computeCapability}.0` };
  const capacity = card?.memoryMiB === undefined ? {} : { [`${domain}/memory`]: card.memoryMiB * 2 ** 20 };
  const taken = node.taken?.['nvidia.com/gpu'] ?? 0;
  return {
    ...node,
    devices: Array.from({ length: Math.max(0, count - taken) }, (_, index) => ({
      driver: domain,
      pool: node.name,
      name: `gpu-${index}`,
      attributes,
      capacity,
      taints: [],
      consumes: {},
      counters: {},
    })),
  };
}

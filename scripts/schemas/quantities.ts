import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Quantity fields that no specification holds (status) or that are younger than the package they are read from. */
const more = [
  'V1ContainerStatus.allocatedResources',
  'V1NodeStatus.allocatable',
  'V1NodeStatus.capacity',
  'V1PersistentVolumeClaimStatus.allocatedResources',
  'V1PersistentVolumeClaimStatus.capacity',
  'V1PodStatus.allocatedResources',
  'V1ResourceQuotaStatus.hard',
  'V1ResourceQuotaStatus.used',
  'V2MetricValueStatus.averageValue',
  'V2MetricValueStatus.value',
  'V2MetricTarget.averageValue',
  'V2MetricTarget.value',
  'V1NodeAllocatableResourceClaimStatus.resources',
  ...['V1', 'V1beta1', 'V1beta2'].flatMap((version) => [
    `${version}DeviceRequestAllocationResult.consumedCapacity`,
    `${version}NodeAllocatableResourceMapping.allocationMultiplier`,
  ]),
  'V1alpha2NamedResourcesAttribute.quantity',
  'V1alpha3BasicDevice.capacity',
  'V1alpha3Counter.value',
];

/** The fields of type Quantity as `Class.field` of the official client, read from the types of cdk8s. */
export function readQuantities(folder: string): Set<string> {
  const text = readFileSync(join(folder, 'lib', 'imports', 'k8s.d.ts'), 'utf8');
  const out = new Set(more);
  const field = /@schema (io\.k8s\.[\w.-]+)#([\w$-]+)\n\s*\*\/\n\s*readonly \w+\??: ([^;]+;[^;\n]*)/g;
  for (const [, schema, name, type] of text.matchAll(field)) {
    if (!/\bQuantity\b/.test(type!)) continue;
    const parts = schema!.split('.');
    const version = parts.at(-2)!;
    out.add(`${version[0]!.toUpperCase()}${version.slice(1)}${parts.at(-1)}.${name}`);
  }
  return out;
}

import type { PodFacts } from '../../../capacity/facts.js';
import { hostnameKey } from '../../../capacity/nodes.js';
import { at, isObject, stringAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';

/**
 * Drivers whose CSIDriver object has `attachRequired: false` (csi-driver-smb and csi-driver-nfs, `deploy/csi-*-driver.yaml`): with no
 * attachment there is nobody who keeps a ReadWriteOnce volume to one node.
 */
const mountsOnly: ReadonlySet<string> = new Set(['smb.csi.k8s.io', 'nfs.csi.k8s.io']);

/** Whether the volume of a claim is attached to a node before it is mounted. What is not known here counts as attached. */
export function attaches(repository: Repository, { object }: Deployed): boolean {
  const volume = stringAt(object.value, 'spec', 'volumeName');
  const bound = volume === undefined ? undefined : lookUp(repository, `/PersistentVolume/${volume}`);
  if (bound !== undefined && isObject(at(bound.object.value, 'spec', 'nfs'))) return false;
  const name = stringAt(object.value, 'spec', 'storageClassName');
  const storage = name === undefined ? undefined : lookUp(repository, `storage.k8s.io/StorageClass/${name}`);
  const driver =
    (bound && stringAt(bound.object.value, 'spec', 'csi', 'driver')) ??
    (storage && stringAt(storage.object.value, 'provisioner'));
  if (driver === undefined) return true;
  const stated = lookUp(repository, `storage.k8s.io/CSIDriver/${driver}`);
  const required = stated === undefined ? undefined : at(stated.object.value, 'spec', 'attachRequired');
  return typeof required === 'boolean' ? required : !mountsOnly.has(driver);
}

/** A cluster-scoped object, also of a build that failed. */
function lookUp(repository: Repository, id: string): Deployed | undefined {
  return (
    repository.byName.get(id)?.[0] ??
    repository.aside.find(({ object }) => `${object.group}/${object.kind}/${object.name}` === id)
  );
}

/** Whether all Pods of a template end on one node: beside each other by affinity, or on a node that is named. */
export function isOnOneNode(pod: PodFacts): boolean {
  if (pod.nodeName !== undefined || pod.nodeSelector[hostnameKey] !== undefined) return true;
  if (pod.affinity.some((each) => each.topologyKey === hostnameKey)) return true;
  const hosts = pod.nodeAffinity?.map(
    ({ labels, fields }) =>
      [...labels, ...fields].find(
        ({ key, operator, values }) =>
          (key === hostnameKey || key === 'metadata.name') && operator === 'In' && values.length === 1,
      )?.values[0],
  );
  return hosts !== undefined && hosts.length > 0 && hosts[0] !== undefined && new Set(hosts).size === 1;
}

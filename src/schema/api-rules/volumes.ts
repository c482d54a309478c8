import type { JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { nearest } from '../suggest.js';
import { asString, at, objectsIn, present, type RuleContext } from './context.js';
import { nameFault } from './syntax.js';

/** Sources of a volume; a volume has one of them (none means an emptyDir). */
const sources = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'hostPath',
  'image',
  'iscsi',
  'nfs',
  'persistentVolumeClaim',
  'photonPersistentDisk',
  'portworxVolume',
  'projected',
  'quobyte',
  'rbd',
  'scaleIO',
  'secret',
  'storageos',
  'vsphereVolume',
];

/** Names of volumes, their sources, and that every mount names one. `extra` are the claims of a StatefulSet. */
export function checkVolumes(context: RuleContext, pod: JsonObject, path: Path, extra: readonly string[]): void {
  const names = new Set(extra);
  for (const [i, volume] of objectsIn(pod['volumes'])) {
    const at = [...path, 'volumes', i];
    const name = asString(volume['name']);
    if (name !== undefined) {
      const fault = nameFault('label', name);
      if (fault !== undefined) context.fail('api-volume', [...at, 'name'], `\`${name}\` ${fault}`);
      if (names.has(name)) context.fail('api-volume', [...at, 'name'], `another volume is called \`${name}\` already`);
      names.add(name);
    }
    const written = present(volume, sources);
    if (written.length > 1)
      context.fail('api-volume', at, `has several sources (${written.join(', ')}); a volume has one`);
  }
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const [i, container] of objectsIn(pod[list])) checkMounts(context, container, [...path, list, i], names);
  }
}

function checkMounts(context: RuleContext, container: JsonObject, path: Path, names: ReadonlySet<string>): void {
  const places = new Set<string>();
  for (const [i, mount] of objectsIn(container['volumeMounts'])) {
    const at = [...path, 'volumeMounts', i];
    missingVolume(context, mount, at, names);
    const mountPath = asString(mount['mountPath']);
    if (mountPath === '') context.fail('api-volume', [...at, 'mountPath'], 'must not be empty');
    else if (mountPath !== undefined) {
      if (places.has(mountPath))
        context.fail('api-volume', [...at, 'mountPath'], `\`${mountPath}\` is mounted twice; paths must differ`);
      places.add(mountPath);
    }
    if (present(mount, ['subPath', 'subPathExpr']).filter((key) => mount[key] !== '').length > 1) {
      context.fail('api-volume', [...at, 'subPathExpr'], '`subPath` and `subPathExpr` exclude each other', {
        part: 'key',
      });
    }
    for (const key of ['subPath', 'subPathExpr'] as const) {
      const sub = asString(mount[key]);
      if (sub === undefined || !(sub.startsWith('/') || sub.split('/').includes('..'))) continue;
      context.fail('api-volume', [...at, key], `\`${sub}\` must be relative and hold no \`..\``);
    }
  }
  for (const [i, device] of objectsIn(container['volumeDevices'])) {
    missingVolume(context, device, [...path, 'volumeDevices', i], names);
  }
}

function missingVolume(context: RuleContext, mount: JsonObject, path: Path, names: ReadonlySet<string>): void {
  const name = asString(mount['name']);
  if (name === undefined || names.has(name)) return;
  const suggestion = nearest(name, names);
  const meant = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;
  context.fail('api-volume', [...path, 'name'], `no volume of the Pod is called \`${name}\`${meant}`, {
    allowed: [...names],
    ...(suggestion !== undefined && { fix: suggestion }),
  });
}

/** A claim must say how it is accessed and how large it is. */
export function checkClaim(context: RuleContext, spec: JsonObject | undefined, path: Path): void {
  if (spec === undefined) return;
  const modes = spec['accessModes'];
  if (!Array.isArray(modes) || modes.length === 0) {
    context.fail('api-storage', path, '`accessModes` needs at least one mode', {
      part: 'key',
      allowed: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'],
    });
  } else if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    context.fail('api-storage', [...path, 'accessModes'], 'ReadWriteOncePod cannot stand beside other modes', {
      part: 'key',
    });
  }
  if (at(spec, 'resources', 'requests', 'storage') === undefined) {
    context.fail('api-storage', path, '`resources.requests.storage` is required', { part: 'key' });
  }
}

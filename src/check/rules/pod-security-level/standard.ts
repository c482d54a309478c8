import { at, integerAt, isObject, listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { containersOf } from '../../../repository/pods.js';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** What a level forbids in a Pod, and the field that says it. */
export interface Violation {
  readonly pointer: string;
  /** What is wrong, as a phrase: `volume "host" is a hostPath`. */
  readonly what: string;
  /** Where the field is missing rather than wrong, its parent is shown. */
  readonly missing?: true;
}

/**
 * What the Pod Security Standards forbid (kubernetes.io/docs/concepts/security/pod-security-standards; the checks of
 * k8s.io/pod-security-admission/policy, v1.36). Where versions of the standard differ, the more permissive one counts.
 */
export function violationsOf(spec: JsonObject, pointer: string, level: Level): readonly Violation[] {
  if (level === 'privileged' || stringAt(spec, 'os', 'name') === 'windows') return [];
  const baseline = [...hostViolations(spec, pointer), ...contextsOf(spec, pointer).flatMap(baselineOf)];
  if (level === 'baseline') return baseline;
  return [
    ...baseline,
    ...volumeViolations(spec, pointer),
    ...containersOf(spec, pointer).flatMap((container) => restrictedOf(spec, container)),
  ];
}

/** A securityContext: of the Pod, or of a container. */
interface Context {
  readonly pointer: string;
  readonly value: JsonObject;
  /** As messages name it: `container vllm`; empty for the Pod. */
  readonly of: string;
}

function contextsOf(spec: JsonObject, pointer: string): readonly Context[] {
  const own = { pointer: `${pointer}/securityContext`, value: objectAt(spec, 'securityContext'), of: 'the Pod' };
  const containers = containersOf(spec, pointer).map((container) => ({
    pointer: `${container.pointer}/securityContext`,
    value: objectAt(container.value, 'securityContext'),
    of: named(container.value),
  }));
  return [own, ...containers];
}

function named(container: JsonObject): string {
  return `container ${stringAt(container, 'name') ?? ''}`.trimEnd();
}

const namespaces = { hostNetwork: 'network', hostPID: 'processes', hostIPC: 'shared memory' } as const;

function hostViolations(spec: JsonObject, pointer: string): readonly Violation[] {
  const shared = Object.entries(namespaces).flatMap(([key, what]) =>
    spec[key] === true ? [{ pointer: `${pointer}/${key}`, what: `it takes part in the ${what} of its node` }] : [],
  );
  const paths = objectsAt(spec, 'volumes').flatMap((volume, index) =>
    isObject(volume['hostPath'])
      ? [
          {
            pointer: `${pointer}/volumes/${index}/hostPath`,
            what: `volume ${stringAt(volume, 'name') ?? index} is the path ${stringAt(volume, 'hostPath', 'path') ?? ''} of its node`,
          },
        ]
      : [],
  );
  const ports = containersOf(spec, pointer).flatMap((container) =>
    objectsAt(container.value, 'ports').flatMap((port, index) => {
      const host = integerAt(port, 'hostPort') ?? 0;
      return host === 0
        ? []
        : [
            {
              pointer: `${container.pointer}/ports/${index}/hostPort`,
              what: `${named(container.value)} takes port ${host} of its node`,
            },
          ];
    }),
  );
  const sysctls = objectsAt(spec, 'securityContext', 'sysctls').flatMap((each, index) => {
    const name = stringAt(each, 'name') ?? '';
    return safeSysctls.has(name)
      ? []
      : [{ pointer: `${pointer}/securityContext/sysctls/${index}/name`, what: `it sets the sysctl ${name}` }];
  });
  return [...shared, ...paths, ...ports, ...sysctls];
}

const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
]);

/** Capabilities that a container may add at the level baseline. */
const ordinaryCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

const seLinuxTypes = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t']);

function baselineOf({ pointer, value, of }: Context): readonly Violation[] {
  const found: Violation[] = [];
  const add = (path: string, what: string) => found.push({ pointer: `${pointer}${path}`, what: `${of} ${what}` });
  if (value['privileged'] === true) add('/privileged', 'is privileged');
  if (at(value, 'windowsOptions', 'hostProcess') === true)
    add('/windowsOptions/hostProcess', 'is a process of its host');
  const extra = listAt(value, 'capabilities', 'add').filter((each) => !ordinaryCapabilities.has(String(each)));
  if (extra.length > 0) add('/capabilities/add', `adds ${extra.join(', ')}`);
  for (const kind of ['seccompProfile', 'appArmorProfile'])
    if (stringAt(value, kind, 'type') === 'Unconfined')
      add(`/${kind}/type`, `runs without ${kind.replace('Profile', '')}`);
  const seLinux = objectAt(value, 'seLinuxOptions');
  if (!seLinuxTypes.has(stringAt(seLinux, 'type') ?? '')) add('/seLinuxOptions/type', 'chooses its SELinux type');
  for (const key of ['user', 'role'])
    if ((stringAt(seLinux, key) ?? '') !== '') add(`/seLinuxOptions/${key}`, `chooses its SELinux ${key}`);
  return found;
}

const restrictedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function volumeViolations(spec: JsonObject, pointer: string): readonly Violation[] {
  return objectsAt(spec, 'volumes').flatMap((volume, index) =>
    Object.keys(volume).flatMap((kind) =>
      kind === 'name' || kind === 'hostPath' || restrictedVolumes.has(kind)
        ? []
        : [
            {
              pointer: `${pointer}/volumes/${index}/${kind}`,
              what: `volume ${stringAt(volume, 'name') ?? index} is of kind ${kind}`,
            },
          ],
    ),
  );
}

/** What a container must say itself or take from its Pod. */
function restrictedOf(
  spec: JsonObject,
  container: { readonly pointer: string; readonly value: JsonObject },
): readonly Violation[] {
  const own = objectAt(container.value, 'securityContext');
  const pod = objectAt(spec, 'securityContext');
  const pointer = `${container.pointer}/securityContext`;
  const of = named(container.value);
  const found: Violation[] = [];
  const wrong = (path: string, what: string) => found.push({ pointer: `${pointer}/${path}`, what: `${of} ${what}` });
  const missing = (what: string) => found.push({ pointer, what: `${of} ${what}`, missing: true });
  if (own['allowPrivilegeEscalation'] !== false) missing('does not say allowPrivilegeEscalation: false');
  if (!listAt(own, 'capabilities', 'drop').includes('ALL')) missing('does not drop ALL capabilities');
  // Those beyond the ordinary ones are said already.
  const extra = listAt(own, 'capabilities', 'add').filter(
    (each) => each !== 'NET_BIND_SERVICE' && ordinaryCapabilities.has(String(each)),
  );
  if (extra.length > 0) wrong('capabilities/add', `adds ${extra.join(', ')}`);
  const profile = stringAt(own, 'seccompProfile', 'type') ?? stringAt(pod, 'seccompProfile', 'type');
  if (profile === undefined) missing('has no seccompProfile, nor has its Pod');
  // A Pod in a user namespace of its own may be root there.
  if (spec['hostUsers'] === false) return found;
  if ((own['runAsNonRoot'] ?? pod['runAsNonRoot']) !== true)
    missing('does not say runAsNonRoot: true, nor does its Pod');
  if (integerAt(own, 'runAsUser') === 0) wrong('runAsUser', 'runs as root');
  else if (own['runAsUser'] === undefined && integerAt(pod, 'runAsUser') === 0)
    missing('runs as root, as its Pod says');
  return found;
}

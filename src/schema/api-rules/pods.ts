import type { JsonObject } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { plainText } from '../text.js';
import { asNumber, asObject, asString, at, objectsIn, present, type RuleContext } from './context.js';
import { checkAnnotations, checkLabels } from './metadata.js';
import { checkProbes } from './probes.js';
import { checkResources } from './resources.js';
import { checkScheduling } from './scheduling.js';
import { nameFault } from './syntax.js';
import { checkVolumes } from './volumes.js';

/** Where an object holds Pods, and what its controller asks of them. */
export interface PodPlace {
  readonly path: Path;
  /** The PodTemplateSpec (or the Pod itself). */
  readonly template: JsonObject;
  /** Allowed `restartPolicy`; empty where the controller does not care. */
  readonly restart: readonly string[];
  /** Whether `restartPolicy` has to be written (its default, Always, is not allowed). */
  readonly mustSayRestart?: boolean;
  /** Names of volumes that the controller adds. */
  readonly claims?: readonly string[];
  /** The schema makes `containers` optional: they are merged into what the controller renders. */
  readonly merged?: boolean;
}

/** The Pods of every kind that is known to hold some, its own or of a serving stack. */
export function podPlaces(value: JsonObject): readonly PodPlace[] {
  const spec = asObject(value['spec']);
  const template = (path: readonly string[], restart: readonly string[], more: Partial<PodPlace> = {}): PodPlace[] => {
    const found = asObject(at(value, ...path));
    return found === undefined ? [] : [{ path, template: found, restart, ...more }];
  };
  const always = ['Always'];
  switch (plainText(value['kind'])) {
    case 'Pod':
      return template([], []);
    case 'PodTemplate':
      return template(['template'], []);
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'ReplicationController':
    case 'Rollout':
      return template(['spec', 'template'], always);
    case 'StatefulSet': {
      const claims = objectsIn(spec?.['volumeClaimTemplates']).flatMap(
        ([, claim]) => asString(at(claim, 'metadata', 'name')) ?? [],
      );
      return template(['spec', 'template'], always, { claims });
    }
    case 'Job':
      return template(['spec', 'template'], ['OnFailure', 'Never'], { mustSayRestart: true });
    case 'CronJob':
      return template(['spec', 'jobTemplate', 'spec', 'template'], ['OnFailure', 'Never'], { mustSayRestart: true });
    case 'LeaderWorkerSet': {
      const claims = objectsIn(at(spec, 'leaderWorkerTemplate', 'volumeClaimTemplates')).flatMap(
        ([, claim]) => asString(at(claim, 'metadata', 'name')) ?? [],
      );
      const place = ['spec', 'leaderWorkerTemplate'];
      return [
        ...template([...place, 'leaderTemplate'], always, { claims }),
        ...template([...place, 'workerTemplate'], always, { claims }),
      ];
    }
    default:
      return [];
  }
}

/** Everything the API server asks of a Pod. */
export function checkPods(context: RuleContext): void {
  for (const place of podPlaces(context.value)) {
    if (place.path.length > 0) {
      const metadata = asObject(place.template['metadata']);
      checkLabels(context, metadata?.['labels'], [...place.path, 'metadata', 'labels']);
      checkAnnotations(context, metadata?.['annotations'], [...place.path, 'metadata', 'annotations']);
    }
    const pod = asObject(place.template['spec']);
    if (pod !== undefined) checkPod(context, pod, [...place.path, 'spec'], place);
  }
}

function checkPod(context: RuleContext, pod: JsonObject, path: Path, place: PodPlace): void {
  checkRestart(context, pod, path, place);
  if (Array.isArray(pod['containers']) && pod['containers'].length === 0) {
    context.fail('api-container', [...path, 'containers'], 'a Pod needs at least one container', { part: 'key' });
  }
  const names = new Set<string>();
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [i, container] of objectsIn(pod[list])) {
      const at = [...path, list, i];
      checkContainer(context, container, at, names, place);
      if (list === 'initContainers') checkInit(context, container, at);
    }
  }
  checkHostPorts(context, pod, path);
  checkVolumes(context, pod, path, place.claims ?? []);
  checkScheduling(context, pod, path);
  for (const key of ['serviceAccountName', 'priorityClassName', 'runtimeClassName'] as const) {
    const name = asString(pod[key]);
    const fault = name === undefined || name === '' ? undefined : nameFault('subdomain', name);
    if (fault !== undefined) context.fail('api-name', [...path, key], `\`${name}\` ${fault}`);
  }
  const hostname = asString(pod['hostname']);
  const fault = hostname === undefined || hostname === '' ? undefined : nameFault('label', hostname);
  if (fault !== undefined) context.fail('api-name', [...path, 'hostname'], `\`${hostname}\` ${fault}`);
  if (
    place.path.length > 0 &&
    context.kind !== 'Job' &&
    context.kind !== 'CronJob' &&
    asNumber(pod['activeDeadlineSeconds']) !== undefined
  ) {
    context.fail(
      'api-container',
      [...path, 'activeDeadlineSeconds'],
      `is not allowed in the Pods of a ${context.kind}`,
      { part: 'key' },
    );
  }
}

function checkRestart(context: RuleContext, pod: JsonObject, path: Path, place: PodPlace): void {
  const policy = pod['restartPolicy'];
  if (place.restart.length === 0) return;
  if (policy === undefined || policy === null || policy === '') {
    if (place.mustSayRestart !== true) return;
    context.fail(
      'api-restart-policy',
      path,
      `a ${context.kind} has to say \`restartPolicy\`: ${place.restart.join(' or ')}`,
      {
        part: 'key',
        allowed: place.restart,
      },
    );
  } else if (typeof policy === 'string' && !place.restart.includes(policy)) {
    context.fail(
      'api-restart-policy',
      [...path, 'restartPolicy'],
      `${policy} is not allowed in the Pods of a ${context.kind}`,
      {
        allowed: place.restart,
        ...(place.restart.length === 1 && { fix: place.restart[0]! }),
      },
    );
  }
}

function checkContainer(
  context: RuleContext,
  container: JsonObject,
  path: Path,
  names: Set<string>,
  place: PodPlace,
): void {
  const name = asString(container['name']);
  if (name !== undefined) {
    const fault = nameFault('label', name);
    if (fault !== undefined)
      context.fail('api-container', [...path, 'name'], `\`${name}\` is no legal name of a container: it ${fault}`);
    if (names.has(name))
      context.fail('api-container', [...path, 'name'], `another container is called \`${name}\` already`);
    names.add(name);
  }
  checkImage(context, container, path, place);
  checkPorts(context, container, path);
  checkProbes(context, container, path);
  checkEnvironment(context, container, path);
  checkResources(context, container['resources'], [...path, 'resources']);
  const security = asObject(container['securityContext']);
  if (security?.['privileged'] === true && security['allowPrivilegeEscalation'] === false) {
    context.fail(
      'api-security-context',
      [...path, 'securityContext', 'allowPrivilegeEscalation'],
      'cannot be false while `privileged` is true',
    );
  }
  if (security?.['runAsNonRoot'] === true && security['runAsUser'] === 0) {
    context.fail(
      'api-security-context',
      [...path, 'securityContext', 'runAsUser'],
      'is root while `runAsNonRoot` is true: the container never starts',
    );
  }
  const profile = asObject(security?.['seccompProfile']);
  if (profile?.['type'] === 'Localhost' && typeof profile['localhostProfile'] !== 'string') {
    context.fail(
      'api-security-context',
      [...path, 'securityContext', 'seccompProfile'],
      'type Localhost needs `localhostProfile`',
      { part: 'key' },
    );
  }
}

function checkImage(context: RuleContext, container: JsonObject, path: Path, place: PodPlace): void {
  const image = container['image'];
  if (image === undefined || image === null || image === '') {
    context.fail('api-container', path, 'has no `image`', { part: 'key', key: 'image' });
  } else if (typeof image === 'string' && image.trim() !== image) {
    // Asked of Pods alone (validateContainerOnlyForPod): a template is taken, and each of its Pods refused.
    const isTemplate = place.path.length > 0;
    if (isTemplate && image.trim() === '' && hasImageTrigger(context)) return;
    const what = isTemplate ? 'begins or ends with a space, so its Pods are refused' : 'begins or ends with a space';
    context.fail('api-container', [...path, 'image'], what);
  } else if (typeof image === 'string' && /[A-Z]/.test(repositoryOf(image))) {
    context.fail(
      'api-container',
      [...path, 'image'],
      `\`${image}\`: the repository of an image is lower-case, so nothing can be pulled`,
      {
        hint: 'Capitals are legal in the host and the tag only.',
      },
    );
  }
}

/** Whether OpenShift fills the images in from an ImageStream (its docs, "Triggering updates on image stream changes"); a space stands in their place until then. */
function hasImageTrigger(context: RuleContext): boolean {
  const triggers = at(context.value, 'metadata', 'annotations', 'image.openshift.io/triggers');
  return typeof triggers === 'string' && triggers.includes('fieldPath');
}

/** The repository without registry host, tag and digest. */
function repositoryOf(image: string): string {
  const named = image.split('@')[0]!.replace(/:[^:/]*$/, '');
  const parts = named.split('/');
  const host = parts.length > 1 && (/[.:]/.test(parts[0]!) || parts[0] === 'localhost') ? 1 : 0;
  return parts.slice(host).join('/');
}

function checkInit(context: RuleContext, container: JsonObject, path: Path): void {
  if (container['restartPolicy'] === 'Always') return;
  for (const key of present(container, ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'])) {
    context.fail('api-probe', [...path, key], 'is not allowed in an init container that runs to its end', {
      part: 'key',
      hint: 'Only a sidecar (`restartPolicy: Always`) may have it.',
    });
  }
}

function checkPorts(context: RuleContext, container: JsonObject, path: Path): void {
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [i, port] of objectsIn(container['ports'])) {
    const at = [...path, 'ports', i];
    const name = asString(port['name']);
    if (name !== undefined && name !== '') {
      const fault = nameFault('port', name);
      if (fault !== undefined)
        context.fail('api-port', [...at, 'name'], `\`${name}\` is no legal name of a port: it ${fault}`);
      if (names.has(name)) context.fail('api-port', [...at, 'name'], `another port is called \`${name}\` already`);
      names.add(name);
    }
    const key = `${plainText(port['containerPort'])}/${plainText(port['protocol'] ?? 'TCP')}`;
    if (typeof port['containerPort'] === 'number' && seen.has(key)) {
      context.fail('api-port', [...at, 'containerPort'], `${key} is listed twice`, { severity: 'warning' });
    }
    seen.add(key);
  }
}

function checkHostPorts(context: RuleContext, pod: JsonObject, path: Path): void {
  if (pod['hostNetwork'] !== true) return;
  for (const [i, container] of objectsIn(pod['containers'])) {
    for (const [j, port] of objectsIn(container['ports'])) {
      const host = port['hostPort'];
      if (
        typeof port['containerPort'] !== 'number' ||
        host === undefined ||
        host === null ||
        host === 0 ||
        host === port['containerPort']
      )
        continue;
      context.fail(
        'api-port',
        [...path, 'containers', i, 'ports', j, 'hostPort'],
        `must equal containerPort (${plainText(port['containerPort'])}) under hostNetwork`,
      );
    }
  }
}

const valueSources = ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'];

function checkEnvironment(context: RuleContext, container: JsonObject, path: Path): void {
  const names = new Set<string>();
  for (const [i, entry] of objectsIn(container['env'])) {
    const at = [...path, 'env', i];
    const name = asString(entry['name']);
    if (name !== undefined) {
      const fault = variableFault(name, context.since('1.32'));
      if (fault !== undefined) context.fail('api-env', [...at, 'name'], `\`${name}\` ${fault}`);
      if (names.has(name))
        context.fail('api-env', [...at, 'name'], `\`${name}\` is set twice; the last one wins`, {
          severity: 'warning',
        });
      names.add(name);
    }
    const from = asObject(entry['valueFrom']);
    if (from === undefined) continue;
    if (typeof entry['value'] === 'string' && entry['value'] !== '') {
      context.fail('api-env', at, '`value` and `valueFrom` exclude each other', { part: 'key' });
    }
    const written = present(from, valueSources);
    if (written.length !== 1) {
      const what =
        written.length === 0
          ? `needs one of ${valueSources.join(', ')}`
          : `has ${written.join(' and ')}; only one is allowed`;
      context.fail('api-env', [...at, 'valueFrom'], what, { part: 'key', allowed: valueSources });
    }
  }
  for (const [i, from] of objectsIn(container['envFrom'])) {
    const written = present(from, ['configMapRef', 'secretRef']);
    if (written.length === 1) continue;
    const what =
      written.length === 0
        ? 'needs `configMapRef` or `secretRef`'
        : 'has both `configMapRef` and `secretRef`; only one is allowed';
    context.fail('api-env', [...path, 'envFrom', i], what, { part: 'key' });
  }
}

/** Since 1.32 any printable ASCII but `=` (RelaxedEnvironmentVariableValidation, beta); before that an identifier with `-` and `.`. */
function variableFault(name: string, relaxed: boolean): string | undefined {
  if (name === '') return 'must not be empty';
  if (relaxed) return /^[ -<>-~]+$/.test(name) ? undefined : 'must be printable ASCII without `=`';
  return /^[-._A-Za-z][-._A-Za-z0-9]*$/.test(name) && name !== '.' && name !== '..'
    ? undefined
    : 'must be letters, digits, `_`, `-` and `.`, and not begin with a digit';
}

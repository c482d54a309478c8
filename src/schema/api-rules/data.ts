import { asObject, asString, at, objectsIn, present, type RuleContext } from './context.js';
import { checkClaim } from './volumes.js';

/** What all values together may hold (`MaxSecretSize`; etcd takes no larger object). */
const maxBytes = 1024 * 1024;

/** Keys that a type of Secret must have. */
const secretKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
  ['kubernetes.io/dockerconfigjson', ['.dockerconfigjson']],
  ['kubernetes.io/dockercfg', ['.dockercfg']],
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']],
]);

/** ConfigMap, Secret and PersistentVolumeClaim. */
export function checkData(context: RuleContext): void {
  if (context.apiVersion !== 'v1') return;
  if (context.kind === 'PersistentVolumeClaim') checkClaim(context, asObject(context.value['spec']), ['spec']);
  if (context.kind !== 'ConfigMap' && context.kind !== 'Secret') return;
  const lists = context.kind === 'ConfigMap' ? ['data', 'binaryData'] : ['data', 'stringData'];
  let size = 0;
  for (const list of lists) {
    for (const [key, value] of Object.entries(asObject(context.value[list]) ?? {})) {
      size += key.length + (typeof value === 'string' ? value.length : 0);
      const fault = dataKeyFault(key);
      if (fault !== undefined)
        context.fail('api-config-data', [list, key], `the key \`${key}\` ${fault}`, { part: 'key' });
    }
  }
  if (context.kind === 'ConfigMap') checkOverlap(context);
  else checkSecretType(context);
  if (size > maxBytes) {
    context.fail('api-config-data', [], `holds ${size} bytes, at most ${maxBytes} are allowed`, { part: 'key' });
  }
}

function dataKeyFault(key: string): string | undefined {
  if (key.length > 253) return `has ${key.length} characters, at most 253 are allowed`;
  if (key === '.' || key === '..' || key.startsWith('..')) return 'must not begin with two dots';
  return /^[-._a-zA-Z0-9]+$/.test(key) ? undefined : 'must be letters, digits, `-`, `_` and `.`';
}

function checkOverlap(context: RuleContext): void {
  const text = asObject(context.value['data']) ?? {};
  for (const key of Object.keys(asObject(context.value['binaryData']) ?? {})) {
    if (key in text)
      context.fail('api-config-data', ['binaryData', key], `\`${key}\` stands in \`data\` as well`, { part: 'key' });
  }
}

function checkSecretType(context: RuleContext): void {
  const type = asString(context.value['type']) ?? 'Opaque';
  const data = { ...asObject(context.value['data']), ...asObject(context.value['stringData']) };
  for (const key of secretKeys.get(type) ?? []) {
    if (data[key] === undefined)
      context.fail('api-config-data', [], `a Secret of type ${type} needs the key \`${key}\``, { part: 'key', key });
  }
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    context.fail('api-config-data', [], `a Secret of type ${type} needs \`username\` or \`password\``, { part: 'key' });
  }
  const docker = asString(at(context.value, 'stringData', '.dockerconfigjson'));
  if (type === 'kubernetes.io/dockerconfigjson' && docker !== undefined && !isJson(docker)) {
    context.fail('api-config-data', ['stringData', '.dockerconfigjson'], 'is not JSON');
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Roles and bindings of rbac.authorization.k8s.io/v1. */
export function checkRbac(context: RuleContext): void {
  if (context.apiVersion !== 'rbac.authorization.k8s.io/v1') return;
  for (const [i, rule] of objectsIn(context.value['rules'])) {
    const path = ['rules', i];
    if (!Array.isArray(rule['verbs']) || rule['verbs'].length === 0) {
      context.fail('api-rbac', path, '`verbs` must name at least one verb', { part: 'key' });
    }
    const urls = Array.isArray(rule['nonResourceURLs']) && rule['nonResourceURLs'].length > 0;
    const resources = present(rule, ['apiGroups', 'resources', 'resourceNames']);
    if (urls && context.kind === 'Role') {
      context.fail(
        'api-rbac',
        [...path, 'nonResourceURLs'],
        'belongs into a ClusterRole; a Role speaks of its namespace',
        { part: 'key' },
      );
    } else if (urls && resources.length > 0) {
      context.fail('api-rbac', path, 'speaks of resources and of nonResourceURLs; these are two rules', {
        part: 'key',
      });
    }
    if (urls) continue;
    for (const key of ['apiGroups', 'resources'] as const) {
      const list = rule[key];
      if (Array.isArray(list) && list.length > 0) continue;
      context.fail('api-rbac', path, `\`${key}\` must name at least one`, {
        part: 'key',
        ...(key === 'apiGroups' && { hint: 'The core group is the empty string: `apiGroups: [""]`.' }),
      });
    }
  }
  for (const [i, subject] of objectsIn(context.value['subjects'])) {
    if (
      subject['kind'] === 'ServiceAccount' &&
      typeof subject['namespace'] !== 'string' &&
      context.kind === 'ClusterRoleBinding'
    ) {
      context.fail('api-rbac', ['subjects', i], 'a ServiceAccount needs its `namespace`', { part: 'key' });
    }
  }
  const reference = asObject(context.value['roleRef']);
  const kinds = context.kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole'];
  if (reference !== undefined && typeof reference['kind'] === 'string' && !kinds.includes(reference['kind'])) {
    context.fail('api-rbac', ['roleRef', 'kind'], `a ${context.kind} refers to a ${kinds.join(' or ')}`, {
      allowed: kinds,
    });
  }
}

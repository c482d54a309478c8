import type { Json } from '../../diagnostics/diagnostic.js';
import type { Path } from '../explain.js';
import { isCoreGroup } from '../lifecycle.js';
import { plainText } from '../text.js';
import { asObject, asString, at, objectsIn, type RuleContext } from './context.js';
import { keyFault, labelValueFault, type NameForm, nameFault, nearName } from './syntax.js';

/** Forms of metadata.name that differ from a DNS-1123 subdomain, by `group/Kind` (the core's group is empty). */
const nameForms: Readonly<Record<string, NameForm>> = {
  '/Namespace': 'label',
  '/Service': 'service',
  'batch/CronJob': 'cronjob',
  'batch/Job': 'job',
  'apps/StatefulSet': 'statefulset',
  'rbac.authorization.k8s.io/Role': 'path-segment',
  'rbac.authorization.k8s.io/ClusterRole': 'path-segment',
  'rbac.authorization.k8s.io/RoleBinding': 'path-segment',
  'rbac.authorization.k8s.io/ClusterRoleBinding': 'path-segment',
  'flowcontrol.apiserver.k8s.io/FlowSchema': 'path-segment',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': 'path-segment',
  'certificates.k8s.io/CertificateSigningRequest': 'path-segment',
  'certificates.k8s.io/ClusterTrustBundle': 'path-segment',
  'networking.k8s.io/IPAddress': 'path-segment',
};

/** All annotations together (`TotalAnnotationSizeLimitB` of apimachinery). */
const annotationBytes = 256 * 1024;

export function checkMetadata(context: RuleContext): void {
  const metadata = asObject(context.value['metadata']);
  checkName(context);
  if (metadata === undefined) return;
  checkLabels(context, metadata['labels'], ['metadata', 'labels']);
  checkAnnotations(context, metadata['annotations'], ['metadata', 'annotations']);
  const namespace = asString(metadata['namespace']);
  const fault = namespace === undefined || namespace === '' ? undefined : nameFault('label', namespace);
  if (fault !== undefined) context.fail('api-name', ['metadata', 'namespace'], `\`${namespace}\` ${fault}`);
  for (const [i, owner] of objectsIn(metadata['ownerReferences'])) {
    if (asString(owner['uid']) === '')
      context.fail('api-name', ['metadata', 'ownerReferences', i, 'uid'], 'must not be empty');
  }
}

/** The form of a kind's name at a version of Kubernetes. */
export function nameFormOf(context: RuleContext): NameForm {
  const group = context.apiVersion.includes('/') ? context.apiVersion.slice(0, context.apiVersion.indexOf('/')) : '';
  const form = nameForms[`${group}/${context.kind}`] ?? 'subdomain';
  // Since 1.36 a Service may begin with a digit (KEP-5311, RelaxedServiceNameValidation is on by default).
  return form === 'service' && context.since('1.36') ? 'label' : form;
}

function checkName(context: RuleContext): void {
  const name = at(context.value, 'metadata', 'name');
  const generated = at(context.value, 'metadata', 'generateName');
  if (name === undefined || name === null || name === '') {
    // Lists and reviews have no name; they come without metadata.
    if (generated !== undefined || !needsName(context)) return;
    const path = asObject(context.value['metadata']) === undefined ? [] : ['metadata'];
    context.fail('api-name', path, 'neither `metadata.name` nor `metadata.generateName` is set', { part: 'key' });
    return;
  }
  if (typeof name !== 'string') return;
  const form = nameFormOf(context);
  const fault = nameFault(form, name);
  if (fault === undefined) return;
  const fix = nearName(form, name);
  context.fail('api-name', ['metadata', 'name'], `\`${name}\` is no legal name of a ${context.kind}: it ${fault}`, {
    ...(fix !== undefined && { fix, hint: `For example \`${fix}\`; whatever refers to it by name has to follow.` }),
  });
}

function needsName(context: RuleContext): boolean {
  return !/(?:List|Review)$/.test(context.kind) || !isCoreGroup(context.apiVersion);
}

/** Keys and values of a map of labels. */
export function checkLabels(context: RuleContext, labels: Json | undefined, path: Path, ruleId = 'api-label'): void {
  const map = asObject(labels);
  for (const key in map) {
    const value = map[key];
    const fault = keyFault(key);
    if (fault !== undefined)
      context.fail(ruleId, [...path, key], `the key \`${key}\` is not legal: ${fault}`, { part: 'key' });
    const wrong = typeof value === 'string' ? labelValueFault(value) : undefined;
    if (wrong !== undefined) context.fail(ruleId, [...path, key], `\`${plainText(value as string)}\` ${wrong}`);
  }
}

/** Keys of annotations, and the size of all together. */
export function checkAnnotations(context: RuleContext, annotations: Json | undefined, path: Path): void {
  let size = 0;
  for (const [key, value] of Object.entries(asObject(annotations) ?? {})) {
    size += key.length + (typeof value === 'string' ? value.length : 0);
    // Keys of annotations may have capitals in their prefix.
    const fault = keyFault(key.toLowerCase());
    if (fault === undefined) continue;
    context.fail('api-annotation', [...path, key], `the key \`${key}\` is not legal: ${fault}`, { part: 'key' });
  }
  if (size > annotationBytes) {
    context.fail(
      'api-annotation',
      path,
      `all annotations together have ${size} bytes, at most ${annotationBytes} are allowed`,
      {
        part: 'key',
      },
    );
  }
}

/** A label selector: keys, values, and how many values an operator takes. */
export function checkSelector(context: RuleContext, selector: Json | undefined, path: Path): void {
  const object = asObject(selector);
  if (object === undefined) return;
  checkLabels(context, object['matchLabels'], [...path, 'matchLabels']);
  for (const [i, item] of objectsIn(object['matchExpressions'])) {
    checkExpression(context, item, [...path, 'matchExpressions', i], true);
  }
}

/** One requirement of a label or node selector. */
export function checkExpression(
  context: RuleContext,
  item: { readonly [key: string]: Json },
  path: Path,
  labels: boolean,
): void {
  const { key, operator, values } = item;
  const fault = typeof key === 'string' ? keyFault(key) : undefined;
  if (fault !== undefined) context.fail('api-label', [...path, 'key'], `\`${plainText(key)}\` is not legal: ${fault}`);
  const count = Array.isArray(values) ? values.length : 0;
  if ((operator === 'In' || operator === 'NotIn') && count === 0) {
    context.fail('api-label', [...path, 'operator'], `${operator} needs at least one value`);
  } else if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0) {
    context.fail('api-label', [...path, 'values'], `${operator} takes no values`, { part: 'key' });
  } else if ((operator === 'Gt' || operator === 'Lt') && count !== 1) {
    context.fail('api-label', [...path, 'operator'], `${operator} needs exactly one value`);
  }
  if (!labels || !Array.isArray(values)) return;
  for (const [i, value] of (values as readonly Json[]).entries()) {
    const wrong = typeof value === 'string' ? labelValueFault(value) : undefined;
    if (wrong !== undefined) context.fail('api-label', [...path, 'values', i], `\`${plainText(value)}\` ${wrong}`);
  }
}

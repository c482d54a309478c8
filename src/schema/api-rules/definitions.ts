import { asObject, asString, at, objectsIn, type RuleContext } from './context.js';

/** CustomResourceDefinition of apiextensions.k8s.io/v1: its name, its versions and their schemas. */
export function checkDefinition(context: RuleContext): void {
  const spec = asObject(context.value['spec']);
  if (context.kind !== 'CustomResourceDefinition' || spec === undefined) return;
  const plural = asString(at(spec, 'names', 'plural'));
  const group = asString(spec['group']);
  const expected = plural === undefined || group === undefined ? undefined : `${plural}.${group}`;
  const name = asString(at(context.value, 'metadata', 'name'));
  if (name !== undefined && expected !== undefined && name !== expected) {
    context.fail('api-crd', ['metadata', 'name'], `must be \`<plural>.<group>\`, which is \`${expected}\``, {
      fix: expected,
    });
  }
  const versions = objectsIn(spec['versions']);
  const stored = versions.filter(([, version]) => version['storage'] === true);
  if (versions.length > 0 && stored.length !== 1) {
    context.fail('api-crd', ['spec', 'versions'], `exactly one version is stored, here ${stored.length}`, {
      part: 'key',
    });
  }
  for (const [i, version] of versions) {
    if (asObject(at(version, 'schema', 'openAPIV3Schema')) === undefined) {
      context.fail('api-crd', ['spec', 'versions', i], 'needs `schema.openAPIV3Schema`', { part: 'key' });
    } else if (at(version, 'schema', 'openAPIV3Schema', 'type') !== 'object') {
      context.fail('api-crd', ['spec', 'versions', i, 'schema', 'openAPIV3Schema'], 'must have `type: object`', {
        part: 'key',
      });
    }
  }
  const kind = asString(at(spec, 'names', 'kind'));
  if (kind !== undefined && !/^[A-Z]/.test(kind)) {
    context.fail('api-crd', ['spec', 'names', 'kind'], `\`${kind}\` should be in CamelCase`, { severity: 'warning' });
  }
}

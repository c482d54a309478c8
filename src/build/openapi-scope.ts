import { field, isMap, type NodeMap, textOf } from './node.js';
import { isClusterScoped } from './scope.js';

/** The first kind that the paths of a description make cluster-scoped, where the built-in description does not. */
export function isClusterScopedBy(description: NodeMap): string | undefined {
  const paths = field(description, 'paths');
  if (!isMap(paths)) return undefined;
  const scopes = new Map<string, { kind: string; isNamespaced: boolean }>();
  for (const path of Object.keys(paths)) {
    const operations = paths[path];
    const get = isMap(operations) ? field(operations, 'get') : undefined;
    const gvk = isMap(get) ? field(get, 'x-kubernetes-group-version-kind') : undefined;
    if (!isMap(gvk)) continue;
    const [group, version, kind] = ['group', 'version', 'kind'].map((key) => textOf(field(gvk, key))) as [
      string,
      string,
      string,
    ];
    if (isClusterScoped({ group, version, kind })) continue;
    const key = `${group}/${version}/${kind}`;
    const isNamespaced = path.includes('namespaces/{namespace}') || scopes.get(key)?.isNamespaced === true;
    scopes.set(key, { kind, isNamespaced });
  }
  return [...scopes.values()].find(({ isNamespaced }) => !isNamespaced)?.kind;
}

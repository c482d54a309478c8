import jsYaml from 'js-yaml';

/**
 * Integers as Kubernetes and Argo CD read them (sigs.k8s.io/yaml, which parses by Go's strconv with base 0): a leading
 * zero means octal, so `defaultMode: 0644` is 420; underscores are dropped.
 */
const goInteger = new jsYaml.Type('tag:yaml.org,2002:int', {
  kind: 'scalar',
  resolve: (data: string | null) => data !== null && integerOf(data) !== undefined,
  construct: (data: string) => integerOf(data),
});

function integerOf(data: string): number | undefined {
  const match = data.match(/^([-+]?)(0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|0|[1-9][0-9_]*)$/);
  if (!match) return undefined;
  const digits = match[2]!.replaceAll('_', '');
  const value = /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return match[1] === '-' ? -value : value;
}

/** `<<`, which Kustomize resolves. */
const mergeKey = new jsYaml.Type('tag:yaml.org,2002:merge', {
  kind: 'scalar',
  resolve: (data: unknown) => data === '<<',
});

/** How the texts of manifests are read: YAML 1.2 with the integers of Go. */
export const manifestSchema = jsYaml.CORE_SCHEMA.extend({ implicit: [goInteger, mergeKey] });

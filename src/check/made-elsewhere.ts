import type { Repository } from '../repository/index.js';

/** Kinds that people make by other means than manifests, under the names that those means have for them. */
const called = {
  ConfigMap: { terraform: 'config_map', create: 'configmap|cm' },
  Secret: { terraform: 'secret', create: 'secret\\s+(?:generic|tls|docker-registry)' },
  ServiceAccount: { terraform: 'service_account|default_service_account', create: 'serviceaccount|sa' },
  PersistentVolumeClaim: { terraform: 'persistent_volume_claim', create: undefined },
} as const;

export type MadeKind = keyof typeof called;

/** Names of one kind; of those with a part that is filled in, what stands before and after it. */
interface Names {
  readonly whole: ReadonlySet<string>;
  readonly parts: readonly RegExp[];
}

const known = new WeakMap<Repository, Map<MadeKind, Names>>();

/**
 * Whether something of this repository other than a manifest makes an object of the name: Terraform (`kubernetes_config_map`, or a
 * manifest in it), Jsonnet, or `kubectl create` in a script. None of them is run here: a name in quotes in a file that speaks of the
 * kind is taken for made, in any namespace.
 */
export function madeElsewhere(repository: Repository, kind: MadeKind, name: string): boolean {
  const byKind = known.get(repository) ?? new Map<MadeKind, Names>();
  known.set(repository, byKind);
  const names = byKind.get(kind) ?? namesOf(repository, kind);
  byKind.set(kind, names);
  return names.whole.has(name) || names.parts.some((part) => part.test(name));
}

function namesOf({ tree }: Repository, kind: MadeKind): Names {
  const whole = new Set<string>();
  const parts = new Map<string, RegExp>();
  const { terraform, create } = called[kind];
  const resource = new RegExp(`\\b(kubernetes_(${terraform})(_v1)?|kubernetes_manifest|kubectl_manifest)\\b`);
  const object = new RegExp(`\\b(Sealed|External)?${kind}\\b`);
  const command =
    create === undefined ? undefined : new RegExp(`\\bcreate\\s+(?:${create})\\s+["']?([a-z0-9][a-z0-9.-]*)`, 'g');
  for (const [path, text] of tree.files) {
    if (typeof text !== 'string') continue;
    if (path.endsWith('.tf') ? resource.test(text) : /\.(jsonnet|libsonnet)$/.test(path) && object.test(text)) {
      for (const [, , quoted = ''] of text.matchAll(/(["'])([a-z0-9][^"'\n]{0,252})\1/g)) note(quoted, whole, parts);
    } else if (command !== undefined && /\.(sh|bash)$|(^|\/)(Makefile|justfile)$/.test(path)) {
      for (const [, name = ''] of text.matchAll(command)) whole.add(name);
    }
  }
  return { whole, parts: [...parts.values()] };
}

/** A part that is filled in (`%s`, `${…}`) stands for any; what is left has to be long enough to mean something. */
function note(quoted: string, whole: Set<string>, parts: Map<string, RegExp>): void {
  if (/^[a-z0-9.-]+$/.test(quoted)) {
    whole.add(quoted);
    return;
  }
  const fixed = quoted.split(/%(?:\(\w+\))?[sd]|\$\{[^}]*\}/);
  if (
    fixed.length < 2 ||
    fixed.length > 3 ||
    fixed.join('').length < shortestPart ||
    !fixed.every((each) => /^[a-z0-9.-]*$/.test(each))
  )
    return;
  parts.set(quoted, new RegExp(`^${fixed.map((each) => each.replaceAll('.', '\\.')).join('[a-z0-9.-]+')}$`));
}

/** Letters that two names have in common by accident are fewer. */
const shortestPart = 5;

import type { Tree } from '../files/file-map.js';
import { dirname } from '../files/path.js';
import type { Repository } from '../repository/index.js';
import { terraformNamespaces, terraformObjects } from './terraform.js';

/** Kinds that people make by other means than manifests, under the names that those means have for them. */
const called = {
  ConfigMap: { terraform: 'config_map', create: 'configmap|cm' },
  Secret: { terraform: 'secret', create: 'secret\\s+(?:generic|tls|docker-registry)' },
  ServiceAccount: { terraform: 'service_account|default_service_account', create: 'serviceaccount|sa' },
  PersistentVolumeClaim: { terraform: 'persistent_volume_claim', create: undefined },
} as const;

export type MadeKind = keyof typeof called;

/** Names of one kind. Those of which the namespace is written out stand in it; the others may be in any. */
interface Names {
  readonly anywhere: NameList;
  readonly within: ReadonlyMap<string, NameList>;
}

/** Of names with a part that is filled in, what stands before and after it. */
interface NameList {
  readonly whole: Set<string>;
  readonly parts: Map<string, RegExp>;
}

const known = new WeakMap<Repository, Map<MadeKind, Names>>();

/**
 * Whether something of this repository other than a manifest makes an object of the name where it is looked for: Terraform
 * (`kubernetes_config_map`, or a manifest in it), Jsonnet, or `kubectl create` in a script. None of them is run here: a name in quotes in a file
 * that speaks of the kind is taken for made, in any namespace unless the one it gets is written beside it.
 */
export function madeElsewhere(
  repository: Repository,
  kind: MadeKind,
  name: string,
  namespace: string | undefined,
): boolean {
  const { anywhere, within } = namesIn(repository, kind);
  if (holds(anywhere, name)) return true;
  if (namespace === undefined) return [...within.values()].some((each) => holds(each, name));
  const here = within.get(namespace);
  return here !== undefined && holds(here, name);
}

/** The namespaces in which such means make an object of the name, sorted. */
export function namespacesOfMade(repository: Repository, kind: MadeKind, name: string): readonly string[] {
  const { within } = namesIn(repository, kind);
  return [...within].flatMap(([namespace, list]) => (holds(list, name) ? [namespace] : [])).sort();
}

function holds({ whole, parts }: NameList, name: string): boolean {
  return whole.has(name) || [...parts.values()].some((part) => part.test(name));
}

function namesIn(repository: Repository, kind: MadeKind): Names {
  const byKind = known.get(repository) ?? new Map<MadeKind, Names>();
  known.set(repository, byKind);
  const names = byKind.get(kind) ?? namesOf(repository, kind);
  byKind.set(kind, names);
  return names;
}

function namesOf({ tree }: Repository, kind: MadeKind): Names {
  const anywhere: NameList = { whole: new Set(), parts: new Map() };
  const within = new Map<string, NameList>();
  const listOf = (namespace: string | undefined): NameList => {
    if (namespace === undefined) return anywhere;
    const list = within.get(namespace) ?? { whole: new Set<string>(), parts: new Map<string, RegExp>() };
    within.set(namespace, list);
    return list;
  };
  const { terraform, create } = called[kind];
  const resource = new RegExp(`\\b(kubernetes_(${terraform})(_v1)?|kubernetes_manifest|kubectl_manifest)\\b`);
  const object = new RegExp(`\\b(Sealed|External)?${kind}\\b`);
  for (const [path, text] of tree.files) {
    if (typeof text !== 'string') continue;
    if (path.endsWith('.tf')) {
      if (!resource.test(text)) continue;
      const types = `kubernetes_(?:${terraform})`;
      const { made, rest } = terraformObjects(text, types, kind, namespacesBeside(tree, path));
      for (const { name, namespace } of made) note(name, listOf(namespace));
      noteQuoted(rest, anywhere);
    } else if (/\.(jsonnet|libsonnet)$/.test(path)) {
      if (object.test(text)) noteQuoted(text, anywhere);
    } else if (create !== undefined && /\.(sh|bash)$|(^|\/)(Makefile|justfile)$/.test(path)) {
      for (const { name, namespace } of createdBy(text, create)) listOf(namespace).whole.add(name);
    }
  }
  return { anywhere, within };
}

const besides = new WeakMap<Tree, Map<string, ReadonlyMap<string, string>>>();

/** Namespaces of the module that a file of Terraform belongs to: the files of its folder. */
function namespacesBeside(tree: Tree, path: string): ReadonlyMap<string, string> {
  const dir = dirname(path);
  const byDir = besides.get(tree) ?? new Map<string, ReadonlyMap<string, string>>();
  besides.set(tree, byDir);
  const done = byDir.get(dir);
  if (done !== undefined) return done;
  const texts = [...tree.files].flatMap(([each, text]) =>
    each.endsWith('.tf') && dirname(each) === dir && typeof text === 'string' ? [text] : [],
  );
  const found = new Map(texts.flatMap((text) => [...terraformNamespaces(text)]));
  byDir.set(dir, found);
  return found;
}

/** What `create` of kubectl makes in a script. Without a literal namespace beside it the context decides, which is not known here. */
function createdBy(text: string, what: string): { readonly name: string; readonly namespace: string | undefined }[] {
  const commands = text.replace(/\\\r?\n/g, '  ').split(/\n|;|&&|\|/);
  const form = new RegExp(`\\bcreate\\s+(?:${what})\\s+["']?([a-z0-9][a-z0-9.-]*)`, 'g');
  return commands.flatMap((command) => {
    const written = [...command.matchAll(/\s(?:-n|--namespace)(?:\s+|=)["']?([^\s"']+)/g)].at(-1)?.[1];
    const namespace = written !== undefined && /^[a-z0-9-]+$/.test(written) ? written : undefined;
    return [...command.matchAll(form)].map(([, name = '']) => ({ name, namespace }));
  });
}

function noteQuoted(text: string, list: NameList): void {
  for (const [, , quoted = ''] of text.matchAll(/(["'])([a-z0-9][^"'\n]{0,252})\1/g)) note(quoted, list);
}

/** A part that is filled in (`%s`, `${…}`) stands for any; what is left has to be long enough to mean something. */
function note(quoted: string, { whole, parts }: NameList): void {
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

/** An object that a resource of Terraform makes: its name (whole, or with parts that are filled in) in a namespace that is written out. */
export interface TerraformObject {
  readonly name: string;
  readonly namespace: string;
}

export interface TerraformObjects {
  readonly made: readonly TerraformObject[];
  /** The text without their names and labels: what is left may name objects whose namespace nobody can tell from here. */
  readonly rest: string;
}

/**
 * The objects of some resource types in a text of Terraform whose name and namespace are both written out. `kind` is asked of resources that hold
 * a whole manifest. A namespace that is left out is `default` (namespacedMetadataSchema of the Kubernetes provider; the API server for manifests).
 */
export function terraformObjects(
  text: string,
  types: string,
  kind: string,
  namespaces: ReadonlyMap<string, string>,
): TerraformObjects {
  const made: TerraformObject[] = [];
  let rest = text;
  for (const block of resources(text, `(?:${types})(?:_v1)?|kubernetes_manifest|kubectl_manifest`)) {
    const isManifest = block.type.endsWith('_manifest');
    const object = isManifest ? nested(block.body, 'manifest') : { body: block.body, start: 0 };
    if (object === undefined || (isManifest && attribute(object.body, 'kind')?.value !== `"${kind}"`)) continue;
    const metadata = nested(object.body, 'metadata');
    if (metadata === undefined) continue;
    const name = attribute(metadata.body, 'name');
    const quoted = name === undefined ? undefined : /^"([^"\n]+)"$/.exec(name.value)?.[1];
    const namespace = namespaceIn(metadata.body, namespaces);
    if (name === undefined || quoted === undefined || namespace === undefined) continue;
    made.push({ name: quoted, namespace });
    const at = block.start + object.start + metadata.start + name.start;
    rest = blank(blank(rest, at, name.value.length), block.head, block.start - block.head);
  }
  return { made, rest };
}

function blank(text: string, from: number, length: number): string {
  return `${text.slice(0, from)}${' '.repeat(length)}${text.slice(from + length)}`;
}

/** The namespaces that resources of a text make, by the label that others refer to them by. */
export function terraformNamespaces(text: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { label, body } of resources(text, 'kubernetes_namespace(?:_v1)?')) {
    const name = attribute(nested(body, 'metadata')?.body ?? '', 'name')?.value ?? '';
    const quoted = /^"([a-z0-9-]+)"$/.exec(name)?.[1];
    if (quoted !== undefined) out.set(label, quoted);
  }
  return out;
}

function namespaceIn(metadata: string, namespaces: ReadonlyMap<string, string>): string | undefined {
  const written = attribute(metadata, 'namespace');
  if (written === undefined) return 'default';
  const label = /^kubernetes_namespace(?:_v1)?\.([\w-]+)\.(?:id|metadata(?:\[0\]|\.0|\[0\]\.0)?\.name)$/.exec(
    written.value,
  )?.[1];
  return label === undefined ? /^"([a-z0-9-]+)"$/.exec(written.value)?.[1] : namespaces.get(label);
}

interface Block {
  readonly type: string;
  readonly label: string;
  readonly body: string;
  /** Where the block and its body start in the text. */
  readonly head: number;
  readonly start: number;
}

function* resources(text: string, types: string): Generator<Block> {
  for (const match of text.matchAll(new RegExp(`\\bresource\\s+"(${types})"\\s+"([^"\\n]+)"\\s*\\{`, 'g'))) {
    const start = match.index + match[0].length;
    const end = closing(text, start);
    if (end !== undefined)
      yield {
        type: match[1] as string,
        label: match[2] as string,
        body: text.slice(start, end),
        head: match.index,
        start,
      };
  }
}

/** A block within another, at whatever depth: `metadata {` of a resource, `metadata = {` of a manifest in one. The first counts. */
function nested(body: string, name: string): { readonly body: string; readonly start: number } | undefined {
  const found = new RegExp(`(?:^|[\\s{,])"?${name}"?\\s*[=:]?\\s*\\{`).exec(body);
  if (found === null) return undefined;
  const start = found.index + found[0].length;
  const end = closing(body, start);
  return end === undefined ? undefined : { body: body.slice(start, end), start };
}

/** An attribute of a block itself, and not of a block in it, with its expression as far as the line goes. */
function attribute(body: string, name: string): { readonly value: string; readonly start: number } | undefined {
  for (const match of body.matchAll(new RegExp(`(?:^|[\\s{,])"?${name}"?\\s*[=:]\\s*`, 'g'))) {
    const before = body.slice(0, match.index);
    if (depthAt(before) !== 0) continue;
    const start = match.index + match[0].length;
    const value = /^(?:"[^"\n]*"|[^\n,}#]*)/.exec(body.slice(start))?.[0].trimEnd() ?? '';
    return { value, start };
  }
  return undefined;
}

function depthAt(text: string): number {
  let depth = 0;
  for (const sign of withoutTexts(text)) depth += sign === '{' ? 1 : sign === '}' ? -1 : 0;
  return depth;
}

/** Where the brace that stands before `from` closes; undefined where it does not within what a resource takes. */
function closing(text: string, from: number): number | undefined {
  const body = withoutTexts(text.slice(from, from + longestBlock));
  let depth = 1;
  for (let i = 0; i < body.length; i += 1) {
    if (body[i] === '{') depth += 1;
    else if (body[i] === '}') depth -= 1;
    if (depth === 0) return from + i;
  }
  return undefined;
}

/** Signs of a resource that is looked at; larger ones hold data and not names. */
const longestBlock = 20_000;

/** The text with its quoted texts and comments blank, so that no brace in them counts. */
function withoutTexts(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|(?:#|\/\/)[^\n]*/g, (found) => ' '.repeat(found.length));
}

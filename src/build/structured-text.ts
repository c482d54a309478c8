import type { Place } from '../diagnostics/diagnostic.js';
import { type Source, step } from './edits.js';
import type { Entry } from './entry.js';
import { goJson, goJsonString } from './go-json.js';
import { clone, field, isList, isMap, isScalar, isText, type Node, type NodeMap, textOf } from './node.js';
import { readDocuments } from './read-documents.js';
import { refuse } from './refusals.js';
import { rescanAs, typeOfText } from './scalar.js';
import { setInYaml } from './structured-yaml.js';
import type { Spend } from './work.js';

/**
 * Where a path leads into a string that holds JSON or YAML, the value is set inside of it, as Kustomize does since 5.8.
 * False where it does not.
 */
export function setInString(
  entry: Entry,
  parts: readonly string[],
  value: Node,
  writer: Source,
  at: Place,
  spend: Spend,
): boolean {
  let holder: Node = entry.root;
  for (const [i, part] of parts.entries()) {
    const child: Node | undefined = isMap(holder)
      ? field(holder, part)
      : isList(holder)
        ? holder[Number(part)]
        : undefined;
    if (isText(child) && i < parts.length - 1) {
      // It is read twice and written anew.
      spend(30_000 + 200 * textOf(child).length);
      return setInText(entry, parts.slice(0, i + 1), textOf(child), parts.slice(i + 1), value, writer, at);
    }
    if (child === undefined || isScalar(child)) return false;
    holder = child;
  }
  return false;
}

function setInText(
  entry: Entry,
  path: readonly string[],
  text: string,
  rest: readonly string[],
  value: Node,
  writer: Source,
  at: Place,
): boolean {
  if (!/^\s*[{[]/.test(text)) return setInYamlText(entry, path, text, rest, value, writer, at);
  const { documents, error } = readDocuments(text);
  const root = documents[0];
  if (error !== undefined || root === undefined || isScalar(root)) return false;
  const copy = clone(root);
  if (!setAt(copy, rest, value)) return false;
  const pretty = text.includes('\n') && text.includes('  ');
  const written = pretty ? indented(copy, '') : goJson(copy);
  putText(entry, path, written, writer);
  return true;
}

function putText(entry: Entry, path: readonly string[], text: string, writer: Source): void {
  let holder: Node = entry.own();
  for (const part of path.slice(0, -1)) holder = (holder as NodeMap)[part] as Node;
  (holder as NodeMap)[path.at(-1) as string] = text;
  entry.wrote(path.map(step).join(''), writer);
}

function setInYamlText(
  entry: Entry,
  path: readonly string[],
  text: string,
  rest: readonly string[],
  value: Node,
  writer: Source,
  at: Place,
): boolean {
  const { error } = readDocuments(text);
  if (error !== undefined) return false;
  const written = setInYaml(text, rest, value);
  if (written === undefined) return false;
  if ('refused' in written)
    refuse(
      'kustomize-unsupported',
      'This replacement inside YAML in a string',
      `it has to do with ${written.refused}`,
      at,
      'build',
    );
  putText(entry, path, written.text, writer);
  return true;
}

function setAt(root: Node, path: readonly string[], value: Node): boolean {
  let holder: Node | undefined = root;
  for (const part of path.slice(0, -1))
    holder = isMap(holder) ? field(holder, part) : isList(holder) ? holder[Number(part)] : undefined;
  const last = path.at(-1) as string;
  if (!isMap(holder)) return false;
  const old = field(holder, last);
  if (old === undefined) return false;
  if (!isScalar(old)) holder[last] = clone(value);
  else if (isText(old) || typeOfText(textOf(old)) === typeOfText(textOf(value)))
    holder[last] = rescanAs(old, textOf(value));
  else return false;
  return true;
}

/** JSON with two spaces, as Go's `MarshalIndent` writes it. */
function indented(node: Node, margin: string): string {
  const inner = `${margin}  `;
  if (isList(node)) {
    if (node.length === 0) return '[]';
    return `[\n${node.map((item) => inner + indented(item, inner)).join(',\n')}\n${margin}]`;
  }
  if (!isMap(node)) return goJson(node);
  const keys = Object.keys(node).sort();
  if (keys.length === 0) return '{}';
  return `{\n${keys.map((key) => `${inner}${goJsonString(key)}: ${indented(node[key] as Node, inner)}`).join(',\n')}\n${margin}}`;
}

import type { Json, Problem } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import { freshEntries, freshItems, parseTree, type YamlNode } from './tree.js';

/** A placeholder of a template, as it stands in a text. */
export interface Placeholder {
  readonly offset: number;
  readonly length: number;
  /** How many more of the file are like it. */
  readonly more: number;
}

/**
 * The first placeholder without quotes that a text has as a value. `{{ x }}` is good YAML: a map whose only key is a map. No parser of
 * Kubernetes takes it ("invalid map key" of go-yaml), and bulk reading makes a key of it that nobody wrote.
 */
export function placeholderIn(text: string, values: readonly unknown[], maxNodes: number): Placeholder | undefined {
  if (!text.includes('{{') || !values.some((value) => hasMapAsKey(value as Json))) return undefined;
  const found: YamlNode[] = [];
  const open = (parseTree(text, maxNodes)?.documents ?? []).map(({ root }) => root).reverse();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const entries = freshEntries(node);
    const key = entries[0]?.key;
    if (node.flow && key?.kind === 'map' && key.flow && key.start === node.start + 1) found.push(node);
    else {
      // One by one: a list may have more items than a call takes arguments.
      const items = freshItems(node);
      for (let i = items.length - 1; i >= 0; i -= 1) open.push(items[i] as YamlNode);
      for (let i = entries.length - 1; i >= 0; i -= 1) open.push((entries[i] as (typeof entries)[number]).value);
    }
  }
  const first = found[0];
  return first && { offset: first.start, length: first.end - first.start, more: found.length - 1 };
}

function hasMapAsKey(root: Json): boolean {
  const open: Json[] = [root];
  const seen = new Set<object>();
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (!Array.isArray(value) && Object.hasOwn(value, '[object Object]')) return true;
    for (const each of Object.values(value) as Json[]) open.push(each);
  }
  return false;
}

/** What is wrong with it, in words of what somebody wrote. */
export function placeholderProblem(file: string, text: string, { offset, length, more }: Placeholder): Problem {
  const written = shown(text.slice(offset, offset + length), 60);
  const others =
    more === 0 ? '' : more === 1 ? ' One more in this file is like it.' : ` ${more} more in this file are like it.`;
  return {
    ruleId: 'yaml-template',
    severity: 'error',
    message: `${written} is a placeholder of a template. Without quotes YAML reads it as a map whose key is a map, and Kubernetes refuses that.${others}`,
    at: { file, offset, length },
    hint: 'Render the template first and judge what comes out; or put the value in quotes, where what reads the object fills it in.',
    key: written,
  };
}

/** A placeholder on the line where a text stops being YAML. */
export function brokenByTemplate(file: string, text: string, offset: number): Problem | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(start).split('\n', 1)[0] as string;
  const found = /^[^"'#]*?(\{\{.*?\}\}|\{%.*?%\}|\{\{|\{%)/.exec(line);
  if (found === null) return undefined;
  const [whole, action = ''] = found;
  return {
    ruleId: 'yaml-template',
    severity: 'error',
    message: `${shown(action, 60)} is a placeholder of a template, and what stands around it is no YAML until it is filled in.`,
    at: { file, offset: start + whole.length - action.length, length: action.length },
    hint: 'Render the template first and judge what comes out.',
    key: shown(action, 60),
  };
}

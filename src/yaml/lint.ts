import type { OnProblem, Place } from '../diagnostics/diagnostic.js';
import { escapeInvisible, shown } from '../diagnostics/show.js';
import { badCharacters, describe, oddSpace } from './characters.js';
import type { YamlLimits } from './limits.js';
import { toPointer } from './pointer.js';
import { ambiguity } from './scalar.js';
import { freshEntries, freshItems, keyText, scalarValue, type YamlNode } from './tree.js';

const perRule = 20;

/**
 * What plain data may not hold: duplicate keys, tags, merge keys, keys that are not text, numbers that parsers read
 * differently, templates, expansions of the environment, hidden characters. At most twenty findings of each rule.
 */
export function lint(file: string, root: YamlNode, limits: YamlLimits, onProblem: OnProblem): void {
  const counts = new Map<string, number>();
  const report: Report = (ruleId, message, at, hint, more = {}) => {
    const count = (counts.get(ruleId) ?? 0) + 1;
    counts.set(ruleId, count);
    if (count > perRule) return;
    onProblem({ ruleId, severity: 'error', message, at: { file, ...at }, hint, ...more });
  };
  visit(root, [], { file, limits, report });
  for (const [ruleId, count] of counts) {
    if (count <= perRule) continue;
    onProblem({
      ruleId,
      severity: 'error',
      message: `… and ${count - perRule} more of this kind in this file.`,
      at: { file },
      key: 'more',
    });
  }
}

type Report = (
  ruleId: string,
  message: string,
  at: Omit<Place, 'file'>,
  hint: string,
  more?: {
    readonly key?: string;
    readonly fix?: string;
    readonly related?: readonly { readonly message: string; readonly at: Place }[];
  },
) => void;

interface Lint {
  readonly file: string;
  readonly limits: YamlLimits;
  readonly report: Report;
}

function visit(node: YamlNode, path: readonly (string | number)[], lint: Lint): void {
  if (path.length > lint.limits.depth) return;
  tagOf(node, path, lint);
  if (node.kind === 'scalar') scalar(node, path, lint, 'value');
  else if (node.kind === 'seq') for (const [i, item] of freshItems(node).entries()) visit(item, [...path, i], lint);
  else if (node.kind === 'map') mapping(node, path, lint);
}

function place(node: YamlNode, path: readonly (string | number)[], length?: number): Omit<Place, 'file'> {
  return { pointer: toPointer(path), offset: node.start, length: Math.max(1, length ?? node.end - node.start) };
}

function tagOf(node: YamlNode, path: readonly (string | number)[], { report }: Lint): void {
  const { tag } = node;
  if (tag === undefined) return;
  const hint = /^!!(?:set|omap|pairs)$/.test(tag.source)
    ? 'Only plain mappings with text as keys, and lists, are allowed.'
    : 'Remove it; quote the value if it is meant as text.';
  report(
    'yaml-tag',
    `The tag ${shown(tag.source)} is not allowed.`,
    { pointer: toPointer(path), offset: tag.offset, length: tag.source.length },
    hint,
  );
}

function mapping(node: YamlNode, path: readonly (string | number)[], lint: Lint): void {
  if (isTemplate(node)) {
    lint.report(
      'yaml-template',
      'This looks like a template expression; these files are plain YAML.',
      place(node, path, 2),
      'Write the value itself, or quote it if the braces belong to a text.',
    );
    return;
  }
  const seen = new Map<string, YamlNode>();
  for (const { key, value, explicit } of freshEntries(node)) {
    tagOf(key, path, lint);
    if (!keyIsText(key, explicit, path, lint)) continue;
    const name = keyText(key);
    const inner = [...path, name.length > lint.limits.key ? name.slice(0, 60) : name];
    const first = seen.get(name);
    if (first) duplicate(name, key, first, inner, lint);
    else seen.set(name, key);
    visit(value, inner, lint);
  }
}

function keyIsText(key: YamlNode, explicit: boolean, path: readonly (string | number)[], lint: Lint): boolean {
  const { report, limits } = lint;
  if (explicit || key.kind === 'map' || key.kind === 'seq' || key.kind === 'alias') {
    report(
      'yaml-key',
      'Only plain mappings with text as keys are allowed.',
      place(key, path, 1),
      'Write the key as plain text, without `?`, brackets or alias.',
    );
    return false;
  }
  const value = scalarValue(key);
  if (typeof value !== 'string') {
    const written = key.source === '' ? 'An empty key' : `The key ${shown(key.source)}`;
    report(
      'yaml-key',
      `${written} is not text: YAML reads it as ${value === null ? 'null' : `a ${typeof value}`}.`,
      place(key, path),
      'Quote it.',
    );
    return false;
  }
  if (value === '<<' && !key.quoted) {
    report(
      'yaml-merge-key',
      'Merge keys (<<) are not allowed: parsers disagree about them.',
      place(key, path),
      'Write the values out.',
    );
    return false;
  }
  if (value === '__proto__') {
    report('yaml-key', 'Unknown field "__proto__": no field may have this name.', place(key, path), 'Remove it.', {
      key: value,
    });
    return false;
  }
  if (value.length > limits.key) {
    report(
      'yaml-limit',
      `A key of ${value.length} characters ("${shown(value, 40)}"); the limit is ${limits.key}.`,
      place(key, path, 40),
      'Shorten it.',
      { key: 'key' },
    );
    return false;
  }
  scalar(key, [...path, value], lint, 'key');
  return true;
}

function duplicate(
  name: string,
  key: YamlNode,
  first: YamlNode,
  path: readonly (string | number)[],
  { file, report }: Lint,
): void {
  report(
    'yaml-duplicate-key',
    `The key "${shown(name)}" stands twice in this mapping.`,
    { ...place(key, path), part: 'key' },
    'Keep one of the two.',
    {
      key: name,
      related: [
        {
          message: 'It stands here first.',
          at: { file, offset: first.start, length: Math.max(1, first.end - first.start) },
        },
      ],
    },
  );
}

/** `{{ x }}` without quotes is a mapping whose key is a mapping. */
function isTemplate(node: YamlNode): boolean {
  if (!node.flow) return false;
  const key = node.entries[0]?.key;
  return key?.kind === 'map' && key.flow && key.start === node.start + 1;
}

function scalar(node: YamlNode, path: readonly (string | number)[], { report }: Lint, part: 'key' | 'value'): void {
  const at = (): Omit<Place, 'file'> => ({ ...place(node, path), part });
  if (!node.quoted) {
    const odd = ambiguity(node.source);
    if (odd) report('yaml-ambiguous', `${odd.why}.`, at(), odd.instead);
    const space = oddSpace(node.source);
    if (space !== undefined) {
      const code = node.source.charCodeAt(space).toString(16).toUpperCase().padStart(4, '0');
      report(
        'yaml-character',
        `A non-breaking space (U+${code}) stands in this ${part}; YAML takes it for a letter.`,
        { ...at(), offset: node.start + space, length: 1 },
        'Replace it with an ordinary space.',
      );
    }
  }
  const value = scalarValue(node);
  if (typeof value !== 'string') return;
  const expansion = value.search(/\$[{(]/);
  if (expansion >= 0) {
    report(
      'yaml-expansion',
      `Environment expansion is not supported: ${shown(value.slice(expansion, expansion + 40))} would be taken literally.`,
      at(),
      'Write the value itself; secrets are referred to by the name of a Secret.',
    );
  }
  if (node.source.includes('\\')) escapes(value, at(), report);
}

/** Characters that came in by an escape such as "\0" or "\ud800". */
function escapes(value: string, at: Omit<Place, 'file'>, report: Report): void {
  for (const { code } of badCharacters(value.startsWith('\ufeff') ? ` ${value}` : value, 1)) {
    const { ruleId, message, hint } = describe(code);
    report(ruleId, `${message} It is written as an escape in "${shown(escapeInvisible(value))}".`, at, hint);
  }
}

import type { Json, OnProblem } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import { limitProblem } from './gate.js';
import { manifestLimits, type YamlLimits } from './limits.js';
import { loadAll } from './load.js';
import { manifestSchema } from './manifest-schema.js';
import { toPointer } from './pointer.js';
import { explainSyntax } from './syntax.js';
import { brokenByTemplate, placeholderIn, placeholderProblem } from './template.js';
import { keyText, parseTree, type YamlNode } from './tree.js';

/** One document of a YAML file. */
export interface YamlDocument {
  /** 0-based among the documents of the file, empty ones counted. */
  readonly index: number;
  readonly value: Json;
}

/**
 * Reads all documents of a text in bulk (fast, without positions), as Kubernetes and Kustomize read them: several
 * documents, anchors and merge keys are fine, tags of their own are not. Syntax errors, duplicate keys and what costs too
 * much become problems and give no document. Positions are asked of `rangeOf` later, for the few places that are shown.
 */
export function readYaml(
  file: string,
  text: string,
  onProblem: OnProblem,
  limits: YamlLimits = manifestLimits,
): readonly YamlDocument[] {
  if (text.length > limits.bytes) {
    onProblem({
      ruleId: 'yaml-size',
      severity: 'error',
      message: `The file has ${text.length} characters; the limit is ${limits.bytes}.`,
      at: { file },
      hint: 'Split it.',
    });
    return [];
  }
  const { values, failure } = loadAll(text, { schema: manifestSchema, allowDuplicates: false, limits });
  if (failure === undefined) {
    const placeholder = placeholderIn(text, values, limits.nodes);
    if (placeholder !== undefined) {
      onProblem(placeholderProblem(file, text, placeholder));
      return [];
    }
    return refusePrototype(file, text, values, onProblem) ? [] : values.map((value, index) => ({ index, value }));
  }
  if (failure.kind === 'syntax') syntaxProblem(file, text, failure.reason, failure.offset, limits, onProblem);
  else if (failure.kind === 'cycle') {
    onProblem({
      ruleId: 'yaml-alias',
      severity: 'error',
      message: 'An anchor stands for something that contains its own alias.',
      at: { file },
      hint: 'Write the values out.',
    });
  } else {
    const at = failure.limit === 'expanded' ? { file } : { file, offset: failure.offset, length: 1 };
    onProblem(limitProblem(at, failure.limit, limits));
  }
  return [];
}

function syntaxProblem(
  file: string,
  text: string,
  reason: string,
  offset: number,
  limits: YamlLimits,
  onProblem: OnProblem,
): void {
  if (/duplicated mapping key/.test(reason) && reportDuplicates(file, text, limits, onProblem)) return;
  if (/unknown tag/.test(reason)) {
    onProblem({
      ruleId: 'yaml-tag',
      severity: 'error',
      message: `${reason[0]!.toUpperCase()}${reason.slice(1)}.`,
      at: { file, offset: Math.max(0, offset - 1), length: 1 },
      hint: 'Remove it; Kubernetes objects need no tags.',
    });
    return;
  }
  const template = brokenByTemplate(file, text, offset);
  if (template !== undefined) {
    onProblem(template);
    return;
  }
  const explained = explainSyntax(text, reason, offset);
  const { message, hint } = explained;
  onProblem({
    ruleId: /^The alias/.test(message) ? 'yaml-alias' : 'yaml-syntax',
    severity: 'error',
    message,
    at: { file, offset: explained.offset, length: explained.length },
    hint,
  });
}

/** Every duplicate key with the line of the first, at most twenty; false where the tree shows none. */
export function reportDuplicates(file: string, text: string, limits: YamlLimits, onProblem: OnProblem): boolean {
  let found = 0;
  for (const [document, { root }] of (parseTree(text, limits.nodes)?.documents ?? []).entries()) {
    eachMapping(root, limits.depth, (map, path) => {
      const seen = new Map<string, YamlNode>();
      for (const { key } of map.entries) {
        const name = keyText(key);
        const first = seen.get(name);
        if (first === undefined) seen.set(name, key);
        else if (name !== '<<') {
          found += 1;
          if (found > 20) continue;
          onProblem({
            ruleId: 'yaml-duplicate-key',
            severity: 'error',
            message: `The key "${shown(name)}" stands twice in this mapping.`,
            at: {
              file,
              document,
              pointer: toPointer([...path, name]),
              part: 'key',
              offset: key.start,
              length: Math.max(1, key.end - key.start),
            },
            hint: 'Keep one of the two: which one counts depends on the parser.',
            key: name,
            related: [
              {
                message: 'It stands here first.',
                at: { file, offset: first.start, length: Math.max(1, first.end - first.start) },
              },
            ],
          });
        }
      }
    });
  }
  return found > 0;
}

function eachMapping(
  root: YamlNode,
  maxDepth: number,
  visit: (map: YamlNode, path: readonly (string | number)[]) => void,
): void {
  const walk = (node: YamlNode, path: readonly (string | number)[]): void => {
    if (path.length > maxDepth) return;
    if (node.kind === 'map') visit(node, path);
    for (const { key, value } of node.entries) walk(value, [...path, keyText(key)]);
    for (const [i, item] of node.items.entries()) walk(item, [...path, i]);
  };
  walk(root, []);
}

/** A key `__proto__` has no use but to change what objects are; it is looked for only where the word occurs at all. */
function refusePrototype(file: string, text: string, values: readonly Json[], onProblem: OnProblem): boolean {
  if (!text.includes('__proto__')) return false;
  const seen = new Set<unknown>();
  const open: { readonly value: unknown; readonly document: number; readonly path: readonly (string | number)[] }[] =
    [];
  for (const [document, value] of values.entries()) open.push({ value, document, path: [] });
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, document, path } = next;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Object.hasOwn(value, '__proto__')) {
      onProblem({
        ruleId: 'yaml-key',
        severity: 'error',
        message: 'No field may be called "__proto__".',
        at: { file, document, pointer: toPointer([...path, '__proto__']), part: 'key' },
        hint: 'Remove it.',
        key: '__proto__',
      });
      return true;
    }
    for (const [key, child] of Object.entries(value)) open.push({ value: child, document, path: [...path, key] });
  }
  return false;
}

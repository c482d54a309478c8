import jsYaml from 'js-yaml';
import type { Json, OnProblem, Place, Problem } from '../diagnostics/diagnostic.js';
import { findSecrets } from '../diagnostics/secrets.js';
import { shown } from '../diagnostics/show.js';
import type { FileContent } from '../files/file-map.js';
import { badCharacters } from './characters.js';
import { composeValue, sameValue } from './compose.js';
import { specLimits, type YamlLimits } from './limits.js';
import { lint } from './lint.js';
import { type LoadFailure, loadAll } from './load.js';
import { explainSyntax } from './syntax.js';
import { parseTree, type YamlNode, type YamlTree } from './tree.js';

/** A file that passed the gate: one document of plain data, with its syntax tree for places. */
export interface GatedDocument {
  /** Mappings have no prototype, so that no name (`constructor`, `toString`) finds more than was written. */
  readonly value: Json;
  readonly root: YamlNode;
  readonly text: string;
}

/** At most this many findings of one kind are named in one file; the rest is counted. */
export const maxPerFile = 20;

/**
 * The one way in for files that people write for us: decides whether a text is one document of plain data, and refuses
 * everything that parsers read differently, that hides something from a reader, or that costs too much. All problems are
 * reported; undefined where there was one. Costs are bounded by counts: size, nodes, depth, aliases.
 */
export function gate(
  file: string,
  content: FileContent,
  onProblem: OnProblem,
  limits: YamlLimits = specLimits,
): GatedDocument | undefined {
  let failed = false;
  const report: OnProblem = (problem) => {
    failed ||= problem.severity === 'error';
    onProblem(problem);
  };
  const text = decode(file, content, limits, report);
  if (text === undefined) return undefined;
  characters(file, text, report);
  secrets(file, text, report);
  const tree = parseTree(text, limits.nodes);
  if (tree === undefined) {
    report(limitProblem({ file }, 'nodes', limits));
    return undefined;
  }
  const root = oneDocument(file, tree, report);
  const loaded = loadAll(text, { schema: jsYaml.CORE_SCHEMA, allowDuplicates: true, limits });
  if (loaded.failure && !isLintedLater(loaded.failure)) {
    // A wrong character explains a syntax error better than the error does.
    if (!failed || loaded.failure.kind !== 'syntax') report(failureProblem(file, text, loaded.failure, limits));
    return undefined;
  }
  if (root === undefined) return undefined;
  lint(file, root, limits, report);
  if (loaded.failure && !failed) report(failureProblem(file, text, loaded.failure, limits));
  if (failed || loaded.failure) return undefined;
  const value = composeValue(root, limits.depth);
  if (value === undefined || !sameValue(value, loaded.values[0] ?? null)) {
    report({
      ruleId: 'yaml-ambiguous',
      severity: 'error',
      message: 'Two YAML parsers read this file differently.',
      at: { file },
      hint: 'Write it in plain block style: keys, values, lists, and quotes around text with special characters.',
    });
    return undefined;
  }
  return { value, root, text };
}

/** A syntax error of the bulk parser that the tree explains better. */
function isLintedLater(failure: LoadFailure): boolean {
  return (
    failure.kind === 'syntax' &&
    /unknown tag|!<.*> (?:explicit )?tag|tag directive|YAML directive|unknown document directive/i.test(failure.reason)
  );
}

function decode(file: string, content: FileContent, limits: YamlLimits, report: OnProblem): string | undefined {
  const bytes = typeof content === 'string' ? utf8Length(content) : content.byteLength;
  if (bytes > limits.bytes) {
    report({
      ruleId: 'yaml-size',
      severity: 'error',
      message: `The file has ${bytes} bytes; the limit is ${limits.bytes}.`,
      at: { file },
      hint: 'Split it, for example into one family per file.',
    });
    return undefined;
  }
  if (typeof content === 'string') return content;
  const [a, b] = content;
  const isUtf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  try {
    if (!isUtf16) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    // Reported below, with the place.
  }
  const bad = isUtf16 ? 0 : firstInvalidByte(content);
  report({
    ruleId: 'yaml-encoding',
    severity: 'error',
    message: isUtf16
      ? 'The file is UTF-16; only UTF-8 is read.'
      : `The file is not UTF-8: byte 0x${content[bad]!.toString(16).toUpperCase().padStart(2, '0')} at offset ${bad}, line ${lineOfByte(content, bad)}.`,
    at: { file },
    hint: 'Save it as UTF-8.',
  });
  return undefined;
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

/** Decodes ever shorter halves, so that the first byte that is not part of a character is found in few steps. */
function firstInvalidByte(content: Uint8Array): number {
  let low = 0;
  let high = content.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(content.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  // A character that starts and is not continued: its first byte is at fault, not the one that follows.
  for (let back = 1; back <= 3 && back <= low; back += 1) {
    const byte = content[low - back]!;
    if (byte >= 0xc0) return low - back;
    if (byte < 0x80) break;
  }
  return Math.min(low, content.length - 1);
}

function lineOfByte(content: Uint8Array, offset: number): number {
  let line = 1;
  for (let i = 0; i < offset; i += 1) if (content[i] === 0x0a) line += 1;
  return line;
}

function characters(file: string, text: string, report: OnProblem): void {
  for (const { offset, code, ruleId, message, hint } of badCharacters(text, maxPerFile)) {
    report({ ruleId, severity: 'error', message, at: { file, offset, length: 1 }, hint, key: `${code}` });
  }
}

function secrets(file: string, text: string, report: OnProblem): void {
  findSecrets(text)
    .slice(0, maxPerFile)
    .forEach(({ what, offset, length }, i) => {
      report({
        ruleId: 'yaml-secret',
        severity: 'error',
        message: `This looks like ${what}. A secret in Git is a leaked secret.`,
        at: { file, offset, length },
        hint: 'Revoke it, and refer to a Secret or ExternalSecret by name instead.',
        key: `${what} ${i}`,
      });
    });
}

function oneDocument(file: string, tree: YamlTree, report: OnProblem): YamlNode | undefined {
  const error = (ruleId: string, message: string, offset: number, length: number, hint: string): void =>
    report({ ruleId, severity: 'error', message, at: { file, offset, length }, hint });
  for (const { offset, source } of tree.directives.slice(0, maxPerFile)) {
    error(
      'yaml-directive',
      `The directive ${shown(source)} changes how the file is read; directives are not allowed.`,
      offset,
      source.length,
      'Remove the line.',
    );
  }
  const [first, second] = tree.documents;
  if (second) {
    const at = second.marked || second.root.kind === 'empty' ? second.start : second.root.start;
    error(
      'yaml-multiple-documents',
      'A second document starts here; such a file holds exactly one.',
      at,
      3,
      'Move it to a file of its own, or remove the line.',
    );
  }
  if (first === undefined || first.root.kind === 'empty') {
    if (!second)
      report({
        ruleId: 'yaml-empty',
        severity: 'error',
        message: 'The file is empty.',
        at: { file },
        hint: '`gitops-gen schema` lists what such files may hold.',
      });
    return undefined;
  }
  return first.root;
}

function failureProblem(file: string, text: string, failure: LoadFailure, limits: YamlLimits): Problem {
  if (failure.kind === 'syntax') {
    const { message, offset, length, hint } = explainSyntax(text, failure.reason, failure.offset);
    const ruleId = /^The alias/.test(message)
      ? 'yaml-alias'
      : /template expression/.test(message + hint)
        ? 'yaml-template'
        : 'yaml-syntax';
    return { ruleId, severity: 'error', message, at: { file, offset, length }, hint };
  }
  if (failure.kind === 'cycle') {
    return {
      ruleId: 'yaml-alias',
      severity: 'error',
      message: 'An anchor stands for something that contains its own alias.',
      at: { file },
      hint: 'Write the values out.',
    };
  }
  const at = failure.limit === 'expanded' ? { file } : { file, offset: failure.offset, length: 1 };
  return limitProblem(at, failure.limit, limits);
}

/** A limit that was passed, named with its figure. */
export function limitProblem(
  at: Place,
  limit: 'nodes' | 'depth' | 'aliases' | 'expanded',
  limits: YamlLimits,
): Problem {
  const what = {
    nodes: `The file has more than ${limits.nodes} values`,
    depth: `Collections are nested more than ${limits.depth} deep here`,
    aliases: `The file has more than ${limits.aliases} aliases`,
    expanded: `The aliases of the file expand to more than ${limits.expanded} values`,
  }[limit];
  return {
    ruleId: 'yaml-limit',
    severity: 'error',
    message: `${what}; that is the limit.`,
    at,
    hint:
      limit === 'aliases' || limit === 'expanded'
        ? 'Write the values out instead of repeating aliases.'
        : 'Split the file, or flatten it.',
    key: limit,
  };
}

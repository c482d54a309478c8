import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { chooseStyle } from './emit-scalar.js';
import { type Node, textOf } from './node.js';
import { resolvePlain, typeOfText } from './scalar.js';

/** What became of a replacement inside a string: its new text, or why this build cannot say what upstream would print. */
export type Written = { readonly text: string } | { readonly refused: string } | undefined;

/** Keys and values that need no quotes and no escapes, whoever prints them. */
const plain = /^[A-Za-z0-9][A-Za-z0-9._/@-]*(?::[A-Za-z0-9._/@-]+)*$/;

/**
 * Sets a scalar of YAML that stands in a string. Upstream parses the string and prints all of it anew: indented by two,
 * lists not indented, blank lines gone, quotes kept. Undefined where the path leads nowhere. As upstream has it, the options of the
 * target (delimiter, index) do not count inside of a string.
 */
export function setInYaml(text: string, path: readonly string[], value: Node): Written {
  if (!text.includes('#')) return setInBare(text, path, value);
  const split = splitComments(text);
  if (split === undefined) return { refused: 'comments among blank lines, quotes or blocks' };
  // Comments are put back where they stood: that is known where every line stays in its place.
  const bare = split.lines.join('\n');
  const before = setInBare(bare, [], null);
  if (before === undefined || !('text' in before) || before.text !== bare.trim())
    return { refused: 'comments in a text that is printed in another way than it is written' };
  const written = setInBare(bare, path, value);
  if (written === undefined || !('text' in written)) return written;
  const lines = written.text.split('\n');
  if (lines.length !== before.text.split('\n').length) return { refused: 'comments and a value of several lines' };
  return { text: split.join(lines) };
}

/** A text without its comments, and the way to put them back; undefined where it is not plain to see what a comment is. */
function splitComments(
  text: string,
): { readonly lines: readonly string[]; readonly join: (lines: readonly string[]) => string } | undefined {
  const all = text.replace(/\n$/, '').split('\n');
  const kept: string[] = [];
  const parts = all.map((line) => {
    const at = /^\s*#/.test(line) ? 0 : line.indexOf(' #');
    if (at === 0) return line;
    kept.push(at < 0 ? line : line.slice(0, at));
    return at < 0 ? '' : line.slice(at);
  });
  const content = (i: number) => all.slice(i).find((line) => !/^\s*#/.test(line));
  const isPlain = all.every((line, i) => {
    if (line.trim() === '' || /["'|>{}[\]]/.test(line) || /\s{2}#|\s$/.test(line.trimStart())) return false;
    // A comment that is indented like what comes after it belongs to that; at the end it belongs to the whole.
    const next = content(i);
    return !/^\s*#/.test(line) || indentOf(line) === (next === undefined ? 0 : indentOf(next));
  });
  if (!isPlain || kept.length === 0 || /^\s*#/.test(all.at(-1) as string)) return undefined;
  const join = (lines: readonly string[]) => {
    let i = 0;
    return parts.map((part, j) => (/^\s*#/.test(all[j] as string) ? part : `${lines[i++]}${part}`)).join('\n');
  };
  return { lines: kept, join };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The same for a text without comments; without a path, the text as it is printed. */
function setInBare(text: string, path: readonly string[], value: Node): Written {
  const documents = parseAllDocuments(text, { keepSourceTokens: false, version: '1.1' });
  if (!Array.isArray(documents)) return undefined;
  const document = documents[0];
  if (document === undefined || document.errors.length > 0 || !isCollection(document.contents)) return undefined;
  // What follows the first document upstream forgets.
  if (documents.length > 1) return { refused: 'several documents' };
  const targets = path.length === 0 ? [] : targetsAt(document.contents, path);
  if (path.length > 0 && targets.length === 0) return undefined;
  if (targets.length > 0 && (typeof value === 'object' || !targets.every((target) => isScalar(target))))
    return { refused: 'a map or a list that is replaced as a whole' };
  // Keys are not looked up after this: from here on scalars hold what they are printed as.
  const odd = oddityOf(document, text);
  if (odd !== undefined) return { refused: odd };
  for (const target of targets) {
    const refused = write(target as Scalar, textOf(value));
    if (refused !== undefined) return { refused };
  }
  return { text: print(document) };
}

/** What a path leads to; `*` is every item of a list, a condition every item that meets it. */
function targetsAt(at: unknown, [part, ...rest]: readonly string[]): unknown[] {
  if (part === undefined) return at === undefined ? [] : [at];
  if (!isCollection(at)) return [];
  const condition = /^\[([^=\]]+)=([^\]]*)\]$/.exec(part);
  if (condition !== null) {
    const [, key, wanted] = condition;
    const met = (item: unknown) => isMap(item) && textIn(item, key as string) === wanted;
    return isSeq(at) ? at.items.filter(met).flatMap((item) => targetsAt(item, rest)) : [];
  }
  if (part === '*') return isSeq(at) ? at.items.flatMap((item) => targetsAt(item, rest)) : [];
  if (isSeq(at) && !/^\d+$/.test(part)) return [];
  return targetsAt(at.get(isSeq(at) ? Number(part) : part, true), rest);
}

function textIn(map: YAMLMap, key: string): string | undefined {
  const value = map.get(key, true);
  return isScalar(value) ? (value.source ?? '') : undefined;
}

/** Spaces, colons and the like: what needs quotes or not, but never an escape. */
const printable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Writes a text that is no plain word; undefined where two printers would write the same. */
function writeText(target: Scalar, next: string): string | undefined {
  if (!printable.test(next)) return `the value "${next}", which may need escapes`;
  if (target.type === 'PLAIN') {
    const style = chooseStyle(next, false);
    target.type = style === 'plain' ? 'PLAIN' : style === 'single' ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE';
  }
  if (target.type === 'QUOTE_DOUBLE' && /["\\]/.test(next)) return `the value "${next}", which may need escapes`;
  if (target.type === 'BLOCK_LITERAL') return `the value "${next}" in a block`;
  target.value = next;
  return undefined;
}

function write(target: Scalar, next: string): string | undefined {
  const old = target.source ?? '';
  const isString = target.type !== 'PLAIN' || (old !== '' && typeOfText(old) === 'string');
  if (next.includes('\n')) return writeLines(target, old, next);
  if (!plain.test(next))
    return isString && typeOfText(next) === 'string'
      ? writeText(target, next)
      : `the value "${next}", which may need quotes`;
  const type = target.type === 'PLAIN' ? typeOfText(old) : 'string';
  if (target.type === 'PLAIN' && old === '') return 'a field without a value';
  if (type !== 'string' && typeOfText(next) !== type)
    return `"${next}" in the place of ${old}, which is of another type`;
  // A number in the place of a number is printed as it is written.
  if (type !== 'string') {
    target.value = new Verbatim(next);
    return undefined;
  }
  target.value = next;
  if (target.type === 'PLAIN' && resolvePlain(next) !== undefined) target.type = 'QUOTE_DOUBLE';
  return undefined;
}

/** Several lines in the place of a plain word, or of such lines. */
function writeLines(target: Scalar, old: string, next: string): string | undefined {
  const isPlainText = target.type === 'PLAIN' && old !== '' && typeOfText(old) === 'string';
  const isUsual = next
    .replace(/\n$/, '')
    .split('\n')
    .every((line) => printable.test(line) && !/[#:]/.test(line));
  if (!isUsual || !(isPlainText || target.type === 'BLOCK_LITERAL')) return 'a value of several lines';
  target.type = 'BLOCK_LITERAL';
  target.value = new Verbatim(next);
  return undefined;
}

class Verbatim {
  constructor(readonly text: string) {}
}

/** What two printers of YAML may print differently. */
function oddityOf(document: Document, text: string): string | undefined {
  let odd: string | undefined;
  const say = (what: string) => {
    odd ??= what;
    return visit.BREAK;
  };
  if (/^(?:---|%|\.\.\.)/m.test(text)) return 'document marks';
  visit(document, {
    Alias: () => say('aliases'),
    Scalar(_, node) {
      if (node.anchor !== undefined || node.tag !== undefined) return say('anchors or tags');
      if (node.type === 'BLOCK_FOLDED') return say('folded text');
      const source = node.source ?? '';
      if (node.type === 'BLOCK_LITERAL')
        return /^\s|[ \t]\n|\n\n$|[^\n]$/.test(source) ? say('text with odd line ends') : undefined;
      if (/[\n\\\u007f-\uffff]/.test(source) || (node.type === 'QUOTE_DOUBLE' && /["\\]/.test(source)))
        return say('characters that are escaped');
      node.value = new Verbatim(source) as never;
      return undefined;
    },
    Collection(_, node) {
      if (node.anchor !== undefined || node.tag !== undefined) return say('anchors or tags');
      return undefined;
    },
  });
  return odd;
}

function print(document: Document): string {
  return block(document.contents, '').trim();
}

/** Block style; scalars as they were written. */
function block(node: unknown, margin: string): string {
  if (isSeq(node)) {
    return node.items.map((item) => `${margin}- ${inList(item, margin)}`).join('');
  }
  if (isCollection(node)) {
    return (node.items as { key: unknown; value: unknown }[])
      .map(({ key, value }) => `${margin}${scalar(key, margin)}:${below(value, margin)}`)
      .join('');
  }
  return `${scalar(node, margin)}\n`;
}

/** A map or list in brackets, on one line as it is printed anew. */
function flow(node: unknown): string {
  if (isSeq(node)) return `[${node.items.map(flow).join(', ')}]`;
  if (!isMap(node)) return scalar(node, '');
  return `{${node.items.map(({ key, value }) => `${scalar(key, '')}: ${flow(value)}`).join(', ')}}`;
}

function isFlow(node: unknown): boolean {
  return isCollection(node) && node.flow === true && node.items.length > 0;
}

function inList(item: unknown, margin: string): string {
  if (!isCollection(item)) return `${scalar(item, margin)}\n`;
  if (isFlow(item)) return `${flow(item)}\n`;
  return item.items.length === 0 ? `${empty(item)}\n` : block(item, `${margin}  `).slice(margin.length + 2);
}

function below(value: unknown, margin: string): string {
  if (!isCollection(value)) {
    const text = scalar(value, margin);
    return text === '' ? '\n' : ` ${text}\n`;
  }
  if (value.items.length === 0) return ` ${empty(value)}\n`;
  if (isFlow(value)) return ` ${flow(value)}\n`;
  return `\n${block(value, isSeq(value) ? margin : `${margin}  `)}`;
}

function empty(node: unknown): string {
  return isSeq(node) ? '[]' : '{}';
}

function scalar(node: unknown, margin: string): string {
  if (!isScalar(node)) return '';
  const text = node.value instanceof Verbatim ? node.value.text : String(node.value ?? '');
  if (node.type === 'QUOTE_DOUBLE') return `"${text}"`;
  if (node.type === 'QUOTE_SINGLE') return `'${text.replaceAll("'", "''")}'`;
  if (node.type !== 'BLOCK_LITERAL') return text;
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  return `${ended ? '|' : '|-'}\n${lines.map((line) => (line === '' ? '' : `${margin}  ${line}`)).join('\n')}`;
}

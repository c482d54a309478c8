import { Lexer } from 'yaml';
import { codePoint } from '../diagnostics/show.js';

/** A syntax error in the words of somebody who wants to correct it. */
export interface SyntaxExplanation {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  readonly hint: string;
}

/** Where the mistake was made, as opposed to where the parser gave up. */
export function explainSyntax(text: string, reason: string, offset: number): SyntaxExplanation {
  const open = unclosed(text, offset);
  const alias = reason.match(/^unidentified alias "(.*)"$/s)?.[1];
  if (alias !== undefined) {
    const at = Math.max(0, text.lastIndexOf(`*${alias}`, offset));
    return {
      message: `The alias *${alias.slice(0, 60)} names no anchor of this document.`,
      offset: at,
      length: alias.length + 1,
      hint: `Write &${alias.slice(0, 60)} before the value that it stands for, quote the text if it is none, or repeat the value.`,
    };
  }
  if (open?.kind === 'quote') {
    return {
      message: `The quote that opens here is never closed.`,
      offset: open.offset,
      length: 1,
      hint: `Add the closing ${open.char}.`,
    };
  }
  if (open?.kind === 'bracket') {
    const close = open.char === '[' ? ']' : '}';
    return {
      message: `The bracket ${open.char} that opens here is never closed.`,
      offset: open.offset,
      length: 1,
      hint: text.startsWith('{{', open.offset)
        ? 'This looks like a template expression; these files are plain YAML. Write the value itself.'
        : `Add the closing ${close}, or quote the value if the bracket belongs to a text.`,
    };
  }
  return byReason(text, reason, offset);
}

function byReason(text: string, reason: string, offset: number): SyntaxExplanation {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const newline = text.indexOf('\n', offset);
  const line = text.slice(start, newline < 0 ? text.length : newline).slice(0, 2000);
  const nested = line.match(/^\s*(?:- )*[^\s"'#[{][^:]*:\s+([^\s"'[{|>&*!][^:]*:(?:\s.*)?)$/);
  if (nested) {
    const at = start + line.length - nested[1]!.length;
    return {
      message: 'A mapping inside one line: there is a second colon followed by a space.',
      offset: at,
      length: nested[1]!.trimEnd().length,
      hint: `Quote the value: "${nested[1]!.trimEnd().slice(0, 60)}".`,
    };
  }
  const template = line.search(/\{\{|\{%/);
  if (template >= 0) {
    return {
      message: 'This looks like a template expression; these files are plain YAML.',
      offset: start + template,
      length: 2,
      hint: 'Write the value itself.',
    };
  }
  // The line above too: a key whose colon is followed by such a space swallows the next line.
  const above = text.lastIndexOf('\n', Math.max(0, start - 2)) + 1;
  const odd = text
    .slice(start === 0 ? 0 : above, start + line.length)
    .search(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/);
  if (odd >= 0) {
    const at = (start === 0 ? 0 : above) + odd;
    return {
      message: `A non-breaking space (${codePoint(text.charCodeAt(at))}) stands where YAML needs a space.`,
      offset: at,
      length: 1,
      hint: 'Replace it with an ordinary space.',
    };
  }
  const tab = line.match(/^\s*?\t/);
  if (tab) {
    return {
      message: 'A tab is used for indentation; YAML allows only spaces.',
      offset: start + tab[0].length - 1,
      length: 1,
      hint: 'Replace it with spaces.',
    };
  }
  const behind = line.match(/^(\s*(?:- )*[^\s"'#:]+:\s+(?:"(?:[^"\\]|\\.)*"|'[^']*')\s*)[^\s#,}\]]/);
  if (behind) {
    return {
      message: 'Text follows the closing quote.',
      offset: start + behind[1]!.length,
      length: 1,
      hint: 'Put all of it into the quotes, or start a comment with " #".',
    };
  }
  const reserved = line.match(/^(\s*(?:- )*(?:[^\s"'#:]+:\s+)?)([@`%])/);
  if (reserved) {
    return {
      message: `A value cannot start with ${reserved[2]} in YAML.`,
      offset: start + reserved[1]!.length,
      length: 1,
      hint: 'Quote the value.',
    };
  }
  return {
    message: `This is not valid YAML: ${reason}.`,
    offset: Math.min(offset, text.length),
    length: 1,
    hint: hintFor(reason),
  };
}

function hintFor(reason: string): string {
  if (/indentation|block mapping|block sequence|same column/i.test(reason))
    return 'Check that keys of one mapping start in the same column, and that a key ends with a colon and a space.';
  if (/flow collection|comma/i.test(reason)) return 'Separate the values by commas, and close every bracket.';
  if (/escape/i.test(reason)) return 'Use single quotes where a backslash is meant literally.';
  return 'Quote the value if it holds a character that means something in YAML.';
}

type Unclosed = { readonly kind: 'quote' | 'bracket'; readonly offset: number; readonly char: string };

/** The quote or bracket that is open where the parser gave up at `failed`: the innermost one that never closes. */
function unclosed(text: string, failed: number): Unclosed | undefined {
  const stack: Unclosed[] = [];
  let offset = 0;
  let isPlain = false;
  let lastQuote:
    | { readonly offset: number; readonly end: number; readonly char: string; readonly lines: boolean }
    | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    const char = lexeme[0]!;
    if (char === '\u0002' || char === '\u001f') {
      isPlain = char === '\u001f';
      continue;
    }
    if (char === '\u0018') return stack.at(-1);
    if (!isPlain && (char === '"' || char === "'")) {
      if (lexeme.length === 1 || !lexeme.endsWith(char)) return { kind: 'quote', offset, char };
      lastQuote = { offset, end: offset + lexeme.length, char, lines: lexeme.includes('\n') };
    } else if (!isPlain && lexeme.length === 1) {
      if (char === '[' || char === '{') stack.push({ kind: 'bracket', offset, char });
      if (char === ']' || char === '}') stack.pop();
    }
    isPlain = false;
    offset += lexeme.length;
    if (offset > failed && lastQuote?.lines && onLineOf(text, lastQuote.end, failed)) {
      // A quote that ran on over lines until the next quote: the mistake stands where it opened.
      return { kind: 'quote', offset: lastQuote.offset, char: lastQuote.char };
    }
  }
  return stack.at(-1);
}

function onLineOf(text: string, from: number, to: number): boolean {
  return to >= from && !text.slice(from, to).includes('\n');
}

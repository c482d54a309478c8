/**
 * The engine's grammar has no optional syntax (https://github.com/google/cel-spec/wiki/proposal-246). This module
 * writes it as calls that the grammar has, which `expand` then gives their meaning:
 *
 * | optional syntax | becomes                     |
 * |-----------------|-----------------------------|
 * | `a.?b`          | `a.__optSelect("b")`        |
 * | `a[?i]`         | `a.__optIndex(i)`           |
 * | `[?a, b]`       | `[__optEntry(a), b]`        |
 * | `{?k: v}`       | `{__optEntry(k): v}`        |
 */
export const OPT_SELECT = '__optSelect';
export const OPT_INDEX = '__optIndex';
export const OPT_ENTRY = '__optEntry';

/** Spaces and comments, texts (raw ones know no escapes), names, numbers, and every other character by itself. */
const token = new RegExp(
  [
    String.raw`(?<space>\s+|//[^\n]*)`,
    String.raw`(?<text>[bB]?[rR](?:"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')`,
    String.raw`[bB]?(?:"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))`,
    String.raw`(?<name>[A-Za-z_]\w*)`,
    String.raw`(?<number>\d[\w.]*)`,
    String.raw`(?<mark>[\s\S])`,
  ].join('|'),
  'gy',
);

interface Bracket {
  readonly open: '[' | '{' | '(';
  /** What closes it in the result. */
  readonly close: string;
  /** It is a literal, and the entry that is being read was marked with `?`. */
  entry: boolean;
  /** Conditions that wait for their `:` within the entry. */
  conditions: number;
}

/** Writes the optional syntax of an expression as calls; anything else is left as it is. */
export function withoutOptionalSyntax(expression: string): string {
  return expression.includes('?') ? new Rewriter().run(expression) : expression;
}

class Rewriter {
  readonly #brackets: Bracket[] = [];
  #out = '';
  /** The last token that is no space. */
  #before = '';

  run(expression: string): string {
    for (const { groups } of expression.matchAll(token)) {
      const { space, mark } = groups as Record<string, string | undefined>;
      const word = space ?? groups!['text'] ?? groups!['name'] ?? groups!['number'] ?? mark!;
      if (space === undefined) this.#token(word, mark !== undefined);
      else this.#out += word;
    }
    return this.#out;
  }

  #token(word: string, isMark: boolean): void {
    const bracket = this.#brackets.at(-1);
    if (this.#before === '.?') {
      // Only a name may follow; what else does is left for the parser to refuse.
      this.#out += /^[A-Za-z_]\w*$/.test(word) ? `.${OPT_SELECT}("${word}")` : `.?${word}`;
      this.#before = ')';
      return;
    }
    if (isMark && this.#mark(word, bracket)) return;
    this.#out += word;
    this.#before = word;
  }

  /** Whether a mark was dealt with. */
  #mark(mark: string, bracket: Bracket | undefined): boolean {
    switch (mark) {
      case '?':
        return this.#question(bracket);
      case '[':
      case '{':
      case '(':
        this.#brackets.push({
          open: mark,
          close: mark === '[' ? ']' : mark === '{' ? '}' : ')',
          entry: false,
          conditions: 0,
        });
        return false;
      case ']':
      case '}':
      case ')':
        this.#endEntry(bracket, mark === '}');
        this.#brackets.pop();
        this.#out += bracket?.close ?? mark;
        this.#before = mark;
        return true;
      case ',':
        this.#endEntry(bracket, false);
        if (bracket !== undefined) bracket.conditions = 0;
        return false;
      case ':':
        if (bracket !== undefined && bracket.conditions > 0) bracket.conditions -= 1;
        else if (bracket?.open === '{') this.#endEntry(bracket, false);
        return false;
      default:
        return false;
    }
  }

  #question(bracket: Bracket | undefined): boolean {
    if (this.#before === '.') {
      // The dot was written already; it is written again with the call.
      this.#out = this.#out.replace(/\.(\s*)$/, '$1');
      this.#before = '.?';
      return true;
    }
    if (this.#before === '[' && this.#isIndex()) {
      const at = this.#out.lastIndexOf('[');
      this.#out = `${this.#out.slice(0, at)}.${OPT_INDEX}(${this.#out.slice(at + 1)}`;
      this.#brackets[this.#brackets.length - 1] = { ...bracket!, close: ')' };
      this.#before = '(';
      return true;
    }
    const isLiteral = bracket !== undefined && bracket.open !== '(';
    if (isLiteral && (this.#before === bracket.open || this.#before === ',')) {
      bracket.entry = true;
      this.#out += `${OPT_ENTRY}(`;
      this.#before = '(';
      return true;
    }
    if (bracket !== undefined) bracket.conditions += 1;
    return false;
  }

  /** Whether the bracket that was just opened indexes what stands before it. */
  #isIndex(): boolean {
    const before = this.#out.slice(0, this.#out.lastIndexOf('[')).trimEnd();
    return /[\w)\]}"']$/.test(before) && !/(?:^|\W)in$/.test(before);
  }

  #endEntry(bracket: Bracket | undefined, isClosingMap: boolean): void {
    if (bracket?.entry !== true || isClosingMap) return;
    this.#out += ')';
    bracket.entry = false;
  }
}

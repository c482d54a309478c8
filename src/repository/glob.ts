/**
 * Two pattern languages that Argo CD uses, matched in time linear in pattern × text, so that no pattern of a hostile
 * repository can stall the check.
 *
 * `compileGlob` is github.com/gobwas/glob v0.2.3 (sources, destinations, windows, ignoreDifferences), with its habits: one
 * range or one list of characters in brackets, alternatives in braces, `*` that stops at separators and `**` that does not.
 * `compilePathMatch` is Go's filepath.Match (resource lists of a project): no braces, `*` stops at `/`, `^` negates.
 */
export interface Pattern {
  matches(text: string): boolean;
}

type Step =
  | { readonly kind: 'char'; readonly accepts: (char: string) => boolean; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'end' };

class Machine implements Pattern {
  private readonly steps: Step[] = [{ kind: 'end' }];
  private start = 0;

  add(step: Step): number {
    this.steps.push(step);
    return this.steps.length - 1;
  }

  /** A loop over one class of characters: zero or more of them, then `next`. */
  loop(accepts: (char: string) => boolean, next: number): number {
    const split = this.add({ kind: 'split', next: [] });
    const char = this.add({ kind: 'char', accepts, next: split });
    this.steps[split] = { kind: 'split', next: [char, next] };
    return split;
  }

  from(start: number): this {
    this.start = start;
    return this;
  }

  matches(text: string): boolean {
    let now = new Set<number>();
    this.close(this.start, now);
    for (const char of text) {
      const after = new Set<number>();
      for (const index of now) {
        const step = this.steps[index];
        if (step?.kind === 'char' && step.accepts(char)) this.close(step.next, after);
      }
      if (after.size === 0) return false;
      now = after;
    }
    return now.has(0);
  }

  private close(index: number, into: Set<number>): void {
    const open = [index];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (into.has(at)) continue;
      into.add(at);
      const step = this.steps[at];
      if (step?.kind === 'split') open.push(...step.next);
    }
  }
}

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'class'; readonly accepts: (char: string) => boolean }
  | { readonly kind: 'any' }
  | { readonly kind: 'super' }
  | { readonly kind: 'single' }
  | { readonly kind: 'choice'; readonly options: readonly (readonly Token[])[] };

/** Undefined where gobwas/glob refuses the pattern: Argo CD logs that and the pattern matches nothing. */
export function compileGlob(pattern: string, separators = ''): Pattern | undefined {
  const tokens = new GlobReader([...pattern]).read();
  if (tokens === undefined) return undefined;
  const machine = new Machine();
  const isSeparator = (char: string) => separators.includes(char);
  return machine.from(link(machine, tokens, 0, isSeparator));
}

function link(machine: Machine, tokens: readonly Token[], end: number, isSeparator: (char: string) => boolean): number {
  let next = end;
  for (const token of [...tokens].reverse()) {
    if (token.kind === 'text') {
      for (const wanted of [...token.text].reverse()) {
        next = machine.add({ kind: 'char', accepts: (char) => char === wanted, next });
      }
    } else if (token.kind === 'class') next = machine.add({ kind: 'char', accepts: token.accepts, next });
    else if (token.kind === 'single') next = machine.add({ kind: 'char', accepts: (char) => !isSeparator(char), next });
    else if (token.kind === 'any') next = machine.loop((char) => !isSeparator(char), next);
    else if (token.kind === 'super') next = machine.loop(() => true, next);
    else {
      const after = next;
      next = machine.add({
        kind: 'split',
        next: token.options.map((option) => link(machine, option, after, isSeparator)),
      });
    }
  }
  return next;
}

/** The lexer and parser of gobwas/glob, with its limits: `[a-z0-9]` and `[]` are refused, an open brace is closed at the end. */
class GlobReader {
  private at = 0;

  constructor(private readonly chars: readonly string[]) {}

  read(): readonly Token[] | undefined {
    return this.sequence(0);
  }

  private sequence(depth: number): readonly Token[] | undefined {
    if (depth > 100) return undefined;
    const tokens: Token[] = [];
    while (this.at < this.chars.length) {
      const char = this.chars[this.at];
      if (depth > 0 && (char === '}' || char === ',')) return tokens;
      this.at += 1;
      if (char === '*') {
        const isSuper = this.chars[this.at] === '*';
        if (isSuper) this.at += 1;
        tokens.push(isSuper ? { kind: 'super' } : { kind: 'any' });
      } else if (char === '?') tokens.push({ kind: 'single' });
      else if (char === '[') {
        const accepts = this.range();
        if (accepts === undefined) return undefined;
        tokens.push({ kind: 'class', accepts });
      } else if (char === '{') {
        const choice = this.choice(depth);
        if (choice === undefined) return undefined;
        tokens.push(choice);
      } else {
        this.at -= 1;
        tokens.push({ kind: 'text', text: this.text(depth > 0 ? '?*[{},' : '?*[{') });
      }
    }
    return tokens;
  }

  private choice(depth: number): Token | undefined {
    const options: (readonly Token[])[] = [];
    for (;;) {
      const option = this.sequence(depth + 1);
      if (option === undefined) return undefined;
      options.push(option);
      const stop = this.chars[this.at];
      this.at += 1;
      if (stop !== ',') return { kind: 'choice', options };
    }
  }

  private text(breakers: string): string {
    let out = '';
    let escaped = false;
    for (; this.at < this.chars.length; this.at += 1) {
      const char = this.chars[this.at] as string;
      if (!escaped && char === '\\') {
        escaped = true;
        continue;
      }
      if (!escaped && breakers.includes(char)) break;
      escaped = false;
      out += char;
    }
    return out;
  }

  private range(): ((char: string) => boolean) | undefined {
    let negated = false;
    if (this.chars[this.at] === '!') {
      negated = true;
      this.at += 1;
    }
    if (this.chars[this.at + 1] === '-') {
      const low = this.chars[this.at];
      const high = this.chars[this.at + 2];
      if (low === undefined || high === undefined || this.chars[this.at + 3] !== ']' || high < low) return undefined;
      this.at += 4;
      return (char) => (char >= low && char <= high) !== negated;
    }
    const list = this.text(']');
    if (list === '' || this.chars[this.at] !== ']') return undefined;
    this.at += 1;
    const set = new Set(list);
    return (char) => set.has(char) !== negated;
  }
}

/** Go's filepath.Match; undefined for a malformed pattern, which matches nothing. */
export function compilePathMatch(pattern: string): Pattern | undefined {
  const chars = [...pattern];
  const machine = new Machine();
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; ) {
    const char = chars[at] as string;
    if (char === '*') tokens.push({ kind: 'any' });
    else if (char === '?') tokens.push({ kind: 'single' });
    else if (char === '[') {
      const read = goClass(chars, at + 1);
      if (read === undefined) return undefined;
      tokens.push({ kind: 'class', accepts: read.accepts });
      at = read.next;
      continue;
    } else if (char === '\\') {
      const escaped = chars[at + 1];
      if (escaped === undefined) return undefined;
      tokens.push({ kind: 'text', text: escaped });
      at += 2;
      continue;
    } else tokens.push({ kind: 'text', text: char });
    at += 1;
  }
  return machine.from(link(machine, tokens, 0, (char) => char === '/'));
}

function goClass(chars: readonly string[], from: number) {
  let at = from;
  const negated = chars[at] === '^';
  if (negated) at += 1;
  const ranges: [string, string][] = [];
  const one = (): string | undefined => {
    if (chars[at] === '\\') at += 1;
    else if (chars[at] === '-' || chars[at] === ']') return undefined;
    const char = chars[at];
    at += 1;
    return char;
  };
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = one();
    if (low === undefined) return undefined;
    let high: string | undefined = low;
    if (chars[at] === '-') {
      at += 1;
      high = one();
    }
    if (high === undefined || at >= chars.length) return undefined;
    ranges.push([low, high]);
  }
  const accepts = (char: string) => ranges.some(([low, high]) => char >= low && char <= high) !== negated;
  return { accepts, next: at + 1 };
}

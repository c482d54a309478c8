import type { SharedTree } from './shared-tree.js';

const margins: string[] = [];

/** A new line and the spaces before what stands in it. */
function margin(indent: number): string {
  const known = margins[indent];
  if (known !== undefined) return known;
  const made = `\n${' '.repeat(indent)}`;
  // Deeper than this stands only what was made to.
  if (indent < 100) margins[indent] = made;
  return made;
}

/** Text under construction, with the column that folding needs. */
export class Output {
  private readonly parts: string[] = [];
  column = 0;

  /** `tree`: the one that is written, where that is known. */
  constructor(readonly tree?: SharedTree) {}

  write(text: string): void {
    this.parts.push(text);
    this.column += text.length;
  }

  newline(indent: number): void {
    this.parts.push(margin(indent));
    this.column = indent;
  }

  /** All that was written. */
  get text(): string {
    return this.parts.join('');
  }
}

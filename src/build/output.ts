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
  text = '';
  column = 0;

  write(text: string): void {
    this.text += text;
    this.column += text.length;
  }

  newline(indent: number): void {
    this.text += margin(indent);
    this.column = indent;
  }
}

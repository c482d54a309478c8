/** Text under construction, with the column that folding needs. */
export class Output {
  text = '';
  column = 0;

  write(text: string): void {
    this.text += text;
    this.column += text.length;
  }

  newline(indent: number): void {
    this.text += `\n${' '.repeat(indent)}`;
    this.column = indent;
  }
}

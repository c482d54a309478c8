/**
 * Cases of a rule, one file each: a small repository as text, and what the rule says of it. Sections start with a line
 * `-- path --` (the form of Go's txtar); the section `expected` holds the findings, one a line, and is empty for a
 * repository that the rule is content with.
 */
export interface Case {
  readonly files: ReadonlyMap<string, string>;
  readonly expected: string;
  /** Where the expected section starts, so that it can be written anew. */
  readonly head: string;
}

export function parseCase(text: string): Case {
  const files = new Map<string, string>();
  const marker = /^-- (.+) --\n/gm;
  const marks = [...text.matchAll(marker)];
  let expected = '';
  let head = text.endsWith('\n') ? text : `${text}\n`;
  for (const [index, mark] of marks.entries()) {
    const start = mark.index + mark[0].length;
    const body = text.slice(start, marks[index + 1]?.index ?? text.length);
    if (mark[1] === 'expected') {
      expected = body;
      head = text.slice(0, mark.index);
    } else files.set(mark[1] as string, body);
  }
  return { files, expected, head };
}

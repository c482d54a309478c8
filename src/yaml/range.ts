import { isCollection, isMap, isPair, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml';
import type { Place, Range } from '../diagnostics/diagnostic.js';

/** The parts of a JSON pointer, unescaped. */
export function pointerParts(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A JSON pointer of these parts. */
export function toPointer(parts: readonly (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The range of a place in its text; a pointer to something absent gives its nearest ancestor that is there. */
export function rangeOf(text: string, place: Place): Range {
  const lines = new LineCounter();
  if (place.offset !== undefined) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines.addNewLine(i + 1);
    lines.lineStarts.unshift(0);
    return toRange(lines, place.offset, place.offset + (place.length ?? 1));
  }
  const documents = parseAllDocuments(text, { lineCounter: lines, keepSourceTokens: false, uniqueKeys: false });
  const document = (documents as unknown as { contents: Node | null }[])[place.document ?? 0];
  let node: Node | null = document?.contents ?? null;
  let range: readonly number[] | null | undefined = node?.range;
  const parts = pointerParts(place.pointer ?? '');
  for (const [i, part] of parts.entries()) {
    const pair: Pair | Node | undefined = isMap(node)
      ? node.items.find(
          (item) => isPair(item) && String((item.key as { value?: unknown } | null)?.value ?? '') === part,
        )
      : isSeq(node)
        ? (node.items[Number(part)] as Node | undefined)
        : undefined;
    if (pair === undefined) break;
    const key: Node | null = isPair(pair) ? (pair.key as Node) : null;
    node = (isPair(pair) ? pair.value : pair) as Node | null;
    const wantsKey = i === parts.length - 1 && place.part === 'key';
    // A collection in block style spans many lines: its key is what a reader looks for.
    range = key && (wantsKey || node === null || isCollection(node)) ? key.range : (node?.range ?? key?.range);
  }
  return toRange(lines, range?.[0] ?? 0, range?.[1] ?? 0);
}

function toRange(lines: LineCounter, start: number, end: number): Range {
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), offset };
  };
  return { start: position(start), end: position(Math.max(start, end)) };
}

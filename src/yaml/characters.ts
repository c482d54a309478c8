import { codePoint } from '../diagnostics/show.js';

/** A character that no file of ours may hold, with what it does. */
export interface BadCharacter {
  readonly offset: number;
  readonly code: number;
  readonly ruleId: 'yaml-character' | 'yaml-encoding';
  readonly message: string;
  readonly hint: string;
}

// C0 and C1 controls but tab and line feed; bidirectional controls (Unicode TR36, CVE-2021-42574); characters without width.
const suspicious =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;

/** The suspicious characters of a text, at most `limit`. A byte-order mark at the very start and CR LF are fine. */
export function badCharacters(text: string, limit: number): BadCharacter[] {
  const found: BadCharacter[] = [];
  let lineEnds = 0;
  for (const match of text.matchAll(suspicious)) {
    const { index: offset } = match;
    const code = text.charCodeAt(offset);
    if (code === 0x0d) {
      if (text.charCodeAt(offset + 1) === 0x0a) continue;
      lineEnds += 1;
      if (lineEnds > 1) continue;
    }
    if (code === 0xfeff && offset === 0) continue;
    found.push({ offset, code, ...describe(code) });
    if (found.length >= limit) break;
  }
  return found;
}

/** The first space that is not U+0020 in a plain scalar, if any. */
export function oddSpace(text: string): number | undefined {
  const at = text.search(spaces);
  return at < 0 ? undefined : at;
}

/** What is wrong with a character. */
export function describe(code: number): Pick<BadCharacter, 'ruleId' | 'message' | 'hint'> {
  const name = codePoint(code);
  if (code === 0x0d) {
    return {
      ruleId: 'yaml-character',
      message: 'Unsupported line ending: a carriage return (U+000D) without a line feed.',
      hint: 'Save the file with LF line ends.',
    };
  }
  if (code >= 0xd800 && code <= 0xdfff) {
    return {
      ruleId: 'yaml-encoding',
      message: `${name} is half of a surrogate pair: not a valid Unicode string.`,
      hint: 'Remove it, or write the whole character.',
    };
  }
  if (
    code === 0x61c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  ) {
    return {
      ruleId: 'yaml-character',
      message: `${name} changes the direction of text, so that a reader sees something else than a parser.`,
      hint: 'Remove it.',
    };
  }
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) {
    return { ruleId: 'yaml-character', message: `The control character ${name} is not allowed.`, hint: 'Remove it.' };
  }
  return {
    ruleId: 'yaml-character',
    message: `The invisible character ${name} is not allowed here.`,
    hint: 'Remove it.',
  };
}

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

function isLetter(char: string): boolean {
  const code = char.charCodeAt(0);
  if (code < 128) return isPlainLetter(code);
  return letter.test(char);
}

function isDigit(char: string | undefined): boolean {
  if (char === undefined) return false;
  const code = char.charCodeAt(0);
  return code < 128 ? code >= 48 && code <= 57 : digit.test(char);
}

// Below this many, putting each in its place beats the built-in sort, which copies.
const few = 20;

/** Sorts keys in place, into the order of go-yaml v2. */
export function sortKeys(keys: string[]): string[] {
  if (keys.length > few) return keys.sort(compareKeys);
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] as string;
    let j = i - 1;
    for (; j >= 0 && compareKeys(keys[j] as string, key) > 0; j -= 1) keys[j + 1] = keys[j] as string;
    keys[j + 1] = key;
  }
  return keys;
}

const simple = /^[\x00-\x7f]*$/;

/** The order of keys in go-yaml v2: letters after other characters, runs of digits by their number (`a2` before `a10`). */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Most keys differ at a plain letter first, which needs no more thought.
    return isPlainLetter(x) && isPlainLetter(y) ? x - y : compareCharacters(a, b);
  }
  return a.length - b.length;
}

function isPlainLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function compareCharacters(a: string, b: string): number {
  const left: ArrayLike<string> = simple.test(a) ? a : [...a];
  const right: ArrayLike<string> = simple.test(b) ? b : [...b];
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i += 1) {
    const x = left[i] as string;
    const y = right[i] as string;
    if (x !== y) return compareAt(left, right, i, x, y);
  }
  return left.length - right.length;
}

function compareAt(left: ArrayLike<string>, right: ArrayLike<string>, i: number, x: string, y: string): number {
  const xLetter = isLetter(x);
  const yLetter = isLetter(y);
  const byCode = (x.codePointAt(0) as number) - (y.codePointAt(0) as number);
  if (xLetter && yLetter) return byCode;
  if (xLetter || yLetter) return yLetter ? -1 : 1;
  let leading = 0;
  if (x === '0' || y === '0') {
    for (let j = i - 1; j >= 0 && isDigit(left[j]); j -= 1) {
      if (left[j] !== '0') {
        leading = 1;
        break;
      }
    }
  }
  const [xNumber, xEnd] = numberAt(left, i, leading);
  const [yNumber, yEnd] = numberAt(right, i, leading);
  if (xNumber !== yNumber) return xNumber < yNumber ? -1 : 1;
  if (xEnd !== yEnd) return xEnd - yEnd;
  return byCode;
}

function numberAt(text: ArrayLike<string>, from: number, leading: number): [bigint | number, number] {
  let value: number = leading;
  let i = from;
  while (isDigit(text[i])) {
    value = value * 10 + ((text[i] as string).codePointAt(0) as number) - 48;
    i += 1;
  }
  return [value, i];
}

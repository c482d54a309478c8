import { diffArrays } from 'diff';

/** What a merge made of three texts. */
export interface MergeResult {
  /** The merged text; where `conflicts` is not 0 it holds that many places in git's conflict markers. */
  readonly text: string;
  readonly conflicts: number;
  /** True where no base was known: lines that differ are all in conflict, because nobody can tell who changed them. */
  readonly twoWay: boolean;
}

/** What stands behind the markers, as in `git merge`. */
export interface MergeLabels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

const LABELS: MergeLabels = { ours: 'edited', base: 'generated before', theirs: 'generated now' };

/** Changed lines between two texts after which they are taken to have nothing in common: the search is quadratic in it. */
const MAX_EDITS = 2000;

/**
 * Merges line by line: `base` is what was generated before, `ours` what people made of it, `theirs` what is generated now.
 * Changes of one side are taken, equal changes of both once; changes that overlap or touch are a conflict, as in
 * git-merge-file(1), in markers of its diff3 style. Where `ours` ends its lines with CR LF, so does the result.
 */
export function mergeTexts(
  base: string | undefined,
  ours: string,
  theirs: string,
  labels: MergeLabels = LABELS,
): MergeResult {
  const crlf = endsInCrlf(ours);
  const lines = (text: string) => linesOf(text.replaceAll('\r\n', '\n'));
  const pieces =
    base === undefined ? twoWay(lines(ours), lines(theirs)) : threeWay(lines(base), lines(ours), lines(theirs));
  const text = pieces.map((piece) => ('clean' in piece ? piece.clean.join('') : marked(piece, labels))).join('');
  return {
    text: crlf ? text.replaceAll('\n', '\r\n') : text,
    conflicts: pieces.filter((piece) => !('clean' in piece)).length,
    twoWay: base === undefined,
  };
}

/** Whether a text still holds a conflict that nobody resolved: an opening, a middle and a closing marker, in this order. */
export function hasConflictMarkers(text: string): boolean {
  return /^<{7} [^\n]*\n(?:[^\n]*\n)*?={7}\r?\n(?:[^\n]*\n)*?>{7} /mu.test(text);
}

/** A text with the conflicts in it settled for the first side. */
export function withOurSide(text: string): string {
  return settled(text, '$1');
}

/** A text with the conflicts in it settled for both sides, one after the other. */
export function withBothSides(text: string): string {
  return settled(text, '$1$2');
}

/** Whether the conflicts in a file are those that a merge of these texts leaves, and nobody began to resolve them. */
export function isAsGitLeftIt(present: string, base: string, ours: string, theirs: string): boolean {
  const merged = mergeTexts(base, ours, theirs).text;
  const as = (text: string, side: '$1' | '$2') => settled(text.replaceAll('\r\n', '\n'), side);
  return as(present, '$1') === as(merged, '$1') && as(present, '$2') === as(merged, '$2');
}

/** Git's conflicts, with or without the base between them, for one side. */
function settled(text: string, side: '$1' | '$2' | '$1$2'): string {
  const conflict =
    /^<{7}(?: [^\n]*)?\n((?:(?!={7}\n|\|{7})[^\n]*\n)*?)(?:\|{7}[^\n]*\n(?:(?!={7}\n)[^\n]*\n)*?)?={7}\n((?:(?!>{7})[^\n]*\n)*?)>{7}(?: [^\n]*)?(?:\n|$)/gmu;
  return text.replace(conflict, side);
}

/** How many lines differ between two texts. */
export function lineDistance(a: string, b: string): number {
  const changes = diffArrays(linesOf(a), linesOf(b), { maxEditLength: MAX_EDITS });
  if (changes === undefined) return Number.POSITIVE_INFINITY;
  return changes.reduce((sum, { added, removed, value }) => sum + (added || removed ? value.length : 0), 0);
}

type Lines = readonly string[];

interface Clash {
  readonly ours: Lines;
  readonly base?: Lines;
  readonly theirs: Lines;
}

type Piece = { readonly clean: Lines } | Clash;

/** Lines `start` to `end` (without it) of the base became `lines`. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: Lines;
}

function threeWay(base: Lines, ours: Lines, theirs: Lines): Piece[] {
  const left = hunksOf(base, ours);
  const right = hunksOf(base, theirs);
  const pieces: Piece[] = [];
  let at = 0;
  let one = 0;
  let two = 0;
  while (one < left.length || two < right.length) {
    const region = nextRegion(left, right, one, two);
    pieces.push({ clean: base.slice(at, region.start) });
    const mine = apply(base, region, left.slice(one, region.one));
    const other = apply(base, region, right.slice(two, region.two));
    const untouched = base.slice(region.start, region.end);
    if (region.two === two || same(mine, other)) pieces.push({ clean: mine });
    else if (region.one === one) pieces.push({ clean: other });
    else pieces.push({ ours: mine, base: untouched, theirs: other });
    at = region.end;
    one = region.one;
    two = region.two;
  }
  pieces.push({ clean: base.slice(at) });
  return pieces;
}

interface Region {
  readonly start: number;
  readonly end: number;
  /** The first hunk of each side after this region. */
  readonly one: number;
  readonly two: number;
}

/** The next hunk of either side, with every hunk of the other side that overlaps or touches it, and so on. */
function nextRegion(left: readonly Hunk[], right: readonly Hunk[], from: number, to: number): Region {
  let one = from;
  let two = to;
  const start = Math.min(left[one]?.start ?? Number.POSITIVE_INFINITY, right[two]?.start ?? Number.POSITIVE_INFINITY);
  let end = start;
  for (;;) {
    const mine = left[one];
    const other = right[two];
    if (mine !== undefined && mine.start <= end) {
      end = Math.max(end, mine.end);
      one += 1;
    } else if (other !== undefined && other.start <= end) {
      end = Math.max(end, other.end);
      two += 1;
    } else return { start, end, one, two };
  }
}

/** One side's text of a region of the base. */
function apply(base: Lines, region: Region, hunks: readonly Hunk[]): string[] {
  const out: string[] = [];
  let at = region.start;
  for (const hunk of hunks) {
    out.push(...base.slice(at, hunk.start), ...hunk.lines);
    at = hunk.end;
  }
  out.push(...base.slice(at, region.end));
  return out;
}

function hunksOf(base: Lines, changed: Lines): Hunk[] {
  const changes = diffArrays([...base], [...changed], { maxEditLength: MAX_EDITS });
  if (changes === undefined) return [{ start: 0, end: base.length, lines: changed }];
  const hunks: Hunk[] = [];
  let at = 0;
  for (const change of changes) {
    const open = hunks.at(-1);
    if (change.removed) {
      hunks.push({ start: at, end: at + change.value.length, lines: [] });
      at += change.value.length;
    } else if (!change.added) at += change.value.length;
    else if (open?.end === at && open.lines.length === 0) hunks[hunks.length - 1] = { ...open, lines: change.value };
    else hunks.push({ start: at, end: at, lines: change.value });
  }
  return hunks;
}

function twoWay(ours: Lines, theirs: Lines): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const hunk of hunksOf(ours, theirs)) {
    pieces.push({ clean: ours.slice(at, hunk.start) });
    pieces.push({ ours: ours.slice(hunk.start, hunk.end), theirs: hunk.lines });
    at = hunk.end;
  }
  pieces.push({ clean: ours.slice(at) });
  return pieces;
}

function marked({ ours, base, theirs }: Clash, labels: MergeLabels): string {
  const original = base === undefined ? [] : [`||||||| ${labels.base}\n`, ...ended(base)];
  return [
    `<<<<<<< ${labels.ours}\n`,
    ...ended(ours),
    ...original,
    '=======\n',
    ...ended(theirs),
    `>>>>>>> ${labels.theirs}\n`,
  ].join('');
}

/** A marker starts a line, so the line before it has to end. */
function ended(lines: Lines): string[] {
  const last = lines.at(-1);
  return last === undefined || last.endsWith('\n') ? [...lines] : [...lines.slice(0, -1), `${last}\n`];
}

/** Lines with their ends; the last one may have none. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => `${line}\n`);
  const last = (lines.pop() ?? '\n').slice(0, -1);
  return last === '' ? lines : [...lines, last];
}

function endsInCrlf(text: string): boolean {
  return text.includes('\r\n') && !/(?:^|[^\r])\n/u.test(text);
}

function same(a: Lines, b: Lines): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

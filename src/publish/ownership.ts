import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { FileContent, FileMap } from '../files/file-map.js';
import { dirname } from '../files/path.js';
import { blobId, sha256 } from './digest.js';
import { isBookkeeping, pathFault } from './target-path.js';

/** The text of a file as it was generated, by its hashes. */
export interface Pristine {
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** The id git gives the same bytes as a blob (SHA-1 form, 40 digits): the base of a later three-way merge. */
  readonly blob: string;
}

/**
 * What was generated, by path. A path has several pristine texts only after a merge of two branches that both generated it:
 * each of them is ours.
 */
export type Ownership = ReadonlyMap<string, readonly Pristine[]>;

const FOLDER = '.gitops-gen/owned';
const BASES = '.gitops-gen/base';
const HEADER =
  '# Files that gitops-gen generated: sha256, git blob id, path. Written by "gitops-gen render"; not to be edited.';
const LINE = /^([0-9a-f]{64}) ([0-9a-f]{40}) (.+)$/u;
/** What git leaves in a file it could not merge. The lines between are records of one side each, and hold. */
const CONFLICT_MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/u;

/**
 * Folders that belong to one model, family and environment, or cluster: their files come and go together and share one
 * record. Everywhere else files of different owners lie side by side, and each has a record of its own, so that two branches
 * that add neighbours touch no common file.
 */
const UNITS: readonly RegExp[] = [
  /^applications\/[^/]+(?=\/)/u,
  /^argocd\/families\/[^/]+\/[^/]+(?=\/)/u,
  /^clusters\/[^/]+(?=\/)/u,
  /^infrastructure\/[^/]+(?=\/)/u,
];

/** What shares a record with this file: the generated folder it belongs to, or the file itself. */
export function unitOf(path: string): string {
  for (const unit of UNITS) {
    const match = unit.exec(path);
    if (match !== null) return match[0];
  }
  return path;
}

/** Where the record of a unit lives. A folder whose name ends in `.txt` is marked, so that no record has a folder's name. */
export function recordPath(unit: string): string {
  const parent = dirname(unit);
  const folders = parent === '' ? [] : parent.split('/').map((part) => part.replace(/\.txt(%*)$/u, '.txt%$1'));
  return [FOLDER, ...folders, `${unit.slice(parent === '' ? 0 : parent.length + 1)}.txt`].join('/');
}

/** Whether a path is the place of an ownership record. */
export function isRecord(path: string): boolean {
  return path.startsWith(`${FOLDER}/`) && path.endsWith('.txt');
}

/** Where the text that was generated for an edited file is kept: the base of the next merge, where git does not have it. */
export function basePath(path: string): string {
  // Not by its own name, so that no kustomization and no manifest is found there.
  return `${BASES}/${path}.base`;
}

/** The file whose base is kept at this path; undefined where it is no such place. */
export function isBasePath(path: string): string | undefined {
  return path.startsWith(`${BASES}/`) && path.endsWith('.base')
    ? path.slice(BASES.length + 1, -'.base'.length)
    : undefined;
}

/** The record of one content. */
export function pristineOf(content: FileContent): Pristine {
  return { sha256: sha256(content), blob: blobId(content) };
}

/** Whether a file is as it was generated; a checkout that turned line ends into CR LF is no edit. */
export function isPristine(present: FileContent, ours: readonly Pristine[]): boolean {
  const known = (content: FileContent) => {
    const hash = sha256(content);
    return ours.some((one) => one.sha256 === hash);
  };
  if (known(present)) return true;
  return typeof present === 'string' && present.includes('\r\n') && known(present.replaceAll('\r\n', '\n'));
}

/** The record files for what is owned: one line a file, sorted by path. */
export function writeOwnership(owned: Ownership): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const path of [...owned.keys()].sort(byCodeUnit)) {
    const place = recordPath(unitOf(path));
    const list = lines.get(place) ?? [];
    for (const one of owned.get(path) ?? []) list.push(`${one.sha256} ${one.blob} ${path}`);
    lines.set(place, list);
  }
  const files = new Map<string, string>();
  for (const place of [...lines.keys()].sort(byCodeUnit))
    files.set(place, `${[HEADER, ...(lines.get(place) ?? [])].join('\n')}\n`);
  return files;
}

/**
 * Reads every ownership record among the files. A line that is no record, or that speaks of a file outside its unit, is
 * reported and has no effect: at worst a generated file counts as somebody's own and is left alone.
 */
export function readOwnership(files: FileMap, onProblem: OnProblem): Ownership {
  const owned = new Map<string, Pristine[]>();
  for (const [place, content] of files) {
    if (!isRecord(place)) continue;
    const text = typeof content === 'string' ? content : '';
    if (typeof content !== 'string') report(onProblem, place, 0, 'is not text');
    let offset = 0;
    for (const raw of text.split('\n')) {
      const line = raw.replace(/\r$/u, '');
      if (line !== '' && !line.startsWith('#') && !CONFLICT_MARKER.test(line))
        readLine(line, place, offset, owned, onProblem);
      offset += raw.length + 1;
    }
  }
  return owned;
}

function readLine(
  line: string,
  place: string,
  offset: number,
  owned: Map<string, Pristine[]>,
  onProblem: OnProblem,
): void {
  const match = LINE.exec(line);
  const [, sha = '', blob = '', path = ''] = match ?? [];
  if (match === null) {
    report(onProblem, place, offset, 'holds a line that is not "sha256 blob path"');
    return;
  }
  if (pathFault(path) !== undefined || isBookkeeping(path) || recordPath(unitOf(path)) !== place) {
    report(onProblem, place, offset, `speaks of ${JSON.stringify(path)}, which does not belong to this record`);
    return;
  }
  const list = owned.get(path) ?? [];
  if (!list.some((one) => one.sha256 === sha)) list.push({ sha256: sha, blob });
  owned.set(path, list);
}

function report(onProblem: OnProblem, file: string, offset: number, what: string): void {
  onProblem({
    ruleId: 'ownership-record',
    severity: 'warning',
    message: `This ownership record ${what}; the line is ignored.`,
    at: { file, offset },
    hint: 'Run "gitops-gen render": files that are as they were generated are taken into the record again.',
    key: String(offset),
  });
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { Report } from '../check/report.js';
import { markdownReport } from '../report/index.js';

/** GitHub takes 65,536 characters; the marker is part of them. In bytes, which are never fewer. */
const commentLimit = 60_000;

/** Which run wrote a comment: a later one takes its place, an earlier one leaves it. */
export interface RunNumber {
  readonly run: number;
  readonly attempt: number;
}

/** The comment of a run: a hidden line by which it is found again, then the report. */
export function commentBody(
  report: Report,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return `${markerOf(directory, runOf(env))}\n${markdownReport(report, { limit: commentLimit })}`;
}

/** Numbers of the run from the runner's own variables; 0 where there are none. */
export function runOf(env: Readonly<Record<string, string | undefined>>): RunNumber {
  const number = (name: string) => (/^\d{1,15}$/.test(env[name] ?? '') ? Number(env[name]) : 0);
  return { run: number('GITHUB_RUN_ID'), attempt: number('GITHUB_RUN_ATTEMPT') };
}

/** One comment a folder: a monorepo may judge several. Nothing in a folder's name can end the HTML comment. */
function markerOf(directory: string, { run, attempt }: RunNumber): string {
  return `<!-- gitops-gen ${keyOf(directory)} run=${run}.${attempt} -->`;
}

function keyOf(directory: string): string {
  return encodeURIComponent(directory).replaceAll('-', '%2D');
}

const marker = /^<!-- gitops-gen (\S+) run=(\d{1,15})\.(\d{1,15}) -->\n/;

/** What the marker at the start of a comment says, or undefined where there is none. */
export function readMarker(body: string): ({ readonly key: string } & RunNumber) | undefined {
  const match = marker.exec(body.replaceAll('\r\n', '\n'));
  return match === null ? undefined : { key: match[1] as string, run: Number(match[2]), attempt: Number(match[3]) };
}

/** A comment of a pull request, as far as it matters here. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly isOurs: boolean;
}

/** The comments of one pull request at a forge. */
export interface Comments {
  /** Oldest first. */
  list(): Promise<readonly Comment[]>;
  create(body: string): Promise<number>;
  update(id: number, body: string): Promise<void>;
  remove(id: number): Promise<void>;
}

/**
 * Leaves exactly one comment for the folder, with the newest report. Two runs at once may both find none and both write one:
 * each looks again after it wrote, all keep the oldest, and whoever finds more takes the others away, so that one is left
 * however they interleave. Comments of others are never touched, whatever marker they carry.
 */
export async function stick(comments: Comments, body: string): Promise<'created' | 'updated' | 'kept'> {
  const mine = readMarker(body);
  if (mine === undefined) throw new Error('the text has no marker');
  const ours = async () =>
    (await comments.list())
      .flatMap((each) => {
        const found = each.isOurs ? readMarker(each.body) : undefined;
        return found?.key === mine.key ? [{ ...each, ...found }] : [];
      })
      .sort((a, b) => a.id - b.id);
  const before = await ours();
  if (before.length === 0) await comments.create(body);
  const found = before.length === 0 ? await ours() : before;
  const [first, ...others] = found;
  if (first === undefined) return 'created';
  const newest = found.reduce((top, each) => (isNewer(each, top) ? each : top));
  const wanted = isNewer(newest, mine) ? newest.body : body;
  if (textOf(first.body) !== textOf(wanted)) await comments.update(first.id, wanted);
  for (const each of others) await comments.remove(each.id);
  if (before.length === 0) return 'created';
  return wanted === body ? 'updated' : 'kept';
}

function isNewer(a: RunNumber, b: RunNumber): boolean {
  return a.run > b.run || (a.run === b.run && a.attempt > b.attempt);
}

/** Without the marker: the same report from another run changes nothing. */
function textOf(body: string): string {
  return body.replaceAll('\r\n', '\n').replace(marker, '').trim();
}

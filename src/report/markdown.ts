import { statusWords } from '../capacity/index.js';
import type { CapacityClusters, CapacitySummary, CapacityWave, Report, WaveWorkload } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { inertMarkdown } from '../diagnostics/markup.js';
import { escapeInvisible } from '../diagnostics/show.js';
import { contextLines } from './context.js';
import { count } from './words.js';

export interface MarkdownOptions {
  /**
   * Longest text, in bytes of UTF-8; findings beyond it are counted. GitHub takes 65,536 characters in a comment and 1 MiB in
   * the summary of a step. Default 60,000.
   */
  readonly limit?: number;
}

/** For job summaries and pull requests. Text from the repository cannot become markup, a mention or a link. */
export function markdownReport(report: Report, options: MarkdownOptions = {}): string {
  const { limit = 60_000 } = options;
  const found = worstFirst(report.diagnostics.filter(counts));
  const known = worstFirst(report.diagnostics.filter((each) => each.known === true && each.suppressed === undefined));
  const head = [
    `## ${title(report)}`,
    '',
    `Checked ${checkedText(report)}.`,
    ...contextLines(report).map((line) => `<br>${inertMarkdown(`${line.charAt(0).toUpperCase()}${line.slice(1)}`)}.`),
  ];
  const tail = [...capacity(report.capacity, limit / 3), ...unchecked(report, limit / 6)];
  const budget = { left: limit - bytes([...head, ...tail].join('\n')) - reserve };
  const findings = fitting(found, budget);
  const before = fitting(known, budget);
  return `${[
    ...head,
    ...(found.length === 0 ? [] : ['', '### Findings', '', ...findings]),
    ...(known.length === 0 ? [] : folded(`Known before, not counted: ${count(known.length, 'finding')}`, before)),
    ...tail,
  ].join('\n')}\n`;
}

/** Room for headings and for the lines that say how much is left out, in bytes. */
const reserve = 500;

/** As many findings as there is room for, and how many are left out. */
function fitting(diagnostics: readonly Diagnostic[], budget: { left: number }): readonly string[] {
  const lines: string[] = [];
  for (const [index, each] of diagnostics.entries()) {
    const block = finding(each);
    const size = bytes(block) + 1;
    if (size > budget.left) {
      return [...lines, '', `…and ${count(diagnostics.length - index, 'more finding')}; the JSON report has them all.`];
    }
    budget.left -= size;
    lines.push(block);
  }
  return lines;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function folded(summary: string, lines: readonly string[]): readonly string[] {
  return ['', `<details><summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}

function title(report: Report): string {
  const { errors, warnings } = report.summary;
  return `${verdictTitle(report)}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

/** The verdict as people say it. */
export function verdictTitle({ verdict }: Report): string {
  return {
    pass: 'Everything that was checked will deploy',
    fail: 'This will not deploy as it is',
    incomplete: 'No error in what could be checked',
  }[verdict];
}

function checkedText({ checked }: Report): string {
  return [
    count(checked.files, 'file'),
    count(checked.kustomizations, 'kustomization'),
    count(checked.resources, 'resource'),
    count(checked.applications, 'Application'),
  ].join(', ');
}

const rank = { error: 0, warning: 1, info: 2 };

/** Stable: within a severity the order of files and lines stays. */
function worstFirst(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function finding({ severity, ruleId, file, range, message, hint, docUrl }: Diagnostic): string {
  const place =
    file === '' ? '' : ` ${code(range === undefined ? file : `${file}:${range.start.line}:${range.start.column}`)}`;
  const rule = docUrl?.startsWith('https://') ? `[${ruleId}](${docUrl})` : code(ruleId);
  const lines = [`- **${severity}**${place} ${rule}<br>${inertMarkdown(message)}`];
  if (hint !== undefined) lines.push(`  <br>*${inertMarkdown(hint)}*`);
  return lines.join('\n');
}

/** What arrives at each wave, and what that leaves of every pool. */
/** What the waves are of: the state that is judged, and what it is held against. */
export function capacityNote({ state }: CapacitySummary): string {
  const where = state === 'pinned' ? ' at the revisions that Applications pin' : '';
  return `GPUs of each pool${where}, against the inventory as it is declared.`;
}

function capacity(summary: CapacitySummary | undefined, limit: number): readonly string[] {
  if (summary === undefined) return [];
  const clusters = summary.clusters.filter(({ waves }) => waves.some(({ pools }) => pools.length > 0));
  if (clusters.length === 0) return [];
  const rows = clusters.flatMap((cluster) => cluster.waves.flatMap((wave) => waveRows(cluster.name, wave)));
  const lines: string[] = [];
  let left = limit;
  for (const row of rows) {
    left -= bytes(row) + 1;
    if (left < 0) break;
    lines.push(row);
  }
  const more = rows.length - lines.length;
  return [
    '',
    '### The plan, wave by wave',
    '',
    capacityNote(summary),
    '',
    '| environment | wave | arrives | pool | have | taken | steady | rollout | maximum | node gone | free | |',
    '|---|--:|---|---|--:|--:|--:|--:|--:|--:|--:|---|',
    ...lines,
    ...(more === 0 ? [] : ['', `…and ${count(more, 'more row')}.`]),
    ...nextVerdicts(summary.next?.clusters ?? []),
  ];
}

/** What becomes of it once every pin has moved on to the tree, cluster by cluster. */
function nextVerdicts(clusters: CapacityClusters): readonly string[] {
  if (clusters.length === 0) return [];
  return ['', `With this tree: ${clusters.map(({ name, verdict }) => `${name} ${statusWords[verdict]}`).join(', ')}.`];
}

function waveRows(cluster: string, wave: CapacityWave): readonly string[] {
  const { environment } = wave;
  const place = environment === undefined || environment === cluster ? cluster : `${environment} on ${cluster}`;
  const phases = [...new Set(wave.workloads.flatMap(({ phase }) => phase ?? []))];
  const title = [String(wave.wave), ...phases].join(' ');
  return wave.pools.map((pool, index) =>
    row([
      ...(index === 0 ? [place, title, arrivals(wave.workloads)] : ['', '', '']),
      pool.pool,
      pool.have,
      pool.taken,
      pool.steady,
      pool.rollout ?? '',
      pool.maximum ?? '',
      pool.nodeGone,
      pool.free,
      index === 0 ? statusWords[wave.verdict] : '',
    ]),
  );
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((each) => inertMarkdown(String(each))).join(' | ')} |`;
}

const mostArrivals = 8;

/** `llama-8b 2 to 4 × 1 GPU, …`: replicas and the GPUs of each. */
export function arrivals(workloads: readonly WaveWorkload[]): string {
  const words = workloads.slice(0, mostArrivals).map(({ name, replicas: { min, max }, gpus }) => {
    const range = min === max ? String(min) : `${min} to ${max}`;
    return `${name} ${range} × ${count(gpus, 'GPU')}`;
  });
  const more = workloads.length - words.length;
  return [...words, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function unchecked({ unchecked: all }: Report, limit: number): readonly string[] {
  if (all.length === 0) return [];
  const lines: string[] = [];
  let left = limit;
  for (const { what, file, reason } of all.slice(0, 20)) {
    const line = `- ${inertMarkdown(what)}${file === '' ? '' : ` (${code(file)})`}: ${inertMarkdown(reason)}`;
    left -= bytes(line) + 1;
    if (left < 0) break;
    lines.push(line);
  }
  const more = all.length - lines.length;
  return folded('Not checked', [...lines, ...(more > 0 ? [`- …and ${more} more`] : [])]);
}

/** A code span; backticks inside cannot close it, line breaks cannot leave it. */
function code(text: string): string {
  const clean = escapeInvisible(text).replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}

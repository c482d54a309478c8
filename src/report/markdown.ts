import type { CapacitySummary, Report } from '../check/report.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { escapeMarkdown } from '../diagnostics/markup.js';
import { escapeInvisible } from '../diagnostics/show.js';
import { count } from './text.js';

export interface MarkdownOptions {
  /** Longest text, in characters; findings beyond it are counted. GitHub takes 65,536 in a comment, 1 MiB in a summary. */
  readonly limit?: number;
}

/** For job summaries and pull requests. Text from the repository cannot become markup, a mention or a link. */
export function markdownReport(report: Report, options: MarkdownOptions = {}): string {
  const { limit = 60_000 } = options;
  const open = report.diagnostics.filter((each) => each.suppressed === undefined);
  const head = [`## ${title(report)}`, '', `Checked ${checkedText(report)}.`];
  const tail = [...capacity(report.capacity), ...unchecked(report)];
  const blocks: string[] = [];
  let length = [...head, ...tail].join('\n').length + 200;
  let left = 0;
  for (const [index, each] of worstFirst(open).entries()) {
    const block = finding(each);
    if (length + block.length > limit) {
      left = open.length - index;
      break;
    }
    blocks.push(block);
    length += block.length + 1;
  }
  const findings = blocks.length === 0 ? [] : ['', '### Findings', '', ...blocks];
  const rest = left === 0 ? [] : ['', `…and ${count(left, 'more finding')}; the JSON report has them all.`];
  return `${[...head, ...findings, ...rest, ...tail].join('\n')}\n`;
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
  const lines = [`- **${severity}**${place} ${rule}<br>${escapeMarkdown(message)}`];
  if (hint !== undefined) lines.push(`  <br>*${escapeMarkdown(hint)}*`);
  return lines.join('\n');
}

function capacity(summary: CapacitySummary | undefined): string[] {
  if (summary === undefined) return [];
  const rows = summary.clusters.flatMap((cluster) =>
    cluster.waves.flatMap((wave) =>
      wave.pools.map(
        (pool) =>
          `| ${[
            cluster.name,
            wave.environment ?? '',
            String(wave.wave),
            pool.pool,
            pool.have,
            pool.taken,
            pool.steady,
            pool.rollout ?? '',
            pool.maximum ?? '',
            pool.free,
            wave.verdict,
          ]
            .map((each) => escapeMarkdown(String(each)))
            .join(' | ')} |`,
      ),
    ),
  );
  if (rows.length === 0) return [];
  return [
    '',
    '### GPUs by wave, against the declared inventory',
    '',
    '| cluster | environment | wave | pool | have | taken | steady | rollout | maximum | free | verdict |',
    '|---|---|--:|---|--:|--:|--:|--:|--:|--:|---|',
    ...rows,
  ];
}

function unchecked({ unchecked: all }: Report): string[] {
  if (all.length === 0) return [];
  const shown = all
    .slice(0, 20)
    .map(
      ({ what, file, reason }) =>
        `- ${escapeMarkdown(what)}${file === '' ? '' : ` (${code(file)})`}: ${escapeMarkdown(reason)}`,
    );
  const rest = all.length > 20 ? [`- …and ${all.length - 20} more`] : [];
  return ['', '<details><summary>Not checked</summary>', '', ...shown, ...rest, '', '</details>'];
}

/** A code span; backticks inside cannot close it, line breaks cannot leave it. */
function code(text: string): string {
  const clean = escapeInvisible(text).replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}

import type { CapacitySummary, Report } from '../check/report.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
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

function title({ verdict, summary }: Report): string {
  const words = {
    pass: 'Everything that was checked will deploy',
    fail: 'This will not deploy as it is',
    incomplete: 'No error in what could be checked',
  };
  return `${words[verdict]}: ${count(summary.errors, 'error')}, ${count(summary.warnings, 'warning')}`;
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

/** Text as text: no markup, no HTML, no mention, no link, no table cell of its own. */
export function escapeMarkdown(text: string): string {
  return escapeInvisible(text)
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/\bwww\./gi, 'www&#46;');
}

import type { Assessment, PoolRow, WaveRow } from './assess.js';
import type { ClosedNode } from './closed.js';
import { plural } from './explain.js';
import type { OrderJudgement, Status, Verdict } from './verdict.js';

/** Pure forms of an assessment: JSON (schema `capacity-report.schema.json`), text, Markdown, and a fragment of HTML. */

export interface ReportOptions {
  /** Whether JSON carries the placements of every scenario, and not only that of the steady state of the last wave. */
  readonly allPlacements?: boolean;
}

/** The report as plain data, stable in order: what `capacity -o json` prints. */
export function capacityReport(assessment: Assessment, options: ReportOptions = {}): Readonly<Record<string, unknown>> {
  const steady = assessment.scenarios.filter((each) => each.scenario.kind === 'steady');
  const failed = steady.find((each) => each.status === 'impossible');
  const shown = failed ?? steady.at(-1);
  return {
    schemaVersion: 1,
    verdict: assessment.verdict,
    ...(shown === undefined ? { message: 'No workload, nothing to place.' } : { message: shown.message }),
    ...(shown?.placement === undefined ? {} : { placement: shown.placement }),
    ...(shown?.certificate === undefined ? {} : { certificate: shown.certificate }),
    waves: assessment.waves,
    rollouts: assessment.rollouts,
    quotas: assessment.quotas.map(({ scenario, ...each }) => ({ ...each, scenario: scenario.title })),
    scenarios: assessment.scenarios.map((each) => scenarioReport(each, options.allPlacements === true)),
    closed: assessment.closed,
    unread: assessment.unread,
  };
}

function scenarioReport(
  { scenario, placement, certificate, ...verdict }: Verdict,
  placements: boolean,
): Readonly<Record<string, unknown>> {
  return {
    kind: scenario.kind,
    title: scenario.title,
    ...(scenario.environment === undefined ? {} : { environment: scenario.environment }),
    ...(scenario.wave === undefined ? {} : { wave: scenario.wave }),
    ...(scenario.without === undefined ? {} : { without: scenario.without }),
    replicas: scenario.replicas,
    ...verdict,
    ...(certificate === undefined ? {} : { certificate }),
    ...(placements && placement !== undefined ? { placement } : {}),
  };
}

/** For a terminal: a table per wave, then every problem as a sentence. No colour. */
export function capacityText(assessment: Assessment): string {
  const lines: string[] = [];
  for (const row of assessment.waves) {
    lines.push(
      `${heading(row)}: ${statusWords[row.verdict]}`,
      ...table(row),
      ...row.problems.map((each) => `  ! ${each}`),
      '',
    );
  }
  const slow = assessment.rollouts.filter(
    (each) => each.outcome === 'slower' || (each.outcome === 'in-place' && each.dip > 0),
  );
  if (slow.length > 0) lines.push('Rollouts:', ...slow.map((each) => `  ${each.message}`), '');
  const orders = orderSentences(assessment);
  if (orders.length > 0) lines.push('Order of arrival:', ...orders.map((each) => `  ${each}`), '');
  const closed = closedSentences(assessment);
  if (closed.length > 0) lines.push(closedTitle, ...closed.map((each) => `  ${each}`), '');
  if (assessment.unread.length > 0)
    lines.push('Left out of the judgement:', ...assessment.unread.map((each) => `  ${each}`), '');
  return lines.length === 0 ? 'No workload, nothing to place.\n' : `${lines.join('\n').trimEnd()}\n`;
}

const closedTitle = 'Nodes that take none of these Pods now, in no figure above:';

/** `node n2 of pool h100 is cordoned: 8 × nvidia.com/gpu, 3 of them held by Pods that run there`, the first 20. */
function closedSentences({ closed }: Assessment): readonly string[] {
  const shown = closed.slice(0, 20).map(closedSentence);
  return closed.length > shown.length ? [...shown, `and ${plural(closed.length - shown.length, 'more node')}`] : shown;
}

function closedSentence({ node, pool, why, devices, taken }: ClosedNode): string {
  const kinds = Object.entries(devices).map(([name, amount]) => {
    const held = taken[name] ?? 0;
    return `${amount} × ${name}${held === 0 ? '' : `, ${held} of them held by Pods that run there`}`;
  });
  return `node ${node}${pool === 'nodes' ? '' : ` of pool ${pool}`} is ${why.join(' and ')}${kinds.length === 0 ? '' : `: ${kinds.join('; ')}`}`;
}

/** What sampled orders of arrival came to, for steady states that fit and are not safe in any order; each said once. */
function orderSentences({ scenarios }: Assessment): readonly string[] {
  return [...new Set(scenarios.flatMap(({ order }) => orderSentence(order) ?? []))];
}

/** How many of the sampled orders strand Pods, and the remedy; undefined where none were sampled. */
export function orderSentence(order: OrderJudgement | undefined): string | undefined {
  if (order?.sampled === undefined) return undefined;
  const { orders, stranded, worstGpus } = order.sampled;
  if (stranded === 0) return `None of ${orders} sampled orders leaves a Pod Pending; that is evidence, not a proof.`;
  const remedy = order.remedy === undefined ? '' : ` ${order.remedy}`;
  return `${stranded} of ${orders} sampled orders leave Pods Pending, up to ${worstGpus} GPUs.${remedy}`;
}

export const statusWords: Readonly<Record<Status, string>> = {
  'order-safe': 'fits, in any order of arrival',
  possible: 'fits',
  impossible: 'does not fit',
  unknown: 'not decided',
};

function heading(row: WaveRow): string {
  return row.environment === undefined ? `Wave ${row.wave}` : `${row.environment}, wave ${row.wave}`;
}

const columns = ['pool', 'have', 'taken', 'steady', 'rollout', 'maximum', 'node gone', 'free'] as const;

function cells(row: PoolRow): readonly string[] {
  return [
    row.pool,
    row.have,
    row.taken,
    row.steady,
    row.rollout ?? '–',
    row.maximum ?? '–',
    row.nodeGone,
    row.free,
  ].map(String);
}

function table(row: WaveRow): readonly string[] {
  const rows = withDevices(row.pools).map((pool) => [...cells(pool), bar(pool)]);
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((each) => (each[index] ?? '').length)));
  const line = (values: readonly string[]) =>
    values
      .map((value, index) =>
        index === 0
          ? value.padEnd(widths[index] ?? 0)
          : index < columns.length
            ? value.padStart(widths[index] ?? 0)
            : value,
      )
      .join('  ');
  return [`  ${line(columns)}`.trimEnd(), ...rows.map((each) => `  ${line(each)}`.trimEnd())];
}

/** Pools that have devices or are asked for some; all of them where none has. */
function withDevices(pools: readonly PoolRow[]): readonly PoolRow[] {
  const found = pools.filter(
    ({ have, taken, steady, rollout, maximum }) => have + taken + steady + (rollout ?? 0) + (maximum ?? 0) > 0,
  );
  return found.length === 0 ? pools : found;
}

type Bar = Pick<PoolRow, 'have' | 'taken' | 'steady' | 'rollout' | 'maximum'>;

/**
 * Devices of a pool as a bar: `▓` taken, `█` steady, `▒` on top at the rollout or at the maximum, `·` free, and `▶` where
 * more is asked for than there is.
 */
export function bar({ have, taken, steady, rollout, maximum }: Bar, width = 24): string {
  if (have === 0) return '';
  const peak = Math.max(steady, rollout ?? 0, maximum ?? 0);
  const scale = (amount: number) => Math.min(width, Math.round((amount * width) / have));
  const [a, b, c] = [scale(taken), scale(taken + steady), scale(taken + peak)];
  const over = taken + peak > have ? '▶' : '';
  return `${'▓'.repeat(a)}${'█'.repeat(b - a)}${'▒'.repeat(c - b)}${'·'.repeat(width - c)}${over}`;
}

/** For a pull request: one table, problems as a list. */
export function capacityMarkdown(assessment: Assessment): string {
  if (assessment.waves.length === 0) return 'No workload, nothing to place.\n';
  const several = assessment.waves.some((row) => row.environment !== undefined);
  const header = [...(several ? ['environment'] : []), 'wave', 'verdict', ...columns, ''];
  const rows = assessment.waves.flatMap((row) =>
    withDevices(row.pools).map((pool, index) => [
      ...(several ? [index === 0 ? (row.environment ?? '') : ''] : []),
      index === 0 ? String(row.wave) : '',
      index === 0 ? statusWords[row.verdict] : '',
      ...cells(pool),
      bar(pool, 16),
    ]),
  );
  const line = (values: readonly string[]) => `| ${values.map((value) => inTable(value)).join(' | ')} |`;
  const closed = closedSentences(assessment);
  const problems = [
    ...new Set(assessment.waves.flatMap((row) => row.problems.map((each) => `**${heading(row)}**: ${inText(each)}`))),
  ];
  return [
    line(header),
    `|${header.map((_, index) => (index < (several ? 4 : 3) ? ' --- ' : ' ---: ')).join('|')}|`,
    ...rows.map(line),
    ...(problems.length > 0 ? ['', ...problems.map((each) => `- ${each}`)] : []),
    ...(closed.length > 0 ? ['', closedTitle, '', ...closed.map((each) => `- ${inText(each)}`)] : []),
    '',
  ].join('\n');
}

function inTable(value: string): string {
  return inText(value).replaceAll('|', '\\|');
}

/** Names come from manifests: nothing of theirs may become markup, a mention or a link. */
function inText(value: string): string {
  return value
    .replace(/[\r\n]+/g, ' ')
    .replace(/[&<>]/g, (each) => `&#${each.charCodeAt(0)};`)
    .replace(/[\\`*_[\]]/g, (each) => `\\${each}`)
    .replaceAll('@', '&#64;');
}

/** A fragment of HTML: a bar for every pool of every wave, without script or style sheet. */
export function capacityHtml(assessment: Assessment): string {
  const waves = assessment.waves.map((row) => {
    const pools = withDevices(row.pools).map(
      (pool) =>
        `<tr><th scope="row">${html(pool.pool)}</th><td>${barHtml(pool)}</td>${cells(pool)
          .slice(1)
          .map((cell) => `<td align="right">${html(cell)}</td>`)
          .join('')}</tr>`,
    );
    const head = `<tr><th>pool</th><th></th>${columns
      .slice(1)
      .map((name) => `<th>${html(name)}</th>`)
      .join('')}</tr>`;
    const problems =
      row.problems.length === 0 ? '' : `<ul>${row.problems.map((each) => `<li>${html(each)}</li>`).join('')}</ul>`;
    return `<section><h3>${html(heading(row))}: ${html(statusWords[row.verdict])}</h3><table>${head}${pools.join('')}</table>${problems}</section>`;
  });
  const closed = closedSentences(assessment);
  const out =
    closed.length === 0
      ? ''
      : `<p>${html(closedTitle)}</p><ul>${closed.map((each) => `<li>${html(each)}</li>`).join('')}</ul>`;
  return `<div class="capacity">${waves.join('')}${out}</div>\n`;
}

function barHtml({ have, taken, steady, rollout, maximum }: PoolRow): string {
  const width = 240;
  const peak = Math.max(steady, rollout ?? 0, maximum ?? 0);
  const scale = (amount: number) => (have === 0 ? 0 : Math.min(width, Math.round((amount * width) / have)));
  const part = (from: number, to: number, colour: string) =>
    to > from ? `<rect x="${from}" width="${to - from}" height="14" fill="${colour}"/>` : '';
  const [a, b, c] = [scale(taken), scale(taken + steady), scale(taken + peak)];
  const over = taken + peak > have ? `<rect x="${width}" width="6" height="14" fill="#c0392b"/>` : '';
  const words = `${plural(have, 'device')}: ${taken} taken, ${steady} steady, ${peak} at the peak`;
  return `<svg width="${width + 6}" height="14" role="img" aria-label="${html(words)}"><rect width="${width}" height="14" fill="#e8e8e8"/>${part(0, a, '#888888')}${part(a, b, '#2c6fbb')}${part(b, c, '#9cc3ea')}${over}</svg>`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
}

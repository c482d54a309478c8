import { escapeHtml } from '../diagnostics/markup.js';
import { type PoolFigures, poolColumns, poolFigures } from './view-words.js';

/** Rules of a page that shows `poolTable`: on a narrow screen each pool is a block of its own. */
export const poolStyle = `
table{width:100%;table-layout:fixed;border-collapse:collapse;margin:.5rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .35rem;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
thead th{border:0;white-space:normal;vertical-align:bottom;overflow-wrap:normal;font-weight:400;color:var(--dim);font-size:.8rem}tbody th{white-space:normal;text-align:left}
tbody th .dim{display:block;font-weight:400;font-size:.85rem}th:first-child{padding-left:0;text-align:left;width:14%}thead th:nth-child(2){width:23%}
.over{display:block;color:var(--red);font-weight:600;font-size:.85rem}
svg.lanes{width:100%;height:30px}svg .room{fill:var(--soft);stroke:none}
.taken{fill:var(--dim);background:var(--dim)}.steady{fill:var(--green);background:var(--green)}.rollout{fill:var(--cyan);background:var(--cyan)}
.maximum{fill:var(--yellow);background:var(--yellow)}.beyond{fill:var(--red);background:var(--red)}.have{fill:var(--text);background:var(--text)}
.legend{list-style:none;padding:0;margin:.5rem 0 0;display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.85rem}
.legend i{display:inline-block;width:.8em;height:.8em;margin-right:.35em}.legend i.have{width:2px;height:1em;vertical-align:-.1em}
@media(max-width:44rem){thead{display:none}table,tbody{display:block}tbody tr{display:grid;grid-template-columns:repeat(4,1fr);gap:.35rem .5rem;padding:.5rem 0;border-top:1px solid var(--line)}
tbody th,tbody td{border:0;padding:0;text-align:left}tbody th:first-child,td.bar{grid-column:1/-1;width:auto}tbody th .dim{display:inline;margin-left:.5rem}
td[data-of]::before{content:attr(data-of);display:block;color:var(--dim);font-size:.8rem}}
`;

/** What the colours of the bars mean. */
export const poolLegend = `<ul class="legend"><li><i class="taken"></i>taken by others</li><li><i class="steady"></i>steady</li><li><i class="rollout"></i>during a rollout</li><li><i class="maximum"></i>autoscalers at their maximum</li><li><i class="beyond"></i>more than there is</li><li><i class="have"></i>GPUs of the pool</li></ul>`;

/** Pools of a cluster at one wave: a bar and the figures of each. */
export function poolTable(pools: readonly PoolFigures[]): string {
  if (pools.length === 0) return '';
  const most = Math.max(1, ...pools.flatMap(({ have, taken, ...pool }) => [have, taken + needs(pool)]));
  const head = ['pool', '', ...poolColumns].map((title) => `<th scope="col">${title}</th>`).join('');
  const rows = pools.map((pool) => {
    const figures = poolFigures(pool);
    const cells = poolColumns.map(
      (column, index) => `<td data-of="${column}">${escapeHtml(figures[index] ?? '')}${overBy(pool, column)}</td>`,
    );
    return `<tr><th scope="row">${escapeHtml(pool.pool)}${pool.gpu === undefined ? '' : `<span class="dim">${escapeHtml(pool.gpu)}</span>`}</th><td class="bar">${lanes(pool, most)}</td>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
`;
}

function needs({ steady, rollout = steady, maximum = steady }: Omit<PoolFigures, 'have' | 'taken'>): number {
  return Math.max(steady, rollout, maximum);
}

/** Said in words too, since a colour alone does not reach everyone. */
function overBy(pool: PoolFigures, column: (typeof poolColumns)[number]): string {
  if (column !== 'steady' && column !== 'rollout' && column !== 'maximum') return '';
  const over = pool.taken + (pool[column] ?? 0) - pool.have;
  return over > 0 ? `<span class="over">${over} over</span>` : '';
}

/** Width of a bar in its own units; the page stretches it. */
const width = 1000;

/** Three lanes under each other on one scale, each from what is taken: steady, rollout, maximum; a line where the pool ends. */
function lanes(pool: PoolFigures, most: number): string {
  const scale = (gpus: number) => Math.round((gpus * width) / most);
  const part = (from: number, to: number, y: number, high: number, kind: string) =>
    to > from
      ? `<rect class="${kind}" x="${scale(from)}" y="${y}" width="${scale(to) - scale(from)}" height="${high}"/>`
      : '';
  const lane = (gpus: number | undefined, y: number, high: number, kind: string) => {
    if (gpus === undefined) return '';
    const end = pool.taken + gpus;
    const inside = Math.max(pool.taken, Math.min(end, pool.have));
    return (
      part(0, pool.taken, y, high, 'taken') +
      part(pool.taken, inside, y, high, kind) +
      part(inside, end, y, high, 'beyond')
    );
  };
  const { steady, rollout, maximum } = pool;
  const words = [
    `${pool.pool}: ${pool.have} GPUs`,
    `${pool.taken} taken`,
    `${steady} steady`,
    ...(rollout === undefined ? [] : [`${rollout} during a rollout`]),
    ...(maximum === undefined ? [] : [`${maximum} at the maximum`]),
  ].join(', ');
  return [
    `<svg class="lanes" viewBox="0 0 ${width} 30" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(words)}">`,
    `<rect class="room" width="${scale(pool.have)}" height="30"/>`,
    lane(steady, 2, 12, 'steady'),
    lane(rollout, 16, 5, 'rollout'),
    lane(maximum, 23, 5, 'maximum'),
    `<rect class="have" x="${Math.max(0, scale(pool.have) - 4)}" width="4" height="30"/>`,
    '</svg>',
  ].join('');
}

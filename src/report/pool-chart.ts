import type { WaveRow } from '../capacity/index.js';

const width = 640;
const row = 26;
const left = 150;

/** Pools of a cluster at one wave as bars in SVG: what is taken, what stands steadily, what autoscalers may add, and what there is. */
export function poolChart(pools: WaveRow['pools']): string {
  if (pools.length === 0) return '';
  const most = Math.max(
    1,
    ...pools.flatMap((pool) => [pool.have, pool.taken + pool.steady, pool.taken + (pool.maximum ?? 0)]),
  );
  const scale = (width - left - 90) / most;
  const bars = pools.map((pool, index) => bar(pool, index * row, scale));
  const height = pools.length * row + 4;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label(pools)}">${bars.join('')}</svg>`;
}

function bar(pool: WaveRow['pools'][number], y: number, scale: number): string {
  const taken = pool.taken * scale;
  const steady = pool.steady * scale;
  const maximum = Math.max(0, (pool.maximum ?? pool.steady) - pool.steady) * scale;
  const have = left + pool.have * scale;
  const isOver = pool.taken + pool.steady > pool.have;
  const rectangle = (x: number, wide: number, fill: string, opacity = 1) =>
    wide <= 0
      ? ''
      : `<rect x="${round(x)}" y="${y + 5}" width="${round(wide)}" height="16" fill="${fill}" opacity="${opacity}"/>`;
  return [
    `<text x="0" y="${y + 17}">${escapeXml(pool.pool.slice(0, 22))}</text>`,
    rectangle(left, taken, 'var(--dim)', 0.6),
    rectangle(left + taken, steady, isOver ? 'var(--red)' : 'var(--green)'),
    rectangle(left + taken + steady, maximum, 'var(--yellow)', 0.6),
    `<line x1="${round(have)}" x2="${round(have)}" y1="${y + 2}" y2="${y + 24}" stroke="var(--text)" stroke-width="2"/>`,
    `<text x="${width - 84}" y="${y + 17}">${pool.taken + pool.steady} of ${pool.have}</text>`,
  ].join('');
}

function label(pools: WaveRow['pools']): string {
  return escapeXml(pools.map((pool) => `${pool.pool}: ${pool.taken + pool.steady} of ${pool.have} in use`).join('; '));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import type { CapacityView, WaveView } from './capacity-view.js';
import {
  notesToTell,
  ordersOf,
  placeWords,
  poolColumns,
  poolFigures,
  problemsOf,
  type ViewOptions,
  verdictWords,
  workloadWords,
} from './view-words.js';

/** The view for a terminal: a block per wave, each with a table of pools. */
export function formatPlanText(view: CapacityView, options: ViewOptions = {}): string {
  const blocks = view.environments.flatMap((environment) =>
    environment.clusters.map((cluster) => {
      const head = `${placeWords(environment.name, cluster.name)} (${cluster.inventory})\n`;
      if (cluster.waves.length === 0) return `${head}  nothing runs here\n`;
      const leftOut = (cluster.leftOut ?? []).map((each) => `    - ${each}\n`).join('');
      const tail = leftOut === '' ? '' : `  left out of the judgement:\n${leftOut}`;
      return head + cluster.waves.map((wave) => waveText(wave, options.workedOut === true)).join('') + tail;
    }),
  );
  const notes = notesToTell(view.notes).map(
    (note) => `- ${note.message}${note.hint === undefined ? '' : `\n  ${note.hint}`}\n`,
  );
  return [...blocks, ...(notes.length === 0 ? [] : [notes.join('')])].join('\n');
}

function waveText(wave: WaveView, workedOut: boolean): string {
  const lines = [`  wave ${wave.wave}  ${wave.phase}: ${verdictWords[wave.verdict]}`];
  for (const workload of wave.workloads) {
    lines.push(`    ${workload.model}  ${workloadWords(workload)}`);
    if (workedOut)
      for (const each of workload.workedOut) lines.push(`      ${each.field} = ${each.value}: ${each.why}`);
  }
  const rows = wave.pools.map((pool) => [pool.pool, pool.gpu, ...poolFigures(pool)]);
  if (rows.length > 0) lines.push(...table(['pool', 'gpu', ...poolColumns], rows).map((line) => `    ${line}`));
  for (const { title, message } of problemsOf(wave)) lines.push(`    ${title}: ${message}`);
  for (const each of ordersOf(wave)) lines.push(`    ${each}`);
  return `${lines.join('\n')}\n`;
}

/** Columns of equal width; numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

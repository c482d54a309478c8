import { bar } from '../capacity/index.js';
import { inertMarkdown } from '../diagnostics/markup.js';
import type { CapacityView, ClusterView, WaveView } from './capacity-view.js';
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

/** The view for a pull request or a job summary. Names from the repository cannot become markup, a mention or a link. */
export function formatPlanMarkdown(view: CapacityView, options: ViewOptions = {}): string {
  const places = view.environments.flatMap((environment) =>
    environment.clusters.map((cluster) => clusterSection(environment.name, cluster, options)),
  );
  const notes = notesToTell(view.notes).map(
    ({ message, hint }) => `- ${inertMarkdown(message)}${hint === undefined ? '' : `<br>*${inertMarkdown(hint)}*`}`,
  );
  return [
    ...places,
    ...(places.length === 0 ? [] : [legend]),
    ...(notes.length === 0 ? [] : [`### Notes\n\n${notes.join('\n')}\n`]),
  ].join('\n');
}

const legend =
  'GPUs of each pool. Bars: ▓ taken by others, █ steady, ▒ up to the rollout or the maximum of the autoscalers, · free, ▶ more than there is.\n';

function clusterSection(environment: string, cluster: ClusterView, options: ViewOptions): string {
  const head = `### ${inertMarkdown(placeWords(environment, cluster.name))}\n\nAgainst ${inertMarkdown(cluster.inventory)}.\n`;
  if (cluster.waves.length === 0) return `${head}\nNothing runs here.\n`;
  const leftOut = (cluster.leftOut ?? []).map((each) => `- ${inertMarkdown(each)}\n`);
  const tail = leftOut.length === 0 ? [] : [`Left out of the judgement:\n\n${leftOut.join('')}`];
  return [head, ...cluster.waves.map((wave) => waveSection(wave, options)), ...tail].join('\n');
}

function waveSection(wave: WaveView, { workedOut = false }: ViewOptions): string {
  const workloads = wave.workloads.flatMap((workload) => [
    `- ${inertMarkdown(workload.model)}: ${inertMarkdown(workloadWords(workload))}`,
    ...(workedOut
      ? workload.workedOut.map((each) => `  - ${inertMarkdown(`${each.field} = ${each.value}: ${each.why}`)}`)
      : []),
  ]);
  const blocks = [
    [
      `#### Wave ${wave.wave}${wave.phase === '' ? '' : ` ${inertMarkdown(wave.phase)}`}: ${verdictWords[wave.verdict]}`,
    ],
    workloads,
    poolTable(wave),
    [
      ...problemsOf(wave).map(({ title, message }) => `- **${inertMarkdown(title)}**: ${inertMarkdown(message)}`),
      ...ordersOf(wave).map((each) => `- ${inertMarkdown(each)}`),
    ],
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function poolTable({ pools }: WaveView): readonly string[] {
  if (pools.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['pool', 'GPU', ...poolColumns, '']),
    line(['---', '---', ...poolColumns.map(() => '---:'), '---']),
    ...pools.map((pool) =>
      line([inertMarkdown(pool.pool), inertMarkdown(pool.gpu), ...poolFigures(pool), bar(pool, 16)]),
    ),
  ];
}

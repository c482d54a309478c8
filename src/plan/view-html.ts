import { type Status, worst } from '../capacity/index.js';
import { htmlPage } from '../diagnostics/html-page.js';
import { escapeHtml, htmlProse } from '../diagnostics/markup.js';
import type { CapacityView, ClusterView, WaveView } from './capacity-view.js';
import { poolLegend, poolStyle, poolTable } from './pool-table.js';
import {
  notesToTell,
  ordersOf,
  placeWords,
  problemsOf,
  type ViewOptions,
  verdictWords,
  workloadWords,
} from './view-words.js';

/** The view as one page with bars, without script; nothing is loaded. On a narrow screen each pool is a block of its own. */
export function formatPlanHtml(view: CapacityView, options: ViewOptions = {}): string {
  const clusters = view.environments.flatMap((environment) =>
    environment.clusters.map((cluster) => ({ environment: environment.name, cluster })),
  );
  const verdict = worst(clusters.flatMap(({ cluster }) => cluster.waves.map((wave) => wave.verdict)));
  return htmlPage({
    title: `gitops-gen plan: ${headline[verdict]}`,
    verdict: pageVerdict[verdict],
    header: `<h1>${headline[verdict]}</h1>
<p>${summary(clusters.map(({ cluster }) => cluster))}</p>
${poolLegend}`,
    main: [
      ...clusters.map(({ environment, cluster }) => clusterSection(environment, cluster, options)),
      notesSection(view.notes),
    ]
      .filter((each) => each !== '')
      .join('\n'),
    footer: 'gitops-gen plan',
    style: poolStyle + style,
  });
}

const headline: Readonly<Record<Status, string>> = {
  'order-safe': 'Everything fits, in any order',
  possible: 'Everything fits',
  unknown: 'Not everything could be decided',
  impossible: 'Not everything fits',
};

const pageVerdict = { 'order-safe': 'pass', possible: 'pass', unknown: 'incomplete', impossible: 'fail' } as const;

function summary(clusters: readonly ClusterView[]): string {
  const waves = clusters.flatMap((cluster) => cluster.waves);
  const failing = waves.filter((wave) => wave.verdict === 'impossible').length;
  const undecided = waves.filter((wave) => wave.verdict === 'unknown').length;
  const fragile = waves.filter((wave) => wave.nodeGone === 'impossible').length;
  return [
    failing === 0 ? '' : `${failing} of ${waves.length} waves ${failing === 1 ? 'does' : 'do'} not fit`,
    undecided === 0 ? '' : `${undecided} of ${waves.length} not decided`,
    failing + undecided === 0 ? `${waves.length} ${waves.length === 1 ? 'wave' : 'waves'} judged` : '',
    fragile === 0 ? '' : `with one node gone, ${fragile} ${fragile === 1 ? 'does' : 'do'} not fit`,
  ]
    .filter((each) => each !== '')
    .join('; ');
}

const style = `
h2 .dim{font-weight:400;font-size:.9rem;display:block}
.wave{border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;margin:.75rem 0}.wave h3{margin:0 0 .25rem}
.wave.impossible{border-left:4px solid var(--red)}.wave.unknown{border-left:4px solid var(--yellow)}
.tag.impossible{color:var(--red)}.tag.unknown{color:var(--yellow)}.tag.possible,.tag.order-safe{color:var(--green)}
`;

function clusterSection(environment: string, cluster: ClusterView, options: ViewOptions): string {
  const waves = cluster.waves.map((wave) => waveBlock(wave, options)).join('\n');
  const said = (cluster.leftOut ?? []).map((each) => `<li>${htmlProse(each)}</li>`);
  const leftOut = said.length === 0 ? '' : `\n<p>Left out of the judgement:</p>\n${list(said)}`;
  return `<section><h2>${escapeHtml(placeWords(environment, cluster.name))} <span class="dim">against ${escapeHtml(cluster.inventory)}</span></h2>
${waves === '' ? '<p>Nothing runs here.</p>' : waves}${leftOut}
</section>`;
}

function waveBlock(wave: WaveView, { workedOut = false }: ViewOptions): string {
  const workloads = wave.workloads.map((workload) => {
    const figures = workload.workedOut.map(
      (each) => `<li><code>${escapeHtml(`${each.field} = ${each.value}`)}</code>: ${htmlProse(each.why)}</li>`,
    );
    return `<li><b>${escapeHtml(workload.model)}</b> ${escapeHtml(workloadWords(workload))}${workedOut && figures.length > 0 ? `<ul>${figures.join('')}</ul>` : ''}</li>`;
  });
  const problems = problemsOf(wave).map(
    ({ status, title, message }) =>
      `<li><span class="tag ${status}">${escapeHtml(title)}:</span> ${htmlProse(message)}</li>`,
  );
  problems.push(...ordersOf(wave).map((each) => `<li>${htmlProse(each)}</li>`));
  return `<article class="wave ${wave.verdict}"><h3>Wave ${wave.wave}${wave.phase === '' ? '' : ` ${escapeHtml(wave.phase)}`}: <span class="tag ${wave.verdict}">${verdictWords[wave.verdict]}</span></h3>
${list(workloads)}${poolTable(wave.pools)}${list(problems)}</article>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.join('\n')}</ul>\n`;
}

function notesSection(notes: CapacityView['notes']): string {
  const items = notesToTell(notes).map(
    ({ message, hint }) =>
      `<li>${htmlProse(message)}${hint === undefined ? '' : `<p class="hint">${htmlProse(hint)}</p>`}</li>`,
  );
  return items.length === 0 ? '' : `<section><h2>Notes</h2>${list(items)}</section>`;
}

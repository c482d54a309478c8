import { statusWords } from '../capacity/index.js';
import type { CapacityClusters, CapacitySummary, CapacityWave, Report } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { excerpt } from '../diagnostics/excerpt.js';
import { htmlPage } from '../diagnostics/html-page.js';
import { escapeHtml as html, htmlProse } from '../diagnostics/markup.js';
import { hidesLine } from '../diagnostics/secrets.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { poolLegend, poolStyle, poolTable } from '../plan/pool-table.js';
import { placeWords } from '../plan/view-words.js';
import { contextLines } from './context.js';
import { arrivals, capacityNote, verdictTitle } from './markdown.js';
import { count } from './words.js';

export interface HtmlOptions {
  readonly files: FileMap;
  /** Of the page. */
  readonly title?: string;
}

/** The report as one page for people; nothing is loaded from elsewhere. */
export function htmlReport(report: Report, options: HtmlOptions): string {
  const { errors, warnings, infos, suppressed } = report.summary;
  const { files, kustomizations, resources, applications } = report.checked;
  return htmlPage({
    title: options.title ?? `${report.tool.name}: ${report.verdict}`,
    verdict: report.verdict,
    header: `<h1>${verdictTitle(report)}</h1>
<p>${count(errors, 'error')}, ${count(warnings, 'warning')}${infos === 0 ? '' : `, ${count(infos, 'note')}`}${suppressed === 0 ? '' : `, ${suppressed} accepted`}</p>
<p class="dim">checked ${count(files, 'file')}, ${count(kustomizations, 'kustomization')}, ${count(resources, 'resource')}, ${count(applications, 'Application')}</p>${contextLines(
      report,
    )
      .map((line) => `\n<p class="dim">${html(line)}</p>`)
      .join('')}`,
    main: [findingsSection(report, options.files), uncheckedSection(report), capacitySection(report.capacity)]
      .filter((each) => each !== '')
      .join('\n'),
    style: poolStyle + style,
    footer: `${html(report.tool.name)} ${html(report.tool.version)}`,
  });
}

function findingsSection(report: Report, files: FileMap): string {
  const byFile = new Map<string, Diagnostic[]>();
  for (const each of report.diagnostics) {
    const list = byFile.get(each.file);
    if (list === undefined) byFile.set(each.file, [each]);
    else list.push(each);
  }
  if (byFile.size === 0) return '<section><h2>Findings</h2><p>None.</p></section>';
  const groups = [...byFile].map(
    ([file, all]) =>
      `<article><h3>${file === '' ? 'The repository as a whole' : html(file)} <span class="dim">${count(all.length, 'finding')}</span></h3>\n${all.map((each) => finding(each, files)).join('\n')}\n</article>`,
  );
  return `<section><h2>Findings</h2>\n${groups.join('\n')}\n</section>`;
}

function finding(diagnostic: Diagnostic, files: FileMap): string {
  const { severity, ruleId, message, hint, range, file, related, suppressed, known, object, docUrl } = diagnostic;
  const text = textAt(files, file);
  const rule = docUrl?.startsWith('https://')
    ? `<a href="${html(docUrl)}" rel="noreferrer">${html(ruleId)}</a>`
    : html(ruleId);
  const parts = [
    `<p><span class="tag ${severity}">${severity}</span> <code>${rule}</code>${known === true ? ' <span class="dim">known before</span>' : ''}${range === undefined ? '' : ` <span class="dim">line ${range.start.line}</span>`}${object?.application === undefined ? '' : ` <span class="dim">Application ${html(object.application)}</span>`}</p>`,
    `<p>${htmlProse(message)}</p>`,
    ...(range === undefined || text === undefined
      ? []
      : [`<pre>${html(excerpt(text, range, { hidden: hidesLine({ ruleId, message }) }))}</pre>`]),
    ...(hint === undefined ? [] : [`<p class="hint">${htmlProse(hint)}</p>`]),
    ...(related.length === 0
      ? []
      : [
          `<ul>${related.map((each) => `<li><code>${html(each.range === undefined ? each.file : `${each.file}:${each.range.start.line}`)}</code> ${htmlProse(each.message)}</li>`).join('')}</ul>`,
        ]),
    ...(suppressed === undefined
      ? []
      : [
          `<p class="dim">accepted${suppressed.expires === undefined ? '' : ` until ${html(suppressed.expires)}`}: ${html(suppressed.reason)}</p>`,
        ]),
  ];
  return `<div class="finding${counts(diagnostic) ? '' : ' suppressed'}" id="f${diagnostic.fingerprint}">${parts.join('\n')}</div>`;
}

function capacitySection(capacity: CapacitySummary | undefined): string {
  if (capacity === undefined || capacity.clusters.length === 0) return '';
  const next =
    capacity.next === undefined ? '' : `<h2>The same for this tree</h2>\n${places(capacity.next.clusters)}\n`;
  return `<section><h2>The plan, wave by wave</h2><p class="dim">${capacityNote(capacity)}</p>${poolLegend}\n${places(capacity.clusters)}\n${next}</section>`;
}

function places(clusters: CapacityClusters): string {
  return clusters
    .flatMap((cluster) =>
      byEnvironment(cluster.waves).map(([environment, waves]) => {
        const place = environment === undefined ? cluster.name : placeWords(environment, cluster.name);
        return `<h3>${html(place)}</h3>\n${waveChain(waves, place)}\n${waves.map(waveFigure).join('\n')}`;
      }),
    )
    .join('\n');
}

function byEnvironment(waves: readonly CapacityWave[]): readonly (readonly [string | undefined, CapacityWave[]])[] {
  const groups = new Map<string | undefined, CapacityWave[]>();
  for (const wave of waves) groups.set(wave.environment, [...(groups.get(wave.environment) ?? []), wave]);
  return [...groups];
}

function waveFigure(wave: CapacityWave): string {
  const arrives = wave.workloads.length === 0 ? '' : `<p>arrives: ${html(arrivals(wave.workloads))}</p>`;
  const problems = wave.problems.map((each) => `<li>${htmlProse(each)}</li>`).join('');
  const folded =
    problems === ''
      ? ''
      : `<details${wave.verdict === 'impossible' ? ' open' : ''}><summary>${count(wave.problems.length, 'thing')} to know</summary><ul>${problems}</ul></details>`;
  return `<figure class="wave ${wave.verdict}"><figcaption><b>Wave ${html(waveTitle(wave))}</b>: <span class="tag ${wave.verdict}">${statusWords[wave.verdict]}</span></figcaption>${arrives}${poolTable(wave.pools)}${folded}</figure>`;
}

function waveTitle({ wave, workloads }: CapacityWave): string {
  const phases = [...new Set(workloads.flatMap(({ phase }) => phase ?? []))];
  return [String(wave), ...phases].join(' ');
}

/** A box of the chain, and what lies between two, in pixels. */
const box = { width: 132, height: 46, gap: 26 } as const;

/** The waves in their order, each coloured by its verdict; on a narrow screen it is scrolled and not shrunk. */
function waveChain(waves: readonly CapacityWave[], place: string): string {
  if (waves.length < 2) return '';
  const width = waves.length * (box.width + box.gap) - box.gap + 2;
  const parts = waves.map((wave, index) => {
    const x = 1 + index * (box.width + box.gap);
    const phases = [...new Set(wave.workloads.flatMap(({ phase }) => phase ?? []))].join(', ');
    const middle = box.height / 2 + 1;
    const arrow =
      index === 0 ? '' : `<path class="arrow" d="M${x - box.gap + 3} ${middle}h${box.gap - 9}m-5 -4l5 4l-5 4"/>`;
    const under = phases === '' ? statusWords[wave.verdict] : phases;
    return `${arrow}<rect class="${wave.verdict}" x="${x}" y="1" width="${box.width}" height="${box.height}" rx="6"/><text class="wave" x="${x + 10}" y="20">wave ${wave.wave}</text><text x="${x + 10}" y="37">${html(cutTo(under, 19))}</text>`;
  });
  const words = waves.map((wave) => `wave ${waveTitle(wave)} ${statusWords[wave.verdict]}`).join(', ');
  return `<div class="chain"><svg width="${width}" height="${box.height + 2}" viewBox="0 0 ${width} ${box.height + 2}" role="img" aria-label="${html(`${place}: ${words}`)}">${parts.join('')}</svg></div>`;
}

function cutTo(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const style = `
.chain{overflow-x:auto;margin:.5rem 0}.chain svg{max-width:none}.chain rect{fill:var(--soft);stroke:var(--green);stroke-width:1.5}
.chain rect.impossible{stroke:var(--red)}.chain rect.unknown{stroke:var(--yellow)}.chain .arrow{fill:none;stroke:var(--dim);stroke-width:1.5}.chain text.wave{font-weight:600}
figure.wave{border-left:4px solid var(--green);padding-left:.8rem}figure.impossible{border-color:var(--red)}figure.unknown{border-color:var(--yellow)}
.tag.impossible{color:var(--red)}.tag.unknown{color:var(--yellow)}.tag.possible,.tag.order-safe{color:var(--green)}
summary{cursor:pointer}article h3 .dim{font-weight:400}
`;

function uncheckedSection({ unchecked }: Report): string {
  if (unchecked.length === 0) return '';
  const items = unchecked.map(
    ({ what, file, reason }) =>
      `<li>${html(what)}${file === '' ? '' : ` <code>${html(file)}</code>`}: ${htmlProse(reason)}</li>`,
  );
  return `<section><h2>Not checked</h2><ul>${items.join('')}</ul></section>`;
}

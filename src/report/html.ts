import { statusWords } from '../capacity/index.js';
import type { CapacitySummary, Report } from '../check/report.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { excerpt } from '../diagnostics/excerpt.js';
import { htmlPage } from '../diagnostics/html-page.js';
import { escapeHtml as html, htmlProse } from '../diagnostics/markup.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { poolLegend, poolStyle, poolTable } from '../plan/pool-table.js';
import { placeWords } from '../plan/view-words.js';
import { verdictTitle } from './markdown.js';
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
<p>${count(errors, 'error')}, ${count(warnings, 'warning')}, ${count(infos, 'note')}${suppressed === 0 ? '' : `, ${suppressed} accepted`}</p>
<p class="dim">checked ${count(files, 'file')}, ${count(kustomizations, 'kustomization')}, ${count(resources, 'resource')}, ${count(applications, 'Application')}</p>`,
    main: [capacitySection(report.capacity), findingsSection(report, options.files), uncheckedSection(report)]
      .filter((each) => each !== '')
      .join('\n'),
    style: poolStyle,
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
      `<article><h3>${file === '' ? 'The repository as a whole' : html(file)}</h3>\n${all.map((each) => finding(each, files)).join('\n')}\n</article>`,
  );
  return `<section><h2>Findings</h2>\n${groups.join('\n')}\n</section>`;
}

function finding(diagnostic: Diagnostic, files: FileMap): string {
  const { severity, ruleId, message, hint, range, file, related, suppressed, object, docUrl } = diagnostic;
  const text = textAt(files, file);
  const rule = docUrl?.startsWith('https://')
    ? `<a href="${html(docUrl)}" rel="noreferrer">${html(ruleId)}</a>`
    : html(ruleId);
  const parts = [
    `<p><span class="tag ${severity}">${severity}</span> <code>${rule}</code>${range === undefined ? '' : ` <span class="dim">line ${range.start.line}</span>`}${object?.application === undefined ? '' : ` <span class="dim">Application ${html(object.application)}</span>`}</p>`,
    `<p>${htmlProse(message)}</p>`,
    ...(range === undefined || text === undefined ? [] : [`<pre>${html(excerpt(text, range))}</pre>`]),
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
  return `<div class="finding${suppressed === undefined ? '' : ' suppressed'}" id="f${diagnostic.fingerprint}">${parts.join('\n')}</div>`;
}

function capacitySection(capacity: CapacitySummary | undefined): string {
  if (capacity === undefined || capacity.clusters.length === 0) return '';
  const charts = capacity.clusters.flatMap((cluster) =>
    cluster.waves.map((wave) => {
      const place = wave.environment === undefined ? cluster.name : placeWords(wave.environment, cluster.name);
      const problems = wave.problems.map((each) => `<li>${htmlProse(each)}</li>`).join('');
      return `<figure><figcaption>${html(place)}, wave ${wave.wave}: ${statusWords[wave.verdict]}</figcaption>${poolTable(wave.pools)}${problems === '' ? '' : `<ul>${problems}</ul>`}</figure>`;
    }),
  );
  return `<section><h2>GPUs by wave</h2><p class="dim">Against the inventory as it is declared.</p>${poolLegend}\n${charts.join('\n')}\n</section>`;
}

function uncheckedSection({ unchecked }: Report): string {
  if (unchecked.length === 0) return '';
  const items = unchecked.map(
    ({ what, file, reason }) =>
      `<li>${html(what)}${file === '' ? '' : ` <code>${html(file)}</code>`}: ${htmlProse(reason)}</li>`,
  );
  return `<section><h2>Not checked</h2><ul>${items.join('')}</ul></section>`;
}

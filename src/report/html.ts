import type { CapacitySummary, Report } from '../check/report.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { excerpt } from '../diagnostics/excerpt.js';
import { escapeInvisible } from '../diagnostics/show.js';
import { type FileMap, textAt } from '../files/file-map.js';
import { style } from './html-style.js';
import { poolChart } from './pool-chart.js';
import { count } from './text.js';

export interface HtmlOptions {
  readonly files: FileMap;
  /** Of the page. */
  readonly title?: string;
}

/** One page with everything in it: no script, no font, no address is loaded. Light and dark follow the reader's system. */
export function htmlReport(report: Report, options: HtmlOptions): string {
  const title = options.title ?? `${report.tool.name}: ${report.verdict}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
<header class="${report.verdict}">
<h1>${verdictText(report)}</h1>
<p>${count(report.summary.errors, 'error')}, ${count(report.summary.warnings, 'warning')}, ${count(report.summary.infos, 'note')}${report.summary.suppressed === 0 ? '' : `, ${report.summary.suppressed} accepted`}</p>
<p class="dim">checked ${count(report.checked.files, 'file')}, ${count(report.checked.kustomizations, 'kustomization')}, ${count(report.checked.resources, 'resource')}, ${count(report.checked.applications, 'Application')}</p>
</header>
<main>
${[capacitySection(report.capacity), findingsSection(report, options.files), uncheckedSection(report)].filter((each) => each !== '').join('\n')}
</main>
<footer class="dim">${html(report.tool.name)} ${html(report.tool.version)}</footer>
</body>
</html>
`;
}

function verdictText({ verdict }: Report): string {
  return { pass: 'pass', fail: 'fail', incomplete: 'incomplete: a part could not be judged' }[verdict];
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
    `<p>${html(message)}</p>`,
    ...(range === undefined || text === undefined ? [] : [`<pre>${html(excerpt(text, range))}</pre>`]),
    ...(hint === undefined ? [] : [`<p class="hint">${html(hint)}</p>`]),
    ...(related.length === 0
      ? []
      : [
          `<ul>${related.map((each) => `<li><code>${html(each.range === undefined ? each.file : `${each.file}:${each.range.start.line}`)}</code> ${html(each.message)}</li>`).join('')}</ul>`,
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
      const environment = wave.environment === undefined ? '' : ` ${wave.environment},`;
      const problems = wave.problems.map((each) => `<li>${html(each)}</li>`).join('');
      return `<figure><figcaption>${html(cluster.name)},${html(environment)} wave ${wave.wave}: ${wave.verdict}</figcaption>${poolChart(wave.pools)}${problems === '' ? '' : `<ul>${problems}</ul>`}</figure>`;
    }),
  );
  return `<section><h2>GPUs by wave</h2><p class="dim">Against the inventory as it is declared. Bars: taken, steady, and up to the maximum of the autoscalers; the line is what the pool has.</p>\n${charts.join('\n')}\n</section>`;
}

function uncheckedSection({ unchecked }: Report): string {
  if (unchecked.length === 0) return '';
  const items = unchecked.map(
    ({ what, file, reason }) =>
      `<li>${html(what)}${file === '' ? '' : ` <code>${html(file)}</code>`}: ${html(reason)}</li>`,
  );
  return `<section><h2>Not checked</h2><ul>${items.join('')}</ul></section>`;
}

/** Text as text, also inside attributes. */
export function html(text: string): string {
  return escapeInvisible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

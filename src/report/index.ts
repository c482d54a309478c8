export { escapeMarkdown } from '../diagnostics/markup.js';
export { annotationLimit, githubReport } from './github.js';
export { type HtmlOptions, htmlReport } from './html.js';
export { jsonReport } from './json.js';
export { junitReport } from './junit.js';
export { type MarkdownOptions, markdownReport } from './markdown.js';
export { type SarifOptions, sarifReport } from './sarif.js';
export { tapReport } from './tap.js';
export { type Paint, type TextOptions, textReport } from './text.js';

/** The formats of `validate --format`. */
export const reportFormats = ['text', 'json', 'sarif', 'junit', 'tap', 'github', 'markdown', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

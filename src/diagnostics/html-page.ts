import { escapeHtml } from './markup.js';

export interface HtmlPage {
  /** Of the window, as plain text. */
  readonly title: string;
  /** Colours the line under the header. */
  readonly verdict: 'pass' | 'fail' | 'incomplete';
  /** Markup: what is inside the header, after it, and at the end. */
  readonly header: string;
  readonly main: string;
  readonly footer: string;
  /** Rules beside those of every page. */
  readonly style?: string;
}

/** One page with everything in it: no script, no font, no address is loaded. Light and dark follow the reader's system. */
export function htmlPage({ title, verdict, header, main, footer, style = '' }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${common}${style}</style>
</head>
<body>
<header class="${verdict}">
${header}
</header>
<main>
${main}
</main>
<footer class="dim">${footer}</footer>
</body>
</html>
`;
}

/** System fonts, one column, colours that keep a contrast of 4.5 to 1 in both schemes. */
const common = `
:root{color-scheme:light dark;--text:#1c2024;--back:#fff;--soft:#f3f5f7;--line:#d4d9de;--dim:#5b646e;--red:#b3261e;--yellow:#7a5600;--cyan:#0b5c8a;--green:#1b6e34}
@media(prefers-color-scheme:dark){:root{--text:#e6e9ec;--back:#14171a;--soft:#1e2226;--line:#3a4148;--dim:#9aa4ae;--red:#ff8a80;--yellow:#f2c14e;--cyan:#7cc7f0;--green:#7fd49a}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);overflow-wrap:anywhere}
header,main,footer{max-width:60rem;margin:0 auto;padding:1rem}
header{border-bottom:4px solid var(--line)}header.fail{border-color:var(--red)}header.pass{border-color:var(--green)}header.incomplete{border-color:var(--yellow)}
h1{margin:0;font-size:1.6rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.25rem 0}ul{margin:.25rem 0;padding-left:1.25rem}figure{margin:1rem 0}
code,pre{font:13px/1.45 ui-monospace,monospace}pre{background:var(--soft);padding:.5rem .75rem;overflow-x:auto;margin:.5rem 0}
.dim{color:var(--dim)}.hint{border-left:3px solid var(--green);padding-left:.6rem}
.finding{border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;margin:.5rem 0}.suppressed{opacity:.75}
.tag{font-weight:600}.tag.error{color:var(--red)}.tag.warning{color:var(--yellow)}.tag.info{color:var(--cyan)}
svg{max-width:100%;height:auto;display:block}svg text{fill:var(--text);font:12px system-ui,sans-serif}
a{color:var(--cyan)}
`;

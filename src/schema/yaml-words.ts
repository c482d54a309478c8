import { isScalar, parseAllDocuments, type Scalar, visit } from 'yaml';
import type { OnProblem } from '../diagnostics/diagnostic.js';
import { booleanWord } from './explain.js';

const words = 'y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|0[0-7]+|<<';
/** Whether a text may hold such a word as a key or a value; a file without is not parsed again. */
const candidate = new RegExp(
  `^[\\s-]*(?:${words})\\s*:(?:\\s|$)|(?:^\\s*-|[:,[{?])\\s+(?:${words})\\s*(?:[,\\]}:#]|$)|[[{,](?:${words})\\s*[,\\]}:]`,
  'm',
);
const exact = new RegExp(`^(?:${words})$`);

/**
 * Tells of plain words that Kubernetes (YAML 1.1) and readers of YAML 1.2 take for different things. The values that the
 * bulk reader gives no longer know whether they were quoted, so the text is scanned.
 */
export function checkYamlWords(file: string, text: string, onProblem: OnProblem): void {
  if (!candidate.test(text)) return;
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    merge: false,
    keepSourceTokens: false,
    logLevel: 'silent',
  });
  for (const document of documents as Parameters<typeof visit>[0][]) {
    visit(document, {
      Pair: (_key, pair) => {
        // A mode is octal to everyone who applies it.
        const name = isScalar(pair.key) ? pair.key.value : undefined;
        return name === 'mode' || name === 'defaultMode' ? visit.SKIP : undefined;
      },
      Scalar: (key, node) => {
        const problem = wordProblem(file, key === 'key', node);
        if (problem !== undefined) onProblem(problem);
      },
    });
  }
}

function wordProblem(file: string, isKey: boolean, node: Scalar): Parameters<OnProblem>[0] | undefined {
  const source = node.source;
  if (node.type !== 'PLAIN' || source === undefined || !exact.test(source) || node.range == null) return undefined;
  const reading = readingOf(source, isKey);
  if (reading === undefined) return undefined;
  const [start, end] = node.range;
  return {
    ruleId: 'yaml-ambiguous-word',
    severity: 'warning',
    message: `\`${source}\` is ${reading} to Kubernetes and ${other(source)} to YAML 1.2.`,
    at: { file, offset: start, length: end - start },
    hint: hintOf(source),
    ...(source !== '<<' && { fix: JSON.stringify(source) }),
    key: `${source}@${start}`,
  };
}

function readingOf(source: string, isKey: boolean): string | undefined {
  if (source === '<<') return isKey ? 'a merge of another mapping' : undefined;
  const bool = booleanWord(source);
  if (bool !== undefined) return `the boolean ${bool}`;
  // 00 and 07 are the same number in both.
  const octal = Number.parseInt(source, 8);
  return octal === Number(source) ? undefined : `the number ${octal} (octal)`;
}

function other(source: string): string {
  if (source === '<<') return 'an ordinary key';
  return source.startsWith('0') ? `the number ${Number(source)}` : 'text';
}

function hintOf(source: string): string {
  if (source === '<<') return 'Write the fields out, or share them by a Kustomize patch.';
  if (source.startsWith('0')) return `Write ${Number.parseInt(source, 8)} for the number, or "${source}" for the text.`;
  return `Write ${String(booleanWord(source))} for the boolean, or "${source}" for the text.`;
}

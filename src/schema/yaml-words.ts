import type { OnProblem, Problem } from '../diagnostics/diagnostic.js';
import { manifestLimits } from '../yaml/limits.js';
import { parseTree, type YamlNode } from '../yaml/tree.js';
import { booleanWord } from './explain.js';

const words = 'y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF';
/** Whether a text may hold such a word as a key or a value; a file without is not parsed again. */
const candidate = new RegExp(
  `^[\\s-]*(?:${words})\\s*:(?:\\s|$)|(?:^\\s*-|[:,[{?])\\s+(?:${words})\\s*(?:[,\\]}:#]|$)|[[{,](?:${words})\\s*[,\\]}:]`,
  'm',
);
const exact = new RegExp(`^(?:${words})$`);

/**
 * Tells of plain words that Kubernetes (YAML 1.1) takes for booleans and readers of YAML 1.2 for text. The values that
 * the bulk reader gives no longer know whether they were quoted, so the text is scanned. Kustomize reads YAML 1.2 and quotes what it
 * prints, so that a file which only it reads (`kustomized`) is right by luck: that is a note.
 */
export function checkYamlWords(file: string, text: string, onProblem: OnProblem, kustomized = false): void {
  if (!candidate.test(text)) return;
  const pending: YamlNode[] = (parseTree(text, manifestLimits.nodes)?.documents ?? [])
    .map(({ root }) => root)
    .reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'scalar') {
      const problem = wordProblem(file, node, kustomized);
      if (problem !== undefined) onProblem(problem);
    }
    // In the order of the text.
    for (const item of [...node.items].reverse()) pending.push(item);
    for (const { key, value } of [...node.entries].reverse()) pending.push(value, key);
  }
}

function wordProblem(file: string, node: YamlNode, kustomized: boolean): Problem | undefined {
  const word = node.source;
  if (node.token?.type !== 'scalar' || node.tag !== undefined || !exact.test(word)) return undefined;
  return {
    ruleId: 'yaml-ambiguous-word',
    severity: kustomized ? 'info' : 'warning',
    message: kustomized
      ? `\`${word}\` is text to Kustomize, which reads this file, and the boolean ${String(booleanWord(word))} to kubectl and wherever Argo CD applies it as it stands.`
      : `\`${word}\` is the boolean ${String(booleanWord(word))} to Kubernetes and text to YAML 1.2.`,
    at: { file, offset: node.start, length: node.end - node.start },
    hint: `Write ${String(booleanWord(word))} for the boolean, or "${word}" for the text.`,
    fix: JSON.stringify(word),
    key: `${word}@${node.start}`,
  };
}

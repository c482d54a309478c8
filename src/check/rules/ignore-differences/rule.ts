import { listAt, objectsAt } from '../../../capacity/read.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const ignoreDifferences: Rule = {
  id: 'ignore-differences',
  group: 'argocd',
  severity: 'error',
  summary: 'An entry of ignoreDifferences ignores nothing, or breaks the comparison.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object } of repository.applications) {
      for (const [index, entry] of objectsAt(object.value, 'spec', 'ignoreDifferences').entries()) {
        const pointer = `/spec/ignoreDifferences/${index}`;
        const lists = ['jsonPointers', 'jqPathExpressions', 'managedFieldsManagers'].map((key) => listAt(entry, key));
        if (lists.every((list) => list.length === 0)) {
          onFinding(
            onField(object, pointer, {
              severity: 'warning',
              message:
                'The entry names no jsonPointers, jqPathExpressions or managedFieldsManagers, and ignores nothing.',
              key: `${index}`,
            }),
          );
        }
        for (const [i, path] of (lists[0] ?? []).entries()) {
          if (typeof path !== 'string' || (path.startsWith('/') && !/~(?![01])/.test(path))) continue;
          onFinding(
            onField(object, `${pointer}/jsonPointers/${i}`, {
              message: `"${path}" is no JSON pointer: it starts with a slash, and ~ is written ~0, a slash inside a key ~1.`,
              key: path,
            }),
          );
        }
        for (const [i, expression] of (lists[1] ?? []).entries()) {
          if (typeof expression !== 'string' || isBalanced(expression)) continue;
          onFinding(
            onField(object, `${pointer}/jqPathExpressions/${i}`, {
              message: `The expression ${expression} cannot be read: its brackets or quotes do not close. Argo CD then compares nothing of the Application.`,
              key: expression,
            }),
          );
        }
      }
    }
  },
};

/** Whether brackets and quotes of a jq expression close; the rest of jq is not read here. */
function isBalanced(expression: string): boolean {
  const open: string[] = [];
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const part of expression.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]{}"]/g)) {
    const token = part[0];
    if (token.length > 1) continue;
    if (token === '"') return false;
    const wanted = pairs[token];
    if (wanted === undefined) open.push(token);
    else if (open.pop() !== wanted) return false;
  }
  return open.length === 0;
}

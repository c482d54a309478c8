import { placeInside } from '../../inside.js';
import { noParameters, onField, type Rule } from '../../rule.js';
import { commandsInPlace, scriptsOf } from '../../scripts.js';

export const imperativeApply: Rule = {
  id: 'imperative-apply-outside-git',
  group: 'argocd',
  severity: 'warning',
  summary: 'A script in the cluster makes or changes objects that are not in Git.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      for (const script of scriptsOf(object)) {
        const found = callIn(script.text);
        if (found === undefined) continue;
        const { verb, isSecret, line } = found;
        const exact = placeInside(repository.tree, object, script, found);
        const where = exact === undefined && script.text.includes('\n') ? ` in its line ${line}` : '';
        const finding = onField(object, script.pointer, {
          message: `The script runs kubectl ${verb}${isSecret ? ' secret' : ''}${where}: what it makes is in no commit, is judged by nobody, and Argo CD sets it back or does not know it.`,
          hint: isSecret
            ? 'Keep a value that is made at run time in a store that an ExternalSecret reads, so that the Secret is declared here.'
            : 'Put the object into a file of its own, with a sync wave if its time matters.',
          key: verb,
        });
        onFinding(exact === undefined ? finding : { ...finding, at: exact });
      }
    }
  },
};

const call =
  /\bkubectl[^\S\n]+(?:-[-\w]+(?:[= ][\w./-]+)?[^\S\n]+)*(apply|create|replace|patch|scale|set|edit)\b(?:[^\S\n]+(secrets?)\b)?/;

/** The first call that makes or changes objects: where it stands in the script, and the line (1-based) that it starts in. */
function callIn(text: string) {
  const found = call.exec(commandsInPlace(text));
  if (found === null) return undefined;
  const { index: from, 0: whole } = found;
  return {
    verb: found[1] as string,
    isSecret: found[2] !== undefined,
    line: text.slice(0, from).split('\n').length,
    from,
    length: whole.length,
  };
}

import { noParameters, onField, type Rule } from '../../rule.js';
import { commandsOf, scriptsOf } from '../../scripts.js';

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
        const where = line === undefined || !script.text.includes('\n') ? '' : ` in its line ${line}`;
        onFinding(
          onField(object, script.pointer, {
            message: `The script runs kubectl ${verb}${isSecret ? ' secret' : ''}${where}: what it makes is in no commit, is judged by nobody, and Argo CD sets it back or does not know it.`,
            hint: isSecret
              ? 'Keep a value that is made at run time in a store that an ExternalSecret reads, so that the Secret is declared here.'
              : 'Put the object into a file of its own, with a sync wave if its time matters.',
            key: verb,
          }),
        );
      }
    }
  },
};

const call =
  /\bkubectl\s+(?:-[-\w]+(?:[= ][\w./-]+)?\s+)*(apply|create|replace|patch|scale|set|edit)\b(?:\s+(secrets?)\b)?/;

/** The first call that makes or changes objects, with the line of the script (1-based) that it starts in, where one line shows it. */
function callIn(text: string): { verb: string; isSecret: boolean; line: number | undefined } | undefined {
  const found = call.exec(commandsOf(text));
  if (found === null) return undefined;
  const index = text.split('\n').findIndex((line) => call.test(commandsOf(line)));
  return { verb: found[1] as string, isSecret: found[2] !== undefined, line: index < 0 ? undefined : index + 1 };
}

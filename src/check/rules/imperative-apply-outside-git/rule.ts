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
        const command =
          /\bkubectl\s+(?:-[-\w]+(?:[= ][\w./-]+)?\s+)*(apply|create|replace|patch|scale|set|edit)\b/.exec(
            commandsOf(script.text),
          )?.[1];
        if (command === undefined) continue;
        onFinding(
          onField(object, script.pointer, {
            message: `The script runs kubectl ${command}: what it makes is in no commit, is judged by nobody, and Argo CD sets it back or does not know it.`,
            hint: 'Put the object into a file of its own, with a sync wave if its time matters.',
            key: command,
          }),
        );
      }
    }
  },
};

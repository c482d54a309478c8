import { isObject, listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { workflowSpec } from '../../scripts.js';

export const hookCommandOutput: Rule = {
  id: 'hook-command-output',
  group: 'order',
  severity: 'warning',
  summary: 'A condition compares the whole output of a script that prints more than the word it compares with.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.objects) {
      const workflow = workflowSpec(object);
      if (workflow === undefined) continue;
      const templates = new Map(
        objectsAt(workflow.spec, 'templates').map((each, index) => [stringAt(each, 'name') ?? '', { each, index }]),
      );
      for (const [t, template] of objectsAt(workflow.spec, 'templates').entries()) {
        const steps = stepsOf(template);
        const byName = new Map(steps.map((each) => [stringAt(each.step, 'name') ?? '', each.step]));
        for (const { step, pointer } of steps) {
          const condition = stringAt(step, 'when') ?? '';
          const source = /\{\{\s*(?:steps|tasks)\.([\w-]+)\.outputs\.result\s*\}\}\s*(?:==|!=)/.exec(condition)?.[1];
          const producer =
            source === undefined ? undefined : templates.get(stringAt(byName.get(source), 'template') ?? '');
          if (producer === undefined || linesPrinted(producer.each) < 2) continue;
          onFinding(
            onField(object, `${workflow.pointer}/templates/${t}${pointer}/when`, {
              message: `The condition compares all that ${source} prints with one word, and its script prints more than one line: it is never equal, and the step is always ${/!=/.test(condition) ? 'run' : 'skipped'}.`,
              hint: 'Write the word into a file and declare it as an output parameter (outputs.parameters[].valueFrom.path).',
              related: [
                { message: 'the script', at: placeOf(object, `${workflow.pointer}/templates/${producer.index}`) },
              ],
              key: `${source}`,
            }),
          );
        }
      }
    }
  },
};

function stepsOf(template: JsonObject): { readonly step: JsonObject; readonly pointer: string }[] {
  const grouped = listAt(template, 'steps').flatMap((group, g) =>
    (Array.isArray(group) ? (group as readonly unknown[]) : []).flatMap((step, s) =>
      isObject(step as JsonObject) ? [{ step: step as JsonObject, pointer: `/steps/${g}/${s}` }] : [],
    ),
  );
  return [
    ...grouped,
    ...objectsAt(template, 'dag', 'tasks').map((step, index) => ({ step, pointer: `/dag/tasks/${index}` })),
  ];
}

/** Statements that print, at a lower bound: those that stand on a line of their own. */
function linesPrinted(template: JsonObject): number {
  const texts = ['script', 'container'].flatMap((key) => [
    stringAt(template, key, 'source') ?? '',
    ...listAt(template, key, 'args').map(String),
  ]);
  return texts
    .join('\n')
    .split('\n')
    .filter((line) => /^\s*(echo|print|printf|console\.log|argocd app)\b/.test(line)).length;
}

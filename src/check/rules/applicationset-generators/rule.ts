import { at, isObject, listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { KubeObject } from '../../../repository/model.js';
import { templateOfGenerator } from '../../../repository/set-patch.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';

export const applicationSetGenerators: Rule = {
  id: 'applicationset-generators',
  group: 'argocd',
  severity: 'error',
  summary: 'The generators or options of an ApplicationSet are refused, or let a misspelt parameter through.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const object of repository.applicationSets) {
      options(object, onFinding);
      for (const [index, generator] of objectsAt(object.value, 'spec', 'generators').entries()) {
        judge(object, generator, `/spec/generators/${index}`, 1, onFinding);
      }
      rollingSync(object, onFinding);
      waveInTemplate(object, onFinding);
    }
  },
};

function options(object: KubeObject, onFinding: OnFinding): void {
  if (at(object.value, 'spec', 'goTemplate') !== true) return;
  if (listAt(object.value, 'spec', 'goTemplateOptions').includes('missingkey=error')) return;
  onFinding(
    onField(object, '/spec/goTemplate', {
      severity: 'warning',
      message:
        'Without missingkey=error a parameter that does not exist becomes the text "<no value>" in an Application, and nothing says so.',
      hint: 'Add goTemplateOptions: ["missingkey=error"].',
    }),
  );
}

function judge(object: KubeObject, generator: JsonObject, pointer: string, depth: number, onFinding: OnFinding): void {
  for (const kind of ['matrix', 'merge'] as const) {
    const value = generator[kind];
    if (!isObject(value)) continue;
    const children = objectsAt(value, 'generators');
    const say = (where: string, message: string) =>
      onFinding(onField(object, `${pointer}/${kind}${where}`, { message, key: `${pointer} ${where}` }));
    if (depth > 2) say('', `A ${kind} generator stands inside two others; Argo CD allows one level of nesting.`);
    if (kind === 'matrix' && children.length !== 2)
      say('/generators', `A matrix has exactly two generators, and this one has ${children.length}.`);
    if (kind === 'merge' && children.length < 2)
      say('/generators', `A merge has at least two generators, and this one has ${children.length}.`);
    if (kind === 'merge' && listAt(value, 'mergeKeys').length === 0) say('', 'A merge needs mergeKeys.');
    for (const [index, child] of children.entries())
      judge(object, child, `${pointer}/${kind}/generators/${index}`, depth + 1, onFinding);
  }
}

/** Steps select Applications by labels of the template: who is in no step is never synced. */
function rollingSync(object: KubeObject, onFinding: OnFinding): void {
  const steps = objectsAt(object.value, 'spec', 'strategy', 'rollingSync', 'steps');
  if (stringAt(object.value, 'spec', 'strategy', 'type') !== 'RollingSync' || steps.length === 0) return;
  const patch = stringAt(object.value, 'spec', 'templatePatch') ?? '';
  const templates = [
    objectAt(object.value, 'spec', 'template'),
    ...objectsAt(object.value, 'spec', 'generators').flatMap((each) => templateOfGenerator(each)?.template ?? []),
  ];
  const isGiven = (key: string) =>
    patch.includes(key) || templates.some((each) => objectAt(each, 'metadata', 'labels')[key] !== undefined);
  for (const [s, step] of steps.entries()) {
    for (const [e, expression] of objectsAt(step, 'matchExpressions').entries()) {
      const pointer = `/spec/strategy/rollingSync/steps/${s}/matchExpressions/${e}`;
      const operator = stringAt(expression, 'operator') ?? '';
      const key = stringAt(expression, 'key') ?? '';
      if (operator !== 'In' && operator !== 'NotIn') {
        onFinding(
          onField(object, `${pointer}/operator`, {
            message: `RollingSync knows the operators In and NotIn, and not "${operator}".`,
            key: pointer,
          }),
        );
      } else if (operator === 'In' && !isGiven(key)) {
        onFinding(
          onField(object, `${pointer}/key`, {
            message: `The template gives its Applications no label ${key}: the step selects none of them, and an Application that no step selects is never synced.`,
            key: pointer,
          }),
        );
      }
    }
  }
}

function waveInTemplate(object: KubeObject, onFinding: OnFinding): void {
  const name = 'argocd.argoproj.io/sync-wave';
  if (at(object.value, 'spec', 'template', 'metadata', 'annotations', name) === undefined) return;
  onFinding(
    onField(object, '/spec/template/metadata/annotations/argocd.argoproj.io~1sync-wave', {
      severity: 'warning',
      part: 'key',
      message:
        'A sync wave in the template does nothing: the controller makes all Applications at once, and no sync orders them.',
      hint: 'Order them with strategy RollingSync.',
    }),
  );
}

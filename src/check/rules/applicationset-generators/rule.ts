import { at, isObject, listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { JsonObject } from '../../../diagnostics/diagnostic.js';
import type { Expansion } from '../../../repository/application-sets.js';
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
      const expansion = repository.expansions.get(object);
      options(object, expansion, onFinding);
      if (expansion !== undefined) names(object, expansion, onFinding);
      for (const [index, generator] of objectsAt(object.value, 'spec', 'generators').entries()) {
        judge(object, generator, `/spec/generators/${index}`, 1, onFinding);
      }
      rollingSync(object, onFinding);
      if (expansion !== undefined) coverage(object, expansion, onFinding);
      waveInTemplate(object, onFinding);
    }
  },
};

/** A parameter that is missing is an error of its own; the option is what would say so on the day when one is. */
function options(object: KubeObject, expansion: Expansion | undefined, onFinding: OnFinding): void {
  if (at(object.value, 'spec', 'goTemplate') !== true) return;
  const isStrict = listAt(object.value, 'spec', 'goTemplateOptions').includes('missingkey=error');
  for (const parameter of expansion?.missing ?? []) {
    onFinding(
      onField(object, '/spec/template', {
        part: 'key',
        message: isStrict
          ? `The template uses ${parameter}, which no generator gives: the controller makes no Application of it.`
          : `The template uses ${parameter}, which no generator gives: its text becomes "<no value>", and nothing says so.`,
        ...(isStrict ? {} : { hint: 'Correct the name, and add goTemplateOptions: ["missingkey=error"].' }),
        key: parameter,
      }),
    );
  }
  if (isStrict || (expansion?.missing ?? []).length > 0) return;
  onFinding(
    onField(object, '/spec/goTemplate', {
      severity: 'warning',
      message:
        'Without missingkey=error a parameter that does not exist becomes the text "<no value>" in an Application, and nothing says so.',
      hint: 'Add goTemplateOptions: ["missingkey=error"].',
    }),
  );
}

/** The controller refuses the whole set where two of its Applications have one name. */
function names(object: KubeObject, { repeated }: Expansion, onFinding: OnFinding): void {
  for (const name of repeated) {
    onFinding(
      onField(object, '/spec/template/metadata/name', {
        message: `The generators make more than one Application called ${name}: the controller refuses the ApplicationSet and makes none.`,
        hint: 'Put what tells them apart into the name.',
        key: name,
      }),
    );
  }
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

/** Where the Applications are known: who is in no step, and who is in several, of which only the first counts. */
function coverage(object: KubeObject, { applications, undecided }: Expansion, onFinding: OnFinding): void {
  const steps = objectsAt(object.value, 'spec', 'strategy', 'rollingSync', 'steps');
  if (stringAt(object.value, 'spec', 'strategy', 'type') !== 'RollingSync' || steps.length === 0) return;
  const stepsOf = (application: KubeObject) =>
    steps.flatMap((step, index) => (selectedBy(step, application) ? [index] : []));
  const left = applications.filter((each) => stepsOf(each).length === 0).map((each) => each.name);
  const twice = applications.filter((each) => stepsOf(each).length > 1).map((each) => each.name);
  const list = (all: readonly string[]) =>
    `${all.slice(0, 5).join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`;
  const pointer = '/spec/strategy/rollingSync/steps';
  // A step that selects nothing at all is a finding of its own, with its label.
  if (left.length > 0 && (undecided.length > 0 || left.length < applications.length)) {
    onFinding(
      onField(object, pointer, {
        part: 'key',
        message: `No step selects ${list(left)}: RollingSync never syncs an Application that is in no step.`,
        hint: 'Add a step that selects them, mostly one with NotIn at the end.',
        key: 'left out',
      }),
    );
  }
  if (twice.length > 0) {
    onFinding(
      onField(object, pointer, {
        part: 'key',
        severity: 'warning',
        message: `Several steps select ${list(twice)}; only the first counts. An Application without the label of a NotIn is selected by it.`,
        hint: 'Make the steps exclude each other.',
        key: 'twice',
      }),
    );
  }
}

/** labelMatchedExpression in applicationset/progressivesync: a missing label fails In and passes NotIn. */
function selectedBy(step: JsonObject, application: KubeObject): boolean {
  const labels = objectAt(application.value, 'metadata', 'labels');
  return objectsAt(step, 'matchExpressions').every((expression) => {
    const value = labels[stringAt(expression, 'key') ?? ''];
    const isAmong = listAt(expression, 'values').some((each) => value !== undefined && String(each) === String(value));
    return stringAt(expression, 'operator') === 'NotIn' ? !isAmong : isAmong;
  });
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

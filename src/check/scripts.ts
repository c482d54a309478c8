import { at, isObject, listAt, objectsAt, stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';
import type { KubeObject } from '../repository/model.js';
import { containersOf, podTemplates } from '../repository/pods.js';

/** A text that a container runs. */
export interface Script {
  readonly text: string;
  readonly pointer: string;
  /** The template of an Argo Workflow that it belongs to. */
  readonly template: string | undefined;
}

/** The kinds of Argo Workflows, with where their templates stand. */
export function workflowSpec(object: KubeObject): { readonly spec: JsonObject; readonly pointer: string } | undefined {
  if (object.group !== 'argoproj.io') return undefined;
  const path = /^(Workflow|WorkflowTemplate|ClusterWorkflowTemplate)$/.test(object.kind)
    ? ['spec']
    : object.kind === 'CronWorkflow'
      ? ['spec', 'workflowSpec']
      : undefined;
  const spec = path === undefined ? undefined : at(object.value, ...path);
  return isObject(spec) && path !== undefined ? { spec, pointer: `/${path.join('/')}` } : undefined;
}

/** What the containers of Jobs and of Argo Workflows run: `command`, `args` and the `source` of scripts. */
export function scriptsOf(object: KubeObject): Script[] {
  const workflow = workflowSpec(object);
  if (workflow !== undefined) {
    return objectsAt(workflow.spec, 'templates').flatMap((template, index) => {
      const pointer = `${workflow.pointer}/templates/${index}`;
      const name = stringAt(template, 'name');
      return ['container', 'script'].flatMap((key) => {
        const container = template[key];
        return isObject(container) ? textsOf(container, `${pointer}/${key}`, name) : [];
      });
    });
  }
  if (object.group !== 'batch') return [];
  return podTemplates(object).flatMap(({ spec, pointer }) =>
    containersOf(spec, pointer).flatMap((container) => textsOf(container.value, container.pointer, undefined)),
  );
}

function textsOf(container: JsonObject, pointer: string, template: string | undefined): Script[] {
  const source = stringAt(container, 'source');
  return [
    ...(source === undefined ? [] : [{ text: source, pointer: `${pointer}/source`, template }]),
    ...['command', 'args'].flatMap((key) =>
      listAt(container, key).flatMap((each, index) =>
        typeof each === 'string' && each.length > 8
          ? [{ text: each, pointer: `${pointer}/${key}/${index}`, template }]
          : [],
      ),
    ),
  ];
}

/** A script without what it only says: comment lines and the texts of echo. */
export function commandsOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(#|echo\b|print\b)/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ');
}

/** The same, sign by sign where it was: what is only said is blank, and a line that goes on in the next is one with it. */
export function commandsInPlace(text: string): string {
  return text
    .split('\n')
    .map((line) => (/^\s*(#|echo\b|print\b)/.test(line) ? ' '.repeat(line.length) : line))
    .join('\n')
    .replace(/\\\n/g, '  ');
}

/** The values that steps and tasks of a workflow give to a parameter of a template. */
export function argumentsFor(workflow: JsonObject, template: string, parameter: string): readonly string[] {
  const out = new Set<string>();
  const visit = (step: JsonObject): void => {
    if (stringAt(step, 'template') !== template) return;
    for (const each of objectsAt(step, 'arguments', 'parameters')) {
      const value = stringAt(each, 'value');
      if (stringAt(each, 'name') === parameter && value !== undefined) out.add(value);
    }
  };
  for (const each of objectsAt(workflow, 'templates')) {
    for (const group of listAt(each, 'steps'))
      for (const step of Array.isArray(group) ? group : [group]) if (isObject(step)) visit(step);
    for (const task of objectsAt(each, 'dag', 'tasks')) visit(task);
  }
  return [...out];
}

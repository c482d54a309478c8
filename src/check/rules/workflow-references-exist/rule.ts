import { isObject, objectsAt, stringAt } from '../../../capacity/read.js';
import { didYouMean } from '../../../diagnostics/closest.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import type { Application, KubeObject } from '../../../repository/model.js';
import { toPointer } from '../../../yaml/pointer.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';
import { argumentsFor, commandsOf, scriptsOf, workflowSpec } from '../../scripts.js';

export const workflowReferencesExist: Rule = {
  id: 'workflow-references-exist',
  group: 'references',
  severity: 'warning',
  summary: 'A Workflow names an Application or a parameter that does not exist.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const names = new Map(repository.applications.map((each) => [each.name, each]));
    for (const object of repository.objects) {
      if (workflowSpec(object) === undefined) continue;
      parameters(object, onFinding);
      if (names.size > 0) applications(object, names, onFinding);
    }
  },
};

/** `argocd app sync NAME`, with the name as a text or as a parameter whose values the steps give. */
function applications(object: KubeObject, names: ReadonlyMap<string, Application>, onFinding: OnFinding): void {
  const workflow = workflowSpec(object)?.spec ?? {};
  const said = new Set<string>();
  for (const script of scriptsOf(object)) {
    for (const match of commandsOf(script.text).matchAll(
      /\bargocd\s+app\s+(sync|wait|get|set|rollback)\s+(\{\{[^}]*\}\}|[\w.-]+)/g,
    )) {
      const [, command = '', target = ''] = match;
      const parameter = /^\{\{\s*inputs\.parameters\.([\w-]+)\s*\}\}$/.exec(target)?.[1];
      const meant = parameter === undefined ? [target] : argumentsFor(workflow, script.template ?? '', parameter);
      for (const name of meant) {
        if (name.includes('{{') || name.startsWith('-') || names.has(name) || said.has(`${command} ${name}`)) continue;
        said.add(`${command} ${name}`);
        const beginning = [...names.keys()].find((each) => each.startsWith(`${name}-`));
        const hint =
          didYouMean(name, names.keys()) ?? (beginning === undefined ? undefined : `Did you mean "${beginning}"?`);
        onFinding(
          onField(object, script.pointer, {
            message: `The script runs argocd app ${command} ${name}, and no Application of this repository has that name.`,
            ...(hint === undefined ? {} : { hint }),
            key: `${command} ${name}`,
          }),
        );
      }
    }
  }
}

/** Parameters of the workflow that are used and not declared have no value unless whoever submits it knows of them. */
function parameters(object: KubeObject, onFinding: OnFinding): void {
  const { spec, pointer } = workflowSpec(object) as {
    readonly spec: NonNullable<ReturnType<typeof workflowSpec>>['spec'];
    readonly pointer: string;
  };
  const declared = new Set(objectsAt(spec, 'arguments', 'parameters').flatMap((each) => stringAt(each, 'name') ?? []));
  const used = parametersIn(spec, pointer);
  for (const [name, place] of used) {
    if (declared.has(name)) continue;
    onFinding(
      onField(object, place, {
        message: `The workflow uses the parameter ${name} and does not declare it: without a value at submission it is refused, or the condition that uses it is never true.`,
        hint: `Declare it under ${pointer.slice(1).replaceAll('/', '.')}.arguments.parameters, with a default.`,
        key: name,
      }),
    );
  }
}

/** The parameters of the workflow that a value names, each with the pointer of its first use. */
function parametersIn(value: Json, pointer: string, out = new Map<string, string>()): ReadonlyMap<string, string> {
  if (typeof value === 'string') {
    for (const [, name = ''] of value.matchAll(/\{\{=?\s*workflow\.parameters\.([\w-]+)\s*\}\}/g)) {
      if (!out.has(name)) out.set(name, pointer);
    }
  } else if (Array.isArray(value)) {
    for (const [index, each] of (value as readonly Json[]).entries()) parametersIn(each, `${pointer}/${index}`, out);
  } else if (isObject(value)) {
    for (const [key, each] of Object.entries(value)) parametersIn(each, `${pointer}${toPointer([key])}`, out);
  }
  return out;
}

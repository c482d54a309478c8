import { at, isObject } from '../../../capacity/read.js';
import type { Application } from '../../../repository/model.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { argumentsFor, commandsOf, scriptsOf, workflowSpec } from '../../scripts.js';

export const gateBypassed: Rule = {
  id: 'gate-bypassed-by-auto-sync',
  group: 'order',
  severity: 'warning',
  summary:
    'A Workflow syncs an Application step by step that syncs itself automatically, so that the steps gate nothing.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const automated = repository.applications.filter(({ object }) => {
      const policy = at(object.value, 'spec', 'syncPolicy', 'automated');
      return isObject(policy) && policy['enabled'] !== false;
    });
    if (automated.length === 0) return;
    for (const object of repository.objects) {
      const workflow = workflowSpec(object);
      if (workflow === undefined) continue;
      const said = new Set<Application>();
      for (const script of scriptsOf(object)) {
        for (const [, target = ''] of commandsOf(script.text).matchAll(
          /\bargocd\s+app\s+sync\s+(\{\{[^}]*\}\}|[\w.-]+)/g,
        )) {
          const parameter = /inputs\.parameters\.([\w-]+)/.exec(target)?.[1];
          const meant =
            parameter === undefined ? [target] : argumentsFor(workflow.spec, script.template ?? '', parameter);
          for (const application of automated.filter((each) =>
            meant.some((name) => each.name === name || each.name.startsWith(`${name}-`)),
          )) {
            if (said.has(application)) continue;
            said.add(application);
            onFinding(
              onField(application.object, '/spec/syncPolicy/automated', {
                part: 'key',
                message: `${object.kind} ${object.name} syncs ${application.name} as a step behind its checks, and the Application syncs itself as soon as the commit is there: the checks gate nothing.`,
                hint: 'Take automated out and let the workflow sync it, or let a commit be the gate and drop the step.',
                related: [{ message: 'the step that syncs it', at: placeOf(object, script.pointer) }],
                key: object.name,
              }),
            );
          }
        }
      }
    }
  },
};

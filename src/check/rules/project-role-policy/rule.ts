import { listAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { AppProject } from '../../../repository/model.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';

/** Resources that a policy of a project may name (util/rbac/rbac.go ProjectScoped). */
const resources = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories'];
const actions = ['get', 'create', 'update', 'delete', 'sync', 'override', 'rollback', '*'];
const roleName = /^[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?$/;

export const projectRolePolicy: Rule = {
  id: 'project-role-policy',
  group: 'argocd',
  severity: 'warning',
  summary: 'A role of an AppProject has a name, policy or group that Argo CD does not accept or that matches nothing.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const names = new Map<string, string[]>();
    for (const application of repository.applications) {
      const list = names.get(application.project);
      if (list === undefined) names.set(application.project, [application.name]);
      else list.push(application.name);
    }
    for (const project of repository.projects.values()) judge(project, names.get(project.name) ?? [], onFinding);
  },
};

function judge(project: AppProject, applications: readonly string[], onFinding: OnFinding): void {
  const seen = new Set<string>();
  for (const [r, role] of objectsAt(project.spec, 'roles').entries()) {
    const name = stringAt(role, 'name') ?? '';
    const pointer = `/spec/roles/${r}`;
    const say = (where: string, message: string, hint?: string) =>
      onFinding(
        onField(project.object, `${pointer}${where}`, {
          message,
          ...(hint === undefined ? {} : { hint }),
          key: `${name} ${where}`,
        }),
      );
    if (!roleName.test(name)) {
      say(
        '/name',
        `The role name "${name}" is refused: letters, digits, dashes and underscores, with a letter or digit at both ends.`,
      );
    }
    if (seen.has(name)) say('/name', `There are two roles ${name} in project ${project.name}.`);
    seen.add(name);
    const policies = new Set<string>();
    for (const [index, policy] of listAt(role, 'policies').entries()) {
      const where = `/policies/${index}`;
      if (typeof policy !== 'string') continue;
      if (policies.has(policy)) say(where, 'The policy stands twice in this role.');
      policies.add(policy);
      const problem = policyProblem(policy, project.name, name, applications);
      if (problem !== undefined) say(where, problem.message, problem.hint);
    }
    const groups = new Set<string>();
    for (const [index, group] of listAt(role, 'groups').entries()) {
      if (typeof group !== 'string') continue;
      if (groups.has(group)) say(`/groups/${index}`, 'The group stands twice in this role.');
      groups.add(group);
      const problem = groupProblem(group);
      if (problem !== undefined) say(`/groups/${index}`, problem);
    }
  }
}

/** ValidatePolicy of Argo CD, and whether the object of the policy matches any Application of the project. */
function policyProblem(
  policy: string,
  project: string,
  role: string,
  applications: readonly string[],
): { readonly message: string; readonly hint?: string } | undefined {
  const parts = policy.split(',').map((each) => each.replace(/^ +| +$/g, ''));
  if (parts.length !== 6 || parts[0] !== 'p') {
    return {
      message: `The policy is not of the form "p, subject, resource, action, object, effect", and Argo CD refuses it.`,
    };
  }
  const [, subject = '', resource = '', action = '', object = '', effect = ''] = parts;
  const wanted = `proj:${project}:${role}`;
  if (subject !== wanted)
    return { message: `The subject of the policy is ${subject}; in this role it has to be ${wanted}.` };
  if (!resources.includes(resource))
    return { message: `A policy of a project may name ${resources.join(', ')}, and not ${resource}.` };
  if (!actions.includes(action) && !/(action|update|delete)\/.*/.test(action)) {
    return {
      message: `Argo CD has no action ${action}.`,
      hint: `Actions are ${actions.join(', ')}, action/<group>/<kind>/<name>, update/… and delete/….`,
    };
  }
  const legal = new RegExp(`^${project.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}/[*\\w.-]+(/[*\\w.-]+)?$`);
  if (!legal.test(object))
    return {
      message: `The object ${object} is refused: it has to be ${project}/<application> or ${project}/<namespace>/<application>.`,
    };
  if (effect !== 'allow' && effect !== 'deny')
    return { message: `The effect of a policy is allow or deny, and not ${effect}.` };
  return matchesNothing(object, resource, applications);
}

/**
 * `project/a/b` names the Application b in namespace a. Where Applications in other namespaces are not in use, a middle part
 * that reads like an environment matches nothing.
 */
function matchesNothing(object: string, resource: string, applications: readonly string[]) {
  if (resource !== 'applications' || applications.length === 0) return undefined;
  const parts = object.split('/');
  if (parts.length !== 3) return undefined;
  const [, namespace = '', name = ''] = parts;
  if (namespace.includes('*') || namespace === 'argocd') return undefined;
  return {
    message: `The object ${object} means Application ${name} in the namespace ${namespace} of Argo CD's own cluster, and the Applications of this project are not there: the policy matches nothing.`,
    hint: `The middle part is the namespace of the Application object, not the one it deploys to. Write a pattern of names, such as ${parts[0]}/*-${namespace}.`,
  };
}

function groupProblem(group: string): string | undefined {
  const quoted = group.trim().length > 1 && group.trim().startsWith('"') && group.trim().endsWith('"');
  const bare = quoted ? group.trim().slice(1, -1) : group;
  if (!quoted && group.includes(','))
    return `The group "${group}" has a comma and has to stand in double quotes inside the text.`;
  if (bare.trim() === '') return 'The group is empty.';
  if (/["\n\r\t]/.test(bare)) return `The group "${group}" has characters that Argo CD refuses.`;
  if (group !== group.trim()) return `The group "${group}" starts or ends with a space, and matches no group.`;
  return undefined;
}

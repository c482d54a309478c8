import type {
  LabelSelector,
  NodeFacts,
  NodeSelectorTerm,
  PodFacts,
  PodTerm,
  Requirement,
  Taint,
  Toleration,
} from './facts.js';

/** One Pod against one node, as the scheduler's filters see it (kube-scheduler v1.34: nodeaffinity, tainttoleration). */

type Labels = Readonly<Record<string, string>>;

/** Whether labels meet one requirement. `NotIn` and `DoesNotExist` hold where the key is absent. */
export function meets(labels: Labels, requirement: Requirement): boolean {
  const present = Object.hasOwn(labels, requirement.key);
  const value = labels[requirement.key] ?? '';
  switch (requirement.operator) {
    case 'In':
      return present && requirement.values.includes(value);
    case 'NotIn':
      return !present || !requirement.values.includes(value);
    case 'Exists':
      return present;
    case 'DoesNotExist':
      return !present;
    case 'Gt':
    case 'Lt':
      return present && compares(value, requirement);
    default:
      return false;
  }
}

/** Both sides must be integers; what is not never matches. */
function compares(value: string, { operator, values }: Requirement): boolean {
  const [bound] = values;
  if (values.length !== 1 || bound === undefined || !/^-?\d+$/.test(value) || !/^-?\d+$/.test(bound)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** A term without any expression matches no node; a list of terms is met by any of them. */
export function meetsTerm(node: NodeFacts, term: NodeSelectorTerm): boolean {
  if (term.labels.length + term.fields.length === 0) return false;
  return (
    term.labels.every((each) => meets(node.labels, each)) &&
    term.fields.every((each) => each.key === 'metadata.name' && meets({ 'metadata.name': node.name }, each))
  );
}

/** nodeSelector and required node affinity together. */
export function selects(pod: PodFacts, node: NodeFacts): boolean {
  for (const [key, value] of Object.entries(pod.nodeSelector)) if (node.labels[key] !== value) return false;
  return pod.nodeAffinity === undefined || pod.nodeAffinity.some((term) => meetsTerm(node, term));
}

export const unschedulableTaint: Taint = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' };

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key === undefined) return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  switch (toleration.operator) {
    case 'Exists':
      return true;
    case 'Equal':
      return (toleration.value ?? '') === taint.value;
    default: {
      // Numeric tolerations: Gt tolerates taints whose value is above the given one, Lt below it.
      return meets(
        { [taint.key]: taint.value },
        { key: taint.key, operator: toleration.operator, values: [toleration.value ?? ''] },
      );
    }
  }
}

/** The first taint that keeps the Pod away. PreferNoSchedule only scores. */
export function repellingTaint(pod: PodFacts, node: NodeFacts): Taint | undefined {
  const taints = node.unschedulable === true ? [unschedulableTaint, ...node.taints] : node.taints;
  return taints.find(
    (taint) => taint.effect !== 'PreferNoSchedule' && !pod.tolerations.some((each) => tolerates(each, taint)),
  );
}

/** Whether the node is one the Pod may stand on, whatever is free there. */
export function admits(pod: PodFacts, node: NodeFacts): boolean {
  if (pod.nodeName !== undefined) return pod.nodeName === node.name;
  return selects(pod, node) && repellingTaint(pod, node) === undefined;
}

/** Whether a selector matches; undefined matches nothing, as in Kubernetes. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels): boolean {
  return selector?.requirements.every((each) => meets(labels, each)) ?? false;
}

/** Whether a term of `owner` is about `other`. */
export function termMatches(term: PodTerm, owner: PodFacts, other: PodFacts): boolean {
  const here =
    term.namespaces.length === 0
      ? other.namespace === owner.namespace
      : term.namespaces.includes('*') || term.namespaces.includes(other.namespace);
  return here && selectorMatches(term.selector, other.labels);
}

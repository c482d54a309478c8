import { roomByDomain } from './domains.js';
import type { NodeFacts } from './facts.js';
import { repellingTaint, selects } from './match.js';
import { poolOf } from './pools.js';
import { type Group, type Problem, portPrefix } from './problem.js';
import { showAmount } from './quantity.js';
import type { Certificate, OrderJudgement, PoolUse } from './verdict.js';

/** Sentences with numbers for every verdict. */

/** Why a scenario cannot be placed: every proof in a sentence, the first few of many. */
export function explainAll(problem: Problem, certificates: readonly Certificate[]): string {
  const sentences = [...new Set(certificates.map((each) => explainImpossible(problem, each)))];
  const more = sentences.length > 5 ? [`${sentences.length - 4} more workloads have no place either.`] : [];
  return [...(more.length > 0 ? sentences.slice(0, 4) : sentences), ...more].join(' ');
}

/** Why a scenario cannot be placed. */
export function explainImpossible(problem: Problem, certificate: Certificate): string {
  switch (certificate.kind) {
    case 'no-node':
      return certificate.node === undefined
        ? podFitsNowhere(problem, certificate.key)
        : daemonLacksRoom(problem, certificate.key, certificate.node);
    case 'prices':
      return pricesInWords(
        problem,
        Object.entries(certificate.prices)
          .filter(([, price]) => price !== '0')
          .map(([key]) => key),
        certificate.bounds.flatMap((bound) => bound.nodes),
      );
    case 'domains':
      return tooFewDomains(problem, certificate);
    case 'exhausted':
      return `${list(problem.groups.map(ask))} cannot stand on ${nodesInWords(problem.nodes)} at once: every arrangement was tried.`;
    case 'quota':
      return `${certificate.quota} allows ${showAmount(bare(certificate.resource), certificate.allowed)} of ${certificate.resource}; ${showAmount(bare(certificate.resource), certificate.asked)} are asked for.`;
  }
}

function bare(resource: string): string {
  return resource.replace(/^(requests|limits)\./, '');
}

export function explainPossible(
  problem: Problem,
  pools: readonly PoolUse[],
  order: OrderJudgement | undefined,
): string {
  const pods = problem.groups.reduce((sum, group) => sum + group.count, 0);
  const use = pools.flatMap((pool) => {
    const gpu = Object.keys(pool.have).find(isDevice);
    if (gpu === undefined) return [];
    const added = pool.added > 0 ? `, ${plural(pool.added, 'node')} to be added by the autoscaler` : '';
    return [
      `${pool.pool} ${pool.used[gpu] ?? 0} of ${(pool.have[gpu] ?? 0) - (pool.taken[gpu] ?? 0)} × ${gpu}${added}`,
    ];
  });
  const where = use.length === 0 ? `on ${nodesInWords(problem.nodes)}` : `(${use.join('; ')})`;
  const tail = order === undefined ? '' : order.safe ? ` In any order of arrival: ${order.reason}` : ` ${order.reason}`;
  return `${pods === 1 ? 'The Pod has' : `All ${plural(pods, 'Pod')} have`} a place ${where}.${tail}`;
}

export function explainUnknown(problem: Problem, open: string | undefined): string {
  const pods = problem.groups.reduce((sum, group) => sum + group.count, 0);
  return `Whether ${plural(pods, 'Pod')} fit ${nodesInWords(problem.nodes)} is not decided: ${open ?? 'the budget of steps ran out'}.`;
}

/** Resources that devices stand behind. */
export function isDevice(resource: string): boolean {
  return resource.includes('/') && !resource.startsWith(portPrefix) && !resource.startsWith('hugepages');
}

function podFitsNowhere(problem: Problem, key: string): string {
  const group = problem.groups.find((each) => each.key === key);
  if (group === undefined) return `${key} fits no node.`;
  const reasons = new Map<string, number>();
  for (const node of problem.nodes) {
    const reason = `${poolOf(node)}: ${whyNot(problem, group, node)}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const all = [...reasons].map(([reason, nodes]) => `${reason} (${plural(nodes, 'node')})`);
  if (all.length === 0) return `${nameOf(group)} asks for ${requestInWords(group)}, and there is no node.`;
  return `No node takes a Pod of ${nameOf(group)}, which asks for ${requestInWords(group)}. ${all.slice(0, 8).join('; ')}.`;
}

function whyNot(problem: Problem, group: Group, node: NodeFacts): string {
  const { pod } = group;
  if (pod.nodeName !== undefined && pod.nodeName !== node.name) return `the Pod is bound to node ${pod.nodeName}`;
  for (const [label, value] of Object.entries(pod.nodeSelector)) {
    const here = node.labels[label];
    if (here !== value)
      return `label ${label}=${value} is asked for, ${here === undefined ? 'the node has no such label' : `the node has ${here}`}`;
  }
  if (!selects(pod, node)) return 'the required node affinity does not match';
  const taint = repellingTaint(pod, node);
  if (taint !== undefined)
    return `the taint ${taint.key}${taint.value === '' ? '' : `=${taint.value}`}:${taint.effect} is not tolerated`;
  const nodeClass = problem.classes[problem.classOf[problem.nodes.indexOf(node)] ?? 0];
  const short = problem.resources.flatMap((name, r) => {
    const need = group.need[r] as number;
    const free = nodeClass?.free[r] ?? 0;
    return need > free ? [`${showNeed(name, need)} needed, ${showNeed(name, Math.max(0, free))} free`] : [];
  });
  return short.length > 0 ? short.join(', ') : 'the node takes it';
}

function daemonLacksRoom(problem: Problem, key: string, name: string): string {
  const node = problem.nodes.find((each) => each.name === name);
  return `The DaemonSet Pod of ${key.split('#')[0]} has no room on ${name}${node?.pool === undefined ? '' : ` (pool ${node.pool})`}.`;
}

function tooFewDomains(
  problem: Problem,
  { key, topologyKey, rule }: Extract<Certificate, { kind: 'domains' }>,
): string {
  const index = problem.keys.indexOf(topologyKey);
  const group = problem.groups.find((each) => (rule === 'exclusive' ? each.workload.id === key : each.key === key));
  if (group === undefined) return `${key} has more Pods than the domains of ${topologyKey} hold.`;
  const { rooms } = roomByDomain(problem, group.index, index);
  const domains = plural(rooms.size, 'value');
  const names = [...rooms].slice(0, 6).map(([domain, copies]) => `${problem.domains[index]?.[domain]} holds ${copies}`);
  switch (rule) {
    case 'apart':
      return `${ask(group)} may not share a value of ${topologyKey} (required anti-affinity), and the nodes that take them have ${domains} of it: ${plural(group.count - rooms.size, 'Pod')} too many.`;
    case 'together':
      return `${ask(group)} must all be in one ${topologyKey} (required affinity to themselves), and none holds more than ${Math.max(0, ...rooms.values())}: ${list(names)}.`;
    case 'exclusive':
      return `${plural(problem.exclusives.find((each) => each.members.some((member) => member.group === group.index))?.replicas ?? 0, 'replica')} of ${group.workload.name} want a ${topologyKey} each for themselves, and fewer have room for one: ${list(names)} of its ${group.role} Pods.`;
    case 'spread':
      return tooUneven(problem, group, index, topologyKey, rooms);
  }
}

function tooUneven(
  problem: Problem,
  group: Group,
  index: number,
  topologyKey: string,
  rooms: ReadonlyMap<number, number>,
): string {
  const spread = problem.spreads.find((each) => each.group === group.index && each.key === index);
  const smallest =
    spread?.domains.reduce(
      (least, domain) => ((rooms.get(domain) ?? 0) < (rooms.get(least) ?? 0) ? domain : least),
      spread.domains[0] ?? 0,
    ) ?? 0;
  const few = spread !== undefined && spread.domains.length < spread.minDomains;
  const level = few ? 0 : (rooms.get(smallest) ?? 0);
  const most = [...rooms.values()].reduce((sum, room) => sum + Math.min(room, level + (spread?.maxSkew ?? 1)), 0);
  const why = few
    ? `there are fewer than minDomains=${spread?.minDomains} of them`
    : `${problem.domains[index]?.[smallest]} holds ${level} and counts`;
  return `${ask(group)} are spread over ${topologyKey} with maxSkew ${spread?.maxSkew ?? 1}; ${why}, so that at most ${most} can be placed: ${group.count - most} too many.`;
}

/** The set of workloads and nodes behind a priced proof; the resource that is short where a plain sum shows it. */
function pricesInWords(problem: Problem, keys: readonly string[], nodeNames: readonly string[]): string {
  const groups = problem.groups.filter((group) => keys.includes(group.key));
  const names = new Set(nodeNames);
  const nodes = problem.nodes.map((node, index) => ({ node, index })).filter(({ node }) => names.has(node.name));
  const [only] = groups;
  const where = nodesInWords(nodes.map(({ node }) => node));
  if (groups.length === 1 && only !== undefined) {
    const copies = nodes.reduce(
      (sum, { index }) => sum + (problem.capacity[only.index]?.[problem.classOf[index] as number] ?? 0),
      0,
    );
    if (copies < only.count)
      return oneWorkloadShort(
        problem,
        only,
        nodes.map(({ index }) => index),
        where,
        copies,
      );
  }
  for (let r = 0; r < problem.resources.length; r++) {
    const name = problem.resources[r] as string;
    const asked = groups.reduce((sum, group) => sum + (group.need[r] as number) * group.count, 0);
    const have = nodes.reduce(
      (sum, { index }) => sum + (problem.classes[problem.classOf[index] as number]?.free[r] ?? 0),
      0,
    );
    if (asked > have)
      return `${list(groups.map(ask))} need ${showNeed(name, asked)} together; ${where} ${
        onePool(
          problem,
          nodes.map(({ index }) => index),
        )
          ? 'has'
          : 'have'
      } ${showNeed(name, have)} free: ${showNeed(name, asked - have)} short.`;
  }
  return `${list(groups.map(ask))} may only use ${where}, and no arrangement of them on these nodes holds all: the sizes do not go together, although each resource would suffice in sum.`;
}

function oneWorkloadShort(
  problem: Problem,
  group: Group,
  nodes: readonly number[],
  where: string,
  copies: number,
): string {
  const missing = group.count - copies;
  const device = problem.resources.findIndex((name, r) => isDevice(name) && (group.need[r] as number) > 0);
  const short = device < 0 ? '' : ` (${missing * (group.need[device] as number)} × ${problem.resources[device]})`;
  const alone = problem.alone[group.index] === true ? ', one a node by their required anti-affinity' : '';
  const most = Math.max(
    0,
    ...nodes.map((index) => problem.capacity[group.index]?.[problem.classOf[index] as number] ?? 0),
  );
  const few = nodes.length > 1 ? `, at most ${most} a node` : '';
  return `${plural(group.count, 'Pod')} of ${nameOf(group)} ${group.count === 1 ? 'needs' : 'need'} ${requestInWords(group)} each on one node${alone}; ${where} ${onePool(problem, nodes) ? 'holds' : 'hold'} ${copies}${few}: ${plural(missing, 'Pod')}${short} short.`;
}

function onePool(problem: Problem, nodes: readonly number[]): boolean {
  return nodes.length === 1 || new Set(nodes.map((index) => problem.nodes[index]?.pool)).size === 1;
}

/** `3 Pods of llama-3-1-70b (8 × nvidia.com/gpu each)`. */
function ask(group: Group): string {
  const device = Object.entries(group.pod.requests).find(([name]) => isDevice(name));
  return `${plural(group.count, 'Pod')} of ${nameOf(group)}${device === undefined ? '' : ` (${device[1]} × ${device[0]} each)`}`;
}

function nameOf(group: Group): string {
  const role = group.workload.templates.length > 1 ? ` ${group.role}` : '';
  return `${group.workload.namespace === 'default' ? '' : `${group.workload.namespace}/`}${group.workload.name}${role}`;
}

/** What a Pod asks for, devices first. */
function requestInWords(group: Group): string {
  const wanted = Object.entries(group.pod.requests).filter(([name, amount]) => amount > 0 && name !== 'pods');
  wanted.sort(([a], [b]) => Number(isDevice(b)) - Number(isDevice(a)));
  const ports = group.pod.hostPorts.map((port) => `host port ${port}`);
  return list([...wanted.map(([name, amount]) => showNeed(name, amount)), ...ports]) || 'nothing';
}

function showNeed(name: string, amount: number): string {
  if (name === 'cpu') return showAmount(name, amount);
  if (isDevice(name)) return `${amount} × ${name}`;
  if (name === 'pods') return plural(amount, 'Pod slot');
  if (name.startsWith(portPrefix)) return `${amount} × ${name}`;
  return `${showAmount(name, amount)} ${name}`;
}

/** `pool h100 (2 nodes)`; several pools in a list. */
function nodesInWords(nodes: readonly NodeFacts[]): string {
  const pools = new Map<string, number>();
  for (const node of nodes) pools.set(poolOf(node), (pools.get(poolOf(node)) ?? 0) + 1);
  if (pools.size === 0) return 'no nodes';
  const all = [...pools].map(([pool, count]) =>
    pool === 'nodes' ? plural(count, 'node') : `pool ${pool} (${plural(count, 'node')})`,
  );
  return list(all);
}

function list(words: readonly string[]): string {
  const shown = words.length > 6 ? [...words.slice(0, 5), `${words.length - 5} more`] : words;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

import type { Problem, Spread } from './problem.js';

/** Pods counted by domain, so that anti-affinity, affinity and spread can be asked for one more Pod. */
export class TopologyState {
  /** By key and group: Pods in each domain. */
  private readonly pods: readonly (readonly Int32Array[])[];
  private readonly totals: Int32Array;
  private readonly involved: Uint8Array;

  constructor(private readonly problem: Problem) {
    const { groups, keys, domains } = problem;
    this.pods = keys.map((_, key) => groups.map(() => new Int32Array(domains[key]?.length ?? 0)));
    this.totals = new Int32Array(groups.length);
    this.involved = new Uint8Array(groups.length);
    for (const { a, b } of problem.exclusions) this.involve(a, b);
    for (const { group, targets } of problem.attractions) this.involve(group, ...targets);
    for (const { group, matched } of problem.spreads) this.involve(group, ...matched);
    for (const { members } of problem.exclusives) this.involve(...members.map((each) => each.group));
  }

  private involve(...groups: readonly number[]): void {
    for (const group of groups) this.involved[group] = 1;
  }

  /** Whether any rule of topology is about the group: such Pods are placed one at a time and not moved about. */
  concerns(group: number): boolean {
    return this.involved[group] === 1;
  }

  put(group: number, node: number, pods: number): void {
    this.totals[group] = (this.totals[group] as number) + pods;
    this.problem.domainOf.forEach((domainOf, key) => {
      const domain = domainOf[node] as number;
      const counts = this.pods[key]?.[group];
      if (domain >= 0 && counts !== undefined) counts[domain] = (counts[domain] as number) + pods;
    });
  }

  private count(key: number, group: number, domain: number): number {
    return this.pods[key]?.[group]?.[domain] ?? 0;
  }

  allows(group: number, node: number): boolean {
    if (!this.concerns(group)) return true;
    const { exclusions, attractions, spreads, exclusives, domainOf } = this.problem;
    for (const { key, a, b } of exclusions) {
      if (a !== group && b !== group) continue;
      const domain = domainOf[key]?.[node] ?? -1;
      if (domain >= 0 && this.count(key, a === group ? b : a, domain) > 0) return false;
    }
    for (const { key, group: owner, targets } of attractions) {
      if (owner !== group) continue;
      const domain = domainOf[key]?.[node] ?? -1;
      if (domain < 0) return false;
      if (targets.some((target) => this.count(key, target, domain) > 0)) continue;
      const starts = targets.includes(group) && targets.every((target) => (this.totals[target] as number) === 0);
      if (!starts) return false;
    }
    for (const spread of spreads) {
      // Pods of other templates that a spread counts must not undo it either: more than the scheduler asks, and simple.
      if ((spread.group === group || spread.matched.includes(group)) && !this.spreads(spread, group, node))
        return false;
    }
    for (const { key, members } of exclusives) {
      const own = members.find((member) => member.group === group);
      if (own === undefined) continue;
      const domain = domainOf[key]?.[node] ?? -1;
      if (domain < 0 || this.count(key, group, domain) >= own.perReplica) return false;
    }
    return true;
  }

  /** The scheduler's own sum: Pods in the domain, and this one, less the fewest in any domain. */
  private spreads(
    { key, group: owner, maxSkew, minDomains, matched, domains }: Spread,
    group: number,
    node: number,
  ): boolean {
    const domain = this.problem.domainOf[key]?.[node] ?? -1;
    if (domain < 0) return owner !== group;
    const pods = (each: number) => matched.reduce((sum, one) => sum + this.count(key, one, each), 0);
    const self = matched.includes(group) ? 1 : 0;
    let fewest = domains.length < minDomains ? 0 : Number.POSITIVE_INFINITY;
    for (const each of domains) fewest = Math.min(fewest, pods(each));
    if (fewest === Number.POSITIVE_INFINITY) fewest = 0;
    return pods(domain) + self - fewest <= maxSkew;
  }
}

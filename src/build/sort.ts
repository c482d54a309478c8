import type { Entry } from './entry.js';
import type { Gvk, Id } from './ids.js';
import { orderFirst as defaultFirst, orderLast as defaultLast } from './tables/order.generated.js';

export interface LegacyOrder {
  readonly orderFirst: readonly string[];
  readonly orderLast: readonly string[];
}

export const defaultOrder: LegacyOrder = { orderFirst: defaultFirst, orderLast: defaultLast };

/** The `legacy` order of Kustomize: by kind as listed, then by group, version and kind, then by namespace and name. */
export function legacySort(entries: readonly Entry[], order: LegacyOrder): Entry[] {
  const ranks = ranksOf(order);
  const keyed = entries.map((entry) => {
    const id = entry.id;
    return { entry, id, rank: ranks.get(id.kind) ?? 0, gvk: gvkText(id), text: idText(id) };
  });
  keyed.sort((a, b) => {
    if (a.gvk === b.gvk) return compare(a.text, b.text);
    if (a.rank !== b.rank) return a.rank - b.rank;
    const reversed = a.id.kind === 'Namespace' && b.id.kind === 'Namespace' && (a.id.group === '' || b.id.group === '');
    return reversed ? compare(b.gvk, a.gvk) : compare(a.gvk, b.gvk);
  });
  return keyed.map(({ entry }) => entry);
}

const defaultRanks = ranksOf(defaultOrder);

/** The order of Kustomize for kinds: as listed, then by group, version and kind. */
export function compareGvk(a: Gvk, b: Gvk): number {
  const byRank = (defaultRanks.get(a.kind) ?? 0) - (defaultRanks.get(b.kind) ?? 0);
  return byRank === 0 ? compare(gvkText(a), gvkText(b)) : byRank;
}

function ranksOf({ orderFirst, orderLast }: LegacyOrder): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  for (const [i, kind] of orderFirst.entries()) ranks.set(kind, i - orderFirst.length);
  for (const [i, kind] of orderLast.entries()) ranks.set(kind, 1 + i);
  return ranks;
}

// Go compares bytes of UTF-8; names are ASCII wherever this matters.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function gvkText(id: Gvk): string {
  return `${id.group || '~G'}_${id.version || '~V'}_${id.kind || '~K'}`;
}

function idText(id: Id): string {
  const gvk = `${id.kind || '[noKind]'}.${id.version || '[noVer]'}.${id.group || '[noGrp]'}`;
  return `${gvk}|${id.namespace || '~X'}|${id.name || '~N'}`;
}

import type { Problem } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { Unchecked } from '../repository/model.js';
import type { SchemaStage } from './schema-stage.js';

/** A repository as it was read, with what came up meanwhile. */
export interface View {
  readonly repository: Repository;
  readonly problems?: readonly Problem[];
  readonly schemas?: SchemaStage;
}

/**
 * What is deployed and what the tree would deploy once its pins move on, as one list. A fault that both have is said once, at the
 * line of the tree where it can be mended; what only the tree has says so.
 */
export function together(deployed: readonly Problem[], ahead: readonly Problem[]): Problem[] {
  const places = new Set(deployed.map(placeKey));
  const causes = new Set(ahead.map(causeKey));
  const inTree = new Set(ahead.map(placeKey));
  const isDeployed = new Set(deployed.map(causeKey));
  return [
    ...deployed.filter((each) => inTree.has(placeKey(each)) || !causes.has(causeKey(each))),
    ...ahead
      .filter((each) => !places.has(placeKey(each)))
      .map((each) => (isDeployed.has(causeKey(each)) ? each : brought(each))),
  ];
}

const suffix = 'This is in the tree; what is pinned gets it with the next promotion.';

function brought(problem: Problem): Problem {
  return { ...problem, hint: problem.hint === undefined ? suffix : `${problem.hint} ${suffix}` };
}

function placeKey({ ruleId, at, message }: Problem): string {
  return JSON.stringify([ruleId, at.file, at.document ?? 0, at.pointer, at.offset, at.part, message]);
}

/** The same fault at a pinned revision, whose text is not on disk, stands elsewhere and names the revision. */
function causeKey({ ruleId, object, message }: Problem): string {
  return JSON.stringify([ruleId, object, message.replace(/ \(\S+ at revision \S+\)$/, '')]);
}

/** What both views leave out, each once. */
export function uncheckedOf(views: readonly View[]): readonly Unchecked[] {
  const all = views.flatMap(({ repository, schemas }) => [...repository.unchecked, ...(schemas?.unchecked ?? [])]);
  const byText = new Map(all.map((each) => [JSON.stringify(each), each]));
  return [...byText.values()];
}

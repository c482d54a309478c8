import { allRules } from '../check/registry.js';
import { didYouMean } from '../diagnostics/closest.js';
import { UsageError } from './command.js';

/**
 * Ids of rules and names of groups, as `--only` and `--skip` take them. Throws UsageError where one of them is neither, or where
 * there is none at all: a check that a typing mistake leaves out would pass whatever is wrong.
 */
export function checkRuleNames(flag: string, names: readonly string[] | undefined): void {
  if (names === undefined) return;
  if (names.length === 0) throw new UsageError(`${flag} names no rule and no group`, 'gitops-gen rules lists them.');
  const known = new Set(allRules.flatMap(({ id, group }) => [id, group]));
  for (const name of names) {
    if (known.has(name)) continue;
    throw new UsageError(
      `${flag}: there is no rule and no group '${name}'`,
      didYouMean(name, [...known]) ?? 'gitops-gen rules lists them.',
    );
  }
}

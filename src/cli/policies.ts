import type { PolicyEntry } from '../check/policies.js';
import { readPackageDir } from '../io/package-data.js';
import { parsePolicies } from '../spec/parse.js';

/** The policies that ship with the package, weakest first: those of a repository come after them. */
export function shippedPolicies(): readonly PolicyEntry[] {
  return [...readPackageDir('policies')].flatMap(([path, content]) => {
    if (!/\.ya?ml$/.test(path)) return [];
    const file = `policies/${path}`;
    const { spec } = parsePolicies(file, content, (problem) => {
      throw new Error(`${file} of the package is wrong: ${problem.message}`);
    });
    const entries = spec?.value.spec.policies ?? [];
    return entries.map((policy, index) => ({
      ...(policy as Omit<PolicyEntry, 'place'>),
      place: (pointer: string) => ({ file, pointer: `/spec/policies/${index}${pointer}` }),
    }));
  });
}

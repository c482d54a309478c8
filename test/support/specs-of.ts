import { readSpecs } from '../../src/spec/read.js';
import type { SpecSet } from '../../src/spec/spec-set.js';

/** What people write for gitops-gen among the files of a case, where there is any; a mistake in it fails the test. */
export function specsOf(files: ReadonlyMap<string, string>): SpecSet | undefined {
  const isOurs = [...files.values()].some((text) => text.includes('gitops-gen.io/v1alpha1'));
  if (!isOurs) return undefined;
  return readSpecs(files, (problem) => {
    throw new Error(`${problem.at.file}: ${problem.message}`);
  });
}

import type { SpecSet } from '../../src/spec/spec-set.js';

/** What people write for gitops-gen among the files of a case. */
export function specsOf(_files: ReadonlyMap<string, string>): SpecSet | undefined {
  return undefined;
}

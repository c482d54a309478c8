import type { OnProblem } from '../diagnostics/diagnostic.js';
import type { FileMap } from '../files/file-map.js';
import type { Draft } from './draft.js';
import {
  type Parsed,
  parseClusterConfig,
  parseExemptions,
  parseModelFamily,
  parsePolicies,
  parseProject,
} from './parse.js';
import type { Located, SpecSet } from './spec-set.js';

/** Where the project file stands. */
export const projectFile = 'gitops-gen.yaml';

type Role = 'project' | 'family' | 'cluster' | 'policies' | 'exemptions';

/** Which of the files that people write a path is; undefined where it is none. */
export function roleOf(path: string): Role | undefined {
  if (path === projectFile) return 'project';
  if (path === 'exemptions.yaml') return 'exemptions';
  if (/^families\/[^/]+\.yaml$/.test(path)) return 'family';
  if (/^clusters\/[^/]+\/cluster-config\.yaml$/.test(path)) return 'cluster';
  // policies/<name>.yaml; what lies deeper, and tests beside them, is not ours.
  if (/^policies\/[^/]+\.yaml$/.test(path) && !path.endsWith('.test.yaml')) return 'policies';
  return undefined;
}

/**
 * Finds and reads everything that people write: gitops-gen.yaml, families/*.yaml, clusters/<cluster>/cluster-config.yaml,
 * policies/*.yaml and exemptions.yaml. All problems of all files are reported; nothing is thrown. A repository without
 * these files gives an empty set and no problem.
 */
export function readSpecs(files: FileMap, onProblem: OnProblem): SpecSet {
  const drafts: Draft[] = [];
  const unreadable: string[] = [];
  const families: NonNullable<SpecSet['families'][number]>[] = [];
  const clusters: NonNullable<SpecSet['clusters'][number]>[] = [];
  const policies: NonNullable<SpecSet['policies'][number]>[] = [];
  let project: SpecSet['project'];
  let exemptions: SpecSet['exemptions'];
  const keep = <T>({ draft, spec }: Parsed<T>): Located<T> | undefined => {
    if (draft) drafts.push(draft);
    return spec;
  };
  const paths = [...files.keys()].filter((path) => roleOf(path) !== undefined).sort();
  for (const path of paths) {
    const content = files.get(path)!;
    switch (roleOf(path)) {
      case 'project':
        project = keep(parseProject(path, content, onProblem));
        break;
      case 'exemptions':
        exemptions = keep(parseExemptions(path, content, onProblem));
        break;
      case 'family': {
        const family = keep(parseModelFamily(path, content, onProblem));
        if (family) families.push(family);
        break;
      }
      case 'cluster': {
        const before = drafts.length;
        const cluster = keep(parseClusterConfig(path, content, onProblem));
        if (cluster) clusters.push(cluster);
        if (drafts.length === before) unreadable.push(path.split('/')[1]!);
        break;
      }
      default: {
        const policy = keep(parsePolicies(path, content, onProblem));
        if (policy) policies.push(policy);
      }
    }
  }
  for (const path of files.keys()) misplaced(path, onProblem);
  return { project, families, clusters, policies, exemptions, drafts, unreadable: { clusters: unreadable } };
}

/** A file that looks like one of ours and is not read, because its name ends otherwise. */
function misplaced(path: string, onProblem: OnProblem): void {
  const right = path.replace(/\.(?:yml|YAML|YML|json)$/, '.yaml');
  if (right === path || roleOf(right) === undefined) return;
  onProblem({
    ruleId: 'spec-file',
    severity: 'warning',
    message: `${path} is not read: the name has to be ${right}.`,
    at: { file: path },
    hint: `Rename it to ${right}.`,
  });
}

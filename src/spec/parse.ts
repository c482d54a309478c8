import { didYouMean } from '../diagnostics/closest.js';
import type { JsonObject, OnProblem, Place } from '../diagnostics/diagnostic.js';
import { describeValue } from '../diagnostics/show.js';
import type { FileContent } from '../files/file-map.js';
import { gate } from '../yaml/gate.js';
import type { Draft } from './draft.js';
import { judge } from './explain.js';
import { checkLocally } from './local.js';
import { type Located, locate } from './spec-set.js';
import type { ClusterConfig, Exemptions, ModelFamily, Policies, Project } from './types.generated.js';
import type { SpecKind } from './validator.js';

/** The one version of the file format that this release reads. */
export const apiVersion = 'gitops-gen.io/v1alpha1';

/** What came of one file: a draft if it is a mapping at all, and a value if it is valid. */
export interface Parsed<T> {
  readonly draft: Draft | undefined;
  readonly spec: Located<T> | undefined;
}

/** gitops-gen.yaml. The checks that look into other files are `checkReferences`. */
export function parseProject(file: string, content: FileContent, onProblem: OnProblem): Parsed<Project> {
  return parse('Project', file, content, onProblem);
}

/** families/<family>.yaml. */
export function parseModelFamily(file: string, content: FileContent, onProblem: OnProblem): Parsed<ModelFamily> {
  return parse('ModelFamily', file, content, onProblem);
}

/** clusters/<cluster>/cluster-config.yaml. */
export function parseClusterConfig(file: string, content: FileContent, onProblem: OnProblem): Parsed<ClusterConfig> {
  return parse('ClusterConfig', file, content, onProblem);
}

/** policies/<name>.yaml. */
export function parsePolicies(file: string, content: FileContent, onProblem: OnProblem): Parsed<Policies> {
  return parse('Policies', file, content, onProblem);
}

/** exemptions.yaml. */
export function parseExemptions(file: string, content: FileContent, onProblem: OnProblem): Parsed<Exemptions> {
  return parse('Exemptions', file, content, onProblem);
}

function parse<T>(kind: SpecKind, file: string, content: FileContent, onProblem: OnProblem): Parsed<T> {
  let valid = true;
  const report: OnProblem = (problem) => {
    if (problem.severity === 'error') valid = false;
    onProblem(problem);
  };
  const document = gate(file, content, report);
  if (document === undefined) return { draft: undefined, spec: undefined };
  const { value, root } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report({
      ruleId: 'spec-type',
      severity: 'error',
      message: `The file holds ${describeValue(value)}; a ${kind} is a mapping.`,
      at: { file, pointer: '' },
      hint: `\`gitops-gen schema ${kind}\` prints what it may hold.`,
    });
    return { draft: undefined, spec: undefined };
  }
  const draft: Draft = { kind, file, value: value as JsonObject };
  if (!header(draft, report)) return { draft: undefined, spec: undefined };
  judge({ file, kind, value, root }, report);
  checkLocally(draft, report);
  return { draft, spec: valid ? locate(file, value as unknown as T) : undefined };
}

/** Whether the file is of this kind and version at all; where it is not, its fields are not judged by the wrong schema. */
function header({ kind, file, value }: Draft, report: OnProblem): boolean {
  const place = (pointer: string): Place => ({ file, pointer });
  const version = value['apiVersion'];
  const supported = [apiVersion];
  const error = (message: string, pointer: string, hint: string, allowed: readonly string[]): void =>
    report({
      ruleId: pointer === '/kind' ? 'spec-kind' : 'spec-api-version',
      severity: 'error',
      message,
      at: place(pointer),
      hint,
      allowed,
    });
  let ok = true;
  if (version !== apiVersion) {
    ok = false;
    if (version === undefined)
      error('The file lacks apiVersion.', '', `Add apiVersion: ${apiVersion}. Supported: ${apiVersion}.`, supported);
    else if (typeof version === 'string' && isNewer(version)) {
      error(
        `${describeValue(version)} comes from a newer release of gitops-gen.`,
        '/apiVersion',
        `Upgrade gitops-gen; this release reads ${apiVersion}.`,
        supported,
      );
    } else
      error(
        `${describeValue(version)} is no apiVersion of gitops-gen.`,
        '/apiVersion',
        `Write ${apiVersion}. Supported: ${apiVersion}.`,
        supported,
      );
  }
  const written = value['kind'];
  if (written !== kind) {
    ok = false;
    const near = typeof written === 'string' ? didYouMean(written, [kind]) : undefined;
    const message =
      written === undefined
        ? `The file lacks kind; ${file} is a ${kind}.`
        : `The kind of this file is ${kind}, not ${describeValue(written)}.`;
    error(message, written === undefined ? '' : '/kind', near ?? `Write kind: ${kind}.`, [kind]);
  }
  // A wrong version or kind says little about the fields, unless it is a slip of the pen.
  return (
    ok ||
    version === undefined ||
    written === undefined ||
    (typeof written === 'string' && didYouMean(written, [kind]) !== undefined)
  );
}

/** `gitops-gen.io/v1alpha2`, `v1beta1`, `v1`: versions of this group that come later. */
function isNewer(version: string): boolean {
  const match = version.match(/^gitops-gen\.io\/v([0-9]+)(?:(alpha|beta)([0-9]+))?$/);
  if (!match) return false;
  const [, major, stage, minor] = match;
  return Number(major) > 1 || stage === undefined || stage === 'beta' || Number(minor) > 1;
}

import { readFile } from 'node:fs/promises';
import { governanceOf, loosenings, newComments } from '../check/governance.js';
import { allRules } from '../check/registry.js';
import type { Report } from '../check/report.js';
import type { Trusted } from '../check/run.js';
import { changedApplications, changedPaths, narrowed, summedUp, withBaseline } from '../check/scope.js';
import type { Diagnostic, Problem } from '../diagnostics/diagnostic.js';
import { inOrder } from '../diagnostics/order.js';
import { shown } from '../diagnostics/show.js';
import { type FileMap, type Tree, textAt } from '../files/file-map.js';
import type { Git } from '../io/git.js';
import { projectFile } from '../spec/read.js';
import { toDiagnostics } from '../yaml/locate.js';
import { UsageError } from './command.js';
import { type Judged, type JudgeRequest, judge } from './judge.js';
import { shippedPolicies } from './policies.js';
import { ruleAddress } from './rule-documents.js';
import type { Target } from './target.js';

/** How a tree is held against an earlier state of its repository. Revisions as git takes them. */
export interface Comparison {
  /** Only findings of what changed since this revision branched off, and of what that affects. */
  readonly changedSince?: string;
  /** A revision, or the path of a report in JSON (absolute): findings that are there too fail nothing. */
  readonly baseline?: { readonly revision: string } | { readonly file: string };
  /** Policies, exemptions and comments that accept findings count as they are in this revision. */
  readonly trust?: string;
}

/** Judges a tree, and what of the result belongs to a change. Throws UsageError where there is no history to compare with. */
export async function judgeChange(request: JudgeRequest, comparison: Comparison): Promise<Judged> {
  const { changedSince, baseline, trust } = comparison;
  const states = new States(request);
  const before = changedSince === undefined ? undefined : await states.at(await states.branchPoint(changedSince));
  const held = trust === undefined ? undefined : await states.at(await states.commit(trust));
  const judged = await judge({ ...request, ...(held === undefined ? {} : { trusted: trustIn(held) }) });
  let { report } = judged;
  const loosened = loosenedBy(request, held ?? before, held !== undefined, report);
  report = summedUp(report, inOrder([...withoutForeignExemptions(report, request, held), ...loosened]));
  if (before !== undefined) {
    const change = {
      files: changedPaths(before.request.tree, request.tree),
      applications: changedApplications(before.judged.repository, judged.repository),
    };
    report = narrowed(report, change, before.judged.report.diagnostics, before.commit);
  }
  if (baseline !== undefined) {
    const known = 'file' in baseline ? await diagnosticsIn(baseline.file) : undefined;
    const state = 'file' in baseline ? undefined : await states.at(await states.branchPoint(baseline.revision));
    const name = 'file' in baseline ? baseline.file : (state as State).commit;
    report = withBaseline(report, known ?? (state as State).judged.report.diagnostics, name);
  }
  return { ...judged, report: held === undefined ? report : { ...report, trusted: held.commit } };
}

/** The target with its specs read as if the blueprints of a revision stood in the tree; the tree stays as it is. */
export async function withBlueprintsOf(target: Target, revision: string): Promise<Target> {
  const { tree, git } = target;
  if (git === undefined || target.specs === undefined) return target;
  const { files } = await git.readTreeAt(revision, { only: blueprintsFolder });
  const held = withBlueprints(tree, files);
  const { specs, problems } = (await import('./workspace.js')).workspaceOf('', held);
  return { ...target, specs, problems };
}

const blueprintsFolder = 'blueprints';

function withBlueprints(tree: Tree, blueprints: FileMap): Tree {
  const others = [...tree.files].filter(([path]) => !path.startsWith(`${blueprintsFolder}/`));
  return { ...tree, files: new Map([...others, ...blueprints]) };
}

/** An earlier state of the repository, judged as it was. */
interface State {
  readonly commit: string;
  readonly request: JudgeRequest;
  readonly judged: Judged;
}

/** Earlier states, each judged once. */
class States {
  private readonly known = new Map<string, Promise<State>>();

  constructor(private readonly request: JudgeRequest) {}

  at(commit: string): Promise<State> {
    const known = this.known.get(commit);
    if (known !== undefined) return known;
    const state = this.judgeAt(commit);
    this.known.set(commit, state);
    return state;
  }

  commit(revision: string): Promise<string> {
    return this.git().commitId(revision);
  }

  /** Where HEAD and a revision part: what came to the revision's branch since then is no part of the change. */
  async branchPoint(revision: string): Promise<string> {
    const commit = await this.commit(revision);
    const { commit: head } = await this.git().head();
    return head === undefined ? commit : ((await this.git().mergeBase(commit, head)) ?? commit);
  }

  private async judgeAt(commit: string): Promise<State> {
    const tree = await this.git().readTreeAt(commit);
    const own = tree.files.has(projectFile) ? (await import('./workspace.js')).workspaceOf('', tree) : undefined;
    const request = { ...this.request, tree, specs: own?.specs, problems: own?.problems ?? [] };
    return { commit, request, judged: await judge(request) };
  }

  private git(): Git {
    if (this.request.git !== undefined) return this.request.git;
    throw new UsageError('there is no history to compare with', 'This needs a folder in a git repository.');
  }
}

function trustIn({ request, judged }: State): Trusted {
  const accepted = new Set(
    judged.report.diagnostics.filter((each) => each.suppressed?.inSource).map((each) => each.fingerprint),
  );
  return {
    ...governanceOf(request.specs),
    mayAccept: ({ fingerprint }) => accepted.has(fingerprint),
  };
}

/** What the change does to policies and exemptions, as findings. Without an earlier state nobody knows. */
function loosenedBy(request: JudgeRequest, before: State | undefined, isHeld: boolean, report: Report): Diagnostic[] {
  if (before === undefined) return [];
  const options = { rules: allRules, shipped: shippedPolicies(), isHeld };
  const problems: Problem[] = loosenings(governanceOf(before.request.specs), governanceOf(request.specs), options);
  if (isHeld) problems.push(...heldBlueprints(before.request.tree, request.tree));
  else problems.push(...newComments(before.judged.report.diagnostics, report.diagnostics));
  return toDiagnostics(problems, request.tree.files, ruleAddress);
}

/** Blueprints that differ, one finding each: what they would render is not what is judged. */
function heldBlueprints(before: Tree, after: Tree): Problem[] {
  const ofBlueprints = changedPaths(before, after).filter((path) => path.startsWith(`${blueprintsFolder}/`));
  const names = new Set(ofBlueprints.map((path) => path.split('/')[1] as string));
  return [...names].map((name) => ({
    ruleId: 'policy-loosened',
    severity: 'info',
    message: `This change brings its own form of blueprint ${shown(name)}.`,
    at: { file: ofBlueprints.find((path) => path.split('/')[1] === name && after.files.has(path)) ?? '' },
    hint: 'It is not used here: the blueprints of the target branch are. It counts once it is merged.',
    key: `blueprint ${name}`,
  }));
}

/**
 * What is said of exemptions of the trusted state points into a file that the tree may have changed: such a place is shown
 * without its line, and an exemption that the change takes away is not reported as unused.
 */
function withoutForeignExemptions(
  report: Report,
  { tree }: JudgeRequest,
  held: State | undefined,
): readonly Diagnostic[] {
  if (held === undefined) return report.diagnostics;
  const differs = (file: string) => textAt(tree.files, file) !== textAt(held.request.tree.files, file);
  return report.diagnostics.flatMap((each) => {
    if (each.ruleId !== 'exemption-unused' && each.ruleId !== 'exemption-expired') return each;
    if (each.file !== 'exemptions.yaml' || !differs(each.file)) return each;
    if (each.ruleId === 'exemption-unused') return [];
    const { range: _, ...rest } = each;
    return rest;
  });
}

/** The findings of a report that was written with `-o json`. */
async function diagnosticsIn(path: string): Promise<readonly Diagnostic[]> {
  const hint = 'Give a revision, or a report: gitops-gen validate --output-file json=FILE.';
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`the baseline ${shown(path, 200)} cannot be read: ${(error as Error).message}`, hint);
  }
  const { schemaVersion, diagnostics } = (value ?? {}) as { schemaVersion?: unknown; diagnostics?: unknown };
  const isFinding = (each: unknown) =>
    typeof each === 'object' && each !== null && typeof (each as Diagnostic).fingerprint === 'string';
  if (schemaVersion !== 1 || !Array.isArray(diagnostics) || !diagnostics.every(isFinding))
    throw new UsageError(`the baseline ${shown(path, 200)} is not a report of this version`, hint);
  return diagnostics as readonly Diagnostic[];
}

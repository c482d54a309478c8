import type { Diagnostic, Problem, Severity } from '../diagnostics/diagnostic.js';
import { inOrder } from '../diagnostics/order.js';
import { type ExemptionEntry, suppress } from '../diagnostics/suppress.js';
import { isApplication } from '../repository/applications.js';
import { isWithin } from '../repository/discover.js';
import type { Repository } from '../repository/index.js';
import type { Unchecked } from '../repository/model.js';
import { waveOf } from '../repository/waves.js';
import { toDiagnostics } from '../yaml/locate.js';
import { together, uncheckedOf, type View } from './ahead.js';
import { capacitySummary } from './capacity-summary.js';
import { undecidedPermissions } from './explain-permission.js';
import { type Governance, governanceOf } from './governance.js';
import { filesWithComments, suppressInline } from './inline.js';
import { ExtendedProjects } from './permissions.js';
import { judgePolicies, type Level, type PolicyEntry, settingsFor } from './policies.js';
import type { Report } from './report.js';
import type { Rule } from './rule.js';
import type { SchemaStage } from './schema-stage.js';
import { summaryOf, verdictOf } from './scope.js';

export { policyEntries } from './governance.js';

export interface CheckOptions {
  readonly rules: readonly Rule[];
  /** What came up while the repository was read and rendered. */
  readonly problems?: readonly Problem[];
  /** By rule id; wins over policies. */
  readonly severities?: Readonly<Record<string, Level>>;
  /** Policies that apply besides the repository's own (those that ship), weakest first. */
  readonly policies?: readonly PolicyEntry[];
  readonly exemptions?: readonly ExemptionEntry[];
  /** Judges in place of what the repository itself says; comments accept only what `mayAccept` permits. */
  readonly trusted?: Trusted;
  /** What became of the objects against their schemas (`checkSchemas`). Without it none was held against one. */
  readonly schemas?: SchemaStage;
  /** Where Applications pin revisions: the same tree as if their pins had moved on to it (`readRepository` with `ahead`). */
  readonly ahead?: View;
  /** ISO date. */
  readonly today: string;
  /** Rule ids or groups; only these run. */
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly tool: { readonly name: string; readonly version: string };
  /** The address of a rule's document. */
  readonly docUrl?: (rule: string) => string;
}

/** Policies and exemptions of a state that is trusted more than the tree. */
export interface Trusted extends Governance {
  /** Whether a comment in the tree may accept this finding. */
  mayAccept(diagnostic: Diagnostic): boolean;
}

/** The only loop over rules: repository → report. Pure; the same input gives the same report. */
export function check(repository: Repository, options: CheckOptions): Report {
  const own = governanceOf(repository.specs);
  const governance = options.trusted ?? own;
  const policies = [...(options.policies ?? []), ...governance.policies];
  const runs = (id: string, group: string | undefined) =>
    (options.only === undefined || options.only.includes(id) || options.only.includes(group ?? '')) &&
    !(options.skip ?? []).some((each) => each === id || each === group);
  const byId = new Map(options.rules.map((rule) => [rule.id, rule]));
  const { problems: read = [], schemas, ahead } = options;
  const views: View[] = [{ repository, problems: read, ...(schemas && { schemas }) }, ...(ahead ? [ahead] : [])];
  const [deployed = [], later = []] = views.map((view) => problemsOf(view, options, policies, runs));
  const problems = ahead === undefined ? deployed : together(deployed, later);
  const collect = (problem: Problem) => problems.push(problem);
  judgePolicies([...(options.policies ?? []), ...own.policies], options.rules, collect);
  if (isNothingChecked(repository)) collect(nothingChecked(repository));

  const diagnostics = locate(repository, problems, options);
  const late: Problem[] = [];
  const exemptions = [...(options.exemptions ?? []), ...governance.exemptions];
  const ran = (id: string) => runs(id, byId.get(id)?.group);
  const suppressed = suppress(diagnostics, exemptions, options.today, (problem) => late.push(problem), ran);
  const inline = suppressInline(suppressed, repository.tree.files, judgedFiles(views), {
    isRule: (id) => byId.has(id),
    ran,
    ...(options.trusted === undefined ? {} : { mayAccept: options.trusted.mayAccept }),
  });
  const all = inOrder([...inline.diagnostics, ...locate(repository, [...late, ...inline.problems], options)]);
  const unchecked = [
    ...uncheckedOf(views),
    ...gates(repository),
    ...(runs('project-permits', 'argocd') ? undecidedPermissions(repository) : []),
  ];
  return {
    schemaVersion: 1,
    tool: options.tool,
    verdict: verdictOf(all, unchecked),
    summary: summaryOf(all),
    checked: repository.checked,
    unchecked,
    diagnostics: all,
    ...(runs('gpu-capacity', 'capacity') ? capacitySummary(repository, ahead?.repository) : {}),
  };
}

/** What came up while a view was read, and what the rules say of it. */
function problemsOf(
  { repository, problems = [], schemas }: View,
  options: CheckOptions,
  policies: readonly PolicyEntry[],
  runs: (id: string, group: string | undefined) => boolean,
): Problem[] {
  const out: Problem[] = [];
  const collect = (problem: Problem) => {
    out.push(problem);
  };
  const byId = new Map(options.rules.map((rule) => [rule.id, rule]));
  for (const problem of [...problems, ...(schemas?.problems ?? [])]) {
    // The Secret that a generator makes is judged with all others, by what its keys and values are.
    if (problem.ruleId === 'kustomize-plain-secret' && runs('secrets-not-in-git', 'security')) continue;
    const rule = byId.get(problem.ruleId);
    if (!runs(problem.ruleId, rule?.group)) continue;
    const level = options.severities?.[problem.ruleId] ?? (rule && settingsFor(rule, policies).level(undefined));
    if (level !== 'off') collect(level === undefined ? problem : { ...problem, severity: level });
  }
  const projects = new ExtendedProjects(repository);
  for (const rule of options.rules) {
    if (runs(rule.id, rule.group)) runRule(rule, repository, projects, policies, options, collect);
  }
  return out;
}

function runRule(
  rule: Rule,
  repository: Repository,
  projects: ExtendedProjects,
  policies: readonly PolicyEntry[],
  options: CheckOptions,
  collect: (problem: Problem) => void,
): void {
  if (rule.check === undefined) return;
  const settings = settingsFor(rule, policies);
  const chosen = options.severities?.[rule.id];
  if (chosen === 'off') return;
  rule.check(
    { repository, projects, today: options.today, parameters: (environment) => settings.parameters(environment) },
    ({ severity, environment, ...finding }) => {
      const level: Level = chosen ?? settings.level(environment) ?? severity ?? rule.severity;
      if (level !== 'off') collect({ ...finding, ruleId: rule.id, severity: level satisfies Severity });
    },
  );
}

/** A finding on a field that several overlays share is one finding: same rule, same place, same words. */
function locate(repository: Repository, problems: readonly Problem[], options: CheckOptions): Diagnostic[] {
  const seen = new Set<string>();
  const once = problems.filter(({ ruleId, at, message }) => {
    const key = JSON.stringify([ruleId, at.file, at.document ?? 0, at.pointer, at.offset, at.part, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return toDiagnostics(once, repository.tree.files, options.docUrl);
}

/** The files that objects come from and that change them, as far as they hold comments that accept findings. */
function judgedFiles(views: readonly View[]): Iterable<string> {
  const marked = new Set(views.flatMap(({ repository }) => filesWithComments(repository.tree.files)));
  // Who changed an object is dear to ask, and there are few such files, mostly none.
  if (marked.size === 0) return [];
  const objects = views.flatMap(({ repository }) => repository.objects);
  return new Set(
    objects
      .flatMap(({ resource }) => [resource.origin.file, ...resource.changedBy.map((each) => each.file)])
      .filter((file) => marked.has(file)),
  );
}

function isNothingChecked({ checked, specs, dirs }: Repository): boolean {
  const written = specs === undefined ? [] : [specs.project, ...specs.families, ...specs.clusters];
  const hasSpecs = written.some((each) => each !== undefined && isWithin(each.file, dirs));
  return checked.resources === 0 && checked.applications === 0 && !hasSpecs;
}

function nothingChecked({ unchecked, dirs, checked }: Repository): Problem {
  const hasTemplates = unchecked.some(({ what, file }) => what === 'template' && isWithin(file, dirs));
  const base = { ruleId: 'nothing-checked', severity: 'error', at: { file: '' } } as const;
  if (checked.kustomizations > 0) {
    return {
      ...base,
      message: 'Nothing could be checked: no object came of any kustomization here.',
      hint: 'See what is said of their builds, and of what was not checked.',
    };
  }
  return {
    ...base,
    message: `There is nothing to check here${hasTemplates ? ' but templates' : ''}: no kustomization, no Kubernetes manifest, no Argo CD Application.`,
    hint: hasTemplates
      ? 'Render the templates, and judge what comes out: gitops-gen validate <dir>, or - for a pipe.'
      : 'Name the folder that holds the manifests: gitops-gen validate <dir>.',
  };
}

/** Whether waves of Applications wait is decided in argocd-cm, which its owner may keep elsewhere. */
function gates({ applications, argocd }: Repository): Unchecked[] {
  const parent = applications.find(
    (each) =>
      new Set(each.deployed.filter((child) => isApplication(child.object)).map((child) => waveOf(child.object.value)))
        .size > 1,
  );
  if (parent === undefined || argocd.configMaps.length > 0) return [];
  const reason =
    'argocd-cm is not in this repository: whether waves of Applications wait for their health is decided there';
  return [{ what: 'sync waves across Applications', file: parent.object.resource.origin.file, reason, minor: true }];
}

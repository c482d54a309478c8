import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '../../check/report.js';
import { counts } from '../../check/scope.js';
import type { Severity } from '../../diagnostics/diagnostic.js';
import { minorOf, minorRange, type Summary } from '../../schema/index.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';

import { type ExitCode, exitCode } from '../io.js';
import { type Judged, type JudgeRequest, judge } from '../judge.js';
import type { Comparison } from '../judge-change.js';
import { list } from '../options.js';
import { hasErrors } from '../problems.js';
import { outputFile, type ReportFormat, renderReport, reportFormats, writeReportFile } from '../reports.js';
import { definitionsAt, locationIn } from '../schema-sources.js';
import { type Target, targetOf } from '../target.js';
import { today } from '../today.js';

const thresholds = ['error', 'warning', 'info', 'never'] as const;

export const command: CommandDefinition = {
  name: 'validate',
  description:
    "Judges a repository, its own or any other: YAML, a Kustomize build of every overlay, Kubernetes and Argo CD schemas in strict mode, Argo CD's own rules, references, capacity and policies. What cannot be checked is said. Exit code 1 where there are findings at or above --fail-on.",
  arguments: [
    {
      name: '[path...]',
      description:
        'folders to judge, Applications being followed from there; or files, and - for a pipe (default: the repository)',
    },
  ],
  options: [
    { flags: '-o, --format <format>', description: 'how to print the report', choices: reportFormats, default: 'text' },
    { flags: '--output-file <format=path>', description: 'write it to a file too; may be repeated', parse: outputFile },
    {
      flags: '--fail-on <severity>',
      description: 'the lowest severity that fails',
      choices: thresholds,
      default: 'error',
    },
    { flags: '--require-complete', description: 'fail where something could not be checked' },
    {
      flags: '--changed-since <revision>',
      description: 'only findings of what changed since this revision, and of what that affects',
    },
    {
      flags: '--baseline <revision or file>',
      description: 'findings that this revision, or report in JSON, has too fail nothing',
    },
    {
      flags: '--trust <revision>',
      description:
        'take policies, exemptions and blueprints from this revision: what the tree says of itself does not count',
    },
    { flags: '--branch <name>', description: 'the branch that the tree goes into (default: the one checked out)' },
    { flags: '--only <ids or groups>', description: 'run only these rules', parse: list },
    { flags: '--skip <ids or groups>', description: 'leave these rules out', parse: list },
    {
      flags: '--kubernetes-version <version>',
      description: 'such as 1.34, or 1.33-1.36 for what differs between them (default: that of gitops-gen.yaml)',
      parse: kubernetesVersions,
    },
    {
      flags: '--crd <path>',
      description: 'a file or folder of CRDs that win over the bundled ones; may be repeated',
      parse: list,
    },
    {
      flags: '--schema-location <template>',
      description: 'local files of JSON schemas, in the form of kubeconform; may be repeated',
      parse: list,
    },
    { flags: '--ignore-missing-schemas', description: 'a kind without a schema is no finding' },
    { flags: '--skip-kind <kinds>', description: 'hold no object of these kinds against its schema', parse: list },
    { flags: '--reject-kind <kinds>', description: 'an object of these kinds is an error', parse: list },
    { flags: '--exit-on-error', description: 'stop at the first object that its schema refuses' },
    { flags: '--summary', description: 'how many objects came out how, on standard error' },
    { flags: '--argocd-version <version>', description: 'such as 3.1.0 (default: that of gitops-gen.yaml)' },
  ],
  examples: [
    { command: 'validate', does: 'this repository' },
    { command: 'validate ../other-repository --fail-on warning', does: 'any other, more strictly' },
    {
      command: 'validate -o github --output-file json=report.json',
      does: 'in a workflow: annotations, and the report as a file',
    },
    {
      command: 'validate --changed-since origin/main --baseline origin/main --trust origin/main',
      does: 'in any CI: judge a change by the rules of its target, and fail only on what it adds',
    },
    { command: 'validate --only schema,project-permits', does: 'one group and one rule' },
    {
      command: 'validate --only schema --kubernetes-version 1.33-1.36 --summary deployment.yaml',
      does: 'a file against four versions of Kubernetes',
    },
    { command: 'validate --only schema --crd crds/ -', does: 'what a pipe brings, with CRDs of your own' },
  ],
  run: validate,
};

async function validate(context: CommandContext): Promise<ExitCode> {
  const { options, io, global } = context;
  const target = await targetOf(context);
  const comparison = await comparisonOf(context, target);
  const own = comparison?.trust === undefined ? target : await trusted(target, comparison.trust);
  await context.progress(`judging ${target.tree.files.size} files`);
  const { definitions, problems } = await definitionsAt(
    context,
    (options['crd'] as readonly string[] | undefined) ?? [],
  );
  const locations = options['schemaLocation'] as readonly string[] | undefined;
  const versions = options['kubernetesVersion'] as readonly string[] | undefined;
  const request: JudgeRequest = {
    ...own,
    problems: [...own.problems, ...problems],
    today: today(io),
    definitions,
    schemas: {
      skipKinds: (options['skipKind'] as readonly string[] | undefined) ?? [],
      rejectKinds: (options['rejectKind'] as readonly string[] | undefined) ?? [],
      ignoreMissing: options['ignoreMissingSchemas'] === true,
      exitOnError: options['exitOnError'] === true,
    },
    ...(locations === undefined
      ? {}
      : { schemaLocations: locations.map((template) => locationIn(global.directory, template)) }),
    ...(versions === undefined ? {} : { kubernetesVersions: versions }),
    ...pick(options, ['only', 'skip', 'argocdVersion', 'branch']),
  };
  const { report, schemas } = comparison === undefined ? await judge(request) : await compared(request, comparison);
  await context.progress(undefined);
  const { files } = target.tree;
  const prefix = target.git?.prefix ?? '';
  await io.stdout(renderReport(report, options['format'] as ReportFormat, files, global.color.stdout, prefix));
  for (const file of (options['outputFile'] as readonly { format: ReportFormat; path: string }[] | undefined) ?? []) {
    await writeReportFile(
      resolve(global.directory, file.path),
      renderReport(report, file.format, files, false, prefix),
    );
  }
  if (options['summary'] === true) await io.stderr(summaryLine(schemas));
  // Our own files being wrong is a usage error: what would come of them was not judged.
  if (isOwnFault(own, report)) return exitCode.usage;
  // Where schemas are all that was asked for, and no object was held against one, nothing was checked: never a success.
  const only = options['only'] as readonly string[] | undefined;
  if (only?.every((each) => each === 'schema') === true && schemas.valid + schemas.invalid === 0) {
    await context.say('no object was held against a schema: nothing was checked');
    return exitCode.findings;
  }
  return codeOf(report, options['failOn'] as (typeof thresholds)[number], options['requireComplete'] === true);
}

/** The flags that hold the tree against an earlier state, or undefined where there is none. */
async function comparisonOf({ options, global }: CommandContext, { git }: Target): Promise<Comparison | undefined> {
  const given = pick(options, ['changedSince', 'trust']) as Pick<Comparison, 'changedSince' | 'trust'>;
  const baseline = options['baseline'] as string | undefined;
  if (baseline === undefined) return Object.keys(given).length === 0 ? undefined : given;
  // A file only where git knows no such revision: a file of that name must not hide a branch.
  const isRevision = await git?.commitId(baseline).then(
    () => true,
    () => false,
  );
  const file = resolve(global.directory, baseline);
  if (isRevision !== true && existsSync(file)) return { ...given, baseline: { file } };
  return { ...given, baseline: { revision: baseline } };
}

/** Whether a file that people write is wrong, and the change is to blame where there is one. */
function isOwnFault({ problems }: Target, { diagnostics }: Report): boolean {
  if (!hasErrors(problems)) return false;
  const rules = new Set(problems.map(({ ruleId }) => ruleId));
  return diagnostics.some((each) => each.severity === 'error' && counts(each) && rules.has(each.ruleId));
}

async function trusted(target: Target, revision: string): Promise<Target> {
  return (await import('../judge-change.js')).withBlueprintsOf(target, revision);
}

/** Loaded only where it is asked for. */
async function compared(request: JudgeRequest, comparison: Comparison): Promise<Judged> {
  return (await import('../judge-change.js')).judgeChange(request, comparison);
}

/** In the words of kubeconform's `-summary`. */
function summaryLine({ valid, invalid, errors, skipped }: Summary): string {
  const all = valid + invalid + errors + skipped;
  return `Summary: ${all} ${all === 1 ? 'resource' : 'resources'} found - Valid: ${valid}, Invalid: ${invalid}, Errors: ${errors}, Skipped: ${skipped}\n`;
}

/** `1.34`, or every minor of `1.33-1.36`, oldest first. */
function kubernetesVersions(text: string): readonly string[] {
  const range = minorRange(text.replace(/^v/, ''));
  if (range !== undefined) return range;
  if (minorOf(text) !== undefined) return [text];
  throw new UsageError(`'${text}' is not a version of Kubernetes`, 'Write 1.34, or 1.33-1.36 for a range.');
}

/** The exit code of a report: findings at or above the threshold, or something unchecked where all was asked for. */
export function codeOf(report: Report, failOn: (typeof thresholds)[number], requireComplete: boolean): ExitCode {
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  const counted = failOn === 'never' ? [] : order.slice(0, order.indexOf(failOn) + 1);
  const found = report.diagnostics.some((each) => counts(each) && counted.includes(each.severity));
  const isIncomplete = requireComplete && report.unchecked.some((each) => each.minor !== true);
  return found || isIncomplete ? exitCode.findings : exitCode.ok;
}

function pick(options: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

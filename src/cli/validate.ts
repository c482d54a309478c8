import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '../check/report.js';
import { counts } from '../check/scope.js';
import type { CommandContext } from './command.js';

import { type ExitCode, exitCode } from './io.js';
import { type Judged, type JudgeRequest, judge } from './judge.js';
import type { Comparison } from './judge-change.js';
import { hasErrors } from './problems.js';
import { type ReportFormat, renderReport, writeReportFile } from './reports.js';
import { checkRuleNames } from './rule-names.js';
import { definitionsAt, locationIn } from './schema-sources.js';
import { summaryLine } from './summary-line.js';
import { type Target, targetOf } from './target.js';
import { codeOf, type Threshold } from './thresholds.js';
import { today } from './today.js';

/** `validate` in full: reads what was named, judges it, and says what came of it. */
export async function validate(context: CommandContext): Promise<ExitCode> {
  const { options, io, global } = context;
  const only = options['only'] as readonly string[] | undefined;
  checkRuleNames('--only', only);
  checkRuleNames('--skip', options['skip'] as readonly string[] | undefined);
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
  if (only?.every((each) => each === 'schema') === true && schemas.valid + schemas.invalid === 0) {
    await context.say('no object was held against a schema: nothing was checked');
    return exitCode.findings;
  }
  return codeOf(report, options['failOn'] as Threshold, options['requireComplete'] === true);
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
  return (await import('./judge-change.js')).withBlueprintsOf(target, revision);
}

/** Loaded only where it is asked for. */
async function compared(request: JudgeRequest, comparison: Comparison): Promise<Judged> {
  return (await import('./judge-change.js')).judgeChange(request, comparison);
}

function pick(options: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

import { existsSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import type { Report } from '../../check/report.js';
import type { Problem, Severity } from '../../diagnostics/diagnostic.js';
import type { Tree } from '../../files/file-map.js';
import { recover } from '../../io/apply.js';
import { findGit } from '../../io/git.js';
import { readTree } from '../../io/read-tree.js';
import { projectFile } from '../../spec/read.js';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.js';
import { hasErrors } from '../generate.js';
import { type ExitCode, exitCode } from '../io.js';
import { judge } from '../judge.js';
import { list } from '../options.js';
import { outputFile, type ReportFormat, renderReport, reportFormats, writeReportFile } from '../reports.js';
import { today } from '../today.js';
import { repositoryRoot, workspaceOf } from '../workspace.js';

const thresholds = ['error', 'warning', 'info', 'never'] as const;

export const command: CommandDefinition = {
  name: 'validate',
  description:
    "Judges a repository, its own or any other: YAML, a Kustomize build of every overlay, Kubernetes and Argo CD schemas in strict mode, Argo CD's own rules, references, capacity and policies. What cannot be checked is said. Exit code 1 where there are findings at or above --fail-on.",
  arguments: [
    {
      name: '[dir...]',
      description: 'folders to judge; Applications are followed from there (default: the repository)',
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
    { flags: '--only <ids or groups>', description: 'run only these rules', parse: list },
    { flags: '--skip <ids or groups>', description: 'leave these rules out', parse: list },
    { flags: '--kubernetes-version <version>', description: 'such as 1.34 (default: that of gitops-gen.yaml)' },
    { flags: '--argocd-version <version>', description: 'such as 3.1.0 (default: that of gitops-gen.yaml)' },
  ],
  examples: [
    { command: 'validate', does: 'this repository' },
    { command: 'validate ../other-repository --fail-on warning', does: 'any other, more strictly' },
    {
      command: 'validate -o github --output-file json=report.json',
      does: 'in a workflow: annotations, and the report as a file',
    },
    { command: 'validate --only schema,project-permits', does: 'one group and one rule' },
  ],
  run: validate,
};

async function validate(context: CommandContext): Promise<ExitCode> {
  const { options, io, global } = context;
  const { root, dirs } = target(context);
  await recover(root);
  await context.progress('reading');
  const tree = await readTree(root);
  const request = specsOf(root, tree);
  const git = await findGit(root);
  await context.progress(`judging ${tree.files.size} files`);
  const { report } = await judge({
    tree,
    ...request,
    today: today(io),
    ...(dirs.length === 0 ? {} : { dirs }),
    ...(git === undefined ? {} : { git }),
    ...pick(options, ['only', 'skip', 'kubernetesVersion', 'argocdVersion']),
  });
  await context.progress(undefined);
  const format = options['format'] as ReportFormat;
  await io.stdout(renderReport(report, format, tree.files, global.color.stdout));
  for (const file of (options['outputFile'] as readonly { format: ReportFormat; path: string }[] | undefined) ?? []) {
    await writeReportFile(resolve(global.directory, file.path), renderReport(report, file.format, tree.files, false));
  }
  // Our own files being wrong is a usage error: what would come of them was not judged.
  if (hasErrors(request.problems)) return exitCode.usage;
  return codeOf(report, options['failOn'] as (typeof thresholds)[number], options['requireComplete'] === true);
}

/** The exit code of a report: findings at or above the threshold, or something unchecked where all was asked for. */
export function codeOf(report: Report, failOn: (typeof thresholds)[number], requireComplete: boolean): ExitCode {
  const order: readonly Severity[] = ['error', 'warning', 'info'];
  const counted = failOn === 'never' ? [] : order.slice(0, order.indexOf(failOn) + 1);
  const found = report.diagnostics.some((each) => each.suppressed === undefined && counted.includes(each.severity));
  const isIncomplete = requireComplete && report.unchecked.some((each) => each.minor !== true);
  return found || isIncomplete ? exitCode.findings : exitCode.ok;
}

/** Where the repository starts, and which folders of it are asked for. */
function target({ arguments: [given], global }: CommandContext): { root: string; dirs: readonly string[] } {
  const asked = (given as readonly string[]).map((dir) => resolve(global.directory, dir));
  for (const dir of asked) {
    if (!existsSync(dir)) throw new UsageError(`there is no folder ${dir}`);
    if (!statSync(dir).isDirectory()) throw new UsageError(`${dir} is not a folder`, 'Name the folder that holds it.');
  }
  const first = asked[0] ?? global.directory;
  const root = repositoryRoot(first) ?? first;
  const dirs = asked.map((dir) => relative(root, dir).split(sep).join('/'));
  if (dirs.some((dir) => dir.startsWith('..')))
    throw new UsageError('the folders lie in different repositories', 'Judge one repository at a time.');
  return { root, dirs: dirs.includes('') ? [] : dirs };
}

/** What people wrote, where this is a repository of ours; none of it is demanded. */
function specsOf(
  root: string,
  tree: Tree,
): { specs: ReturnType<typeof workspaceOf>['specs'] | undefined; problems: readonly Problem[] } {
  if (!tree.files.has(projectFile)) return { specs: undefined, problems: [] };
  const { specs, problems } = workspaceOf(root, tree);
  return { specs, problems };
}

function pick(options: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

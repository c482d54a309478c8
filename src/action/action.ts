import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import type { Report } from '../check/report.js';
import { describeError } from '../cli/errors.js';
import { type ExitCode, exitCode, type Io } from '../cli/io.js';
import { main } from '../cli/main.js';
import { findGit } from '../io/git.js';
import { packageVersion } from '../io/package-data.js';
import { markdownReport } from '../report/index.js';
import { type Change, readEvent } from './event.js';
import { type Inputs, readInputs } from './inputs.js';
import { baseOf } from './revisions.js';
import { Runner } from './runner.js';
import { commentBody } from './sticky.js';

/**
 * The GitHub Action: the same `validate` as on a command line, held against the commit that a pull request goes into. Inputs
 * come from `INPUT_*`; annotations, summary, outputs and reports go where the runner wants them. Nothing of the pull request
 * is executed, no token is needed, and nothing outside of the runner's temporary folder is written.
 */
export async function runAction(io: Io): Promise<ExitCode> {
  const runner = new Runner(io);
  try {
    return await judgeEvent(io, runner);
  } catch (error) {
    const { code, text } = await describeError(error, io);
    await runner.command('error', text.trim());
    return code;
  }
}

async function judgeEvent(io: Io, runner: Runner): Promise<ExitCode> {
  const refuse = async (...why: readonly string[]): Promise<ExitCode> => {
    for (const each of why) await runner.command('error', each);
    return exitCode.usage;
  };
  const read = readInputs(io.env);
  if ('problems' in read) return refuse(...read.problems);
  const { inputs } = read;
  const event = await readEvent(io.env);
  if ('refused' in event) return refuse(event.refused);
  const workspace = resolve(io.env['GITHUB_WORKSPACE'] ?? io.cwd);
  const place = directoryIn(workspace, inputs.directory);
  if ('refused' in place) return refuse(place.refused);
  const against = event.change === undefined ? [] : await comparison(event.change, inputs, place.directory, io);
  if ('refused' in against) return refuse(against.refused);
  const temp = io.env['RUNNER_TEMP'] ?? tmpdir();
  await mkdir(temp, { recursive: true });
  const folder = await mkdtemp(join(temp, 'gitops-gen-'));
  const argv = ['validate', place.directory, ...against, '--fail-on', inputs.failOn];
  if (inputs.requireComplete) argv.push('--require-complete');
  for (const [format, name] of reports) argv.push('--output-file', `${format}=${join(folder, name)}`);
  let said = '';
  const code = await runner.quoted((quoted) => {
    const stderr = async (text: string) => {
      said += text;
      await quoted.stderr(text);
    };
    return main(argv, { ...quoted, stderr, cwd: workspace }, packageVersion());
  });
  const isTold = await tell(runner, folder, event.change, inputs, io);
  // What ended the run is in the log, where nothing is a command; said once more, so that it is an annotation.
  if (!isTold) await runner.command('error', said.trim() || `gitops-gen ended with exit code ${code}`);
  return code;
}

const reports = [
  ['json', 'report.json'],
  ['sarif', 'report.sarif'],
  ['github', 'annotations.txt'],
  ['html', 'report.html'],
] as const;

/** The folder to judge. It is the workflow's choice; that it is a folder and no link is the pull request's. */
function directoryIn(workspace: string, given: string): { readonly directory: string } | { readonly refused: string } {
  const directory = resolve(workspace, given);
  const inside = relative(workspace, directory);
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside)
    return { refused: `Input directory leads out of the workspace: ${JSON.stringify(given)}.` };
  let path = workspace;
  for (const part of inside.split(sep).filter((each) => each !== '')) {
    path = join(path, part);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink())
      return { refused: `${relative(workspace, path)} is a symbolic link: links are not followed.` };
    if (!stat?.isDirectory()) return { refused: `There is no folder ${relative(workspace, path)} in the workspace.` };
  }
  return { directory };
}

/** The flags that hold the tree against what it goes into. */
async function comparison(
  change: Change,
  inputs: Inputs,
  directory: string,
  io: Io,
): Promise<readonly string[] | { readonly refused: string }> {
  const found = await baseOf(change, await findGit(directory), io.env['GITHUB_SHA']);
  if ('refused' in found) return found;
  const isHeld = change.isForeign || inputs.policiesFrom === 'base';
  return [
    ...(inputs.changedOnly ? ['--changed-since', found.base] : []),
    ...(inputs.baseline ? ['--baseline', found.base] : []),
    ...(isHeld ? ['--trust', found.base] : []),
    ...(change.branch === undefined || change.branch.startsWith('-') ? [] : ['--branch', change.branch]),
  ];
}

/** Annotations, summary, outputs, and the text for the comment. Without a report (a usage error) there are none: false. */
async function tell(
  runner: Runner,
  folder: string,
  change: Change | undefined,
  inputs: Inputs,
  io: Io,
): Promise<boolean> {
  const text = await readFile(join(folder, 'report.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return false;
  const report = JSON.parse(text) as Report;
  await runner.commands(await readFile(join(folder, 'annotations.txt'), 'utf8'));
  await runner.summary(markdownReport(report, { limit: summaryLimit }));
  if (change?.number !== undefined && inputs.comment)
    await writeFile(join(folder, 'comment.md'), commentBody(report, inputs.directory, io.env));
  await runner.outputs({
    verdict: report.verdict,
    errors: String(report.summary.errors),
    warnings: String(report.summary.warnings),
    'changed-applications': JSON.stringify(report.change?.applications ?? []),
    report: join(folder, 'report.json'),
    sarif: join(folder, 'report.sarif'),
  });
  return true;
}

/** In bytes. A step has 1 MiB; what is over is refused whole. */
const summaryLimit = 1_000_000;

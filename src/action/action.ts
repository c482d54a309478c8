import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Report } from '../check/report.js';
import { type ExitCode, exitCode, type Io } from '../cli/io.js';
import { main } from '../cli/main.js';
import { packageVersion } from '../io/package-data.js';

/**
 * The GitHub Action: the same `validate` as on a command line, with inputs from `INPUT_*`, annotations on standard output,
 * a summary and outputs in the files that the runner names. Nothing of the pull request is executed.
 */
export async function runAction(io: Io): Promise<ExitCode> {
  const input = (name: string): string => io.env[`INPUT_${name.toUpperCase().replaceAll('-', '_')}`]?.trim() ?? '';
  const refusal = refuse(io.env['GITHUB_EVENT_NAME'], await event(io.env['GITHUB_EVENT_PATH']));
  if (refusal !== undefined) {
    await io.stdout(`::error title=gitops-gen::${escapeData(refusal)}\n`);
    return exitCode.usage;
  }
  const workspace = io.env['GITHUB_WORKSPACE'] ?? io.cwd;
  const folder = await mkdtemp(join(io.env['RUNNER_TEMP'] ?? tmpdir(), 'gitops-gen-'));
  const json = join(folder, 'report.json');
  const summary = join(folder, 'summary.md');
  const argv = ['validate', resolve(workspace, input('directory') || '.'), '-o', 'github'];
  argv.push('--output-file', `json=${json}`, '--output-file', `markdown=${summary}`);
  if (input('fail-on')) argv.push('--fail-on', input('fail-on'));
  if (input('require-complete') === 'true') argv.push('--require-complete');
  const code = await main(argv, { ...io, cwd: workspace }, packageVersion());
  await publish(io, json, summary);
  return code;
}

/** `pull_request_target` runs with the secrets of the base; on the head of a fork that would hand them out. */
function refuse(name: string | undefined, payload: EventPayload): string | undefined {
  if (name !== 'pull_request_target') return undefined;
  const { head, base } = payload.pull_request ?? {};
  if (head?.repo?.full_name === base?.repo?.full_name && head?.repo?.full_name !== undefined) return undefined;
  return 'pull_request_target with the head of a fork is refused: use the pull_request event, which needs no secrets.';
}

interface EventPayload {
  readonly pull_request?: {
    readonly [side in 'head' | 'base']?: { readonly repo?: { readonly full_name?: string } | null };
  };
}

async function event(path: string | undefined): Promise<EventPayload> {
  if (path === undefined || path === '') return {};
  try {
    return JSON.parse(await readFile(path, 'utf8')) as EventPayload;
  } catch {
    return {};
  }
}

/** Outputs and summary, where the runner wants them. Without a report (a usage error) there are none. */
async function publish(io: Io, json: string, summary: string): Promise<void> {
  const text = await readFile(json, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const report = JSON.parse(text) as Report;
  const outputs = {
    verdict: report.verdict,
    errors: report.summary.errors,
    warnings: report.summary.warnings,
    report: json,
  };
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY } = io.env;
  if (GITHUB_OUTPUT) await appendFile(GITHUB_OUTPUT, lines.join(''));
  if (GITHUB_STEP_SUMMARY) await appendFile(GITHUB_STEP_SUMMARY, await readFile(summary, 'utf8').catch(() => ''));
}

/** Workflow commands end at the line: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

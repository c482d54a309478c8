import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ExitCode, exitCode, type Io } from '../cli/io.js';
import { readEvent } from './event.js';
import { Runner } from './runner.js';
import { stick } from './sticky.js';

/**
 * The second step of the Action, the only one with a token: writes what the first one left as the comment of the pull request.
 * It reads nothing of the pull request. Whatever goes wrong is a notice: the verdict is that of the first step.
 */
export async function runComment(io: Io): Promise<ExitCode> {
  const runner = new Runner(io);
  const skip = async (why: string): Promise<ExitCode> => {
    await runner.command('notice', `No comment on the pull request: ${why}. The job summary has the report.`);
    return exitCode.ok;
  };
  const { INPUT_TOKEN: token = '', INPUT_REPORT: report = '', GITHUB_REPOSITORY: name = '' } = io.env;
  const event = await readEvent(io.env);
  if ('refused' in event) return skip(event.refused);
  const { change } = event;
  if (change?.number === undefined) return exitCode.ok;
  if (change.isForeign) return skip('it comes from a fork, whose token only reads');
  if (token === '') return skip('there is no token');
  const repository = /^(?!\.)([\w.-]+)\/(?!\.{1,2}$)([\w.-]+)$/.exec(name);
  if (repository === null) return skip('GITHUB_REPOSITORY names none');
  const body =
    report === '' ? undefined : await readFile(join(dirname(report), 'comment.md'), 'utf8').catch(() => undefined);
  if (body === undefined) return skip('there is no report');
  const { CommentsError, pullRequestComments } = await import('../io/pull-request-comments.js');
  try {
    const comments = await pullRequestComments({
      apiUrl: io.env['GITHUB_API_URL'] ?? 'https://api.github.com',
      owner: repository[1] as string,
      repository: repository[2] as string,
      number: change.number,
      token,
    });
    const done = await stick(comments, body);
    await runner.command('debug', `comment ${done}`);
  } catch (error) {
    // The verdict does not depend on a comment: a fault of ours is said, and no more.
    return skip(error instanceof CommentsError ? error.message : `internal error: ${String(error)}`);
  }
  return exitCode.ok;
}

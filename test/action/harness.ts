import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Report } from '../../src/check/report.js';
import { repository } from '../support/git-repository.js';
import { type PullRequest, type Recorded, record } from './pull-requests.js';
import { type Ran, type RunOptions, runAction } from './runner.js';
import { fleet } from './small-fleet.js';

/** Where everything of a test file lies, and the repository that pull requests go into. */
export let home: string;
export let into: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gitops-gen-strangers-'));
  into = join(home, 'fleet');
  repository(into, fleet);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

export interface Judged extends Ran {
  readonly request: PullRequest;
  readonly report: Report | undefined;
  readonly found: readonly string[];
  readonly comment: string;
}

/** Records a pull request of the small fleet, from a fork unless said otherwise, and runs the Action on it. */
export async function run(options: Omit<Recorded, 'into' | 'home'>, more: Partial<RunOptions> = {}): Promise<Judged> {
  const request = record({ fork: true, ...options, into, home });
  // Nothing answers there: these tests are not about the comment.
  const env = { GITHUB_SHA: request.sha, GITHUB_API_URL: 'http://127.0.0.1:9', ...more.env };
  const ran = await runAction({ ...request, temp: join(home, 'temp'), ...more, env });
  const path = ran.outputs['report'];
  const report = path === undefined ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as Report);
  const comment = path === undefined ? '' : join(dirname(path), 'comment.md');
  return {
    ...ran,
    request,
    report,
    found: (report?.diagnostics ?? []).map(({ file, ruleId }) => `${file} ${ruleId}`),
    comment: existsSync(comment) ? readFileSync(comment, 'utf8') : '',
  };
}

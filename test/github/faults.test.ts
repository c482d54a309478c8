import { describe, expect, it, onTestFinished } from 'vitest';
import { describeError } from '../../src/cli/errors.js';
import type { Io } from '../../src/cli/io.js';
import { openGitHub } from '../../src/io/github.js';
import { type ForgeAddress, forgeAddress } from '../../src/publish/forge-address.js';
import { type Opened, refuseUnfit, settlePullRequest, type Wanted } from '../../src/publish/publish-change.js';
import { type AttemptOptions, ROWS, START } from './fault-rows.js';
import { LocalGitHub, type LocalOptions } from './local-github.js';

const WANTED: Wanted = {
  branch: 'gitops-gen/x',
  base: 'main',
  title: 'A change',
  body: 'What it does',
  labels: [],
  users: [],
  teams: [],
  draft: false,
  retitle: false,
};

/** A GitHub with a branch that could become a pull request. */
async function github(options: LocalOptions = {}): Promise<LocalGitHub> {
  const server = await LocalGitHub.start(options);
  onTestFinished(() => server.stop());
  const commit = (parent: string, message: string) => {
    const env = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    const tree = server.git('hash-object', '-w', '-t', 'tree', '/dev/null');
    return server.git(...env, 'commit-tree', '-m', message, ...(parent === '' ? [] : ['-p', parent]), tree);
  };
  const first = commit('', 'one');
  server.git('update-ref', 'refs/heads/main', first);
  server.git('update-ref', 'refs/heads/gitops-gen/x', commit(first, 'two'));
  return server;
}

interface Attempt {
  readonly opened?: Opened;
  readonly code: number;
  readonly text: string;
  readonly waits: readonly number[];
}

/** What `pr` does at the forge, with a clock that only waiting moves. */
async function attempt(server: LocalGitHub, options: AttemptOptions = {}): Promise<Attempt> {
  const waits: number[] = [];
  let now = START;
  try {
    const forge = await openGitHub(forgeAddress(server.remote) as ForgeAddress, {
      token: options.token ?? server.options.token,
      tokenFrom: 'GITHUB_TOKEN',
      userAgent: 'test',
      now: () => now,
      sleep: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      timeoutMs: options.timeoutMs ?? 5000,
      ...(options.maxWaitMs === undefined ? {} : { maxWaitMs: options.maxWaitMs }),
    });
    refuseUnfit(await forge.repository());
    const opened = await settlePullRequest({ ...WANTED, ...options.wanted }, forge);
    return { opened, code: 0, text: '', waits };
  } catch (error) {
    const { code, text } = await describeError(error, {} as Io);
    return { code, text, waits };
  }
}

describe('faults of the forge', () => {
  it.each(ROWS)('$id $what: exit $code', async ({ server, faults = [], options, code, says = [], waits, pulls }) => {
    const forge = await github(server);
    for (const fault of faults) forge.fault(fault);
    const got = await attempt(forge, options);
    expect([got.code, got.text]).toEqual([code, expect.any(String)]);
    for (const words of says) expect(got.text).toMatch(words);
    if (waits !== undefined) expect(got.waits).toEqual(waits);
    expect(forge.pulls).toHaveLength(pulls ?? 0);
    expect(got.text).not.toContain('ghp_');
    expect(forge.violations).toEqual([]);
  });

  it('H06 a pull request that another run opened in between is found and updated', async () => {
    const forge = await github();
    forge.onRequest = (when, method) => {
      if (when === 'before' && method === 'POST' && forge.pulls.length === 0)
        forge.addPull({ head: 'gitops-gen/x', body: 'theirs' });
    };
    const { code, opened } = await attempt(forge);
    expect([code, opened?.outcome, opened?.pullRequest.number]).toEqual([0, 'updated', 1]);
    expect(forge.pulls.map(({ body }) => body)).toEqual(['What it does']);
  });

  it('H08 an unknown reviewer is a warning, and the others are asked', async () => {
    const forge = await github();
    const { code, opened } = await attempt(forge, {
      wanted: { users: ['octocat', 'nobody-here'], teams: ['acme/ml'] },
    });
    expect(code).toBe(0);
    expect(opened?.warnings).toEqual([expect.stringContaining('Reviews may only be requested from collaborators')]);
    expect([forge.pulls[0]?.users, forge.pulls[0]?.teams]).toEqual([['octocat'], ['ml']]);
  });

  it('H13 a repository that was renamed is followed, and spoken to by its new name', async () => {
    const forge = await github({ name: 'new-name' });
    forge.fault({
      path: /^\/repos\/acme\/old-name$/u,
      how: {
        status: 301,
        headers: { location: `${forge.origin}/api/v3/repos/acme/new-name` },
        body: { message: 'Moved Permanently' },
      },
    });
    const client = await openGitHub(forgeAddress(forge.remote.replace('new-name', 'old-name')) as ForgeAddress, {
      token: forge.options.token,
      tokenFrom: 'GITHUB_TOKEN',
      userAgent: 'test',
      now: () => START,
      sleep: async () => {},
    });
    expect(await client.repository()).toMatchObject({ fullName: 'acme/new-name', cloneUrl: forge.remote });
    await settlePullRequest(WANTED, client);
    expect(forge.pulls).toHaveLength(1);
  });

  it('H14 ours is found on the third page, also where the server filters nothing, and not taken for one of a fork', async () => {
    const forge = await github();
    forge.addPull({ head: 'gitops-gen/x', from: 'mallory/llm-gitops-config' });
    for (let count = 0; count < 250; count += 1) forge.addPull({ head: `other-${count}` });
    forge.addPull({ head: 'gitops-gen/x', title: 'ours' });
    // As if the server did not know the filter.
    const whole = (page: number) => ({
      status: 200,
      body: (forge as unknown as { list(query: URLSearchParams): unknown[] }).list(
        new URLSearchParams(`per_page=100&page=${page}`),
      ),
    });
    for (const page of [1, 2, 3]) forge.fault({ method: 'GET', path: /pulls$/u, how: whole(page) });
    const { code, opened } = await attempt(forge);
    expect([code, opened?.pullRequest.title]).toEqual([0, 'ours']);
    expect(forge.pulls).toHaveLength(252);
  });

  it('the token goes only into headers: into no address, no body', async () => {
    const forge = await github();
    await attempt(forge);
    expect(forge.requests.length).toBeGreaterThan(2);
    for (const { path, body, authorized } of forge.requests) {
      expect(authorized).toBe(true);
      expect(`${path}${JSON.stringify(body)}`).not.toContain(forge.options.token);
    }
  });
});

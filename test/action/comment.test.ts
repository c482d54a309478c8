import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runComment } from '../../src/action/comment.js';
import { type Comment, commentBody, readMarker, stick } from '../../src/action/sticky.js';
import type { Report } from '../../src/check/report.js';
import type { Io } from '../../src/cli/io.js';
import { GitHubDescription } from '../github/openapi.js';
import { commandsIn } from './runner.js';

const report = (errors: number): Report => ({
  schemaVersion: 1,
  tool: { name: 'gitops-gen', version: '0.0.0' },
  verdict: errors > 0 ? 'fail' : 'pass',
  summary: { errors, warnings: 0, infos: 0, suppressed: 0 },
  checked: { files: 1, kustomizations: 1, resources: 1, applications: 1 },
  unchecked: [],
  diagnostics: [],
});
const body = (errors: number, run = 1, directory = '.', attempt = 1) =>
  commentBody(report(errors), directory, { GITHUB_RUN_ID: String(run), GITHUB_RUN_ATTEMPT: String(attempt) });

/** Comments in memory, each call at a moment of its own, so that runs can interleave. */
function inMemory(step: () => Promise<void> = async () => {}) {
  const all = new Map<number, Comment>();
  let next = 1;
  const add = (text: string, isOurs = true): number => {
    all.set(next, { id: next, body: text, isOurs });
    return next++;
  };
  return {
    all,
    add,
    async list() {
      await step();
      return [...all.values()];
    },
    async create(text: string) {
      await step();
      return add(text);
    },
    async update(id: number, text: string) {
      await step();
      const before = all.get(id);
      if (before !== undefined) all.set(id, { ...before, body: text });
    },
    async remove(id: number) {
      await step();
      all.delete(id);
    },
  };
}

describe('one comment', () => {
  it('is created, then updated, and not touched where nothing is new', async () => {
    const comments = inMemory();
    expect(await stick(comments, body(1))).toBe('created');
    expect(await stick(comments, body(2, 2))).toBe('updated');
    const before = comments.all.get(1)?.body;
    await stick(comments, body(2, 3));
    expect([comments.all.size, comments.all.get(1)?.body]).toEqual([1, before]);
    expect(before).toContain('2 errors');
  });

  it('a folder of a monorepo has its own; a marker in a name cannot end the hidden line', async () => {
    const comments = inMemory();
    for (const directory of ['.', 'a', 'b --> <b>x</b>']) await stick(comments, body(0, 1, directory));
    expect(comments.all.size).toBe(3);
    for (const { body: text } of comments.all.values())
      expect(text.split('\n')[0]).toMatch(/^<!-- gitops-gen [\w.%]+ run=1\.1 -->$/);
  });

  it('an older run leaves what a newer one wrote, a re-run of the same takes its place', async () => {
    const comments = inMemory();
    await stick(comments, body(0, 7));
    expect(await stick(comments, body(5, 6))).toBe('kept');
    expect(comments.all.get(1)?.body).toContain('0 errors');
    await stick(comments, body(3, 7, '.', 2));
    expect(comments.all.get(1)?.body).toContain('3 errors');
  });

  it('comments of others are never touched, whatever they begin with', async () => {
    const comments = inMemory();
    comments.add(body(9, 99), false);
    comments.add(`> ${body(9, 99)}`);
    await stick(comments, body(1));
    expect([...comments.all.values()].map(({ body: text }) => readMarker(text)?.run)).toEqual([99, undefined, 1]);
  });

  it('however two to four runs interleave, one is left, with the newest report', async () => {
    const runs = fc.integer({ min: 2, max: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), runs, async (scheduler, count) => {
        const comments = inMemory(() => scheduler.schedule(Promise.resolve()));
        const done = Promise.all(
          Array.from({ length: count }, (_, index) => stick(comments, body(index + 1, index + 1))),
        );
        await scheduler.waitFor(done);
        expect(comments.all.size).toBe(1);
        // The next run settles what an interleaving left behind: the newest report stands for good.
        await scheduler.waitFor(stick(comments, body(count + 1, count + 1)));
        expect([...comments.all.values()][0]?.body).toContain(`${count + 1} errors`);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('at GitHub', () => {
  interface Request {
    readonly method: string;
    readonly path: string;
    readonly authorization: string | undefined;
  }
  let server: Server;
  let requests: Request[];
  let violations: string[];
  const description = new GitHubDescription();
  const shape = (each: { readonly id: number; readonly body: string; readonly user: object }) => ({
    ...description.sample('issue-comment'),
    id: each.id,
    body: each.body,
    user: { ...description.sample('simple-user'), ...each.user },
  });
  let stored: { id: number; body: string; user: { login: string; type: string } }[];
  let answer: (request: Request) => { status: number; body?: unknown } | undefined;
  let home: string;
  const token = 'ghs_canaryCanaryCanaryCanaryCanary01';
  const bot = { login: 'github-actions[bot]', type: 'Bot' };

  beforeAll(async () => {
    expect(description.match('GET', '/repos/acme/fleet/issues/7/comments')).toBeDefined();
    home = mkdtempSync(join(tmpdir(), 'gitops-gen-comment-'));
    server = createServer((message, response) => {
      const { method = '', url = '', headers } = message;
      const request = { method, path: url, authorization: headers.authorization };
      let text = '';
      message.on('data', (chunk) => {
        text += chunk;
      });
      message.on('end', () => {
        requests.push(request);
        // Every request and answer of these operations is held against GitHub's own description.
        const { pathname, searchParams } = new URL(url, 'http://localhost');
        const matched = description.match(method, pathname);
        const sent: unknown = text === '' ? undefined : JSON.parse(text);
        if (matched === undefined) violations.push(`${method} ${pathname} is no operation of the description`);
        else violations.push(...description.requestFaults(matched, searchParams, sent));
        const { status, body: value } = answer(request) ?? handle(request, text);
        if (matched !== undefined && status < 400)
          violations.push(...description.responseFaults(matched, status, value));
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(status === 204 ? undefined : JSON.stringify(value ?? { message: 'no' }));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    await new Promise((done) => server.close(done));
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    requests = [];
    violations = [];
    stored = [];
    answer = () => undefined;
  });
  afterEach(() => {
    expect(violations).toEqual([]);
    for (const { path, authorization } of requests) {
      expect(path).not.toContain(token);
      expect(authorization).toBe(`token ${token}`);
    }
  });

  /** The paths in use, with the rules of GitHub that matter: a workflow's token cannot ask who it is; pages of a hundred. */
  function handle({ method, path }: Request, text: string): { status: number; body?: unknown } {
    if (path === '/user') return { status: 403, body: { message: 'Resource not accessible by integration' } };
    const list = /^\/repos\/acme\/fleet\/issues\/7\/comments(?:\?(.*))?$/.exec(path);
    if (list !== null && method === 'GET') {
      const page = Number(new URLSearchParams(list[1]).get('page') ?? 1);
      return { status: 200, body: stored.slice((page - 1) * 100, page * 100).map(shape) };
    }
    if (list !== null && method === 'POST') {
      const { body: written } = JSON.parse(text) as { body: string };
      if (written.length > 65_536) return { status: 422 };
      stored.push({ id: stored.length + 1, body: written, user: bot });
      return { status: 201, body: shape(stored.at(-1) as (typeof stored)[number]) };
    }
    const one = /^\/repos\/acme\/fleet\/issues\/comments\/(\d+)$/.exec(path);
    const found = stored.find(({ id }) => id === Number(one?.[1]));
    if (found === undefined) return { status: 404 };
    if (method === 'PATCH') {
      found.body = (JSON.parse(text) as { body: string }).body;
      return { status: 200, body: shape(found) };
    }
    if (method !== 'DELETE') return { status: 405 };
    stored = stored.filter((each) => each !== found);
    return { status: 204 };
  }

  let count = 0;
  async function comment(errors: number, more: Record<string, string> = {}, head = 'acme/fleet') {
    count += 1;
    const folder = join(home, String(count));
    mkdirSync(folder);
    writeFileSync(join(folder, 'report.json'), '{}');
    writeFileSync(join(folder, 'comment.md'), body(errors, count));
    const sha = 'a'.repeat(40);
    const payload = {
      pull_request: {
        number: 7,
        head: { sha, repo: { full_name: head } },
        base: { sha, ref: 'main', repo: { full_name: 'acme/fleet' } },
      },
    };
    writeFileSync(join(folder, 'event.json'), JSON.stringify(payload));
    let log = '';
    const print = async (text: string) => {
      log += text;
    };
    const env = {
      INPUT_TOKEN: token,
      INPUT_REPORT: join(folder, 'report.json'),
      GITHUB_REPOSITORY: 'acme/fleet',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...more,
    };
    const io = { stdout: print, stderr: print, env, cwd: home } as unknown as Io;
    const code = await runComment(io);
    expect(log).not.toContain(token);
    return {
      code,
      notices: commandsIn(log)
        .filter(({ name }) => name === 'notice')
        .map(({ data }) => data),
    };
  }

  it('the real client creates it once and updates it', async () => {
    expect(await comment(1)).toEqual({ code: 0, notices: [] });
    await comment(2);
    expect(stored).toMatchObject([{ id: 1, body: expect.stringContaining('2 errors') }]);
    expect(requests.filter(({ method }) => method === 'POST').length).toBe(1);
  });

  it('finds its own behind hundreds of others, and takes no other for its own', async () => {
    const stranger = { login: 'stranger', type: 'User' };
    stored = Array.from({ length: 250 }, (_, index) => ({ id: index + 1, body: body(9, 999), user: stranger }));
    await comment(1);
    await comment(2);
    expect(stored.length).toBe(251);
    expect(stored.at(-1)).toMatchObject({ body: expect.stringContaining('2 errors'), user: bot });
    expect(stored.slice(0, 250).every(({ body: text }) => text === body(9, 999))).toBe(true);
  });

  it('with the token of a person, what that person wrote is its own, and no bot is', async () => {
    const me = { ...description.sample('private-user'), login: 'me' };
    answer = ({ path }) => (path === '/user' ? { status: 200, body: me } : undefined);
    stored = [
      { id: 1, body: body(9), user: bot },
      { id: 2, body: body(8), user: { login: 'me', type: 'User' } },
    ];
    await comment(1);
    expect(stored.map(({ body: text }) => /\d+ errors?/.exec(text)?.[0])).toEqual(['9 errors', '1 error']);
  });

  it('takes away a second one that runs at once left behind', async () => {
    stored = [
      { id: 1, body: body(9), user: bot },
      { id: 2, body: body(8), user: bot },
    ];
    expect(await comment(1)).toEqual({ code: 0, notices: [] });
    expect(stored).toMatchObject([{ body: expect.stringContaining('1 error') }]);
    expect(requests.map(({ method }) => method)).toContain('DELETE');
  });

  it('from a fork nothing is asked at all', async () => {
    const { code, notices } = await comment(1, {}, 'stranger/fleet');
    expect([code, requests]).toEqual([0, []]);
    expect(notices).toEqual([expect.stringContaining('it comes from a fork')]);
  });

  it.each([
    [401, /token is not accepted/],
    [403, /pull-requests: write/],
    [404, /no such pull request/],
    [422, /HTTP 422/],
    [500, /HTTP 500/],
    [503, /HTTP 503/],
  ])('HTTP %i is a notice, asked once, and the job goes on', async (status, message) => {
    answer = ({ path }) => (path.includes('/comments') || status === 401 ? { status } : undefined);
    const { code, notices } = await comment(1);
    expect([code, notices]).toEqual([0, [expect.stringMatching(message)]]);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it('no answer, no token, no repository, no report: a notice', async () => {
    expect((await comment(1, { GITHUB_API_URL: 'http://127.0.0.1:9' })).notices).toEqual([
      expect.stringContaining('there was no answer'),
    ]);
    expect((await comment(1, { INPUT_TOKEN: '' })).notices).toEqual([expect.stringContaining('there is no token')]);
    expect((await comment(1, { GITHUB_REPOSITORY: '../..' })).notices).toEqual([expect.stringContaining('names none')]);
    expect((await comment(1, { INPUT_REPORT: '' })).notices).toEqual([expect.stringContaining('there is no report')]);
  });
});

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveGit } from './git-backend.js';
import { answerGraphql } from './graphql.js';
import { GitHubDescription, type Matched } from './openapi.js';
import { bareGit, bareTip, type Pull } from './pulls.js';
import { Shapes } from './shapes.js';

/** Something that goes wrong, instead of an answer. */
export interface Fault {
  readonly method?: string;
  /** Of the path below the API, or of the address of a git request. */
  readonly path: RegExp;
  /** How often. Default once. */
  readonly times?: number;
  /** `reset`, `hang`, `truncate`, `after` (it is done, and the answer never comes), or an answer. */
  readonly how: 'reset' | 'hang' | 'truncate' | 'after' | Answer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, everything else as JSON. */
  readonly body?: unknown;
}

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly authorized: boolean;
  readonly body: unknown;
}

export interface LocalOptions {
  readonly owner?: string;
  readonly name?: string;
  readonly token?: string;
  /** Reading needs the token too. */
  readonly private?: boolean;
  readonly archived?: boolean;
  readonly collaborators?: readonly string[];
  readonly drafts?: boolean;
}

/**
 * A GitHub on this machine: its state is a bare git repository and a list of pull requests; git talks to git's own server, and
 * every request and answer of the API is held against GitHub's own description.
 */
export class LocalGitHub {
  readonly requests: Recorded[] = [];
  /** What GitHub's description would not have allowed. Empty, or a bug. */
  readonly violations: string[] = [];
  readonly pulls: Pull[] = [];
  readonly comments: { id: number; issue: number; body: string }[] = [];
  /** Called with every request, before and after it is served. */
  onRequest: (when: 'before' | 'after', method: string, path: string) => void = () => {};
  private readonly faults: (Fault & { left: number })[] = [];
  private readonly description = description();
  private readonly shapes: Shapes;
  private readonly open = new Set<ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly root: string,
    readonly options: Required<LocalOptions>,
  ) {
    this.shapes = new Shapes(
      this.description,
      options,
      () => this.origin,
      (branch) => this.tips.get(branch),
    );
  }

  static async start(given: LocalOptions = {}): Promise<LocalGitHub> {
    const options: Required<LocalOptions> = {
      owner: 'acme',
      name: 'llm-gitops-config',
      token: 'ghp_Canary0123456789abcdefghijklmnopqrst',
      private: false,
      archived: false,
      collaborators: ['octocat', 'hubot', 'writer'],
      drafts: true,
      ...given,
    };
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'local-github-')));
    const server = createServer();
    const github = new LocalGitHub(server, root, options);
    mkdirSync(github.folder, { recursive: true });
    bareGit(github.folder, 'init', '--quiet', '--bare', '--initial-branch=main');
    bareGit(github.folder, 'config', 'http.receivepack', 'true');
    bareGit(github.folder, 'config', 'gc.auto', '0');
    server.on('request', (request, response) => void github.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return github;
  }

  async stop(): Promise<void> {
    for (const response of this.open) response.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.root, { recursive: true, force: true });
  }

  /** The bare repository. */
  get folder(): string {
    return join(this.root, this.options.owner, `${this.options.name}.git`);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The address of the remote. */
  get remote(): string {
    return `${this.origin}/${this.fullName}.git`;
  }

  get fullName(): string {
    return `${this.options.owner}/${this.options.name}`;
  }

  git(...args: string[]): string {
    return bareGit(this.folder, ...args);
  }

  fault(fault: Fault): void {
    this.faults.push({ ...fault, left: fault.times ?? 1 });
  }

  /** Everything goes well again. */
  mend(): void {
    this.faults.length = 0;
  }

  /** Pushes to branches that match are refused, in GitHub's words. */
  protect(pattern: string, lines: readonly string[]): void {
    const said = lines.map((line) => `echo '${line}' >&2`).join('\n');
    const hook = `#!/bin/sh\ncase "$1" in\n${pattern})\n${said}\nexit 1\n;;\nesac\n`;
    mkdirSync(join(this.folder, 'hooks'), { recursive: true });
    writeFileSync(join(this.folder, 'hooks/update'), hook, { mode: 0o755 });
  }

  tip(branch: string): string | undefined {
    return bareTip(this.folder, branch);
  }

  /** The branches as one request finds them. */
  private tips: ReadonlyMap<string, string> = new Map();

  private lookAtBranches(): void {
    const lines = this.git('for-each-ref', '--format=%(refname:lstrip=2) %(objectname)', 'refs/heads').split('\n');
    this.tips = new Map(lines.map((line) => line.split(' ') as [string, string]));
  }

  addPull(pull: Partial<Pull> & Pick<Pull, 'head'>): Pull {
    const made: Pull = {
      number: this.pulls.length + 1,
      title: 'A pull request',
      body: '',
      base: 'main',
      draft: false,
      state: 'open',
      author: 'writer',
      labels: [],
      users: [],
      teams: [],
      autoMerge: undefined,
      from: this.fullName,
      ...pull,
    };
    this.pulls.push(made);
    return made;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open.add(response);
    response.on('close', () => this.open.delete(response));
    const url = new URL(request.url ?? '/', this.origin);
    const isApi = url.pathname.startsWith('/api/');
    const path = isApi ? url.pathname.replace(/^\/api(?:\/v3)?/u, '') : url.pathname;
    const method = request.method ?? 'GET';
    this.onRequest('before', method, path);
    const fault = this.faults.find(
      (each) => each.left > 0 && (each.method ?? method) === method && each.path.test(path),
    );
    if (fault !== undefined) fault.left -= 1;
    if (fault?.how === 'reset') return void request.socket.destroy();
    if (fault?.how === 'hang') return;
    if (!isApi) {
      if (typeof fault?.how === 'object') return send(response, fault.how);
      this.serveGit(request, response, url, method);
      response.on('close', () => this.onRequest('after', method, path));
      return;
    }
    const text = await bodyOf(request);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const authorized = request.headers.authorization?.replace(/^(?:token|bearer) /iu, '') === this.options.token;
    this.requests.push({ method, path, authorized, body });
    if (typeof fault?.how === 'object') return send(response, fault.how);
    const answer = authorized ? await this.answer(method, path, url.searchParams, body) : BAD_CREDENTIALS;
    if (fault?.how === 'after') return void request.socket.destroy();
    if (fault?.how === 'truncate') {
      const whole = JSON.stringify(answer.body);
      response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': whole.length });
      response.write(whole.slice(0, whole.length / 2), () => request.socket.destroy());
      return;
    }
    this.onRequest('after', method, path);
    send(response, answer);
  }

  private serveGit(request: IncomingMessage, response: ServerResponse, url: URL, method: string): void {
    const [, basic = ''] = /^Basic (.+)$/u.exec(request.headers.authorization ?? '') ?? [];
    const [, password] = /^[^:]*:(.*)$/u.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? [];
    const isKnown = password === this.options.token;
    const writes = url.search.includes('git-receive-pack') || url.pathname.endsWith('/git-receive-pack');
    this.requests.push({ method, path: `${url.pathname}${url.search}`, authorized: isKnown, body: undefined });
    if (!isKnown && (writes || this.options.private || basic !== '')) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' });
      return void response.end('Authentication failed');
    }
    serveGit(request, response, {
      root: this.root,
      user: isKnown ? 'writer' : undefined,
      path: url.pathname,
      query: url.search.slice(1),
    });
  }

  private async answer(method: string, path: string, query: URLSearchParams, body: unknown): Promise<Answer> {
    if (path === '/graphql' && method === 'POST') return answerGraphql(this.pulls, body);
    const matched = this.description.match(method, path);
    if (matched === undefined) {
      this.violations.push(`GitHub has no ${method} ${path}, or the cut of its description lacks it`);
      return { status: 404, body: { message: 'Not Found' } };
    }
    const faults = this.description.requestFaults(matched, query, body);
    this.violations.push(...faults);
    if (faults.length > 0) return { status: 400, body: { message: faults.join('; ') } };
    const answer = this.respond(matched, query, (body ?? {}) as Record<string, unknown>);
    this.violations.push(...this.description.responseFaults(matched, answer.status, answer.body));
    return answer;
  }

  private respond({ operation, parameters }: Matched, query: URLSearchParams, body: Record<string, unknown>): Answer {
    this.lookAtBranches();
    const { owner = '', repo = '' } = parameters;
    if (`${owner}/${repo}`.toLowerCase() !== this.fullName.toLowerCase()) return NOT_FOUND;
    const pull = this.pulls.find(
      ({ number }) => number === Number(parameters['pull_number'] ?? parameters['issue_number']),
    );
    switch (operation.operationId) {
      case 'repos/get':
        return { status: 200, body: this.shapes.repository() };
      case 'git/get-ref':
        return this.ref(parameters['ref'] ?? '');
      case 'pulls/list':
        return { status: 200, body: this.list(query) };
      case 'pulls/create':
        return this.create(body);
      case 'pulls/get':
        return pull === undefined ? NOT_FOUND : { status: 200, body: this.shapes.pullRequest(pull) };
      case 'pulls/update':
        return pull === undefined ? NOT_FOUND : this.update(pull, body);
      case 'issues/add-labels':
        if (pull === undefined) return NOT_FOUND;
        pull.labels = [...new Set([...pull.labels, ...(body['labels'] as string[])])];
        return { status: 200, body: pull.labels.map((name) => this.shapes.label(name)) };
      case 'pulls/request-reviewers':
        return pull === undefined ? NOT_FOUND : this.requestReviewers(pull, body);
      case 'issues/list-comments':
        return {
          status: 200,
          body: this.comments.filter(({ issue }) => issue === pull?.number).map((each) => this.shapes.comment(each)),
        };
      case 'issues/create-comment':
        this.comments.push({ id: this.comments.length + 1, issue: pull?.number ?? 0, body: body['body'] as string });
        return { status: 201, body: this.shapes.comment(this.comments.at(-1) as { id: number; body: string }) };
      case 'issues/update-comment': {
        const found = this.comments.find(({ id }) => id === Number(parameters['comment_id']));
        if (found === undefined) return NOT_FOUND;
        found.body = body['body'] as string;
        return { status: 200, body: this.shapes.comment(found) };
      }
      default:
        return NOT_FOUND;
    }
  }

  private ref(ref: string): Answer {
    const sha = this.tip(ref.replace(/^heads\//u, ''));
    if (sha === undefined) return NOT_FOUND;
    const object = { type: 'commit', sha, url: 'https://example.com' };
    return { status: 200, body: { ...this.shapes.sample('git-ref'), ref: `refs/${ref}`, object } };
  }

  private list(query: URLSearchParams): unknown[] {
    const head = query.get('head');
    const base = query.get('base');
    const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
    return this.pulls
      .filter(({ state }) => state === (query.get('state') ?? 'open'))
      .filter((each) => head === null || head === `${each.from.split('/')[0]}:${each.head}`)
      .filter((each) => base === null || base === each.base)
      .slice((page - 1) * size, page * size)
      .map((each) => this.shapes.pullRequest(each, 'pull-request-simple'));
  }

  private create(body: Record<string, unknown>): Answer {
    const {
      title,
      body: text = '',
      head,
      base,
      draft = false,
    } = body as unknown as { title: string; body?: string; head: string; base: string; draft?: boolean };
    const invalid = (field: string, code = 'invalid', message?: string): Answer => ({
      status: 422,
      body: {
        message: 'Validation Failed',
        documentation_url: DOCS,
        errors: [{ resource: 'PullRequest', field, code, ...(message === undefined ? {} : { message }) }],
      },
    });
    const [from, to] = [this.tip(head), this.tip(base)];
    if (from === undefined) return invalid('head');
    if (to === undefined) return invalid('base');
    if (text.length > 65_536) return invalid('body', 'custom', 'body is too long (maximum is 65536 characters)');
    if (draft && !this.options.drafts)
      return {
        status: 422,
        body: { message: 'Draft pull requests are not supported in this repository.', documentation_url: DOCS },
      };
    if (
      this.pulls.some(
        (each) => each.state === 'open' && each.head === head && each.base === base && each.from === this.fullName,
      )
    )
      return invalid('', 'custom', `A pull request already exists for ${this.options.owner}:${head}.`);
    if (this.git('rev-list', '--count', `${to}..${from}`) === '0')
      return invalid('', 'custom', `No commits between ${base} and ${head}`);
    const pull = this.addPull({ title, body: text, head, base, draft });
    this.git('update-ref', `refs/pull/${pull.number}/head`, from);
    return { status: 201, body: this.shapes.pullRequest(pull) };
  }

  private update(pull: Pull, body: Record<string, unknown>): Answer {
    const { title, body: text } = body as unknown as { title?: string; body?: string };
    if (title !== undefined) pull.title = title;
    if (text !== undefined) pull.body = text;
    return { status: 200, body: this.shapes.pullRequest(pull) };
  }

  private requestReviewers(pull: Pull, body: Record<string, unknown>): Answer {
    const { reviewers = [], team_reviewers: teams = [] } = body as unknown as {
      reviewers?: string[];
      team_reviewers?: string[];
    };
    if (reviewers.includes(pull.author))
      return {
        status: 422,
        body: { message: 'Review cannot be requested from pull request author.', documentation_url: '' },
      };
    if (reviewers.some((user) => !this.options.collaborators.includes(user)))
      return {
        status: 422,
        body: {
          message: `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${this.fullName} repository.`,
        },
      };
    pull.users = [...new Set([...pull.users, ...reviewers])];
    pull.teams = [...new Set([...pull.teams, ...teams])];
    return { status: 201, body: this.shapes.pullRequest(pull, 'pull-request-simple') };
  }
}

let read: GitHubDescription | undefined;

/** Read and compiled once for all servers of a process. */
function description(): GitHubDescription {
  read ??= new GitHubDescription();
  return read;
}

const DOCS = 'https://docs.github.com/rest';

const NOT_FOUND: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
};
const BAD_CREDENTIALS: Answer = {
  status: 401,
  body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
};

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

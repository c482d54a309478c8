import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface BackendOptions {
  /** The folder of bare repositories. */
  readonly root: string;
  /** Who speaks; undefined for nobody in particular. */
  readonly user: string | undefined;
  /** The path below the root, and the query. */
  readonly path: string;
  readonly query: string;
}

/** Git's own server for HTTP (`git http-backend`), as a CGI program. */
export function serveGit(request: IncomingMessage, response: ServerResponse, options: BackendOptions): void {
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      HOME: options.root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: options.path,
      QUERY_STRING: options.query,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_ADDR: '127.0.0.1',
      ...(request.headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: header('content-length') }),
      ...(options.user === undefined ? {} : { REMOTE_USER: options.user }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  let started = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (started) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    started = true;
    const lines = head.subarray(0, end).toString('latin1').split('\r\n');
    for (const line of lines) {
      const [name = '', ...value] = line.split(': ');
      if (name.toLowerCase() === 'status') response.statusCode = Number(value.join(': ').slice(0, 3));
      else response.setHeader(name, value.join(': '));
    }
    response.write(head.subarray(end + 4));
  });
  child.on('close', () => {
    if (!started) response.statusCode = 500;
    response.end();
  });
}

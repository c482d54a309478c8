import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../publish/forge.js';
import { openGit } from './git.js';
import { GitPublisher, type Remote } from './git-publish.js';
import { put } from './testing/folders.js';
import { repository, sh } from './testing/repository.js';

describe('a remote that takes the connection and never answers', () => {
  let server: Server;
  let sockets: Socket[];
  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.resume();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });

  const branch = 'gitops-gen/x';
  const token = { token: 'ghp_Canary0123456789abcdefghijklmnopqrst', from: 'GITHUB_TOKEN' } as const;

  it.each([
    [
      'looked at',
      'look at the remote',
      (publisher: GitPublisher, remote: Remote) => publisher.remoteTip(remote, branch),
    ],
    [
      'pushed to',
      `push ${branch}`,
      (publisher: GitPublisher, remote: Remote, commit: string) =>
        publisher.push({ remote, branch, commit, expected: undefined, token }),
    ],
  ])('is given up where it is %s: what may be tried again, without the token', async (_, what, use) => {
    const root = await repository();
    put(root, { file: 'x' });
    sh(root, 'git add -A && git commit -qm one');
    const git = await openGit(root);
    if (git === undefined) throw new Error('no repository');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/fleet.git`;
    const commit = sh(root, 'git rev-parse HEAD').trim();
    const error = await use(new GitPublisher(git, 1), { target: url, url }, commit).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ForgeError);
    const { fault, message, hint } = error as ForgeError;
    expect([fault, message]).toEqual([
      'unavailable',
      expect.stringMatching(new RegExp(`^could not ${what} at 127.0.0.1:.*too slow`, 'iu')),
    ]);
    expect(hint).toBe('Run it again: it goes on where it stopped.');
    expect(message).not.toContain(token.token);
    expect(sockets.length).toBeGreaterThan(0);
  });
});

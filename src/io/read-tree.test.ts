import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode, readTree } from './read-tree.js';
import { put, temporaryFolder } from './testing/folders.js';

describe('a tree', () => {
  it('holds text as text and bytes as bytes, sorted, without .git and node_modules', async () => {
    const root = temporaryFolder();
    put(root, { 'b/z.yaml': 'z: ü\n', 'a.yaml': '\ufeffa: 1\n', 'B.bin': new Uint8Array([0xff, 0]), 'b-c': '' });
    put(root, {
      '.git/config': 'x',
      'x/node_modules/y.js': 'x',
      '.gitops-gen/run/lock': 'x',
      '.gitops-gen/lock/a.yaml': 'l',
    });
    const tree = await readTree(root);
    expect([...tree.files]).toEqual([
      ['.gitops-gen/lock/a.yaml', 'l'],
      ['B.bin', new Uint8Array([0xff, 0])],
      ['a.yaml', '\ufeffa: 1\n'],
      ['b-c', ''],
      ['b/z.yaml', 'z: ü\n'],
    ]);
  });

  it('follows no link, and says where it met one', async () => {
    const root = temporaryFolder();
    const outside = temporaryFolder();
    put(outside, { secret: 's', 'd/secret': 's' });
    put(root, { 'a.yaml': 'a' });
    symlinkSync(join(outside, 'secret'), join(root, 'file'));
    symlinkSync(join(outside, 'd'), join(root, 'folder'));
    symlinkSync('a.yaml', join(root, 'inside'));
    symlinkSync('nowhere', join(root, 'broken'));
    const tree = await readTree(root);
    expect([...tree.files.keys()]).toEqual(['a.yaml']);
    expect([...tree.links.keys()]).toEqual(['broken', 'file', 'folder', 'inside']);
    expect(tree.links.get('folder')).toBe(join(outside, 'd'));
  });

  it('waits for no pipe', async () => {
    const root = temporaryFolder();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect([...(await readTree(root)).unread]).toEqual([['pipe', 'not a regular file']]);
  });

  it('says what was too large or too much', async () => {
    const root = temporaryFolder();
    put(root, { a: '12345', b: '123', c: '12', d: '1' });
    const tree = await readTree(root, { maxFileBytes: 4, maxFiles: 3 });
    expect([...tree.files.keys()]).toEqual(['b', 'c']);
    expect([...tree.unread]).toEqual([
      ['a', 'larger than 4 bytes'],
      ['d', 'more than 3 files'],
    ]);
    const total = await readTree(root, { maxTotalBytes: 8 });
    expect([...total.unread.keys()]).toEqual(['c', 'd']);
    expect(total.unread.get('c')).toBe('all files together are larger than the limit');
  });

  it('says what may not be read', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything');
    const root = temporaryFolder();
    put(root, { 'a/b': 'x', c: 'x' });
    chmodSync(join(root, 'a'), 0);
    chmodSync(join(root, 'c'), 0);
    expect([...(await readTree(root)).unread]).toEqual([
      ['a', 'cannot be read: EACCES'],
      ['c', 'cannot be read: EACCES'],
    ]);
    chmodSync(join(root, 'a'), 0o700);
  });

  it('is read in part where that is asked for, and never behind a link', async () => {
    const root = temporaryFolder();
    put(root, { 'a/x': '1', 'b/y': '2', 'c/z': '3' });
    symlinkSync('c', join(root, 'l'));
    const tree = await readTree(root, { only: ['a/', 'l', 'missing'] });
    expect([...tree.files.keys()]).toEqual(['a/x']);
    expect([...tree.links]).toEqual([['l', 'c']]);
  });

  it('that is not there is an error with a name', async () => {
    await expect(readTree(join(temporaryFolder(), 'missing'))).rejects.toMatchObject({
      name: 'IoError',
      code: 'ENOENT',
    });
    const root = temporaryFolder();
    put(root, { file: 'x' });
    await expect(readTree(join(root, 'file'))).rejects.toMatchObject({ name: 'IoError', code: 'ENOTDIR' });
  });

  it('of many files is read in one go', async () => {
    const root = temporaryFolder();
    const text = 'kind: Deployment\n'.repeat(20);
    const folders = process.env['GITOPS_GEN_DEEP'] ? 1000 : 100;
    for (let folder = 0; folder < folders; folder += 1) {
      mkdirSync(join(root, `m${folder}`));
      put(root, Object.fromEntries(Array.from({ length: 10 }, (_, file) => [`m${folder}/f${file}.yaml`, text])));
    }
    const tree = await readTree(root);
    expect(tree.files.size).toBe(folders * 10);
    expect(new Set(tree.files.values())).toEqual(new Set([text]));
  });
});

it('decoding and encoding gives the same bytes', () => {
  for (const bytes of [[], [0xef, 0xbb, 0xbf, 0x61], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0x61, 0x0d, 0x0a, 0x00]]) {
    const content = decode(Uint8Array.from(bytes));
    expect([...(typeof content === 'string' ? new TextEncoder().encode(content) : content)]).toEqual(bytes);
  }
});

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'gitops-gen-scripts-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function run(script: string, ...args: string[]) {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

describe('the scripts of a clone', () => {
  it('build in a folder whose path has spaces and more', () => {
    const clone = join(scratch, 'a clone ü');
    mkdirSync(clone);
    for (const part of ['src', 'scripts', 'package.json', 'tsconfig.json'])
      cpSync(join(root, part), join(clone, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    const { status, stderr } = run(join(clone, 'scripts/build.mjs'), '--no-types');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(existsSync(join(clone, 'dist/cli.js'))).toBe(true);
  });

  it('demo clears no folder that holds something of others', () => {
    const theirs = join(scratch, 'theirs');
    mkdirSync(theirs);
    writeFileSync(join(theirs, 'thesis.txt'), 'ten years');
    const { status, stderr } = run(join(root, 'scripts/demo.mjs'), theirs);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `${theirs} is not empty: name a folder that is new, or none\n`,
    });
    expect(readFileSync(join(theirs, 'thesis.txt'), 'utf8')).toBe('ten years');
  });
});

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFile } from '../spec/read.js';

/** The nearest folder at or above `from` that holds a project file. */
export function findRoot(from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, projectFile))) return dir;
    if (dirname(dir) === dir || existsSync(join(dir, '.git'))) return undefined;
  }
}

/** Where a repository starts, seen from a folder in it: its project file, else the top of its git work tree. */
export function repositoryRoot(from: string): string | undefined {
  const project = findRoot(from);
  if (project !== undefined) return project;
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return dir;
    if (dirname(dir) === dir) return undefined;
  }
}

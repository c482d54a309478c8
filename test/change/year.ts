import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { binary, call, start } from '../support/cli.js';
import { edit, git, gitEnvironment, initGit, read } from '../support/repositories.js';

/** Seconds since 1970 of the first commit; every later one is a day after. */
const FIRST = Date.UTC(2026, 0, 5) / 1000;
const DAY = 86_400;

/** One repository through a year: what is typed and printed, and what each step changes, as a reviewer sees it. */
export class Year {
  readonly dir: string;
  private now = FIRST;
  private seen = '';
  private printed = '';

  constructor(private readonly home: string) {
    this.dir = join(home, 'llm-gitops-config');
    mkdirSync(this.dir);
    initGit(this.dir);
  }

  /** Runs a command, in this process. What it prints goes into the transcript. */
  async run(line: string): Promise<void> {
    const done = await call([...wordsOf(line), '-C', this.dir], { env: this.environment(), now: this.now * 1000 });
    this.record(`gitops-gen ${line}`, done.both, done.code);
  }

  /** The same with another release of gitops-gen. */
  runWith(release: string, line: string): void {
    const done = start([...wordsOf(line), '-C', this.dir], { env: this.environment(), program: release });
    // What is being done is said after a second, and seconds differ between machines.
    const said = done.stderr.replaceAll(/^[a-z][a-z0-9 ]*…\n/gm, '');
    this.record(`gitops-gen ${line}`, done.stdout + said, done.code);
  }

  /** Something that a person or a bot does without us. */
  byHand(words: string, path: string, from: string | RegExp, to: string): void {
    edit(this.dir, path, from, to);
    this.printed += `# ${words}\n$ $EDITOR ${path}\n`;
    this.commit(words);
  }

  /** Commits everything that is there. */
  commit(message: string): void {
    this.printed += `$ git commit --all --message ${JSON.stringify(message)}\n`;
    git(this.dir, 'add', '-A');
    const date = `@${this.now} +0000`;
    const env = { ...gitEnvironment, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    execFileSync('git', ['commit', '-q', '--allow-empty', '-m', message], { cwd: this.dir, env });
  }

  /** The text of this step's fixture: the transcript, the files that changed, and how. */
  step(title: string, options: { readonly listOnly?: boolean } = {}): string {
    const head = git(this.dir, 'rev-parse', 'HEAD');
    const from = this.seen === '' ? git(this.dir, 'hash-object', '-t', 'tree', '/dev/null') : this.seen;
    // Records and schemas are for the tool and for editors: a reviewer sees them folded.
    const paths = ['--', '.', ':(exclude).gitops-gen/owned', ':(exclude).gitops-gen/schemas'];
    const names = git(this.dir, 'diff', '--no-renames', '--name-status', from, head, ...paths);
    const texts =
      options.listOnly === true
        ? ''
        : `\n${git(this.dir, 'diff', '--no-renames', '--no-color', from, head, ...paths)}\n`;
    const text = `# ${title}\n\n${this.printed}\n${names === '' ? 'nothing changed' : names}\n${texts}`;
    this.seen = head;
    this.printed = '';
    this.now += DAY;
    return this.masked(text);
  }

  /** A release of gitops-gen whose blueprint vllm is newer, and that brings the one of today as an earlier version. */
  release(change: (folder: string) => void): string {
    const root = resolve(import.meta.dirname, '../..');
    const copy = join(this.home, 'release');
    mkdirSync(copy);
    for (const name of ['schemas', 'policies', 'data', 'node_modules']) symlinkSync(join(root, name), join(copy, name));
    for (const name of ['dist', 'blueprints', 'package.json'])
      cpSync(join(root, name), join(copy, name), { recursive: true });
    const today = /^version: (.*)$/m.exec(read(copy, 'blueprints/vllm/blueprint.yaml'))?.[1] ?? '';
    cpSync(join(root, 'blueprints/vllm'), join(copy, 'blueprints/vllm/versions', today), { recursive: true });
    change(join(copy, 'blueprints/vllm'));
    return join(copy, 'dist', binary.split('/').at(-1) ?? '');
  }

  private record(line: string, printed: string, code: number): void {
    this.printed += `$ ${line}\n${printed.replaceAll(this.dir, '.')}${code === 0 ? '' : `(exit ${code})\n`}\n`;
  }

  private environment(): Record<string, string> {
    return {
      SOURCE_DATE_EPOCH: String(this.now),
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
      NO_COLOR: '1',
    };
  }

  /** Ids of commits depend on every byte of the repository: here they are numbered. */
  private masked(text: string): string {
    const ids = git(this.dir, 'rev-list', '--reverse', '--all').split('\n');
    let out = text.replace(/^index [0-9a-f]+\.\.[0-9a-f]+.*\n/gm, '');
    for (const [index, id] of ids.entries()) {
      out = out.replaceAll(id, `<commit ${index + 1}>`);
      for (const length of [12, 10, 8, 7])
        out = out.replaceAll(new RegExp(`\\b${id.slice(0, length)}\\b`, 'g'), `<commit ${index + 1}>`);
    }
    return out;
  }
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

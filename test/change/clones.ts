import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { CommandContext } from '../../src/cli/command.js';
import { applyConflicts, conflictsOf, stageResolved } from '../../src/cli/conflicts.js';
import { generate } from '../../src/cli/generate.js';
import { continueMerge } from '../../src/cli/merge-state.js';
import { basesOf, type Workspace, withFiles, workspaceOf } from '../../src/cli/workspace.js';
import { type FileContent, treeOf } from '../../src/files/file-map.js';
import { applyChangeset } from '../../src/io/apply.js';
import { readTree } from '../../src/io/read-tree.js';
import { addModel, removeModel } from '../../src/plan/edit.js';
import { isEmptyChangeset } from '../../src/publish/changeset.js';
import { StateError } from '../../src/publish/errors.js';
import { readOwnership } from '../../src/publish/ownership.js';
import { fileDifference } from '../../src/publish/text-diff.js';
import { commitAll, edit, git, put, read, tryGit } from '../support/repositories.js';

/** One thing that somebody does in a clone. `at` chooses the model, file or line. */
export interface Step {
  readonly what: 'add' | 'edit' | 'upgrade' | 'promote' | 'remove' | 'respec';
  readonly at: number;
}

const spec = 'families/llama-3.1.yaml';
const versions = 'versions/production/kustomization.yaml';
const parent = 'argocd/families/llama-3.1/production/parent.yaml';
const silent = { say: async () => {} } as unknown as CommandContext;

/** A comment line that a person wrote into a generated file; each is unique. */
const EDIT = /^# edit [a-z0-9-]+$/u;

/** Two clones of a repository, whose owners work side by side, and everything that either wrote by hand. */
export class Clones {
  readonly dirs: readonly [string, string];
  /** Lines written by hand, by the file they were written into. */
  private readonly edits: { readonly path: string; readonly line: string }[] = [];
  private readonly home = mkdtempSync(join(tmpdir(), 'gitops-gen-clones-'));
  private serial = 0;
  /** Merges that a person had to decide. */
  asked = 0;
  /** Conflicts between an edit and what is generated now. */
  conflicts = 0;

  constructor(start: string) {
    this.dirs = [join(this.home, 'one'), join(this.home, 'two')];
    for (const dir of this.dirs) cpSync(start, dir, { recursive: true });
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Does one thing in a clone, lets render follow, and commits. */
  async step(dir: string, step: Step): Promise<void> {
    const models = modelsOf(dir);
    const name = models[step.at % Math.max(1, models.length)] ?? '';
    this.serial += 1;
    const id = `${dir === this.dirs[0] ? 'one' : 'two'}-${this.serial}`;
    if (step.what === 'add') {
      const phase = step.at % 3 === 0 ? `phase-${step.at % 2}` : 'foundation';
      const model = { name: `m-${id}`, model: 'llama-3.2-1b', replicas: { development: 1, production: 1 } };
      put(dir, spec, addModel(read(dir, spec), { family: 'llama-3.1', model, phase }));
    } else if (step.what === 'remove') put(dir, spec, removeModel(read(dir, spec), name));
    else if (step.what === 'respec' && name !== '') this.respec(dir, name, id);
    else if (step.what === 'upgrade')
      edit(dir, versions, /newTag: .*/, `newTag: v0.30.${this.serial}@sha256:${'a'.repeat(64)}`);
    else if (step.what === 'promote') this.promote(dir);
    else if (step.what === 'edit') await this.edit(dir, step.at, id);
    await this.render(dir);
    commitAll(dir, `${step.what} ${id}`);
  }

  /** As `promote` does it; where the last model of the environment went, there is nothing to promote. */
  private promote(dir: string): void {
    if (existsSync(join(dir, parent)))
      edit(dir, parent, /targetRevision: .*/, `targetRevision: ${git(dir, 'rev-parse', 'HEAD')}`);
  }

  /** Another tier: it is a label of everything that is generated for the model. */
  private respec(dir: string, name: string, id: string): void {
    const text = read(dir, spec);
    const entry = new RegExp(`(    - name: ${name.replaceAll('.', '\\.')}\\n)(      tier: .*\\n)?`, 'u');
    put(dir, spec, text.replace(entry, `$1      tier: t-${id}\n`));
  }

  /** A comment by hand: above the first line, at the end, above a top-level key, or right above the label that a respec changes. */
  private async edit(dir: string, at: number, id: string): Promise<void> {
    const { files } = await readTree(dir);
    const paths = [...readOwnership(files, () => {}).keys()].filter(
      (path) => path.startsWith('applications/') && files.has(path),
    );
    const path = paths.sort()[(at * 7) % Math.max(1, paths.length)];
    if (path === undefined) return;
    const lines = read(dir, path).split('\n');
    const places = lines.flatMap((line, index) => (/^[a-z]/.test(line) || /tier: t-/.test(line) ? [index] : []));
    const place = [...places, lines.length - 1][at % (places.length + 1)] ?? 0;
    const line = `# edit ${id}`;
    put(dir, path, [...lines.slice(0, place), line, ...lines.slice(place)].join('\n'));
    this.edits.push({ path, line });
  }

  /** Takes the second clone's work into the first, as a person with git and render would; then the second has it too. */
  async meet(): Promise<void> {
    const [one, two] = this.dirs;
    git(one, 'fetch', '-q', two, 'main');
    tryGit(one, 'merge', '--no-edit', '-q', 'FETCH_HEAD');
    await this.render(one);
    git(one, 'add', '-A');
    if (git(one, 'diff', '--name-only', '--diff-filter=U') !== '') throw new Error('git still sees conflicts');
    tryGit(one, 'commit', '-q', '--allow-empty', '-m', 'merged');
    git(two, 'fetch', '-q', one, 'main');
    git(two, 'merge', '-q', '--ff-only', 'FETCH_HEAD');
    await this.check(one);
  }

  /** `render`, without the judgement; conflicts are resolved as a person would: the edit, and what is new. */
  private async render(dir: string): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      let open: { readonly workspace: Workspace; readonly edits: ReadonlyMap<string, FileContent> };
      try {
        open = await continueMerge(silent, await workspaceAt(dir));
      } catch (error) {
        if (!(error instanceof StateError) || error.reason !== 'unresolved') throw error;
        this.asked += 1;
        // Two people contradict each other: whoever merges decides for one.
        if (tryGit(dir, 'checkout', '-q', '--ours', '--', error.paths[0] ?? '').code !== 0) throw error;
        continue;
      }
      const { changeset, problems } = generate(open.workspace, { edits: open.edits, allowDelete: 10_000 });
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
      const marked = conflictsOf(changeset);
      if (marked === undefined) throw new Error(JSON.stringify(changeset.refused));
      if (marked.stages.size === 0) {
        await applyChangeset(dir, changeset);
        if (open.workspace.settled !== undefined) await stageResolved(dir, changeset, open.workspace.settled);
        return;
      }
      this.conflicts += marked.stages.size;
      await applyConflicts(dir, marked, {});
      for (const path of marked.stages.keys()) put(dir, path, resolved(read(dir, path)));
      const rest = (open.workspace.settled ?? []).filter((path) => !marked.stages.has(path));
      await stageResolved(dir, changeset, rest);
    }
    throw new Error('no end of conflicts');
  }

  /** A fresh rendering of what people wrote, plus every edit, is what stands there, and nothing else is. */
  private async check(dir: string): Promise<void> {
    const workspace = await workspaceAt(dir);
    const { files } = workspace.tree;
    const again = generate(workspace, { allowDelete: 10_000 });
    if (!isEmptyChangeset(again.changeset))
      throw new Error(
        `not up to date: ${JSON.stringify([...again.changeset.writes, ...again.changeset.refused].map(({ path }) => path))}`,
      );
    const inputs = [...files].filter(([path]) => !isGenerated(path) || isRemembered(path));
    const fresh = generate(workspaceOf(dir, treeOf(new Map(inputs))), { force: true });
    const owned = readOwnership(files, () => {});
    const wrong: string[] = [];
    for (const [path, content] of fresh.changeset.result) {
      if (path.startsWith('.gitops-gen/owned/')) continue;
      const stands = files.get(path);
      if (stands === undefined || withoutEdits(stands) !== content) wrong.push(fileDifference(path, content, stands));
    }
    for (const path of owned.keys()) if (!fresh.changeset.result.has(path)) wrong.push(`${path} (not generated)`);
    // Where somebody decided between contradictions, git may have carried a change into a file that is not wanted now: it is kept
    // as if it were an edit, and said.
    for (const [path, content] of this.asked > 0 ? [] : files)
      if (
        isGenerated(path) &&
        !fresh.changeset.result.has(path) &&
        !path.startsWith('.gitops-gen/') &&
        withoutEdits(content) === content
      )
        wrong.push(`${path} (left over)`);
    for (const { path, line } of this.edits) {
      const stands = files.get(path);
      // With the model goes what is generated for it, unless it was edited: then it stays, with the edit.
      if (
        !String(stands ?? '')
          .split('\n')
          .includes(line)
      )
        wrong.push(`${path}: ${line} is lost`);
      for (const [other, content] of files)
        if (other !== path && !other.startsWith('.gitops-gen/') && String(content).split('\n').includes(line))
          wrong.push(`${other}: ${line} was carried over from ${path}`);
    }
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  }
}

async function workspaceAt(dir: string): Promise<Workspace> {
  const tree = await readTree(dir);
  return workspaceOf(dir, withFiles(tree, new Map()), await basesOf(dir, tree));
}

function modelsOf(dir: string): readonly string[] {
  return (parse(read(dir, spec)).spec.models as { name: string }[]).map(({ name }) => name);
}

function isGenerated(path: string): boolean {
  return /^(?:applications|argocd|infrastructure|\.gitops-gen)\/|^clusters\/[^/]+\/(?!cluster-config)|^(?:README\.md|\.gitattributes)$|^\.github\//.test(
    path,
  );
}

/** Generated, and read again: decisions, the pin, and what a project has to keep for pinned releases. */
function isRemembered(path: string): boolean {
  return path.startsWith('.gitops-gen/lock/') || path.startsWith('argocd/projects/') || path === parent;
}

function withoutEdits(content: FileContent): string {
  return String(content)
    .split('\n')
    .filter((line) => !EDIT.test(line))
    .join('\n');
}

/** Every edit of ours, then what is generated now. */
function resolved(text: string): string {
  return text.replace(
    /^<{7} edited\n([\s\S]*?)(?:^\|{7}[^\n]*\n[\s\S]*?)?^={7}\n([\s\S]*?)^>{7} [^\n]*\n/gmu,
    (_all, ours: string, theirs: string) => {
      const missing = ours.split('\n').filter((line) => EDIT.test(line) && !theirs.includes(line));
      return [...missing, theirs].join('\n');
    },
  );
}

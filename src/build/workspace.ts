import type { OnProblem, Place, Problem } from '../diagnostics/diagnostic.js';
import type { FileContent, Tree } from '../files/file-map.js';
import { dirname, resolvePath } from '../files/path.js';
import { rangeOf } from '../yaml/range.js';
import { fail } from './failure.js';
import type { Kustomization } from './kustomization.js';
import type { Node } from './node.js';
import type { ApiDescription } from './openapi.js';
import { type Dialect, type ReadError, readDocuments } from './read-documents.js';
import { refuse, refuseRemote, sameUpstream } from './refusals.js';
import type { Accumulated } from './state.js';

/** A file as documents; shared, so whoever changes a tree copies it first. */
export interface ParsedFile {
  readonly documents: readonly Node[];
  readonly error?: ReadError;
  /** Where a key stands a second time. */
  readonly repeated?: number;
}

/** What builds of one tree share: texts that were parsed, and folders that were accumulated. */
export class Workspace {
  private readonly parsed: Readonly<Record<Dialect, Map<string, ParsedFile>>> = {
    objects: new Map(),
    settings: new Map(),
  };
  readonly kustomizations = new Map<string, Kustomization>();
  readonly accumulated = new Map<string, Accumulated>();
  private folderSet: Set<string> | undefined;
  private bytes: number | undefined;

  constructor(readonly tree: Tree) {}

  /** The documents of a text. Texts that are the same (the patches of a fleet often are) are read once. */
  parse(text: string, dialect: Dialect = 'objects'): ParsedFile {
    const parsed = this.parsed[dialect];
    let file = parsed.get(text);
    if (file === undefined) {
      file = readDocuments(text, dialect);
      parsed.set(text, file);
    }
    return file;
  }

  /** Whether the scalar at a place of a document is in quotes or a block. */
  isQuoted(place: Place): boolean {
    const text = this.tree.files.get(place.file);
    if (typeof text !== 'string') return false;
    const { start } = rangeOf(text, place);
    return /["'|>]/.test(text[start.offset] ?? '');
  }

  /** How much there is to read: characters of texts and bytes of other files. */
  get size(): number {
    if (this.bytes === undefined) {
      this.bytes = 0;
      for (const content of this.tree.files.values()) this.bytes += content.length;
    }
    return this.bytes;
  }

  isFolder(path: string): boolean {
    if (path === '') return true;
    if (this.folderSet === undefined) {
      this.folderSet = new Set();
      for (const file of this.tree.files.keys()) {
        for (let folder = dirname(file); folder !== '' && !this.folderSet.has(folder); folder = dirname(folder)) {
          this.folderSet.add(folder);
        }
      }
    }
    return this.folderSet.has(path);
  }
}

const workspaces = new WeakMap<Tree, Workspace>();

export function workspaceOf(tree: Tree): Workspace {
  let workspace = workspaces.get(tree);
  if (workspace === undefined) {
    workspace = new Workspace(tree);
    workspaces.set(tree, workspace);
  }
  return workspace;
}

/** A build's budget; spent by objects, files and items, so that no input takes for ever. */
export class Budget {
  constructor(private left: number) {}

  spend(steps: number, at: Place): void {
    this.left -= steps;
    if (this.left < 0) fail('kustomize-budget', 'The build needs more steps than it is given.', at);
  }
}

const outsideHint =
  'A file there Kustomize itself refuses; a folder there an external engine builds (--engine kubectl or --engine kustomize), if you trust what lies there.';

const aboveHint =
  'Nothing above it is read unasked: run this in the folder that holds both, and name the one to judge (gitops-gen -C .. validate <dir>).';

/** One build in one folder: what it may read, and what it has to say. */
export class Scope {
  readonly problems: Problem[] = [];
  readonly inputs = new Set<string>();

  constructor(
    readonly workspace: Workspace,
    readonly budget: Budget,
    /** Whether the root asks which transformers ran (`buildMetadata`). */
    readonly notes: boolean,
    /** The API description that the root asks for; undefined for the built-in one. */
    readonly description?: ApiDescription | undefined,
    /** Whether kustomizations may read files outside of their folders. */
    readonly readsOutside = false,
  ) {}

  readonly onProblem: OnProblem = (problem) => {
    this.problems.push(problem);
  };

  /** The content of a file that a kustomization in `folder` names. Files outside the folder of the kustomization are refused. */
  load(folder: string, path: string, at: Place): { file: string; content: FileContent } {
    // Kustomize fetches whatever it reads, be it a patch or a file of a generator.
    if (/^https?:\/\//i.test(path)) refuseRemote(path, 'url', at);
    const file = this.resolve(folder, path, at);
    const content = this.workspace.tree.files.get(file);
    if (content !== undefined && !this.readsOutside && folder !== '' && !file.startsWith(`${folder}/`)) {
      fail(
        'kustomize-outside-root',
        `${path} lies outside the folder of the kustomization; Kustomize reads files only below it.`,
        at,
        {
          hint: `Put the file below the kustomization, or a kustomization beside the file and name that folder. ${sameUpstream}`,
        },
      );
    }
    if (content === undefined) this.absent(file, path, at);
    this.inputs.add(file);
    return { file, content };
  }

  /** A file of settings; a key that is there twice counts as upstream counts it, and is said. */
  parseSettings(file: string, content: string): ParsedFile {
    const parsed = this.workspace.parse(content, 'settings');
    if (parsed.repeated !== undefined) {
      this.onProblem({
        ruleId: 'kustomize-repeated-key',
        severity: 'warning',
        message: 'This key stands here a second time; Kustomize takes the last one and forgets the others.',
        at: { file, offset: parsed.repeated, length: 1 },
        hint: 'Join what the two hold under one key.',
        key: String(parsed.repeated),
      });
    }
    return parsed;
  }

  /** A path below the root of the tree, with no symbolic link on the way. */
  resolve(folder: string, path: string, at: Place): string {
    if (path.startsWith('/')) {
      fail('kustomize-outside-root', `${path} is an absolute path: another place on every machine.`, at, {
        hint: 'Name it as seen from the kustomization. Kustomize itself refuses absolute folders, and files outside of the kustomization: an external engine (--engine) would too.',
      });
    }
    const resolved = resolvePath(folder, path);
    if (resolved === undefined) {
      const isFolder = this.workspace.tree.top === 'folder';
      const what = isFolder ? 'the folder that is read, which lies in no repository' : 'the repository';
      fail('kustomize-outside-root', `${path} leads out of ${what}.`, at, {
        hint: isFolder ? aboveHint : outsideHint,
      });
    }
    this.refuseLinks(resolved, path, at);
    return resolved;
  }

  private refuseLinks(resolved: string, path: string, at: Place): void {
    const { links } = this.workspace.tree;
    if (links.size === 0) return;
    for (let part = resolved; part !== ''; part = dirname(part)) {
      const target = links.get(part);
      if (target === undefined) continue;
      const leaves = target.startsWith('/') || resolvePath(dirname(part), target) === undefined;
      // Kustomize follows a link to a file that stays inside, and any link to a folder.
      if (leaves)
        fail('kustomize-symbolic-link', `${path} leads out by the symbolic link ${part} to ${target}.`, at, {
          hint: outsideHint,
        });
      const what = `${path} goes through the symbolic link ${part}`;
      refuse('kustomize-symbolic-link', what, 'links are not followed', at, 'build');
    }
  }

  private absent(file: string, path: string, at: Place): never {
    const unread = this.workspace.tree.unread.get(file);
    if (unread !== undefined) fail('kustomize-unreadable', `${path} was not read: ${unread}.`, at);
    const what = this.workspace.isFolder(file) ? `${path} is a folder, not a file` : `There is no file ${path}`;
    fail('kustomize-missing-file', `${what}.`, at);
  }
}

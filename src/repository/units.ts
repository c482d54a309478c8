import type { Build, BuildOptions } from '../build/resource.js';
import type { OnProblem, Place, Problem } from '../diagnostics/diagnostic.js';
import type { Tree } from '../files/file-map.js';
import { readYaml } from '../yaml/read.js';
import { isJsonnetPath, kustomizationFile, looksLikeManifest } from './discover.js';
import { kubeObject, resourcesOf } from './kube-object.js';
import { editKustomization, type KustomizeOptions } from './kustomize-options.js';
import type { KubeObject, Unchecked, Unit } from './model.js';
import { withFile } from './overlay-files.js';
import { PinnedProblems } from './pinned-problems.js';
import { strayProblems } from './strays.js';

/** A state of the repository: the tree itself, or the one an Application pins. */
export interface Revision {
  /** '' is the tree that was given. */
  readonly id: string;
  readonly tree: Tree;
  /** Where the revision is asked for: findings in a state that is not on disk are shown there. */
  readonly askedAt?: Place;
}

const needsEngine: ReadonlySet<string> = new Set([
  'kustomize-remote',
  'kustomize-helm',
  'kustomize-plugin',
  'kustomize-symbolic-link',
]);

function isIdle({ ruleId, severity }: Problem): boolean {
  return severity === 'warning' && idleRules.has(ruleId);
}

const idleRules: ReadonlySet<string> = new Set([
  'kustomize-image-no-match',
  'kustomize-patch-no-match',
  'kustomize-replacement-no-match',
  'kustomize-replicas-no-target',
]);

function useOf(revision: Revision, file: string): string {
  return `${revision.id}\n${file}`;
}

/** What an entry says, wherever a revision has it. */
function entryOf({ ruleId, at, message }: Problem): string {
  return JSON.stringify([ruleId, at.file, message]);
}

/** Renders units, each once, however many Applications deploy them. */
export class Units {
  private readonly built = new Map<string, Unit>();
  private readonly files = new Map<string, readonly KubeObject[]>();
  readonly unchecked: Unchecked[] = [];
  /** Entries that changed nothing in some builds, by their place. */
  private readonly idle = new Map<string, { readonly problem: Problem; readonly revision: Revision; times: number }>();
  /** What was found in other revisions, until all is read. */
  private readonly pinned = new PinnedProblems();
  /** How many builds a file of a revision took part in. */
  private readonly uses = new Map<string, number>();
  readonly inputs = new Set<string>();

  constructor(
    private readonly build: Build,
    private readonly onProblem: OnProblem,
    /** What Argo CD is told to build with, for a version of Kustomize that an Application asks for. */
    private readonly flags: (version: string | undefined) => BuildOptions = () => ({}),
  ) {}

  /** Every unit that was rendered so far. */
  all(): readonly Unit[] {
    return [...this.built.values()];
  }

  /** A build of a folder, with the options of an Application's source and the version of Kustomize that it asks for. */
  kustomization(revision: Revision, dir: string, options?: KustomizeOptions, version?: string): Unit {
    const flags = this.flags(version);
    const key = ['kustomization', revision.id, dir, options === undefined ? '' : JSON.stringify(options)];
    return this.once([...key, JSON.stringify(flags)].join('\n'), () => {
      const file = kustomizationFile(revision.tree, dir);
      const edited = options && file ? editKustomization(revision.tree, file, options) : undefined;
      const tree = edited !== undefined && file !== undefined ? withFile(revision.tree, file, edited) : revision.tree;
      // What only an external engine can do is said among what was not checked, and is no fault of the repository.
      const report = this.problemsOf(revision);
      const said = new Set<string>();
      const held: Problem[] = [];
      const reportOwn: OnProblem = (problem) => {
        if (needsEngine.has(problem.ruleId)) held.push(problem);
        else if (isIdle(problem)) this.wait(problem, revision, said);
        else report(problem);
      };
      const result = this.build(tree, dir, reportOwn, flags);
      for (const problem of held) if (!result.undecided.some((each) => each.at === problem.at)) report(problem);
      for (const input of result.inputs) {
        if (revision.id === '') this.inputs.add(input);
        const use = useOf(revision, input);
        this.uses.set(use, (this.uses.get(use) ?? 0) + 1);
      }
      for (const each of result.undecided) {
        this.unchecked.push({ what: each.what, file: each.at.file, reason: each.reason });
      }
      const objects = result.resources.map((resource) => this.place(kubeObject(resource), revision));
      const complete = result.ok && result.undecided.length === 0;
      return { kind: 'kustomization', dir, revision: revision.id, objects, ok: result.ok, complete };
    });
  }

  /** Holds an entry that changed nothing until every build is done; a build counts once. */
  private wait(problem: Problem, revision: Revision, said: Set<string>): void {
    const { file, pointer, offset } = problem.at;
    const key = JSON.stringify([revision.id, problem.ruleId, file, pointer, offset, problem.message]);
    if (said.has(key)) return;
    said.add(key);
    const known = this.idle.get(key);
    if (known === undefined) this.idle.set(key, { problem, revision, times: 1 });
    else known.times += 1;
  }

  /**
   * Reports the entries that change nothing in any build they are part of, and what was found in other revisions. A Component or base
   * that several overlays share has entries for objects that only some of them have. Of a pinned revision only what pins it is built, so
   * that the others that share a file are found at the revisions that they pin.
   */
  settle(): void {
    const everywhere = new Map<string, number>();
    for (const { problem, times } of this.idle.values()) {
      const entry = entryOf(problem);
      everywhere.set(entry, (everywhere.get(entry) ?? 0) + times);
    }
    const uses = new Map<string, number>();
    for (const [use, times] of this.uses) {
      const file = use.slice(use.indexOf('\n') + 1);
      uses.set(file, (uses.get(file) ?? 0) + times);
    }
    for (const { problem, revision, times } of this.idle.values()) {
      if (times < (this.uses.get(useOf(revision, problem.at.file)) ?? 0)) continue;
      if (revision.id !== '' && (everywhere.get(entryOf(problem)) ?? 0) < (uses.get(problem.at.file) ?? 0)) continue;
      this.problemsOf(revision)(problem);
    }
    this.idle.clear();
    for (const problem of this.pinned.problems()) this.onProblem(problem);
  }

  /** Plain manifests that are deployed, or lie, together. */
  manifests(revision: Revision, dir: string, paths: readonly string[], key: string): Unit {
    return this.once(['manifests', revision.id, dir, key].join('\n'), () => {
      const complete = !paths.some(isJsonnetPath);
      const objects = paths.flatMap((path) => (isJsonnetPath(path) ? [] : this.objectsIn(revision, path)));
      return { kind: 'manifests', dir, revision: revision.id, objects, ok: true, complete };
    });
  }

  /** The objects of one file; the same instances each time. */
  objectsIn(revision: Revision, path: string): readonly KubeObject[] {
    const key = `${revision.id}\n${path}`;
    const known = this.files.get(key);
    if (known !== undefined) return known;
    const text = revision.tree.files.get(path);
    const objects: KubeObject[] = [];
    const isNamed = revision.tree.named?.has(path) === true;
    if (typeof text === 'string' && (isNamed || looksLikeManifest(text))) {
      if (revision.id === '') this.inputs.add(path);
      const documents = readYaml(path, text, this.problemsOf(revision));
      for (const document of documents) {
        for (const resource of resourcesOf(path, document.index, document.value) ?? []) {
          const object = kubeObject(resource);
          if (!isToolConfiguration(object)) objects.push(this.place(object, revision));
        }
      }
      if (objects.length > 0 || isNamed) {
        const strays = documents.flatMap(({ index, value }) => strayProblems(path, index, value));
        for (const problem of strays) this.problemsOf(revision)(problem);
      }
    }
    this.files.set(key, objects);
    return objects;
  }

  private once(key: string, make: () => Unit): Unit {
    const known = this.built.get(key);
    if (known !== undefined) return known;
    const unit = make();
    this.built.set(key, unit);
    return unit;
  }

  private problemsOf(revision: Revision): OnProblem {
    const { askedAt, id } = revision;
    return askedAt === undefined ? this.onProblem : (problem) => this.pinned.add(problem, id, askedAt);
  }

  private place(object: KubeObject, revision: Revision): KubeObject {
    const { askedAt } = revision;
    if (askedAt === undefined) return object;
    return { ...object, sourceOf: () => ({ ...askedAt, via: `revision ${revision.id}` }) };
  }
}

/** Kinds with apiVersion and kind that configure a tool and never reach a cluster. */
const toolGroups: ReadonlySet<string> = new Set([
  'kustomize.config.k8s.io',
  'kind.x-k8s.io',
  'k3d.io',
  'skaffold',
  'backstage.io',
  'kubeadm.k8s.io',
  'kubelet.config.k8s.io',
  'kubescheduler.config.k8s.io',
  'audit.k8s.io',
  'eksctl.io',
  'gitops-gen.io',
  'builtin',
  'chainsaw.kyverno.io',
  'cli.kyverno.io',
  'tanka.dev',
  'test.gatekeeper.sh',
]);

export function isToolConfiguration(object: KubeObject): boolean {
  if (toolGroups.has(object.group)) return true;
  if (object.group !== '') return false;
  return object.kind === 'Config' || object.apiVersion === 'builtin' || isTalos(object);
}

/**
 * Documents of Talos (talos.dev, "Configuration"): `v1alpha1` without a group, which Kubernetes never had, and no metadata, without
 * which it takes no object.
 */
function isTalos({ apiVersion, value }: KubeObject): boolean {
  return apiVersion === 'v1alpha1' && value['metadata'] === undefined;
}

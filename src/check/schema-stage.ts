import type { Problem } from '../diagnostics/diagnostic.js';
import type { Repository } from '../repository/index.js';
import type { KubeObject, Unchecked } from '../repository/model.js';
import { type CustomDefinition, readCrd } from '../schema/crd.js';
import type { SchemaStore } from '../schema/store.js';
import { type Verdict, validateResource } from '../schema/validate.js';

/** Makes the store that judges a repository, with the definitions that it brings along. */
export type MakeSchemaStore = (definitions: readonly CustomDefinition[], kubernetesVersion: string) => SchemaStore;

export interface SchemaOptions {
  /** Kinds that are not judged: `Kind`, or `group/version/Kind`. */
  readonly skipKinds?: readonly string[];
  /** Kinds that are errors by being there. */
  readonly rejectKinds?: readonly string[];
  /** A kind without a schema is no finding. */
  readonly ignoreMissing?: boolean;
  /** Stop at the first error. */
  readonly exitOnError?: boolean;
  /** Minors to judge for, oldest first; default that of the repository. What only some of them say, says so. */
  readonly versions?: readonly string[];
}

/** How many objects came out how. */
export interface SchemaCounts {
  readonly resources: number;
  readonly valid: number;
  readonly invalid: number;
  readonly missing: number;
  readonly skipped: number;
}

export interface SchemaStage {
  readonly problems: readonly Problem[];
  readonly unchecked: readonly Unchecked[];
  readonly counts: SchemaCounts;
}

/** The definitions of custom kinds among the objects of a repository. */
export function definitionsOf(repository: Repository): readonly CustomDefinition[] {
  return repository.objects.flatMap((object) =>
    object.kind === 'CustomResourceDefinition' ? readCrd(object.value, object.resource.origin.file) : [],
  );
}

/** Holds every object against its schema. A kind of which nothing, or only a part, is known is said among what was not checked. */
export function checkSchemas(repository: Repository, make: MakeSchemaStore, options: SchemaOptions = {}): SchemaStage {
  const versions = options.versions ?? [repository.kubernetesVersion];
  const definitions = definitionsOf(repository);
  const stores = versions.map((version) => make(definitions, version));
  const stage = new Stage(versions, options);
  for (const object of repository.objects) {
    stage.judge(object, stores);
    if (options.exitOnError === true && stage.hasError) break;
  }
  return stage.finish();
}

class Stage {
  hasError = false;
  private readonly problems: Problem[] = [];
  private readonly unchecked = new Map<string, Unchecked>();
  private readonly missing = new Set<string>();
  private readonly counts = { resources: 0, valid: 0, invalid: 0, missing: 0, skipped: 0 };

  constructor(
    private readonly versions: readonly string[],
    private readonly options: SchemaOptions,
  ) {}

  judge(object: KubeObject, stores: readonly SchemaStore[]): void {
    this.counts.resources += 1;
    if (isNamed(object, this.options.skipKinds)) {
      this.counts.skipped += 1;
      this.leaveOut(object, 'its kind is skipped');
      return;
    }
    if (isNamed(object, this.options.rejectKinds)) {
      this.counts.invalid += 1;
      this.report(rejected(object));
      return;
    }
    const said = new Map<string, { readonly problem: Problem; readonly versions: string[] }>();
    const verdicts = stores.map((store, index) => {
      const seen = new Set<string>();
      return validateResource(object.resource, store, (problem) => {
        const identity = identityOf(problem);
        if (seen.has(identity)) return;
        seen.add(identity);
        const entry = said.get(identity) ?? { problem, versions: [] };
        entry.versions.push(this.versions[index] as string);
        said.set(identity, entry);
      });
    });
    for (const { problem, versions } of said.values()) this.take(object, problem, versions);
    this.count(verdicts);
  }

  finish(): SchemaStage {
    return { problems: this.problems, unchecked: [...this.unchecked.values()], counts: this.counts };
  }

  private take(object: KubeObject, problem: Problem, versions: readonly string[]): void {
    if (problem.ruleId === 'schema-partial') {
      this.leaveOut(object, 'only a part of its schema is known');
      return;
    }
    if (problem.ruleId === 'schema-not-available') {
      this.leaveOut(object, 'no schema is known for it');
      // One kind is one finding, however many objects of it there are.
      const kind = `${object.apiVersion}/${object.kind}`;
      if (this.options.ignoreMissing === true || this.missing.has(kind)) return;
      this.missing.add(kind);
    }
    const some = versions.length < this.versions.length;
    this.report(some ? { ...problem, message: `${problem.message} Only with Kubernetes ${versions.join(', ')}.` } : problem);
  }

  private count(verdicts: readonly Verdict[]): void {
    if (verdicts.includes('invalid')) this.counts.invalid += 1;
    else if (verdicts.includes('no-schema')) this.counts.missing += 1;
    else this.counts.valid += 1;
  }

  private report(problem: Problem): void {
    if (problem.severity === 'error') this.hasError = true;
    this.problems.push(problem);
  }

  private leaveOut(object: KubeObject, reason: string): void {
    const what = `${object.kind} of ${object.apiVersion}`;
    if (!this.unchecked.has(what)) this.unchecked.set(what, { what, file: object.resource.origin.file, reason, minor: true });
  }
}

/** The same fault in two versions: its words name the schema, and differ. */
function identityOf({ ruleId, at, key }: Problem): string {
  return JSON.stringify([ruleId, at.file, at.document, at.pointer, at.offset, key]);
}

function isNamed({ apiVersion, kind }: KubeObject, kinds: readonly string[] = []): boolean {
  return kinds.includes(kind) || kinds.includes(`${apiVersion}/${kind}`);
}

function rejected(object: KubeObject): Problem {
  const { via: _, ...at } = object.sourceOf('/kind');
  return {
    ruleId: 'schema-rejected-kind',
    severity: 'error',
    message: `Kind ${object.kind} of ${object.apiVersion} is rejected here.`,
    at,
    hint: 'Take the object out, or the kind out of --reject-kind.',
    key: object.name,
  };
}

import { isObject } from '../capacity/read.js';
import type { Json, Problem } from '../diagnostics/diagnostic.js';
import { textAt } from '../files/file-map.js';
import type { Repository } from '../repository/index.js';
import type { KubeObject, Unchecked } from '../repository/model.js';
import {
  acrossVersions,
  type CustomDefinition,
  checkYamlWords,
  type Outcome,
  outcomeOf,
  readCrd,
  type SchemaStore,
  type Summary,
  selectKind,
  summarize,
  validateResource,
} from '../schema/index.js';
import { pointerParts } from '../yaml/pointer.js';

export interface SchemaOptions {
  /** Kinds that are not judged: `Kind`, or `group/version/Kind`. */
  readonly skipKinds?: readonly string[];
  /** Kinds that are errors by being there. */
  readonly rejectKinds?: readonly string[];
  /** A kind without a schema is no finding. */
  readonly ignoreMissing?: boolean;
  /** Stop at the first error. */
  readonly exitOnError?: boolean;
}

export interface SchemaStage {
  readonly problems: readonly Problem[];
  readonly unchecked: readonly Unchecked[];
  /** How many objects came out how, in kubeconform's words. */
  readonly summary: Summary;
}

/** The definitions of custom kinds among the objects of a repository, those of builds that failed included. */
export function definitionsOf({ objects, aside }: Repository): readonly CustomDefinition[] {
  const own = objects.filter(isDefinition);
  const names = new Set(own.map(({ name }) => name));
  const lost = aside.flatMap(({ object }) => (isDefinition(object) && !names.has(object.name) ? [object] : []));
  return [...own, ...lost].flatMap((object) => readCrd(object.value, object.resource.origin.file));
}

function originFile({ resource }: KubeObject): string {
  return resource.origin.file;
}

function isDefinition({ kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition';
}

/**
 * Holds every object against its schema, once for each store (a version of Kubernetes each): what only some of them say
 * carries their versions. A kind of which nothing, or only a part, is known is said among what was not checked.
 */
export function checkSchemas(
  repository: Repository,
  stores: readonly SchemaStore[],
  options: SchemaOptions = {},
): SchemaStage {
  const stage = new Stage(stores, options, deployedOf(repository));
  for (const object of repository.objects) {
    stage.judge(object);
    if (options.exitOnError === true && stage.hasError) break;
  }
  if (!(options.exitOnError === true && stage.hasError)) stage.words(repository);
  return stage.finish();
}

class Stage {
  hasError = false;
  private readonly problems: Problem[] = [];
  private readonly unchecked = new Map<string, Unchecked>();
  private readonly missing = new Set<string>();
  private readonly outcomes: Outcome[] = [];

  constructor(
    private readonly stores: readonly SchemaStore[],
    private readonly options: SchemaOptions,
    /** Objects that an Application deploys as they stand here. */
    private readonly deployed: ReadonlySet<KubeObject>,
  ) {}

  judge(object: KubeObject): void {
    const { skipKinds: skip = [], rejectKinds: reject = [], ignoreMissing = false } = this.options;
    const selected = selectKind(object.apiVersion, object.kind, { skip, reject });
    if (selected === 'skip') {
      this.outcomes.push('skipped');
      this.leaveOut(object, 'its kind is skipped');
      return;
    }
    if (selected === 'reject') {
      this.outcomes.push('invalid');
      this.report(rejected(object));
      return;
    }
    const byMinor = new Map<string, Problem[]>();
    const outcomes = this.stores.map((store) => {
      const said: Problem[] = [];
      byMinor.set(store.kubernetesVersion, said);
      return outcomeOf(
        validateResource(object.resource, store, (problem) => said.push(placed(object, problem))),
        ignoreMissing,
      );
    });
    for (const problem of acrossVersions(byMinor)) this.take(object, problem);
    this.outcomes.push((['invalid', 'error', 'skipped'] as const).find((each) => outcomes.includes(each)) ?? 'valid');
  }

  /** Words that YAML 1.1 reads differently stand in the text only: the reader has lost them. */
  words({ tree, objects, units }: Repository): void {
    const plain = new Set(
      units.filter(({ kind }) => kind === 'manifests').flatMap((unit) => unit.objects.map(originFile)),
    );
    for (const file of new Set(objects.map(originFile))) {
      const text = textAt(tree.files, file);
      if (text !== undefined) checkYamlWords(file, text, (problem) => this.report(problem), !plain.has(file));
    }
  }

  finish(): SchemaStage {
    return { problems: this.problems, unchecked: [...this.unchecked.values()], summary: summarize(this.outcomes) };
  }

  private take(object: KubeObject, problem: Problem): void {
    if (problem.ruleId === 'schema-partial') {
      this.leaveOut(object, 'only a part of its schema is known');
      return;
    }
    if (!this.deployed.has(object) && isFilledIn(object, problem)) {
      const { file } = object.resource.origin;
      this.unchecked.set(file, {
        what: 'template',
        file,
        reason: 'its placeholders are filled in elsewhere',
        minor: true,
      });
      return;
    }
    if (problem.ruleId === 'schema-not-available') {
      this.leaveOut(object, 'no schema is known for it');
      // One kind is one finding, however many objects of it there are.
      const kind = `${object.apiVersion}/${object.kind}`;
      if (this.options.ignoreMissing === true || this.missing.has(kind)) return;
      this.missing.add(kind);
    }
    this.report(problem);
  }

  private report(problem: Problem): void {
    if (problem.severity === 'error') this.hasError = true;
    this.problems.push(problem);
  }

  private leaveOut(object: KubeObject, reason: string): void {
    const what = `${object.kind} of ${object.apiVersion}`;
    if (this.unchecked.has(what)) return;
    this.unchecked.set(what, { what, file: object.resource.origin.file, reason, minor: true });
  }
}

/** One step into a value; undefined where it leads nowhere. */
function within(value: Json | undefined, part: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(part)] as Json | undefined;
  return isObject(value) ? value[part] : undefined;
}

function deployedOf({ deployed }: Repository): ReadonlySet<KubeObject> {
  return new Set(deployed.flatMap(({ object, application }) => (application === undefined ? [] : [object])));
}

/**
 * Whether a problem is about a value that something else fills in (envsubst, Flux, FreeMarker: `${NAME}`, `$NAME`) before the object
 * reaches a cluster. Argo CD fills in nothing: what it deploys is judged as it stands.
 */
function isFilledIn({ value, resource }: KubeObject, { at: place }: Problem): boolean {
  const { pointer = '', file } = place;
  const base = resource.origin.pointer ?? '';
  if (file !== resource.origin.file || !pointer.startsWith(base)) return false;
  const found = pointerParts(pointer.slice(base.length)).reduce<Json | undefined>(within, value);
  return typeof found === 'string' && /\$\{[A-Za-z_][^}]*\}|^\$[A-Za-z_]\w*$/.test(found);
}

/** Text of another revision is not on disk: what is found there is shown where the revision is asked for. */
function placed(object: KubeObject, problem: Problem): Problem {
  const { via, ...at } = object.sourceOf('');
  if (!via.startsWith('revision ')) return problem;
  const { file } = object.resource.origin;
  return {
    ...problem,
    message: `${object.kind} ${object.name}: ${problem.message} (${file} at ${via})`,
    at,
    key: `${object.kind} ${object.name} ${problem.key ?? problem.message}`,
    related: [],
  };
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

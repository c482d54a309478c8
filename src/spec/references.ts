import type { OnProblem } from '../diagnostics/diagnostic.js';
import { shown } from '../diagnostics/show.js';
import { Cursor } from './draft.js';
import { Findings, Names, report, reportDuplicates, reportSlugCollisions, reportUnknown } from './findings.js';
import { refuseDerived, slug } from './names.js';
import { namesOf } from './ranges.js';
import type { SpecSet } from './spec-set.js';
import type { SpecKind } from './validator.js';

/** A catalog as far as references need it. */
export interface KnownNames {
  has(id: string): boolean;
  /** For suggestions. */
  names(): Iterable<string>;
}

/** What exists outside the files; what is left out is not judged. */
export interface Known {
  readonly models?: KnownNames;
  readonly gpus?: KnownNames;
  readonly blueprints?: KnownNames;
  readonly rules?: KnownNames;
}

/** Known names of a plain list. */
export function knownNames(names: Iterable<string>): KnownNames {
  const all = new Set(names);
  return { has: (id) => all.has(id), names: () => all };
}

interface Context {
  readonly findings: Findings;
  readonly known: Known;
  readonly suggestions: (kind: keyof Known) => Names;
  readonly environments: Names;
  /** Clusters of each environment. */
  readonly clustersOf: ReadonlyMap<string, readonly string[]>;
  readonly hasProject: boolean;
}

/**
 * Resolves every name that leads from one file to another, or to a catalog, and judges the names that only collide across
 * files. Looks at drafts: a file with an error elsewhere is judged all the same.
 */
export function checkReferences(specs: SpecSet, known: Known, onProblem: OnProblem): void {
  const findings = new Findings(onProblem);
  const of = (kind: SpecKind): Cursor[] =>
    specs.drafts.filter((draft) => draft.kind === kind).map((draft) => Cursor.of(draft));
  const project = of('Project')[0];
  const environments = project?.get('spec', 'environments').items() ?? [];
  const clustersOf = new Map(
    environments.flatMap((environment) => {
      const name = environment.get('name').text;
      return name === undefined ? [] : [[name, clusterNames(environment)] as const];
    }),
  );
  const suggested = new Map<keyof Known, Names>();
  const context: Context = {
    findings,
    known,
    suggestions: (kind) => {
      const names = suggested.get(kind) ?? new Names(known[kind]?.names() ?? []);
      suggested.set(kind, names);
      return names;
    },
    environments: new Names(clustersOf.keys()),
    clustersOf,
    hasProject: project !== undefined,
  };
  const [families, clusters, policies] = [of('ModelFamily'), of('ClusterConfig'), of('Policies')];
  checkClusters(context, project, clusters, specs.unreadable.clusters);
  checkProjectReferences(context, project, policies);
  checkFamilies(context, families);
  checkPolicies(context, policies);
  for (const exemptions of of('Exemptions')) {
    for (const exemption of exemptions.get('spec', 'exemptions').items())
      lookUp(context, 'rules', 'rule', exemption.get('rule'));
  }
  findings.finish();
}

/** The clusters of an environment: those it lists, or the one of its name. */
function clusterNames(environment: Cursor): string[] {
  const listed = environment.get('clusters');
  const name = environment.get('name').text;
  return listed.exists ? listed.items().flatMap(({ text }) => text ?? []) : name === undefined ? [] : [name];
}

function lookUp(
  { known, findings, suggestions }: Context,
  kind: keyof Known,
  what: string,
  cursor: Cursor,
  instead?: string,
): void {
  const name = cursor.text;
  const catalog = known[kind];
  if (name === undefined || catalog === undefined || catalog.has(name)) return;
  reportUnknown(
    findings,
    what,
    cursor,
    name,
    suggestions(kind),
    'value',
    suggestions(kind).all.size > 20
      ? `\`gitops-gen ${kind}\` lists them.${instead === undefined ? '' : ` ${instead}`}`
      : instead,
  );
}

function checkClusters(
  context: Context,
  project: Cursor | undefined,
  clusters: readonly Cursor[],
  unreadable: readonly string[],
): void {
  const { findings } = context;
  const names = clusters.map((cluster) => cluster.get('metadata', 'name'));
  reportDuplicates(findings, 'cluster', names);
  reportSlugCollisions(findings, 'cluster', names);
  for (const name of names) {
    const folder = name.draft.file.split('/')[1]!;
    if (name.text !== undefined && name.text !== folder) {
      report(
        findings,
        'spec-file',
        name,
        `The cluster is called "${shown(name.text)}" and its folder "${shown(folder)}".`,
        'Give both the same name.',
      );
    }
    for (const pool of name.draft ? Cursor.of(name.draft).get('spec', 'nodePools').items() : [])
      lookUp(context, 'gpus', 'GPU', pool.get('gpu'));
  }
  if (project === undefined) return;
  const existing = new Names([...names.flatMap(({ text }) => text ?? []), ...unreadable]);
  const used = new Set<string>();
  for (const environment of project.get('spec', 'environments').items()) {
    const listed = environment.get('clusters');
    const cursors = listed.exists ? listed.items() : [environment.get('name')];
    for (const cursor of cursors) {
      const name = cursor.text;
      if (name === undefined) continue;
      used.add(name);
      if (!existing.has(name)) missingCluster(context, cursor, name, existing, listed.exists);
    }
  }
  for (const instance of project.get('spec', 'argocd', 'instances').items()) {
    const home = instance.get('cluster').text;
    if (home !== undefined) used.add(home);
    for (const cursor of instance.get('manages').items()) {
      if (cursor.text === undefined) continue;
      if (!existing.has(cursor.text)) reportUnknown(findings, 'cluster', cursor, cursor.text, existing);
      used.add(cursor.text);
    }
  }
  unmanaged(context, project);
  for (const name of names) {
    if (name.text === undefined || used.has(name.text)) continue;
    report(
      findings,
      'spec-no-effect',
      name,
      `No environment lists the cluster "${shown(name.text)}".`,
      'Add it to the clusters of an environment, or remove its folder.',
      { severity: 'warning', key: name.text },
    );
  }
}

function missingCluster({ findings }: Context, cursor: Cursor, name: string, existing: Names, isListed: boolean): void {
  const file = `clusters/${shown(name)}/cluster-config.yaml`;
  const add = `Add ${file}${isListed ? '' : ', or list the clusters of the environment'}.`;
  reportUnknown(
    findings,
    isListed ? 'cluster' : "cluster of the environment's name,",
    cursor,
    name,
    existing,
    'value',
    existing.all.size > 0 && existing.all.size <= 20 ? `There is: ${existing.sorted.join(', ')}. ${add}` : add,
  );
}

/** Where every instance lists what it manages, a cluster that none lists would get no Applications. */
function unmanaged({ findings, clustersOf }: Context, project: Cursor): void {
  const instances = project.get('spec', 'argocd', 'instances').items();
  if (instances.length === 0 || instances.some((instance) => !instance.get('manages').exists)) return;
  const managed = new Set(
    instances.flatMap((instance) =>
      instance
        .get('manages')
        .items()
        .flatMap(({ text }) => text ?? []),
    ),
  );
  for (const environment of project.get('spec', 'environments').items()) {
    for (const name of clustersOf.get(environment.get('name').text ?? '') ?? []) {
      if (managed.has(name)) continue;
      report(
        findings,
        'spec-reference',
        environment.get('name'),
        `No Argo CD instance manages the cluster "${shown(name)}".`,
        'Add it to "manages" of an instance.',
        {
          key: name,
          related: [{ message: 'The instances.', at: project.get('spec', 'argocd', 'instances').at('key') }],
        },
      );
    }
  }
}

function checkProjectReferences(context: Context, project: Cursor | undefined, policies: readonly Cursor[]): void {
  if (project === undefined) return;
  lookUp(context, 'blueprints', 'blueprint', project.get('spec', 'defaults', 'runtime'));
  const names = new Names(policies.flatMap((one) => one.get('metadata', 'name').text ?? []));
  for (const cursor of project.get('spec', 'policies').items()) {
    if (cursor.text !== undefined && !names.has(cursor.text))
      reportUnknown(context.findings, 'policy file', cursor, cursor.text, names);
  }
}

function checkPolicies(context: Context, policies: readonly Cursor[]): void {
  reportDuplicates(
    context.findings,
    'policy file',
    policies.map((one) => one.get('metadata', 'name')),
  );
  for (const policy of policies.flatMap((one) => one.get('spec', 'policies').items())) {
    lookUp(context, 'rules', 'rule', policy.get('id'));
    environmentKeys(context, policy.get('environments'));
  }
}

function environmentKeys({ findings, environments, hasProject }: Context, map: Cursor): void {
  if (!hasProject) return;
  for (const [name, cursor] of map.fields()) {
    if (!environments.has(name)) reportUnknown(findings, 'environment', cursor, name, environments, 'key');
  }
}

function checkFamilies(context: Context, families: readonly Cursor[]): void {
  const { findings } = context;
  const familyNames = families.map((family) => family.get('metadata', 'name'));
  reportDuplicates(findings, 'family', familyNames);
  reportSlugCollisions(findings, 'family', familyNames);
  // Inside one family the family itself has reported duplicates; across families the folder applications/<model> is one.
  const models = families.map((family) => family.get('spec', 'models'));
  duplicatesAcross(context, models);
  reportSlugCollisions(
    findings,
    'model',
    models.flatMap((list) => namesOf(list)),
  );
  for (const family of families) checkFamilyReferences(context, family);
}

function duplicatesAcross({ findings }: Context, lists: readonly Cursor[]): void {
  const first = new Map<string, Cursor>();
  for (const list of lists) {
    for (const cursor of namesOf(list)) {
      const name = cursor.text;
      if (name === undefined) continue;
      const before = first.get(name);
      if (before === undefined) first.set(name, cursor);
      else if (before.draft !== cursor.draft) {
        report(
          findings,
          'spec-duplicate-name',
          cursor,
          `The model "${shown(name)}" stands in two families; both would be rendered to applications/${shown(name)}.`,
          'Rename or remove one of the two.',
          {
            key: name,
            related: [{ message: 'It stands here first.', at: before.at() }],
          },
        );
      }
    }
  }
}

function checkFamilyReferences(context: Context, family: Cursor): void {
  const { findings, environments, hasProject } = context;
  const spec = family.get('spec');
  lookUp(context, 'blueprints', 'blueprint', spec.get('runtime'));
  const familyName = family.get('metadata', 'name');
  for (const environment of environments.sorted) {
    derived(context, familyName, 'Namespace', `${slug(familyName.text ?? '')}-${slug(environment)}`, environment);
  }
  for (const model of spec.get('models').items()) {
    const entry = model.get('model');
    if (entry.exists) lookUp(context, 'models', 'model in the catalog called', entry);
    else if (!isSized(model)) lookUp(context, 'models', 'model in the catalog called', model.get('name'), ownModel);
    lookUp(context, 'gpus', 'GPU', model.get('gpu'));
    environmentKeys(context, model.get('replicas'));
    environmentKeys(context, model.get('environments'));
    for (const [, override] of model.get('environments').fields()) {
      lookUp(context, 'models', 'model in the catalog called', override.get('model'));
      lookUp(context, 'gpus', 'GPU', override.get('gpu'));
    }
    derivedNames(context, model);
  }
  const named = [
    spec.get('workflow').get('environments'),
    ...spec
      .get('phases')
      .items()
      .map((each) => each.get('enabledIn')),
  ];
  for (const list of hasProject ? named : []) {
    for (const cursor of list.items()) {
      if (cursor.text !== undefined && !environments.has(cursor.text))
        reportUnknown(findings, 'environment', cursor, cursor.text, environments);
    }
  }
}

const ownModel =
  'A model of your own says `gpu` and `parallelism.tensor` (or `resources.gpus`) itself, and its `source`.';

/** Whether a model that the catalog does not know says itself what it runs on, everywhere or in some environment. */
function isSized(model: Cursor): boolean {
  const all = [
    model,
    ...model
      .get('environments')
      .fields()
      .map(([, override]) => override),
  ];
  const isSaid = (...path: readonly string[]) => all.some((each) => each.get(...path).exists);
  return isSaid('gpu') && (isSaid('parallelism', 'tensor') || isSaid('resources', 'gpus'));
}

/** Names of what is rendered for a model: its workload and Service, and one Application per environment and cluster. */
function derivedNames(context: Context, model: Cursor): void {
  const cursor = model.get('name');
  const name = cursor.text;
  if (name === undefined) return;
  const short = slug(name);
  for (const [environment] of model.get('replicas').fields()) {
    const clusters = context.clustersOf.get(environment) ?? [];
    const base = `${short}-${slug(environment)}`;
    const applications = clusters.length > 1 ? clusters.map((cluster) => `${base}-${slug(cluster)}`) : [base];
    for (const application of applications) derived(context, cursor, 'Application', application, environment);
  }
}

function derived({ findings }: Context, cursor: Cursor, kind: string, name: string, key: string): void {
  const refusal = cursor.text === undefined ? undefined : refuseDerived(kind, name);
  if (refusal) report(findings, 'spec-derived-name', cursor, refusal.message, refusal.hint, { key });
}

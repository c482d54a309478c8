import type { Place } from '../../../diagnostics/diagnostic.js';
import { firstFew } from '../../../diagnostics/few.js';
import { type Application, type Deployed, referenceOf } from '../../../repository/model.js';
import { sameValue } from '../../../yaml/compose.js';
import { noParameters, type OnFinding, placeOf, type Rule } from '../../rule.js';
import { isExample } from './samples.js';
import { namesOfSets } from './sets.js';

export const duplicateIdentity: Rule = {
  id: 'duplicate-identity',
  group: 'kubernetes',
  severity: 'error',
  summary: 'One object is rendered twice: in one unit, or by two Applications into one place.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const live = new Set(repository.applications.flatMap((each) => each.deployed.map((place) => place.unit)));
    for (const unit of repository.units) {
      const places = unit.objects.map((object) => ({
        object,
        unit,
        application: undefined,
        cluster: '',
        namespace: object.namespace,
      }));
      const isDeployed = live.has(unit) || unit.kind === 'kustomization';
      for (const [first, second] of pairs(places, (each) => identity(each))) {
        if (isDeployed || !isExample(unit.dir)) inOneUnit(first, second, isDeployed, onFinding);
      }
    }
    const byPlace = repository.deployed.filter((each) => each.application !== undefined && each.cluster !== '');
    const key = (each: Deployed) => {
      const name = identity(each);
      return name === undefined || each.namespace === undefined ? undefined : `${each.cluster}\n${name}`;
    };
    const ambiguous = definedApart(repository.applications);
    const shared: [Deployed, Deployed][] = [];
    for (const [first, second] of pairs(byPlace, key)) {
      // Two of one name are alternatives, or live in two instances: Argo CD takes them for one owner.
      const [a, b] = [first.application, second.application];
      if (a !== b && a?.name !== b?.name) shared.push([first, second]);
      else if (a === b && first.unit !== second.unit) byTwoSources(first, second, onFinding);
    }
    for (const group of byCause(shared)) {
      const [[first, second]] = group as [[Deployed, Deployed]];
      if (group.length === 1) byTwoApplications(first, second, ambiguous, onFinding);
      else ofSameFiles(group, ambiguous, onFinding);
    }
    namesOfSets(repository, (each) => ambiguous.has(qualified(each)), onFinding);
  },
};

function identity({ object, namespace }: Deployed): string | undefined {
  if (object.name === '' || object.kind === '') return undefined;
  return [object.group, object.kind, namespace ?? '', object.name].join('\n');
}

/** Each later object with the first of its identity. */
function pairs(places: readonly Deployed[], keyOf: (each: Deployed) => string | undefined): [Deployed, Deployed][] {
  const first = new Map<string, Deployed>();
  const out: [Deployed, Deployed][] = [];
  for (const each of places) {
    const key = keyOf(each);
    if (key === undefined) continue;
    const before = first.get(key);
    if (before === undefined) first.set(key, each);
    else out.push([before, each]);
  }
  return out;
}

/**
 * Files beside each other that nobody deploys together may be alternatives. Of two that say the same nothing is lost: Argo CD keeps the last
 * and reports RepeatedResourceWarning (NormalizeTargetObjects in controller/state.go), and kubectl finds the second unchanged.
 */
function inOneUnit(first: Deployed, second: Deployed, isDeployed: boolean, onFinding: OnFinding): void {
  const { kind, name } = second.object;
  const certain = isDeployed || placeOf(first.object, '').file === placeOf(second.object, '').file;
  const same = sameValue(first.object.value, second.object.value);
  const severity = certain ? (same ? 'warning' : 'error') : 'info';
  onFinding({
    severity,
    message: same
      ? `${kind} ${name} is defined twice in the same words; one of the two is of no use, and a change to only one of them may never show: whichever is applied last wins.`
      : `${kind} ${name} is defined twice; whichever is applied last wins, and the other is lost.`,
    at: placeOf(second.object, '/metadata/name'),
    object: referenceOf(second.object),
    hint: same ? 'Remove one of them.' : 'Give one of them another name, or remove it.',
    related: [{ message: 'the first definition', at: placeOf(first.object, '/metadata/name') }],
    key: placeOf(second.object, '').file,
  });
}

/** Of several sources of one Application the last one wins, and Argo CD says so with a RepeatedResourceWarning. */
function byTwoSources(first: Deployed, second: Deployed, onFinding: OnFinding): void {
  const application = second.application as Application;
  const { kind, name } = second.object;
  onFinding({
    severity: 'warning',
    message: `${kind} ${name} is rendered by two sources of Application ${application.name}: the later source wins, and what the earlier one has is lost.`,
    at: placeOf(second.object, '/metadata/name'),
    object: referenceOf(second.object, application, second.namespace),
    hint: 'Render it in one source (Argo CD reports RepeatedResourceWarning for it).',
    related: [{ message: 'the earlier source renders it here', at: placeOf(first.object, '/metadata/name') }],
    key: application.name,
  });
}

/**
 * Names of Applications that files of different folders define: one Argo CD has only one of a name, so these are alternatives
 * or belong to several Argo CDs, and nobody can tell from here which of them stand beside which other Application.
 */
function definedApart(applications: readonly Application[]): ReadonlySet<string> {
  const folders = new Map<string, Set<string>>();
  for (const application of applications) {
    const { file } = application.object.resource.origin;
    const name = qualified(application);
    const known = folders.get(name) ?? new Set<string>();
    folders.set(name, known.add(file.slice(0, file.lastIndexOf('/') + 1)));
  }
  return new Set([...folders].flatMap(([name, of]) => (of.size > 1 ? [name] : [])));
}

/** A name within the namespace of its Application; the usual namespaces of Argo CD itself are one, whichever installation is meant. */
function qualified({ namespace = 'argocd', name }: Application): string {
  return namespace === 'argocd' || namespace === 'openshift-gitops' ? name : `${namespace}/${name}`;
}

/** Pairs of one cause together: two Applications deploy the same files. What is written in two places is a cause each. */
function byCause(shared: readonly [Deployed, Deployed][]): [Deployed, Deployed][][] {
  const groups = new Map<Application, Map<Application, [Deployed, Deployed][]>>();
  const out: [Deployed, Deployed][][] = [];
  for (const pair of shared) {
    const [first, second] = pair;
    if (first.object.resource.origin.file !== second.object.resource.origin.file) {
      out.push([pair]);
      continue;
    }
    const [a, b] = [first.application as Application, second.application as Application];
    const others = groups.get(a) ?? new Map<Application, [Deployed, Deployed][]>();
    groups.set(a, others);
    const group = others.get(b);
    if (group === undefined) {
      const made = [pair];
      others.set(b, made);
      out.push(made);
    } else group.push(pair);
  }
  return out;
}

function ofSameFiles(
  group: readonly [Deployed, Deployed][],
  ambiguous: ReadonlySet<string>,
  onFinding: OnFinding,
): void {
  const [first, second] = group[0] as [Deployed, Deployed];
  const [a, b] = [first.application as Application, second.application as Application];
  const { severity, unless } = certainty(a, b, ambiguous);
  const names = group.map(([, { object }]) => `${object.kind} ${object.name}`);
  const dir = commonFolder(group.map(([, { object }]) => object.resource.origin.file));
  onFinding({
    ...severity,
    message: `Application ${a.name} and Application ${b.name} deploy the same files${dir === '' ? '' : ` of ${dir}`}: ${group.length} objects (${firstFew(names)}) are in both; the two take them from each other, and pruning in one deletes them in the other.${unless}`,
    at: sourceOf(b, second),
    object: referenceOf(b.object),
    hint: 'Leave the folder to one Application (Argo CD reports SharedResourceWarning for each of the objects).',
    related: [
      { message: `Application ${a.name} deploys them from here`, at: sourceOf(a, first) },
      ...group.slice(0, 3).map(([, { object }]) => ({
        message: `${object.kind} ${object.name}`,
        at: placeOf(object, '/metadata/name'),
      })),
    ],
    key: `${a.name} ${b.name}`,
  });
}

/** The line of an Application that makes it deploy an object. */
function sourceOf({ object, sources }: Application, { unit }: Deployed): Place {
  const pointer = sources.find((each) => each.unit === unit)?.pointer ?? '/spec';
  return placeOf(object, `${pointer}/path`);
}

/** The folder that all of these files lie in, at whatever depth. */
function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => file.split('/').slice(0, -1));
  let length = first.length;
  for (const each of others) {
    const parts = first.findIndex((part, index) => each[index] !== part);
    if (parts >= 0) length = Math.min(length, parts);
  }
  return first.slice(0, length).join('/');
}

/** Two Applications of which one is defined apart may never stand beside each other. */
function certainty(a: Application, b: Application, ambiguous: ReadonlySet<string>) {
  const apart = [a, b].find((each) => ambiguous.has(qualified(each)));
  if (apart === undefined) return { severity: {}, unless: '' };
  return {
    severity: { severity: 'info' as const },
    unless: ` That is so where one Argo CD has both; Application ${apart.name} is defined more than once.`,
  };
}

function byTwoApplications(
  first: Deployed,
  second: Deployed,
  ambiguous: ReadonlySet<string>,
  onFinding: OnFinding,
): void {
  const [a, b] = [first.application as Application, second.application as Application];
  const { severity, unless } = certainty(a, b, ambiguous);
  const { kind, name } = second.object;
  const where = second.namespace ? ` in namespace ${second.namespace}` : '';
  onFinding({
    ...severity,
    message: `${kind} ${name}${where} is deployed by Application ${a.name} and by Application ${b.name}: they take it from each other, and pruning in one deletes it in the other.${unless}`,
    at: placeOf(second.object, '/metadata/name'),
    object: referenceOf(second.object, b, second.namespace),
    hint: 'Leave it to one Application (Argo CD reports SharedResourceWarning for it).',
    related: [
      { message: `Application ${a.name} renders it here`, at: placeOf(first.object, '/metadata/name') },
      { message: `Application ${b.name}`, at: placeOf(b.object, '/metadata/name') },
    ],
    key: `${a.name} ${b.name}`,
  });
}

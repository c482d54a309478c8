import { type Application, type Deployed, referenceOf } from '../../../repository/model.js';
import { noParameters, type OnFinding, placeOf, type Rule } from '../../rule.js';

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
    for (const [first, second] of pairs(byPlace, key)) {
      // Two of one name are alternatives, or live in two instances: Argo CD takes them for one owner.
      const [a, b] = [first.application, second.application];
      if (a !== b && a?.name !== b?.name) byTwoApplications(first, second, ambiguous, onFinding);
      else if (a === b && first.unit !== second.unit) byTwoSources(first, second, onFinding);
    }
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

/** Folders of samples and tests, whose files are applied one at a time. */
function isExample(dir: string): boolean {
  return /(^|[/_-])(examples?|samples?|tests?|testdata|fixtures)([/_-]|$)/i.test(dir);
}

/** Files beside each other that nobody deploys together may be alternatives. */
function inOneUnit(first: Deployed, second: Deployed, isDeployed: boolean, onFinding: OnFinding): void {
  const { kind, name } = second.object;
  const certain = isDeployed || placeOf(first.object, '').file === placeOf(second.object, '').file;
  onFinding({
    ...(certain ? {} : { severity: 'info' as const }),
    message: `${kind} ${name} is defined twice; whichever is applied last wins, and the other is lost.`,
    at: placeOf(second.object, '/metadata/name'),
    object: referenceOf(second.object),
    hint: 'Give one of them another name, or remove it.',
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

function byTwoApplications(
  first: Deployed,
  second: Deployed,
  ambiguous: ReadonlySet<string>,
  onFinding: OnFinding,
): void {
  const [a, b] = [first.application as Application, second.application as Application];
  const apart = [a, b].find((each) => ambiguous.has(qualified(each)));
  const { kind, name } = second.object;
  const where = second.namespace ? ` in namespace ${second.namespace}` : '';
  const unless =
    apart === undefined
      ? ''
      : ` That is so where one Argo CD has both; Application ${apart.name} is defined more than once.`;
  onFinding({
    ...(apart === undefined ? {} : { severity: 'info' as const }),
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

import { firstFew } from '../../../diagnostics/few.js';
import { compareText } from '../../../diagnostics/order.js';
import { dirname } from '../../../files/path.js';
import { isApplication } from '../../../repository/applications.js';
import type { Repository } from '../../../repository/index.js';
import { type Application, type Deployed, type KubeObject, referenceOf } from '../../../repository/model.js';
import { type OnFinding, placeOf } from '../../rule.js';
import { isExample } from './samples.js';

/** An Application that an ApplicationSet makes, and the place of the set. */
interface Made {
  readonly name: string;
  readonly set: Deployed;
}

/** What else stands for an Application that a set makes; `certain` where one Argo CD has both. */
interface Clash {
  readonly name: string;
  readonly set: Deployed;
  readonly other: Deployed;
  readonly certain: boolean;
}

/**
 * Names of Applications that an ApplicationSet makes and that somebody else has as well. The controller takes over an Application of the name that has no
 * owner: it writes its own spec and metadata into it, and deletes it once the set makes it no more. One that another set owns is refused
 * (createOrUpdateInCluster with SetControllerReference, and deleteInCluster, in applicationset/controllers).
 */
export function namesOfSets(
  repository: Repository,
  isApart: (application: Application) => boolean,
  onFinding: OnFinding,
): void {
  const declared = new Map<string, Deployed[]>();
  const made = new Map<string, Made[]>();
  for (const place of repository.deployed) {
    if (isApplication(place.object)) add(declared, identity(place, place.object.name), place);
    for (const { name } of repository.expansions.get(place.object)?.applications ?? []) {
      if (name !== '') add(made, identity(place, name), { name, set: place });
    }
  }
  const note = (list: Clash[], name: string, set: Deployed, other: Deployed, apart: boolean): void => {
    if (set.cluster !== '' && other.cluster !== '' && set.cluster !== other.cluster) return;
    const owners = [set, other].map((each) => each.application);
    // Samples are applied one at a time.
    if ([set, other].some(({ application, unit }) => application === undefined && isExample(unit.dir))) return;
    const open = apart || owners.some((each) => each !== undefined && isApart(each));
    list.push({ name, set, other, certain: !open && standTogether(set, other) });
  };
  const withDeclared: Clash[] = [];
  const withSets: Clash[] = [];
  for (const [id, all] of made) {
    for (const [index, { name, set }] of all.entries()) {
      const others = declared.get(id) ?? [];
      // What files of several folders declare are alternatives, and nobody can tell which of them the set stands beside.
      const apart = new Set(others.map(({ object }) => dirname(object.resource.origin.file))).size > 1;
      for (const other of others) note(withDeclared, name, set, other, apart);
      const before = all.slice(0, index).find((each) => each.set.object.name !== set.object.name);
      if (before === undefined) continue;
      // Whichever of the two is met first in one place and later in another: they are one pair.
      const [one, two] = [before.set, set].sort((a, b) => compareText(a.object.name, b.object.name));
      note(withSets, name, two as Deployed, one as Deployed, false);
    }
  }
  for (const clashes of grouped(withDeclared, ({ other }) => other.unit.dir)) takesOver(clashes, onFinding);
  for (const clashes of grouped(withSets, ({ other }) => writtenAt(other.object))) refuses(clashes, onFinding);
}

function add<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

/** A name in its namespace; the usual namespaces of Argo CD itself are one, whichever installation is meant. */
function identity({ namespace = 'argocd' }: Deployed, name: string): string {
  return `${namespace === 'openshift-gitops' ? 'argocd' : namespace}/${name}`;
}

/** Whether one Argo CD has both: they are applied together, or Applications bring both into one cluster. */
function standTogether(a: Deployed, b: Deployed): boolean {
  if (placeOf(a.object, '').file === placeOf(b.object, '').file) return true;
  if (a.application === undefined || b.application === undefined)
    return a.unit === b.unit && a.unit.kind === 'kustomization';
  return a.unit === b.unit || (a.cluster !== '' && a.cluster === b.cluster);
}

/** Clashes of one set with what has one cause; the certain ones apart. An object in several places or revisions counts once. */
function grouped(clashes: readonly Clash[], causeOf: (clash: Clash) => string): Clash[][] {
  const causes = new Map<string, Map<string, Clash>>();
  for (const clash of clashes) {
    const cause = JSON.stringify([writtenAt(clash.set.object), causeOf(clash)]);
    const names = causes.get(cause) ?? new Map<string, Clash>();
    causes.set(cause, names);
    if (names.get(clash.name)?.certain !== true) names.set(clash.name, clash);
  }
  return [...causes.values()]
    .flatMap((names) => [true, false].map((certain) => [...names.values()].filter((each) => each.certain === certain)))
    .filter((each) => each.length > 0);
}

function writtenAt({ name, resource: { origin } }: KubeObject): string {
  return JSON.stringify([origin.file, origin.document ?? 0, origin.pointer ?? '', name]);
}

const unless = ' That is so where one Argo CD has both.';

function takesOver(clashes: readonly Clash[], onFinding: OnFinding): void {
  const { name, set, other, certain } = clashes[0] as Clash;
  const several = clashes.length > 1;
  const names = firstFew(clashes.map((each) => each.name));
  const them = several ? 'them' : 'it';
  onFinding({
    ...(certain ? {} : { severity: 'info' as const }),
    message: `${several ? `${clashes.length} Applications (${names}) are` : `Application ${name} is`} declared here, and ApplicationSet ${set.object.name} makes ${several ? 'Applications of the same names' : 'one of the same name'}: its controller takes ${them} over, writes its own spec into ${them}, and deletes ${them} once it makes ${them} no more.${certain ? '' : unless}`,
    at: several ? placeOf(set.object, '/spec/template/metadata/name') : placeOf(other.object, '/metadata/name'),
    object: several
      ? referenceOf(set.object, set.application, set.namespace)
      : referenceOf(other.object, other.application, other.namespace),
    hint: 'Leave each Application to one of the two: remove the file, or keep the name out of the generators.',
    related: several
      ? clashes.slice(0, 5).map((each) => ({
          message: `Application ${each.name} is declared here`,
          at: placeOf(each.other.object, '/metadata/name'),
        }))
      : [
          {
            message: `ApplicationSet ${set.object.name} makes it here`,
            at: placeOf(set.object, '/spec/template/metadata/name'),
          },
        ],
    key: `${set.object.name} ${other.unit.dir}`,
  });
}

function refuses(clashes: readonly Clash[], onFinding: OnFinding): void {
  const { name, set, other, certain } = clashes[0] as Clash;
  const names = firstFew(clashes.map((each) => each.name));
  const what = clashes.length > 1 ? `${clashes.length} Applications (${names})` : `Application ${name}`;
  onFinding({
    ...(certain ? {} : { severity: 'info' as const }),
    message: `ApplicationSet ${set.object.name} makes ${what} as ApplicationSet ${other.object.name} does: whichever comes first owns ${clashes.length > 1 ? 'them' : 'it'}, and the controller refuses the other ("already owned").${certain ? '' : unless}`,
    at: placeOf(set.object, '/spec/template/metadata/name'),
    object: referenceOf(set.object, set.application, set.namespace),
    hint: 'Put what tells the two sets apart into the name, or keep the elements out of one of them.',
    related: [
      { message: `ApplicationSet ${other.object.name}`, at: placeOf(other.object, '/spec/template/metadata/name') },
    ],
    key: other.object.name,
  });
}

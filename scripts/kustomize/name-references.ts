import { fieldSpecs, type Spec } from './field-specs.js';
import { type Built, build, buildAll, disguise, disguises, fullBody, objectOf, pathsWhere } from './probe.js';
import type { Gvk, Universe } from './universe.js';

export interface Reference {
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly fieldSpecs: readonly Spec[];
}

const text = 'probe';

/** Which fields of which kinds follow the name of objects of each kind (or of those that are wanted). */
export function nameReferences(
  universe: Universe,
  say: (text: string) => void,
  isWanted: (target: Gvk) => boolean = () => true,
): Reference[] {
  const referrers = new Map<string, Gvk & { definition: string }>();
  for (const { gvk, definition } of universe.kinds.values())
    referrers.set(`${gvk.group}/${gvk.version}/${gvk.kind}`, { ...gvk, definition });
  const targets = new Map<string, Gvk>();
  // A rule may ask for one version of a kind.
  for (const { gvk } of universe.kinds.values()) targets.set(`${gvk.group}/${gvk.version}/${gvk.kind}`, gvk);
  const bodies = [...referrers.values()].map((gvk, i) =>
    objectOf(gvk, `r${i}`, fullBody(universe, gvk.definition, text, false), { namespace: text }),
  );
  const result: Reference[] = [];
  for (const target of [...targets.values()].filter(isWanted)) {
    if (!changes(bodies, target)) continue;
    const generalised = generalise(universe, target, bodies);
    say(`references to ${target.kind} (${target.group || 'core'})`);
    result.push(generalised);
  }
  const unique = new Map(result.map((reference) => [JSON.stringify(reference), reference]));
  return [...unique.values()].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
}

function changes(bodies: readonly object[], target: Gvk): boolean {
  for (let i = 0; i < bodies.length; i += 120) {
    const built = buildAll(
      { namePrefix: 'zz-', resources: ['objects.yaml', 'target.yaml'] },
      bodies.slice(i, i + 120),
      { 'target.yaml': JSON.stringify(objectOf(target, text, undefined, { namespace: text })) },
      120,
    );
    if (built.some((object) => JSON.stringify({ ...object, metadata: {} }).includes('"zz-probe"'))) return true;
  }
  return false;
}

function generalise(universe: Universe, target: Gvk, bodies: readonly object[]): Reference {
  const held = disguises.filter((as) => changes(bodies, disguise(target, as)));
  const anyGroup = held.includes('other-group') || held.includes('other-both');
  const anyVersion = held.includes('other-version') || held.includes('other-both');
  const specs = fieldSpecs(universe, {
    kustomization: { namePrefix: 'zz-', resources: ['objects.yaml', 'target.yaml'] },
    text,
    accepts: (value) => value === 'zz-probe',
    creates: 'nothing',
    more: { 'target.yaml': JSON.stringify(objectOf(target, text, undefined, { namespace: text })) },
    metadata: { namespace: text },
  }).filter(({ path }) => path !== 'metadata/name');
  return {
    ...(anyGroup || target.group === '' ? {} : { group: target.group }),
    ...(anyVersion ? {} : { version: target.version }),
    kind: target.kind,
    fieldSpecs: wholeMaps(target, specs),
  };
}

/** Where the namespace beside a name is changed too, the reference is the map that holds both. */
function wholeMaps(target: Gvk, specs: readonly Spec[]): Spec[] {
  const result = new Map<string, Spec>();
  for (const spec of specs) {
    const found =
      spec.path.endsWith('/name') && followsNamespace(target, spec)
        ? { ...spec, path: spec.path.slice(0, -'/name'.length) }
        : spec;
    result.set(JSON.stringify(found), found);
  }
  return [...result.values()].filter((spec) => !spec.path.endsWith('/namespace'));
}

function followsNamespace(target: Gvk, spec: Spec): boolean {
  // Some kinds insist on a list where the path does not care.
  return [{ name: text, namespace: text }, [{ name: text, namespace: text }]].some((holder) =>
    changesNamespace(target, spec, holder),
  );
}

function changesNamespace(target: Gvk, spec: Spec, holder: object): boolean {
  const parts = spec.path.split('/');
  // Lists and maps are both walked by the path, so a map per part will do.
  const body = parts.slice(0, -1).reduceRight<object>((below, part) => ({ [part]: below }), holder);
  const object: Built = {
    ...body,
    apiVersion: `${spec.group === undefined ? '' : `${spec.group}/`}${spec.version ?? 'v1'}`,
    kind: spec.kind ?? 'Stranger',
    metadata: { name: 'r', namespace: text },
  };
  const moved = (name: string): boolean => {
    let built: Built[];
    try {
      built = build({ namePrefix: 'zz-', namespace: 'zz-space' }, [
        object,
        objectOf(target, name, undefined, { namespace: text }),
      ]);
    } catch {
      return false;
    }
    const referrer = built.find(({ metadata }) => metadata.name.endsWith('r'));
    return pathsWhere({ ...referrer, metadata: {} }, (value) => value === 'zz-space').length > 0;
  };
  // Some fields get the namespace of the kustomization whether they refer to something or not.
  return moved(text) && !moved('else');
}

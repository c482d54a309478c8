import { objectAt } from '../../../capacity/read.js';
import type { Json, Place } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { servingTemplates } from '../../serving.js';
import { nameOf } from '../../workloads.js';
import { type Level, type Violation, violationsOf } from './standard.js';

const label = 'pod-security.kubernetes.io/enforce';

export const podSecurityLevel: Rule = {
  id: 'pod-security-level',
  group: 'security',
  severity: 'error',
  summary: 'A Pod asks for what the Pod Security level of its namespace forbids.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const place of repository.deployed) {
      const templates = servingTemplates(place.object);
      const enforced = templates.length === 0 ? undefined : levelAt(repository, place);
      if (enforced === undefined) continue;
      for (const template of templates) {
        for (const violation of violationsOf(template.spec, template.pointer, enforced.level)) {
          onFinding({
            ...onField(place.object, violation.pointer, {
              ...(violation.missing === true ? { part: 'key' as const } : {}),
              application: place.application,
              namespace: place.namespace,
              key: violation.what,
              message: messageOf(place, violation, enforced.level),
              hint: `Change the Pod, or the label ${label} of namespace ${place.namespace}.`,
            }),
            related: [{ message: 'the level', at: enforced.at }],
          });
        }
      }
    }
  },
};

function messageOf(place: Deployed, { what }: Violation, level: Level): string {
  const outcome = place.object.kind === 'Pod' ? 'the Pod is refused' : 'it is accepted and its Pods never come';
  return `${nameOf(place)}: ${what}, which namespace ${place.namespace} does not admit (${level}): ${outcome}.`;
}

interface Enforced {
  readonly level: Level;
  readonly at: Place;
}

/** The level of the namespace something goes to, where one Namespace of the repository says it. */
function levelAt(repository: Repository, place: Deployed): Enforced | undefined {
  if (place.namespace === undefined) return undefined;
  const namespaces = (repository.byName.get(`/Namespace/${place.namespace}`) ?? []).filter(
    (each) => each.cluster === place.cluster,
  );
  const levels = namespaces.flatMap((each) => {
    const level = levelNamed(objectAt(each.object.value, 'metadata', 'labels')[label]);
    return level === undefined
      ? []
      : [{ level, at: placeOf(each.object, `/metadata/labels/${label.replace('/', '~1')}`) }];
  });
  // Two documents that claim one namespace are a finding of their own.
  return new Set(levels.map((each) => each.level)).size === 1 ? levels[0] : undefined;
}

function levelNamed(value: Json | undefined): Level | undefined {
  return value === 'baseline' || value === 'restricted' || value === 'privileged' ? value : undefined;
}

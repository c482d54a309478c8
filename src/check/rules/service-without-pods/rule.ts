import { objectAt } from '../../../capacity/read.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import type { Repository } from '../../../repository/index.js';
import type { Deployed } from '../../../repository/model.js';
import { podTemplates } from '../../../repository/pods.js';
import { toPointer } from '../../../yaml/range.js';
import { isNameOfCustom, isOpen, mentionedByCustom, together } from '../../neighbourhood.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const serviceWithoutPods: Rule = {
  id: 'service-without-pods',
  group: 'references',
  severity: 'error',
  summary: 'The selector of a Service matches no Pod that the repository makes.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const index = labelIndex(repository);
    for (const service of repository.byKind.get('/Service') ?? []) {
      const selector = Object.entries(objectAt(service.object.value, 'spec', 'selector'));
      if (selector.length === 0 || isFragment(service) || isOpen(repository, service)) continue;
      if (candidates(index, selector).some((each) => together(service, each.place) && matches(selector, each.labels)))
        continue;
      if (madeByOperator(repository, service, selector)) continue;
      const near = nearest(index, service, selector);
      onFinding(
        onField(service.object, pointerOf(selector, near), {
          ...(near === undefined || service.application === undefined ? { severity: 'warning' as const } : {}),
          application: service.application,
          namespace: service.namespace,
          message: `Service ${service.object.name} selects ${text(selector)}, and no Pod of this repository has these labels: it has no endpoints.`,
          ...(near === undefined
            ? {}
            : {
                hint: `${near.place.object.kind} ${near.place.object.name} beside it gives its Pods ${text(Object.entries(near.labels))}.`,
              }),
        }),
      );
    }
  },
};

/** A kustomization that nobody deploys and that has no workload is there to be included (kubebuilder's config/webhook): it has no Pods to miss. */
function isFragment({ application, unit }: Deployed): boolean {
  return (
    application === undefined &&
    unit.kind === 'kustomization' &&
    !unit.objects.some((each) => podTemplates(each).length > 0)
  );
}

interface Labelled {
  readonly place: Deployed;
  readonly labels: Readonly<Record<string, Json>>;
}

/** Pod templates by each of their labels, so that a Service looks at the few that can match. */
function labelIndex(repository: Repository): ReadonlyMap<string, readonly Labelled[]> {
  const index = new Map<string, Labelled[]>();
  for (const place of [...repository.deployed, ...repository.aside]) {
    for (const { labels } of podTemplates(place.object)) {
      for (const [key, value] of Object.entries(labels)) {
        const entry = index.get(`${key}\n${String(value)}`);
        if (entry === undefined) index.set(`${key}\n${String(value)}`, [{ place, labels }]);
        else entry.push({ place, labels });
      }
    }
  }
  return index;
}

function candidates(
  index: ReadonlyMap<string, readonly Labelled[]>,
  selector: readonly [string, Json][],
): readonly Labelled[] {
  let best: readonly Labelled[] | undefined;
  for (const [key, value] of selector) {
    const some = index.get(`${key}\n${String(value)}`) ?? [];
    if (best === undefined || some.length < best.length) best = some;
  }
  return best ?? [];
}

function matches(selector: readonly [string, Json][], labels: Readonly<Record<string, Json>>): boolean {
  return selector.every(([key, value]) => labels[key] === value);
}

/** Pods of custom resources get labels by their operator's rules; one whose name the selector asks for is taken for its source. */
function madeByOperator(repository: Repository, service: Deployed, selector: readonly [string, Json][]): boolean {
  if (selector.some(([key]) => isOperatorLabel(key))) return true;
  return selector.some(
    ([, value]) =>
      (String(value).length > 3 && mentionedByCustom(repository, service, String(value))) ||
      isNameOfCustom(repository, service, String(value)),
  );
}

/** Labels of a domain that an operator puts on Pods (`cnpg.io/cluster`, `strimzi.io/name`); people use app.kubernetes.io and their own. */
function isOperatorLabel(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return domain !== '' && domain !== 'app.kubernetes.io' && domain !== 'gitops-gen.io';
}

/** The label that keeps the nearest Pods from being selected, so that the line of the overlay that set it is shown. */
function pointerOf(selector: readonly (readonly [string, Json])[], near: Labelled | undefined): string {
  const odd = near === undefined ? undefined : selector.find(([key, value]) => near.labels[key] !== value);
  return odd === undefined ? '/spec/selector' : toPointer(['spec', 'selector', odd[0]]);
}

/** A workload in the same unit that shares a key, and differs in the value. */
function nearest(
  index: ReadonlyMap<string, readonly Labelled[]>,
  service: Deployed,
  selector: readonly [string, Json][],
): Labelled | undefined {
  const keys = new Set(selector.map(([key]) => key));
  for (const [entry, some] of index) {
    if (!keys.has(entry.slice(0, entry.indexOf('\n')))) continue;
    const same = some.find((each) => each.place.unit === service.unit && together(service, each.place));
    if (same !== undefined) return same;
  }
  return undefined;
}

function text(labels: readonly (readonly [string, Json])[]): string {
  return labels.map(([key, value]) => `${key}=${String(value)}`).join(', ');
}

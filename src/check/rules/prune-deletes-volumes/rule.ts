import { at, listAt, objectAt, objectsAt, stringAt } from '../../../capacity/read.js';
import type { Repository } from '../../../repository/index.js';
import type { Application, Deployed, KubeObject } from '../../../repository/model.js';
import { podReferences, podTemplates } from '../../../repository/pods.js';
import { annotation, commaList, syncOptionsAnnotation } from '../../../repository/waves.js';
import { noParameters, onField, placeOf, type Rule } from '../../rule.js';
import { gpuRequest } from '../../serving.js';

export const pruneDeletesVolumes: Rule = {
  id: 'prune-deletes-volumes',
  group: 'argocd',
  severity: 'warning',
  summary: 'Automated pruning would delete a volume together with the models in it.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const models = claimsOfModels(repository);
    for (const place of repository.byKind.get('/PersistentVolumeClaim') ?? []) {
      const { object, application } = place;
      if (application === undefined || !prunes(application) || !holdsModels(place, models)) continue;
      if (isKept(repository, place)) continue;
      const own = commaList(annotation(object.value, syncOptionsAnnotation));
      const all = listAt(application.object.value, 'spec', 'syncPolicy', 'syncOptions').map(String);
      if ([...own, ...all].some((option) => /^Prune=(false|confirm)$/.test(option))) continue;
      onFinding(
        onField(object, '/metadata/name', {
          application,
          namespace: place.namespace,
          message: `Application ${application.name} prunes automatically, and PersistentVolumeClaim ${object.name} is among what it prunes: a renamed folder or claim deletes the volume${sizeOf(object)}, and ${lossOf(object, isMounted(place, models))}.`,
          hint: 'Annotate the claim with argocd.argoproj.io/sync-options: Prune=false (or Prune=confirm).',
          related: [
            { message: 'automated pruning', at: placeOf(application.object, '/spec/syncPolicy/automated/prune') },
          ],
        }),
      );
    }
  },
};

/** `namespace/claim` of Pods that ask for a GPU. */
function claimsOfModels(repository: Repository): ReadonlySet<string> {
  const out = new Set<string>();
  for (const place of repository.deployed) {
    for (const template of podTemplates(place.object)) {
      const containers = [...objectsAt(template.spec, 'containers'), ...objectsAt(template.spec, 'initContainers')];
      if (!containers.some((each) => gpuRequest(each) !== undefined)) continue;
      for (const reference of podReferences(template)) {
        if (reference.kind === 'PersistentVolumeClaim') out.add(`${place.namespace ?? ''}/${reference.name}`);
      }
    }
  }
  return out;
}

/** A claim that a Pod with a GPU mounts, or whose name speaks of models. Other volumes are not what this is about. */
function holdsModels(place: Deployed, models: ReadonlySet<string>): boolean {
  return isMounted(place, models) || isOfModels(place.object);
}

function isMounted({ object, namespace }: Deployed, models: ReadonlySet<string>): boolean {
  return models.has(`${namespace ?? ''}/${object.name}`);
}

function isOfModels({ name }: KubeObject): boolean {
  return /(^|-)(models?|weights|checkpoints?|huggingface|hf|llms?)(-|$)/.test(name);
}

/** What its loss means: models can be had again, and what else Pods with GPUs keep may be results. */
function lossOf(claim: KubeObject, isForGpus: boolean): string {
  if (!isOfModels(claim)) return 'what the Pods with GPUs keep there is lost, or made again while GPUs wait';
  return `its models are downloaded again${isForGpus ? ' while GPUs wait' : ''}`;
}

/** How large a claim asks its volume to be, as it is written; how much lies there nobody knows. */
function sizeOf({ value }: KubeObject): string {
  const size = at(value, 'spec', 'resources', 'requests', 'storage');
  return typeof size === 'string' || typeof size === 'number' ? ` of ${size}` : '';
}

/** A claim on a volume that is declared here and outlives it: the data is still there for the next claim. */
function isKept(repository: Repository, { object, cluster }: Deployed): boolean {
  const name = stringAt(object.value, 'spec', 'volumeName');
  if (name === undefined) return false;
  return (repository.byName.get(`/PersistentVolume/${name}`) ?? []).some(
    (volume) =>
      (volume.cluster === '' || volume.cluster === cluster) &&
      // A volume that is made by hand is kept unless it says otherwise.
      (stringAt(volume.object.value, 'spec', 'persistentVolumeReclaimPolicy') ?? 'Retain') === 'Retain',
  );
}

function prunes({ object }: Application): boolean {
  return objectAt(object.value, 'spec', 'syncPolicy', 'automated')['prune'] === true;
}

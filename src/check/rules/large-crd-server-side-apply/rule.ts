import { listAt } from '../../../capacity/read.js';
import type { FileMap } from '../../../files/file-map.js';
import type { KubeObject } from '../../../repository/model.js';
import { annotation, commaList, syncOptionsAnnotation } from '../../../repository/waves.js';
import { noParameters, onField, type Rule } from '../../rule.js';

/** All annotations of an object together may have this many bytes (apimachinery, TotalAnnotationSizeLimitB). */
const annotationLimit = 262_144;

export const largeCrdServerSideApply: Rule = {
  id: 'large-crd-server-side-apply',
  group: 'argocd',
  severity: 'error',
  summary: 'An object is too large for client-side apply, which keeps a copy of it in an annotation.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const { object, application, namespace } of repository.deployed) {
      if (application === undefined || !mayBeLarge(object, repository.tree.files)) continue;
      const size = sizeOf(object.value);
      if (size <= annotationLimit) continue;
      const own = commaList(annotation(object.value, syncOptionsAnnotation));
      const all = listAt(application.object.value, 'spec', 'syncPolicy', 'syncOptions').map(String);
      if ([...own, ...all].some((option) => option === 'ServerSideApply=true' || option === 'Replace=true')) continue;
      onFinding(
        onField(object, '/metadata/name', {
          application,
          namespace,
          message: `${object.kind} ${object.name} has ${size} bytes as JSON, and client-side apply keeps a copy of it in an annotation, which holds ${annotationLimit}: the sync fails with "metadata.annotations: Too long".`,
          hint: 'Set ServerSideApply=true in the sync options of the Application, or in the annotation of the object.',
        }),
      );
    }
  },
};

/** Generators make large ConfigMaps and Secrets of other files; every other object is about as large as the text that it stands in. */
function mayBeLarge({ kind, resource }: KubeObject, files: FileMap): boolean {
  if (kind === 'ConfigMap' || kind === 'Secret') return true;
  const text = files.get(resource.origin.file);
  return text === undefined || text.length > annotationLimit / 4;
}

const sizes = new WeakMap<object, number>();

function sizeOf(value: object): number {
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const size = JSON.stringify(value).length;
  sizes.set(value, size);
  return size;
}

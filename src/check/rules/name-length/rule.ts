import { stringAt } from '../../../capacity/read.js';
import { isApplication } from '../../../repository/applications.js';
import { annotation, commaList, hookAnnotation, isHook } from '../../../repository/waves.js';
import { noParameters, onField, type Rule } from '../../rule.js';

/** Longest names by kind: the CRD's own bound, or the labels that a controller makes of the name. */
const limits: Readonly<Record<string, readonly [number, string]>> = {
  'kubeai.org/Model': [40, 'the CRD of KubeAI allows 40'],
  'batch/CronJob': [52, 'the controller adds 11 characters to the name of each Job, which holds 63'],
  '/Namespace': [63, 'a namespace is one DNS label'],
  'apps/StatefulSet': [52, 'the label with the revision of its Pods adds 11 characters, and a label holds 63'],
};

export const nameLength: Rule = {
  id: 'name-length',
  group: 'kubernetes',
  severity: 'error',
  summary: 'A name is longer than what is made of it can hold.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const { trackingMethod } = repository.argocd;
    for (const object of repository.objects) {
      const limit = limits[`${object.group}/${object.kind}`];
      if (limit !== undefined && object.name.length > limit[0]) {
        onFinding(
          onField(object, '/metadata/name', {
            message: `The name ${object.name} has ${object.name.length} characters; ${limit[1]}.`,
          }),
        );
      }
      if (isApplication(object) && trackingMethod !== 'annotation' && object.name.length > 63) {
        const cut = trackingMethod === 'annotation+label';
        onFinding(
          onField(object, '/metadata/name', {
            ...(cut ? { severity: 'warning' as const } : {}),
            message: `The name ${object.name} has ${object.name.length} characters, and argocd-cm tracks by label, which holds 63: ${cut ? 'it is cut, and two Applications may end up with one label' : 'no object of the Application can be applied'}.`,
          }),
        );
      }
      const generated = stringAt(object.value, 'metadata', 'generateName');
      if (generated === undefined || object.name !== '' || object.kind !== 'Job' || !isHook(object.value)) continue;
      // <commit 7>-<phase>-<seconds 10>: 23 characters for Sync, 27 for PostSync and SyncFail (gitops-engine sync_context.go).
      const phase = Math.max(0, ...commaList(annotation(object.value, hookAnnotation)).map((name) => name.length));
      const added = 7 + 1 + phase + 1 + 10;
      if (generated.length + added > 63) {
        onFinding(
          onField(object, '/metadata/generateName', {
            message: `Argo CD adds ${added} characters to generateName ${generated} of this hook, ${generated.length + added} in all; the name of a Job holds 63.`,
            hint: `Use at most ${63 - added} characters.`,
          }),
        );
      }
    }
    for (const application of repository.applications) {
      for (const source of application.sources) {
        if (source.type !== 'helm') continue;
        const stated = stringAt(source.value, 'helm', 'releaseName');
        const release = stated ?? application.name;
        if (release.length <= 53) continue;
        onFinding(
          onField(application.object, stated === undefined ? '/metadata/name' : `${source.pointer}/helm/releaseName`, {
            severity: 'warning',
            message: `The Helm release ${release} has ${release.length} characters, and Helm allows 53.`,
            hint: 'Set a shorter spec.source.helm.releaseName.',
          }),
        );
      }
    }
  },
};

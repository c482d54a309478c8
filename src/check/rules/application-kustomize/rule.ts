import { objectAt, stringAt } from '../../../capacity/read.js';
import { kustomizationFile } from '../../../repository/discover.js';
import { refusedEdits } from '../../../repository/kustomize-options.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const applicationKustomize: Rule = {
  id: 'application-kustomize',
  group: 'argocd',
  severity: 'error',
  summary: 'An Application gives Kustomize something that it refuses, or that never reaches it.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const { kustomize } = repository.argocd;
    for (const { object, sources } of repository.applications) {
      for (const { pointer, value, type, unit, path } of sources) {
        if (type !== 'kustomize') continue;
        const fields = objectAt(value, 'kustomize');
        const version = stringAt(fields, 'version');
        if (version && kustomize.isKnown && !kustomize.versions.has(version)) {
          onFinding(
            onField(object, `${pointer}/kustomize/version`, {
              message: `Kustomize ${version} is not registered in argocd-cm, so that Argo CD builds nothing for the Application.`,
              hint: `Give argocd-cm a key kustomize.path.${version}, or leave the version out.`,
              ...(kustomize.versions.size > 0 ? { allowed: [...kustomize.versions].sort() } : {}),
            }),
          );
        }
        const file = unit?.revision === '' ? kustomizationFile(repository.tree, unit.dir) : undefined;
        if (file === undefined || Object.keys(fields).length === 0) continue;
        for (const refused of refusedEdits(repository.tree, file, fields)) {
          onFinding(
            onField(object, `${pointer}/kustomize${refused.pointer}`, {
              part: 'key',
              message: `kustomize edit refuses it, and Argo CD builds nothing of ${path ?? ''}: ${refused.reason}.`,
              related: [{ message: 'the kustomization', at: { file } }],
            }),
          );
        }
      }
    }
    for (const { key, version, source } of kustomize.unusedKeys) {
      onFinding(
        onField(source.object, source.pointerOf(key), {
          part: 'key',
          severity: 'warning',
          message: `Argo CD reads ${key} and never passes it on: Applications that ask for Kustomize ${version} are built with kustomize.buildOptions.`,
          hint: 'Put the options into kustomize.buildOptions, which every version gets.',
        }),
      );
    }
  },
};

import { stringAt } from '../../../capacity/read.js';
import { isApplication, sourcesOf } from '../../../repository/applications.js';
import { sameRepositoryKey } from '../../../repository/git-url.js';
import type { Application } from '../../../repository/model.js';
import { waveOf } from '../../../repository/waves.js';
import { noParameters, onField, type Rule } from '../../rule.js';

export const wavesGateFirstInstallOnly: Rule = {
  id: 'waves-gate-first-install-only',
  group: 'order',
  severity: 'warning',
  summary:
    'Child Applications in waves follow the same branch as their parent, so that a change of content reaches them all at once.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    for (const parent of repository.applications) {
      const followed = new Map(
        parent.sources.map((source) => [sameRepositoryKey(source.repoURL), source.targetRevision || 'HEAD']),
      );
      const children = parent.deployed.filter((each) => isApplication(each.object));
      if (new Set(children.map((each) => waveOf(each.object.value))).size < 2) continue;
      for (const child of children) {
        for (const { value, pointer } of sourcesOf(child.object.value)) {
          const revision = stringAt(value, 'targetRevision') || 'HEAD';
          const same = followed.get(sameRepositoryKey(stringAt(value, 'repoURL') ?? '')) === revision;
          if (!same || isFixed(revision) || !isAutomated(child.object.value)) continue;
          onFinding(
            onField(child.object, stringAt(value, 'targetRevision') ? `${pointer}/targetRevision` : pointer, {
              application: parent,
              message: `Application ${child.object.name} follows ${revision}, as its parent ${parent.name} does: a change of its manifests leaves the parent as it was, so no wave runs and all children sync at once. The waves order the first install at most.`,
              hint: 'Let the parent set the revision of its children (a Kustomize replacement from an annotation with ARGOCD_APP_REVISION), or pin them.',
              key: parent.name,
            }),
          );
        }
      }
    }
  },
};

/** A commit never changes under its name. */
function isFixed(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

function isAutomated(value: Application['object']['value']): boolean {
  const policy = (value['spec'] as { syncPolicy?: { automated?: { enabled?: boolean } | null } } | undefined)
    ?.syncPolicy;
  return policy?.automated !== undefined && policy.automated !== null && policy.automated.enabled !== false;
}

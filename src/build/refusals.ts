import type { Place } from '../diagnostics/diagnostic.js';
import { BuildFailure } from './failure.js';
import type { Kustomization } from './kustomization.js';

const engine = 'Build it with an external engine (--engine kubectl or --engine kustomize) if you trust it.';

/** Ends the build: only an external engine can do this, and nothing is ignored in silence. */
export function refuse(ruleId: string, what: string, reason: string, at: Place): never {
  throw new BuildFailure(
    { ruleId, severity: 'error', message: `${what}: ${reason}.`, at, hint: engine },
    { what, reason, at },
  );
}

/** What kind of remote thing a path names; undefined for a local path. */
export function remoteKind(path: string): 'url' | 'git' | undefined {
  if (/^(?:https?|ssh|git|file|oci):\/\//i.test(path))
    return /\.git(?:\/|$|\?)|^(?:git|ssh)|[?&]ref=|\/\//i.test(path.replace(/^[a-z]+:\/\//i, '')) ||
      /^(?:ssh|git|file)/i.test(path)
      ? 'git'
      : 'url';
  if (/^git::|^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:|^(?:github\.com|bitbucket\.org|gitlab\.com)[/:]/i.test(path))
    return 'git';
  if (/\?(?:.*&)?(?:ref|version|submodules|timeout)=/.test(path)) return 'git';
  return undefined;
}

export function refuseRemote(path: string, kind: 'url' | 'git', at: Place): never {
  const what = kind === 'git' ? `The remote base ${path}` : `The remote resource ${path}`;
  refuse('kustomize-remote', what, 'this build does not use the network', at);
}

/** Features that start processes or fetch things. */
export function refuseUnsupported(kustomization: Kustomization): void {
  for (const key of ['helmCharts', 'helmChartInflationGenerator']) {
    if (kustomization.items(key).length > 0) {
      refuse(
        'kustomize-helm',
        `The field ${key}`,
        'charts are inflated by running Helm, which this build does not',
        kustomization.at(`/${key}`),
      );
    }
  }
  if (kustomization.has('helmGlobals')) {
    refuse(
      'kustomize-helm',
      'The field helmGlobals',
      'charts are inflated by running Helm, which this build does not',
      kustomization.at('/helmGlobals'),
    );
  }
}

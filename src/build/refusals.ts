import type { Place } from '../diagnostics/diagnostic.js';
import { placeOf } from './edits.js';
import type { Entry } from './entry.js';
import { BuildFailure, fail } from './failure.js';
import type { Kustomization } from './kustomization.js';
import { field, textOf } from './node.js';

/** What somebody can do who needs what is refused here; each of these was tried with Kustomize 5.8. */
const remedies = {
  fetch:
    'An external engine fetches it, without credentials: --engine kubectl or --engine kustomize, if you trust what lies there. A copy in the repository needs no trust.',
  helm: 'No engine runs Helm for gitops-gen, --engine kustomize neither: render the chart into the repository with `helm template`, or run `kustomize build --enable-helm` by your own hand.',
  build: 'An external engine builds it: --engine kubectl or --engine kustomize.',
  run: 'No engine runs programs for gitops-gen, --engine kustomize neither: commit what it makes, or run `kustomize build --enable-alpha-plugins --enable-exec` by your own hand.',
} as const;

/** For hints where upstream draws the same line. */
export const sameUpstream = 'Kustomize itself refuses this, so an external engine (--engine) would too.';

/** Ends the build: only an external engine can do this, and nothing is ignored in silence. */
export function refuse(ruleId: string, what: string, reason: string, at: Place, remedy: keyof typeof remedies): never {
  throw new BuildFailure(
    { ruleId, severity: 'error', message: `${what}: ${reason}.`, at, hint: remedies[remedy] },
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
  refuse('kustomize-remote', what, 'this build does not use the network', at, 'fetch');
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
        'helm',
      );
    }
  }
  if (kustomization.has('helmGlobals')) {
    refuse(
      'kustomize-helm',
      'The field helmGlobals',
      'charts are inflated by running Helm, which this build does not',
      kustomization.at('/helmGlobals'),
      'helm',
    );
  }
}

/** Refuses a configuration of a generator, transformer or validator that is not built into Kustomize. */
export function demandBuiltin(plugin: Entry): void {
  const apiVersion = textOf(field(plugin.root, 'apiVersion'));
  const at = placeOf(plugin.origin);
  const annotations = plugin.strings('annotations');
  if (annotations.has('config.kubernetes.io/function') || annotations.has('config.k8s.io/function')) {
    const what = `The function ${plugin.kind} ${plugin.name}`;
    refuse('kustomize-plugin', what, 'functions run programs or containers, which this build does not', at, 'run');
  }
  if (apiVersion === 'builtin') return;
  const what = `The plugin ${apiVersion} ${plugin.kind}`;
  refuse('kustomize-plugin', what, 'only what is built into Kustomize runs here (apiVersion: builtin)', at, 'run');
}

/** Refuses a kind of `builtin` that does not exist, or that runs Helm. */
export function unknownBuiltin(role: 'transformer' | 'generator', plugin: Entry, known: readonly string[]): never {
  const at = placeOf(plugin.origin, '/kind');
  if (plugin.kind === 'HelmChartInflationGenerator') {
    const reason = 'charts are inflated by running Helm, which this build does not';
    refuse('kustomize-helm', `The ${role} ${plugin.kind}`, reason, at, 'helm');
  }
  fail('kustomize-plugin', `Kustomize has no ${role} ${plugin.kind}.`, at, { allowed: known, hint: sameUpstream });
}

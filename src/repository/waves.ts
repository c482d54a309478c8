import { stringAt } from '../capacity/read.js';
import type { JsonObject } from '../diagnostics/diagnostic.js';

export const waveAnnotation = 'argocd.argoproj.io/sync-wave';
export const hookAnnotation = 'argocd.argoproj.io/hook';
export const hookDeleteAnnotation = 'argocd.argoproj.io/hook-delete-policy';
export const syncOptionsAnnotation = 'argocd.argoproj.io/sync-options';

/** Hook names that Argo CD knows (gitops-engine/pkg/sync/common/types.go, controller/hook.go); compared exactly. */
export const hookTypes = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete'] as const;
export const hookDeletePolicies = ['HookSucceeded', 'HookFailed', 'BeforeHookCreation'] as const;

/** An annotation as text; undefined where it is absent or not a text. */
export function annotation(object: JsonObject, name: string): string | undefined {
  return stringAt(object, 'metadata', 'annotations', name);
}

/** Go's strconv.Atoi: decimal digits with one sign, within 64 bits. Undefined for everything else. */
export function parseWave(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return value > 9223372036854775807n || value < -9223372036854775808n ? undefined : Number(value);
}

/** The wave Argo CD puts an object in: 0 where the annotation is absent or no integer. */
export function waveOf(object: JsonObject): number {
  return parseWave(annotation(object, waveAnnotation) ?? '') ?? 0;
}

/** The names in a comma list, trimmed, as Argo CD splits them. */
export function commaList(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** Whether an object is a hook: it runs in a phase and is not part of the state that is kept. */
export function isHook(object: JsonObject): boolean {
  const names = commaList(annotation(object, hookAnnotation));
  if (names.length > 0) return names.some((name) => (hookTypes as readonly string[]).includes(name) && name !== 'Skip');
  const helm = commaList(annotation(object, 'helm.sh/hook'));
  return helm.some((name) => name !== 'crd-install');
}

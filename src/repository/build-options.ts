import type { BuildOptions } from '../build/resource.js';
import { atLeast } from './permission.js';
import type { SettingsSource } from './settings-sources.js';

/** A word of an option list that no known flag explains, with where it stands. */
export interface UnknownOption {
  readonly option: string;
  readonly source: SettingsSource;
  readonly key: string;
}

/** What argocd-cm says of Kustomize (util/settings/settings.go GetKustomizeSettings). */
export interface KustomizeSettings {
  /** Whether the settings are known whole, so that a version that is not among them is registered nowhere. */
  readonly isKnown: boolean;
  /** Names under which other versions of Kustomize are registered. */
  readonly versions: ReadonlySet<string>;
  /** What an Application that asks for this version (undefined for none) is built with. */
  optionsOf(version: string | undefined): BuildOptions;
  /** Keys with options of one version that this Argo CD never passes on. */
  readonly unusedKeys: readonly { readonly key: string; readonly version: string; readonly source: SettingsSource }[];
  readonly unknown: readonly UnknownOption[];
}

const optionsKey = 'kustomize.buildOptions';

export function kustomizeSettings(sources: readonly SettingsSource[], argocdVersion: string): KustomizeSettings {
  const keys = sources.flatMap((source) => Object.keys(source.data).map((key) => ({ key, source })));
  const versions = new Set(keys.flatMap(({ key }) => /^kustomize\.(?:path|version)\.(.+)$/.exec(key)?.[1] ?? []));
  const lists = keys.filter(({ key }) => key === optionsKey || key.startsWith(`${optionsKey}.`));
  const listed = lists.map(({ key, source }) => ({
    key,
    source,
    version: key === optionsKey ? undefined : key.slice(optionsKey.length + 1),
    words: wordsOf(source.data[key] ?? ''),
  }));
  // Since 3.2 the options of a version are read and never passed on (argo-cd #27673).
  const isPerVersion = !atLeast(argocdVersion, 3, 2);
  const made = new Map<string | undefined, BuildOptions>();
  return {
    isKnown: sources.some((source) => source.isWhole),
    versions,
    optionsOf(version) {
      const asked = isPerVersion ? version : undefined;
      const known = made.get(asked);
      if (known !== undefined) return known;
      const options = optionsIn(listed.filter((each) => each.version === asked).flatMap((each) => each.words));
      made.set(asked, options);
      return options;
    },
    unusedKeys: isPerVersion
      ? []
      : listed.flatMap(({ key, source, version }) => (version === undefined ? [] : [{ key, version, source }])),
    unknown: listed.flatMap(({ key, source, words }) =>
      words
        .filter((word) => word.startsWith('-') && !knownOptions.has(nameOf(word)))
        .map((word) => ({ option: word, key, source })),
    ),
  };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** The dashes of a flag were underscores before Kustomize 4. */
function nameOf(word: string): string {
  return (word.split('=')[0] as string).replaceAll('_', '-');
}

/** What of the options of `kustomize build` changes what is built here. */
function optionsIn(words: readonly string[]): BuildOptions {
  const given = (flag: string): string | undefined => {
    const at = words.findLastIndex((word) => nameOf(word) === flag);
    const word = words[at];
    if (word === undefined) return undefined;
    return word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
  };
  const isSet = (flag: string) => words.some((word) => nameOf(word) === flag && !/=(false|f|0)$/i.test(word));
  const restrictor = given('--load-restrictor');
  const reorder = given('--reorder');
  return {
    ...(restrictor === 'LoadRestrictionsNone' || restrictor === 'none' ? { readsOutside: true } : {}),
    ...(reorder === 'none' || reorder === 'legacy' ? { reorder } : {}),
    ...(isSet('--enable-managedby-label') ? { managedByLabel: true } : {}),
  };
}

/**
 * Options of `kustomize build` (cmd/build.go, flag*.go of Kustomize 5). Those that are not read above give Helm, plugins and functions
 * their settings: none of these is run here, and the build says so where one is used.
 */
const knownOptions: ReadonlySet<string> = new Set([
  '--load-restrictor',
  '--enable-helm',
  '--helm-command',
  '--helm-api-versions',
  '--helm-kube-version',
  '--helm-debug',
  '--reorder',
  '--enable-managedby-label',
  '--enable-alpha-plugins',
  '--enable-exec',
  '--enable-star',
  '--network',
  '--network-name',
  '--mount',
  '--as-current-user',
  '--env',
  '-e',
  '--stack-trace',
]);

import { isObject, objectAt, stringAt } from '../../../capacity/read.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import { findSecrets } from '../../../diagnostics/secrets.js';
import type { Tree } from '../../../files/file-map.js';
import { secretField } from '../../../repository/clusters.js';
import type { Repository } from '../../../repository/index.js';
import type { KubeObject } from '../../../repository/model.js';
import { toPointer } from '../../../yaml/range.js';
import { placeInside } from '../../inside.js';
import { type Finding, noParameters, type OnFinding, onField, type Rule } from '../../rule.js';
import { inTestData } from './test-data.js';

export const secretsNotInGit: Rule = {
  id: 'secrets-not-in-git',
  group: 'security',
  severity: 'error',
  summary: 'A secret stands in Git in readable form.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const clean = new Set<string>();
    const written = new Set<string>();
    const copies: Held[] = [];
    const folders = foldersOf(repository);
    const valueIn = ({ object, value }: Held): string => `${folders.get(object) ?? ''}\n${value}`;
    for (const object of repository.objects) {
      if (isObject(object.value['sops'])) continue;
      if (object.kind === 'Secret' && object.group === '') {
        for (const held of heldBy(object)) {
          if (copied.has(object.sourceOf(held.pointer).via)) {
            copies.push(held);
            continue;
          }
          written.add(valueIn(held));
          onFinding(report(held));
        }
      } else if (isSuspect(object.value, clean)) tokens(repository.tree, object, onFinding);
    }
    // What is copied out of another Secret of the build is said there, where it can be mended.
    for (const held of copies) if (!written.has(valueIn(held))) onFinding(report(held));
    inTestData(repository, onFinding);
  },
};

/** The folder of the build that each object is from. */
function foldersOf({ units }: Repository): ReadonlyMap<KubeObject, string> {
  return new Map(units.flatMap(({ dir, objects }) => objects.map((object) => [object, dir] as const)));
}

/** A secret value of a Secret. */
interface Held {
  readonly object: KubeObject;
  readonly part: 'stringData' | 'data';
  readonly key: string;
  /** As Pods see it. */
  readonly value: string;
  readonly pointer: string;
}

/** Ways in which Kustomize takes a value from one object to another. */
const copied: ReadonlySet<string> = new Set(['replacements', 'vars']);

/** Whether a text in the value holds a token. Overlays of one base have most texts in common: each is looked at once. */
function isSuspect(value: Json, clean: Set<string>): boolean {
  if (typeof value === 'string') {
    if (value.length < shortestToken || clean.has(value)) return false;
    if (findSecrets(value).length > 0) return true;
    clean.add(value);
    return false;
  }
  if (Array.isArray(value)) return (value as readonly Json[]).some((each) => isSuspect(each, clean));
  return isObject(value) && Object.values(value).some((each) => isSuspect(each, clean));
}

/** No pattern of findSecrets matches less. */
const shortestToken = 15;

function heldBy(object: KubeObject): Held[] {
  return (['stringData', 'data'] as const).flatMap((part) =>
    Object.keys(objectAt(object.value, part)).flatMap((key) => {
      const value = valueAt(object, part, key);
      if (value === undefined || isPlaceholder(value) || !isSecret(object, key, value)) return [];
      return [{ object, part, key, value, pointer: toPointer([part, key]) }];
    }),
  );
}

function report({ object, part, key, pointer }: Held): Finding {
  return onField(object, pointer, {
    part: 'key',
    message: `Secret ${object.name} ${howHeld(object, part, key, pointer)}: whoever reads this repository has it.`,
    hint: 'Replace the value at its issuer, and refer to a store instead (ExternalSecret, SealedSecret, SOPS); removing the line leaves it in the history.',
    key,
  });
}

/** How it stands in Git: `data` of a manifest is base64, and what Kustomize makes a Secret of stands there as it is. */
function howHeld(object: KubeObject, part: Held['part'], key: string, pointer: string): string {
  const { via } = object.sourceOf(pointer);
  if (copied.has(via)) return `takes what is secret in ${key} from another object, which holds it in readable form`;
  const isEncoded = part === 'data' && via !== 'secretGenerator' && via !== 'generators';
  return `holds the value of ${key} in ${isEncoded ? 'base64, which is no encryption' : 'plain text'}`;
}

/** The value as Pods see it; as written where it is no base64. Undefined where the key has none. */
function valueAt(object: KubeObject, part: string, key: string): string | undefined {
  if (part === 'stringData') return stringAt(object.value, part, key);
  const written = stringAt(object.value, 'data', key);
  if (written === undefined) return undefined;
  return secretField({ ...object, value: { data: { [key]: written } } }, key) ?? written;
}

/**
 * A value is a secret where it gives itself away (a token of a known form, a password in an address, a long random text), or where
 * its key speaks of one. The rest of a Secret is settings that a program wants beside them: a first name, a module, the id of a client.
 * What stays unseen is a guessable word under a key that does not say what it is for.
 */
function isSecret(object: KubeObject, key: string, value: string): boolean {
  if (findSecrets(value).length > 0 || hasPassword(value)) return true;
  if (isPublic(object, key, value)) return false;
  if (configurationKey.test(key)) return setsSecret(value);
  if (value.trim().includes('\n')) return speaksOfSecret(key) || setsSecret(value);
  return speaksOfSecret(key) || (!isIdentifier(key) && isRandom(value));
}

/** A word of the key is one that secrets are called by: MYSQL_ROOT_PASSWORD, cookie-secret, apiKey, .dockerconfigjson. */
function speaksOfSecret(key: string): boolean {
  if (isIdentifier(key) || /(^|[-_.])(public|pub)[-_.]?key$/i.test(key)) return false;
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) =>
    /passw|passphrase|secret|token|credential|cookie|mnemonic|^(pass|pwd|pw|psk|salt|hash|private|keys?|jwt|pin|auth|dsn)$|(key|pass|pwd|auth)$|^docker(cfg|configjson)$/.test(
      word,
    ),
  );
}

/** Who somebody is and not how he proves it; an access key's id is such a name (AWS IAM, "Manage access keys"). */
function isIdentifier(key: string): boolean {
  return /(^|[-_.]|[a-z])(client|tenant|account|project|subscription|app|application|org|organi[sz]ation|team|zone|user|access[-_]?key)[-_]?id$/i.test(
    key,
  );
}

const publicKey =
  /(^|[-_.])(ca\.crt|tls\.crt|ca\.pem|cert|certificate|user|login|host|port|url|uri|endpoint|region|bucket|database|db|\w*name|namespace|type|server|project|provider|enableOCI|insecure|email|path|file|size|length|ttl|expiry|issuer|audience|algorithm)$/i;
/** The same behind a capital: keyStorePath, repoURL. */
const publicCamelKey = /[a-z](Path|File|Url|URL|Host|Port|User|Username|Name|Region|Bucket|Endpoint|Size|Type)$/;
/** Switches are no secrets whatever their key is; paths, sizes and durations are none where it does not speak of one. */
const switchValue = /^(true|false|yes|no|on|off|enabled|disabled|null|none)$/i;
const fileKey = /\.(html|css|crt|pub|png|svg|txt|md|sh)$/i;
const configurationKey = /\.(ya?ml|json|conf|cfg|ini|toml|properties|xml|env|py)$/i;
/** A line of a configuration file that sets something secret, and to what. */
const secretLine =
  /(?:password|passwd|secret(?:[-_]?(?:access[-_]?)?key)?|token|api[-_]?key|private[-_]?key)["']?[ \t]*[:=][ \t]*["']?([^\s"'$<{][^\s"',;]*)/gi;

/** Whether a line of the text sets something secret to something other than a placeholder. */
function setsSecret(text: string): boolean {
  return [...text.matchAll(secretLine)].some(([, value = '']) => !isPlaceholder(value));
}

/** Keys and values that hold no secret: certificates, addresses, names, and what Argo CD calls a repository or cluster by. */
function isPublic(object: KubeObject, key: string, value: string): boolean {
  if (publicKey.test(key) || publicCamelKey.test(key) || fileKey.test(key)) return true;
  if (switchValue.test(value.trim()) || isNameOfPair(object, key)) return true;
  if (/^(ssh-(rsa|ed25519)|ecdsa-sha2-\S+) AAAA/.test(value) || value.startsWith('-----BEGIN CERTIFICATE')) return true;
  const argo = stringAt(object.value, 'metadata', 'labels', 'argocd.argoproj.io/secret-type');
  return (
    argo !== undefined && ['namespaces', 'clusterResources', 'proxy', 'noProxy', 'forceHttpBasicAuth'].includes(key)
  );
}

/** The access key of an access key and a secret key: of such a pair the first is a user name, and the second its password. */
function isNameOfPair(object: KubeObject, key: string): boolean {
  if (!/access[-_]?key$/i.test(key) || /secret/i.test(key)) return false;
  const keys = [...Object.keys(objectAt(object.value, 'stringData')), ...Object.keys(objectAt(object.value, 'data'))];
  return keys.some((each) => /secret[-_]?(access[-_]?)?key/i.test(each));
}

/** `postgres://user:password@host`, unless the password is filled in later. */
function hasPassword(value: string): boolean {
  const found = /:\/\/[^\s/:@]*:([^\s/@]+)@/.exec(value)?.[1];
  return found !== undefined && !/^[$<{]/.test(found) && !isPlaceholder(found);
}

/** Whether a part of the value is longer than words are, and mixes letters and digits as no name does. */
function isRandom(value: string): boolean {
  return value.split(/[\s.:/@,;&?=_-]+/).some(isRandomWord);
}

function isRandomWord(word: string): boolean {
  if (word.length < 16 || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return false;
  const turns = [...word].filter((sign, i) => i > 0 && /\d/.test(sign) !== /\d/.test(word[i - 1] as string)).length;
  return turns >= 4;
}

/**
 * Empty, or to be filled in by another tool or person: `${NAME}`, `$(command)`, `<path:…>`, `{{ … }}`, `ref+vault://…`, `changeme`,
 * `REPLACE_WITH_THE_KEY`, `the-key-goes-here`, `sk-mock`. What follows such a beginning has to be words.
 */
function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (withoutComments(text) === '') return true;
  if (/^(\$\{?\w+\}?|\$\(.*\)|<[^>]*>|\{\{.*\}\}|ref\+\w+:\/\/.*|(x{3,}|\*{3,}|\.{3}))$/is.test(text)) return true;
  if (/(\$\{\w+\}|<path:[^>]+>|ref\+\w+:\/\/)/.test(text)) return true;
  if (isEncodedWord(text)) return isPlaceholder(decodedWord(text));
  if (isRandom(text)) return false;
  return (
    /^_*(change[-_ ]?me|replace[-_ ]?(me|with|this)|placeholder|your|insert|enter|put|fill[-_ ]?in)([-_ ].*)?$/is.test(
      text,
    ) ||
    /^_*(todo|tbd|example|redacted|dummy|mock|fake|unused)_*$/i.test(text) ||
    /[-_ ](goes[-_ ]here|here|mock|dummy|fake|placeholder)$/i.test(text)
  );
}

/** Base64 of a few words, as somebody writes who encodes once more what Kustomize encodes. */
function isEncodedWord(text: string): boolean {
  return /^[A-Za-z0-9+/]{8,}={1,2}$/.test(text) && text.length % 4 === 0 && /^[a-z][a-z _-]*$/i.test(decodedWord(text));
}

function decodedWord(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1').trim();
}

/** The text without lines that only comment: of a file of settings or users that is yet to be filled in, nothing is left. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#(\s|$)/.test(line))
    .join('\n')
    .trim();
}

/** Literal tokens anywhere else: in environment variables, arguments, ConfigMaps, annotations. */
function tokens(tree: Tree, object: KubeObject, onFinding: OnFinding): void {
  if (object.kind === 'SealedSecret' || object.kind === 'CustomResourceDefinition') return;
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    if (typeof value === 'string') {
      const found = findSecrets(value)[0];
      if (found === undefined) return;
      const pointer = toPointer(path);
      const { what, offset: from, length } = found;
      const finding = onField(object, pointer, {
        message: `${object.kind} ${object.name} holds ${what}: whoever reads this repository has it.`,
        hint: 'Revoke it at its issuer, and take the new one from a Secret that a store fills.',
        key: what,
      });
      const exact = placeInside(tree, object, { text: value, pointer }, { from, length });
      onFinding(exact === undefined ? finding : { ...finding, at: exact });
    } else if (Array.isArray(value)) {
      for (const [index, each] of (value as readonly Json[]).entries()) visit(each, [...path, index]);
    } else if (isObject(value)) {
      for (const [key, each] of Object.entries(value)) visit(each, [...path, key]);
    }
  };
  visit(object.value, []);
}

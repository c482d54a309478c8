import { isObject, objectAt, stringAt } from '../../../capacity/read.js';
import type { Json } from '../../../diagnostics/diagnostic.js';
import { findSecrets } from '../../../diagnostics/secrets.js';
import { secretField } from '../../../repository/clusters.js';
import type { KubeObject } from '../../../repository/model.js';
import { toPointer } from '../../../yaml/range.js';
import { noParameters, type OnFinding, onField, type Rule } from '../../rule.js';

export const secretsNotInGit: Rule = {
  id: 'secrets-not-in-git',
  group: 'security',
  severity: 'error',
  summary: 'A secret stands in Git in readable form.',
  parameters: noParameters,
  check({ repository }, onFinding) {
    const clean = new Set<string>();
    for (const object of repository.objects) {
      if (isObject(object.value['sops'])) continue;
      if (object.kind === 'Secret' && object.group === '') secretObject(object, onFinding);
      else if (isSuspect(object.value, clean)) tokens(object, onFinding);
    }
  },
};

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

function secretObject(object: KubeObject, onFinding: OnFinding): void {
  for (const part of ['stringData', 'data']) {
    for (const key of Object.keys(objectAt(object.value, part))) {
      const value =
        part === 'data'
          ? secretField({ ...object, value: { data: objectAt(object.value, 'data') } }, key)
          : stringAt(object.value, part, key);
      if (value !== undefined && (isPublic(object, key, value) || isPlaceholder(value))) continue;
      onFinding(
        onField(object, toPointer([part, key]), {
          part: 'key',
          message: `Secret ${object.name} holds the value of ${key} in ${part === 'data' ? 'base64, which is no encryption' : 'plain text'}: whoever reads this repository has it.`,
          hint: 'Replace the value at its issuer, and refer to a store instead (ExternalSecret, SealedSecret, SOPS); removing the line leaves it in the history.',
          key,
        }),
      );
    }
  }
}

const publicKey =
  /(^|[-_.])(ca\.crt|tls\.crt|ca\.pem|cert|certificate|username|user|login|host|hostname|port|url|uri|endpoint|region|bucket|database|dbname|db|name|namespace|type|server|project|enableOCI|insecure|email)$/i;
/** The same behind a capital: keyStorePath, repoURL. */
const publicCamelKey = /[a-z](Path|Url|URL|Host|Port|User|Username|Name|Region|Bucket|Endpoint|Size)$/;
const secretKey = /pass|token|secret|key$|credential|pin$|auth|hash|private/i;
/** Where a key does not speak of a secret: paths, sizes, switches. */
const plainValue = /^(\/[\w./-]+|\d+(\.\d+)?\s*([kMGT]i?B?|ms|s|m|h)?|true|false|yes|no|on|off)$/;
const fileKey = /\.(html|css|crt|pub|png|svg|txt|md|sh)$/i;
const configurationKey = /\.(ya?ml|json|conf|cfg|ini|toml|properties|xml)$/i;
/** A line of a configuration file that sets something secret to something other than a placeholder. */
const secretLine =
  /(password|passwd|secret|token|api[-_]?key|private[-_]?key)["']?\s*[:=]\s*["']?(?!_*(change|replace)[-_ ]?me\b|_*(change|replace)[-_ ]?me_)[^\s"'$<{]/i;

/** Keys and values that hold no secret: certificates, addresses, names, and what Argo CD calls a repository or cluster by. */
function isPublic(object: KubeObject, key: string, value: string): boolean {
  if (publicKey.test(key) || publicCamelKey.test(key) || fileKey.test(key)) return true;
  if (!secretKey.test(key) && plainValue.test(value.trim())) return true;
  if (configurationKey.test(key) || value.includes('\n'))
    return !secretLine.test(value) && findSecrets(value).length === 0;
  if (/^(ssh-(rsa|ed25519)|ecdsa-sha2-\S+) AAAA/.test(value) || value.startsWith('-----BEGIN CERTIFICATE')) return true;
  const argo = stringAt(object.value, 'metadata', 'labels', 'argocd.argoproj.io/secret-type');
  return (
    argo !== undefined && ['namespaces', 'clusterResources', 'proxy', 'noProxy', 'forceHttpBasicAuth'].includes(key)
  );
}

/** Empty, or to be filled in by another tool: `${NAME}`, `<path:…>`, `{{ … }}`, `ref+vault://…`, `changeme`. */
function isPlaceholder(value: string): boolean {
  const text = value.trim();
  return (
    text === '' ||
    /^(\$\{?\w+\}?|<[^>]*>|\{\{.*\}\}|ref\+\w+:\/\/.*|(x{3,}|\*{3,}|\.{3}))$/is.test(text) ||
    /(\$\{\w+\}|<path:[^>]+>|ref\+\w+:\/\/)/.test(text) ||
    /^_*(change[-_ ]?me|replace[-_ ]?me|placeholder|todo|tbd|example|redacted|your[-_ ].*|insert[-_ ].*?)_*$/i.test(
      text,
    )
  );
}

/** Literal tokens anywhere else: in environment variables, arguments, ConfigMaps, annotations. */
function tokens(object: KubeObject, onFinding: OnFinding): void {
  if (object.kind === 'SealedSecret' || object.kind === 'CustomResourceDefinition') return;
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    if (typeof value === 'string') {
      const found = findSecrets(value)[0];
      if (found === undefined) return;
      onFinding(
        onField(object, toPointer(path), {
          message: `${object.kind} ${object.name} holds ${found.what}: whoever reads this repository has it.`,
          hint: 'Revoke it at its issuer, and take the new one from a Secret that a store fills.',
          key: found.what,
        }),
      );
    } else if (Array.isArray(value)) {
      for (const [index, each] of (value as readonly Json[]).entries()) visit(each, [...path, index]);
    } else if (isObject(value)) {
      for (const [key, each] of Object.entries(value)) visit(each, [...path, key]);
    }
  };
  visit(object.value, []);
}

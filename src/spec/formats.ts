import { shown } from '../diagnostics/show.js';
import { type Refusal, refuseDnsLabel, refuseName, refuseServiceName } from './names.js';
import { refuseCpu, refuseMemory, refuseQuantity, refuseResourceName } from './quantity.js';

type Judge = (text: string) => Refusal | undefined;

/** What the `format` of a text in our schemas means: why a text is refused, or undefined. All are linear in the text. */
export const formats: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['name', refuseName],
  ['dns-label', refuseDnsLabel],
  ['service-name', refuseServiceName],
  ['memory-quantity', refuseMemory],
  ['cpu-quantity', refuseCpu],
  ['quantity', refuseQuantity],
  ['resource-name', refuseResourceName],
  ['label-key', refuseLabelKey],
  ['label-value', refuseLabelValue],
  ['image', refuseImage],
  ['model-source', refuseModelSource],
  ['repository-url', refuseRepositoryUrl],
  ['branch', refuseBranch],
  ['relative-path', refuseRelativePath],
  [
    'date',
    (text) => (isDate(text) ? undefined : { message: `${quoted(text)} is no date.`, hint: 'Write it as 2026-11-21.' }),
  ],
  ['date-or-time', refuseDateOrTime],
  ['https-url', refuseHttpsUrl],
  [
    'kubernetes-version',
    byPattern(
      /^1\.[0-9]{1,3}(?:\.[0-9]{1,3})?$/,
      'no version of Kubernetes',
      'Write major and minor version in quotes, for example "1.34".',
    ),
  ],
  [
    'argocd-version',
    byPattern(
      /^v?[0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,3})?$/,
      'no version of Argo CD',
      'Write it in quotes, for example "3.4.10".',
    ),
  ],
  ['engine-version', byPattern(/^v?[0-9][0-9A-Za-z.+-]*$/, 'no version', 'Write it in quotes, for example "0.11.0".')],
  [
    'component-version',
    byPattern(/^v?[0-9][0-9A-Za-z.+-]*$/, 'no version', 'Write it in quotes, for example "2.18.0".'),
  ],
  ['engine-argument', refuseEngineArgument],
  ['model-revision', refuseRevision],
  [
    'code-owner',
    byPattern(
      /^(?:@[A-Za-z0-9-]+(?:\/[A-Za-z0-9._-]+)?|[^\s@]+@[^\s@]+\.[^\s@]+)$/,
      'no owner for CODEOWNERS',
      'Write @user, @organisation/team, or an e-mail address.',
    ),
  ],
  [
    'action-reference',
    byPattern(
      /^(?:\.\/[A-Za-z0-9._/-]*|[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_./-]+)?@[A-Za-z0-9_./-]+)$/,
      'no reference to an Action',
      'Write owner/repository@version or owner/repository@commit.',
    ),
  ],
  [
    'registry',
    byPattern(
      /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:\/[a-z0-9._-]+)*$/,
      'no image registry',
      'Write host, port and path without a scheme, for example registry.acme.example/mirror.',
    ),
  ],
  [
    'mig-profile',
    byPattern(
      /^[1-7]g\.[0-9]{1,3}gb(?:\+[a-z]+)?$/,
      'no MIG profile',
      'Write it as nvidia-smi does, for example 3g.40gb.',
    ),
  ],
  ['rule-id', byPattern(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'no id of a rule', '`gitops-gen rules` lists them.')],
]);

function quoted(text: string): string {
  return `"${shown(text)}"`;
}

function byPattern(pattern: RegExp, what: string, hint: string): Judge {
  return (text) => (pattern.test(text) ? undefined : { message: `${quoted(text)} is ${what}.`, hint });
}

/** Kubernetes "Labels and Selectors": an optional DNS subdomain of at most 253 characters, a slash, and at most 63 characters. */
function refuseLabelKey(text: string): Refusal | undefined {
  const parts = text.split('/');
  const hint = 'Write <name> or <domain>/<name>, for example acme.io/cost-center.';
  if (parts.length > 2)
    return {
      message: `The key ${quoted(text)} has ${parts.length - 1} slashes; at most one separates domain and name.`,
      hint,
    };
  const name = parts.at(-1)!;
  const prefix = parts.length === 2 ? parts[0]! : undefined;
  if (prefix !== undefined && prefix.length > 253)
    return {
      message: `The domain of the key ${quoted(text)} has ${prefix.length} characters; the limit is 253.`,
      hint,
    };
  if (prefix !== undefined && !/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(prefix)) {
    return { message: `${quoted(prefix)} in the key ${quoted(text)} is no DNS domain.`, hint };
  }
  if (name.length > 63)
    return { message: `The name in the key ${quoted(text)} has ${name.length} characters; the limit is 63.`, hint };
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name))
    return { message: `${quoted(text)} is no key of a label or annotation.`, hint };
  return undefined;
}

function refuseLabelValue(text: string): Refusal | undefined {
  if (text.length > 63) {
    return {
      message: `The label value ${quoted(text)} has ${text.length} characters; the limit is 63.`,
      hint: 'Shorten it, or make it an annotation.',
    };
  }
  if (text === '' || /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text)) return undefined;
  return {
    message: `The label value ${quoted(text)} holds what a label may not: only letters, digits, dashes, dots and underscores, with a letter or digit at both ends.`,
    hint: 'Make it an annotation, or write it differently.',
  };
}

/** The grammar of image references (distribution/reference); `latest` and a missing tag are left to policies. */
function refuseImage(text: string): Refusal | undefined {
  const hint = 'Write registry/repository:tag or registry/repository:tag@sha256:<64 hexadecimal digits>.';
  if (/\s/.test(text)) return { message: `The image ${quoted(text)} holds a space.`, hint };
  if (text.length > 512)
    return { message: `The image reference has ${text.length} characters; the limit is 512.`, hint };
  const [name, digest, more] = text.split('@') as [string, string | undefined, string | undefined];
  if (more !== undefined || (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))) {
    return { message: `The digest of the image ${quoted(text)} is broken.`, hint };
  }
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const repository = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? undefined : name.slice(colon + 1);
  if (tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag))
    return { message: `The tag of the image ${quoted(text)} is broken.`, hint };
  const parts = repository.split('/');
  const host = parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!) ? parts.shift() : undefined;
  if (host !== undefined && !/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?$/.test(host))
    return { message: `The registry of the image ${quoted(text)} is no host.`, hint };
  if (parts.some((part) => /[A-Z]/.test(part)))
    return {
      message: `The repository of the image ${quoted(text)} has upper-case letters.`,
      hint: 'Repositories of images are lower-case.',
    };
  if (!parts.every((part) => /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/.test(part)))
    return { message: `${quoted(text)} is no image reference.`, hint };
  return undefined;
}

const sourceHint =
  'Write hf://organisation/name, s3://bucket/path, gs://bucket/path, oci://registry/repository:tag, pvc://claim/path, or https://host/path.';

function refuseModelSource(text: string): Refusal | undefined {
  const match = text.match(/^([a-z][a-z0-9]*):\/\/(.+)$/);
  if (!match) {
    const bare = /^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/.test(text);
    return {
      message: `${quoted(text)} does not say where the weights are.`,
      hint: bare ? `Did you mean hf://${text}?` : sourceHint,
      ...(bare ? { fix: `hf://${text}` } : {}),
    };
  }
  const [, scheme, rest] = match as unknown as [string, string, string];
  if (/[\s@]/.test(rest.split('/')[0]!))
    return {
      message: 'The source holds a user name, a token or a space.',
      hint: 'Give access by identity or by a Secret, not in the address.',
    };
  if (/(?:^|\/)\.\.(?:\/|$)|[\s\\"'`$;|&<>]/.test(rest))
    return { message: `The source ${quoted(text)} holds characters that no address has.`, hint: sourceHint };
  if (scheme === 'hf' && !/^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/.test(rest)) {
    return {
      message: `${quoted(text)} is no repository of Hugging Face.`,
      hint: 'Write hf://organisation/name; the revision has a field of its own.',
    };
  }
  if (!['hf', 's3', 'gs', 'oci', 'pvc', 'https'].includes(scheme))
    return { message: `Weights cannot be read from "${scheme}://".`, hint: sourceHint };
  return undefined;
}

function refuseRepositoryUrl(text: string): Refusal | undefined {
  const hint = 'Write https://host/path, ssh://git@host/path, or git@host:path.';
  if (/^https:\/\/[^/]*@/.test(text))
    return {
      message: 'The address of the repository holds a user name or token.',
      hint: 'Argo CD and git keep credentials elsewhere; write the address without them.',
    };
  const ok =
    /^https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~-]+)+\/?$/.test(text) ||
    /^ssh:\/\/[A-Za-z0-9._-]+@[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~-]+)+$/.test(text) ||
    /^[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._~][A-Za-z0-9._~/-]*$/.test(text);
  return ok && !/(?:^|\/)\.\.(?:\/|$)/.test(text)
    ? undefined
    : { message: `${quoted(text)} is no address of a Git repository.`, hint };
}

/** git-check-ref-format(1), and no leading dash, so that no branch is taken for an option. */
function refuseBranch(text: string): Refusal | undefined {
  const ok =
    /^[A-Za-z0-9_][^\s~^:?*[\\\u0000-\u001f\u007f]*$/.test(text) &&
    !/\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$/.test(text);
  return ok
    ? undefined
    : {
        message: `${quoted(text)} is no name of a branch.`,
        hint: 'Write it as `git branch` shows it, for example main.',
      };
}

function refuseRelativePath(text: string): Refusal | undefined {
  if (text === '.') return undefined;
  const parts = text.split('/');
  const ok = parts.every(
    (part) =>
      /^[A-Za-z0-9_.@+ -]+$/.test(part) &&
      part !== '.' &&
      part !== '..' &&
      !/[. ]$/.test(part) &&
      !part.startsWith('-'),
  );
  return ok
    ? undefined
    : {
        message: `${quoted(text)} is no path inside the repository.`,
        hint: 'Write it relative to the root, with slashes, without "." or "..", for example platform/llm.',
      };
}

function refuseHttpsUrl(text: string): Refusal | undefined {
  if (/^https:\/\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/.test(text))
    return undefined;
  return {
    message: `${quoted(text)} is no https address.`,
    hint: 'Write it as `argocd cluster list` shows it, for example https://kubernetes.default.svc.',
  };
}

function refuseRevision(text: string): Refusal | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(text) && !text.includes('..')) return undefined;
  return { message: `${quoted(text)} is no revision.`, hint: 'Write a commit, tag or version.' };
}

function refuseEngineArgument(text: string): Refusal | undefined {
  if (/^[a-z][a-z0-9-]*$/.test(text) && text.length <= 100) return undefined;
  const bare = text.slice(0, 100).replace(/^-+/, '').replaceAll('_', '-').toLowerCase();
  const isNear = /^[a-z][a-z0-9-]*$/.test(bare);
  return {
    message: `${quoted(text)} is no name of an argument.`,
    hint: isNear
      ? `Write "${bare}": arguments stand without leading dashes, in lower case.`
      : 'Write the name without leading dashes, for example max-num-seqs.',
    ...(isNear ? { fix: bare } : {}),
  };
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is a day of the calendar, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const match = text.match(/^([0-9]{4})-([0-9]{2})-([0-9]{2})$/);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 && !isLeap ? 28 : monthDays[month - 1]!);
}

function refuseDateOrTime(text: string): Refusal | undefined {
  const [date, time] = text.split(/[Tt]/) as [string, string | undefined];
  const ok =
    isDate(date) &&
    (time === undefined ||
      /^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/.test(
        time,
      ));
  return ok
    ? undefined
    : { message: `${quoted(text)} is no date or moment.`, hint: 'Write 2026-11-21 or 2026-11-21T09:30:00Z.' };
}
